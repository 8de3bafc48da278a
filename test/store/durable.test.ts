import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { ports } from './given.ts';

const folder = mkdtempSync(join(tmpdir(), 'motlan-durable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lets a child write until it has acknowledged `count` dossiers, then kills it without warning. */
async function killedAfter(file: string, round: number, count: number): Promise<readonly string[]> {
  const script = new URL('./writer-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', script, file, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  await gone;
  return acknowledged;
}

test('whatever was acknowledged before kill -9 is there after, whole, with its chain unbroken', async () => {
  const file = join(folder, 'killed.db');
  const acknowledged: string[] = [];
  for (const [round, count] of [40, 3, 97, 211].entries()) {
    acknowledged.push(...(await killedAfter(file, round, count)));
    const store = await openStore({ engine: { kind: 'sqlite', file }, ...ports() });
    await store.read(async (tx) => {
      const dossiers = await tx.dossiers.load(acknowledged);
      expect(acknowledged.filter((code) => !dossiers.has(code))).toEqual([]);
      const { broken, chains } = await tx.audit.verify(null);
      expect(broken).toEqual([]);
      // A dossier, its link and its audit come and go together: none is there without the others.
      expect((await tx.dossiers.page({}, null, 10_000)).length).toBe(chains);
      expect((await tx.links.page('civil-status', 'birth', null, 10_000)).length).toBe(chains);
    });
    await store.close();
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(351);
  const raw = new Database(file, { readonly: true });
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok');
  raw.close();
});

test('a backup taken while others write opens as a store of its own and is never written over', async () => {
  const [file, copy] = [join(folder, 'live.db'), join(folder, 'copy.db')];
  const store = await openStore({ engine: { kind: 'sqlite', file }, ...ports() });
  await store.write((tx) => tx.cursors.save('tax', 'changes', 'before'));
  const writes = Array.from({ length: 50 }, (_, n) => store.write((tx) => tx.cursors.save('tax', `n${n}`, 'x')));
  await store.backup(copy);
  await Promise.all(writes);
  await expect(store.backup(copy)).rejects.toThrow('exists already');
  await store.close();
  const restored = await openStore({ engine: { kind: 'sqlite', file: copy }, ...ports() });
  expect(await restored.read((tx) => tx.cursors.load('tax', 'changes'))).toBe('before');
  await restored.close();
});
