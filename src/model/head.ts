import { dateFormat, parseDate, printAt } from './date-format.ts';
import type { At, Json } from './json.ts';
import { fails, type Reading, reads } from './reading.ts';

/**
 * The two packets of the national portal as tables (one-stop.md §2–3; read in public code, not in the regulation itself).
 * Typed inside; on the wire every value is text: moments `yyyyMMddHHmmss`, flags `True`/`False` or `0`/`1`.
 */
type WireType = 'text' | 'moment' | 'flag' | 'flag01' | 'number' | 'list';

export interface PacketField {
  /** As the packet spells it. */
  readonly wire: string;
  /** Our name, or null where the hub holds no such thing. */
  readonly ours: string | null;
  readonly type: WireType;
  readonly mandatory: boolean;
  /** Most characters on the wire; null = none known. */
  readonly most: number | null;
  readonly vi: string;
}

const field = (
  wire: string,
  ours: string | null,
  type: WireType,
  mandatory: boolean,
  vi: string,
  most: number | null = null,
): PacketField => ({
  wire,
  ours,
  type,
  mandatory,
  most,
  vi,
});

/**
 * `DongBoHoSoMC`. The regulation's table counts 27 fields but could not be read; public code lists these 29, SoBienNhan among them,
 * which some systems do not send.
 */
export const DOSSIER_PACKET: readonly PacketField[] = [
  field('MaHoSo', 'code', 'text', true, 'Mã hồ sơ', 50),
  field('MaTTHC', 'procedure', 'text', true, 'Mã thủ tục hành chính', 50),
  field('TenTTHC', 'procedureName', 'text', true, 'Tên thủ tục hành chính'),
  field('MaLinhVuc', 'sector', 'text', true, 'Mã lĩnh vực', 50),
  field('TenLinhVuc', 'sectorName', 'text', true, 'Tên lĩnh vực'),
  field('SoBienNhan', 'receiptNumber', 'text', false, 'Số biên nhận'),
  field('ChuHoSo', 'applicant.fullName', 'text', false, 'Chủ hồ sơ', 500),
  field('LoaiDoiTuong', 'applicant.kind', 'text', true, 'Loại đối tượng; hai danh mục cùng tồn tại', 50),
  field('MaDoiTuong', 'applicant.technicalId', 'text', false, 'Mã đối tượng trên Cổng DVCQG'),
  field('ThongTinKhac', 'note', 'text', false, 'Thông tin khác'),
  field('Email', 'applicant.email', 'text', false, 'Thư điện tử', 100),
  field('Fax', null, 'text', false, 'Fax'),
  field('SoDienThoai', 'applicant.phone', 'text', true, 'Số điện thoại', 50),
  field('TrichYeuHoSo', 'summary', 'text', true, 'Trích yếu hồ sơ', 1000),
  field('NgayTiepNhan', 'receivedAt', 'moment', true, 'Ngày tiếp nhận'),
  field('NgayHenTra', 'dueAt', 'moment', true, 'Ngày hẹn trả; được để trống'),
  field('TrangThaiHoSo', 'status', 'number', true, 'Trạng thái hồ sơ 1–10', 2),
  field('NgayTra', 'handedOverAt', 'moment', false, 'Ngày trả'),
  field('ThongTinTra', 'handOverNote', 'text', false, 'Thông tin trả'),
  field('HinhThuc', 'delivery', 'text', true, 'Hình thức trả kết quả: 0 trực tiếp, 1 bưu chính', 1),
  field('NgayKetThucXuLy', 'finishedAt', 'moment', false, 'Ngày kết thúc xử lý'),
  field('DonViXuLy', 'agencyName', 'text', true, 'Tên đơn vị xử lý (không phải mã)'),
  field('NgayTuChoi', 'refusedAt', 'moment', false, 'Ngày từ chối'),
  field('GhiChu', 'remark', 'text', false, 'Ghi chú'),
  field('TaiLieuNop', 'files', 'list', false, 'Tài liệu nộp'),
  field('DanhSachLePhi', 'fees', 'list', false, 'Danh sách lệ phí'),
  field('DanhSachTepDinhKemKhac', 'otherFiles', 'list', false, 'Danh sách tệp đính kèm khác'),
  field('DanhSachHoSoBoSung', 'supplementRequests', 'list', false, 'Danh sách hồ sơ bổ sung'),
  field('DanhSachGiayToKetQua', 'results', 'list', false, 'Danh sách giấy tờ kết quả'),
];

/** Fields that later systems add to the packet. */
export const DOSSIER_PACKET_NEWER: readonly PacketField[] = [
  field('KenhThucHien', 'channel', 'text', true, 'Kênh thực hiện: 1 trực tiếp, 2 trực tuyến, 3 bưu chính công ích', 2),
  field('SoGiayToChuHoSo', 'applicant.identityNumber', 'text', false, 'Số giấy tờ chủ hồ sơ', 100),
  field('DinhDanhCHS', 'applicant.identityNumbers', 'list', false, 'Định danh chủ hồ sơ: 1 = 12 số, 2 = CMND 9 số'),
  field('NgayNopHoSo', 'submittedAt', 'moment', false, 'Ngày nộp hồ sơ'),
  field('NoiNopHoSo', 'submittedWhere', 'text', false, 'Nơi nộp hồ sơ', 1),
  field('HoSoCoThanhPhanSoHoa', 'digitised', 'flag01', false, 'Hồ sơ có thành phần số hóa'),
  field('TaiKhoanDuocXacThucVoiVNeID', 'eidVerified', 'flag01', false, 'Tài khoản được xác thực với VNeID'),
  field('DuocThanhToanTrucTuyen', 'paidOnline', 'text', false, 'Được thanh toán trực tuyến: 0–3', 1),
  field('DSKetNoiCSDL', 'databases', 'list', false, 'Cơ sở dữ liệu đã kết nối'),
];

