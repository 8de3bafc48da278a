import type { JsonObject } from '../model/json.ts';
import type { Ministry, SimSystem } from './lines.ts';

/** The form, the record schemas and the mappings of the simulated province, compiled by the real mapping language. */

const text = (maxLength: number, title: string): JsonObject => ({ type: 'string', maxLength, title });
const object = (title: string, required: readonly string[], properties: JsonObject): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title,
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

const date: JsonObject = { type: 'string', format: 'date', title: 'Ngày sinh' };

export const FORM: JsonObject = object('Giấy phép mô phỏng', ['idNumber', 'name', 'birthDate', 'paper'], {
  idNumber: text(12, 'Số định danh'),
  name: text(100, 'Họ tên'),
  birthDate: date,
  paper: text(20, 'Loại giấy'),
  phone: text(20, 'Điện thoại'),
  address: text(200, 'Địa chỉ'),
});

const ONE_STOP: JsonObject = object('Hồ sơ một cửa mô phỏng', ['maHoSo', 'soDinhDanh', 'hoTen', 'ngaySinh', 'loaiGiay'], {
  maHoSo: text(60, 'Mã hồ sơ'),
  maThuTuc: text(40, 'Mã thủ tục'),
  maDonVi: text(40, 'Mã đơn vị'),
  trangThai: { type: 'integer', title: 'Trạng thái quốc gia' },
  soLanBoSung: { type: 'integer', title: 'Số lần bổ sung' },
  lanSua: { type: 'integer', title: 'Lần sửa đổi' },
  soDinhDanh: text(12, 'Số định danh'),
  hoTen: text(100, 'Họ tên'),
  ngaySinh: date,
  loaiGiay: text(20, 'Loại giấy'),
  dienThoai: text(20, 'Điện thoại'),
  diaChi: text(200, 'Địa chỉ'),
  kqSoDangKy: text(30, 'Số đăng ký'),
  kqHanDung: text(20, 'Hạn dùng'),
  kqSoThe: text(30, 'Số thẻ'),
});

const REGISTRY: JsonObject = object('Hồ sơ sở đăng ký', [], {
  maHoSoGoc: text(120, 'Mã hồ sơ gốc'),
  tinhTrang: text(2, 'Tình trạng'),
  cccd: text(12, 'Số định danh'),
  hoVaTen: text(100, 'Họ tên'),
  sinhNgay: text(10, 'Ngày sinh'),
  loai: text(20, 'Loại'),
  soDienThoai: text(20, 'Điện thoại'),
  noiO: text(200, 'Nơi ở'),
  soDangKy: text(30, 'Số đăng ký'),
  hanDung: text(20, 'Hạn dùng'),
});

const INSURER: JsonObject = object('Hồ sơ bảo hiểm', [], {
  maNguon: text(120, 'Mã nguồn'),
  trangThai: text(10, 'Trạng thái'),
  dinhDanh: text(12, 'Số định danh'),
  ten: text(100, 'Họ tên'),
  soDangKyGoc: text(30, 'Số đăng ký'),
  lienLac: text(20, 'Liên lạc'),
  soThe: text(30, 'Số thẻ'),
});

export const SCHEMAS: Readonly<Record<SimSystem, JsonObject>> = { 'one-stop': ONE_STOP, registry: REGISTRY, insurer: INSURER };

const ONE_STOP_MAPPING = `
mapping: one-stop.file
for: { form: permit@1 }
give:
  maHoSo: code | key
  kqSoDangKy: { from: results.registry.number, clear: empty }
  kqHanDung: { from: results.registry.expires, clear: empty }
  kqSoThe: { from: results.insurer.card, clear: empty }
share:
  dienThoai: { from: phone, clear: empty }
  diaChi: { from: address, clear: empty }
take:
  status: trangThai
  procedure: maThuTuc
  agency: maDonVi
  supplements: soLanBoSung
  revision: lanSua
  idNumber: soDinhDanh
  name: hoTen
  birthDate: ngaySinh | date(yyyy-MM-dd)
  paper: loaiGiay
steps: { of: status, map: { 4: 4, 5: 5, 9: 9 } }
`;

const REGISTRY_MAPPING = `
mapping: registry.file
for: { form: permit@1 }
needs: [idNumber, name, birthDate, paper]
give:
  maHoSoGoc: code | key
  cccd: idNumber
  hoVaTen: name
  sinhNgay: birthDate | date(dd.MM.yyyy)
  noiO: { from: address, until: issued, clear: empty }
start:
  loai: paper
share:
  soDienThoai: { from: phone, clear: empty }
take:
  results.registry.number: soDangKy
  results.registry.expires: hanDung
phase: { from: tinhTrang, map: { 1: sent, 2: supplement, 3: accepted, 7: assigned, 4: issued, 5: handed-over, 6: refused } }
acts:
  supplement: { on: supplied, in: [supplement] }
`;

const INSURER_MAPPING = `
mapping: insurer.file
for: { form: permit@1 }
needs: [idNumber, name, results.registry.number]
give:
  maNguon: code | key
  dinhDanh: idNumber
  ten: name
  soDangKyGoc: results.registry.number
share:
  lienLac: { from: phone, clear: empty }
take:
  results.insurer.card: soThe
phase: { from: trangThai, map: { moi: sent, xuly: accepted, xong: issued, tuchoi: refused } }
`;

/** File name → text, as they would lie in the mappings directory. */
export const MAPPING_TEXTS: Readonly<Record<`${SimSystem}/file.yaml`, string>> = {
  'one-stop/file.yaml': ONE_STOP_MAPPING,
  'registry/file.yaml': REGISTRY_MAPPING,
  'insurer/file.yaml': INSURER_MAPPING,
};

/** The stage each ministry gives a new record. */
export const FIRST_STAGE: Readonly<Record<Ministry, JsonObject>> = { registry: { tinhTrang: '1' }, insurer: { trangThai: 'moi' } };
