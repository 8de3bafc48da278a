import type { At } from './json.ts';
import { BUSINESS_OFFSET_MS, parsePartialDate } from './partial-date.ts';

/** Working days and hours in Vietnam (+07:00, no daylight saving). Pure: which days are off comes in as data. */

/** A calendar day in +07:00, counted from 1970-01-01. */
export type Day = number;

export interface Words {
  readonly vi: string;
  readonly en: string;
}

/** `holiday` by law or decision · `in-lieu` for a holiday on a day of rest · `swap-off` and `make-up` are the two halves of a swap. */
export type DayWhy = 'holiday' | 'in-lieu' | 'swap-off' | 'make-up';

/** A day that is not what its weekday says. `default`: nobody has decided that year yet; law and moon say so. */
export interface SpecialDay {
  readonly works: boolean;
  readonly why: DayWhy;
  readonly name: Words;
  readonly basis: 'decided' | 'default';
}

export interface WorkCalendar {
  /** 0 = Sunday … 6 = Saturday. */
  readonly weekend: ReadonlySet<number>;
  readonly special: (day: Day) => SpecialDay | null;
  /** Whether that year's table was decided, or stands by default. */
  readonly isDecided: (year: number) => boolean;
  /** Working hours, ms after midnight, in order and apart. */
  readonly sessions: readonly { readonly fromMs: number; readonly untilMs: number }[];
  /** What is received later than this counts from the next working day (T20). */
  readonly cutOffMs: number;
}

export const DAY_MS = 86_400_000;
/** A calendar without a working day in so many days is not one. */
const MOST_DAYS_OFF = 400;
/** Longer spans count as this long: a mistyped year must not make anyone count for ever. */
const MOST_SPAN_DAYS = 3660;
const reach = (from: Day, until: Day): Day => Math.min(until, from + MOST_SPAN_DAYS);

export const dayOf = (at: At): Day => Math.floor((at + BUSINESS_OFFSET_MS) / DAY_MS);
export const startOfDay = (day: Day): At => day * DAY_MS - BUSINESS_OFFSET_MS;
/** 1970-01-01 was a Thursday. */
export const weekdayOf = (day: Day): number => (((day + 4) % 7) + 7) % 7;
export const printDay = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
export const yearOf = (day: Day): number => new Date(day * DAY_MS).getUTCFullYear();

/** `yyyy-MM-dd` as a day; null where it is none of the calendar. */
export function parseDay(text: string): Day | null {
  const read = parsePartialDate(text);
  return read.ok && read.value.precision === 'day' ? Date.parse(`${text}T00:00:00Z`) / DAY_MS : null;
}

export const isWorkDay = (calendar: Pick<WorkCalendar, 'weekend' | 'special'>, day: Day): boolean =>
  calendar.special(day)?.works ?? !calendar.weekend.has(weekdayOf(day));

/** The first working day at or after `day`. */
export function workDayFrom(calendar: WorkCalendar, day: Day): Day {
  for (let found = day; found < day + MOST_DAYS_OFF; found += 1) if (isWorkDay(calendar, found)) return found;
  throw new RangeError(`no working day after ${printDay(day)}`);
}

/** The day a receipt counts from: its own, unless it is a day off or the hour of cut-off is past. */
export function countsFrom(calendar: WorkCalendar, at: At): Day {
  const day = dayOf(at);
  return workDayFrom(calendar, isAfterCutOff(calendar, at) ? day + 1 : day);
}

export const isAfterCutOff = (calendar: WorkCalendar, at: At): boolean => at - startOfDay(dayOf(at)) > calendar.cutOffMs;

/** `count` working days after `day`, the day itself not counted; 0 gives the first working day at or after it. */
export function addWorkDays(calendar: WorkCalendar, day: Day, count: number): Day {
  let found = workDayFrom(calendar, day);
  for (let left = count; left > 0; left -= 1) found = workDayFrom(calendar, found + 1);
  return found;
}

