import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCalendar, readCalendarText } from '../../src/assemble/calendar.ts';
import { isWorkDay, parseDay, printDay, toldDays, type WorkCalendar } from '../../src/model/work-calendar.ts';
import { HOURS, shipped } from '../model/calendars.ts';
import { refusedAt } from './refused.ts';

const day = (text: string): number => parseDay(text) ?? Number.NaN;
/** The days of a year that are special, as `MM-dd`, working ones with a plus. */
const special = (calendar: WorkCalendar, year: number): string =>
  Array.from({ length: 366 }, (_, index) => day(`${year}-01-01`) + index)
    .filter((each) => printDay(each).startsWith(String(year)))
    .flatMap((each) => {
      const found = calendar.special(each);
      return found === null ? [] : [`${found.works ? '+' : ''}${printDay(each).slice(5)}`];
    })
    .join(' ');

/** First days of the lunar years, from Vietnamese almanacs; 2030 is a day before the Chinese one. */
const TET: Readonly<Record<number, string>> = {
  2025: '2025-01-29',
  2026: '2026-02-17',
  2027: '2027-02-06',
  2028: '2028-01-26',
  2029: '2029-02-13',
  2030: '2030-02-02',
};

describe('the working calendar that ships', () => {
  test.each(Object.entries(TET))('the year %s begins by the moon on %s, decided or not, and nobody works', (year, first) => {
    const off = [-1, 0, 1, 2].map((n) => isWorkDay(shipped, day(first) + n));
    expect(off).toEqual([false, false, false, false]);
    const told = toldDays(shipped, day(first) - 1, day(first) + 3).filter(({ vi }) => vi.includes('Tết Nguyên đán'));
    expect(told.map(({ basis }) => basis)).toEqual(Array(told.length).fill(shipped.isDecided(Number(year)) ? 'decided' : 'default'));
    expect(told.length).toBeGreaterThanOrEqual(4);
  });
  test.each([
    [2025, '01-01 01-27 01-28 01-29 01-30 01-31 04-07 +04-26 04-30 05-01 05-02 09-01 09-02'],
    [2026, '01-01 01-02 +01-10 02-16 02-17 02-18 02-19 02-20 04-26 04-27 04-30 05-01 +08-22 08-31 09-01 09-02'],
    // Eve on a Friday, first and second day on a weekend, given back on Wednesday and Thursday; 1/5 on a Saturday, on Monday.
    [2027, '01-01 02-05 02-06 02-07 02-08 02-09 02-10 02-11 04-16 04-30 05-01 05-03 09-01 09-02'],
    // New Year on a Saturday; 30/4 on a Sunday goes past 1/5.
    [2028, '01-01 01-03 01-25 01-26 01-27 01-28 01-29 01-31 04-04 04-30 05-01 05-02 09-01 09-02 09-04'],
    // 2/9 on a Sunday and 1/9 on a Saturday, both given back.
    [2029, '01-01 02-12 02-13 02-14 02-15 02-16 04-23 04-30 05-01 09-01 09-02 09-03 09-04'],
    [2030, '01-01 02-01 02-02 02-03 02-04 02-05 02-06 02-07 04-12 04-30 05-01 09-01 09-02 09-03'],
  ])('the days of %s', (year, expected) => {
    expect(special(shipped, year)).toBe(expected);
  });
  test("Hung Kings' Day follows the moon", () => {
    const kings = (year: number) =>
      toldDays(shipped, day(`${year}-01-01`), day(`${year}-12-31`)).find(({ vi, why }) => vi.includes('Giỗ Tổ') && why === 'holiday')?.day;
    expect([2025, 2026, 2027, 2028, 2029, 2030].map((year) => printDay(kings(year) ?? 0))).toEqual([
      '2025-04-07',
      '2026-04-26',
      '2027-04-16',
      '2028-04-04',
      '2029-04-23',
      '2030-04-12',
    ]);
  });
  test('a year without a table says of each day that it is the default', () => {
    expect([shipped.isDecided(2026), shipped.isDecided(2027)]).toEqual([true, false]);
    expect(shipped.special(day('2027-04-30'))?.basis).toBe('default');
  });
  test('a year far outside the tables of the moon still has its sun days and breaks nothing', () => {
    expect(shipped.special(day('2199-04-30'))?.works).toBe(false);
    expect(shipped.special(day('1850-05-01'))?.works).toBe(false);
  });
});

