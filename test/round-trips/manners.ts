import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { csvBytes, csvRows, xlsxBytes, xlsxRows } from '../../src/kit/index.ts';
import type { Dice } from '../../src/mapping/generate.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { TAX_FORMS } from './tax-forms.ts';

/** What is particular to a system on the way, beside what its mapping and its verbs say. */
export interface Manner {
  /** The day of the dossiers, where codes hold on some days only. */
  readonly day?: string;
  /** Dossier data instead of the generated. */
  readonly data?: (count: number) => readonly JsonObject[];
  /** A message of the system in its own words, where it only tells. */
  readonly message?: (roll: Dice) => JsonObject;
  readonly config?: (root: string) => JsonObject;
  /** What the system itself adds to the n-th record that is made there. */
  readonly adds?: (record: JsonObject, n: number) => JsonObject;
  /** Record fields that are not ours to compare: the system sets them, or the adapter derives them. */
  readonly derived?: readonly string[];
  /** Files that went out are sent back by the other side. */
  readonly sendBack?: (root: string) => Promise<void>;
}

const SEED = 20_261_124;
const declaration = (kind: string): Manner => ({
  day: '2025-06-01',
  data: (count) => {
    const form = TAX_FORMS[kind];
    if (form === undefined) throw new RangeError(`no form ${kind}`);
    return fc.sample(form, { numRuns: count, seed: SEED }).map((data) => JSON.parse(JSON.stringify(data)) as JsonObject);
  },
});

const two = (n: number): string => String(n).padStart(2, '0');
const today = (): string => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10).split('-').reverse().join('/');
const receivedToday = (n: number): string => `${today()} ${two(n % 24)}:15:00`;
const feedCode = (n: number): string => `G17.MAU-${String(n).padStart(6, '0')}`;
const inside = (record: JsonObject, name: string): JsonObject => (record[name] ?? {}) as JsonObject;

const WORDS = ['Lệ phí trước bạ', 'Thuế thu nhập cá nhân', 'Tiền sử dụng đất', 'Phí & lệ phí <khác>', 'Hòa Hải'];
const digits = (roll: Dice, length: number): string => Array.from({ length }, () => String(roll.below(10))).join('');
const word = (roll: Dice): string => roll.pick(WORDS) ?? '';
const day = (roll: Dice, by: string): string => [two(1 + roll.below(28)), two(1 + roll.below(12)), String(2020 + roll.below(7))].join(by);

function landNotice(roll: Dice): JsonObject {
  const rows = Array.from({ length: 1 + roll.below(3) }, (_, n) => {
    const [number, item] = [`TB-${digits(roll, 4)}`, `${word(roll)} ${n}`];
    const amount = String(1 + roll.below(2_000_000_000));
    return {
      ...{ khoa: `${number}/${item}`, MA_SO_THUE: `099${digits(roll, 9)}`, SO_QUYET_DINH: number },
      ...{ NGAY_QUYET_DINH: day(roll, '-'), TEN_TIEUMUC: item, SO_TIEN: amount },
    };
  });
  return { loaiThongDiep: 'ThongBaoThue', ThongBaoThue: { ROW_LIST: rows } };
}

function landPayment(roll: Dice): JsonObject {
  const at = `${day(roll, '').replace(/^(..)(..)(....)$/, '$3$2$1')}${two(roll.below(24))}${two(roll.below(60))}${two(roll.below(60))}`;
  return {
    loaiThongDiep: 'ChungTuThue',
    ChungTuThue: {
      ...{ MaSoThue: `099${digits(roll, 9)}`, SoCMTNguoiNopTien: `099${digits(roll, 9)}`, HoTenNguoiNopTien: `Lê ${word(roll)}` },
      ...{ DiaChiNguoiNopTien: word(roll), TinhNguoiNopTien: 'Cà Mau', HuyenNguoiNopTien: word(roll), XaNguoiNopTien: word(roll) },
      ThongTinThanhToan: {
        ...{ NoiDungThanhToan: word(roll), ThoiGianThanhToan: at, MaThongBaoThue: `TB-${digits(roll, 4)}` },
        SoTien: String(1 + roll.below(2_000_000_000)),
      },
    },
  };
}

/** The centre opens each file that came, notes that it was received, and sends it back. */
const centre = (format: 'csv' | 'xlsx', prefix: { readonly out: string; readonly in: string }): Manner => ({
  config: (root) => {
    for (const folder of ['ra', 'vao']) mkdirSync(join(root, folder), { recursive: true });
    return { files: { place: { kind: 'folder', root }, format } };
  },
  sendBack: async (root) => {
    for (const name of readdirSync(join(root, 'ra')).filter((one) => one.startsWith(`${prefix.out}-`))) {
      const bytes = readFileSync(join(root, 'ra', name));
      const rows: Readonly<Record<string, string>>[] = [];
      for (const { value } of format === 'csv' ? csvRows(bytes) : xlsxRows(bytes)) rows.push({ ...value, TrangThai: 'TIEP_NHAN' });
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      const back = format === 'csv' ? csvBytes(columns, rows) : await xlsxBytes(columns, rows);
      writeFileSync(join(root, 'vao', name.replace(prefix.out, prefix.in)), back);
    }
  },
});

const PAYMENTS = ['monthly', 'every-3-months', 'every-6-months'];
/** No die throws the two words a household's name begins with, so these are counted through. */
const households = (count: number): readonly JsonObject[] =>
  Array.from({ length: count }, (_, n) => ({
    household: {
      name: `Hộ kinh doanh ${n % 2 === 0 ? 'Mẫu' : 'Ví Dụ'} ${n}`,
      headquarters: { province: '96', ward: n % 2 === 0 ? '32041' : '32095', wardVersion: '2025', detail: `Ấp ${n}` },
      ...(n % 3 === 0 ? {} : { phone: `0900000${String(n % 1000).padStart(3, '0')}` }),
    },
    owner: { fullName: `Trần Thị Mẫu ${n}` },
    insurance: { payment: PAYMENTS[n % 3] ?? 'monthly', workers: n, ...(n % 4 === 0 ? {} : { from: `2026-${two(1 + (n % 12))}` }) },
  }));

/** By mapping, or by system. */
export const MANNERS: Readonly<Record<string, Manner>> = {
  // It counts the revisions of a document itself.
  'one-stop': { derived: ['revision'] },
  'tax.first-tax-code': declaration('first-tax-code'),
  'tax.business-tax': declaration('business-tax'),
  'tax.dependant': declaration('dependant'),
  'tax.household-taxpayer': { data: households },
  'social-insurance.household-unit': { data: households },
  'tax.land-notice': { message: landNotice },
  'tax.land-payment': { message: landPayment },
  'driving-licence.licence-copy': {
    derived: ['BoKetNoi', 'ChiTiet.MaHoSo', 'ChiTiet.NgayTiepNhan'],
    adds: (record, n) => ({ ...record, ChiTiet: { ...inside(record, 'ChiTiet'), MaHoSo: feedCode(n), NgayTiepNhan: receivedToday(n) } }),
  },
  'driving-licence.licence-notice': {
    derived: ['BoKetNoi', 'MaHoSo', 'NgayTiepNhan'],
    adds: (record, n) => ({ ...record, MaHoSo: feedCode(n), NgayTiepNhan: receivedToday(n) }),
  },
  'unemployment-insurance.claim': centre('csv', { out: 'TCTN', in: 'QD-TCTN' }),
  'unemployment-insurance.suspension': centre('xlsx', { out: 'TAM-DUNG', in: 'QD-TAM-DUNG' }),
};
