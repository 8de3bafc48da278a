import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addWorkDays,
  addWorkMs,
  countsFrom,
  dayOf,
  endOfWork,
  isWorkDay,
  parseDay,
  printDay,
  runsFrom,
  startOfDay,
  toldDays,
  workDayFrom,
  workDaysBetween,
  workMsBetween,
} from '../../src/model/work-calendar.ts';
import { at, plain, said, shipped } from './calendars.ts';

const day = (text: string): number => parseDay(text) ?? Number.NaN;
const HOUR = 3_600_000;
/** Years with a decided table and years without one. */
const someDay = fc.integer({ min: day('2024-01-01'), max: day('2031-12-31') });
const someMoment = fc.integer({ min: at('2024-01-01 00:00'), max: at('2031-12-31 23:59') });
const aFew = fc.integer({ min: 0, max: 60 });

describe('the laws of working days', () => {
  test('n days further on, n working days are counted', () => {
    fc.assert(
      fc.property(someDay, aFew, (from, n) => {
        const start = workDayFrom(shipped, from);
        expect(workDaysBetween(shipped, start, addWorkDays(shipped, start, n))).toBe(n);
      }),
    );
  });
  test('a later start or a longer term is never due earlier', () => {
    fc.assert(
      fc.property(someDay, aFew, aFew, aFew, (from, more, n, longer) => {
        expect(addWorkDays(shipped, from + more, n)).toBeGreaterThanOrEqual(addWorkDays(shipped, from, n));
        expect(addWorkDays(shipped, from, n + longer)).toBeGreaterThanOrEqual(addWorkDays(shipped, from, n));
      }),
    );
  });
  test('nothing is due on a day off, by days or by hours', () => {
    fc.assert(
      fc.property(someMoment, aFew, (from, n) => {
        expect(isWorkDay(shipped, addWorkDays(shipped, countsFrom(shipped, from), n))).toBe(true);
        expect(isWorkDay(shipped, dayOf(addWorkMs(shipped, from, n * HOUR)))).toBe(true);
      }),
    );
  });
  test('two terms one after the other are one long term', () => {
    fc.assert(
      fc.property(someDay, aFew, aFew, (from, a, b) => {
        expect(addWorkDays(shipped, addWorkDays(shipped, from, a), b)).toBe(addWorkDays(shipped, from, a + b));
      }),
    );
  });
  test('so many working hours further on, so many are counted, and never in a break', () => {
    fc.assert(
      fc.property(someMoment, fc.integer({ min: 1, max: 200 * 60 }), (from, minutes) => {
        const until = addWorkMs(shipped, from, minutes * 60_000);
        expect(workMsBetween(shipped, from, until)).toBe(minutes * 60_000);
        const inDay = until - startOfDay(dayOf(until));
        expect(shipped.sessions.some(({ fromMs, untilMs }) => fromMs < inDay && inDay <= untilMs)).toBe(true);
      }),
    );
  });
  test('time from here to there is minus the time from there to here', () => {
    fc.assert(
      fc.property(someMoment, fc.integer({ min: 0, max: 90 * 24 * HOUR }), (from, span) => {
        expect(workMsBetween(shipped, from, from + span) + workMsBetween(shipped, from + span, from)).toBe(0);
      }),
    );
  });
  test('what a receipt counts from is a working day not before it, and the next one only when it must', () => {
    fc.assert(
      fc.property(someMoment, (when) => {
        const found = countsFrom(shipped, when);
        expect(isWorkDay(shipped, found)).toBe(true);
        const late = when - startOfDay(dayOf(when)) > 15 * HOUR;
        const first = late ? dayOf(when) + 1 : dayOf(when);
        expect(found).toBeGreaterThanOrEqual(first);
        expect(toldDays(shipped, first, found - 1).filter(({ works }) => !works)).toHaveLength(found - first);
      }),
    );
  });
  test('a span of mistyped years ends', () => {
    expect(workDaysBetween(plain, 0, 900_000_000)).toBeGreaterThan(2000);
    expect(workMsBetween(plain, 0, 9e15)).toBeGreaterThan(0);
  });
  test('a calendar in which nobody ever works is refused, not searched for ever', () => {
    const never = { ...plain, weekend: new Set([0, 1, 2, 3, 4, 5, 6]) };
    expect(() => workDayFrom(never, 0)).toThrow(RangeError);
  });
});

describe('the day in Vietnam', () => {
  test.each([
    ['2026-11-23T17:00:00Z', '2026-11-24'],
    ['2026-11-23T16:59:59Z', '2026-11-23'],
    ['2026-12-31T16:59:59Z', '2026-12-31'],
    ['2026-12-31T17:00:00Z', '2027-01-01'],
    ['1969-12-31T16:59:59Z', '1969-12-31'],
  ])('%s is %s', (instant, expected) => {
    expect(printDay(dayOf(Date.parse(instant)))).toBe(expected);
  });
  test('a term over the end of the year skips New Year: two days after 31/12/2025 is 06/01/2026, since 02/01 was swapped off', () => {
    expect(printDay(addWorkDays(shipped, day('2025-12-31'), 2))).toBe('2026-01-06');
  });
  test('a Saturday that is made up works, and the day it was swapped for does not', () => {
    expect(isWorkDay(shipped, day('2026-01-10'))).toBe(true);
    expect(isWorkDay(shipped, day('2026-01-02'))).toBe(false);
    expect(toldDays(shipped, day('2026-01-10'), day('2026-01-10'))).toMatchObject([{ works: true, why: 'make-up', basis: 'decided' }]);
    expect(said(endOfWork(shipped, day('2026-01-10')))).toBe('2026-01-10 17:00');
  });
});

describe('the hour of receipt (T20)', () => {
  test.each([
    ['2026-11-24 08:00', '2026-11-24'],
    ['2026-11-24 15:00', '2026-11-24'],
    ['2026-11-24 15:01', '2026-11-25'],
    ['2026-11-24 23:59', '2026-11-25'],
    ['2026-11-25 00:01', '2026-11-25'],
    ['2026-11-27 15:30', '2026-11-30'],
    ['2026-11-28 09:00', '2026-11-30'],
    ['2026-12-31 15:30', '2027-01-04'],
  ])('received %s counts from %s', (when, expected) => {
    expect(printDay(countsFrom(shipped, at(when)))).toBe(expected);
  });
  test('the hour is data', () => {
    expect(plain.cutOffMs).toBe(15 * HOUR);
    expect(printDay(countsFrom({ ...plain, cutOffMs: 16 * HOUR }, at('2026-11-24 15:30')))).toBe('2026-11-24');
  });
  test('hours run from the receipt, from the next session, or from the next morning', () => {
    expect(said(runsFrom(plain, at('2026-11-24 06:00')))).toBe('2026-11-24 07:00');
    expect(said(addWorkMs(plain, runsFrom(plain, at('2026-11-24 11:00')), HOUR))).toBe('2026-11-24 14:00');
    expect(said(addWorkMs(plain, runsFrom(plain, at('2026-11-24 14:00')), 8 * HOUR))).toBe('2026-11-25 14:00');
    expect(said(addWorkMs(plain, runsFrom(plain, at('2026-11-27 16:00')), 4 * HOUR))).toBe('2026-11-30 11:00');
  });
});
