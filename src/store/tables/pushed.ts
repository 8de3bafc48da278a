import type { Json } from '../../model/json.ts';
import type { PushedTable } from '../contract.ts';
import { inParts } from '../lists.ts';
import type { Place } from '../sealing.ts';
import type { Unit } from './unit.ts';

/** The last statement a system pushed about a record nobody can read, until a visit has taken it in. Sealed. */
export function pushedTable({ db, vault }: Unit): PushedTable {
  return {
    async put(code, link, sequence, statement) {
      await vault.fetch([code]);
      const kept = await db.selectFrom('pushed').select('sequence').where('link', '=', link).executeTakeFirst();
      if (kept !== undefined && kept.sequence !== null && sequence !== null && sequence < kept.sequence) return false;
      const rest = { code, sequence, content: vault.seal(code, place(link), statement as Json) };
      await db
        .insertInto('pushed')
        .values({ link, ...rest })
        .onConflict((on) => on.column('link').doUpdateSet(rest))
        .execute();
      return true;
    },

    async load(links) {
      const rows = await inParts(links, (some) => db.selectFrom('pushed').selectAll().where('link', 'in', some).execute());
      const readable = await vault.fetch(rows.map((row) => row.code));
      return new Map(
        rows.filter((row) => readable.has(row.code)).map((row) => [row.link, vault.open(row.code, place(row.link), row.content) as Json]),
      );
    },

    async drop(link, sequence) {
      await db
        .deleteFrom('pushed')
        .where('link', '=', link)
        .where('sequence', sequence === null ? 'is' : '=', sequence)
        .execute();
    },
  };
}

const place = (link: string): Place => ({ table: 'pushed', row: link, column: 'content' });
