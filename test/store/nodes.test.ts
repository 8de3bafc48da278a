import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenStore, openStore } from '../../src/store/index.ts';
import { auditOf, codeOf, dossierOf, NOW, ports } from './given.ts';
import { freshDatabase, type PostgresServer, startPostgres } from './postgres.ts';

/** Several nodes on one PostgreSQL. */

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => server.stop());

const nodes = async (count: number): Promise<{ readonly url: string; readonly stores: readonly OpenStore[] }> => {
  const url = await freshDatabase(server.url);
  const open = () => openStore({ engine: { kind: 'postgres', url, poolSize: 3 }, ...ports() });
  return { url, stores: await Promise.all(Array.from({ length: count }, open)) };
};
const closeAll = (stores: readonly OpenStore[]) => Promise.all(stores.map((store) => store.close()));

test('nodes that start together on an empty database do not race, and share their keys', async () => {
  const { stores } = await nodes(4);
  const [first, second] = stores;
  await first?.write((tx) => tx.dossiers.insert(dossierOf(codeOf(1)), [{ kind: 'phone', value: '0900000001' }]));
  await second?.read(async (tx) => {
    expect((await tx.dossiers.load([codeOf(1)])).get(codeOf(1))).toEqual(dossierOf(codeOf(1)));
    expect(await tx.dossiers.find({ kind: 'phone', value: '0900000001' }, 5)).toEqual([codeOf(1)]);
  });
  await closeAll(stores);
});

test('no row is ever claimed by two nodes', async () => {
  const { stores } = await nodes(3);
  const ids = Array.from({ length: 120 }, (_, n) => `l${n}`);
  await stores[0]?.write(async (tx) => {
    for (const id of ids) await tx.work.wake({ id, system: 'tax' }, { at: NOW, priority: 1 });
  });
  const claimed: string[] = [];
  const drain = async (store: OpenStore): Promise<void> => {
    for (;;) {
      const rows = await store.write((tx) => tx.work.claim('tax', { now: NOW, leaseMs: 60_000, most: 7 }));
      claimed.push(...rows.map((row) => row.link));
      if (rows.length === 0) return;
    }
  };
  await Promise.all(stores.map(drain));
  expect(claimed.toSorted()).toEqual(ids.toSorted());
  await closeAll(stores);
});

test('a wake on one node is heard on the others, also after the listening connection broke', async () => {
  const { url, stores } = await nodes(2);
  const heard = new Set<string>();
  stores[1]?.onWake((system) => heard.add(system));
  const wake = (system: string) => stores[0]?.write((tx) => tx.work.wake({ id: system, system }, { at: NOW, priority: 1 }));
  await wake('tax');
  await expect.poll(() => [...heard], { timeout: 10_000 }).toEqual(['tax']);
  heard.clear();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %' and datname = current_database()`);
  await admin.end();
  await wake('social-insurance');
  await expect.poll(() => [...heard].sort(), { timeout: 20_000 }).toEqual(['social-insurance', 'tax']);
  await closeAll(stores);
});

test('a write that lost a deadlock runs again, and both chains hold', async () => {
  const { stores } = await nodes(2);
  const met: Record<string, () => void> = {};
  const arrived = Object.fromEntries(
    ['a', 'b'].map((name) => [name, new Promise<void>((resolve) => Object.assign(met, { [name]: resolve }))]),
  );
  const crossing = (store: OpenStore | undefined, own: string, other: string) =>
    store?.write(async (tx) => {
      await tx.audit.append([auditOf(own, 'first')]);
      met[own]?.();
      await arrived[other];
      await tx.audit.append([auditOf(other, 'second')]);
    });
  await Promise.all([crossing(stores[0], 'a', 'b'), crossing(stores[1], 'b', 'a')]);
  await stores[0]?.read(async (tx) => {
    expect((await tx.audit.ofDossier('a')).map((entry) => entry.seq)).toEqual([1, 2]);
    expect(await tx.audit.verify(null)).toEqual({ chains: 2, entries: 4, broken: [] });
  });
  await closeAll(stores);
});

test('two nodes that take the same code: one has it, the other is told', async () => {
  const { stores } = await nodes(2);
  const outcomes = await Promise.allSettled(stores.map((store) => store.write((tx) => tx.dossiers.insert(dossierOf(codeOf(1)), []))));
  expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((outcome) => outcome.status === 'rejected')).toMatchObject({ reason: { name: 'CodeTaken' } });
  await closeAll(stores);
});
