import { join } from 'node:path';
import { getSolarDate } from '@dqcai/vn-lunar';
import { z } from 'zod';
import { readYamlFile, type YamlFile, yamlOf } from '../config/yaml-file.ts';
import { HOUSE } from '../config.ts';
import { type Day, isWorkDay, parseDay, printDay, type SpecialDay, type WorkCalendar, weekdayOf, yearOf } from '../model/work-calendar.ts';
import type { Sentence } from '../zod-sentence.ts';

/** The working calendar from data: a decided table per year, and law and moon for years without one. */

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const MINUTE_MS = 60_000;

const name = z.string().min(1).max(100);
const day = z.iso.date();
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const session = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/);
const yes = z.enum(['true', 'false']).transform((text) => text === 'true');

const named = { name, en: name.optional() };
const byDefault = z.union([
  z.strictObject({ date: z.string().regex(/^\d{2}-\d{2}$/), ...named }),
  z.strictObject({ lunar: z.string().regex(/^(\d{2}-\d{2}|newYear[+-]\d{1,2})$/), ...named }),
]);
const holiday = z.union([
  z.strictObject({ day, inLieu: yes.default(false), ...named }),
  z.strictObject({ from: day, until: day, inLieu: yes.default(false), ...named }),
]);
const year = z.strictObject({
  holidays: z.array(holiday).min(1).max(60),
  swaps: z
    .array(z.strictObject({ off: day, work: day }))
    .max(20)
    .default([]),
});
const shape = z.strictObject({
  hours: z.strictObject({ sessions: z.array(session).min(1).max(6), cutOff: clock }).optional(),
  weekend: z.array(z.enum(WEEKDAYS)).max(6).optional(),
  defaults: z.array(byDefault).max(60).optional(),
  years: z.record(z.string().regex(/^(19|20|21)\d{2}$/), year).default({}),
});
type CalendarFile = z.output<typeof shape>;
type Default = z.output<typeof byDefault>;

/** The calendar that ships, with the province's own file over it, item by item and year by year. Throws ConfigRefused with every problem. */
export async function readCalendar(override: string | undefined): Promise<WorkCalendar> {
  const shipped = await readYamlFile(join(HOUSE, 'config/holidays.yaml'), shape);
  if (shipped === null) throw new RangeError('config/holidays.yaml is missing');
  if (override === undefined) return calendarOf([shipped]);
  const own = await readYamlFile(override, shape);
  // A named file that is not there is a mistake, not an empty one.
  if (own === null) return yamlOf('', override, shape).refuse([{ path: [], code: 'missing', ...MISSING }]);
  return calendarOf([shipped, own]);
}

const MISSING: Sentence = { vi: 'không có tệp lịch này', en: 'there is no such calendar file' };

/** A calendar from the text of one file alone. */
export const readCalendarText = (text: string, file: string): WorkCalendar => calendarOf([yamlOf(text, file, shape)]);

function calendarOf(files: readonly YamlFile<CalendarFile>[]): WorkCalendar {
  const hours = lastOf(files, ({ hours: given }) => given) ?? { sessions: ['00:00-23:59'], cutOff: '23:59' };
  const weekend = new Set((lastOf(files, (given) => given.weekend) ?? []).map((word) => WEEKDAYS.indexOf(word)));
  for (const file of files) checkHours(file, hours);
  const decided = new Map<Day, SpecialDay>();
  const years = new Map<string, YamlFile<CalendarFile>>();
  for (const file of files) for (const key of Object.keys(file.value.years)) years.set(key, file);
  for (const [key, file] of years) for (const [at, special] of decidedDays(file, key, weekend)) decided.set(at, special);
  const byYear = new Map<number, ReadonlyMap<Day, SpecialDay>>();
  const defaults = lastOf(files, (given) => given.defaults) ?? [];
  for (const file of files) checkDefaults(file);
  const defaultYear = (of: number): ReadonlyMap<Day, SpecialDay> => {
    const known = byYear.get(of) ?? defaultDays(defaults, of, weekend);
    byYear.set(of, known);
    return known;
  };
  return {
    weekend,
    sessions: hours.sessions.map((text) => ({ fromMs: minutesOf(text.slice(0, 5)), untilMs: minutesOf(text.slice(6)) })),
    cutOffMs: minutesOf(hours.cutOff),
    isDecided: (of) => years.has(String(of)),
    special: (at) => {
      const known = decided.get(at);
      if (known !== undefined) return known;
      const of = yearOf(at);
      return years.has(String(of)) ? null : (defaultYear(of).get(at) ?? null);
    },
  };
}

