import { createHash } from 'node:crypto';
import { type FileMark, type Json, type JsonObject, type Sighting, Trouble } from '../../src/kit/index.ts';
import type { Kind } from './kinds.ts';
import { readStamp } from './time.ts';
import type { PollElement } from './wire.ts';

/** What the system states of one dossier → the record as its schema has it, and the sighting around it. */

/** Codes that a system may write as a number and so rob of their leading zeros. */
const DIGITS: Readonly<Record<string, number>> = {
  maDonVi: 5,
  maXa: 5,
  ndkksMaXa: 5,
  maHuyen: 3,
  ndkksMaHuyen: 3,
  maTinh: 2,
  ndkksMaTinh: 2,
};

/**
 * A sighting that covers exactly what the element states: before issue the status fields, afterwards the stated parts of
 * `ketQuaXuLy` too. Throws Trouble of scope record on a time or a paper that cannot be read; nothing is put in its place.
 */
export function sightingOf(kind: Kind, id: string, element: PollElement): Sighting {
  const stated = kind.ownRemark ? withoutOurRemark(element) : element;
  const result = stated.ketQuaXuLy ?? null;
  const shown = result === null ? stated : { ...stated, ketQuaXuLy: withMarks(kind, id, result) };
  const record = conform(shown, kind.schema, '') as JsonObject;
  const at = stampOf(element);
  return {
    id,
    key: element.maHoSoMCDT ?? null,
    version: createHash('sha256').update(sorted(record)).digest('hex').slice(0, 32),
    sequence: at,
    covers: Object.keys(record).flatMap((name) => (name === 'ketQuaXuLy' ? resultPaths(record[name]) : [name])),
    record,
    statedAt: at,
  };
}

/** The record (of a marriage) has a remark of its own under `ghiChu`; the remark on the status goes where it cannot hide ours. */
function withoutOurRemark({ ghiChu, ...element }: PollElement): PollElement {
  return { ...element, noiDungXuLy: element.noiDungXuLy ?? ghiChu } as PollElement;
}

const resultPaths = (result: Json | undefined): readonly string[] =>
  Object.keys((result ?? {}) as JsonObject).map((name) => `ketQuaXuLy.${name}`);

function stampOf(element: PollElement): number | null {
  const text = element.thoiGianThucHien ?? '';
  if (text === '') return null;
  const at = readStamp(text);
  if (at !== null) return at;
  throw unreadable('time', 'Thời gian thực hiện do phần mềm hộ tịch trả về không đọc được.', 'The time the system states cannot be read.');
}

/** Result papers are base64 inside the result, kept out of the record. */
function withMarks(kind: Kind, id: string, result: Readonly<Record<string, unknown>>): JsonObject {
  const papers = Object.entries(kind.papers).filter(([name]) => typeof result[name] === 'string' && result[name] !== '');
  const marks = papers.map(([name, code]) => [name, markOf(id, name, code, paperBytes(String(result[name])))] as const);
  return { ...(result as JsonObject), ...(Object.fromEntries(marks) as unknown as JsonObject) };
}

const markOf = (id: string, name: string, code: string | null, bytes: Uint8Array): FileMark => ({
  name: `${name}.pdf`,
  mime: 'application/pdf',
  sizeBytes: bytes.byteLength,
  hash: createHash('sha256').update(bytes).digest('hex'),
  remoteId: `${id}#${name}`,
  kind: code,
});

/** The bytes of a paper; text that is not base64 is trouble. */
export function paperBytes(text: string): Uint8Array {
  const packed = text.replace(/\s+/gu, '');
  if (packed.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/u.test(packed)) return Buffer.from(packed, 'base64');
  throw unreadable('paper', 'Tệp kết quả do phần mềm hộ tịch trả về không đọc được.', 'The result paper the system states cannot be read.');
}

const unreadable = (what: string, vi: string, en: string): Trouble =>
  new Trouble({ kind: 'unknown', scope: 'record', code: `element.${what}`, vi, en });

/** A value in the form its schema names: unknown names and nulls left out, codes as text with their zeros, NFC. */
export function conform(value: unknown, schema: JsonObject, name: string): Json | undefined {
  const types = [schema.type ?? []].flat() as readonly string[];
  if (value === null || value === undefined) return types.includes('null') ? null : undefined;
  const properties = schema.properties as Readonly<Record<string, JsonObject>> | undefined;
  if (properties !== undefined && typeof value === 'object' && !Array.isArray(value)) {
    const known = Object.entries(value).filter(([inner]) => Object.hasOwn(properties, inner));
    const kept = known.map(([inner, below]) => [inner, conform(below, properties[inner] ?? {}, inner)] as const);
    return Object.fromEntries(kept.filter(([, below]) => below !== undefined));
  }
  if (types.includes('string') && typeof value === 'number') return String(value).padStart(DIGITS[name] ?? 0, '0');
  if (types.includes('string') && typeof value === 'string') return value.normalize('NFC');
  if (types.includes('integer') && typeof value === 'string' && /^\d{1,9}$/u.test(value)) return Number(value);
  return value as Json;
}

/** JSON with names in order, so that equal statements have equal text. */
function sorted(value: Json | undefined): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(sorted).join(',')}]`;
  const entries = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, below]) => `${JSON.stringify(name)}:${sorted(below)}`).join(',')}}`;
}
