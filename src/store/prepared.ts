import type { Compilable, CompiledQuery, DialectAdapter, QueryResult } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Queries built and compiled once and run many times with other values: building costs more than SQLite needs to run them.
 * `build` sees marks in place of the values, so it must use them as they come: no arithmetic, no conditions on them.
 */

type Value = string | number | null | Uint8Array;
type Row = { readonly [column: string]: Value | undefined };
type Values = { readonly [name: string]: Value | Row | readonly Value[] | readonly Row[] };

/** Stands for the value at a path of names and list places. */
interface Mark {
  readonly mark: readonly (string | number)[];
}

type Runner = (query: CompiledQuery) => QueryResult<unknown>;
const runners = new WeakMap<Db, Runner>();

/** From now on what is asked of `db` runs on the spot, where the database lives in this process: the query builder's way there costs more. */
export function runHere(db: Db, run: Runner): void {
  runners.set(db, run);
}

/** Runs one compiled query, on the spot where it can. */
export async function execute<R>(db: Db, query: CompiledQuery<R>): Promise<QueryResult<R>> {
  const run = runners.get(db);
  return run === undefined ? db.executeQuery(query) : (run(query) as QueryResult<R>);
}

interface Built<R> {
  readonly query: CompiledQuery<R>;
  /** Where in the values each parameter stands; null: it is a constant of the query. */
  readonly paths: readonly (Mark['mark'] | null)[];
}

/** Lists of another length make another statement; see `padded`. */
export function prepared<P extends Values, R>(build: (db: Db, values: P) => Compilable<R>): (db: Db, values: P) => Promise<QueryResult<R>> {
  const compiled = new WeakMap<DialectAdapter, Map<string, Built<R>>>();
  return (db, values) => {
    const { adapter } = db.getExecutor();
    const ofDialect = compiled.get(adapter) ?? new Map<string, Built<R>>();
    compiled.set(adapter, ofDialect);
    const shape = shapeOf(values);
    const built = ofDialect.get(shape) ?? builtOf(build(db, marked(values, []) as P).compile());
    ofDialect.set(shape, built);
    const { query, paths } = built;
    return execute(db, { ...query, parameters: paths.map((path, i) => (path === null ? query.parameters[i] : at(values, path))) });
  };
}

const builtOf = <R>(query: CompiledQuery<R>): Built<R> => ({
  query,
  paths: query.parameters.map((parameter) => (isMark(parameter) ? parameter.mark : null)),
});

function shapeOf(values: Values): string {
  let shape = '';
  for (const value of Object.values(values)) if (Array.isArray(value)) shape += `${value.length},`;
  return shape;
}

function marked(value: unknown, path: readonly (string | number)[]): unknown {
  if (Array.isArray(value)) return value.map((each, index) => marked(each, [...path, index]));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return { mark: path } satisfies Mark;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, marked(each, [...path, name])]));
}

const isMark = (parameter: unknown): parameter is Mark =>
  typeof parameter === 'object' && parameter !== null && 'mark' in parameter && Array.isArray(parameter.mark);

function at(values: unknown, path: readonly (string | number)[]): unknown {
  let found = values;
  for (const step of path) found = (found as Record<string | number, unknown>)[step];
  return found;
}
