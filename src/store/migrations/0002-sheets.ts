import { type Kysely, type Migration, sql } from 'kysely';

/** Sheets that wait for a person are listed without walking through everything that was ever sent. */
export const sheets: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createIndex('attempt_sheets')
      .on('attempt')
      .column('id')
      .where(sql.raw<boolean>("verb = 'by-hand' and state in ('open', 'parked')"))
      .execute();
  },
};
