import { partialDate } from './partial-date.ts';
import { fails, type Reading, reads, type Sentence } from './reading.ts';

/** Identifiers of people, companies, places and things, with their checks (identifiers.md §1–3). Values are text, zeros and all. */

/** The stored form of an identifier, and what looks odd about it. A warning never blocks. */
export interface Identifier<Kind extends string = string> {
  readonly kind: Kind;
  readonly text: string;
  readonly warnings: readonly Sentence[];
}

const shape = (code: string, vi: string, en: string) => fails(code, vi, en);
const found = <Kind extends string>(kind: Kind, text: string, warnings: readonly Sentence[] = []): Reading<Identifier<Kind>> =>
  reads({ kind, text, warnings });

/** A reader for identifiers that are one pattern and nothing more. */
const byPattern =
  <Kind extends string>(kind: Kind, pattern: RegExp, vi: string, en: string) =>
  (text: string): Reading<Identifier<Kind>> =>
    pattern.test(text) ? found(kind, text) : shape(`${kind}.shape`, vi, en);

const DIGIT_FOUR: Sentence = {
  code: 'personal-id.century',
  vi: 'Số định danh không khớp với năm sinh hoặc giới tính; đề nghị kiểm tra lại giấy tờ.',
  en: 'The personal ID does not agree with the year of birth or the gender; please look at the papers again.',
};

/**
 * A 12-digit personal ID: 3 province, 1 century and gender, 2 year, 6 serial. It has no check digit. Year and gender, where
 * given, are compared with digits 4 to 6; a difference is a warning and never blocks.
 */
export function personalId(
  text: string,
  person: { readonly birthYear?: number; readonly gender?: 'male' | 'female' } = {},
): Reading<Identifier<'personal-id'>> {
  if (!/^\d{12}$/.test(text)) {
    return shape('personal-id.shape', 'Số định danh cá nhân phải gồm đúng 12 chữ số.', 'A personal ID has exactly 12 digits.');
  }
  const century = Number(text[3]);
  const year = 1900 + 100 * Math.floor(century / 2) + Number(text.slice(4, 6));
  const gender = century % 2 === 0 ? 'male' : 'female';
  const odd =
    century > 5 ||
    (person.birthYear !== undefined && person.birthYear !== year) ||
    (person.gender !== undefined && person.gender !== gender);
  return found('personal-id', text, odd ? [DIGIT_FOUR] : []);
}

export const oldIdentityCard = byPattern(
  'cmnd',
  /^\d{9}$/,
  'Số CMND phải gồm đúng 9 chữ số.',
  'An old identity card number has exactly 9 digits.',
);
export const socialInsuranceNumber = byPattern(
  'social-insurance',
  /^\d{10}$/,
  'Mã số BHXH phải gồm đúng 10 chữ số.',
  'A social-insurance number has exactly 10 digits.',
);
/** 2 letters (object), 1 benefit, 2 province, 10 social-insurance number. */
export const healthCard = byPattern(
  'health-card',
  /^[A-Z]{2}\d{13}$/,
  'Số thẻ BHYT phải gồm 2 chữ cái và 13 chữ số.',
  'A health-insurance card has 2 letters and 13 digits.',
);
export const drivingLicence = byPattern(
  'driving-licence',
  /^\d{12}$/,
  'Số giấy phép lái xe phải gồm đúng 12 chữ số.',
  'A driving licence has exactly 12 digits.',
);
export const vietnamesePassport = byPattern(
  'passport',
  /^[A-Z]\d{7,8}$/,
  'Số hộ chiếu Việt Nam gồm 1 chữ cái và 7 hoặc 8 chữ số.',
  'A Vietnamese passport has 1 letter and 7 or 8 digits.',
);
export const plate = byPattern(
  'plate',
  /^\d{2}[A-Z]{1,2}\d?-?\d{3,5}(\.\d{2})?$/,
  'Biển số xe không đúng định dạng.',
  'The number plate does not have a known shape.',
);
/** A business location of an enterprise; it is no tax code. */
export const businessLocation = byPattern(
  'business-location',
  /^\d{5}$/,
  'Mã địa điểm kinh doanh phải gồm đúng 5 chữ số.',
  'A business location has exactly 5 digits.',
);

/** A phone number in the 0 form; `+84` is rewritten to it. */
export function phone(text: string): Reading<Identifier<'phone'>> {
  if (!/^(0|\+84)\d{9}$/.test(text)) {
    return shape('phone.shape', 'Số điện thoại phải gồm 10 chữ số, bắt đầu bằng 0 hoặc +84.', 'A phone number is 0 or +84 and 9 digits.');
  }
  return found('phone', text.replace(/^\+84/, '0'));
}

