import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Config } from '../config.ts';
import { type AdapterPlace, listAdapters, overlay } from '../kit/load.ts';
import type { Book } from '../mapping/index.ts';
import type { Sentence } from '../zod-sentence.ts';

/**
 * `adapters/<name>/fields.csv`: every field that the sources name in a system's messages, each with section and evidence label.
 * A row is one field of one message; `record` names the record kinds that carry it (`*` all of them, `-` none).
 */
const HEADER = 'record,message,field,path,section,evidence,reason';
const MOST_ROWS = 20_000;

interface ListedField {
  readonly line: number;
  readonly records: readonly string[];
  readonly message: string;
  /** As the ministry writes it. */
  readonly field: string;
  /** Where it stands in the record; null where it is no part of any record, with the reason. */
  readonly path: string | null;
  readonly section: string;
  readonly evidence: string;
  readonly reason: string;
}

export interface Missing extends Sentence {
  readonly place: string;
  readonly field: string;
  /** Section and evidence label of the source that names the field. */
  readonly source: string;
}
/** How a mapping stands to the fields its system is known to have. */
export interface Coverage {
  readonly mapping: string;
  readonly mapped: number;
  readonly ignored: readonly { readonly field: string; readonly reason: string }[];
  readonly missing: readonly Missing[];
}

/** One coverage a mapping, in order of their ids; a list that is not there or not readable counts as missing. */
export function coverageOf(config: Config, book: Book): readonly Coverage[] {
  const places = listAdapters(config.folders.adapters);
  const ids = [...book.standings.keys()].sort();
  return ids.map((mapping): Coverage => {
    const [system = '', record = ''] = mapping.split('.');
    const settings = config.systems[system];
    const place = places.find(({ name }) => name === (settings?.adapter ?? system));
    const listed = place === undefined ? gone(`${system}/fields.csv`) : readList(place, settings?.overrides ?? null);
    const standing = book.standings.get(mapping);
    if ('vi' in listed || standing === undefined) return { mapping, mapped: 0, ignored: [], missing: 'vi' in listed ? [listed] : [] };
    const kinds = ids.filter((id) => id.startsWith(`${system}.`)).map((id) => id.slice(system.length + 1));
    return judged(mapping, listed.file, ofRecord(listed.fields, record, kinds), standing);
  });
}

/** Fields of this record; for those of no record that is mapped, the system's first mapping answers. */
function ofRecord(fields: readonly ListedField[], record: string, kinds: readonly string[]): readonly ListedField[] {
  const isFirst = kinds[0] === record;
  const isAnswered = (one: string): boolean => one === '*' || kinds.includes(one);
  return fields.filter(({ records }) => records.includes(record) || records.includes('*') || (isFirst && !records.every(isAnswered)));
}

function judged(
  mapping: string,
  file: string,
  fields: readonly ListedField[],
  standing: NonNullable<ReturnType<Book['standings']['get']>>,
): Coverage {
  const ignored: { field: string; reason: string }[] = [];
  const missing: Missing[] = [];
  let mapped = 0;
  for (const each of fields) {
    const found = each.path === null ? null : standing(each.path);
    if (found?.is === 'mapped') mapped += 1;
    else if (found?.is === 'ignored') ignored.push({ field: each.field, reason: found.reason });
    else if (found === null && each.reason !== '') ignored.push({ field: each.field, reason: each.reason });
    else
      missing.push({
        place: `${file}:${each.line}`,
        field: each.field,
        source: `${each.section}, ${each.evidence}`,
        ...WHY[found?.why ?? 'no-path'],
      });
  }
  return { mapping, mapped, ignored, missing };
}

const WHY: Readonly<Record<'not-in-record' | 'not-mapped' | 'no-reason' | 'no-path', Sentence>> = {
  'not-in-record': { vi: 'không có trong cấu trúc bản ghi', en: 'is not in the record schema' },
  'not-mapped': { vi: 'chưa được ánh xạ, cũng không ở ignore', en: 'is neither mapped nor under ignore' },
  'no-reason': { vi: 'nằm ở ignore nhưng không có lý do', en: 'is under ignore without a reason' },
  'no-path': { vi: 'không có đường dẫn, cũng không có lý do', en: 'has neither a path nor a reason' },
};

const gone = (file: string): Missing => ({
  ...{ place: file, field: '', source: '' },
  ...{ vi: 'thiếu danh sách trường của hệ thống', en: 'the list of the system’s fields is missing' },
});

function readList(place: AdapterPlace, overrides: string | null): { file: string; fields: readonly ListedField[] } | Missing {
  const file = `${place.name}/fields.csv`;
  const path = overlay(place.folder, overrides === null ? null : join(overrides, place.name), 'fields.csv');
  if (!existsSync(path)) return gone(file);
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  const wrong = (vi: string, en: string): Missing => ({ place: `${file}:1`, field: '', source: '', vi, en });
  if (text.split(/\r?\n/, 1)[0]?.trim() !== HEADER) return wrong(`Dòng đầu phải là: ${HEADER}.`, `The first line must be: ${HEADER}.`);
  try {
    const rows = parse(text, { info: true, from_line: 2, to: MOST_ROWS, skip_empty_lines: true, trim: true }) as unknown as {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    return { file, fields: rows.map(({ record, info }) => listed(record, info.lines)) };
  } catch {
    return wrong('Tệp không đúng dạng CSV, hoặc có dòng thiếu cột.', 'Not a CSV file, or a row lacks a column.');
  }
}

function listed(cells: readonly string[], line: number): ListedField {
  const [record = '', message = '', field = '', path = '', section = '', evidence = '', reason = ''] = cells;
  const at = path === '' ? field : path;
  return { line, records: record.split(/\s+/), message, field, path: reason === '' ? at : null, section, evidence, reason };
}
