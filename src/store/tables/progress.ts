import { type Selectable, sql } from 'kysely';
import type { ProgressEntry, ProgressTable } from '../contract.ts';
import { inParts } from '../lists.ts';
import type { Schema } from '../schema.ts';
import { NEW_CHAIN } from './audit.ts';
import { byDossier } from './by-dossier.ts';
import type { Unit } from './unit.ts';

export function progressTable({ db }: Unit): ProgressTable {
  return {
    async append(entries) {
      for (const [code, own] of byDossier(entries)) {
        const chain = await db
          .insertInto('chain')
          .values({ ...NEW_CHAIN, code, progress_seq: own.length })
          .onConflict((on) => on.column('code').doUpdateSet({ progress_seq: sql<number>`chain.progress_seq + ${own.length}` }))
          .returning('progress_seq')
          .executeTakeFirstOrThrow();
        const first = chain.progress_seq - own.length + 1;
        await db
          .insertInto('progress')
          .values(own.map((entry, index) => rowOf(entry, first + index)))
          .execute();
      }
    },

    async ofDossiers(codes) {
      const rows = await inParts(codes, (some) =>
        db.selectFrom('progress').selectAll().where('code', 'in', some).orderBy('code').orderBy('seq').execute(),
      );
      return rows.map(entryOf);
    },
  };
}

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
