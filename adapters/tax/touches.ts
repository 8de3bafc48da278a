import { createHash } from 'node:crypto';
import type { JsonObject, Sighting, Touch } from '../../src/kit/index.ts';
import type { Notice, ReceiptMessage, RequestMessage } from './messages.ts';
import type { NoticeRow } from './notice.ts';
import { readDay, readMoment } from './time.ts';

/**
 * What a message says of each dossier. Nothing can be read again, so the message is the sighting: it covers what it states,
 * and its number grows with the day of the decision or the second of the payment, then with the second in which it was signed;
 * not with the order of arrival.
 */

const MOST_SECONDS = 4_000_000;

function numberOf(decidedAt: number | null, statedAt: number | null): number | null {
  if (decidedAt === null) return null;
  const waited = Math.floor(((statedAt ?? decidedAt) - decidedAt) / 1000);
  return Math.floor(decidedAt / 1000) * MOST_SECONDS + Math.min(Math.max(waited, 0), MOST_SECONDS - 1);
}

/** A new statement of all notices of a dossier, one touch a dossier. That a message states them all is INFERENCE (IsUpdating). */
export function statedNotices(notice: Notice, rows: readonly NoticeRow[], statedAt: number): readonly Touch[] {
  const codes = [...new Set(rows.map(({ maHoSo }) => maHoSo))];
  return codes.map((code) => {
    const own = rows.filter(({ maHoSo }) => maHoSo === code).map(({ fields }) => ({ khoa: rowKey(fields), ...fields }));
    const days = own.map((row) => readDay(String((row as JsonObject).NGAY_QUYET_DINH ?? '')));
    const stated = { ...headOf(notice), ROW_LIST: own };
    return touch('land-notice', 'ThongBaoThue', code, stated, numberOf(latest(days), statedAt), statedAt);
  });
}

/** What the notice opens: a payment that is awaited. */
export const paymentOpened = ({ key, sighting }: Touch): Touch =>
  touch('land-payment', 'ThongBaoThue', key ?? '', null, sighting?.sequence ?? null, sighting?.statedAt ?? null);

export function receiptTouch({ SecurityKey: _secret, MaHoSo, ...receipt }: ReceiptMessage, statedAt: number): Touch {
  const { ThongTinThanhToan: paid } = receipt;
  return touch(
    'land-payment',
    'ChungTuThue',
    MaHoSo,
    defined(receipt),
    numberOf(readMoment(paid.ThoiGianThanhToan ?? ''), statedAt),
    statedAt,
  );
}

export function requestTouch({ SecurityKey: _secret, MaHoSo, ...request }: RequestMessage, statedAt: number): Touch {
  return touch(
    'land-notice',
    'ThongBaoBoSung',
    MaHoSo,
    defined(request),
    numberOf(readDay(request.NgayThongBao ?? ''), statedAt),
    statedAt,
  );
}

/** One decision may have several lines, and one kind of tax several decisions: together they name a line. */
const rowKey = (fields: Readonly<Record<string, string>>): string =>
  [fields.SO_QUYET_DINH, fields.TEN_TIEUMUC].filter((part) => part !== undefined).join('/');

const latest = (times: readonly (number | null)[]): number | null => (times.includes(null) ? null : Math.max(...(times as number[])));

const headOf = ({ Service, Ngay, IsUpdating }: Notice): JsonObject => defined({ Service, Ngay, IsUpdating });
const defined = (given: object): JsonObject => JSON.parse(JSON.stringify(given)) as JsonObject;

function touch(
  kind: 'land-notice' | 'land-payment',
  said: 'ThongBaoThue' | 'ThongBaoBoSung' | 'ChungTuThue',
  code: string,
  stated: JsonObject | null,
  sequence: number | null,
  statedAt: number | null,
): Touch {
  const record = { MaHoSo: code, loaiThongDiep: said, ...(stated === null ? {} : { [said]: stated }) };
  const sighting: Sighting = {
    id: code,
    key: code,
    version: createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 32),
    sequence,
    covers: Object.keys(record),
    record,
    statedAt,
  };
  return { kind, id: code, key: code, sighting };
}
