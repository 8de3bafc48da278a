import { type Selectable, sql } from 'kysely';
import type { Priority, Work, WorkTable } from '../contract.ts';
import { pageSize } from '../lists.ts';
import type { Schema } from '../schema.ts';
import type { Unit } from './unit.ts';

type Row = Selectable<Schema['work']>;

/** A row without a due time is idle and counts as not there; see `Schema`. */
export function workTable({ db, dialect, woken }: Unit): WorkTable {
  return {
    async wake(link, { at, priority }) {
      woken.add(link.system);
      const idle = sql<boolean>`work.due_at is null`;
      await db
        .insertInto('work')
        .values({ link: link.id, system: link.system, due_at: at, priority, dirty: 0, fence: 0, lease_until: null, failures: 0 })
        .onConflict((on) =>
          on.column('link').doUpdateSet((row) => ({
            due_at: row
              .case()
              .when(row.or([idle, row('work.due_at', '>', at)]))
              .then(row.ref('excluded.due_at'))
              .else(row.ref('work.due_at'))
              .end(),
            priority: row
              .case()
              .when(row.or([idle, row('work.priority', '>', priority)]))
              .then(row.ref('excluded.priority'))
              .else(row.ref('work.priority'))
              .end(),
            dirty: sql<number>`work.dirty + 1`,
          })),
        )
        .execute();
    },

    async claim(system, { now, leaseMs, most }) {
      const due = db
        .selectFrom('work')
        .select('link')
        .where('system', '=', system)
        .where('due_at', '<=', now)
        .where((row) => row.or([row('lease_until', 'is', null), row('lease_until', '<=', now)]))
        .orderBy('priority')
        .orderBy('due_at')
        .orderBy('link')
        .limit(pageSize(most))
        .$if(dialect === 'postgres', (query) => query.forUpdate().skipLocked());
      const rows = await db
        .updateTable('work')
        .set((row) => ({ lease_until: now + leaseMs, fence: row('fence', '+', 1) }))
        .where('link', 'in', due)
        .returningAll()
        .execute();
      return rows.map(workOf).sort((a, b) => a.priority - b.priority || a.dueAt - b.dueAt || (a.link < b.link ? -1 : 1));
    },

    async holds(link, fence) {
      const row = await db
        .selectFrom('work')
        .select('fence')
        .where('link', '=', link)
        .where('fence', '=', fence)
        .where('lease_until', 'is not', null)
        .$if(dialect === 'postgres', (query) => query.forUpdate())
        .executeTakeFirst();
      return row !== undefined;
    },

    async finish({ link, fence, dirty }, { nextDueAt, failures, priority }) {
      const woken = sql<boolean>`dirty <> ${dirty}`;
      const done = await db
        .updateTable('work')
        .set((row) => ({
          lease_until: null,
          // A row that was woken meanwhile keeps its due time, which is past: it is due at once.
          due_at: row.case().when(woken).then(row.ref('due_at')).else(sql<number | null>`cast(${nextDueAt} as bigint)`).end(),
          failures: nextDueAt === null ? 0 : failures,
          priority: row.case().when(woken).then(row.ref('priority')).else(sql<number>`cast(${priority} as bigint)`).end(),
        }))
        .where('link', '=', link)
        .where('fence', '=', fence)
        .where('lease_until', 'is not', null)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },

    async nextDue(system) {
      const row = await db
        .selectFrom('work')
        .select((row) => row.fn.min(sql<number>`coalesce(lease_until, due_at)`).as('at'))
        .where('system', '=', system)
        .where('due_at', 'is not', null)
        .executeTakeFirst();
      return row?.at ?? null;
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
  };
}

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
