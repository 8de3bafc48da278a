import { StoreFault } from './errors.ts';

/** Lists in SQL: few distinct lengths, so that prepared statements are found again. */

const MOST_IN_STATEMENT = 512;

/** `list` in parts of at most 512. */
export function chunked<T>(list: readonly T[]): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (let from = 0; from < list.length; from += MOST_IN_STATEMENT) parts.push(list.slice(from, from + MOST_IN_STATEMENT));
  return parts;
}

/** For `in (…)`: repeats the last member until the length is a power of two. */
export function padded<T>(list: readonly T[]): readonly T[] {
  const last = list[list.length - 1];
  if (last === undefined) return list;
  let length = 1;
  while (length < list.length) length *= 2;
  return [...list, ...new Array<T>(length - list.length).fill(last)];
}

/** The rows of all parts of a list of ids, asked part by part. */
export async function inParts<T, R>(list: readonly T[], ask: (some: readonly T[]) => Promise<readonly R[]>): Promise<readonly R[]> {
  const parts = chunked(list);
  const first = parts[0];
  if (first === undefined) return [];
  if (parts.length === 1) return ask(padded(first));
  const rows: R[] = [];
  for (const part of parts) rows.push(...(await ask(padded(part))));
  return rows;
}

const MOST_ON_PAGE = 10_000;

/** Refuses a page size that is no whole number from 1 to 10,000. */
export function pageSize(most: number): number {
  if (Number.isInteger(most) && most >= 1 && most <= MOST_ON_PAGE) return most;
  throw new StoreFault('too-many', `Số dòng mỗi trang phải từ 1 đến ${MOST_ON_PAGE}.`, `A page holds 1 to ${MOST_ON_PAGE} rows.`);
}
