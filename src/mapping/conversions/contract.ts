import type { Json } from '../../model/json.ts';
import { EMPTY, type LineValue, value } from '../../model/line-value.ts';
import { tidy } from '../../model/text.ts';
import type { HubSide } from '../contract.ts';
import type { Crosswalk } from '../crosswalk.ts';
import type { Field } from '../fields.ts';
import type { Path } from '../paths.ts';
import type { Argument } from '../pipe.ts';

/** What a mapping lends a conversion while it is made ready. */
export interface World {
  crosswalk(name: string): Crosswalk | null;
  /** The line says that its loss is meant. */
  readonly lossy: boolean;
  /** The fields on both sides where they are known; null between two conversions. */
  readonly hub: Field | null;
  readonly record: Field | null;
}

/** A field a conversion reads and writes, beside or below the line's own path. */
export interface HubPart {
  readonly where: 'self' | 'below' | 'beside' | 'root';
  readonly path: Path | null;
}
export interface RecordPart {
  readonly where: 'below' | 'root';
  readonly path: Path;
}

/** Something wrong with a conversion where it stands. */
export interface Finding {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

/** How to find the fields of the parts, for the type check. */
export interface Sides {
  readonly hub: Field | null;
  readonly record: Field | null;
  readonly lossy: boolean;
  /** Values come in on this line as a rule (take, share). */
  readonly comesIn: boolean;
  hubPart(part: HubPart): Field | undefined;
  recordPart(part: RecordPart): Field | undefined;
}

/** A conversion made ready for one line. Several hub fields travel as a list in the order of `hubParts`, null = none. */
export interface Ready {
  readonly name: string;
  /** Hub value → what the record says. `path` is the hub path, for choices and causes. */
  outward(of: Json, side: HubSide, path: string): LineValue;
  /** What the record says → hub value. */
  inward(of: Json, side: HubSide, path: string): LineValue;
  /** A record's own statement in the form in which both sides are compared. */
  normal(of: Json): LineValue;
  check(sides: Sides): readonly Finding[];
  /** Part of a Vietnamese sentence: what is done to the value on its way out. */
  explain(): string;
  readonly hubParts?: readonly HubPart[];
  readonly recordParts?: readonly RecordPart[];
  /** Which hub parts belong to which record part, where both sides have several. */
  readonly spans?: readonly { readonly name: string; readonly at: number; readonly count: number }[];
  readonly folds?: boolean;
  readonly isKey?: boolean;
  readonly isFile?: boolean;
  /** Nothing is read from the hub. */
  readonly constant?: boolean;
  /** Letter case is not kept, and no loss. */
  readonly ignoresCase?: boolean;
  /** Values the record may hold, for generated records; none = by the record's schema. */
  readonly recordSamples?: readonly Json[];
  readonly hubSamples?: readonly Json[];
}

export interface Conversion {
  readonly name: string;
  /** A form of it for people who look for help. */
  readonly example: string;
  /** Reads the arguments; a Finding when they make no sense. */
  prepare(args: readonly Argument[], world: World): Ready | Finding;
}

export const isFinding = (of: Ready | Finding): of is Finding => !('outward' in of);
export const finding = (code: string, vi: string, en: string): Finding => ({ code, vi, en });
export const wrongArgument = (example: string): Finding =>
  finding('argument', `Tham số không đúng; ví dụ đúng: ${example}.`, `Wrong arguments; a good form: ${example}.`);

/** Plain words; null when one is something else. */
export function words(args: readonly Argument[]): readonly string[] | null {
  const texts = args.flatMap((arg) => (arg.is === 'word' ? [arg.text] : []));
  return texts.length === args.length ? texts : null;
}

/** What a field may hold: types of fields, and what conversions make of them. */
const HOLDS = {
  text: ['chữ', 'text'],
  integer: ['số nguyên', 'a whole number'],
  number: ['số', 'a number'],
  boolean: ['có/không', 'yes or no'],
  object: ['nhóm trường', 'a group of fields'],
  list: ['danh sách', 'a list'],
  any: ['kiểu bất kỳ', 'anything'],
  amount: ['số tiền', 'an amount of money'],
  code: ['mã', 'a code'],
  date: ['ngày', 'a date'],
  datePart: ['ngày, tháng hoặc năm', 'a day, a month or a year'],
  file: ['tệp', 'a file'],
  fullName: ['họ tên', 'a full name'],
  key: ['khóa', 'a key'],
} as const;
type Holds = keyof typeof HOLDS;

export const typeMismatch = (hub: Holds, record: Holds): Finding =>
  finding(
    'type-mismatch',
    `Kiểu dữ liệu không khớp: hồ sơ gốc là ${HOLDS[hub][0]}, bản ghi là ${HOLDS[record][0]}.`,
    `Types do not agree: the hub has ${HOLDS[hub][1]}, the record ${HOLDS[record][1]}.`,
  );

/** Finding when a known field is none of these types. */
export function typed(field: Field | null, allowed: readonly Field['type'][], side: 'hub' | 'record', wanted: Holds): readonly Finding[] {
  if (field === null || field.type === 'any' || allowed.includes(field.type)) return [];
  return side === 'hub' ? [typeMismatch(field.type, wanted)] : [typeMismatch(wanted, field.type)];
}

/** Tidy text that is mostly tidy already: only what needs it is normalised. */
export function tidyText(text: string): string {
  let space = true;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 32) {
      if (space) return tidy(text);
      space = true;
    } else if (code < 32 || code === 0xa0 || (code > 0x2ff && (code < 0x1ea0 || code > 0x1ef9))) return tidy(text);
    else space = false;
  }
  return space && text !== '' ? tidy(text) : text;
}

export const textValue = (text: string): LineValue => (text === '' ? EMPTY : value(text));

/** Text of a scalar; null of anything else. */
export const scalarText = (of: Json): string | null => (typeof of === 'string' ? of : typeof of === 'number' ? String(of) : null);
