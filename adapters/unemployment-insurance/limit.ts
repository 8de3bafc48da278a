import { type JsonObject, Trouble } from '../../src/kit/index.ts';
import type { Period } from './config.ts';

/** The time in which a claim is to be filed. Counted in days of the calendar, from the end of work to the day of receipt. */

const DAY = /^(\d{2})\/(\d{2})\/(\d{4})(?: |$)/u;

/** `dd/MM/yyyy`, with or without a time behind it → `yyyy-MM-dd`; null when it is no day. */
export function dayOf(text: unknown): string | null {
  const [, day = '', month = '', year = ''] = typeof text === 'string' ? (DAY.exec(text) ?? []) : [];
  const iso = `${year}-${month}-${day}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === iso ? iso : null;
}

/** The same day so many months later, or the last day of that month where it has no such day. */
export function monthsLater(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/**
 * The claim as it is sent: marked `DangKyTre` where it comes after the limit of its day of receipt. Late without a reason,
 * or without the days to tell, is trouble for an official; a day to which no period applies is trouble of the configuration.
 */
export function timely(record: JsonObject, periods: readonly Period[]): JsonObject {
  const ended = dayOf(record.NgayNghiViec);
  const received = dayOf(record.NgayDangKyTN);
  if (ended === null) throw missing('NgayNghiViec');
  if (received === null) throw missing('NgayDangKyTN');
  const period = periods.find(({ from, until }) => from <= received && (until === null || received <= until));
  if (period === undefined) throw noPeriod();
  if (received <= monthsLater(ended, period.fileWithinMonths)) return record;
  const { DangKyTreLyDo } = record;
  if (typeof DangKyTreLyDo !== 'string' || DangKyTreLyDo.trim() === '') throw late(period.fileWithinMonths);
  return { ...record, DangKyTre: '1' };
}

const late = (months: number): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'claim.late',
    vi: `Hồ sơ nộp quá ${months} tháng kể từ ngày nghỉ việc; đề nghị ghi lý do đăng ký trễ.`,
    en: `The claim comes later than ${months} months after the end of work; please give the reason.`,
    issues: [{ path: 'DangKyTreLyDo', code: 'missing', vi: 'còn thiếu', en: 'is missing' }],
  });

const missing = (path: string): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'claim.no-day',
    vi: 'Chưa tính được thời hạn nộp vì thiếu ngày; đề nghị bổ sung.',
    en: 'The filing limit cannot be counted: a day is missing.',
    issues: [{ path, code: 'missing', vi: 'còn thiếu hoặc không phải là ngày', en: 'is missing or is no day' }],
  });

const noPeriod = (): Trouble =>
  new Trouble({
    kind: 'setup',
    scope: 'procedure',
    code: 'claim.no-period',
    vi: 'Cấu hình chưa có thời hạn nộp áp dụng cho ngày tiếp nhận này.',
    en: 'No filing limit is configured for this day of receipt.',
  });
