import type { At } from './json.ts';
import { fails, type Reading, reads } from './reading.ts';

/**
 * Dates as precise as they are known. In the hub a date is text: `2026`, `2026-05` or `2026-05-17`; an instant is ISO 8601
 * with Z. Business time is +07:00; Vietnam has no daylight saving, so the offset is fixed.
 */
export type PartialDate =
  | { readonly precision: 'year'; readonly year: number }
  | { readonly precision: 'month'; readonly year: number; readonly month: number }
  | { readonly precision: 'day'; readonly year: number; readonly month: number; readonly day: number };
export type Precision = PartialDate['precision'];

export const BUSINESS_OFFSET_MS = 7 * 3_600_000;
/** Outside these years stand the sentinels of other software (0001-01-01, 9999-12-31), not dates of people. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2200;

const FORMAT = fails('date.format', 'Ngày tháng không đúng định dạng.', 'The date does not have the agreed format.');
const CALENDAR = fails('date.calendar', 'Ngày này không có trong lịch.', 'There is no such day in the calendar.');
const RANGE = fails('date.range', 'Năm nằm ngoài khoảng 1800–2200.', 'The year is outside 1800–2200.');

/** Days of a month in the Gregorian calendar. */
export const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** A checked partial date from its numbers; leave out what is not known. */
export function partialDate(year: number, month?: number, day?: number): Reading<PartialDate> {
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) return RANGE;
  if (month === undefined) return day === undefined ? reads({ precision: 'year', year }) : FORMAT;
  if (!(month >= 1 && month <= 12)) return CALENDAR;
  if (day === undefined) return reads({ precision: 'month', year, month });
  if (!(day >= 1 && day <= daysIn(year, month))) return CALENDAR;
  return reads({ precision: 'day', year, month, day });
}

/** Reads the hub's own form: `2026`, `2026-05`, `2026-05-17`. */
export function parsePartialDate(text: string): Reading<PartialDate> {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (parts === null) return FORMAT;
  const [, year, month, day] = parts;
  return partialDate(Number(year), month === undefined ? undefined : Number(month), day === undefined ? undefined : Number(day));
}

/** The hub's own form; what is not known is not written. */
export function printPartialDate(date: PartialDate): string {
  const year = pad(date.year, 4);
  if (date.precision === 'year') return year;
  const month = `${year}-${pad(date.month, 2)}`;
  return date.precision === 'month' ? month : `${month}-${pad(date.day, 2)}`;
}

/** The hub's form of an instant: ISO 8601, UTC, milliseconds. */
export const printInstant = (at: At): string => new Date(at).toISOString();

const ISO_INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})$/;

/** An ISO 8601 instant with Z or an offset (`+07:00` or `+0700`). Without an offset it is refused: the moment would be a guess. */
export function parseInstant(text: string): Reading<At> {
  const parts = ISO_INSTANT.exec(text);
  if (parts === null) return FORMAT;
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone = 'Z'] = parts;
  const ms = Math.trunc(Number(`0.${fraction}`) * 1000 + 1e-6);
  return instant([year, month, day, hour, minute, second].map(Number), ms, zone);
}

/** The calendar day in Vietnam at this instant. */
export function businessDate(at: At): PartialDate & { precision: 'day' } {
  const local = new Date(at + BUSINESS_OFFSET_MS);
  return { precision: 'day', year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

/** An instant from its parts; `zone` empty means business time. */
export function instant(parts: readonly number[], ms: number, zone: string): Reading<At> {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const date = partialDate(year, month, day);
  if (!date.ok) return date;
  if (hour > 23 || minute > 59 || second > 59) return CALENDAR;
  const offset = offsetMs(zone);
  return offset === null ? FORMAT : reads(Date.UTC(year, month - 1, day, hour, minute, second, ms) - offset);
}

function offsetMs(zone: string): number | null {
  if (zone === '') return BUSINESS_OFFSET_MS;
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  return hours > 14 || minutes > 59 ? null : sign * (hours * 60 + minutes) * 60_000;
}

const pad = (number: number, width: number): string => String(number).padStart(width, '0');
