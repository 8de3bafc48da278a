import type { At } from './json.ts';
import { BUSINESS_OFFSET_MS, instant, type PartialDate, type Precision, partialDate } from './partial-date.ts';
import { fails, type Reading, reads } from './reading.ts';

/** The date formats that systems write (identifiers.md §5). `MM` is months, `mm` is minutes; case counts. */
export const DATE_FORMATS = [
  'yyyyMMdd',
  'dd.MM.yyyy',
  'dd/MM/yyyy',
  'dd-MM-yyyy',
  'yyyy-MM-dd',
  'yyyy/MM/dd',
  'yyyy-MM',
  'MM/yyyy',
  'MMyyyy',
  'yyyy',
  'ngày dd tháng MM năm yyyy',
  'tháng MM năm yyyy',
  'năm yyyy',
  'yyyyMMddHHmm',
  'yyyyMMddHHmmss',
  'yyyy-MM-dd HH:mm:ss',
  'dd/MM/yyyy HH:mm:ss',
  'yyyy-MM-ddTHH:mm:ss',
  'yyyy-MM-ddTHH:mm:ssXXX',
  'yyyy-MM-ddTHH:mm:ss.SSSX',
  'yyyy-MM-ddTHH:mm:ss.SSSXX',
  'yyyy-MM-ddTHH:mm:ss.SSSXXX',
] as const;

type Token = 'yyyy' | 'MM' | 'dd' | 'HH' | 'mm' | 'ss' | 'SSS' | 'X' | 'XX' | 'XXX';

/** A format ready for use. `precision` is that of a date; null for one that states a moment. */
export interface DateFormat {
  readonly name: string;
  readonly precision: Precision | null;
  readonly parts: readonly (Token | { readonly literal: string })[];
  readonly pattern: RegExp;
}

export type Moment = { readonly is: 'date'; readonly date: PartialDate } | { readonly is: 'instant'; readonly at: At };

const SHAPES: Readonly<Record<Token, string>> = {
  yyyy: '(\\d{4})',
  MM: '(\\d{2})',
  dd: '(\\d{2})',
  HH: '(\\d{2})',
  mm: '(\\d{2})',
  ss: '(\\d{2})',
  SSS: '(\\d{3})',
  X: '(Z|[+-]\\d{2}:?\\d{2})',
  XX: '(Z|[+-]\\d{4})',
  XXX: '(Z|[+-]\\d{2}:\\d{2})',
};
/** The words of a date written out (social protection) are part of the format like its separators. */
const TOKENS = /yyyy|MM|dd|HH|mm|ss|SSS|XXX|XX|X|ngày|tháng|năm|[^\p{L}]|T/uy;

const MINUTES = fails(
  'date-format.minutes',
  '"mm" là phút, không phải tháng; tháng viết là "MM".',
  '"mm" is minutes, not months; write months as "MM".',
);
const UNKNOWN = fails(
  'date-format.unknown',
  'Không hiểu định dạng ngày này; ví dụ đúng: dd/MM/yyyy, yyyyMMddHHmmss.',
  'This date format is not understood; good examples: dd/MM/yyyy, yyyyMMddHHmmss.',
);
const FORMAT = fails('date.format', 'Ngày tháng không đúng định dạng.', 'The date does not have the agreed format.');
const LESS_PRECISE = fails(
  'date.precision',
  'Định dạng này đòi hỏi ngày đầy đủ hơn thông tin đang có; không được tự thêm ngày, tháng.',
  'This format needs a more precise date than is known; a day or month must not be made up.',
);
const MORE_PRECISE = fails(
  'date.narrows',
  'Định dạng này không ghi được hết ngày tháng đang có.',
  'This format cannot hold all that is known of the date.',
);

