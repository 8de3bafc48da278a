/** Days of receipt in Vietnamese time (+07:00, no summer time); the feeds are asked by day. */

const ZONE_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

/** `yyyy-MM-dd` of a moment: the format of the questions. SOURCED TD. */
export const dayOf = (at: number): string => new Date(at + ZONE_MS).toISOString().slice(0, 10);

export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export interface Window {
  readonly from: string;
  readonly until: string;
  /** The next first day while there are days left up to today. */
  readonly next: string | null;
}

/** The days to ask for from a first day on, never beyond today. */
export function windowFrom(first: string, windowDays: number, today: string): Window {
  const last = dayAfter(first, windowDays - 1);
  const until = last < today ? last : today;
  return { from: first < today ? first : today, until, next: until < today ? dayAfter(until, 1) : null };
}

/** A kept cursor is a day; anything else begins at the first day. */
export const firstDay = (cursor: string | null, since: string): string =>
  cursor !== null && /^\d{4}-\d{2}-\d{2}$/u.test(cursor) ? cursor : since;
