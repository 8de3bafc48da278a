import type { Kysely } from 'kysely';
import type { Chance, Clock } from '../model/ports.ts';
import { look, openWriter } from './commit.ts';
import type { Store } from './contract.ts';
import type { DatabaseEngine } from './engine.ts';
import { type KeyReport, lookupKey, type Rotation, rotateKeys, verifyKeys } from './keys.ts';
import type { Migrations } from './migrations/index.ts';
import { postgresEngine } from './postgres.ts';
import type { Schema } from './schema.ts';
import { checkMasterKeys, lookupHasher, type MasterKeys } from './sealing.ts';
import { sqliteEngine } from './sqlite.ts';
import type { Unit } from './tables/unit.ts';
import { keyCache, openVault } from './vault.ts';

export { CodeTaken, StoreFault } from './errors.ts';
export type { MasterKeys } from './sealing.ts';
export { ALL_HEADS } from './tables/audit.ts';

export interface StoreOptions {
  readonly engine:
    | { readonly kind: 'sqlite'; readonly file: string | ':memory:' }
    | { readonly kind: 'postgres'; readonly url: string; readonly poolSize: number };
  readonly keys: MasterKeys;
  readonly chance: Chance;
  readonly clock: Clock;
  /** Awaited before a batch of writes begins, again while it brings more, so that neighbours join. Default: one turn of the event loop. */
  readonly gather?: () => Promise<void>;
  /** Most writes waiting (default 10,000) and in one commit (default 256). */
  readonly limits?: { readonly queue: number; readonly batch: number };
  /** Other migrations than those that ship. */
  readonly migrations?: Migrations;
}

/** A store, and what only its keeper does. */
export interface OpenStore extends Store {
  /** Wraps every key under the current master version; may be broken off and run again. */
  rotateKeys(): Promise<Rotation>;
  verifyKeys(): Promise<KeyReport>;
  /** Online copy to a new file, checked; SQLite only. The copy opens with the same keys. */
  backup(file: string): Promise<void>;
}

const LIMITS = { queue: 10_000, batch: 256 } as const;
const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Opens and migrates. Throws StoreFault `keys` or `migrations` with the remedy. */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const masters = options.keys;
  checkMasterKeys(masters);
  const engine = await openEngine(options);
  let hash: Unit['hash'];
  try {
    hash = lookupHasher(await lookupKey(engine.db, masters));
  } catch (error) {
    await engine.close();
    throw error;
  }
  const cache = keyCache(masters);
  const unitOf = (db: Kysely<Schema>): Unit => ({
    db,
    dialect: engine.dialect,
    vault: openVault(db, masters, cache),
    hash,
    woken: new Set(),
    erased: new Set(),
  });
  const writer = openWriter({ engine, unitOf, gather: options.gather ?? oneTurn, limits: options.limits ?? LIMITS });
  return {
    dialect: engine.dialect,
    write: writer.write,
    read: (work) => look(engine, unitOf, work),
    onWake: engine.onWake,
    counted: () => ({ commits: writer.commits(), statements: engine.statements() }),
    rotateKeys: () => rotateKeys(engine, masters),
    verifyKeys: () => verifyKeys(engine.db, masters),
    backup: engine.backup,
    async close() {
      await writer.close();
      await engine.close();
    },
  };
}

function openEngine({ engine, clock, migrations }: StoreOptions): Promise<DatabaseEngine> {
  const chosen = migrations ?? null;
  if (engine.kind === 'sqlite') return sqliteEngine(engine.file, chosen);
  return postgresEngine({ url: engine.url, poolSize: engine.poolSize, clock, migrations: chosen });
}
