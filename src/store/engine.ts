import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** What differs between the two databases; everything else is one code. */
export interface DatabaseEngine {
  readonly dialect: 'sqlite' | 'postgres';
  readonly db: Kysely<Schema>;
  /** Makes queries on this connection run on the spot; only where the database lives in this process. */
  readonly here?: (connection: Kysely<Schema>) => void;
  readonly begin: { readonly write: string; readonly read: string };
  readonly statements: () => number;
  /** Inside the transaction, before its commit: tells other nodes which systems were woken. */
  announce(connection: Kysely<Schema>, systems: readonly string[]): Promise<void>;
  /** After the commit: tells listeners of this process, where the database does not do it by itself. */
  committed(systems: readonly string[]): void;
  /** After a commit that erased: overwrites what the database itself still keeps of the rows that went. */
  forget(connection: Kysely<Schema>): Promise<void>;
  onWake(listener: (system: string) => void): () => void;
  /** True when the same transaction may succeed if it runs again: it lost to another one. */
  lostRace(error: unknown): boolean;
  /** Online copy to a new file; only where the database is a file. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/** The listeners of one process. They must not throw. */
export function listeners(): { add(listener: (system: string) => void): () => void; tell(system: string): void } {
  const all = new Set<(system: string) => void>();
  return {
    add(listener) {
      all.add(listener);
      return () => void all.delete(listener);
    },
    tell(system) {
      for (const listener of [...all]) listener(system);
    },
  };
}