const lastOf = <T>(files: readonly YamlFile<CalendarFile>[], pick: (value: CalendarFile) => T | undefined): T | undefined =>
  files.reduce<T | undefined>((found, { value }) => pick(value) ?? found, undefined);

const minutesOf = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * MINUTE_MS;

function checkHours(
  file: YamlFile<CalendarFile>,
  { sessions, cutOff }: { readonly sessions: readonly string[]; readonly cutOff: string },
): void {
  if (file.value.hours === undefined) return;
  const wrong = sessions.findIndex(
    (text, index) => text.slice(0, 5) >= text.slice(6) || text.slice(0, 5) < (sessions[index - 1]?.slice(6) ?? ''),
  );
  if (wrong >= 0) {
    file.refuse([
      {
        path: ['hours', 'sessions', wrong],
        code: 'sessions',
        vi: 'các buổi làm việc phải theo thứ tự, không chồng lên nhau',
        en: 'sessions must stand in order and not overlap',
      },
    ]);
  }
  if (cutOff > (sessions.at(-1)?.slice(6) ?? '')) {
    file.refuse([
      {
        path: ['hours', 'cutOff'],
        code: 'cut-off',
        vi: 'giờ chốt không được sau giờ làm việc',
        en: 'the cut-off must not lie after the end of work',
      },
    ]);
  }
}

/** One year's table; every problem of it at once. */
function decidedDays(file: YamlFile<CalendarFile>, key: string, weekend: ReadonlySet<number>): ReadonlyMap<Day, SpecialDay> {
  const days = new Map<Day, SpecialDay>();
  const problems: Parameters<YamlFile<CalendarFile>['refuse']>[0][number][] = [];
  const wrong = (path: readonly PropertyKey[], code: string, vi: string, en: string) =>
    problems.push({ path: ['years', key, ...path], code, vi, en });
  const table = file.value.years[key];
  for (const [index, each] of (table?.holidays ?? []).entries()) {
    const [from, until] = 'day' in each ? [each.day, each.day] : [each.from, each.until];
    const [first, last] = [parseDay(from) ?? 0, parseDay(until) ?? 0];
    if (!from.startsWith(key) || !until.startsWith(key))
      wrong(['holidays', index], 'year', `ngày này không thuộc năm ${key}`, `not a day of ${key}`);
    else if (last < first || last - first > 31)
      wrong(['holidays', index], 'range', 'khoảng ngày không hợp lệ', 'not a valid range of days');
    else {
      for (let at = first; at <= last; at += 1) {
        if (days.has(at)) wrong(['holidays', index], 'twice', `ngày ${printDay(at)} đã có`, `${printDay(at)} stands there already`);
        days.set(at, { works: false, why: each.inLieu ? 'in-lieu' : 'holiday', name: wordsOf(each), basis: 'decided' });
      }
    }
  }
  for (const [index, { off, work }] of (table?.swaps ?? []).entries()) {
    const [rest, made] = [parseDay(off) ?? 0, parseDay(work) ?? 0];
    const path = ['swaps', index];
    if (!off.startsWith(key))
      wrong([...path, 'off'], 'year', `ngày nghỉ hoán đổi không thuộc năm ${key}`, `the day off is not a day of ${key}`);
    else if (days.has(rest) || weekend.has(weekdayOf(rest)))
      wrong([...path, 'off'], 'not-a-work-day', 'ngày nghỉ hoán đổi vốn đã là ngày nghỉ', 'the day swapped off is a day off already');
    if (days.has(made) || !weekend.has(weekdayOf(made)))
      wrong([...path, 'work'], 'not-a-day-off', 'ngày làm bù phải là ngày nghỉ hằng tuần', 'the day made up must be a weekly day of rest');
    days.set(rest, { works: false, why: 'swap-off', name: swapWords('off', work), basis: 'decided' });
    days.set(made, { works: true, why: 'make-up', name: swapWords('work', off), basis: 'decided' });
  }
  return problems.length > 0 ? file.refuse(problems) : days;
}

