import type { JsonObject, SimulatorAnswer, SimulatorDesk, SimulatorKind, SimulatorRow } from '../../../src/kit/index.ts';
import { isObject, type KindName } from '../wire.ts';

/** The former ministry's portal in miniature: it takes dossiers in, moves them on, and tells of them by day of receipt. */

const ZONE_MS = 7 * 3_600_000;

/** `dd/MM/yyyy HH:mm:ss` in Vietnamese time. */
export function stampOf(at: number): string {
  const [day = '', time = ''] = new Date(at + ZONE_MS).toISOString().split('T');
  return `${day.split('-').reverse().join('/')} ${time.slice(0, 8)}`;
}

/** Day `yyyy-MM-dd` of such a stamp. */
const dayIn = (stamp: unknown): string => String(stamp).slice(0, 10).split('/').reverse().join('-');

export const portalKind = (kind: KindName): SimulatorKind => ({
  naturalKey: (record) => outsideCode(kind, record) ?? '',
  firstStage: '2',
  id: (n) => `GPLX-${String(n).padStart(6, '0')}`,
});

const detailOf = (record: JsonObject): JsonObject => (isObject(record.ChiTiet) ? record.ChiTiet : {});

/** The ministry's dossier code; null for what the police system holds, which has only the number given when it is typed. */
export function outsideCode(kind: KindName, record: JsonObject): string | null {
  if (kind === 'licence-exchange') return null;
  const code = kind === 'licence-copy' ? detailOf(record).MaHoSo : record.MaHoSo;
  return typeof code === 'string' ? code : null;
}

/** A dossier as the portal takes it in at this moment; what was typed of it stays. */
export function takenIn(kind: KindName, record: JsonObject, n: number, at: number): JsonObject {
  const stamps = { NgayTiepNhan: stampOf(at) };
  const code = `G17.MAU-${String(n).padStart(6, '0')}`;
  if (kind === 'licence-exchange') return record;
  if (kind === 'licence-notice') return { MaHoSo: code, ...stamps, ...record };
  return { ...record, ChiTiet: { MaHoSo: code, MaTrangThai: '2', ...stamps, ...detailOf(record) } };
}

const NUMBERS = new Set(['MaTrangThai', 'KenhThucHien', 'MaTinh', 'MaHuyen', 'MaXa']);
/** As the portal writes it: some codes as whole numbers, which lose their zeros. */
export const toWire = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (NUMBERS.has(name) && typeof value === 'string' && /^\d+$/u.test(value)) return [name, Number(value)];
      return [name, isObject(value) ? toWire(value) : value];
    }),
  );

export const receivedBetween = (rows: readonly SimulatorRow[], kind: KindName, from: string, until: string): readonly SimulatorRow[] =>
  rows.filter(({ record }) => {
    const day = dayIn(kind === 'licence-copy' ? detailOf(record).NgayTiepNhan : record.NgayTiepNhan);
    return from <= day && day <= until;
  });

export const said = (error_code: number | string, result: SimulatorAnswer['json']): SimulatorAnswer => ({
  status: 200,
  json: { error_code, ...(result === undefined ? {} : { result }) },
});

/** Feed A's `DanhSachHoSo` and `TraCuuHoSo`. */
export function serve(desk: SimulatorDesk, body: JsonObject): SimulatorAnswer {
  const rows = desk.rows('licence-copy');
  if (body.service === 'DanhSachHoSo') {
    const found = receivedBetween(rows, 'licence-copy', String(body.ngayNhan1), String(body.ngayNhan2));
    return said(
      '00',
      desk.shuffled(desk.repeated(found)).map(({ record }) => toWire(detailOf(record))),
    );
  }
  if (body.service !== 'TraCuuHoSo') return said(-1, 'Không có dịch vụ này');
  const found = rows.filter(({ record }) => outsideCode('licence-copy', record) === body.mahoso);
  const told = desk.answered(found);
  return told.length < found.length
    ? said(0, undefined)
    : said(
        0,
        told.map(({ record }) => toWire(record)),
      );
}
