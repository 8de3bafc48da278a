import type { Json } from '../../model/json.ts';
import { type LineValue, value } from '../../model/line-value.ts';
import { parseInstant, printInstant } from '../../model/partial-date.ts';
import { type Field, sameShape } from '../fields.ts';
import { isObject } from '../paths.ts';
import { invalid, sentence } from '../tell.ts';
import {
  type Conversion,
  type Finding,
  finding,
  type Ready,
  type Sides,
  textValue,
  tidyText,
  typed,
  typeMismatch,
  wrongArgument,
} from './contract.ts';
import { numberOf } from './numbers.ts';
import { checkCharset, checkLength } from './text.ts';

const NOT_NUMBER = invalid(sentence('number.type', 'Giá trị không phải là số.', 'The value is not a number.'));
const NOT_TEXT = invalid(sentence('text.type', 'Giá trị không phải là chữ.', 'The value is not text.'));
const NOT_INSTANT = invalid(sentence('date.format', 'Thời điểm không đúng định dạng.', 'The moment does not have the agreed format.'));

/** A line without conversion: the value as it is, text made tidy, moments compared as moments. */
export function plain(hub: Field | null, record: Field | null): Ready {
  const type = record === null || record.type === 'any' ? (hub?.type ?? 'any') : record.type;
  const moment = type === 'text' && (record?.format === 'date-time' || hub?.format === 'date-time');
  const carry = moment ? carryMoment : type === 'text' ? carryText : type === 'integer' || type === 'number' ? carryNumber : carryAny;
  return { name: 'plain', outward: carry, inward: carry, normal: carry, check: checkPlain, explain: () => 'giữ nguyên' };
}

const carryText = (of: Json): LineValue =>
  typeof of === 'string' ? textValue(tidyText(of)) : typeof of === 'number' ? value(String(of)) : NOT_TEXT;

function carryMoment(of: Json): LineValue {
  const at = typeof of === 'string' ? parseInstant(of) : null;
  return at?.ok === true ? value(printInstant(at.value)) : NOT_INSTANT;
}

function carryNumber(of: Json): LineValue {
  const found = numberOf(of);
  return found === null ? NOT_NUMBER : value(found);
}

const carryAny = (of: Json): LineValue => value(deepTidy(of));

function deepTidy(of: Json): Json {
  if (typeof of === 'string') return tidyText(of);
  if (Array.isArray(of)) return (of as readonly Json[]).map(deepTidy);
  if (!isObject(of)) return of;
  return Object.fromEntries(Object.entries(of).map(([name, each]) => [name, each === undefined ? undefined : deepTidy(each)]));
}

function checkPlain(sides: Sides): readonly Finding[] {
  const { hub, record } = sides;
  if (hub === null || record === null) return [];
  if (!sameShape(hub, record) && !sameShape(record, hub)) return [typeMismatch(hub.type, record.type)];
  if (record.type !== 'text') return [];
  const there = record.enum;
  if (there !== null && hub.type !== 'any') {
    const outside = hub.enum === null ? ['*'] : hub.enum.filter((each) => !there.includes(each));
    if (outside.length > 0) {
      return [
        finding(
          'enum-without-row',
          `Bản ghi không nhận: ${outside.join(', ')}; cần bảng đối chiếu.`,
          `The record does not take: ${outside.join(', ')}; a crosswalk is needed.`,
        ),
      ];
    }
  }
  return [...checkLength(sides, null), ...checkCharset(sides)];
}

/** `key`: our key, stated back by the system. */
export const key: Conversion = {
  name: 'key',
  example: 'code | key',
  prepare(args, world) {
    if (args.length > 0) return wrongArgument('key');
    const checked = plain(world.hub, world.record);
    return {
      ...checked,
      name: 'key',
      isKey: true,
      check: (sides) => [...typed(sides.hub, ['text', 'integer'], 'hub', 'key')],
      explain: () => 'khóa của hồ sơ',
    };
  },
};

/** `fold`: compare only. */
export const foldOnly: Conversion = {
  name: 'fold',
  example: 'fold',
  prepare(args, world) {
    if (args.length > 0) return wrongArgument('fold');
    const checked = plain(world.hub, world.record);
    return {
      ...checked,
      name: 'fold',
      folds: true,
      check: () => [],
      explain: () => 'khi so sánh bỏ qua chữ hoa, vị trí dấu, i/y và khoảng trắng',
    };
  },
};
