import type { Selectable } from 'kysely';
import type { Json, JsonObject } from '../../model/json.ts';
import type { AgreedValue } from '../../model/line-value.ts';
import type { Base, BaseTable } from '../contract.ts';
import { inParts } from '../lists.ts';
import { prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import type { Place } from '../sealing.ts';
import type { Unit } from './unit.ts';

type Row = Selectable<Schema['base']>;

/** Lines, ring and snapshot are sealed together: they are always read together. */
interface Content {
  readonly lines: readonly (readonly [string, AgreedValue])[];
  readonly ring: readonly (readonly [string, readonly AgreedValue[]])[];
  readonly snapshot: JsonObject | null;
}

export function baseTable({ db, vault }: Unit): BaseTable {
  const open = (row: Row): Base => {
    const content = vault.open(row.code, place(row.link), row.content) as unknown as Content;
    return {
      link: row.link,
      lines: new Map(content.lines),
      provisional: row.provisional === 1,
      ring: new Map(content.ring),
      snapshot: content.snapshot,
      mappingVersion: row.mapping_version,
    };
  };

  async function readable(links: readonly string[]): Promise<readonly Row[]> {
    const rows = await inParts(links, async (some) => (await byLinks(db, { links: some })).rows);
    const keyed = await vault.fetch(rows.map((row) => row.code));
    return rows.filter((row) => keyed.has(row.code));
  }

  return {
    async load(links) {
      return new Map((await readable(links)).map((row) => [row.link, open(row)]));
    },

    async each(links, visit) {
      for (const row of await readable(links)) visit(open(row));
    },

    async save(code, base) {
      await vault.fetch([code]);
      const content: Content = { lines: [...base.lines], ring: [...base.ring], snapshot: base.snapshot };
      const rest = {
        code,
        content: vault.seal(code, place(base.link), content as unknown as Json),
        provisional: base.provisional ? 1 : 0,
        mapping_version: base.mappingVersion,
      };
      await put(db, { link: base.link, rest });
    },
  };
}

const byLinks = prepared((db, { links }: { readonly links: readonly string[] }) =>
  db.selectFrom('base').selectAll().where('link', 'in', links),
);
const put = prepared((db, { link, rest }: { readonly link: string; readonly rest: Omit<Schema['base'], 'link'> }) =>
  db
    .insertInto('base')
    .values({ link, ...rest })
    .onConflict((on) => on.column('link').doUpdateSet(rest)),
);

const place = (link: string): Place => ({ table: 'base', row: link, column: 'content' });
