import { join } from 'node:path';
import { readCalendar, readCalendarText } from '../../src/assemble/calendar.ts';
import type { WorkCalendar } from '../../src/model/work-calendar.ts';

/** The calendar that ships, and a bare one. */
export const shipped: WorkCalendar = await readCalendar(undefined);

/** Weekends off and two sessions, nothing else, as a file would say it. */
export const HOURS = 'hours: { sessions: ["07:00-11:30", "13:30-17:00"], cutOff: "15:00" }\nweekend: [saturday, sunday]\n';
export const calendarOf = (more = ''): WorkCalendar => readCalendarText(`${HOURS}${more}`, join('config', 'holidays.yaml'));
export const plain = calendarOf();

/** A moment in Vietnam: `at('2026-11-24 16:10')`. */
export const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}${text.length === 16 ? ':00' : ''}+07:00`);
export const said = (when: number | null): string | null =>
  when === null ? null : new Date(when + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
