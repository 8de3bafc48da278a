import { createHash } from 'node:crypto';
import { checkRecord, type FieldIssue, type JsonObject, type Sighting, type TextRow } from '../../src/kit/index.ts';

/** Records as rows of a file, and rows as what the centre states. */

/** Columns that only the centre fills. */
const STATED: ReadonlySet<string> = new Set([
  'TrangThai',
  'LyDo',
  'SoQuyetDinh',
  'NgayQuyetDinh',
  'SoThangHuong',
  'MucHuong',
  'HuongTuNgay',
  'HuongDenNgay',
  'HieuLucTuNgay',
]);
/** Digits of codes that a spreadsheet may have robbed of their zeros. */
const WIDTHS: Readonly<Record<string, number>> = { BHXH: 10, NoiDangKyKhamBenh: 5 };

type Property = { readonly type?: string };
const propertiesOf = (schema: JsonObject) => schema.properties as Readonly<Record<string, Property>>;

export const columnsOf = (schema: JsonObject): readonly string[] => Object.keys(propertiesOf(schema)).filter((name) => !STATED.has(name));

/** The record under our key, every value as text; what is missing stays an empty cell. */
export function rowOf(key: string, record: JsonObject): TextRow {
  const filled = Object.entries(record).filter(([name, value]) => !STATED.has(name) && value !== null && value !== '');
  return { ...Object.fromEntries(filled.map(([name, value]) => [name, String(value)])), MaHoSo: key };
}

/** What a decision must state. */
export const decisionOf = (schema: JsonObject): JsonObject => ({ ...schema, required: ['MaHoSo', 'TrangThai'] });

/** A row (of `decisionOf` a schema), as a sighting of exactly the columns it fills; else what is wrong with it. */
export function statedIn(schema: JsonObject, row: TextRow): Sighting | readonly FieldIssue[] {
  const known = propertiesOf(schema);
  const strange = Object.keys(row).filter((name) => known[name] === undefined);
  const entries = Object.entries(row).filter(([name]) => known[name] !== undefined);
  const record = Object.fromEntries(entries.map(([name, text]) => [name, typed(name, text, known[name])]));
  const issues = [
    ...checkRecord(schema, record),
    ...strange.map((path) => ({
      path,
      code: 'unknown-column',
      vi: 'cột không có trong cấu trúc đã thống nhất',
      en: 'is no agreed column',
    })),
  ];
  if (issues.length > 0) return issues;
  const id = String(record.MaHoSo);
  const version = createHash('sha256')
    .update(JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')
    .slice(0, 32);
  return { id, key: id, version, sequence: null, covers: Object.keys(record), record, statedAt: null };
}

function typed(name: string, text: string, property: Property | undefined): string | number {
  if (property?.type === 'integer') return /^\d{1,3}(\.\d{3})+$|^\d{1,12}(\.0)?$/u.test(text) ? wholeNumber(text) : text;
  if (/Ngay/u.test(name)) return dayOfCell(text);
  const digits = text.replace(/\.0$/u, '');
  if (name === 'CMND' && /^\d{8,12}$/u.test(digits)) return digits.padStart(digits.length >= 10 ? 12 : 9, '0');
  const width = WIDTHS[name];
  return width !== undefined && /^\d+$/u.test(digits) ? digits.padStart(width, '0') : text;
}

/** `3.600.000`, `3600000` or `3600000.0`. */
const wholeNumber = (text: string): number => Number(/^\d{1,12}\.0$/u.test(text) ? text.slice(0, -2) : text.replaceAll('.', ''));

/** A date cell of a spreadsheet is read as an ISO day; the record writes `dd/MM/yyyy`. */
const dayOfCell = (text: string): string => text.replace(/^(\d{4})-(\d{2})-(\d{2})$/u, '$3/$2/$1');
