import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tx } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/index.ts';
import { lookupHasher, newKey, open, seal, unwrap, wrap } from '../../src/store/sealing.ts';
import { keyCache } from '../../src/store/vault.ts';
import { attemptOf, auditOf, baseOf, codeOf, dossierOf, holdOf, keysOf, linkOf, NOW, ports, stepOf } from './given.ts';
import { freshDatabase, type PostgresServer, startPostgres } from './postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'motlan-sealing-'));
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const place = { table: 'dossier', row: 'a', column: 'body' };

describe('a seal', () => {
  test('opens to what was sealed, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9_000 }), (clear) => {
        const key = newKey();
        expect(Buffer.compare(open(key, place, seal(key, place, clear)), clear)).toBe(0);
      }),
    );
  });

  test('does not open after any one bit has changed', () => {
    const key = newKey();
    const envelope = seal(key, place, Buffer.from('Trần Thị Ví Dụ'));
    fc.assert(
      fc.property(fc.nat(envelope.length * 8 - 1), (bit) => {
        const changed = Buffer.from(envelope);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => open(key, place, changed)).toThrow('does not open');
      }),
    );
  });

  test.each([
    { ...place, table: 'base' },
    { ...place, row: 'b' },
    { ...place, column: 'content' },
  ])('does not open in another place: $table $row $column', (elsewhere) => {
    const key = newKey();
    expect(() => open(key, elsewhere, seal(key, place, Buffer.from('x')))).toThrow('does not open');
  });

  test('never says the same twice', () => {
    const key = newKey();
    const seals = Array.from({ length: 2_000 }, () => seal(key, place, Buffer.from('x')).toString('hex'));
    expect(new Set(seals).size).toBe(2_000);
  });
});

test('a wrapped key opens for its owner only, under its master version only', () => {
  const masters = keysOf(2, 1);
  const key = newKey();
  const wrapped = wrap(masters, 'a', key);
  expect(wrapped.master).toBe(2);
  expect(unwrap(masters, 'a', wrapped).equals(key)).toBe(true);
  expect(() => unwrap(masters, 'b', wrapped)).toThrow('does not open');
  expect(() => unwrap(masters, 'a', { ...wrapped, master: 1 })).toThrow('does not open');
  expect(() => unwrap(keysOf(1), 'a', wrapped)).toThrow('version 2 is missing');
});

test('hashes differ by kind and by root', () => {
  const hash = lookupHasher(new Uint8Array(32).fill(1));
  expect(hash('phone', 'x')).toBe(hash('phone', 'x'));
  expect(hash('phone', 'x')).not.toBe(hash('identity', 'x'));
  expect(hash('phone', 'x')).not.toBe(lookupHasher(new Uint8Array(32).fill(2))('phone', 'x'));
});

test('keys in memory are bounded; the one used least recently goes', () => {
  const masters = keysOf(1);
  const cache = keyCache(masters, 2);
  const [a, b, c] = ['a', 'b', 'c'].map((code) => ({ code, ...wrap(masters, code, newKey()) }));
  if (a === undefined || b === undefined || c === undefined) throw new Error('three keys');
  const [firstA, firstB] = [cache.unwrapped('a', a), cache.unwrapped('b', b)];
  expect(cache.unwrapped('a', a)).toBe(firstA);
  cache.unwrapped('c', c);
  expect(cache.unwrapped('a', a)).toBe(firstA);
  expect(cache.unwrapped('b', b)).not.toBe(firstB);
});

test.each([
  { current: 2, keys: keysOf(1).keys },
  { current: 1, keys: new Map([[1, new Uint8Array(16)]]) },
  { current: 0, keys: new Map([[0, new Uint8Array(32)]]) },
])('a store does not open with keys that cannot seal', async (keys) => {
  await expect(openStore({ engine: { kind: 'sqlite', file: ':memory:' }, ...ports(), keys })).rejects.toMatchObject({ code: 'keys' });
});

const SECRET = 'Bí-mật-nhận-ra-099000000042';

