/** BTP writes Vietnamese time (+07:00, no summer time) without naming the zone. SOURCED TD for the format. */
const ZONE_MS = 7 * 3_600_000;
const STAMP = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2}):(\d{2})$/;

/** `dd/MM/yyyy HH:mm:ss` → milliseconds since the epoch; null when it is not such a time. Never "now". */
export function readStamp(text: string): number | null {
  const [, day, month, year, hour, minute, second] = STAMP.exec(text) ?? [];
  if (day === undefined) return null;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return writeStamp(local - ZONE_MS) === text ? local - ZONE_MS : null;
}

/** Milliseconds since the epoch → `dd/MM/yyyy HH:mm:ss`. */
export function writeStamp(at: number): string {
  const [date = '', time = ''] = new Date(at + ZONE_MS).toISOString().split('T');
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 8)}`;
}
