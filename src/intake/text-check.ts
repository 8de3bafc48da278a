import { type Charset, charsetOfAll, decodeLegacy, fitsCharset, hasLostCase, isMarkedLatin } from '../model/charset.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { type Issue, issue, pathTo } from './issue.ts';

/** The first look at anything from outside: is it JSON of bearable size, and sound Unicode text throughout? */
export interface TextCheck {
  /** The same JSON with all text in NFC, and converted where that was asked for. */
  readonly value: Json;
  /** What makes the document unacceptable. */
  readonly issues: readonly Issue[];
  /** What was mended without loss and should be known. */
  readonly notices: readonly Issue[];
}

/** What to do with TCVN3 and VNI text: a program can mend its own text; a file from an office is converted, and that is reported. */
export type LegacyText = 'refuse' | 'convert';

const MOST_DEPTH = 32;
const MOST_VALUES = 20_000;
const MOST_CHARACTERS = 100_000;
/** Controls other than tab and line feed, and marks that turn the direction of reading: damage, or a disguise. */
const CONTROL = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;
const ALLOWED_CONTROL = /[\t\n]/g;

type Found = { readonly issues: Issue[]; readonly notices: Issue[] };

/** Looks at every value and every text of a body; never throws, whatever it is. Text whose case was lost is always refused. */
export function checkText(body: unknown, legacy: LegacyText): TextCheck {
  const found: Found = { issues: [], notices: [] };
  const texts: string[] = [];
  const shaped = shapeOf(body, found.issues, texts);
  const charset = charsetOfAll(texts);
  const value = mapText(shaped, '', (text, path) => checkOne(text, path, charset, legacy, found));
  return { value, ...found };
}

function checkOne(text: string, path: string, charset: Charset | null, legacy: LegacyText, found: Found): string {
  const broken = brokenText(text, path);
  if (broken !== null) found.issues.push(broken);
  const composed = text.normalize('NFC');
  if (charset !== null && isMarkedLatin(composed)) return legacyText(composed, path, charset, legacy, found);
  if (composed !== text) {
    found.notices.push(
      issue(
        path,
        'text.nfd',
        'Chữ có dấu ở dạng tổ hợp (NFD); đã chuyển sang dạng dựng sẵn (NFC).',
        'Letters came apart from their marks (NFD); they were composed (NFC).',
      ),
    );
  }
  return composed;
}

function legacyText(text: string, path: string, charset: Charset, legacy: LegacyText, found: Found): string {
  const name = charset === 'tcvn3' ? 'TCVN3' : 'VNI';
  const converted = fitsCharset(text, charset) ? decodeLegacy(charset, text).normalize('NFC') : null;
  if (legacy === 'refuse') {
    const vi = `Chữ viết theo bảng mã ${name}; đề nghị chuyển sang Unicode (NFC) rồi gửi lại.`;
    found.issues.push(issue(path, `text.${charset}`, vi, `The text is in ${name}; please convert it to Unicode (NFC) and send it again.`));
    return text;
  }
  if (converted === null || hasLostCase(converted)) {
    const vi = `Chữ viết theo bảng mã ${name} chưa chuyển được chắc chắn (phông chữ hoa hoặc chữ lẫn); đề nghị kiểm tra và gõ lại bằng Unicode.`;
    const en = `${name} text that cannot be converted with certainty (capital font or mixed text); please check it and type it in Unicode.`;
    found.issues.push(issue(path, `text.${charset}-review`, vi, en));
    return text;
  }
  const vi = `Chữ viết theo bảng mã ${name}; đã chuyển sang Unicode, đề nghị kiểm tra lại.`;
  found.notices.push(issue(path, `text.${charset}-converted`, vi, `${name} text was converted to Unicode; please check it.`));
  return converted;
}

function brokenText(text: string, path: string): Issue | null {
  if (text.length > MOST_CHARACTERS) {
    return issue(
      path,
      'text.too-long',
      `Nội dung dài quá ${MOST_CHARACTERS} ký tự.`,
      `The text has more than ${MOST_CHARACTERS} characters.`,
    );
  }
  if (/[\p{Cs}\ufffd]/u.test(text)) {
    const vi = 'Chữ bị hỏng mã (không phải UTF-8 đúng chuẩn); đề nghị gửi lại bằng UTF-8.';
    return issue(path, 'text.broken', vi, 'The text is damaged (not sound UTF-8); please send it again as UTF-8.');
  }
  if (CONTROL.test(text.replace(ALLOWED_CONTROL, ''))) {
    return issue(path, 'text.control', 'Nội dung có ký tự điều khiển không được phép.', 'The text holds control characters.');
  }
  return null;
}

/** The body as plain JSON; what is no JSON, too deep or too much becomes null with an issue. */
function shapeOf(body: unknown, issues: Issue[], texts: string[]): Json {
  let count = 0;
  const refuse = (path: string, code: string, vi: string, en: string): null => {
    if (issues.at(-1)?.code !== code) issues.push(issue(path, code, vi, en));
    return null;
  };
  const walk = (value: unknown, path: string, depth: number): Json => {
    count += 1;
    if (count > MOST_VALUES) return refuse('', 'body.too-much', `Hồ sơ có quá ${MOST_VALUES} giá trị.`, `More than ${MOST_VALUES} values.`);
    if (depth > MOST_DEPTH)
      return refuse(path, 'body.too-deep', `Dữ liệu lồng nhau quá ${MOST_DEPTH} cấp.`, `Nested deeper than ${MOST_DEPTH}.`);
    if (typeof value === 'string') texts.push(value);
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number') {
      const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
      return exact
        ? value
        : refuse(path, 'body.number', 'Số quá lớn; mã số phải gửi dưới dạng chữ.', 'The number is too large; send codes as text.');
    }
    if (Array.isArray(value)) return value.map((each, index) => walk(each, pathTo(path, index), depth + 1));
    if (typeof value !== 'object') return refuse(path, 'body.shape', 'Dữ liệu không phải JSON.', 'This is not JSON data.');
    if (Object.hasOwn(value, '__proto__')) return refuse(path, 'body.name', 'Tên trường không được phép.', 'A forbidden field name.');
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, pathTo(path, name), depth + 1)]));
  };
  return walk(body, '', 0);
}

function mapText(value: Json, path: string, map: (text: string, path: string) => string): Json {
  if (typeof value === 'string') return map(value, path);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each, index) => mapText(each, pathTo(path, index), map));
  const members = Object.entries(value as JsonObject).flatMap(([name, each]) =>
    each === undefined ? [] : [[name, mapText(each, pathTo(path, name), map)] as const],
  );
  return Object.fromEntries(members);
}
