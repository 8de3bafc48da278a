import type { HubSide } from '../mapping/contract.ts';
import { tidyText } from '../mapping/conversions/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { BUSINESS_OFFSET_MS, daysIn } from '../model/partial-date.ts';
import { KIND, lookUp, type Table, type Tables } from './birth-tables.ts';

/**
 * The birth form outward as a programmer would write it for this one ministry: the same checks as the mapping (required,
 * lengths, codes by day, date formats, NFC and single spaces), the same record. What `bench mapping` measures against.
 */
export interface ByHand {
  readonly record: JsonObject;
  /** Hub paths of what cannot be carried. */
  readonly problems: readonly string[];
}

type Draft = { [name: string]: Json | undefined };
interface Sheet {
  readonly tables: Tables;
  readonly hub: HubSide;
  readonly problems: string[];
}
const NOTHING: JsonObject = {};

export function birthByHand(tables: Tables, hub: HubSide): ByHand {
  const sheet: Sheet = { tables, hub, problems: [] };
  const { document } = hub;
  const registration = group(document, 'registration');
  const certificate = group(document, 'certificate');
  const foreign = group(document, 'foreignRegistration');
  const office = group(registration, 'office');
  required(sheet, document, registration, office);
  const record: Draft = { module: 'LTKS' };
  put(record, 'maHoSoMCDT', text(sheet, document.code, 60, '', 'code'));
  put(record, 'maHoSoLT', text(sheet, document.nationalCode, 60, '', 'nationalCode'));
  const ward = code(sheet, tables.ward, office.ward, 'registration', 'office.ward', office.wardVersion);
  put(record, 'maDonVi', ward);
  put(record, 'noiDangKy', ward);
  put(record, 'ngayTiepNhan', moment(sheet, document.receivedAt, '', 'receivedAt'));
  put(record, 'loaiDangKy', code(sheet, tables[KIND], registration.kind, 'registration', 'kind'));
  put(record, 'soLuongBanSao', count(sheet, registration.copies, 99, 'registration', 'copies'));
  put(record, 'maGCS', text(sheet, certificate.number, 50, 'certificate', 'number'));
  put(record, 'ngayCapGCS', day(sheet, certificate.date, 'certificate', 'date', false));
  child(sheet, record, group(document, 'child'));
  parent(sheet, record, MOTHER, 'mother', group(document, 'mother'));
  parent(sheet, record, FATHER, 'father', group(document, 'father'));
  declarant(sheet, record, group(document, 'declarant'));
  put(record, 'soDangKyNuocNgoai', text(sheet, foreign.number, 50, 'foreignRegistration', 'number'));
  put(record, 'ngayDangKyNuocNgoai', day(sheet, foreign.date, 'foreignRegistration', 'date'));
  put(record, 'cqNuocNgoaiDaDangKy', text(sheet, foreign.agency, 250, 'foreignRegistration', 'agency'));
  put(record, 'qgNuocNgoaiDaDangKy', code(sheet, tables.country, foreign.country, 'foreignRegistration', 'country'));
  return { record, problems: sheet.problems };
}

function required(sheet: Sheet, document: JsonObject, registration: JsonObject, office: JsonObject): void {
  const born = group(document, 'child');
  const need = (of: Json | undefined, path: string): void => {
    if (isNothing(of)) sheet.problems.push(path);
  };
  need(office.ward, 'registration.office.ward');
  need(registration.kind, 'registration.kind');
  need(born.fullName, 'child.fullName');
  need(born.birthDate, 'child.birthDate');
  need(born.sex, 'child.sex');
  need(born.birthPlace, 'child.birthPlace');
  need(born.hometown, 'child.hometown');
  need(born.ethnic, 'child.ethnic');
  need(born.nationality, 'child.nationality');
  need(group(document, 'declarant').fullName, 'declarant.fullName');
}

