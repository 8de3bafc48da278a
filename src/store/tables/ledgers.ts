import { sql } from 'kysely';
import type { BudgetTable, CursorTable, InboxTable } from '../contract.ts';
import type { Unit } from './unit.ts';

/** The small tables that remember how far we came with a system: nonces taken, cursors, the day's use. */

export function inboxTable({ db }: Unit): InboxTable {
  return {
    async take(item) {
      const done = await db
        .insertInto('inbox')
        .values({ system: item.system, nonce: item.nonce, id: item.id, received_at: item.receivedAt })
        .onConflict((on) => on.columns(['system', 'nonce']).doNothing())
        .executeTakeFirst();
      return done.numInsertedOrUpdatedRows === 1n;
    },
    async forgetBefore(at) {
      await db.deleteFrom('inbox').where('received_at', '<', at).execute();
    },
  };
}

export function cursorTable({ db }: Unit): CursorTable {
  return {
    async load(system, name) {
      const row = await db.selectFrom('cursor').select('value').where('system', '=', system).where('name', '=', name).executeTakeFirst();
      return row?.value ?? null;
    },
    async save(system, name, value) {
      await db
        .insertInto('cursor')
        .values({ system, name, value })
        .onConflict((on) => on.columns(['system', 'name']).doUpdateSet({ value }))
        .execute();
    },
  };
}

export function budgetTable({ db }: Unit): BudgetTable {
  return {
    async spend(system, name, day, count) {
      const row = await db
        .insertInto('budget')
        .values({ system, name, day, spent: count })
        .onConflict((on) => on.columns(['system', 'name', 'day']).doUpdateSet({ spent: sql<number>`budget.spent + ${count}` }))
        .returning('spent')
        .executeTakeFirstOrThrow();
      return row.spent;
    },
  };
}
