import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { chainHash, chainStart, follow } from '../../src/store/chain.ts';
import { ALL_HEADS, openStore } from '../../src/store/index.ts';
import { auditOf, NOW, ports } from './given.ts';

const folder = mkdtempSync(join(tmpdir(), 'motlan-audit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** Two chains, of five and two entries, anchored; then someone who holds the file runs `sql`. */
async function verdictAfter(...sql: readonly string[]): Promise<{ readonly all: unknown; readonly one: unknown }> {
  files += 1;
  const file = join(folder, `${files}.db`);
  const open = () => openStore({ engine: { kind: 'sqlite', file }, ...ports() });
  const store = await open();
  await store.write((tx) => tx.audit.append(['a', 'b', 'c'].map((action) => auditOf('one', action))));
  await store.write((tx) => tx.audit.append([auditOf('two', 'a'), auditOf('one', 'd'), auditOf('two', 'b'), auditOf('one', 'e')]));
  await store.write((tx) => tx.audit.anchor(NOW));
  await store.close();
  const raw = new Database(file);
  for (const statement of sql) raw.exec(statement);
  raw.close();
  const again = await open();
  const verdict = await again.read(async (tx) => ({
    all: (await tx.audit.verify(null)).broken,
    one: (await tx.audit.verify('one')).broken,
  }));
  await again.close();
  return verdict;
}

const heads = { code: ALL_HEADS, seq: 0 };
const one = (seq: number) => [{ code: 'one', seq }];

describe('whoever changes the trail in the file is found out', () => {
  test('an untouched trail verifies', async () => {
    expect(await verdictAfter()).toEqual({ all: [], one: [] });
  });

  test.each(['at = at + 1', `actor = 'khác'`, `action = 'khác'`, `detail = '{}'`, `attempt = 'x'`, `mapping_version = 'x'`, `hash = 'x'`])(
    'an entry with %s',
    async (change) => {
      expect(await verdictAfter(`update audit set ${change} where code = 'one' and seq = 3`)).toEqual({ all: one(3), one: one(3) });
    },
  );

  test('an entry taken out of the middle', async () => {
    expect(await verdictAfter(`delete from audit where code = 'one' and seq = 2`)).toMatchObject({ one: one(2) });
  });

  test('the first entry taken out', async () => {
    expect(await verdictAfter(`delete from audit where code = 'one' and seq = 1`)).toMatchObject({ one: one(1) });
  });

  test('the last entry taken out', async () => {
    expect(await verdictAfter(`delete from audit where code = 'one' and seq = 5`)).toEqual({ all: [...one(5), heads], one: one(5) });
  });

  test('two entries in the other order', async () => {
    const swap = [
      `update audit set seq = 99 where code = 'one' and seq = 2`,
      `update audit set seq = 2 where code = 'one' and seq = 3`,
      `update audit set seq = 3 where code = 'one' and seq = 99`,
    ];
    expect(await verdictAfter(...swap)).toMatchObject({ one: one(2) });
  });

  test('an entry taken over from another chain', async () => {
    expect(await verdictAfter(`update audit set code = 'one', seq = 6 where code = 'two' and seq = 2`)).toMatchObject({ one: one(6) });
  });

  test('a whole chain taken away: the anchor tells', async () => {
    const gone = ['audit', 'chain'].map((table) => `delete from ${table} where code = 'one'`);
    expect(await verdictAfter(...gone)).toEqual({ all: [heads], one: [] });
  });

  test('a chain cut short with its head set to match: the anchor tells', async () => {
    const cut = [
      `delete from audit where code = 'one' and seq = 5`,
      `update chain set audit_seq = 4, audit_hash = (select hash from audit where code = 'one' and seq = 4) where code = 'one'`,
    ];
    expect(await verdictAfter(...cut)).toEqual({ all: [heads], one: [] });
  });
});

test('the anchor stays the same until something is appended, then it is another; earlier anchors still hold', async () => {
  const store = await openStore({ engine: { kind: 'sqlite', file: ':memory:' }, ...ports() });
  const anchor = () => store.write((tx) => tx.audit.anchor(NOW));
  await store.write((tx) => tx.audit.append([auditOf('one', 'a')]));
  const first = await anchor();
  expect(await anchor()).toEqual(first);
  await store.write((tx) => tx.audit.append([auditOf('one', 'b'), auditOf('two', 'a')]));
  expect((await store.read((tx) => tx.audit.verify(null))).broken).toEqual([]);
  const second = await anchor();
  expect(second).toMatchObject({ at: NOW, chains: 2 });
  expect(second.digest).not.toBe(first.digest);
  await store.close();
});

test('any change to any entry breaks the chain at that entry', () => {
  const actions = fc.array(fc.string(), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(actions, fc.nat(), fc.string({ minLength: 1 }), (names, pick, extra) => {
      let hash = '';
      const entries = names.map((action, index) => {
        const entry = { ...auditOf('one', action), seq: index + 1 };
        hash = chainHash(hash, entry);
        return { ...entry, hash };
      });
      expect(entries.reduce(follow, chainStart).brokenAt).toBeNull();
      const at = pick % entries.length;
      const changed = entries.map((entry, index) => (index === at ? { ...entry, action: entry.action + extra } : entry));
      expect(changed.reduce(follow, chainStart).brokenAt).toBe(at + 1);
    }),
  );
});
