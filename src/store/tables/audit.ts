import { type Selectable, sql } from 'kysely';
import type { JsonObject } from '../../model/json.ts';
import { CHAIN_START, type ChainState, chainHash, chainStart, follow, headDigest } from '../chain.ts';
import type { AuditEntry, AuditTable } from '../contract.ts';
import { prepared } from '../prepared.ts';
import type { Db, Schema } from '../schema.ts';
import { byDossier } from './by-dossier.ts';
import type { Unit } from './unit.ts';

const PAGE = 1_000;

/** Names the whole store among broken chains: its heads are not those that were anchored. */
export const ALL_HEADS = '*';

export const NEW_CHAIN = { audit_seq: 0, audit_hash: CHAIN_START, progress_seq: 0, anchored_seq: 0 } as const;

export function auditTable({ db }: Unit): AuditTable {
  return {
    async append(entries) {
      for (const [code, own] of byDossier(entries)) {
        const { rows: heads } = await reserve(db, { code, count: own.length });
        let seq = (heads[0]?.audit_seq ?? own.length) - own.length;
        let hash = heads[0]?.audit_hash ?? CHAIN_START;
        const rows = own.map((entry) => {
          seq += 1;
          hash = chainHash(hash, { ...entry, seq });
          return rowOf({ ...entry, seq, hash });
        });
        await insert(db, { rows });
        await endChain(db, { code, hash });
      }
    },

    async ofDossier(code) {
      const rows = await db.selectFrom('audit').selectAll().where('code', '=', code).orderBy('seq').execute();
      return rows.map(entryOf);
    },

    async verify(code) {
      const chains = await followAll(db, code);
      const heads = code === null ? await headsOf(db) : await headsOf(db, code);
      const codes = [...new Set([...chains.keys(), ...heads.keys()])].sort();
      const broken = codes.flatMap((each) => {
        const seq = brokenAt(chains.get(each) ?? chainStart, heads.get(each));
        return seq === null ? [] : [{ code: each, seq }];
      });
      if (code === null && !(await anchorHolds(db))) broken.push({ code: ALL_HEADS, seq: 0 });
      return { chains: codes.length, entries: [...chains.values()].reduce((sum, state) => sum + state.entries, 0), broken };
    },

    async anchor(at) {
      await db
        .updateTable('chain')
        .set((row) => ({ anchored_seq: row.ref('audit_seq') }))
        .whereRef('anchored_seq', '<>', 'audit_seq')
        .execute();
      const { chains, digest } = await anchoredDigest(db);
      const last = await lastAnchor(db);
      await db
        .insertInto('anchor')
        .values({ id: (last?.id ?? 0) + 1, at, chains, digest })
        .execute();
      return { at, chains, digest };
    },
  };
}

/** Takes the next `count` places and says where the chain ended; on PostgreSQL others wait until this transaction ends. */
const reserve = prepared((db, { code, count }: { readonly code: string; readonly count: number }) =>
  db
    .insertInto('chain')
    .values({ ...NEW_CHAIN, code, audit_seq: count })
    .onConflict((on) => on.column('code').doUpdateSet({ audit_seq: sql<number>`chain.audit_seq + excluded.audit_seq` }))
    .returning(['audit_seq', 'audit_hash']),
);
const insert = prepared((db, { rows }: { readonly rows: readonly Selectable<Schema['audit']>[] }) => db.insertInto('audit').values(rows));
const endChain = prepared((db, { code, hash }: { readonly code: string; readonly hash: string }) =>
  db.updateTable('chain').set({ audit_hash: hash }).where('code', '=', code),
);

type Followed = ChainState & { readonly entries: number };

async function followAll(db: Db, only: string | null): Promise<ReadonlyMap<string, Followed>> {
  const chains = new Map<string, Followed>();
  let after = { code: only ?? '', seq: 0 };
  for (;;) {
    let query = db.selectFrom('audit').selectAll().orderBy('code').orderBy('seq').limit(PAGE);
    if (only !== null) query = query.where('code', '=', only).where('seq', '>', after.seq);
    else query = query.where(sql<boolean>`(code > ${after.code} or (code = ${after.code} and seq > ${after.seq}))`);
    const rows = await query.execute();
    for (const row of rows) {
      const state = chains.get(row.code) ?? { ...chainStart, entries: 0 };
      chains.set(row.code, { ...follow(state, entryOf(row)), entries: state.entries + 1 });
      after = { code: row.code, seq: row.seq };
    }
    if (rows.length < PAGE) return chains;
  }
}

interface Head {
  readonly seq: number;
  readonly hash: string;
}

async function headsOf(db: Db, only?: string): Promise<ReadonlyMap<string, Head>> {
  let query = db.selectFrom('chain').select(['code', 'audit_seq', 'audit_hash']).where('audit_seq', '>', 0);
  if (only !== undefined) query = query.where('code', '=', only);
  const rows = await query.execute();
  return new Map(rows.map((row) => [row.code, { seq: row.audit_seq, hash: row.audit_hash }]));
}

/** The first entry that is wrong or missing, or null. */
function brokenAt(state: ChainState, head: Head | undefined): number | null {
  if (state.brokenAt !== null) return state.brokenAt;
  if (head === undefined) return state.seq;
  if (head.seq !== state.seq) return Math.min(head.seq, state.seq) + 1;
  return head.hash === state.hash ? null : state.seq;
}

/** Digest over each chain's entry at its anchored place. */
async function anchoredDigest(db: Db): Promise<{ readonly chains: number; readonly digest: string }> {
  const sum = headDigest();
  let chains = 0;
  let after = '';
  for (;;) {
    const rows = await db
      .selectFrom('chain')
      .leftJoin('audit', (join) => join.onRef('audit.code', '=', 'chain.code').onRef('audit.seq', '=', 'chain.anchored_seq'))
      .select(['chain.code', 'chain.anchored_seq', 'audit.hash'])
      .where('chain.code', '>', after)
      .where('chain.anchored_seq', '>', 0)
      .orderBy('chain.code')
      .limit(PAGE)
      .execute();
    for (const row of rows) sum.add(row.code, row.anchored_seq, row.hash ?? '');
    chains += rows.length;
    after = rows[rows.length - 1]?.code ?? after;
    if (rows.length < PAGE) return { chains, digest: sum.digest() };
  }
}

const lastAnchor = (db: Db): Promise<Selectable<Schema['anchor']> | undefined> =>
  db.selectFrom('anchor').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();

async function anchorHolds(db: Db): Promise<boolean> {
  const last = await lastAnchor(db);
  return last === undefined || (await anchoredDigest(db)).digest === last.digest;
}

const rowOf = (entry: AuditEntry): Selectable<Schema['audit']> => ({
  code: entry.code,
  seq: entry.seq,
  at: entry.at,
  actor: entry.actor,
  action: entry.action,
  attempt: entry.attempt,
  mapping_version: entry.mappingVersion,
  detail: JSON.stringify(entry.detail),
  hash: entry.hash,
});

const entryOf = (row: Selectable<Schema['audit']>): AuditEntry => ({
  code: row.code,
  seq: row.seq,
  at: row.at,
  actor: row.actor,
  action: row.action,
  attempt: row.attempt,
  mappingVersion: row.mapping_version,
  detail: JSON.parse(row.detail) as JsonObject,
  hash: row.hash,
});