const wordsOf = (of: { readonly name: string; readonly en?: string | undefined }): Sentence => ({ vi: of.name, en: of.en ?? of.name });
const inVi = (text: string): string => text.split('-').reverse().join('/');
const swapWords = (which: 'off' | 'work', other: string): Sentence =>
  which === 'off'
    ? { vi: `nghỉ hoán đổi, làm bù ngày ${inVi(other)}`, en: `swapped for work on ${inVi(other)}` }
    : { vi: `làm bù cho ngày ${inVi(other)}`, en: `work made up for ${inVi(other)}` };

function checkDefaults(file: YamlFile<CalendarFile>): void {
  const problems = (file.value.defaults ?? []).flatMap((each, index) =>
    // 2028 is a leap year: 02-29 is a day of the calendar, 02-30 of none.
    dayByDefault(each, 2028) === null
      ? [{ path: ['defaults', index], code: 'no-such-day', vi: 'không có ngày này trong lịch', en: 'there is no such day' }]
      : [],
  );
  if (problems.length > 0) file.refuse(problems);
}

/** Years the lunar tables of the library cover with certainty. */
const [FIRST_LUNAR, LAST_LUNAR] = [1900, 2199];

function dayByDefault(of: Default, inYear: number): Day | null {
  if ('date' in of) return parseDay(`${inYear}-${of.date}`);
  if (inYear < FIRST_LUNAR || inYear > LAST_LUNAR) return null;
  const [, sign, count] = /^newYear([+-])(\d+)$/.exec(of.lunar) ?? [];
  if (sign !== undefined) return (solarDay(1, 1, inYear) ?? 0) + Number(`${sign}${count}`);
  const [month = 0, date = 0] = of.lunar.split('-').map(Number);
  return month < 1 || month > 12 || date < 1 || date > 30 ? null : solarDay(date, month, inYear);
}

function solarDay(date: number, month: number, lunarYear: number): Day | null {
  const { day: found, month: inMonth, year: inYear } = getSolarDate(date, month, lunarYear);
  const two = (number: number) => String(number).padStart(2, '0');
  return parseDay(`${inYear}-${two(inMonth)}-${two(found)}`);
}

/** The days of law and moon; one that falls on a day of rest is given back on the next working day. */
function defaultDays(defaults: readonly Default[], inYear: number, weekend: ReadonlySet<number>): ReadonlyMap<Day, SpecialDay> {
  const days = new Map<Day, SpecialDay>();
  const found = defaults.flatMap((each) => {
    const at = dayByDefault(each, inYear);
    return at === null ? [] : [{ at, name: wordsOf(each) }];
  });
  for (const { at, name: words } of found) days.set(at, { works: false, why: 'holiday', name: words, basis: 'default' });
  const plain = { weekend, special: (at: Day) => days.get(at) ?? null };
  for (const { at, name: words } of found.toSorted((a, b) => a.at - b.at)) {
    if (!weekend.has(weekdayOf(at))) continue;
    let free = at + 1;
    while (!isWorkDay(plain, free)) free += 1;
    const given = { vi: `nghỉ bù ${words.vi}`, en: `in lieu of ${words.en}` };
    days.set(free, { works: false, why: 'in-lieu', name: given, basis: 'default' });
  }
  return days;
}
