import type { Db } from '../schema.ts';
import type { Vault } from '../vault.ts';

/** What the tables of one transaction share. */
export interface Unit {
  readonly db: Db;
  readonly dialect: 'sqlite' | 'postgres';
  readonly vault: Vault;
  /** Keyed hash for look-ups. */
  readonly hash: (kind: string, value: string) => string;
  /** Systems woken here; told to listeners after the commit. */
  readonly woken: Set<string>;
  /** Dossiers erased here; after the commit no copy of their keys may stay behind. */
  readonly erased: Set<string>;
}
