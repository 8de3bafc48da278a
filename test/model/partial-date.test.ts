import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATE_FORMATS, type DateFormat, dateFormat, parseDate, printAt, printDate } from '../../src/model/date-format.ts';
import {
  businessDate,
  daysIn,
  type PartialDate,
  parseInstant,
  parsePartialDate,
  partialDate,
  printInstant,
  printPartialDate,
} from '../../src/model/partial-date.ts';
import type { Reading } from '../../src/model/reading.ts';

const ok = <T>(read: Reading<T>): T => {
  if (!read.ok) throw new Error(read.problem.code);
  return read.value;
};
const code = (read: Reading<unknown>) => (read.ok ? 'ok' : read.problem.code);
const format = (name: string): DateFormat => ok(dateFormat(name));
/** What a text says, in the hub's own form. */
const said = (name: string, text: string): string => {
  const read = parseDate(format(name), text);
  if (!read.ok) return read.problem.code;
  return read.value.is === 'date' ? printPartialDate(read.value.date) : printInstant(read.value.at);
};

const days = fc
  .tuple(fc.integer({ min: 1800, max: 2200 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([year, month, day]): PartialDate => ok(partialDate(year, month, Math.min(day, daysIn(year, month)))));
const months = days.map((date): PartialDate => ok(partialDate(date.year, date.precision === 'day' ? date.month : 1)));
const years = days.map((date): PartialDate => ok(partialDate(date.year)));
const seconds = fc.integer({ min: -5_000_000_000, max: 7_000_000_000 }).map((second) => second * 1000);

describe('dates with their precision', () => {
  it('T2: each format reads what its system writes', () => {
    const samples: readonly (readonly [string, string, string])[] = [
      ['yyyyMMdd', '20260517', '2026-05-17'],
      ['dd.MM.yyyy', '17.05.2026', '2026-05-17'],
      ['dd/MM/yyyy', '17/05/2026', '2026-05-17'],
      ['dd-MM-yyyy', '17-05-2026', '2026-05-17'],
      ['yyyy-MM-dd', '2026-05-17', '2026-05-17'],
      ['yyyy/MM/dd', '2026/05/17', '2026-05-17'],
      ['yyyy-MM', '2026-05', '2026-05'],
      ['MM/yyyy', '05/2026', '2026-05'],
      ['MMYYYY', '052026', '2026-05'],
      ['MMyyyy', '052026', '2026-05'],
      ['yyyy', '2026', '2026'],
      ['ngày dd tháng MM năm yyyy', 'ngày 17 tháng 05 năm 2026', '2026-05-17'],
      ['tháng MM năm yyyy', 'tháng 05 năm 2026', '2026-05'],
      ['năm yyyy', 'năm 2026', '2026'],
      ['yyyyMMddHHmm', '202605170807', '2026-05-17T01:07:00.000Z'],
      ['yyyyMMddHHmmss', '20260517080709', '2026-05-17T01:07:09.000Z'],
      ['yyyy-MM-dd HH:mm:ss', '2026-05-17 08:07:09', '2026-05-17T01:07:09.000Z'],
      ['dd/MM/yyyy HH:mm:ss', '17/05/2026 00:00:00', '2026-05-16T17:00:00.000Z'],
      ['yyyy-MM-ddTHH:mm:ss', '2026-05-17T08:07:09', '2026-05-17T01:07:09.000Z'],
      ['yyyy-MM-ddTHH:mm:ssXXX', '2026-05-17T08:07:09+07:00', '2026-05-17T01:07:09.000Z'],
      ['yyyy-MM-ddTHH:mm:ss.SSSX', '2026-05-17T01:07:09.123Z', '2026-05-17T01:07:09.123Z'],
      ['yyyy-MM-ddTHH:mm:ss.SSSXX', '2026-05-17T08:07:09.123+0700', '2026-05-17T01:07:09.123Z'],
      ['yyyy-MM-ddTHH:mm:ss.SSSXXX', '2026-05-17T08:07:09.123+07:00', '2026-05-17T01:07:09.123Z'],
    ];
    for (const [name, text, meaning] of samples) expect([name, said(name, text)]).toEqual([name, meaning]);
    expect(new Set(samples.map(([name]) => ok(dateFormat(name)).name))).toEqual(new Set(DATE_FORMATS));
  });

  it('T2: what a format prints it reads back, and the reverse', () => {
    const byPrecision = { day: days, month: months, year: years };
    for (const name of DATE_FORMATS) {
      const known = format(name);
      if (known.precision === null) {
        fc.assert(
          fc.property(seconds, (second) => {
            const at = name.includes('ss') ? second : second - (((second % 60_000) + 60_000) % 60_000);
            expect(parseDate(known, ok(printAt(known, at)))).toEqual({ ok: true, value: { is: 'instant', at } });
          }),
        );
      } else {
        fc.assert(
          fc.property(byPrecision[known.precision], (date) => {
            expect(parseDate(known, ok(printDate(known, date)))).toEqual({ ok: true, value: { is: 'date', date } });
          }),
        );
      }
    }
  });

  it('T2: mm is minutes, never months', () => {
    expect(code(dateFormat('dd/mm/yyyy'))).toBe('date-format.minutes');
    expect(code(dateFormat('yyyymmdd'))).toBe('date-format.minutes');
    expect(said('yyyyMMddHHmm', '202605170859')).toBe('2026-05-17T01:59:00.000Z');
    expect(code(dateFormat('dd/yyyy'))).toBe('date-format.unknown');
    expect(code(dateFormat('MM'))).toBe('date-format.unknown');
    expect(code(dateFormat('DD/MM/yyyy'))).toBe('date-format.unknown');
  });

  it('T2: a wrong text is an error, not null and not now', () => {
    for (const name of DATE_FORMATS) {
      for (const text of ['', ' ', '0', 'null', '17-5-2026', '1/1/2026', 'không có thông tin']) {
        expect([name, text, said(name, text)]).toEqual([name, text, 'date.format']);
      }
    }
    expect(said('dd/MM/yyyy', '30/02/2026')).toBe('date.calendar');
    expect(said('dd/MM/yyyy', '05/17/2026')).toBe('date.calendar');
    expect(said('yyyyMMddHHmmss', '20260517246000')).toBe('date.calendar');
    expect(said('dd/MM/yyyy', '01/01/0001')).toBe('date.range');
    expect(said('yyyy-MM-dd', '9999-12-31')).toBe('date.range');
    expect(said('dd.MM.yyyy', '17/05/2026')).toBe('date.format');
  });

  it('T3: year and month survive as they are known', () => {
    for (const text of ['1950', '1950-06', '1950-06-30', '2024-02-29']) expect(printPartialDate(ok(parsePartialDate(text)))).toBe(text);
    for (const text of ['2026-02-30', '2025-02-29', '2026-13', '2026-00', '2026-05-00'])
      expect(code(parsePartialDate(text))).toBe('date.calendar');
    for (const text of ['26', '2026-5', '2026-05-17T00:00:00Z', '']) expect(code(parsePartialDate(text))).toBe('date.format');
    fc.assert(
      fc.property(fc.oneof(days, months, years), (date) => {
        expect(ok(parsePartialDate(printPartialDate(date)))).toEqual(date);
      }),
    );
  });

  it('T3: no wire shows an invented 01/01: a format that needs more than is known refuses', () => {
    for (const name of DATE_FORMATS) {
      const known = format(name);
      if (known.precision === 'year') continue;
      expect([name, code(printDate(known, { precision: 'year', year: 1950 }))]).toEqual([name, 'date.precision']);
    }
    expect(code(printDate(format('dd/MM/yyyy'), { precision: 'month', year: 1950, month: 6 }))).toBe('date.precision');
    expect(code(printDate(format('yyyyMMddHHmmss'), { precision: 'day', year: 1950, month: 6, day: 1 }))).toBe('date.precision');
  });

  it('T3: nothing that is known falls away unsaid', () => {
    expect(code(printDate(format('yyyy'), { precision: 'day', year: 1950, month: 6, day: 1 }))).toBe('date.narrows');
    expect(code(printDate(format('MM/yyyy'), { precision: 'day', year: 1950, month: 6, day: 1 }))).toBe('date.narrows');
    expect(code(printAt(format('dd/MM/yyyy'), 1))).toBe('date.narrows');
    expect(ok(printAt(format('dd/MM/yyyy'), ok(parseInstant('2026-05-17T00:00:00+07:00'))))).toBe('17/05/2026');
  });

  it('instants need a zone, and offsets with and without colon are one', () => {
    expect(ok(parseInstant('2026-05-17T08:07:09+0700'))).toBe(ok(parseInstant('2026-05-17T01:07:09Z')));
    expect(ok(parseInstant('2026-05-17T08:07+07:00'))).toBe(ok(parseInstant('2026-05-17T01:07:00.000Z')));
    expect(code(parseInstant('2026-05-17T08:07:09'))).toBe('date.format');
    expect(code(parseInstant('2026-05-17'))).toBe('date.format');
    expect(code(parseInstant('2026-02-30T00:00:00Z'))).toBe('date.calendar');
    fc.assert(
      fc.property(seconds, fc.nat(999), (at, ms) => {
        expect(ok(parseInstant(printInstant(at + ms)))).toBe(at + ms);
      }),
    );
  });

  it('the business day changes at midnight in Vietnam', () => {
    expect(printPartialDate(businessDate(Date.UTC(2026, 4, 16, 16, 59, 59)))).toBe('2026-05-16');
    expect(printPartialDate(businessDate(Date.UTC(2026, 4, 16, 17, 0, 0)))).toBe('2026-05-17');
  });
});
