import { createHash } from 'node:crypto';
import type { Json, JsonObject, Sighting } from '../../src/kit/index.ts';
import { DIGITS, isObject } from './wire.ts';

/** What a feed states of one dossier → the record as its schema has it, and the sighting around it. */

/**
 * A sighting that covers exactly the leaves the element states; a field stated as null is covered and absent. `derived` is what
 * the adapter concludes, under `BoKetNoi`. No time is stated for the statement itself.
 */
export function sightingOf(schema: JsonObject, id: string, element: JsonObject, derived: JsonObject): Sighting {
  const covers: string[] = [];
  const record = conform({ ...element, BoKetNoi: derived }, schema, '', covers) as JsonObject;
  return {
    id,
    key: null,
    version: createHash('sha256').update(sorted(record)).digest('hex').slice(0, 32),
    sequence: null,
    covers,
    record,
    statedAt: null,
  };
}

/**
 * `dvhc*` is province 2 + district 3 + commune 5 digits joined. SOURCED TD. Districts ended on 01/07/2025, so a code with a
 * district is of the list before. null for any other length: the new form is not known.
 */
export function areaOf(joined: unknown): JsonObject | null {
  const text = typeof joined === 'number' || typeof joined === 'string' ? String(joined).trim() : '';
  const digits = /^\d{9,10}$/u.test(text) ? text.padStart(10, '0') : '';
  const parts = /^(\d{2})(\d{3})(\d{5})$/u.exec(digits);
  return parts === null ? null : { Tinh: parts[1] ?? '', Huyen: parts[2] ?? '', Xa: parts[3] ?? '', DanhMuc: 'old' };
}

/** A value in the form its schema names: unknown names left out, codes as text with their zeros, NFC. `covers` gets every stated leaf. */
function conform(value: Json, schema: JsonObject, path: string, covers: string[]): Json | undefined {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (value === null) {
    covers.push(path);
    return undefined;
  }
  const properties = schema.properties as Readonly<Record<string, JsonObject>> | undefined;
  if (properties !== undefined && isObject(value)) return conformObject(value, properties, path, covers);
  covers.push(path);
  if (Array.isArray(value) && isObject(schema.items)) {
    const { items } = schema;
    return (value as readonly Json[]).map((each) => conform(each, items, path, []) ?? null);
  }
  return scalar(value, [schema.type ?? []].flat() as readonly string[], DIGITS[name] ?? 0);
}

function conformObject(value: JsonObject, properties: Readonly<Record<string, JsonObject>>, path: string, covers: string[]): JsonObject {
  const known = Object.entries(value).filter(([inner]) => Object.hasOwn(properties, inner));
  const kept = known.map(([inner, below]) => {
    const own = conform(below as Json, properties[inner] ?? {}, path === '' ? inner : `${path}.${inner}`, covers);
    return [inner, own] as const;
  });
  return Object.fromEntries(kept.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}

function scalar(value: Json, types: readonly string[], digits: number): Json {
  if (types.includes('string') && typeof value === 'number') return String(value).padStart(digits, '0');
  if (types.includes('string') && typeof value === 'string') {
    const number = /^(\d+)\.0+$/u.exec(value)?.[1] ?? value;
    return digits > 0 && /^\d+$/u.test(number) ? number.padStart(digits, '0') : value.normalize('NFC');
  }
  if (types.includes('integer') && typeof value === 'string' && /^\d{1,9}$/u.test(value)) return Number(value);
  return value;
}

/** JSON with names in order, so that equal statements have equal text. */
function sorted(value: Json | undefined): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(sorted).join(',')}]`;
  const entries = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, below]) => `${JSON.stringify(name)}:${sorted(below)}`).join(',')}}`;
}
