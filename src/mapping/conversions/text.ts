import type { Json } from '../../model/json.ts';
import type { LineValue } from '../../model/line-value.ts';
import { tidy, upper } from '../../model/text.ts';
import { invalid, sentence } from '../tell.ts';
import {
  type Conversion,
  type Finding,
  finding,
  type Sides,
  scalarText,
  textValue,
  tidyText,
  typed,
  words,
  wrongArgument,
} from './contract.ts';

const NOT_TEXT = invalid(sentence('text.type', 'Giá trị không phải là chữ.', 'The value is not text.'));
const TOO_LONG = sentence('text.too-long', 'Nội dung dài hơn mức cho phép; đề nghị rút gọn.', 'Longer than allowed; please shorten it.');
const CHARSET = sentence('text.charset', 'Có ký tự không được phép ở trường này.', 'Holds characters that are not allowed in this field.');
const EXAMPLE = 'text(100, upper)';
const OPTIONS = ['upper', 'digits', 'ascii', 'lines'];
const NOT_DIGIT = /\D/;
const NOT_ASCII = /[^\x20-\x7e\n]/;

/** `text`, `text(max)`, `text(max, options)`. */
export const text: Conversion = {
  name: 'text',
  example: EXAMPLE,
  prepare(args, world) {
    const list = words(args);
    if (list === null) return wrongArgument(EXAMPLE);
    const first = list[0] ?? '';
    const most = /^[1-9]\d{0,5}$/.test(first) ? Number(first) : null;
    const options = most === null ? list : list.slice(1);
    if (options.some((option) => !OPTIONS.includes(option))) return wrongArgument(EXAMPLE);
    const shape = shaper(options.includes('lines'), options.includes('upper'));
    const bad = options.includes('digits') ? NOT_DIGIT : options.includes('ascii') ? NOT_ASCII : null;
    const outward = (of: Json): LineValue => {
      const raw = scalarText(of);
      if (raw === null) return NOT_TEXT;
      const shaped = shape(raw);
      if (most !== null && shaped.length > most && lengthOf(shaped) > most) {
        return world.lossy ? textValue([...shaped].slice(0, most).join('').trim()) : invalid(TOO_LONG);
      }
      if (bad?.test(shaped)) return world.lossy ? textValue(shaped.replace(new RegExp(bad, 'g'), '')) : invalid(CHARSET);
      return textValue(shaped);
    };
    const normal = (of: Json): LineValue => {
      const raw = scalarText(of);
      return raw === null ? NOT_TEXT : textValue(shape(raw));
    };
    const inward = (of: Json): LineValue => {
      const stated = normal(of);
      if (stated.is !== 'value' || world.lossy) return stated;
      const shaped = String(stated.value);
      if (most !== null && shaped.length > most && lengthOf(shaped) > most) return invalid(TOO_LONG);
      return bad?.test(shaped) === true ? invalid(CHARSET) : stated;
    };
    return {
      name: 'text',
      outward,
      inward,
      normal,
      ignoresCase: options.includes('upper'),
      check: (sides) => [
        ...typed(sides.hub, ['text'], 'hub', 'text'),
        ...typed(sides.record, ['text', 'integer'], 'record', 'text'),
        ...checkLength(sides, most),
        ...(bad === null ? checkCharset(sides) : []),
      ],
      explain: () => describe(most, options),
    };
  },
};

function shaper(keepsLines: boolean, isUpper: boolean): (raw: string) => string {
  const shaped = keepsLines ? (raw: string) => raw.normalize('NFC').split(/\r?\n/).map(tidy).join('\n').trim() : tidyText;
  return isUpper ? (raw) => upper(shaped(raw)) : shaped;
}

const lengthOf = (shaped: string): number => [...shaped].length;

/** The record is shorter than the form and the line does not say what happens to longer text. */
export function checkLength(sides: Sides, most: number | null): readonly Finding[] {
  const there = sides.record?.maxLength ?? null;
  if (there === null || sides.lossy || sides.record?.type !== 'text') return [];
  if (most !== null ? most <= there : (sides.hub?.maxLength ?? longestOf(sides)) <= there) return [];
  return [
    finding(
      'narrowing-length',
      `Hệ thống kia chỉ nhận ${there} ký tự; ghi text(${there}) để giữ lại chờ xử lý, hoặc lossy nếu chấp nhận cắt bớt.`,
      `The record takes ${there} characters; say text(${there}) so that longer values wait, or lossy to cut them.`,
    ),
  ];
}

const longestOf = (sides: Sides): number => {
  if (sides.hub === null || sides.hub.type === 'any') return 0;
  return sides.hub.enum === null ? Number.POSITIVE_INFINITY : Math.max(...sides.hub.enum.map((each) => each.length));
};

/** The record restricts its characters and nothing on the way makes sure of it. */
export function checkCharset(sides: Sides): readonly Finding[] {
  const pattern = sides.record?.pattern ?? null;
  if (pattern === null || sides.lossy || sides.hub === null || sides.hub.type === 'any' || sides.hub.pattern === pattern) return [];
  return [
    finding(
      'narrowing-charset',
      'Hệ thống kia giới hạn ký tự của trường này; ghi text(…, digits) hoặc text(…, ascii), dùng chuyển đổi khác, hoặc lossy.',
      'The record restricts the characters of this field; say text(…, digits) or text(…, ascii), use another conversion, or lossy.',
    ),
  ];
}

function describe(most: number | null, options: readonly string[]): string {
  const parts = ['chữ'];
  if (most !== null) parts.push(`tối đa ${most} ký tự`);
  if (options.includes('upper')) parts.push('viết hoa');
  if (options.includes('digits')) parts.push('chỉ gồm chữ số');
  if (options.includes('ascii')) parts.push('không dấu');
  if (options.includes('lines')) parts.push('giữ xuống dòng');
  return parts.join(', ');
}