function child(sheet: Sheet, record: Draft, from: JsonObject): void {
  const { tables } = sheet;
  const paper = group(from, 'paper');
  put(record, 'nksHoTen', text(sheet, from.fullName, 100, 'child', 'fullName'));
  put(record, 'nksGioiTinh', code(sheet, tables['gender.btp'], from.sex, 'child', 'sex'));
  put(record, 'nksNgaySinh', day(sheet, from.birthDate, 'child', 'birthDate'));
  put(record, 'nksNgaySinhBangChu', text(sheet, from.birthDateInWords, 200, 'child', 'birthDateInWords'));
  put(record, 'nksNoiSinh', address(sheet, group(from, 'birthPlace'), 'child.birthPlace'));
  put(record, 'nksNoiSinhNuocNgoai', text(sheet, from.birthPlaceAbroad, 250, 'child', 'birthPlaceAbroad'));
  put(record, 'nksQueQuan', address(sheet, group(from, 'hometown'), 'child.hometown'));
  put(record, 'nksDanToc', code(sheet, tables.ethnic, from.ethnic, 'child', 'ethnic'));
  put(record, 'nksDanTocKhac', text(sheet, from.ethnicOther, 60, 'child', 'ethnicOther'));
  put(record, 'nksQuocTich', code(sheet, tables.country, from.nationality, 'child', 'nationality'));
  put(record, 'nksLoaiKhaiSinh', code(sheet, tables.parentage, from.parentage, 'child', 'parentage'));
  put(record, 'nksLoaiGiayToTuyThan', code(sheet, tables['paper-kind'], paper.kind, 'child', 'paper.kind'));
  put(record, 'nksSoGiayToTuyThan', text(sheet, paper.number, 50, 'child', 'paper.number'));
  put(record, 'nksNgayCapGiayToTuyThan', day(sheet, paper.date, 'child', 'paper.date'));
  put(record, 'nksNoiCapGiayToTuyThan', text(sheet, paper.place, 200, 'child', 'paper.place'));
}

const PARENT = [
  'HoTen',
  'NgaySinh',
  'DanToc',
  'DanTocKhac',
  'QuocTich',
  'QuocTichKhac',
  'LoaiCuTru',
  'NoiCuTru',
  'LoaiGiayToTuyThan',
  'GiayToKhac',
  'SoGiayToTuyThan',
  'SoDDCN',
  'XacThucThongTin',
] as const;
type ParentNames = Readonly<Record<(typeof PARENT)[number], string>>;
const namesOf = (short: string): ParentNames =>
  Object.fromEntries(PARENT.map((name) => [name, `${short}${name}`])) as unknown as ParentNames;
const MOTHER = namesOf('me');
const FATHER = namesOf('cha');

function parent(sheet: Sheet, record: Draft, names: ParentNames, path: 'mother' | 'father', from: JsonObject): void {
  const { tables } = sheet;
  const paper = group(from, 'paper');
  put(record, names.HoTen, text(sheet, from.fullName, 100, path, 'fullName'));
  put(record, names.NgaySinh, day(sheet, from.birthDate, path, 'birthDate'));
  put(record, names.DanToc, code(sheet, tables.ethnic, from.ethnic, path, 'ethnic'));
  put(record, names.DanTocKhac, text(sheet, from.ethnicOther, 60, path, 'ethnicOther'));
  put(record, names.QuocTich, code(sheet, tables.country, from.nationality, path, 'nationality'));
  put(record, names.QuocTichKhac, text(sheet, from.nationalityOther, 100, path, 'nationalityOther'));
  put(record, names.LoaiCuTru, code(sheet, tables['residence-kind'], from.residenceKind, path, 'residenceKind'));
  put(record, names.NoiCuTru, address(sheet, group(from, 'residence'), path === 'mother' ? 'mother.residence' : 'father.residence'));
  put(record, names.LoaiGiayToTuyThan, code(sheet, tables['paper-kind'], paper.kind, path, 'paper.kind'));
  put(record, names.GiayToKhac, text(sheet, paper.otherName, 100, path, 'paper.otherName'));
  put(record, names.SoGiayToTuyThan, text(sheet, paper.number, 50, path, 'paper.number'));
  put(record, names.SoDDCN, text(sheet, from.personalId, 12, path, 'personalId'));
  put(record, names.XacThucThongTin, yesNo(sheet, from.verified, path, 'verified'));
}

function declarant(sheet: Sheet, record: Draft, from: JsonObject): void {
  const { tables } = sheet;
  const paper = group(from, 'paper');
  put(record, 'nycHoTen', text(sheet, from.fullName, 100, 'declarant', 'fullName'));
  put(record, 'nycQuanHe', code(sheet, tables.relation, from.relation, 'declarant', 'relation'));
  put(record, 'nycLoaiGiayToTuyThan', code(sheet, tables['paper-kind'], paper.kind, 'declarant', 'paper.kind'));
  put(record, 'nycGiayToKhac', text(sheet, paper.otherName, 100, 'declarant', 'paper.otherName'));
  put(record, 'nycSoGiayToTuyThan', text(sheet, paper.number, 50, 'declarant', 'paper.number'));
  put(record, 'nycNgayCapGiayToTuyThan', day(sheet, paper.date, 'declarant', 'paper.date'));
  put(record, 'nycNoiCapGiayToTuyThan', text(sheet, paper.place, 200, 'declarant', 'paper.place'));
  put(record, 'nycSoDDCN', text(sheet, from.personalId, 12, 'declarant', 'personalId'));
  put(record, 'nycLoaiCuTru', code(sheet, tables['residence-kind'], from.residenceKind, 'declarant', 'residenceKind'));
  put(record, 'nycNoiCuTru', address(sheet, group(from, 'residence'), 'declarant.residence'));
  put(record, 'nycSoDienThoai', text(sheet, from.phone, 15, 'declarant', 'phone'));
  put(record, 'nycEmail', text(sheet, from.email, 100, 'declarant', 'email'));
  put(record, 'nycXacThucThongTin', yesNo(sheet, from.verified, 'declarant', 'verified'));
}

