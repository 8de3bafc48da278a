import type { At } from '../../src/kit/index.ts';

/** `dd/MM/yyyy HH:mm:ss` in Vietnamese time. SOURCED TD. */

const OFFSET_MS = 7 * 3_600_000;
export const DAY_MS = 86_400_000;

export function writeStamp(at: At): string {
  const [day = '', time = ''] = new Date(at + OFFSET_MS).toISOString().split('T');
  return `${day.split('-').reverse().join('/')} ${time.slice(0, 8)}`;
}

/** null when the text is no such time. */
export function readStamp(text: string): At | null {
  const found = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2}):(\d{2})$/u.exec(text);
  if (found === null) return null;
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  const at = Date.UTC(year, month - 1, day, hour, minute, second) - OFFSET_MS;
  return writeStamp(at) === text ? at : null;
}

/** 00:00:00 of the day in Vietnam. */
export const startOfDay = (at: At): At => at - ((at + OFFSET_MS) % DAY_MS);