/** One row in every table, the secret in every place where personal data may stand. */
async function fillEverything(tx: Tx): Promise<void> {
  const code = codeOf(1);
  const link = linkOf(code, 'civil-status', { externalId: SECRET });
  const kinds = ['national-code', 'identity', 'name-word', 'phone', 'tax-code', 'external-id'] as const;
  await tx.dossiers.insert(
    dossierOf(code, SECRET),
    kinds.map((kind) => ({ kind, value: SECRET })),
  );
  await tx.links.insert(link);
  await tx.bases.save(code, baseOf(link.id, SECRET));
  await tx.statements.append(code, link.id, { record: SECRET });
  await tx.attempts.insert(attemptOf(link, 'a1', SECRET));
  const decision = { name: 'value', value: SECRET, by: 'cán bộ', at: NOW } as const;
  await tx.holds.insert(holdOf(code, 'h1', { detail: { ours: SECRET }, decision, closedAt: NOW }));
  await tx.files.putChunk(code, 'ff', 0, Buffer.from(SECRET));
  await tx.files.complete(code, { hash: 'ff', name: SECRET, mime: 'text/plain', sizeBytes: 9, chunks: 1 });
  await tx.work.wake({ id: link.id, system: 'civil-status' }, { at: NOW, priority: 1 });
  await tx.inbox.take({ id: 'i', system: 'tax', nonce: 'n', receivedAt: NOW });
  await tx.progress.append([stepOf(code, 'sent')]);
  await tx.audit.append([auditOf(code, 'intake')]);
  await tx.audit.anchor(NOW);
  await tx.cursors.save('tax', 'changes', '1');
  await tx.budgets.spend('tax', 'writes', '2026-06-01', 1);
  const token = { id: 't', hash: 'h', name: 'n', scopes: [], agencies: null, createdAt: NOW, expiresAt: null, revokedAt: null };
  await tx.tokens.insert(token);
  await tx.switches.set('mode', 'read', 'vận hành', NOW);
}

/** Every form a value may be found in. */
const traces = [
  Buffer.from(SECRET),
  Buffer.from(SECRET, 'utf16le'),
  Buffer.from('099000000042'),
  Buffer.from(JSON.stringify(SECRET).slice(1, -1)),
];
const found = (bytes: Buffer): boolean => traces.some((trace) => bytes.includes(trace));
const bytesOf = (cell: unknown): Buffer => (Buffer.isBuffer(cell) ? cell : Buffer.from(String(cell)));

/** Its rows moved on with a migration; nothing writes to it any more. */
const EMPTIED = 'pushed';

describe('a database filled with a recognisable value', () => {
  test('holds it nowhere in the bytes of the SQLite file, its log, or any cell', async () => {
    const file = join(folder, 'walk.db');
    const store = await openStore({ engine: { kind: 'sqlite', file }, ...ports() });
    await store.write(fillEverything);
    expect(found(Buffer.from(`…${SECRET}…`))).toBe(true);
    const files = [file, `${file}-wal`].filter(existsSync);
    expect(files).toHaveLength(2);
    expect(files.filter((each) => found(readFileSync(each)))).toEqual([]);
    const raw = new Database(file, { readonly: true });
    const tables = raw.prepare(`select name from sqlite_master where type = 'table'`).pluck().all() as string[];
    for (const table of tables.filter((name) => name !== EMPTIED)) {
      const rows = raw.prepare(`select * from "${table}"`).all() as Record<string, unknown>[];
      expect([table, rows.length > 0]).toEqual([table, true]);
      const leaks = rows.flatMap((row) => Object.keys(row).filter((column) => found(bytesOf(row[column]))));
      expect([table, leaks]).toEqual([table, []]);
    }
    raw.close();
    await store.close();
  });

  test('holds it nowhere in any cell of PostgreSQL', async () => {
    const url = await freshDatabase(server.url);
    const store = await openStore({ engine: { kind: 'postgres', url, poolSize: 2 }, ...ports() });
    await store.write(fillEverything);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const tables = await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    expect(tables.rows.length).toBeGreaterThan(15);
    for (const { name } of tables.rows.filter((table) => table.name !== EMPTIED)) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from "${name}"`);
      expect([name, rows.length > 0]).toEqual([name, true]);
      const leaks = rows.flatMap((row) => Object.keys(row).filter((column) => found(bytesOf(row[column]))));
      expect([name, leaks]).toEqual([name, []]);
    }
    await client.end();
    await store.close();
  });
});

test('after erasing, the key is nowhere in the file or its log any more', async () => {
  const file = join(folder, 'erase.db');
  const store = await openStore({ engine: { kind: 'sqlite', file }, ...ports() });
  await store.write(fillEverything);
  const raw = new Database(file, { readonly: true });
  const wrapped = raw.prepare('select wrapped from dossier_key where code = ?').pluck().get(codeOf(1)) as Buffer;
  raw.close();
  const everywhere = (): Buffer => Buffer.concat([file, `${file}-wal`].filter(existsSync).map((each) => readFileSync(each)));
  expect(everywhere().includes(wrapped)).toBe(true);
  await store.write((tx) => tx.dossiers.erase(codeOf(1)));
  expect(everywhere().includes(wrapped)).toBe(false);
  await store.close();
});
