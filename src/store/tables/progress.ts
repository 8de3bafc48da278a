import { type Selectable, sql } from 'kysely';
import type { ProgressEntry, ProgressTable } from '../contract.ts';
import { inParts } from '../lists.ts';
import { prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import { NEW_CHAIN } from './audit.ts';
import { byDossier } from './by-dossier.ts';
import type { Unit } from './unit.ts';

export function progressTable({ db }: Unit): ProgressTable {
  return {
    async append(entries) {
      for (const [code, own] of byDossier(entries)) {
        const { rows } = await reserve(db, { code, count: own.length });
        const first = (rows[0]?.progress_seq ?? own.length) - own.length + 1;
        await insert(db, { rows: own.map((entry, index) => ({ ...rowOf(entry, first + index) })) });
      }
    },

    async ofDossiers(codes) {
      const rows = await inParts(codes, async (some) => (await byCodes(db, { codes: some })).rows);
      return rows.map(entryOf);
    },
  };
}

/** Takes the next `count` places; on PostgreSQL others wait until this transaction ends. */
const reserve = prepared((db, { code, count }: { readonly code: string; readonly count: number }) =>
  db
    .insertInto('chain')
    .values({ ...NEW_CHAIN, code, progress_seq: count })
    .onConflict((on) => on.column('code').doUpdateSet({ progress_seq: sql<number>`chain.progress_seq + excluded.progress_seq` }))
    .returning('progress_seq'),
);
const insert = prepared((db, { rows }: { readonly rows: readonly Selectable<Schema['progress']>[] }) =>
  db.insertInto('progress').values(rows),
);
const byCodes = prepared((db, { codes }: { readonly codes: readonly string[] }) =>
  db.selectFrom('progress').selectAll().where('code', 'in', codes).orderBy('code').orderBy('seq'),
);

const rowOf = (entry: Omit<ProgressEntry, 'seq'>, seq: number): Selectable<Schema['progress']> => ({
  code: entry.code,
  seq,
  at: entry.at,
  link: entry.link,
  kind: entry.kind,
  name: entry.name,
  evidence_kind: entry.evidence.kind,
  evidence_ref: entry.evidence.ref,
  note: entry.note,
});

const entryOf = (row: Selectable<Schema['progress']>): ProgressEntry => ({
  code: row.code,
  seq: row.seq,
  at: row.at,
  link: row.link,
  kind: row.kind as ProgressEntry['kind'],
  name: row.name,
  evidence: { kind: row.evidence_kind as ProgressEntry['evidence']['kind'], ref: row.evidence_ref },
  note: row.note,
});
