import type { At } from './json.ts';
import {
  addWorkDays,
  addWorkMs,
  countsFrom,
  DAY_MS,
  type Day,
  dayOf,
  endOfWork,
  isAfterCutOff,
  runsFrom,
  startOfDay,
  type ToldDay,
  toldDays,
  type WorkCalendar,
  workDaysBetween,
  workMsBetween,
  yearOf,
} from './work-calendar.ts';

/**
 * When something is due, by a clock that stands still while the citizen is asked for more (one-stop.md §15). The span of a
 * supplement is taken off in working time, since the terms are in working time (INFERENCE). Pure.
 */

/** So many working days (0 = the day itself) or working hours after receipt. */
export interface Term {
  readonly unit: 'day' | 'hour';
  readonly count: number;
}

/** From the request for a supplement until it was supplied; `until` null: still awaited. */
export interface Pause {
  readonly from: At;
  readonly until: At | null;
}

export interface Clock {
  /** When it began; null: not yet, and so nothing is late. */
  readonly startedAt: At | null;
  readonly term: Term | null;
  /** The day of return an official system stated: goes before the term. */
  readonly statedDueAt: At | null;
  /** In order. */
  readonly pauses: readonly Pause[];
  readonly endedAt: At | null;
  /** A second supplement counts as overdue (KPI766 index 2.1): true for a dossier, not for a leg. */
  readonly secondIsLate: boolean;
}

export interface CountedPause extends Pause {
  /** Working days, or working ms for a term in hours, that were taken off. */
  readonly off: number;
}

export interface Deadline {
  readonly state: 'waiting' | 'running' | 'paused' | 'ended';
  /** null: nothing is known that it could be late by. */
  readonly verdict: 'on-time' | 'late' | null;
  readonly source: 'stated' | 'term' | null;
  readonly term: Term | null;
  readonly startedAt: At | null;
  /** First working day that counts, where it is not the day of the start: `cut-off`, or a day off. */
  readonly movedTo: { readonly day: Day; readonly because: 'cut-off' | 'day-off' } | null;
  /** As it stands now. While paused: as it stood when the supplement was asked for; it moves on when the clock does. */
  readonly dueAt: At | null;
  readonly endedAt: At | null;
  /** Working time left, negative when over; null without a due time or after the end. */
  readonly remainingMs: number | null;
  readonly pauses: readonly CountedPause[];
  /** How often a supplement was asked for. */
  readonly supplements: number;
  /** Days from start to due that were skipped or made up, and why. */
  readonly days: readonly ToldDay[];
  /** Years the due time reaches into whose days off nobody has decided yet. */
  readonly undecided: readonly number[];
  /** Late for having asked for a second supplement, whatever the days say. */
  readonly secondSupplement: boolean;
}

const UNIT: Readonly<Record<Term['unit'], 'day' | 'ms'>> = { day: 'day', hour: 'ms' };
const HOUR_MS = 3_600_000;

/** Where a clock stands at `now`. */
export function deadlineOf(calendar: WorkCalendar, clock: Clock, now: At): Deadline {
  const { startedAt, term, endedAt } = clock;
  const open = clock.pauses.at(-1)?.until === null ? (clock.pauses.at(-1) ?? null) : null;
  const state = startedAt === null ? 'waiting' : endedAt !== null ? 'ended' : open === null ? 'running' : 'paused';
  const source = startedAt === null ? null : clock.statedDueAt !== null ? 'stated' : term !== null ? 'term' : null;
  const first = startedAt === null || source === null ? null : firstDue(calendar, clock, startedAt);
  const { dueAt, pauses } = first === null ? { dueAt: null, pauses: [] } : shifted(calendar, clock, first);
  const secondSupplement = clock.secondIsLate && startedAt !== null && clock.pauses.length > 1;
  // An open question ends what is judged so far: the office has done its part until then (KPI766 2.1: the time of that 5).
  const judgedAt = endedAt ?? open?.from ?? now;
  const judged = dueAt === null ? null : judgedAt > dueAt ? ('late' as const) : ('on-time' as const);
  const days = startedAt === null || dueAt === null ? [] : toldDays(calendar, dayOf(startedAt), dayOf(dueAt));
  return {
    state,
    verdict: secondSupplement ? 'late' : judged,
    source,
    term,
    startedAt,
    movedTo: startedAt === null || source !== 'term' ? null : movedTo(calendar, startedAt),
    dueAt,
    endedAt,
    remainingMs: dueAt === null || endedAt !== null ? null : workMsBetween(calendar, judgedAt, dueAt),
    pauses,
    supplements: clock.pauses.length,
    days,
    undecided: startedAt === null || dueAt === null ? [] : undecidedYears(calendar, dayOf(startedAt), dayOf(dueAt)),
    secondSupplement,
  };
}

