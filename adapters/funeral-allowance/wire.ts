import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HttpClient, Json, JsonObject, Sighting } from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import { readForm, writeForm } from './eform.ts';

export const KIND = 'allowance';
/** The record's own name for the e-form that travels inside `CertificateExtentData`. */
export const FORM = 'HoTroMaiTangPhi';
const FORM_FIELD = 'CertificateExtentData';

export interface Endpoint {
  readonly schema: JsonObject;
  readonly config: Config;
  readonly http: HttpClient;
}

/** HoSoBTXH as it is sent: the fields as they are, the e-form as XML text, MaHoSo our key. Nothing is filled in. */
export function hoSoOf(key: string, { [FORM]: form, ...fields }: JsonObject): JsonObject {
  const extent = form === undefined || form === null ? {} : { [FORM_FIELD]: writeForm(form as JsonObject) };
  return { ...fields, ...extent, MaHoSo: key };
}

/**
 * The name an answer has for a field: `HKTT_MaTinh` → `hktT_MaTinh`, `CMND_NgayCap` → `cmnD_NgayCap`. SOURCED TD: the camel
 * case of its serialiser, which lowers the capitals of the beginning but keeps the last one that something else follows.
 */
export function answered(name: string): string {
  const capitals = /^\p{Lu}*/u.exec(name)?.[0].length ?? 0;
  const lowered = capitals === name.length ? capitals : Math.max(1, capitals - 1);
  return name.slice(0, lowered).toLowerCase() + name.slice(lowered);
}

const stated = z.record(z.string(), z.json());
const pullAnswer = z.looseObject({ result: z.array(z.unknown()).nullish() });

/** Rows of a pull that are objects; what is none cannot be matched to a dossier. */
export const rowsIn = (body: z.output<typeof pullAnswer>): readonly JsonObject[] =>
  (body.result ?? []).flatMap((row) => {
    const read = stated.safeParse(row);
    return read.success ? [read.data as JsonObject] : [];
  });
export { pullAnswer };

/** What a row states, under the names of the record; it covers exactly that. null: it names no dossier. */
export function sightingOf(schema: JsonObject, row: JsonObject): Sighting | null {
  const properties = schema.properties as JsonObject;
  const names = new Map(Object.keys(properties).flatMap((name) => [[answered(name), name] as const, [name, name] as const]));
  const record: Record<string, Json> = {};
  for (const [name, value] of Object.entries(row)) {
    const field = names.get(name);
    if (field !== undefined && value !== null && value !== undefined) record[field] = asText(value);
  }
  const form = row[answered(FORM_FIELD)] ?? row[FORM_FIELD];
  if (typeof form === 'string' && form !== '') record[FORM] = readForm(form);
  const id = record.MaHoSo;
  if (typeof id !== 'string' || id === '') return null;
  return { id, key: id, version: hashOf(record), sequence: null, covers: Object.keys(record), record, statedAt: null };
}

/** Codes may come as numbers: they have no leading zeros to lose here (catalogue ids), and are text in the record. */
const asText = (value: Json): Json =>
  typeof value === 'number' ? String(value) : typeof value === 'string' ? value.normalize('NFC') : value;

const hashOf = (record: JsonObject): string => {
  const entries = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 32);
};
