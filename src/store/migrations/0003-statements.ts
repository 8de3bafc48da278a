import { type Kysely, type Migration, SqliteAdapter, sql } from 'kysely';

/**
 * What a system states about a record nobody can read waits in the order it came, not only the last of it. What waited as the
 * one of its link goes first, under number 0.
 */
export const statements: Migration = {
  async up(db: Kysely<unknown>) {
    const onSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
    const text = onSqlite ? sql`text` : sql`text collate "C"`;
    await db.schema
      .createTable('statement')
      .addColumn('link', text, (column) => column.notNull())
      .addColumn('seq', sql`bigint`, (column) => column.notNull())
      .addColumn('code', text, (column) => column.notNull())
      .addColumn('content', onSqlite ? sql`blob` : sql`bytea`, (column) => column.notNull())
      .addPrimaryKeyConstraint('statement_pk', ['link', 'seq'])
      .addForeignKeyConstraint('statement_link_refers', ['link'], 'link', ['id'])
      .execute();
    await sql`insert into statement (link, seq, code, content) select link, 0, code, content from pushed`.execute(db);
    await sql`delete from pushed`.execute(db);
  },
};
