import { type Crosswalk, matchKey } from '../mapping/crosswalk.ts';

/** Code lists as the function written by hand looks them up: by code, else by its folded spelling, valid on a day. */
interface Row {
  readonly theirs: string;
  readonly from: number;
  readonly until: number;
}
export interface Table {
  readonly name: string;
  readonly exact: ReadonlyMap<string, readonly Row[]>;
  readonly folded: ReadonlyMap<string, readonly Row[]>;
}
const TABLES = ['ward', 'province', 'country', 'ethnic', 'gender.btp', 'parentage', 'paper-kind', 'residence-kind', 'relation'] as const;
export const KIND = 'registration-kind.birth';
export type Tables = Readonly<Record<(typeof TABLES)[number] | typeof KIND, Table>>;

/** The code lists this form needs, indexed once. Throws when one is missing. */
export function birthTables(crosswalks: ReadonlyMap<string, Crosswalk>): Tables {
  const names = [...TABLES, KIND];
  return Object.fromEntries(names.map((name) => [name, tableOf(name, crosswalks.get(name))])) as unknown as Tables;
}

function tableOf(name: string, crosswalk: Crosswalk | undefined): Table {
  if (crosswalk === undefined) throw new RangeError(`no crosswalk ${name}`);
  const exact = new Map<string, Row[]>();
  const folded = new Map<string, Row[]>();
  for (const { ours, theirs, from, until, outward } of crosswalk.rows) {
    if (!outward) continue;
    const row = { theirs, from: from ?? Number.NEGATIVE_INFINITY, until: until ?? Number.POSITIVE_INFINITY };
    exact.set(ours, [...(exact.get(ours) ?? []), row]);
    folded.set(matchKey(ours), [...(folded.get(matchKey(ours)) ?? []), row]);
  }
  return { name, exact, folded };
}

function validAt(rows: readonly Row[] | undefined, at: number): string | readonly string[] | null {
  let only: string | null = null;
  let several: string[] | null = null;
  for (const { theirs, from, until } of rows ?? NO_ROWS) {
    if (from > at || at >= until || theirs === only) continue;
    if (only === null) only = theirs;
    else if (several === null) several = [only, theirs];
    else several.push(theirs);
  }
  return several ?? only;
}

const NO_ROWS: readonly Row[] = [];

/** The one code of that day; a list where there are several to choose from; null where there is none. */
export const lookUp = (table: Table, key: string, at: number): string | readonly string[] | null =>
  validAt(table.exact.get(key), at) ?? validAt(table.folded.get(matchKey(key)), at);
