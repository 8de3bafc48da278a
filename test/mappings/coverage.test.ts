import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS, jsonOf, KINDS, type Kind, mappingOf } from './given.ts';

/** Every field the sources name (domain: civil-status.md §2.1–2.3), written out by hand and apart from schema and mapping. */
const words = (list: string) => list.trim().split(/\s+/);
const each = (prefix: string, list: string) => words(list).map((name) => prefix + name);

const PERSON =
  'HoTen NgaySinh DanToc DanTocKhac QuocTich QuocTichKhac LoaiCuTru NoiCuTru LoaiGiayToTuyThan SoGiayToTuyThan XacThucThongTin';
const DECLARANT =
  'HoTen QuanHe LoaiGiayToTuyThan GiayToKhac SoGiayToTuyThan NgayCapGiayToTuyThan NoiCapGiayToTuyThan SoDienThoai Email XacThucThongTin';
const SPOUSE =
  'HoTen NgaySinh DanToc DanTocKhac QuocTich LoaiCuTru NoiCuTru LoaiGiayToTuyThan GiayToKhac SoGiayToTuyThan NgayCapGiayToTuyThan NoiCapGiayToTuyThan SoDDCN SoLanKH LoaiTinhTrangHonNhan TinhTrangHonNhan YeuCauXNTTHN NoiXNTTHN';

const SENT: Record<Kind, readonly string[]> = {
  birth: [
    ...words('maGCS ngayCapGCS loaiDangKy noiDangKy soLuongBanSao'),
    ...each(
      'nks',
      'HoTen GioiTinh NgaySinh NgaySinhBangChu NoiSinh NoiSinhDVHC NoiSinhNuocNgoai QueQuan DanToc DanTocKhac QuocTich QuocTichKhac LoaiKhaiSinh LoaiGiayToTuyThan SoGiayToTuyThan NgayCapGiayToTuyThan NoiCapGiayToTuyThan',
    ),
    ...['me', 'cha'].flatMap((who) => each(who, `${PERSON} GiayToKhac SoDDCN`)),
    ...each('nyc', `${DECLARANT} SoDDCN LoaiCuTru NoiCuTru`),
    ...words('soDangKyNuocNgoai ngayDangKyNuocNgoai cqNuocNgoaiDaDangKy qgNuocNgoaiDaDangKy'),
  ],
  death: [
    ...words('maGBT ngayCapGBT loaiDangKy noiDangKy soLuongBanSao gbtLoai gbtSo gbtNgay gbtCoQuanCap'),
    ...each('nkt', `${PERSON} GioiTinh NgayCapGiayToTuyThan NoiCapGiayToTuyThan GiayToKhac NgayChet GioPhutChet NoiChet NguyenNhanChet`),
    ...each('nyc', `${DECLARANT} NoiCuTru`),
  ],
  marriage: [
    ...words('loaiDangKy noiDangKy ngayXacLapQuanHeHonNhan ghiChu soBanSao soLuongBanSao chongCuTruNuocNgoai'),
    ...['vo', 'chong'].flatMap((who) => each(who, SPOUSE)),
  ],
};

const REGISTER = words('soDangKy so quyenSo trangSo ngayDangKy noiDangKy nguoiKy chucVuNguoiKy nguoiThucHien ghiChu');
const RESULT: Record<Kind, readonly string[]> = {
  birth: [
    ...words(
      'soDinhDanh ndkksMaTinh ndkksMaHuyen ndkksMaXa giayKhaiSinh nksHoTen nksGioiTinh nksNgaySinh nksNoiSinh nksQueQuan nksDanToc nksQuocTich',
    ),
    ...words('meHoTen meSoGiayTo chaHoTen chaSoGiayTo nycHoTen nycSoGiayTo'),
    ...REGISTER,
  ],
  death: [
    ...each('nkt', 'HoTen GioiTinh NgaySinh DanToc QuocTich LoaiCuTru NoiCuTru SoGiayTo NgayChet NoiChet NguyenNhanChet'),
    ...words('giayBaoTuLoai giayBaoTuSo nycHoTen nycSoGiayTo nycQuanHe giayKhaiTu'),
    ...REGISTER,
  ],
  marriage: REGISTER,
};

const ENVELOPE = words(
  'maDonVi module maHoSoLT maHoSoMCDT ngayTiepNhan fileDinhKem maTinh errors trangThai thoiGianThucHien ghiChu nguoiXuLy chucDanh phongBanXuLy noiDungXuLy hanBoSungHoSo',
);

const schemaOf = (kind: Kind) => {
  const node = z.looseObject({
    properties: z.record(z.string(), z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() })),
  });
  return node.parse(jsonOf(ADAPTERS, 'civil-status/records', `${kind}.schema.json`)).properties;
};

const source = (pipe: string) => (pipe.split('|')[0] ?? '').trim();

/** Record paths that a line writes or reads, that tell the phase, or that are set aside with a reason. */
function accountedFor(kind: Kind): ReadonlySet<string> {
  const { give, share, start, take, phase, ignore } = mappingOf('civil-status', kind);
  const written = [give, share, start].flatMap((section) =>
    Object.entries(section).flatMap(([left, line]) =>
      typeof line === 'string' || line.seen === undefined ? [left] : [left, source(line.seen)],
    ),
  );
  const read = Object.values(take).map((line) => source(typeof line === 'string' ? line : line.from));
  const reasons = [...Object.entries(ignore.theirs), ...Object.entries(ignore.drop)].filter(([, reason]) => reason.trim().length > 5);
  return new Set([...written, ...read, ...reasons.map(([path]) => path), ...(phase === undefined ? [] : ['trangThai'])]);
}

/** An address is covered by its parts. */
const covers = (accounted: ReadonlySet<string>, name: string) =>
  accounted.has(name) || ['dcChiTiet', 'quocGia', 'maTinh', 'maHuyen', 'maXa'].every((part) => accounted.has(`${name}.${part}`));

describe.each(KINDS)('the civil-status record of a %s', (kind) => {
  it('has every field that the sources name, and each is mapped or set aside with a reason', () => {
    const known = schemaOf(kind);
    const accounted = accountedFor(kind);
    const named = [...SENT[kind], ...ENVELOPE];
    expect(named.filter((name) => known[name] === undefined)).toEqual([]);
    expect(named.filter((name) => !covers(accounted, name))).toEqual([]);
  });

  it('has every field of the result, and each is read or set aside with a reason', () => {
    const known = schemaOf(kind).ketQuaXuLy?.properties ?? {};
    const accounted = accountedFor(kind);
    expect(RESULT[kind].filter((name) => known[name] === undefined)).toEqual([]);
    expect(RESULT[kind].filter((name) => !covers(accounted, `ketQuaXuLy.${name}`))).toEqual([]);
  });

  it('yields to the ministry from the day of issue in every line that carries what the declarant said', () => {
    const lines = Object.entries(mappingOf('civil-status', kind).give);
    const standing = new Set(['maHoSoMCDT', 'maHoSoLT', 'maDonVi', 'module', 'ngayTiepNhan']);
    const owned = lines.filter(([name]) => !standing.has(name));
    expect(owned.length).toBeGreaterThan(30);
    expect(owned.filter(([, line]) => typeof line === 'string' || line.until !== 'issued').map(([name]) => name)).toEqual([]);
  });
});
