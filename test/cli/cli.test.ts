import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { demoKey, masterOf } from '../../src/demo/key.ts';
import { hashSecret } from '../../src/http/accounts.ts';
import { realChance, realClock } from '../../src/ports.ts';
import { openStore } from '../../src/store/index.ts';
import { holdOn, linkTo } from '../http/given.ts';
import { dossierOf } from '../store/given.ts';

/** Commands on a data folder no server has open. */

const CODE = 'H12.99-261124-0001';
let folder = '';
let data = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motlan-cli-'));
  data = join(folder, 'data');
  const { key } = await demoKey(data);
  const store = await openStore({
    engine: { kind: 'sqlite', file: join(data, 'motlan.db') },
    keys: masterOf(key),
    chance: realChance(realClock),
    clock: realClock,
  });
  await store.write(async (tx) => {
    await tx.dossiers.insert(dossierOf(CODE), []);
    await tx.links.insert(linkTo(CODE));
    await tx.holds.insert(holdOn(CODE, 'hold-1'));
    await tx.work.wake({ id: linkTo(CODE).id, system: 'civil-status' }, { at: realClock.now(), priority: 1 });
    await tx.audit.append([
      { code: CODE, at: realClock.now(), actor: 'test', action: 'intake', attempt: null, mappingVersion: null, detail: {} },
    ]);
  });
  await store.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function motlan(...given: readonly string[]) {
  let out = '';
  let err = '';
  const code = await runCli(given, {
    env: { MOTLAN_DATA: data, USER: 'tester' },
    workingFolder: folder,
    write: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}
const json = async (...given: readonly string[]) => {
  const { code, out } = await motlan('--json', ...given);
  return { code, value: JSON.parse(out) };
};

describe('the command line', () => {
  it('says how to use it and ends with 2 when used wrongly', async () => {
    expect((await motlan('whay')).code).toBe(2);
    expect((await motlan('whay')).err).toContain('why');
    expect((await motlan('hold', 'decide', 'hold-1', 'perhaps')).code).toBe(2);
    expect((await motlan('token', 'create', 'x', '--scopes', 'everything')).code).toBe(2);
    expect((await motlan('--help')).code).toBe(0);
  });

  it.each([
    'hold decide hold-1 perhaps',
    'hold list --desk nobody',
    'bench nothing',
    'simulate --seeds many',
    'simulate --replay x',
    'token create x --scopes everything',
    'token create x --days soon',
  ])('a program learns how `%s` is meant from the error output', async (line) => {
    const { code, out, err } = await motlan('--json', ...line.split(' '));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err).error).toMatchObject([{ vi: expect.any(String), en: expect.any(String) }]);
  });

  it('why tells legs, holds, who acts next and the remedy, in Vietnamese and English, without personal data', async () => {
    const { code, out } = await motlan('why', CODE);
    expect(code).toBe(0);
    for (const words of [CODE, 'Hai hệ thống ghi khác nhau', 'The two systems differ', 'cán bộ một cửa', 'Kiểm tra giấy tờ'])
      expect(out).toContain(words);
    expect(out).not.toContain('Ví Dụ');
    const seen = await json('why', `G-${CODE}`);
    expect(seen.value).toMatchObject({ code: CODE, legs: [{ system: 'civil-status' }] });
    expect((await motlan('why', 'H12.99-000000-0000')).code).toBe(1);
  });

  it('why tells when it is due and how that was reckoned', async () => {
    const { out } = await motlan('why', CODE);
    for (const words of [
      'Tính từ 03:26 ngày 29/05/2026.',
      'Ngày hẹn trả do hệ thống một cửa ghi.',
      'Không tính 30/05/2026: thứ Bảy.',
      'Due: 03:26 on 30/05/2026.',
    ])
      expect(out).toContain(words);
  });

  it('doctor tells the line of a calendar that cannot be used', async () => {
    await writeFile(join(folder, 'holidays.yaml'), 'years:\n  2027:\n    holidays:\n      - { day: 2026-01-01, name: Tết }\n');
    await writeFile(join(folder, 'calendar.yaml'), `data: ${data}\ncalendar: holidays.yaml\n`);
    const { code, out } = await motlan('doctor', '--config', join(folder, 'calendar.yaml'));
    expect(code).toBe(1);
    expect(out).toContain('holidays.yaml:4:');
    expect(out).toContain('ngày này không thuộc năm 2027');
  });

  it('speaks one language when asked to, and says what is the same in both only once', async () => {
    const [en, both] = [await motlan('--lang', 'en', 'why', CODE), await motlan('why', CODE)];
    expect(en.out).not.toContain('Hai hệ thống');
    expect(en.out).toContain('ours | theirs | retry');
    expect(both.out.split('ours | theirs | retry')).toHaveLength(2);
  });

  it('lists holds and incidents and records a decision with the name of who made it', async () => {
    expect((await json('hold', 'list')).value).toMatchObject([{ id: 'hold-1', desk: 'official' }]);
    expect((await json('incident', 'list')).value).toMatchObject([{ cause: 'conflict:birth', count: 1 }]);
    expect((await motlan('hold', 'decide', 'hold-1', 'typed')).code).toBe(1);
    expect((await motlan('hold', 'decide', 'hold-1', 'ours', '--by', 'chị Mẫu')).code).toBe(0);
    expect((await json('hold', 'list')).value).toEqual([]);
  });

  it('makes a token that is kept as a hash only', async () => {
    const { value } = await json('token', 'create', 'portal', '--scopes', 'intake,read', '--agencies', 'H12.99');
    const store = await openStore({
      engine: { kind: 'sqlite', file: join(data, 'motlan.db') },
      keys: masterOf((await demoKey(data)).key),
      chance: realChance(realClock),
      clock: realClock,
    });
    const kept = await store.read((tx) => tx.tokens.byHash(hashSecret(value.token)));
    await store.close();
    expect(kept).toMatchObject({ name: 'portal', scopes: ['intake', 'read'], agencies: ['H12.99'] });
    expect(JSON.stringify(kept)).not.toContain(value.token);
  });

  it('checks audit chains and keys, copies the store and brings the copy back', async () => {
    expect((await json('audit', 'verify')).value.broken).toEqual([]);
    expect((await motlan('key', 'verify')).code).toBe(0);
    expect((await motlan('backup', 'copy.db')).code).toBe(0);
    expect((await motlan('system', 'pause', 'civil-status')).code).toBe(0);
    const { value } = await json('restore', 'copy.db');
    expect(value.broken).toEqual([]);
    expect((await stat(value.aside)).size).toBeGreaterThan(0);
    expect((await motlan('why', CODE)).code).toBe(0);
    expect((await motlan('restore', 'nowhere.db')).code).toBe(1);
  });

  it('status names the first failing hop of each system and ends with 1', async () => {
    const { code, value } = await json('status');
    expect(code).toBe(1);
    const { systems } = value as { readonly systems: readonly { readonly name: string; readonly firstFailure: string }[] };
    expect(systems.map(({ name }) => name)).toEqual(expect.arrayContaining(['one-stop', 'civil-status', 'tax', 'funeral-allowance']));
    expect(systems.filter(({ firstFailure }) => firstFailure !== 'simulator')).toEqual([]);
  });

  it('serve refuses to start without a configuration, with simulated systems, or without a sealing key', async () => {
    expect((await motlan('serve')).err).toContain('--config');
    await writeFile(join(folder, 'simulated.yaml'), 'systems: { one-stop: { adapter: one-stop, role: one-stop, simulated: true } }\n');
    expect((await motlan('--config', 'simulated.yaml', 'serve')).err).toContain('motlan demo');
    await writeFile(join(folder, 'keyless.yaml'), 'http: { port: 0 }\n');
    const keyless = await motlan('--config', 'keyless.yaml', 'serve');
    expect(keyless.code).toBe(2);
    expect(keyless.err).toContain('khóa niêm phong');
  });

  it('tells a word that is none of those it knows, and a place that is not there', async () => {
    for (const [word, ...wrong] of [
      ['silly', 'demo', '--log', 'silly'],
      ['xx', '--lang', 'xx', 'status'],
    ] as const) {
      const told = await motlan(...wrong);
      expect([told.code, told.out]).toEqual([2, '']);
      expect(told.err).toContain(`'${word}' is invalid`);
    }
    const preview = await motlan('mapping', 'preview', 'civil-status.birth', 'nowhere.json');
    expect(preview.code).not.toBe(0);
    expect(preview.err).toMatch(/Không đọc được tệp ".*nowhere\.json"/);
    const diff = await motlan('mapping', 'diff', 'nowhere');
    expect(diff.code).not.toBe(0);
    expect(diff.err).toContain('Không có thư mục');
  });

  it('lists every error of a configuration with its place', async () => {
    await writeFile(join(folder, 'wrong.yaml'), 'http: { port: eighty, colour: red }\nstore: paper\nanchor: { everyHours: 0 }\nextra: 1\n');
    const { code, err } = await motlan('--config', 'wrong.yaml', 'doctor');
    const { out } = await motlan('--config', 'wrong.yaml', 'doctor');
    expect(code).toBe(1);
    expect(err).toBe('');
    for (const place of ['wrong.yaml:1:15', 'wrong.yaml:1:23', 'wrong.yaml:2:8', 'wrong.yaml:3:23', 'wrong.yaml:4:1'])
      expect(out).toContain(place);
  });

  it('init writes a configuration with a key of its own, readable by its owner only, and overwrites nothing', async () => {
    expect((await motlan('init', '--config', 'motlan.yaml')).code).toBe(0);
    expect((await stat(join(folder, 'motlan-sealing-1.key'))).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'motlan.yaml'), 'utf8')).toContain('file:motlan-sealing-1.key');
    expect((await motlan('init', '--config', 'motlan.yaml')).code).toBe(1);
  });

  it('adapters, mappings and crosswalks that ship are found and good', async () => {
    expect((await json('adapter', 'list')).value.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['civil-status', 'memory', 'one-stop']),
    );
    expect((await motlan('mapping', 'test')).code).toBe(0);
    expect((await motlan('crosswalk', 'check')).code).toBe(0);
    expect((await motlan('mapping', 'preview', 'no.such', 'x.json')).code).toBe(1);
  });
});