describe('a calendar that cannot be used is refused with its lines', () => {
  const years = (text: string) => `${HOURS}years:\n  2027:\n${text}`;
  const one = '    holidays:\n      - { day: 2027-01-01, name: Tết }\n';
  test.each([
    ['an unknown key', `${HOURS}colour: red\n`, ['3 unrecognized-keys']],
    ['broken YAML', `${HOURS}years: [\n`, ['4 yaml.bad_indent']],
    ['a day of no calendar', years('    holidays:\n      - { day: 2027-02-30, name: Tết }\n'), ['6 invalid-format']],
    ['a day of another year', years(`${one}      - { day: 2026-04-30, name: Lễ }\n`), ['7 year']],
    ['a day twice', years(`${one}      - { day: 2027-01-01, name: Lễ }\n`), ['7 twice']],
    ['a range the wrong way', years(`${one}      - { from: 2027-02-09, until: 2027-02-05, name: Tết }\n`), ['7 range']],
    [
      'a swap of a day that is off anyway',
      years(`${one}    swaps:\n      - { off: 2027-01-01, work: 2027-01-09 }\n`),
      ['8 not-a-work-day'],
    ],
    [
      'a day made up on a day that works anyway',
      years(`${one}    swaps:\n      - { off: 2027-01-04, work: 2027-01-06 }\n`),
      ['8 not-a-day-off'],
    ],
    ['a swap of another year', years(`${one}    swaps:\n      - { off: 2026-12-31, work: 2027-01-09 }\n`), ['8 year']],
    ['a year without days', years('    holidays: []\n'), ['5 too-small']],
    ['sessions that overlap', 'hours:\n  sessions: ["07:00-12:00", "11:00-17:00"]\n  cutOff: "15:00"\n', ['2 sessions']],
    ['a cut-off after the end of work', 'hours:\n  sessions: ["07:00-12:00"]\n  cutOff: "15:00"\n', ['3 cut-off']],
    ['an hour of no clock', 'hours:\n  sessions: ["07:00-25:00"]\n  cutOff: "15:00"\n', ['2 invalid-format']],
    ['a default on no day', `${HOURS}defaults:\n  - { date: 01-01, name: a }\n  - { date: 02-30, name: b }\n`, ['5 no-such-day']],
    ['a weekday nobody knows', 'weekend: [saturday, funday]\n', ['1 invalid-value']],
  ])('%s', async (_what, text, expected) => {
    expect(await refusedAt(() => readCalendarText(text, 'holidays.yaml'))).toEqual(expected);
  });
  test('two faults are told at once', async () => {
    const text = years(`${one}      - { day: 2026-04-30, name: Lễ }\n    swaps:\n      - { off: 2027-01-01, work: 2027-01-09 }\n`);
    expect(await refusedAt(() => readCalendarText(text, 'holidays.yaml'))).toEqual(['7 year', '9 not-a-work-day']);
  });
});

describe('files of the province', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'motlan-calendar-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  test('a year of the own calendar stands for that year; the others and the hours stay', async () => {
    const own = await readCalendar(
      await write('own.yaml', 'years:\n  2027:\n    holidays:\n      - { day: 2027-11-24, name: Ngày Văn hóa Việt Nam }\n'),
    );
    expect(special(own, 2027)).toBe('11-24');
    expect(own.isDecided(2027)).toBe(true);
    expect(special(own, 2026)).toBe(special(shipped, 2026));
    expect(own.cutOffMs).toBe(shipped.cutOffMs);
  });
  test('an own cut-off leaves the years alone', async () => {
    const own = await readCalendar(await write('own.yaml', 'hours: { sessions: ["07:30-16:30"], cutOff: "14:00" }\n'));
    expect([own.cutOffMs, special(own, 2025)]).toEqual([14 * 3_600_000, special(shipped, 2025)]);
  });
  test('a calendar that is named but not there is a mistake', async () => {
    expect(await refusedAt(() => readCalendar(join(folder, 'none.yaml')))).toEqual(['1 missing']);
  });
});
