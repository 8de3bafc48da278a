import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { type OpenStore, openStore } from '../../src/store/index.ts';
import { type Engine, engines } from './engines.ts';
import { codeOf, dossierOf, keysOf, lookupsOf, ports } from './given.ts';

const folder = mkdtempSync(join(tmpdir(), 'motlan-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { disk, postgres } = engines();

const fill = (store: OpenStore, count: number) =>
  store.write(async (tx) => {
    for (let n = 0; n < count; n += 1) await tx.dossiers.insert(dossierOf(codeOf(n)), n === 0 ? lookupsOf('099000000001') : []);
  });

test.each([disk, postgres])('a new master key takes over, and the old one may go, $name', async (engine: Engine) => {
  const home = await engine.fresh();
  const before = await home.open({ keys: keysOf(1) });
  await fill(before, 3);
  await before.close();

  const both = await home.open({ keys: keysOf(2, 1) });
  await both.write((tx) => tx.dossiers.insert(dossierOf(codeOf(9)), []));
  expect((await both.verifyKeys()).byMaster).toEqual([
    { master: 1, count: 3, known: true },
    { master: 2, count: 1, known: true },
  ]);
  expect(await both.rotateKeys()).toEqual({ master: 2, rewrapped: 4 });
  expect(await both.rotateKeys()).toEqual({ master: 2, rewrapped: 0 });
  await both.close();

  const after = await home.open({ keys: keysOf(2) });
  expect(await after.verifyKeys()).toEqual({ current: 2, byMaster: [{ master: 2, count: 4, known: true }], broken: [] });
  await after.read(async (tx) => {
    expect((await tx.dossiers.load([codeOf(0)])).get(codeOf(0))).toEqual(dossierOf(codeOf(0)));
    expect(await tx.dossiers.find({ kind: 'identity', value: '099000000001' }, 5)).toEqual([codeOf(0)]);
  });
  await after.close();
  await expect(home.open({ keys: keysOf(1) })).rejects.toThrow('version 2 is missing');
});

test('a change of keys broken off half-way loses nothing and goes on where it stopped', async () => {
  const file = join(folder, 'half.db');
  const open = (keys = keysOf(2, 1)) => openStore({ engine: { kind: 'sqlite', file }, ...ports(), keys });
  const first = await open(keysOf(1));
  await fill(first, 1_100);
  await first.close();

  // The 701st key is damaged: the second batch of 500 stops on it, as a crash would.
  const raw = new Database(file);
  const wrapped = raw.prepare('select wrapped from dossier_key where code = ?').pluck().get(codeOf(700)) as Buffer;
  const put = (bytes: Buffer) => raw.prepare('update dossier_key set wrapped = ? where code = ?').run(bytes, codeOf(700));
  put(Buffer.from(wrapped).fill(0, 20));

  const second = await open();
  await expect(second.rotateKeys()).rejects.toMatchObject({ code: 'sealed' });
  expect(await second.verifyKeys()).toEqual({
    current: 2,
    byMaster: [
      { master: 1, count: 600, known: true },
      { master: 2, count: 500, known: true },
    ],
    broken: [codeOf(700)],
  });
  const loaded = await second.read((tx) => tx.dossiers.load([codeOf(0), codeOf(1_099)]));
  expect([...loaded.values()]).toEqual([dossierOf(codeOf(0)), dossierOf(codeOf(1_099))]);
  await second.close();

  put(wrapped);
  raw.close();
  const third = await open();
  expect(await third.rotateKeys()).toEqual({ master: 2, rewrapped: 600 });
  await third.close();
  const last = await open(keysOf(2));
  expect((await last.read((tx) => tx.dossiers.load([codeOf(700)]))).get(codeOf(700))).toEqual(dossierOf(codeOf(700)));
  await last.close();
});
