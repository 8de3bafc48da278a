import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { type OpenStore, openStore, type StoreOptions } from '../../src/store/index.ts';
import { ports } from './given.ts';
import { freshDatabase, type PostgresServer, startPostgres } from './postgres.ts';

/** Places where a store can live; `open` may be called again for the same data, `fresh` begins with none. */
export interface Home {
  open(change?: Partial<StoreOptions>): Promise<OpenStore>;
  /** A statement past the store, to bring its tables into a shape of long ago. */
  run(statement: string): Promise<void>;
}
export interface Engine {
  readonly name: 'sqlite in memory' | 'sqlite on disk' | 'postgres';
  fresh(): Promise<Home>;
}

const homeOf = (engine: StoreOptions['engine']): Home => ({
  open: (change) => openStore({ engine, ...ports(), ...change }),
  run: (statement) => (engine.kind === 'sqlite' ? runOnSqlite(engine.file, statement) : runOnPostgres(engine.url, statement)),
});

async function runOnSqlite(file: string, statement: string): Promise<void> {
  const database = new Database(file);
  database.exec(statement);
  database.close();
}

async function runOnPostgres(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** All engines; folder and server live as long as the test file. */
export function engines(): { readonly memory: Engine; readonly disk: Engine; readonly postgres: Engine } {
  let folder = '';
  let server: PostgresServer | null = null;
  let files = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'motlan-store-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.stop();
  });
  return {
    memory: { name: 'sqlite in memory', fresh: async () => homeOf({ kind: 'sqlite', file: ':memory:' }) },
    disk: {
      name: 'sqlite on disk',
      fresh: async () => {
        files += 1;
        return homeOf({ kind: 'sqlite', file: join(folder, `${files}.db`) });
      },
    },
    postgres: {
      name: 'postgres',
      fresh: async () => {
        server ??= await startPostgres();
        return homeOf({ kind: 'postgres', url: await freshDatabase(server.url), poolSize: 4 });
      },
    },
  };
}
