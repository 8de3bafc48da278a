import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { book, inwards, mapping, outwards } from '../mappings/book.ts';

const claim = mapping('unemployment-insurance', 'claim');
const suspension = mapping('unemployment-insurance', 'suspension');

/** Every column the sources name (domain: unemployment-insurance.md §2.2), written out by hand. */
const words = (list: string) => list.trim().split(/\s+/);
const COLUMNS = words(`HoVaTen NgaySinh IDGioiTinh CMND NgayCapCMND NoiCap DienThoai Email NoiThuongTru TaiKhoan IDNganHang MaSoThue BHXH
  NgayCapBHXH NoiCapBHXH NoiDangKyKhamBenh TrinhDoChuyenMon LinhVucDaoTao CongViecDaLam IDDanToc IDTonGiao IdNLDTCTN IDNguoiLaoDong
  NgayNghiViec SoThangBHTN NhuCauTuVan NhuCauGTVL NhuCauHocNghe NgayDangKyTN DangKyTre DangKyTreLyDo NoiTiepNhan NgayHoanThien
  NoiNhanBaoHiem HinhThucNhanTien NoiChotSoCuoi DaXacNhanChuaDangKy NoiXacNhanChuaDangKy TenDonVi DiaChi DienThoaiDonVi FaxDonVi SoDKKD
  IdLoaiHinh IDNganhNghe EmailDonVi`);
/** What the e-form asks (§2.1), by the place that the form gives it. */
const ASKED: Readonly<Record<string, string>> = {
  fullname: 'person.fullName',
  identityNumber: 'person.personalId',
  phoneNumber: 'person.phone',
  birthday: 'person.birthDate',
  identityDate: 'person.paper.date',
  identityAgency: 'person.paper.place',
  gender: 'person.sex',
  nation: 'person.ethnic',
  province: 'residence.province',
  village: 'residence.ward',
  diaChiChiTietNSD: 'residence.detail',
  currentProvince: 'currentResidence.province',
  currentVillage: 'currentResidence.ward',
  currentProvinceAddressDetail: 'currentResidence.detail',
  contactAddress: 'contactAddress',
  educationLevel: 'education.level',
  trainingField: 'education.field',
  terminationDate: 'employment.terminationDate',
  preTerminationWorkIndustry: 'employment.industry',
  preTerminationWorkOccupation: 'employment.occupation',
  coQuan: 'employment.employer',
  preTerminationWorkProvince: 'employment.province',
  village2: 'employment.ward',
  contractType: 'employment.contractType',
  terminationReason: 'employment.terminationReason',
  unemploymentInsuranceMonths: 'insurance.unemploymentMonths',
  socialInsuranceProvince: 'insurance.province',
  initialMedicalRegistrationPlace: 'insurance.facility',
  'Số tài khoản': 'payment.account',
  'Chủ tài khoản': 'payment.holder',
  'Tại Ngân hàng': 'payment.bank',
};

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
}
const has = (schema: Node, path: string): boolean =>
  path.split('.').reduce<Node | undefined>((here, name) => here?.properties?.[name], schema) !== undefined;
const schemaAt = (path: string): Node => JSON.parse(readFileSync(path, 'utf8')) as Node;

describe('the claim', () => {
  test('has every column that the sources name, and the closed world demands a line or a reason of each', () => {
    const schema = schemaAt('adapters/unemployment-insurance/records/claim.schema.json');
    expect(COLUMNS.filter((name) => !has(schema, name))).toEqual([]);
    expect(book.diagnostics.filter(({ file }) => file.startsWith('unemployment-insurance/'))).toEqual([]);
  });

  test('asks everything that the e-form asks', () => {
    const form = schemaAt('mappings/forms/unemployment-claim@1.schema.json');
    expect(Object.entries(ASKED).filter(([, path]) => !has(form, path))).toEqual([]);
  });

  test('joins the address for print and never takes it apart again', () => {
    const residence = { detail: 'Số 5, đường Mẫu', wardName: 'Phường Bạc Liêu', provinceName: 'Cà Mau' };
    expect(outwards(claim, { residence }).record.NoiThuongTru).toBe('Số 5, đường Mẫu, Phường Bạc Liêu, Cà Mau');
    expect(claim.rule('NoiThuongTru')).toMatchObject({ owner: 'give', until: null });
    expect(claim.rule('NoiThuongTru').lossy).not.toBeNull();
  });

  test('the months the person declares are not the months of the decision', () => {
    const { changes } = inwards(claim, { SoThangHuong: 3, MucHuong: 3_600_000 }, { insurance: { unemploymentMonths: 30 } });
    expect(changes.map(({ path, value }) => [path, value])).toEqual([
      ['results.unemployment-insurance.months', 3],
      ['results.unemployment-insurance.amount', 3_600_000],
    ]);
  });

  test('no number of the centre’s own software is read as a stage', () => {
    for (const code of ['3', '6', '11', '26', '47']) expect(claim.phase({ TrangThai: code }, 'all')).toEqual({ is: 'unknown', code });
    expect(claim.phase({ TrangThai: 'HUY' }, 'all')).toMatchObject({ phase: 'stopped' });
  });
});

describe('T1: gender at the centre', () => {
  test('is 1 and 2, both ways; an unknown one is asked', () => {
    expect(outwards(claim, { person: { sex: 'male' } }).record.IDGioiTinh).toBe('1');
    expect(outwards(claim, { person: { sex: 'female' } }).record.IDGioiTinh).toBe('2');
    expect(outwards(claim, { person: { sex: 'unknown' } }).problems.map(({ hold }) => hold)).toEqual(['split-code']);
    expect(inwards(claim, { IDGioiTinh: '0' }, { person: {} }).problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
  });
});

describe('T3 and T19: what is known in part, and what is not known', () => {
  test('a birth year stays a year, in the claim and in the suspension', () => {
    for (const of of [claim, suspension]) expect(outwards(of, { person: { birthDate: '1968' } }).record.NgaySinh).toBe('1968');
  });

  test('a dossier with only a name yields only that name: no "no", no "now", no 0 months', () => {
    for (const of of [claim, suspension]) expect(outwards(of, { person: { fullName: 'Mẫu Thử' } }).record).toEqual({ HoVaTen: 'Mẫu Thử' });
  });

  test('a bank nobody knows waits, and is not sent', () => {
    const { record, problems } = outwards(claim, { payment: { bank: 'Ngân hàng Chưa Có', account: '0123' } });
    expect(problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
    expect(record).toEqual({ TaiKhoan: '0123' });
  });
});
