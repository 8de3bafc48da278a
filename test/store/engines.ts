import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type OpenStore, openStore, type StoreOptions } from '../../src/store/index.ts';
import { ports } from './given.ts';
import { freshDatabase, type PostgresServer, startPostgres } from './postgres.ts';

/** Places where a store can live; `open` may be called again for the same data, `fresh` begins with none. */
export interface Home {
  open(change?: Partial<StoreOptions>): Promise<OpenStore>;
}
export interface Engine {
  readonly name: 'sqlite in memory' | 'sqlite on disk' | 'postgres';
  fresh(): Promise<Home>;
}

const homeOf = (engine: StoreOptions['engine']): Home => ({ open: (change) => openStore({ engine, ...ports(), ...change }) });

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
