import type { Json, JsonObject, SimulatorDesk, SimulatorKind, SimulatorRow } from '../../../src/kit/index.ts';
import type { Kind } from '../kinds.ts';

/** The register of the simulated civil-status system: how it keeps records, their life cycle, and what it issues. */

/** 1 → 3 → 7 → 4 → 5, with 2 (supplement) and 6 (refused) from any open stage. Nothing after 5 and 6. */
export const STAGES: Readonly<Record<string, readonly string[]>> = {
  '1': ['2', '3', '6'],
  '2': ['1', '3', '6'],
  '3': ['2', '6', '7'],
  '7': ['2', '4', '6'],
  '4': ['5'],
  '5': [],
  '6': [],
};

/** What the result names differently from the push. */
const SHORT: Readonly<Record<string, string>> = {
  meSoGiayTo: 'meSoGiayToTuyThan',
  chaSoGiayTo: 'chaSoGiayToTuyThan',
  nycSoGiayTo: 'nycSoGiayToTuyThan',
  nktSoGiayTo: 'nktSoGiayToTuyThan',
  voSoGiayTo: 'voSoGiayToTuyThan',
  chongSoGiayTo: 'chongSoGiayToTuyThan',
  giayBaoTuLoai: 'gbtLoai',
  giayBaoTuSo: 'gbtSo',
};

interface Schema {
  readonly properties: Readonly<
    Record<string, { readonly title?: string; readonly type?: Json; readonly maxLength?: number } & Partial<Schema>>
  >;
}
export const propertiesOf = ({ schema }: Kind): Schema['properties'] => (schema as unknown as Schema).properties;
const resultNames = (kind: Kind): readonly string[] => Object.keys(propertiesOf(kind).ketQuaXuLy?.properties ?? {});

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const fold = (value: Json | undefined): string => text(value).normalize('NFC').toLocaleLowerCase('vi').replace(/\s+/gu, ' ').trim();

export const naturalKey = ({ findBy }: Kind, record: JsonObject): string =>
  (findBy.at(-1) ?? []).map((name) => fold(record[name])).join('|');

export const simulatorKind = (kind: Kind): SimulatorKind => ({
  naturalKey: (record) => naturalKey(kind, record),
  firstStage: '1',
  id: (n) => `HT-${String(n).padStart(6, '0')}`,
  keeps: (record) => ({ maDonVi: text(record.noiDangKy), ...record }),
  stages: STAGES,
});

const isIssued = (row: SimulatorRow): boolean => row.stage === '4' || row.stage === '5' || row.byHand;

/** After every change: an issued record, or one typed by hand, gets its place in the register, its number and its paper. */
export function settle(desk: SimulatorDesk, kind: Kind, row: SimulatorRow): void {
  const stage = row.byHand && row.stage === '1' ? '4' : row.stage;
  const result = row.record.ketQuaXuLy as JsonObject | undefined;
  const isWhole = text(result?.soDangKy) !== '' && Object.keys(restated(kind, row.record)).every((name) => result?.[name] !== undefined);
  if (!isIssued(row) || (stage === row.stage && isWhole)) return;
  desk.change(kind.name, row.id, { stage, record: { ketQuaXuLy: { ...issued(kind, row), ...result } } }, null);
}

/** Result fields as the system writes them: names in capitals, the gender as a number, the paper as base64. */
function issued(kind: Kind, row: SimulatorRow): JsonObject {
  const number = String(Number(row.id.slice(3)));
  const day = new Date(row.at + 7 * 3_600_000).toISOString().slice(0, 10);
  const [year = ''] = day.split('-');
  return {
    ...restated(kind, row.record),
    ...(resultNames(kind).includes('soDinhDanh')
      ? { soDinhDanh: personalId(row.record, number), ndkksMaTinh: '96', ndkksMaXa: text(row.record.noiDangKy) }
      : {}),
    soDangKy: number,
    quyenSo: `01/${year}`,
    trangSo: number,
    ngayDangKy: day.split('-').reverse().join('/'),
    noiDangKy: `Ủy ban nhân dân ${text(row.record.noiDangKy)}`,
    nguoiKy: 'LÊ VĂN MẪU',
    chucVuNguoiKy: 'Chủ tịch',
    nguoiThucHien: 'TRẦN THỊ VÍ DỤ',
    ...Object.fromEntries(Object.keys(kind.papers).map((name) => [name, paper(kind.name, number).toString('base64')])),
  };
}

/** What the result repeats of the record. */
export function restated(kind: Kind, record: JsonObject): JsonObject {
  const entries = resultNames(kind).flatMap((name) => {
    const value = record[SHORT[name] ?? name];
    return value === undefined || name === 'noiDangKy' || name === 'ghiChu' ? [] : [[name, asWritten(kind, name, value)] as const];
  });
  return Object.fromEntries(entries);
}

function asWritten({ capitals }: Kind, name: string, value: Json): Json {
  if (capitals.includes(name)) return text(value).normalize('NFC').toLocaleUpperCase('vi');
  return name.endsWith('GioiTinh') ? Number(value) : value;
}

/** 099 (no province has it) + century and gender + year + a serial that counts. */
function personalId(record: JsonObject, number: string): string {
  const year = /(\d{4})$/u.exec(text(record.nksNgaySinh))?.[1] ?? '2000';
  const gender = text(record.nksGioiTinh) === '2' ? 1 : 0;
  return `099${gender + (Number(year) >= 2000 ? 2 : 0)}${year.slice(2)}${number.padStart(6, '0')}`;
}

/** A small valid PDF that says which entry it is a paper of. */
function paper(kind: string, number: string): Buffer {
  const page = `BT /F1 18 Tf 72 720 Td (MAU THU - ${kind} - ${number}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return String(at).padStart(10, '0');
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${at} 00000 n \n`).join('')}`;
  return Buffer.from(`${file}${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`, 'latin1');
}