/** A format by its pattern; `MMYYYY` is read as `MMyyyy`. Refuses minutes where months are meant, and holes in a date. */
export function dateFormat(name: string): Reading<DateFormat> {
  const pattern = name.replaceAll('YYYY', 'yyyy');
  const parts = tokensOf(pattern);
  if (parts === null) return UNKNOWN;
  const has = (token: Token) => parts.includes(token);
  if (has('mm') && !has('HH')) return MINUTES;
  const tokens = parts.filter((part) => typeof part === 'string');
  const holes =
    !has('yyyy') || (has('dd') && !has('MM')) || (has('HH') && !has('dd')) || (has('ss') && !has('mm')) || (has('HH') && !has('mm'));
  const stray = (has('SSS') && !has('ss')) || ((has('X') || has('XX') || has('XXX')) && !has('HH'));
  if (holes || stray || new Set(tokens).size !== tokens.length) return UNKNOWN;
  const precision = has('HH') ? null : has('dd') ? 'day' : has('MM') ? 'month' : 'year';
  const source = parts.map((part) => (typeof part === 'string' ? SHAPES[part] : quote(part.literal))).join('');
  return reads({ name: pattern, precision, parts, pattern: new RegExp(`^${source}$`) });
}

/** Reads a text in exactly this format; a date keeps the format's precision, a time without zone is business time. */
export function parseDate(format: DateFormat, text: string): Reading<Moment> {
  const found = format.pattern.exec(text);
  if (found === null) return FORMAT;
  const values = new Map<Token, string>();
  const tokens = format.parts.filter((part) => typeof part === 'string');
  for (const [index, token] of tokens.entries()) values.set(token, found[index + 1] ?? '');
  const number = (token: Token) => (values.has(token) ? Number(values.get(token)) : undefined);
  if (format.precision !== null) {
    const date = partialDate(number('yyyy') ?? 0, number('MM'), number('dd'));
    return date.ok ? reads({ is: 'date', date: date.value }) : date;
  }
  const zone = values.get('X') ?? values.get('XX') ?? values.get('XXX') ?? '';
  const numbers = (['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss'] as const).map((token) => number(token) ?? 0);
  const at = instant(numbers, number('SSS') ?? 0, zone);
  return at.ok ? reads({ is: 'instant', at: at.value }) : at;
}

/** Writes a date in exactly its own precision: nothing is made up, nothing is left away. */
export function printDate(format: DateFormat, date: PartialDate): Reading<string> {
  const ranks: readonly (Precision | null)[] = ['year', 'month', 'day', null];
  const wanted = ranks.indexOf(format.precision);
  const known = ranks.indexOf(date.precision);
  if (wanted > known) return LESS_PRECISE;
  if (wanted < known) return MORE_PRECISE;
  return reads(render(format, { yyyy: date.year, MM: 'month' in date ? date.month : 0, dd: 'day' in date ? date.day : 0 }, 'Z'));
}

/** Writes an instant in business time; what the format leaves away (the time, the milliseconds) must be zero there. */
export function printAt(format: DateFormat, at: At): Reading<string> {
  const local = new Date(at + BUSINESS_OFFSET_MS);
  const values = {
    yyyy: local.getUTCFullYear(),
    MM: local.getUTCMonth() + 1,
    dd: local.getUTCDate(),
    HH: local.getUTCHours(),
    mm: local.getUTCMinutes(),
    ss: local.getUTCSeconds(),
    SSS: local.getUTCMilliseconds(),
  };
  const lost = Object.entries(values).some(([token, value]) => value !== 0 && !format.parts.includes(token as Token));
  return lost ? MORE_PRECISE : reads(render(format, values, '+07:00'));
}

function render(format: DateFormat, values: Readonly<Partial<Record<Token, number>>>, zone: string): string {
  return format.parts
    .map((part) => {
      if (typeof part !== 'string') return part.literal;
      if (part === 'XX') return zone.replace(':', '');
      if (part === 'X' || part === 'XXX') return zone;
      return String(values[part] ?? 0).padStart(part.length, '0');
    })
    .join('');
}

function tokensOf(pattern: string): DateFormat['parts'] | null {
  const parts: DateFormat['parts'][number][] = [];
  const reader = new RegExp(TOKENS);
  while (reader.lastIndex < pattern.length) {
    const found = reader.exec(pattern)?.[0];
    if (found === undefined) return null;
    parts.push(found in SHAPES ? (found as Token) : { literal: found });
  }
  return parts;
}

const quote = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
