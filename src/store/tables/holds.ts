import { type Insertable, type Selectable, sql } from 'kysely';
import type { JsonObject } from '../../model/json.ts';
import type { DecisionName, Desk, HoldKind } from '../../model/words.ts';
import type { Hold, HoldTable } from '../contract.ts';
import { inParts, pageSize } from '../lists.ts';
import { prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import type { Place } from '../sealing.ts';
import { incidents } from './incidents.ts';
import type { Unit } from './unit.ts';

type Row = Selectable<Schema['hold']>;

export function holdTable({ db, vault }: Unit): HoldTable {
  async function columns(hold: Hold): Promise<Insertable<Schema['hold']>> {
    await vault.fetch([hold.code]);
    const subject = subjectOf(hold);
    const value = hold.decision?.value ?? null;
    return {
      id: hold.id,
      code: hold.code,
      link: hold.link,
      kind: hold.kind,
      desk: hold.desk,
      cause: hold.cause,
      path: hold.path,
      subject,
      vi: hold.vi,
      en: hold.en,
      remedy_vi: hold.remedyVi,
      remedy_en: hold.remedyEn,
      decisions: JSON.stringify(hold.decisions),
      detail: vault.seal(hold.code, place(subject, 'detail'), hold.detail),
      opened_at: hold.openedAt,
      closed_at: hold.closedAt,
      decision: hold.decision?.name ?? null,
      decision_value: value === null ? null : vault.seal(hold.code, place(subject, 'decision_value'), value),
      decided_by: hold.decision?.by ?? null,
      decided_at: hold.decision?.at ?? null,
      applied: hold.applied ? 1 : 0,
    };
  }

  async function opened(rows: readonly Row[]): Promise<readonly Hold[]> {
    const readable = await vault.fetch(rows.map((row) => row.code));
    return rows
      .filter((row) => readable.has(row.code))
      .map((row) => {
        const detail = vault.open(row.code, place(row.subject, 'detail'), row.detail) as JsonObject;
        const sealed = row.decision_value;
        return holdOf(row, detail, sealed === null ? null : String(vault.open(row.code, place(row.subject, 'decision_value'), sealed)));
      });
  }

  const insert = async (hold: Hold): Promise<void> => {
    const row = await columns(hold);
    const { desk, vi, en, remedy_vi, remedy_en, decisions, detail } = row;
    // The same reason again folds into the open hold: its id and its age stay, its words are renewed.
    await db
      .insertInto('hold')
      .values(row)
      .onConflict((on) =>
        on.column('subject').where('closed_at', 'is', null).doUpdateSet({ desk, vi, en, remedy_vi, remedy_en, decisions, detail }),
      )
      .execute();
  };

  return {
    insert,

    async insertUnfiled(hold) {
      const isFiled = (await db.selectFrom('dossier').select('code').where('code', '=', hold.code).executeTakeFirst()) !== undefined;
      if (!isFiled) await vault.create(hold.code);
      await insert(hold);
    },

    async save(hold) {
      const { id, ...rest } = await columns(hold);
      await db.updateTable('hold').set(rest).where('id', '=', id).execute();
    },

    async byId(id) {
      const holds = await opened(await db.selectFrom('hold').selectAll().where('id', '=', id).execute());
      return holds[0] ?? null;
    },

    async live(codes) {
      const rows = await inParts(codes, async (some) => (await liveOf(db, { codes: some })).rows);
      return opened(rows);
    },

    async page(filter, after, most) {
      let query = db.selectFrom('hold').selectAll('hold').orderBy('hold.id').limit(pageSize(most));
      if (after !== null) query = query.where('hold.id', '>', after);
      if (filter.open !== undefined) query = query.where('closed_at', filter.open ? 'is' : 'is not', null);
      if (filter.desk !== undefined) query = query.where('desk', '=', filter.desk);
      if (filter.code !== undefined) query = query.where('hold.code', '=', filter.code);
      if (filter.cause !== undefined) query = query.where('cause', '=', filter.cause);
      if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
      const { system } = filter;
      if (system !== undefined) {
        query = query.innerJoin('link', 'link.id', 'hold.link').where('link.system', '=', system);
      }
      return opened(await query.execute());
    },

    incidents: () => incidents(db),
  };
}

const liveOf = prepared((db, { codes }: { readonly codes: readonly string[] }) =>
  db
    .selectFrom('hold')
    .selectAll()
    .where('code', 'in', codes)
    // The first half is the condition of the index.
    .where(sql<boolean>`(closed_at is null or applied = 0) and (closed_at is null or decision is not null)`)
    .orderBy('id'),
);

const subjectOf = (hold: Hold): string => JSON.stringify([hold.code, hold.link, hold.kind, hold.path, hold.cause]);

const place = (subject: string, column: 'detail' | 'decision_value'): Place => ({ table: 'hold', row: subject, column });

const decisionOf = (row: Row, value: string | null): Hold['decision'] =>
  row.decision === null ? null : { name: row.decision as DecisionName, value, by: row.decided_by ?? '', at: row.decided_at ?? 0 };

const holdOf = (row: Row, detail: JsonObject, value: string | null): Hold => ({
  id: row.id,
  code: row.code,
  link: row.link,
  kind: row.kind as HoldKind,
  desk: row.desk as Desk,
  cause: row.cause,
  path: row.path,
  vi: row.vi,
  en: row.en,
  remedyVi: row.remedy_vi,
  remedyEn: row.remedy_en,
  decisions: JSON.parse(row.decisions) as readonly DecisionName[],
  detail,
  openedAt: row.opened_at,
  closedAt: row.closed_at,
  decision: decisionOf(row, value),
  applied: row.applied === 1,
});
