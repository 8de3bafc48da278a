import { createHash } from 'node:crypto';
import type { Json, JsonObject, Sighting } from '../../src/kit/index.ts';
import { type FilingKind, isFormOf } from './endpoint.ts';
import type { Detail, Trace } from './portal.ts';
import { codeText, plainText } from './text.ts';

/** What the trace and the card gateway say of a filing, beside its ambiguous number. */
export type Course =
  /** No file number yet, or no trace of it: saved, and nobody has confirmed more. */
  | { readonly is: 'none' }
  | { readonly is: 'open'; readonly trace: Trace }
  /** Processed; no card gateway to ask. */
  | { readonly is: 'done'; readonly trace: Trace }
  | { readonly is: 'no-card'; readonly trace: Trace }
  | { readonly is: 'card'; readonly trace: Trace; readonly card: JsonObject };

/** INFERENCE: a file is processed when the trace says on which day. */
export const isProcessed = (trace: Trace): boolean => (trace.info.Tthoso.Ngayxulyxong ?? '') !== '';

/** A filing as the portal states it. Covers exactly what is stated. */
export function sightingOf(kind: FilingKind, schema: JsonObject, detail: Detail, course: Course): Sighting {
  const beside = {
    ...detail.toKhai,
    ...(kind === 'labour-change' ? { kyKeKhai: detail.kyKeKhai?.padStart(6, '0'), masobhxhuser: detail.masobhxhuser } : {}),
    ...(course.is === 'card' ? course.card : {}),
    ...(course.is === 'none' ? {} : tracedOf(course.trace)),
    soHoSo: detail.soHoSo,
    status: detail.status,
    trangThai: `${detail.status}/${course.is}`,
  };
  const record = conform(beside as JsonObject, schema, '') as JsonObject;
  const version = createHash('sha256').update(sorted(record)).digest('hex').slice(0, 32);
  return { id: detail.id, key: null, version, sequence: null, covers: Object.keys(record), record, statedAt: null };
}

/** Is this filing of that kind at all? The portal's history lists forms of one procedure together. */
export const isOf = (kind: FilingKind, detail: Detail): boolean => isFormOf(kind, detail.maToKhai, detail.toKhai as JsonObject);

function tracedOf({ info, Quatrinh }: Trace): JsonObject {
  const { Tenthutuc, Ngayhentra, Ngayxulyxong } = info.Tthoso;
  const last = Quatrinh?.at(-1);
  const { Lichsuquitrinhxulys: history, ...step } = last ?? {};
  const { Hanhdong, Thoigianxuly } = history?.at(-1) ?? {};
  const shown = { Tenthutuc, Ngayhentra, Ngayxulyxong, ...(last === undefined ? {} : { Quatrinh: { ...step, Hanhdong, Thoigianxuly } }) };
  return shown as unknown as JsonObject;
}

/** A value in the form its schema names: unknown names and what is null or empty left out, codes as text with their zeros, NFC. */
export function conform(value: Json | undefined, schema: JsonObject, name: string): Json | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const properties = schema.properties as Readonly<Record<string, JsonObject>> | undefined;
  if (properties !== undefined && typeof value === 'object' && !Array.isArray(value)) {
    const known = Object.entries(value as JsonObject).filter(([inner]) => Object.hasOwn(properties, inner));
    const kept = known.map(([inner, below]) => [inner, conform(below, properties[inner] ?? {}, inner)] as const);
    return Object.fromEntries(kept.filter(([, below]) => below !== undefined));
  }
  if (schema.type === 'string' && typeof value === 'number') return codeText(name, value);
  if (schema.type === 'string' && typeof value === 'string') return plainCode(name, value.normalize('NFC'));
  if ((schema.type === 'number' || schema.type === 'integer') && typeof value === 'string' && /^\d{1,15}(\.\d{1,6})?$/u.test(value))
    return Number(value);
  if (schema.type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

/** "31813.0" is a code that went through a spreadsheet; any other text stays as it is. */
const plainCode = (name: string, text: string): string => (/^\d+\.0+$/u.test(text) ? codeText(name, Number(plainText(text))) : text);

/** JSON with names in order, so that equal statements have equal text. */
export function sorted(value: Json | undefined): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(sorted).join(',')}]`;
  const entries = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, below]) => `${JSON.stringify(name)}:${sorted(below)}`).join(',')}}`;
}
