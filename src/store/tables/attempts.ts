import { type Insertable, type Selectable, sql } from 'kysely';
import type { Json, JsonObject } from '../../model/json.ts';
import type { AgreedValue } from '../../model/line-value.ts';
import type { TroubleKind, TroubleScope } from '../../model/words.ts';
import type { Attempt, AttemptTable } from '../contract.ts';
import { inParts, pageSize } from '../lists.ts';
import { prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import type { Place } from '../sealing.ts';
import type { Unit } from './unit.ts';

type Row = Selectable<Schema['attempt']>;

interface Sent {
  readonly lines: readonly (readonly [string, AgreedValue])[];
  readonly record: JsonObject;
}

export function attemptTable({ db, vault }: Unit): AttemptTable {
  async function columns(attempt: Attempt): Promise<Insertable<Schema['attempt']>> {
    await vault.fetch([attempt.code]);
    const sent: Sent = { lines: [...attempt.sent.lines], record: attempt.sent.record };
    return {
      id: attempt.id,
      link: attempt.link,
      code: attempt.code,
      verb: attempt.verb,
      act: attempt.act,
      act_seq: attempt.actSeq,
      sent: vault.seal(attempt.code, place(attempt.id), sent as unknown as Json),
      hub_version: attempt.hubVersion,
      against_version: attempt.againstVersion,
      mapping_version: attempt.mappingVersion,
      intended_at: attempt.intendedAt,
      ...fateOf(attempt),
    };
  }

  async function opened(rows: readonly Row[]): Promise<readonly Attempt[]> {
    const readable = await vault.fetch(rows.map((row) => row.code));
    return rows
      .filter((row) => readable.has(row.code))
      .map((row) => attemptOf(row, vault.open(row.code, place(row.id), row.sent) as unknown as Sent));
  }

  return {
    async insert(attempt) {
      await insert(db, { row: await columns(attempt) });
    },

    async save(attempt) {
      await update(db, { id: attempt.id, fate: fateOf(attempt) });
    },

    async unsettled(links) {
      const rows = await inParts(links, async (some) => (await unsettled(db, { links: some })).rows);
      return opened(rows);
    },

    async ofDossier(code) {
      return opened(await db.selectFrom('attempt').selectAll().where('code', '=', code).orderBy('id').execute());
    },

    async byId(id) {
      const attempts = await opened(await db.selectFrom('attempt').selectAll().where('id', '=', id).execute());
      return attempts[0] ?? null;
    },

    async sheets(after, most) {
      const page: Attempt[] = [];
      for (let from = after ?? ''; page.length < most; ) {
        const { rows } = await sheetsAfter(db, { after: from, most: pageSize(most) });
        page.push(...(await opened(rows)).slice(0, most - page.length));
        const last = rows.at(-1);
        if (rows.length < most || last === undefined) break; // erased ones are passed over: a short page is the last
        from = last.id;
      }
      return page;
    },
  };
}

/** What changes while an effect is tried; what was sent never does. */
const fateOf = (attempt: Attempt) => ({
  state: attempt.state,
  sent_at: attempt.sentAt,
  sends: attempt.sends,
  ticket: attempt.ticket,
  trouble_kind: attempt.trouble?.kind ?? null,
  trouble_scope: attempt.trouble?.scope ?? null,
  trouble_code: attempt.trouble?.code ?? null,
  ended_at: attempt.endedAt,
});
type Fate = ReturnType<typeof fateOf>;

const insert = prepared((db, { row }: { readonly row: Insertable<Schema['attempt']> }) => db.insertInto('attempt').values(row));
const update = prepared((db, { id, fate }: { readonly id: string; readonly fate: Fate }) =>
  db.updateTable('attempt').set(fate).where('id', '=', id),
);
const unsettled = prepared((db, { links }: { readonly links: readonly string[] }) =>
  db.selectFrom('attempt').selectAll().where('link', 'in', links).where(sql.raw<boolean>("state in ('open', 'parked')")).orderBy('id'),
);
const sheetsAfter = prepared((db, { after, most }: { readonly after: string; readonly most: number }) =>
  db
    .selectFrom('attempt')
    .selectAll()
    .where(sql.raw<boolean>("verb = 'by-hand' and state in ('open', 'parked')"))
    .where('id', '>', after)
    .orderBy('id')
    .limit(most),
);

const place = (id: string): Place => ({ table: 'attempt', row: id, column: 'sent' });

const troubleOf = (row: Row): Attempt['trouble'] =>
  row.trouble_kind === null
    ? null
    : { kind: row.trouble_kind as TroubleKind, scope: row.trouble_scope as TroubleScope, code: row.trouble_code ?? '' };

const attemptOf = (row: Row, sent: Sent): Attempt => ({
  id: row.id,
  link: row.link,
  code: row.code,
  verb: row.verb as Attempt['verb'],
  act: row.act,
  actSeq: row.act_seq,
  state: row.state as Attempt['state'],
  sent: { lines: new Map(sent.lines), record: sent.record },
  hubVersion: row.hub_version,
  againstVersion: row.against_version,
  mappingVersion: row.mapping_version,
  intendedAt: row.intended_at,
  sentAt: row.sent_at,
  sends: row.sends,
  ticket: row.ticket,
  trouble: troubleOf(row),
  endedAt: row.ended_at,
});