function firstDue(calendar: WorkCalendar, { statedDueAt, term }: Clock, startedAt: At): At {
  if (statedDueAt !== null) return statedDueAt;
  return term === null ? startedAt : dueAfter(calendar, startedAt, term);
}

/** Due time of a term from a receipt: the end of the last working day, or the very moment for hours. */
export function dueAfter(calendar: WorkCalendar, at: At, { unit, count }: Term): At {
  if (unit === 'hour') return addWorkMs(calendar, runsFrom(calendar, at), count * HOUR_MS);
  return endOfWork(calendar, addWorkDays(calendar, countsFrom(calendar, at), count));
}

function movedTo(calendar: WorkCalendar, startedAt: At): Deadline['movedTo'] {
  const day = countsFrom(calendar, startedAt);
  if (day === dayOf(startedAt)) return null;
  const rests = toldDays(calendar, dayOf(startedAt), dayOf(startedAt)).some(({ works }) => !works);
  return { day, because: isAfterCutOff(calendar, startedAt) && !rests ? 'cut-off' : 'day-off' };
}

/** Each pause that began in time moves the due time on by its working days (or hours); one after the due time helps no more. */
function shifted(calendar: WorkCalendar, clock: Clock, first: At): { readonly dueAt: At; readonly pauses: readonly CountedPause[] } {
  const unit = clock.statedDueAt !== null ? 'day' : UNIT[clock.term?.unit ?? 'day'];
  let dueAt = first;
  const pauses: CountedPause[] = [];
  // Asked for before the clock ran: only what it stood still from then on counts.
  const began =
    clock.statedDueAt !== null || clock.startedAt === null ? Number.NEGATIVE_INFINITY : beginOf(calendar, unit, clock.startedAt);
  for (const { from, until } of clock.pauses) {
    const off = until === null || from > dueAt ? 0 : offBy(calendar, unit, Math.max(from, began), until);
    if (off > 0) dueAt = unit === 'ms' ? addWorkMs(calendar, dueAt, off) : moveDays(calendar, dueAt, off);
    pauses.push({ from, until, off });
  }
  return { dueAt, pauses };
}

const beginOf = (calendar: WorkCalendar, unit: 'day' | 'ms', startedAt: At): At =>
  unit === 'ms' ? runsFrom(calendar, startedAt) : startOfDay(countsFrom(calendar, startedAt));

/** Supplied after the cut-off counts from the next working day, like a receipt. */
function offBy(calendar: WorkCalendar, unit: 'day' | 'ms', from: At, until: At): number {
  if (until <= from) return 0;
  if (unit === 'ms') return workMsBetween(calendar, from, runsFrom(calendar, until));
  return workDaysBetween(calendar, dayOf(from), countsFrom(calendar, until));
}

/** Keeps the hour of the day; a stated time on a day off moves from there. */
function moveDays(calendar: WorkCalendar, at: At, count: number): At {
  const day = dayOf(at);
  return at + (addWorkDays(calendar, day, count) - day) * DAY_MS;
}

function undecidedYears(calendar: WorkCalendar, from: Day, until: Day): readonly number[] {
  const [first, last] = [yearOf(from), Math.min(yearOf(until), yearOf(from) + 10)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index).filter((year) => !calendar.isDecided(year));
}
