import type { Json, JsonObject } from '../model/json.ts';
import { type Field, isMark } from './fields.ts';

/** Records made from schemas, the same for the same seed. Invented words only. */
export interface Dice {
  /** In [0, 1). */
  next(): number;
  below(most: number): number;
  pick<T>(of: readonly T[]): T | undefined;
}

/** mulberry32: small, deterministic, good enough to vary records. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (most) => Math.floor(next() * most), pick: (of) => of[Math.floor(next() * of.length)] };
}

const WORDS = ['Nguyễn', 'Trần', 'Thị', 'Văn', 'Giả', 'Định', 'Mẫu', 'Thử', 'Hòa', 'Đào', 'Khóm', 'Ấp', 'số 9', 'A', 'xã'];

/** A document that fits the schema; optional fields come with the given share. */
export function generate(field: Field, roll: Dice, share = 0.7): JsonObject {
  const fields: { [name: string]: Json } = {};
  for (const [name, each] of field.fields) {
    if (!field.required.has(name) && roll.next() > share) continue;
    const made = generateValue(each, roll, share);
    if (made !== undefined) fields[name] = made;
  }
  return fields;
}

/** A value of the field; undefined where its pattern is beyond us. */
export function generateValue(field: Field, roll: Dice, share = 0.7): Json | undefined {
  if (field.enum !== null && field.enum.length > 0) {
    const text = roll.pick(field.enum) ?? '';
    return field.type === 'integer' || field.type === 'number' ? Number(text) : field.type === 'boolean' ? text === 'true' : text;
  }
  switch (field.type) {
    case 'text':
      return generateText(field, roll);
    case 'integer':
    case 'number': {
      const least = field.minimum ?? 0;
      return least + roll.below(Math.min((field.maximum ?? least + 1000) - least, 100_000) + 1);
    }
    case 'boolean':
      return roll.next() < 0.5;
    case 'list':
      return field.item === null
        ? []
        : Array.from({ length: roll.below(3) }, () => generateValue(field.item ?? field, roll, share) ?? null);
    case 'object':
      return isMark(field) ? generateMark(roll) : generate(field, roll, share);
    case 'any':
      return undefined;
  }
}

const two = (number: number): string => String(number).padStart(2, '0');

function generateText(field: Field, roll: Dice): string | undefined {
  if (field.format === 'date' || field.format === 'partial-date') {
    const whole = `${1930 + roll.below(96)}-${two(1 + roll.below(12))}-${two(1 + roll.below(28))}`;
    return field.format === 'date' ? whole : whole.slice(0, [4, 7, 10, 10][roll.below(4)]);
  }
  if (field.format === 'date-time')
    return `20${two(20 + roll.below(7))}-${two(1 + roll.below(12))}-${two(1 + roll.below(28))}T0${roll.below(9)}:15:00.000Z`;
  if (field.pattern !== null) return fromPattern(field.pattern, roll);
  const text = Array.from({ length: 1 + roll.below(5) }, () => roll.pick(WORDS) ?? '').join(' ');
  return field.maxLength === null ? text : text.slice(0, field.maxLength).trim() || 'A'.slice(0, field.maxLength);
}

const generateMark = (roll: Dice): JsonObject => ({
  name: `giay-to-${roll.below(1000)}.pdf`,
  mime: 'application/pdf',
  sizeBytes: 1 + roll.below(100_000),
  hash: Array.from({ length: 64 }, () => 'abcdef0123456789'[roll.below(16)]).join(''),
  remoteId: null,
  kind: null,
});

/** A text of the common patterns of codes: literals, classes, groups of alternatives, counts. undefined for all else. */
export function fromPattern(pattern: string, roll: Dice): string | undefined {
  const parts = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const token = /\[([^\]^][^\]]*)\]|\\d|\\([^a-zA-Z0-9])|\((?:\?:)?((?:[^()\\]|\\.)+)\)|([^\\()[\]{}?*+|^$.])/y;
  const count = /\{(\d+)(?:,(\d+))?\}|\?/y;
  let text = '';
  let at = 0;
  while (at < parts.length) {
    token.lastIndex = at;
    const found = token.exec(parts);
    if (found === null) return undefined;
    at = token.lastIndex;
    count.lastIndex = at;
    const times = count.exec(parts);
    if (times !== null) at = count.lastIndex;
    const least = times === null ? 1 : times[0] === '?' ? 0 : Number(times[1]);
    const most = times === null ? 1 : times[0] === '?' ? 1 : Number(times[2] ?? times[1]);
    const rounds = least + roll.below(most - least + 1);
    for (let i = 0; i < rounds; i += 1) {
      const made = one(found, roll);
      if (made === undefined) return undefined;
      text += made;
    }
  }
  return new RegExp(pattern).test(text) ? text : undefined;
}

function one(found: RegExpExecArray, roll: Dice): string | undefined {
  const [whole, set, escaped, group, literal] = found;
  if (whole === '\\d') return String(roll.below(10));
  if (group !== undefined) return fromPattern(roll.pick(group.split('|')) ?? '', roll);
  if (set === undefined) return escaped ?? literal;
  const letters = [...set.replace(/\\d/g, '0-9').matchAll(/(.)-(.)|(.)/g)].flatMap(([, first, last, single]) => {
    if (first === undefined || last === undefined) return single === undefined ? [] : [single];
    return Array.from({ length: last.charCodeAt(0) - first.charCodeAt(0) + 1 }, (_, i) => String.fromCharCode(first.charCodeAt(0) + i));
  });
  return roll.pick(letters);
}