/** `CapNhatTienDoHoSoMC`: one row of progress. */
export const PROGRESS_PACKET: readonly PacketField[] = [
  field('MaHoSo', 'code', 'text', true, 'Mã hồ sơ', 50),
  field('NguoiXuLy', 'actor', 'text', true, 'Người xử lý', 50),
  field('ChucDanh', 'actorTitle', 'text', false, 'Chức danh'),
  field('ThoiDiemXuLy', 'at', 'moment', true, 'Thời điểm xử lý'),
  field('PhongBanXuLy', 'unit', 'text', false, 'Phòng ban xử lý'),
  field('NoiDungXuLy', 'note', 'text', true, 'Nội dung xử lý'),
  field('TrangThai', 'status', 'number', true, 'Trạng thái', 2),
  field('NgayBatDau', 'startedAt', 'moment', false, 'Ngày bắt đầu'),
  field('NgayKetThucTheoQuyDinh', 'dueAt', 'moment', false, 'Ngày kết thúc theo quy định'),
];

/** Fields inside the packet's lists whose length is known. */
export const LIST_FIELDS: readonly PacketField[] = [
  field('TenTepDinhKem', 'files.name', 'text', true, 'Tên tệp đính kèm', 4000),
  field('TenGiayTo', 'results.name', 'text', true, 'Tên giấy tờ kết quả', 2000),
];

const MOMENT = known('yyyyMMddHHmmss');

/** A typed value (moments as ms, flags as booleans) as wire text. null = not there, which a mandatory field may not be (the due date may). */
export function toWire(packet: PacketField, value: Json): Reading<string> {
  if (value === null || value === '') return packet.mandatory && !MAY_BE_EMPTY.has(packet.wire) ? MISSING : reads('');
  const text = wireText(packet.type, value);
  if (!text.ok || packet.most === null || [...text.value].length <= packet.most) return text;
  return fails('packet.too-long', `${packet.vi}: dài quá ${packet.most} ký tự.`, `${packet.wire}: more than ${packet.most} characters.`);
}

/** Wire text as a typed value; empty = null. A value the type does not know is an error, never a guess. */
export function fromWire(packet: PacketField, text: string): Reading<Json> {
  if (text.trim() === '') return packet.mandatory && !MAY_BE_EMPTY.has(packet.wire) ? MISSING : reads(null);
  switch (packet.type) {
    case 'text':
      return reads(text.normalize('NFC').trim());
    case 'number':
      return /^\d{1,9}$/.test(text.trim()) ? reads(Number(text)) : WRONG;
    case 'flag':
    case 'flag01':
      return text === '1' || /^true$/i.test(text) ? reads(true) : text === '0' || /^false$/i.test(text) ? reads(false) : WRONG;
    case 'moment': {
      const moment = parseDate(MOMENT, text.trim());
      if (!moment.ok) return moment;
      return moment.value.is === 'instant' ? reads(moment.value.at) : WRONG;
    }
    case 'list':
      return WRONG;
  }
}

/**
 * Cuts a text to what the field holds, by whole characters, and says whether something was lost. Nothing cuts by itself:
 * who uses this has decided that the loss is bearable, and reports it.
 */
export function cutFor(packet: PacketField, text: string): { readonly text: string; readonly lost: number } {
  const characters = [...text.normalize('NFC')];
  const kept = packet.most === null ? characters : characters.slice(0, packet.most);
  return { text: kept.join(''), lost: characters.length - kept.length };
}

/** Mandatory, but the packet takes an empty text. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['NgayHenTra']);

const MISSING = fails('packet.missing', 'Thiếu thông tin bắt buộc của gói tin.', 'A mandatory field of the packet is missing.');
const WRONG = fails(
  'packet.type',
  'Giá trị không đúng kiểu của trường này trong gói tin.',
  "The value does not have the packet field's type.",
);

function wireText(type: WireType, value: Json): Reading<string> {
  if (type === 'text' && typeof value === 'string') return reads(value.normalize('NFC'));
  if (type === 'number' && typeof value === 'number' && Number.isSafeInteger(value)) return reads(String(value));
  if (type === 'flag' && typeof value === 'boolean') return reads(value ? 'True' : 'False');
  if (type === 'flag01' && typeof value === 'boolean') return reads(value ? '1' : '0');
  if (type === 'moment' && typeof value === 'number') return momentText(value);
  return WRONG;
}

/** The wire knows whole seconds; milliseconds are cut, as every reader of the packet does. */
const momentText = (at: At): Reading<string> => (Number.isFinite(at) ? printAt(MOMENT, Math.floor(at / 1000) * 1000) : WRONG);

function known(name: string) {
  const format = dateFormat(name);
  if (!format.ok) throw new TypeError('the packet names a date format that does not exist');
  return format.value;
}
