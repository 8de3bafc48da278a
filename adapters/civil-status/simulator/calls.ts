import type { Json, JsonObject, SimulatorAnswer, SimulatorDesk, SimulatorRow } from '../../../src/kit/index.ts';
import type { Kind } from '../kinds.ts';
import { writeStamp } from '../time.ts';
import { naturalKey, propertiesOf } from './register.ts';

/** What the simulated civil-status system answers, in the words of the domain notes (§2 and §5). */

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const said = (json: JsonObject): SimulatorAnswer => ({ status: 200, json });
const kindOf = (kinds: Kinds, { module }: JsonObject): Kind | undefined => [...kinds.values()].find((kind) => kind.module === module);
export type Kinds = ReadonlyMap<string, Kind>;

/** `nhanHoSoDKHT`: a new dossier, or the supplement while one is asked for. The second push of a code is refused, except `unsafe`. */
export function push(kinds: Kinds, desk: SimulatorDesk, body: JsonObject): SimulatorAnswer {
  const kind = kindOf(kinds, body);
  const key = text(body.maHoSoMCDT);
  if (kind === undefined || key === '') return said({ status: '0', errorCode: '01', errorDescription: 'Thông tin gói tin không hợp lệ' });
  const { data, fileDinhKem: files, ...envelope } = body;
  const record: JsonObject = { ...(JSON.parse(text(data)) as JsonObject), ...envelope, ...filesOf(files) };
  const faults = faultsIn(kind, record);
  if (faults.length > 0)
    return said({ type: 'about:blank', title: 'Có lỗi xảy ra.', status: 500, traceId: `trace-${desk.now()}`, detail: faults.join('; ') });
  const known = desk.byKey(kind.name, key);
  if (known?.stage === '2') desk.change(kind.name, known.id, { record: { ...record, hanBoSungHoSo: '' }, stage: '3' }, 'supplement');
  else if (known !== null && !desk.faults().unsafe)
    return said({ status: '0', errorCode: '02', errorDescription: `Hồ sơ ${key} Đã được tiếp nhận` });
  else desk.add(kind.name, { key, record }, 'create');
  return said({ status: '1', statusDescription: 'Thành công', errorCode: '', errorDescription: '' });
}

/** Attachments are kept without their bytes' text, as they would be in a file store. */
const filesOf = (files: Json | undefined): JsonObject =>
  Array.isArray(files) && files.length > 0
    ? { fileDinhKem: (files as JsonObject[]).map(({ duLieuTepDinhKem: _bytes, ...mark }) => mark) }
    : {};

function faultsIn(kind: Kind, record: JsonObject): readonly string[] {
  const label = (name: string) => propertiesOf(kind)[name]?.title ?? name;
  const missing = kind.mandatory.filter((name) => text(record[name]).trim() === '').map((name) => `${label(name)} không được để trống`);
  const long = Object.entries(record).flatMap(([name, value]) => {
    const most = propertiesOf(kind)[name]?.maxLength;
    return most !== undefined && typeof value === 'string' && value.length > most
      ? [`${label(name)} có độ dài vượt quá ${most} ký tự`]
      : [];
  });
  const strange = Object.entries(record).flatMap(([name, value]) =>
    name.endsWith('DanToc') && /\d/u.test(text(value)) ? [`${label(name)} không tồn tại trong danh mục dân tộc`] : [],
  );
  return [...missing, ...long, ...strange];
}

/** `LayKetQua`: at most 3 dossiers; each asked one is answered, found or not, unless the faults leave it out. */
export function poll(kinds: Kinds, desk: SimulatorDesk, body: JsonObject): SimulatorAnswer {
  const kind = kindOf(kinds, body);
  const keys = Array.isArray(body.maDinhDanhHoSo) ? (body.maDinhDanhHoSo as Json[]).map(text) : [];
  if (kind === undefined) return said({ status: 0, statusDescription: 'Phân hệ không hợp lệ', value: [] });
  if (keys.length > 3) return said({ status: 0, statusDescription: 'Số lượng hồ sơ vượt quá 3', value: [] });
  const value = keys.map((key) => {
    const row = desk.byKey(kind.name, key);
    return row === null ? notThere(kind, key) : stated(kind, row, false);
  });
  return said({ status: 1, statusDescription: 'Thành công', value: desk.answered(value) });
}

const notThere = (kind: Kind, key: string): JsonObject => ({
  maDonVi: '',
  maTinh: '96',
  module: kind.module,
  maHoSoMCDT: key,
  errors: 'Hồ sơ không tồn tại',
  trangThai: 0,
  thoiGianThucHien: '',
  ketQuaXuLy: null,
});

const STATUS = ['nguoiXuLy', 'chucDanh', 'phongBanXuLy', 'noiDungXuLy', 'hanBoSungHoSo', 'maHoSoLT'] as const;

/** One element of an answer. The status and its time come from the row; the result is there once issued. */
export function stated(kind: Kind, row: SimulatorRow, blind: boolean): JsonObject {
  const { record } = row;
  const given = STATUS.filter((name) => record[name] !== undefined).map((name) => [name, record[name]] as const);
  return {
    ...Object.fromEntries(given),
    ...(kind.ownRemark || record.ghiChu === undefined ? {} : { ghiChu: record.ghiChu }),
    maDonVi: text(record.noiDangKy),
    maTinh: '96',
    module: kind.module,
    maHoSoMCDT: blind ? null : row.key,
    errors: null,
    trangThai: Number(row.stage),
    thoiGianThucHien: writeStamp(row.at),
    ketQuaXuLy: row.stage === '4' || row.stage === '5' ? (record.ketQuaXuLy ?? null) : null,
  };
}

/** The search that the adapter infers: by personal ID, by register number, or by name, date and place. `unsafe` states no key. */
export function search(kinds: Kinds, desk: SimulatorDesk, body: JsonObject): SimulatorAnswer {
  const kind = kindOf(kinds, body);
  if (kind === undefined) return said({ status: 0, statusDescription: 'Phân hệ không hợp lệ', value: [] });
  const { maTinh: _province, module: _module, ...fields } = body;
  const rows = desk.rows(kind.name).filter((row) => answersTo(kind, row, fields));
  return said({ status: 1, value: desk.shuffled(rows).map((row) => stated(kind, row, desk.faults().unsafe)) });
}

function answersTo(kind: Kind, row: SimulatorRow, fields: JsonObject): boolean {
  const result = (row.record.ketQuaXuLy ?? {}) as JsonObject;
  if (fields.soDinhDanh !== undefined) return result.soDinhDanh === fields.soDinhDanh;
  if (fields.soDangKy !== undefined)
    return ['quyenSo', 'soDangKy'].every((name) => result[name] === fields[name]) && row.record.noiDangKy === fields.noiDangKy;
  return naturalKey(kind, row.record) === naturalKey(kind, fields);
}
