import { createHash } from 'node:crypto';
import { type Json, type JsonObject, type Sighting, Trouble } from '../../src/kit/index.ts';
import { CODE, DIGITS, type LookUpName } from './wire.ts';

/** What the registry states of one enterprise or household → the record as its schema has it, and the sighting around it. */

/**
 * A sighting that covers exactly the leaves the element states; a field stated as null is covered and absent. Throws Trouble of
 * scope record where the element has no code, or states several times what is due once and nobody can choose.
 */
export function sightingOf(lookUp: LookUpName, schema: JsonObject, id: string, element: JsonObject): Sighting {
  const flat = flattened(element);
  const covers: string[] = [];
  const record: JsonObject = { ...(conform(flat, schema, '', covers) as JsonObject), KetQuaTraCuu: 'co-ban-ghi' };
  if (typeof record[CODE[lookUp]] !== 'string') throw unreadable('no-code', 'Bản ghi không nêu mã số.', 'The record states no code.');
  return {
    id,
    key: null,
    version: createHash('sha256').update(sorted(record)).digest('hex').slice(0, 32),
    sequence: null,
    covers: [...covers, 'KetQuaTraCuu'],
    record,
    statedAt: null,
  };
}

/** Lists that stand around a single thing are opened: `DiaChiTruSo[].DiaChi[]`, `ChuHoKinhDoanh[]`, `DaiDienPhapLuat[].ThongTinCaNhan[]`. */
function flattened(element: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(element).flatMap(([name, value]): (readonly [string, Json])[] => {
      const open = OPENED[name];
      if (open === undefined || value === null) return [[name, value as Json]];
      const opened = open(value as Json, name);
      return opened === undefined ? [] : [[name, opened]];
    }),
  );
}

const OPENED: Readonly<Record<string, (value: Json, name: string) => Json | undefined>> = {
  DiaChiTruSo: (value, name) => {
    const place = single(value, name);
    return isObject(place) ? { ...place, ...(place.DiaChi === undefined ? {} : { DiaChi: single(place.DiaChi, name) }) } : place;
  },
  ChuHoKinhDoanh: (value, name) => single(personsIn(value), name),
  DaiDienPhapLuat: (value) => personsIn(value),
  // The order of several legal states is not known, so which one holds now is not either: nothing is stated then.
  TinhTrangPhapLy: (value) => (listOf(value).length > 1 ? undefined : single(value, 'TinhTrangPhapLy')),
};

const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [value]);

/** Person blocks, whether they stand bare or under ThongTinCaNhan. */
const personsIn = (value: Json): readonly Json[] =>
  listOf(value).flatMap((each) => (isObject(each) && each.ThongTinCaNhan !== undefined ? listOf(each.ThongTinCaNhan) : [each]));

function single(value: Json, name: string): Json {
  const list = listOf(value);
  if (list.length > 1)
    throw unreadable(
      `several-${name}`,
      `Cơ quan đăng ký nêu nhiều mục ở "${name}" nơi chỉ chờ một mục.`,
      `The registry states several entries under "${name}" where one is due.`,
    );
  return list[0] ?? null;
}

const unreadable = (code: string, vi: string, en: string): Trouble =>
  new Trouble({ kind: 'unknown', scope: 'record', code: `element.${code}`, vi, en });

/**
 * A value in the form its schema names: unknown names left out, codes as text with their zeros, NFC. `covers` gets the path of
 * each leaf that was stated, null ones included; lists are leaves.
 */
function conform(value: Json, schema: JsonObject, path: string, covers: string[]): Json | undefined {
  const types = [schema.type ?? []].flat() as readonly string[];
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (value === null || isNoCode(name, value)) {
    covers.push(path);
    return undefined;
  }
  const properties = schema.properties as Readonly<Record<string, JsonObject>> | undefined;
  if (properties !== undefined && isObject(value)) return conformObject(value, properties, path, covers);
  covers.push(path);
  if (Array.isArray(value) && isObject(schema.items)) {
    const items = schema.items;
    return (value as readonly Json[]).map((each) => conform(each, items, path, []) ?? null);
  }
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'))
    return textOf(name, value);
  if (types.includes('integer') && typeof value === 'string' && /^\d{1,9}(\.0+)?$/u.test(value)) return Number(value);
  return value;
}

function conformObject(value: JsonObject, properties: Readonly<Record<string, JsonObject>>, path: string, covers: string[]): JsonObject {
  const known = Object.entries(value).filter(([inner]) => Object.hasOwn(properties, inner));
  const kept = known.map(([inner, below]) => {
    const kept = conform(below as Json, properties[inner] ?? {}, path === '' ? inner : `${path}.${inner}`, covers);
    return [inner, kept] as const;
  });
  return Object.fromEntries(kept.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}

/** A whole number that was never filled in is 0; no unit has that code. INFERENCE. */
const isNoCode = (name: string, value: Json): boolean => DIGITS[name] !== undefined && /^0+(\.0+)?$/u.test(String(value));

function textOf(name: string, value: string | number | boolean): string {
  const digits = DIGITS[name];
  const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value).normalize('NFC');
  const number = /^(\d+)(?:\.0+)?$/u.exec(text.trim())?.[1];
  return digits === undefined || number === undefined ? text : number.padStart(digits, '0');
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON with names in order, so that equal statements have equal text. */
function sorted(value: Json | undefined): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(sorted).join(',')}]`;
  const entries = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, below]) => `${JSON.stringify(name)}:${sorted(below)}`).join(',')}}`;
}
