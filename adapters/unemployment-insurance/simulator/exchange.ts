import {
  csvBytes,
  csvRows,
  type JsonObject,
  type Simulator,
  type SimulatorDesk,
  type SimulatorFolder,
  type SimulatorRow,
  type TextRow,
  xlsxRows,
} from '../../../src/kit/index.ts';
import { PREFIX } from '../files.ts';

/** The simulated centre's side of the folders: takes each claim once, and tells of every stage it has decided on. */

export const exchange = (kinds: readonly string[]): SimulatorFolder => ({
  takes: (desk, name, bytes) => {
    const kind = kinds.find((one) => name.startsWith(`${PREFIX[one]?.out}-`));
    if (kind === undefined) return;
    for (const { value } of name.endsWith('.csv') ? csvRows(bytes) : xlsxRows(bytes)) {
      if (value === undefined) throw new RangeError(`a row of ${name} cannot be read`);
      const key = value.MaHoSo ?? null;
      if (key === null || desk.byKey(kind, key) === null) desk.add(kind, { key, record: recordOf(value) });
    }
  },
  tells: (_desk, kind, row) => {
    // A record typed by hand has no code of ours, and no file speaks of it; nor of one nobody has looked at yet.
    if (row.key === null || row.record.TrangThai !== row.stage) return null;
    return { name: `${PREFIX[kind]?.in}-${row.id}.csv`, bytes: decisionFile(row.key, row) };
  },
  spoils: (bytes) => Buffer.concat([bytes, Buffer.from(',KHONG_RO_CUA_AI\r\n', 'utf8')]),
});

/** What the centre decides at a stage is written down with it. */
export const deciding = (base: Simulator, desk: SimulatorDesk): Simulator => ({
  ...base,
  advance: (kind, id, stage, fields) => {
    // Whoever acts finds that what lay in the folder was taken.
    base.records(kind);
    const row = desk.get(kind, id);
    const decision = stage === 'QUYET_DINH' && row !== null ? decided(kind, row) : {};
    base.advance(kind, id, stage, { ...decision, ...fields, TrangThai: stage });
  },
});

const NUMBERS: ReadonlySet<string> = new Set(['SoThangBHTN', 'SoThangHuong', 'MucHuong']);
const recordOf = (row: TextRow): JsonObject =>
  Object.fromEntries(Object.entries(row).map(([name, text]) => [name, NUMBERS.has(name) ? Number(text) : text]));

/** Months by months paid: 12–36 give 3, each further 12 one more, at most 12 (SOURCED DX, old law). */
const monthsOf = (paid: number): number => (paid < 12 ? 0 : Math.min(12, 3 + Math.max(0, Math.floor((paid - 36) / 12))));

function decided(kind: string, row: SimulatorRow): JsonObject {
  const number = String(Number(row.id.slice(3)));
  const day = new Date(row.at + 7 * 3_600_000).toISOString().slice(0, 10).split('-').reverse().join('/');
  if (kind === 'suspension') return { SoQuyetDinh: `${number}/QĐ-TD`, NgayQuyetDinh: day, HieuLucTuNgay: row.record.TamDungTuNgay ?? day };
  const months = monthsOf(Number(row.record.SoThangBHTN ?? 0));
  return { SoQuyetDinh: `${number}/QĐ-TCTN`, NgayQuyetDinh: day, SoThangHuong: months, MucHuong: 3_600_000, HuongTuNgay: day };
}

const COLUMNS = [
  'MaHoSo',
  'TrangThai',
  'LyDo',
  'SoQuyetDinh',
  'NgayQuyetDinh',
  'SoThangHuong',
  'MucHuong',
  'HuongTuNgay',
  'HuongDenNgay',
  'HieuLucTuNgay',
];

function decisionFile(key: string, row: SimulatorRow): Uint8Array {
  const held: JsonObject = { ...row.record, MaHoSo: key };
  const cells = Object.fromEntries(COLUMNS.filter((name) => held[name] !== undefined).map((name) => [name, String(held[name])]));
  return csvBytes(
    COLUMNS.filter((name) => cells[name] !== undefined),
    [cells],
  );
}
