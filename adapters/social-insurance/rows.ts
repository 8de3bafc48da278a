import { createHash } from 'node:crypto';
import {
  checkRecord,
  element,
  type FieldIssue,
  type FileRow,
  type Json,
  type JsonObject,
  type Sighting,
  type TextRow,
  type XmlElement,
  xlsxRows,
  xmlJson,
  xmlRows,
} from '../../src/kit/index.ts';
import { conform, sorted } from './stated.ts';
import { codeText } from './text.ts';

/** Filings as files: one XML element, or one row of a sheet with dotted titles (`phuCap.CV`). INFERENCE: no layout is published. */

export const LIST = 'DanhSach';
export const ITEM = 'HoSo';

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Dotted names of all single fields of a schema. */
export function columnsOf(schema: JsonObject, before = ''): readonly string[] {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonObject>>);
  return properties.flatMap(([name, below]) => {
    if (below.type === 'array') return [];
    return below.type === 'object' ? columnsOf(below, `${before}${name}.`) : [before + name];
  });
}

/** A record as one row; a list has no column, its path is given back as unfit. */
export function flatOf(record: JsonObject, before = ''): { readonly row: TextRow; readonly unfit: readonly string[] } {
  const parts = Object.entries(record).map(([name, value]) => {
    if (Array.isArray(value)) return { row: {}, unfit: [before + name] };
    if (isObject(value as Json)) return flatOf(value as JsonObject, `${before}${name}.`);
    return { row: value === null ? {} : { [before + name]: String(value) }, unfit: [] };
  });
  return { row: Object.assign({}, ...parts.map(({ row }) => row)), unfit: parts.flatMap(({ unfit }) => unfit) };
}

/** A row with dotted titles as the object it stands for. */
export function nestedOf(row: TextRow): JsonObject {
  const root: Record<string, Json> = {};
  for (const [path, text] of Object.entries(row)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let at = root;
    for (const name of names) {
      const below = Object.hasOwn(at, name) && isObject(at[name]) ? { ...(at[name] as Record<string, Json>) } : {};
      at[name] = below;
      at = below;
    }
    at[last] = cellText(last, text);
  }
  return root;
}

/** A cell as the office means it: a date cell is read as an ISO day, and a number has lost its zeros. */
function cellText(name: string, text: string): string {
  if (/thang$/iu.test(name)) return text.replace(/^(\d{4})-(\d{2})-\d{2}$/u, '$2/$1');
  if (/ngay|^gtThe/iu.test(name)) return text.replace(/^(\d{4})-(\d{2})-(\d{2})$/u, '$3/$2/$1');
  return /^\d+$/u.test(text) ? codeText(name, text) : text;
}

/** A form as its schema has it; in XML a list of one looks like a single value. */
export function formIn(schema: JsonObject, row: JsonObject): JsonObject {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonObject>>;
  const isLone = (name: string, value: Json) => properties[name]?.type === 'array' && !Array.isArray(value) && value !== '';
  const listed = Object.entries(row).map(([name, value]) => [name, isLone(name, value as Json) ? [value] : value]);
  return conform(Object.fromEntries(listed) as JsonObject, schema, '') as JsonObject;
}

/** What the office may state of a form: any part of it. */
export const anyPartOf = (schema: JsonObject): JsonObject => ({ ...schema, required: [] });

/** A record as an XML element; a list is the same element again. */
export const elementOf = (name: string, value: Json): XmlElement =>
  isObject(value)
    ? element(
        name,
        Object.entries(value).flatMap(([inner, below]) => elementsOf(inner, below as Json)),
      )
    : element(name, [String(value)]);

const elementsOf = (name: string, value: Json): readonly XmlElement[] => {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]).map((each) => elementOf(name, each)) : [elementOf(name, value)];
};

/** What a file holds, by the ending of its name. */
export async function* rowsIn(bytes: Uint8Array, name: string): AsyncGenerator<FileRow<JsonObject>> {
  if (/\.xml$/iu.test(name)) {
    for await (const { line, value } of xmlRows(bytes, [`${LIST}.${ITEM}`]))
      if (value !== undefined) yield { line, value: objectOf(xmlJson(value.element)[ITEM] as Json) };
    return;
  }
  for (const row of xlsxRows(bytes, { columns: ['id', 'status'] }))
    yield row.value === undefined ? row : { line: row.line, value: nestedOf(row.value) };
}

const objectOf = (value: Json): JsonObject => (isObject(value) ? value : {});

const missing = (path: string): FieldIssue => ({ path, code: 'required', vi: 'còn thiếu', en: 'is missing' });

/** A sighting (of `anyPartOf` a schema) of exactly what the row states, under the number of the filing and our key; else what is wrong with it. */
export function statedIn(schema: JsonObject, row: JsonObject): Sighting | readonly FieldIssue[] {
  const { id, ...stated } = row;
  const lacks = [...(textOf(id) === '' ? ['id'] : []), ...(textOf(stated.status) === '' ? ['status'] : [])];
  if (lacks.length > 0) return lacks.map(missing);
  const record = formIn(schema, { ...stated, trangThai: `${textOf(stated.status)}/${courseOf(stated)}` });
  const issues = checkRecord(schema, record);
  if (issues.length > 0) return issues;
  const version = createHash('sha256').update(sorted(record)).digest('hex').slice(0, 32);
  const key = textOf(record.maHoSoMCDT);
  return { id: textOf(id), key: key === '' ? null : key, version, sequence: null, covers: Object.keys(record), record, statedAt: null };
}

/** The same words as over the portal: what the trace says, and for a child whether the card is there. */
function courseOf(row: JsonObject): string {
  if (textOf(row.Ngayxulyxong) !== '') return textOf(row.maThe) === '' ? 'done' : 'card';
  return textOf(row.soHoSo) === '' ? 'none' : 'open';
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');
