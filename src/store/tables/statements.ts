import type { Statement, StatementTable } from '../contract.ts';
import { inParts } from '../lists.ts';
import type { Place } from '../sealing.ts';
import type { Unit } from './unit.ts';

/** What systems stated about records nobody can read, until a visit has taken it in. Sealed. */
export function statementTable({ db, vault }: Unit): StatementTable {
  return {
    async append(code, link, content) {
      await vault.fetch([code]);
      const last = await db
        .selectFrom('statement')
        .select((of) => of.fn.max('seq').as('seq'))
        .where('link', '=', link)
        .executeTakeFirst();
      const seq = Number(last?.seq ?? 0) + 1;
      await db
        .insertInto('statement')
        .values({ link, seq, code, content: vault.seal(code, place(link, seq), content) })
        .execute();
    },

    async load(links) {
      const rows = await inParts(links, (some) =>
        db.selectFrom('statement').selectAll().where('link', 'in', some).orderBy('link').orderBy('seq').execute(),
      );
      const readable = await vault.fetch(rows.map((row) => row.code));
      const waiting = new Map<string, Statement[]>();
      for (const row of rows) {
        if (!readable.has(row.code)) continue;
        const seq = Number(row.seq);
        const statement = { seq, content: vault.open(row.code, place(row.link, seq), row.content) };
        waiting.set(row.link, [...(waiting.get(row.link) ?? []), statement]);
      }
      return waiting;
    },

    async drop(link, seqs) {
      await inParts(seqs, async (some) => {
        await db.deleteFrom('statement').where('link', '=', link).where('seq', 'in', some).execute();
        return [];
      });
    },
  };
}

/** Number 0 was sealed where it waited before there was a queue. */
const place = (link: string, seq: number): Place =>
  seq === 0 ? { table: 'pushed', row: link, column: 'content' } : { table: 'statement', row: `${link}/${seq}`, column: 'content' };