/** Working days after `from` up to and with `until`; 0 when `until` does not lie after `from`. */
export function workDaysBetween(calendar: WorkCalendar, from: Day, until: Day): number {
  let count = 0;
  for (let day = from + 1; day <= reach(from, until); day += 1) if (isWorkDay(calendar, day)) count += 1;
  return count;
}

/** When a day's work ends. */
export const endOfWork = (calendar: WorkCalendar, day: Day): At => startOfDay(day) + (calendar.sessions.at(-1)?.untilMs ?? DAY_MS);
const startOfWork = (calendar: WorkCalendar, day: Day): At => startOfDay(day) + (calendar.sessions[0]?.fromMs ?? 0);

/** The moment working hours run from: the receipt itself, or the start of the next day or session that works. */
export function runsFrom(calendar: WorkCalendar, at: At): At {
  const day = countsFrom(calendar, at);
  return day === dayOf(at) ? Math.max(at, startOfWork(calendar, day)) : startOfWork(calendar, day);
}

/** The moment at which `ms` of working time have passed since `at`. Never in a break and never on a day off. */
export function addWorkMs(calendar: WorkCalendar, at: At, ms: number): At {
  let left = ms;
  let day = workDayFrom(calendar, dayOf(at));
  for (;;) {
    for (const { fromMs, untilMs } of calendar.sessions) {
      const from = Math.max(at, startOfDay(day) + fromMs);
      const room = startOfDay(day) + untilMs - from;
      if (room < 0 || (room === 0 && left > 0)) continue;
      if (room >= left) return from + left;
      left -= room;
    }
    day = workDayFrom(calendar, day + 1);
  }
}

/** Working time from one moment to a later one; negative the other way round. */
export function workMsBetween(calendar: WorkCalendar, from: At, until: At): number {
  if (until < from) return -workMsBetween(calendar, until, from);
  let sum = 0;
  for (let day = dayOf(from); day <= reach(dayOf(from), dayOf(until)); day += 1) {
    if (!isWorkDay(calendar, day)) continue;
    for (const { fromMs, untilMs } of calendar.sessions) {
      sum += Math.max(0, Math.min(until, startOfDay(day) + untilMs) - Math.max(from, startOfDay(day) + fromMs));
    }
  }
  return sum;
}

/** Working time of a whole day. */
export const workDayMs = (calendar: WorkCalendar): number =>
  calendar.sessions.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);

/** A day between two others that does not count, or counts though its weekday rests, and why. */
export interface ToldDay extends Words {
  readonly day: Day;
  readonly works: boolean;
  readonly why: DayWhy | 'weekend';
  /** `default`: by rule, the year's table is not decided. */
  readonly basis: 'rule' | 'decided' | 'default';
}

const WEEKDAYS: readonly Words[] = [
  { vi: 'Chủ nhật', en: 'Sunday' },
  { vi: 'thứ Hai', en: 'Monday' },
  { vi: 'thứ Ba', en: 'Tuesday' },
  { vi: 'thứ Tư', en: 'Wednesday' },
  { vi: 'thứ Năm', en: 'Thursday' },
  { vi: 'thứ Sáu', en: 'Friday' },
  { vi: 'thứ Bảy', en: 'Saturday' },
];
const weekdayWords = (day: Day): Words => WEEKDAYS[weekdayOf(day)] ?? { vi: '', en: '' };

/** Days from `from` to `until`, both included, that were skipped or are made up. */
export function toldDays(calendar: WorkCalendar, from: Day, until: Day): readonly ToldDay[] {
  const told: ToldDay[] = [];
  for (let day = from; day <= reach(from, until); day += 1) {
    const special = calendar.special(day);
    if (special !== null) told.push({ day, works: special.works, why: special.why, basis: special.basis, ...special.name });
    else if (calendar.weekend.has(weekdayOf(day))) told.push({ day, works: false, why: 'weekend', basis: 'rule', ...weekdayWords(day) });
  }
  return told;
}
