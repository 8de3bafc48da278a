import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Clock } from '../model/ports.ts';
import { type DatabaseEngine, listeners } from './engine.ts';
import { StoreFault } from './errors.ts';
import { type Migrations, migrate } from './migrations/index.ts';
import type { Schema } from './schema.ts';

const CHANNEL = 'motlan_wake';
const INT8 = 20;
const RECONNECT_MS = 1_000;
/** serialization failure, deadlock, lock not available */
const LOST_RACES = new Set(['40001', '40P01', '55P03']);

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly clock: Clock;
  readonly migrations: Migrations | null;
}

/** One writer at a time and a pool for reads; any number of nodes on one database. */
export async function postgresEngine({ url, poolSize, clock, migrations }: PostgresOptions): Promise<DatabaseEngine> {
  let statements = 0;
  const pool = new pg.Pool({
    connectionString: url,
    // The writer holds one connection; a read must never wait for it.
    max: Math.max(2, poolSize),
    options: '-c lock_timeout=10s -c synchronous_commit=on',
    types: { getTypeParser: parserOf },
  });
  // An idle connection that breaks is dropped by the pool; the next query opens another or tells its caller.
  pool.on('error', () => undefined);
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    log: () => {
      statements += 1;
    },
  });
  const wake = listeners();
  let ears: Ears;
  try {
    await migrate(db, migrations);
    ears = await listen(url, wake.tell, clock);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    dialect: 'postgres',
    db,
    begin: { write: 'begin', read: 'begin isolation level repeatable read read only' },
    statements: () => statements,
    async announce(connection, systems) {
      for (const system of systems) await sql`select pg_notify(${CHANNEL}, ${system})`.execute(connection);
    },
    committed: () => undefined,
    // VACUUM does it in its own time; old row versions are unreachable, and its log is the administrator's to keep.
    forget: async () => undefined,
    onWake: wake.add,
    lostRace: (error) => error instanceof Error && 'code' in error && LOST_RACES.has(String(error.code)),
    async backup() {
      throw new StoreFault('backup', 'Với PostgreSQL hãy sao lưu bằng pg_dump.', 'Back PostgreSQL up with pg_dump.');
    },
    async close() {
      await ears.stop();
      await db.destroy();
    },
  };
}

/** int8 (times, counts) as a number; the rest as pg reads it. */
const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 ? Number : pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text');

interface Ears {
  stop(): Promise<void>;
}

/** Hears of wakes; after a lost connection it listens again and tells of everything that waits, since it may have missed a wake. */
async function listen(url: string, tell: (system: string) => void, clock: Clock): Promise<Ears> {
  const stopped = new AbortController();
  let client = await connected();

  async function connected(): Promise<pg.Client> {
    const fresh = new pg.Client({ connectionString: url });
    fresh.on('error', () => undefined);
    fresh.on('notification', (message) => tell(message.payload ?? ''));
    await fresh.connect();
    await fresh.query(`listen ${CHANNEL}`);
    fresh.once('end', () => void again());
    return fresh;
  }

  async function again(): Promise<void> {
    while (!stopped.signal.aborted) {
      await clock.sleep(RECONNECT_MS, stopped.signal);
      if (stopped.signal.aborted) return;
      try {
        client = await connected();
        const waiting = await client.query<{ system: string }>('select distinct system from work where due_at is not null');
        for (const row of waiting.rows) tell(row.system);
        return;
      } catch {
        // The database is still away: wait and try again until it is back or the store closes.
      }
    }
  }

  return {
    async stop() {
      stopped.abort();
      await client.end();
    },
  };
}
