import type { Json } from '../model/json.ts';
import { StoreFault } from './errors.ts';
import { chunked, padded } from './lists.ts';
import { prepared } from './prepared.ts';
import type { Db } from './schema.ts';
import { type MasterKeys, newKey, open, type Place, seal, unwrap, type WrappedKey, wrap } from './sealing.ts';

/** Unwrapped keys by their wrapped bytes, bounded; bytes that no table holds any more can never be asked for. */
export interface KeyCache {
  unwrapped(code: string, key: WrappedKey): Buffer;
}

export function keyCache(masters: MasterKeys, most = 4096): KeyCache {
  const known = new Map<string, Buffer>();
  return {
    unwrapped(code, key) {
      const name = Buffer.from(key.wrapped).toString('base64');
      const hit = known.get(name);
      if (hit !== undefined) {
        known.delete(name);
        known.set(name, hit);
        return hit;
      }
      const fresh = unwrap(masters, code, key);
      known.set(name, fresh);
      for (const oldest of known.keys()) {
        if (known.size <= most) break;
        known.delete(oldest);
      }
      return fresh;
    },
  };
}

/**
 * Seals and opens for one transaction. Which key a dossier has is asked of the database once a transaction, so a key
 * destroyed or changed elsewhere is never used from memory.
 */
export interface Vault {
  /** Gives a new dossier its key; false when it has one. */
  create(code: string): Promise<boolean>;
  /** Which of these dossiers still have a key. Must come before `seal` and `open`. */
  fetch(codes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Throws StoreFault `sealed` when the dossier has no key. */
  seal(code: string, place: Place, clear: Json): Buffer;
  sealBytes(code: string, place: Place, clear: Uint8Array): Buffer;
  open(code: string, place: Place, sealed: Uint8Array): Json;
  openBytes(code: string, place: Place, sealed: Uint8Array): Buffer;
  destroy(code: string): Promise<void>;
}

export function openVault(db: Db, masters: MasterKeys, cache: KeyCache): Vault {
  const keys = new Map<string, Buffer | null>();
  const keyOf = (code: string): Buffer => keys.get(code) ?? fail(noKey());

  async function fetch(codes: readonly string[]): Promise<ReadonlySet<string>> {
    const wanted = [...new Set(codes)];
    for (const some of chunked(wanted.filter((code) => !keys.has(code)))) {
      for (const code of some) keys.set(code, null);
      const { rows } = await keysOfDossiers(db, { codes: padded(some) });
      for (const row of rows) keys.set(row.code, cache.unwrapped(row.code, row));
    }
    return new Set(wanted.filter((code) => keys.get(code) !== null));
  }

  return {
    fetch,
    async create(code) {
      const key = newKey();
      const done = await addKey(db, { row: { code, ...wrap(masters, code, key) } });
      if (done.numAffectedRows !== 1n) return false;
      keys.set(code, key);
      return true;
    },
    seal: (code, place, clear) => seal(keyOf(code), place, Buffer.from(JSON.stringify(clear))),
    sealBytes: (code, place, clear) => seal(keyOf(code), place, clear),
    open: (code, place, sealed) => JSON.parse(open(keyOf(code), place, sealed).toString()) as Json,
    openBytes: (code, place, sealed) => open(keyOf(code), place, sealed),
    async destroy(code) {
      await db.deleteFrom('dossier_key').where('code', '=', code).execute();
      keys.set(code, null);
    },
  };
}

const keysOfDossiers = prepared((db, { codes }: { readonly codes: readonly string[] }) =>
  db.selectFrom('dossier_key').selectAll().where('code', 'in', codes),
);

const addKey = prepared((db, { row }: { readonly row: { readonly code: string; readonly master: number; readonly wrapped: Uint8Array } }) =>
  db
    .insertInto('dossier_key')
    .values(row)
    .onConflict((on) => on.column('code').doNothing()),
);

const fail = (fault: StoreFault): never => {
  throw fault;
};

const noKey = (): StoreFault =>
  new StoreFault(
    'sealed',
    'Hồ sơ chưa có hoặc đã bị xóa khỏi kho; không ghi thêm dữ liệu được.',
    'The dossier does not exist or was erased; nothing more can be written for it.',
  );
