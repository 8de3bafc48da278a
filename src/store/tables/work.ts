import { type Selectable, sql } from 'kysely';
import type { Priority, Work, WorkTable } from '../contract.ts';
import { inParts, pageSize } from '../lists.ts';
import { prepared } from '../prepared.ts';
import type { Db, Schema } from '../schema.ts';
import type { Unit } from './unit.ts';

type Row = Selectable<Schema['work']>;

/** A row without a due time is idle and counts as not there; see `Schema`. */
export function workTable({ db, dialect, woken }: Unit): WorkTable {
  const shared = dialect === 'postgres';
  return {
    async wake(link, { at, priority }) {
      woken.add(link.system);
      await wakeRow(db, { link: link.id, system: link.system, at, priority });
    },

    async claim(system, { now, leaseMs, most }) {
      const ask = { system, now, until: now + leaseMs, most: pageSize(most) };
      const { rows } = await (shared ? claimShared(db, ask) : claimAlone(db, ask));
      return rows.map(workOf).sort((a, b) => a.priority - b.priority || a.dueAt - b.dueAt || (a.link < b.link ? -1 : 1));
    },

    async holds(link, fence) {
      const { rows } = await (shared ? heldShared(db, { link, fence }) : held(db, { link, fence }));
      return rows.length > 0;
    },

    async finish({ link, fence, dirty }, { nextDueAt, failures, priority }) {
      const end = { link, fence, dirty, nextDueAt, failures: nextDueAt === null ? 0 : failures, priority };
      return (await finishRow(db, end)).numAffectedRows === 1n;
    },

    async nextDue(system) {
      return (await nextDueOf(db, { system })).rows[0]?.at ?? null;
    },

    async backlog() {
      const rows = await db
        .selectFrom('work')
        .select((row) => ['system', row.fn.countAll<number>().as('count'), row.fn.min('due_at').as('oldest')])
        .where('due_at', 'is not', null)
        .groupBy('system')
        .orderBy('system')
        .execute();
      return rows.map((row) => ({ system: row.system, count: row.count, oldestDueAt: row.oldest ?? 0 }));
    },

    async ofLinks(links) {
      const rows = await inParts(links, (part) =>
        db.selectFrom('work').selectAll().where('link', 'in', part).where('due_at', 'is not', null).execute(),
      );
      return rows.map(workOf);
    },
  };
}

type Wake = {
  readonly link: string;
  readonly system: string;
  readonly at: number;
  readonly priority: number;
};
const wakeRow = prepared((db, { link, system, at, priority }: Wake) =>
  db
    .insertInto('work')
    .values({ link, system, due_at: at, priority, dirty: 0, fence: 0, lease_until: null, failures: 0 })
    .onConflict((on) =>
      on.column('link').doUpdateSet({
        due_at: sql<number>`case when work.due_at is null or work.due_at > excluded.due_at then excluded.due_at else work.due_at end`,
        priority: sql<number>`case when work.due_at is null or work.priority > excluded.priority then excluded.priority else work.priority end`,
        dirty: sql<number>`work.dirty + 1`,
      }),
    ),
);

type Claim = {
  readonly system: string;
  readonly now: number;
  readonly until: number;
  readonly most: number;
};
const due = (db: Db, { system, now, most }: Claim) =>
  db
    .selectFrom('work')
    .select('link')
    .where('system', '=', system)
    .where('due_at', '<=', now)
    .where((row) => row.or([row('lease_until', 'is', null), row('lease_until', '<=', now)]))
    .orderBy('priority')
    .orderBy('due_at')
    .orderBy('link')
    .limit(most);
const take = (db: Db, until: number, links: ReturnType<typeof due>) =>
  db
    .updateTable('work')
    .set((row) => ({ lease_until: until, fence: row('fence', '+', 1) }))
    .where('link', 'in', links)
    .returningAll();
const claimAlone = prepared((db, claim: Claim) => take(db, claim.until, due(db, claim)));
/** Rows that another node is claiming are passed over, not waited for. */
const claimShared = prepared((db, claim: Claim) => take(db, claim.until, due(db, claim).forUpdate().skipLocked()));

type Held = {
  readonly link: string;
  readonly fence: number;
};
const heldBy = (db: Db, { link, fence }: Held) =>
  db.selectFrom('work').select('fence').where('link', '=', link).where('fence', '=', fence).where('lease_until', 'is not', null);
const held = prepared(heldBy);
/** Locked until the end, so that no other node can claim the row before what it guards is committed. */
const heldShared = prepared((db, hold: Held) => heldBy(db, hold).forUpdate());

type End = {
  readonly link: string;
  readonly fence: number;
  readonly dirty: number;
  readonly nextDueAt: number | null;
  readonly failures: number;
  readonly priority: number;
};
/** A row that was woken meanwhile keeps its due time, which is past: it is due at once. */
const finishRow = prepared((db, { link, fence, dirty, nextDueAt, failures, priority }: End) =>
  db
    .updateTable('work')
    .set({
      lease_until: null,
      due_at: sql<number | null>`case when dirty <> ${dirty} then due_at else cast(${nextDueAt} as bigint) end`,
      priority: sql<number>`case when dirty <> ${dirty} then priority else cast(${priority} as bigint) end`,
      failures,
    })
    .where('link', '=', link)
    .where('fence', '=', fence)
    .where('lease_until', 'is not', null),
);

const nextDueOf = prepared((db, { system }: { readonly system: string }) =>
  db
    .selectFrom('work')
    .select((row) => row.fn.min(sql<number | null>`coalesce(lease_until, due_at)`).as('at'))
    .where('system', '=', system)
    .where('due_at', 'is not', null),
);

const workOf = (row: Row): Work => ({
  link: row.link,
  system: row.system,
  dueAt: row.due_at ?? 0,
  priority: row.priority as Priority,
  dirty: row.dirty,
  fence: row.fence,
  leaseUntil: row.lease_until,
  failures: row.failures,
});
