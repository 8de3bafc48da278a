import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from '../../src/cli.ts';
import { HOUSE } from '../../src/config.ts';
import { type Child, endAll, freePort, startChild } from '../chaos/children.ts';
import { type Invented, invented } from '../chaos/dossiers.ts';
import { openProvince, type Province } from '../chaos/province.ts';
import { freshDatabase, type PostgresServer, startPostgres } from '../store/postgres.ts';

/** `motlan serve` as it is run: a process of its own, its systems in two others, spoken to over its API and its commands. */

const KEY = '5a'.repeat(32);
let folder = '';
let postgres: PostgresServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motlan-serve-'));
  postgres = await startPostgres();
}, 120_000);
afterAll(async () => {
  await endAll();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

interface House {
  readonly file: string;
  readonly log: string;
  readonly url: string;
  readonly province: Province;
}

async function openHouse(name: string, store: unknown): Promise<House> {
  const place = await mkdtemp(join(folder, name));
  const province = await openProvince(place, { seed: 1, unsafe: false });
  await province.calm();
  const port = await freePort();
  const file = join(place, 'motlan.yaml');
  const system = { pollMs: 300, pollsBeforeAsking: 100_000 };
  const config = {
    ...{ data: 'data', store, keys: { current: 1, ring: { 1: KEY } }, http: { port }, log: { level: 'debug' } },
    engine: { freshMs: 0, backOffFirstMs: 100 },
    systems: {
      'one-stop': { adapter: 'one-stop', role: 'one-stop', ...system, config: province.oneStop.config },
      'civil-status': { adapter: 'civil-status', role: 'ministry', ...system, config: province.ministry.config },
    },
  };
  await writeFile(file, JSON.stringify(config));
  return { file, log: join(place, 'motlan.log'), url: `http://127.0.0.1:${port}`, province };
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command beside the server, on the same store. */
async function command(house: House, ...args: readonly string[]): Promise<Ended> {
  const said = { out: '', err: '' };
  const hear = (to: 'out' | 'err') => (text: string) => {
    said[to] += text;
  };
  const code = await runCli(['--config', house.file, ...args], {
    env: {},
    workingFolder: folder,
    write: hear('out'),
    complain: hear('err'),
  });
  return { code, ...said };
}

const inJson = async (house: House, ...args: readonly string[]) => {
  const { code, out } = await command(house, '--json', ...args);
  return { code, value: JSON.parse(out) };
};

async function serve({ file, log, url }: House): Promise<Child> {
  const child = startChild(['src/main', 'serve', '--config', file], log);
  if (!(await child.until(url))) throw new Error(await readFile(log, 'utf8'));
  return child;
}

const push = (house: House, token: string, { body }: Invented): Promise<Response> =>
  fetch(`${house.url}/api/v1/dossiers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });

const legShape = z.object({ system: z.string(), situation: z.string(), phase: z.string().nullable(), trust: z.string().nullable() });
const legsShape = z.object({ legs: z.array(legShape) });

const MOST_LOOKS = 150;

/** Until the leg to civil status stands as wished. */
async function legIs(house: House, token: string, { code }: Invented, wished: Partial<z.infer<typeof legShape>>): Promise<void> {
  let seen = '';
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const answer = await fetch(`${house.url}/api/v1/dossiers/${code}`, { headers: { authorization: `Bearer ${token}` } });
    seen = await answer.text();
    const leg = legsShape.parse(JSON.parse(seen)).legs.find(({ system }) => system === 'civil-status');
    if (leg !== undefined && Object.entries(wished).every(([name, value]) => leg[name as keyof typeof leg] === value)) return;
    await wait(100);
  }
  throw new Error(`the leg never stood as ${JSON.stringify(wished)}: ${seen}`);
}

const createsOf = async ({ province }: House): Promise<readonly (string | null)[]> =>
  (await province.ministry.received()).filter(({ verb }) => verb === 'create').map(({ key }) => key);

/** Entered at the one-stop, which pushes it. */
async function enter(house: House, token: string, dossier: Invented): Promise<void> {
  await house.province.oneStop.typeByHand(dossier.kind, dossier.body);
  const answer = await push(house, token, dossier);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({
    code: dossier.code,
    legs: [{ system: 'civil-status', record: dossier.kind }],
  });
}

describe('motlan serve without a sealing key', () => {
  it('does not start: exit code 2, and a sentence in both languages says what to do', async () => {
    const file = join(folder, 'keyless.yaml');
    await writeFile(file, 'data: nowhere\nhttp: { port: 0 }\n');
    const given = ['--import', 'tsx', 'src/main.ts', 'serve', '--config', file];
    const { status, stdout, stderr } = spawnSync(process.execPath, given, { cwd: HOUSE, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    for (const words of ['chưa có khóa niêm phong', 'Without a sealing key', 'motlan init']) expect(stderr).toContain(words);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});

describe.each(['embedded', 'postgres'] as const)('motlan serve with its store %s', (kind) => {
  it('takes a dossier, delivers it once, tells where it stands, and loses nothing when it is stopped', async () => {
    const house = await openHouse(kind, kind === 'embedded' ? kind : { postgres: await freshDatabase(postgres.url) });
    const [first, second] = [invented(0, 0), invented(1, 0)];
    try {
      const child = await serve(house);
      const { token } = (await inJson(house, 'token', 'create', 'portal')).value;
      expect((await push(house, 'motlan_nobody', first)).status).toBe(401);
      await enter(house, token, first);
      await legIs(house, token, first, { situation: 'linked', trust: 'declared' });
      expect((await push(house, token, first)).status).toBe(202);
      const [record] = await house.province.ministry.records(first.kind);
      if (record === undefined) throw new Error('the ministry holds nothing');
      await house.province.ministry.advance(first.kind, record.id, '3');
      await legIs(house, token, first, { phase: 'accepted' });
      await tells(house, first);
      if (kind === 'embedded') await tellsPeople(house, first);

      await enter(house, token, second);
      expect(await child.end('SIGTERM')).toBe(0);
      expect(child.said()).toContain('rồi dừng');
      const again = await serve(house);
      await legIs(house, token, second, { situation: 'linked', trust: 'declared' });
      await legIs(house, token, first, { phase: 'accepted' });
      expect(await again.end('SIGTERM')).toBe(0);
      expect([...(await createsOf(house))].sort()).toEqual([first.code, second.code].sort());
      expect(await inJson(house, 'audit', 'verify')).toMatchObject({ code: 0, value: { broken: [] } });
      await saysAnswersOnly(house, [first, second]);
    } finally {
      await house.province.end();
    }
  }, 180_000);
});

/** What the commands say of a dossier that was delivered and accepted while the server runs. */
async function tells(house: House, { code }: Invented): Promise<void> {
  const status = await inJson(house, 'status');
  expect(status.code).toBe(0);
  expect(status.value.systems).toMatchObject([
    { name: 'one-stop', firstFailure: null, paused: false },
    { name: 'civil-status', firstFailure: null, paused: false },
  ]);
  const leg = { system: 'civil-status', situation: 'linked', phase: 'accepted', trust: 'declared', holds: [] };
  const attempts = [expect.objectContaining({ verb: 'create', state: 'done', sends: 1, trouble: null })];
  for (const asked of [['why', code] as const, ['dossier', 'show', code] as const]) {
    const told = await inJson(house, ...asked);
    expect(told.code).toBe(0);
    expect(told.value).toMatchObject({ code, legs: [{ ...leg, attempts: expect.arrayContaining(attempts) }] });
  }
}

/** The same for people, in both languages. */
async function tellsPeople(house: House, { code }: Invented): Promise<void> {
  const said = [
    [['status'], ['✓ one-stop', '✓ civil-status', '0 việc chờ người xử lý', '0 holds wait']],
    [
      ['why', code],
      [`Hồ sơ ${code}`, `Dossier ${code}`, 'đã tiếp nhận', 'Accepted at', 'create done ×1'],
    ],
    [
      ['dossier', 'show', code],
      [`Hồ sơ ${code}`, `Dossier ${code}`, 'đã tiếp nhận', 'Accepted at'],
    ],
  ] as const;
  for (const [asked, words] of said) {
    const { code: exit, out, err } = await command(house, ...asked);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    for (const one of words) expect(out).toContain(one);
  }
}

/** The log of the whole run: how the sendings were answered, and nobody's name or number. */
async function saysAnswersOnly({ log }: House, dossiers: readonly Invented[]): Promise<void> {
  const text = await readFile(log, 'utf8');
  expect(text).toContain('"detail":{"verb":"create","answer":"done"}');
  for (const { body } of dossiers)
    for (const value of personal(body)) expect(text.includes(value), 'a value of the dossier stands in the log').toBe(false);
}

const personal = (value: unknown, name = ''): readonly string[] => {
  if (typeof value === 'string') return /^(fullName|number|personalId|phone|detail|birthDate)$/.test(name) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => personal(one, Array.isArray(value) ? name : key));
};