const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/** The check digit of a 9-digit tax-code base: 10 − (Σ mod 11). null where that is 10: no code with this base is issued. */
export function taxCheckDigit(base: string): number | null {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(base[index]), 0);
  const check = 10 - (sum % 11);
  return check === 10 ? null : check;
}

/**
 * A tax code: 10 digits with check digit; 13 for a branch (`-001` to `-999`, the hyphen is put back where it is missing);
 * 12 digits = the personal ID of an individual or household, which carries no tax check digit.
 */
export function taxCode(text: string): Reading<Identifier<'tax-code' | 'tax-branch' | 'tax-person'>> {
  if (/^\d{12}$/.test(text)) return found('tax-person', text);
  const [, main, branch] = /^(\d{10})(?:-?(\d{3}))?$/.exec(text) ?? [];
  if (main === undefined) {
    return shape('tax-code.shape', 'Mã số thuế phải gồm 10, 12 hoặc 13 chữ số.', 'A tax code has 10, 12 or 13 digits.');
  }
  if (taxCheckDigit(main) !== Number(main[9])) {
    return shape(
      'tax-code.check-digit',
      'Mã số thuế sai chữ số kiểm tra; đề nghị đối chiếu lại giấy tờ.',
      'The check digit of the tax code is wrong; please compare it with the papers.',
    );
  }
  if (branch === undefined) return found('tax-code', main);
  if (branch === '000') {
    return shape('tax-code.branch', 'Số thứ tự đơn vị phụ thuộc phải từ 001 đến 999.', 'The branch number runs from 001 to 999.');
  }
  return found('tax-branch', `${main}-${branch}`);
}

/** An enterprise's code: the 10-digit tax code, which is its social-insurance unit code as well. */
export function enterpriseCode(text: string): Reading<Identifier<'tax-code'>> {
  const code = taxCode(text);
  if (!code.ok) return code;
  if (code.value.kind !== 'tax-code') {
    return shape('enterprise.shape', 'Mã số doanh nghiệp phải gồm đúng 10 chữ số.', 'An enterprise code has exactly 10 digits.');
  }
  return found('tax-code', code.value.text);
}

/** A commune code together with the list it is from: all 64 new codes reuse an old one, so a bare code names two places. */
export interface CommuneCode {
  readonly code: string;
  readonly version: string;
}

/** `version` names the list (e.g. `2025-07`); without it the code is ambiguous and refused. */
export function communeCode(code: string, version: string | null): Reading<CommuneCode> {
  if (!/^\d{5}$/.test(code)) {
    return shape('commune.shape', 'Mã xã, phường phải gồm đúng 5 chữ số.', 'A commune code has exactly 5 digits.');
  }
  if (version === null || version === '') {
    return shape(
      'commune.version',
      'Mã xã, phường phải kèm phiên bản danh mục vì cùng một mã có thể chỉ hai nơi.',
      'A commune code needs the version of its list: one code may name two places.',
    );
  }
  return reads({ code, version });
}

export interface RegisterEntry {
  /** Commune that keeps the register. */
  readonly place: string;
  readonly kind: 'birth' | 'death' | 'marriage';
  readonly book: string;
  readonly number: string;
  /** The register is closed each year and numbers begin again. */
  readonly year: number;
}

/** One key for an entry in the civil register: place, kind, book, number and year together are unique, no fewer. */
export function registerKey(entry: RegisterEntry): Reading<string> {
  const parts = [entry.place, entry.book, entry.number].map((part) => part.trim());
  const complete = parts.every((part) => part !== '' && !part.includes('|')) && partialDate(entry.year).ok;
  if (!complete) {
    return shape(
      'register.incomplete',
      'Thông tin sổ hộ tịch chưa đủ: cần nơi đăng ký, quyển số, số đăng ký và năm.',
      'The register entry is incomplete: place, book, number and year are needed.',
    );
  }
  return reads([parts[0], entry.kind, entry.year, parts[1], parts[2]].join('|'));
}

/** One id of a person; ids of different kinds are never compared, a 9-digit number may be a foreign passport. */
export interface PersonId {
  readonly kind: 'personal-id' | 'cmnd' | 'passport' | 'tax-code' | 'social-insurance';
  readonly text: string;
}

/** Whether two id histories share an id (old card, cancelled ID, new ID). Two empty histories say nothing: false. */
export const samePerson = (a: readonly PersonId[], b: readonly PersonId[]): boolean =>
  a.some((left) => b.some((right) => left.kind === right.kind && left.text === right.text));

/** All ids known of a person, each once, in the order they were learned; an id is added, never replaced. */
export function joinIds(known: readonly PersonId[], more: readonly PersonId[]): readonly PersonId[] {
  const ids = [...known];
  for (const id of more) if (!samePerson(ids, [id])) ids.push(id);
  return ids;
}
