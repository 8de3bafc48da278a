/** Vietnamese time (+07:00, no summer time), which the messages write without naming it. SOURCED TD for the formats. */
const ZONE_MS = 7 * 3_600_000;
const DAY = /^(\d{2})-(\d{2})-(\d{4})$/;
const MOMENT = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of a wall clock in Vietnam, null where there is no such time: 31-02 does not become 03-03. */
function moment(parts: readonly number[]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(at);
  const same =
    back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCHours() === hour;
  return same && minute < 60 && second < 60 ? at - ZONE_MS : null;
}

/** `dd-MM-yyyy` → the beginning of that day; null when it is no such date. Never "now". */
export function readDay(text: string): number | null {
  const [, day, month, year] = DAY.exec(text) ?? [];
  return year === undefined ? null : moment([Number(year), Number(month), Number(day)]);
}

/** `yyyyMMddHHmmss`; null when it is no such time. */
export function readMoment(text: string): number | null {
  const parts = MOMENT.exec(text);
  return parts === null ? null : moment(parts.slice(1).map(Number));
}

/** ISO with a zone; null when it is none. */
export function readIso(text: string): number | null {
  const at = ISO.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
