import type { DatabaseEngine } from './engine.ts';
import { StoreFault } from './errors.ts';
import type { Db } from './schema.ts';
import { type MasterKeys, newKey, unwrap, wrap } from './sealing.ts';

/** The store's own keys, and the change of the master key. */

const LOOKUP_KEY = 'lookup';
const BATCH = 500;

/** The key behind all look-up hashes: made once, wrapped like the others, so that hashes outlive a change of the master key. */
export async function lookupKey(db: Db, masters: MasterKeys): Promise<Buffer> {
  const stored = () => db.selectFrom('store_key').selectAll().where('name', '=', LOOKUP_KEY).executeTakeFirst();
  let row = await stored();
  if (row === undefined) {
    await db
      .insertInto('store_key')
      .values({ name: LOOKUP_KEY, ...wrap(masters, LOOKUP_KEY, newKey()) })
      .onConflict((on) => on.column('name').doNothing())
      .execute();
    row = await stored();
  }
  if (row === undefined) throw new StoreFault('keys', 'Kho dữ liệu thiếu khóa tra cứu.', 'The store lacks its look-up key.');
  return unwrap(masters, LOOKUP_KEY, row);
}

export interface Rotation {
  readonly master: number;
  readonly rewrapped: number;
}

/**
 * Wraps every key anew under the current master version, batch by batch, each its own transaction. May be broken off at
 * any moment and run again: what is done stays done.
 */
export async function rotateKeys({ db }: DatabaseEngine, masters: MasterKeys): Promise<Rotation> {
  let rewrapped = 0;
  for (const row of await db.selectFrom('store_key').selectAll().where('master', '<>', masters.current).execute()) {
    const fresh = wrap(masters, row.name, unwrap(masters, row.name, row));
    await db.updateTable('store_key').set(fresh).where('name', '=', row.name).where('master', '=', row.master).execute();
    rewrapped += 1;
  }
  for (;;) {
    const done = await db.transaction().execute((tx) => rotateBatch(tx, masters));
    rewrapped += done;
    if (done === 0) return { master: masters.current, rewrapped };
  }
}

async function rotateBatch(db: Db, masters: MasterKeys): Promise<number> {
  const rows = await db.selectFrom('dossier_key').selectAll().where('master', '<>', masters.current).orderBy('code').limit(BATCH).execute();
  for (const row of rows) {
    const fresh = wrap(masters, row.code, unwrap(masters, row.code, row));
    await db.updateTable('dossier_key').set(fresh).where('code', '=', row.code).where('master', '=', row.master).execute();
  }
  return rows.length;
}

export interface KeyReport {
  readonly current: number;
  /** Dossier keys by master version. */
  readonly byMaster: readonly { readonly master: number; readonly count: number; readonly known: boolean }[];
  /** Dossiers whose key does not open though its master is known; at most 100 named. */
  readonly broken: readonly string[];
}

/** Opens every dossier key once. */
export async function verifyKeys(db: Db, masters: MasterKeys): Promise<KeyReport> {
  const broken: string[] = [];
  const counts = new Map<number, number>();
  let after = '';
  for (;;) {
    const rows = await db.selectFrom('dossier_key').selectAll().where('code', '>', after).orderBy('code').limit(BATCH).execute();
    for (const row of rows) {
      counts.set(row.master, (counts.get(row.master) ?? 0) + 1);
      if (masters.keys.has(row.master) && !opens(masters, row.code, row) && broken.length < 100) broken.push(row.code);
      after = row.code;
    }
    if (rows.length < BATCH) break;
  }
  const byMaster = [...counts].sort(([a], [b]) => a - b).map(([master, count]) => ({ master, count, known: masters.keys.has(master) }));
  return { current: masters.current, byMaster, broken };
}

function opens(masters: MasterKeys, code: string, key: { readonly master: number; readonly wrapped: Uint8Array }): boolean {
  try {
    unwrap(masters, code, key);
    return true;
  } catch (error) {
    if (error instanceof StoreFault) return false;
    throw error;
  }
}
