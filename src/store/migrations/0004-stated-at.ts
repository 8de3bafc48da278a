import { type Kysely, type Migration, sql } from 'kysely';

/** When, by the clock of the other side, the sequence a link holds was stated: what tells a late message from a record that went back. */
export const statedAt: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('link').addColumn('stated_at', sql`bigint`).execute();
  },
};