function address(sheet: Sheet, from: JsonObject, path: string): JsonObject | undefined {
  const { tables } = sheet;
  const record: Draft = {};
  put(record, 'dcChiTiet', text(sheet, from.detail, 500, path, 'detail'));
  put(record, 'quocGia', code(sheet, tables.country, from.country, path, 'country'));
  put(record, 'maTinh', code(sheet, tables.province, from.province, path, 'province', from.wardVersion));
  put(record, 'maXa', code(sheet, tables.ward, from.ward, path, 'ward', from.wardVersion));
  for (const _name in record) return record;
  return undefined;
}

const isNothing = (of: Json | undefined): of is null | undefined | '' => of === undefined || of === null || of === '';

function group(from: JsonObject, name: string): JsonObject {
  const found = from[name];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as JsonObject) : NOTHING;
}

function put(record: Draft, name: string, of: Json | undefined): void {
  if (of !== undefined) record[name] = of;
}

function refuse(sheet: Sheet, path: string, name: string): undefined {
  sheet.problems.push(pathOf(path, name));
  return undefined;
}

const pathOf = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function text(sheet: Sheet, of: Json | undefined, most: number, path: string, name: string): string | undefined {
  if (isNothing(of)) return undefined;
  if (typeof of !== 'string' && typeof of !== 'number') return refuse(sheet, path, name);
  const shaped = tidyText(String(of));
  if (shaped === '') return undefined;
  return shaped.length > most && [...shaped].length > most ? refuse(sheet, path, name) : shaped;
}

function count(sheet: Sheet, of: Json | undefined, most: number, path: string, name: string): number | undefined {
  if (isNothing(of)) return undefined;
  const number = typeof of === 'number' ? of : typeof of === 'string' && /^-?\d+(\.\d+)?$/.test(of) ? Number(of) : Number.NaN;
  return number >= 0 && number <= most ? number : refuse(sheet, path, name);
}

const yesNo = (sheet: Sheet, of: Json | undefined, path: string, name: string): string | undefined =>
  isNothing(of) ? undefined : typeof of === 'boolean' ? (of ? '1' : '0') : refuse(sheet, path, name);

function code(sheet: Sheet, table: Table, of: Json | undefined, path: string, name: string, beside?: Json): string | undefined {
  if (isNothing(of)) return undefined;
  if (typeof of !== 'string' && typeof of !== 'number') return refuse(sheet, path, name);
  const key = isNothing(beside) ? String(of) : `${of}@${String(beside)}`;
  const found = lookUp(table, key, sheet.hub.at);
  if (typeof found === 'string') return found;
  const choice = sheet.hub.choices.find((each) => each.path === pathOf(path, name) && each.crosswalk === table.name && each.source === key);
  return choice !== undefined && found?.includes(choice.value) === true ? choice.value : refuse(sheet, path, name);
}

/** `2026-05-17` → `17.05.2026`; a date known in part keeps its precision where the field takes it. */
function day(sheet: Sheet, of: Json | undefined, path: string, name: string, partly = true): string | undefined {
  if (isNothing(of)) return undefined;
  const parts = typeof of === 'string' ? /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(of) : null;
  if (parts === null) return refuse(sheet, path, name);
  const [, year = '', month, date] = parts;
  if (Number(year) < 1800 || Number(year) > 2200) return refuse(sheet, path, name);
  if (month === undefined) return partly ? year : refuse(sheet, path, name);
  if (Number(month) < 1 || Number(month) > 12) return refuse(sheet, path, name);
  if (date === undefined) return partly ? `${month}.${year}` : refuse(sheet, path, name);
  const isDay = Number(date) >= 1 && (Number(date) <= 28 || Number(date) <= daysIn(Number(year), Number(month)));
  return isDay ? `${date}.${month}.${year}` : refuse(sheet, path, name);
}

/** An ISO instant → `dd/MM/yyyy HH:mm:ss` in business time. */
function moment(sheet: Sheet, of: Json | undefined, path: string, name: string): string | undefined {
  if (isNothing(of)) return undefined;
  const at = typeof of === 'string' && INSTANT.test(of) ? Date.parse(of) : Number.NaN;
  if (Number.isNaN(at)) return refuse(sheet, path, name);
  const local = new Date(at + BUSINESS_OFFSET_MS).toISOString();
  return `${local.slice(8, 10)}/${local.slice(5, 7)}/${local.slice(0, 4)} ${local.slice(11, 19)}`;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
