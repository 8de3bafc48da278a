import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { type CsvParse, csvRecords } from '../model/text-lines.ts';
import { type Inflate, unpacksWithin } from '../model/zip.ts';
import { arraySlices, decodeText, FileRefused, ndjsonSlices, refuseFile, type Slice } from './bytes.ts';
import { type DossierDocument, parseDocument } from './document.ts';
import { columnIssues, flatRow } from './flat-row.ts';
import type { FormBook } from './forms.ts';
import { type Issue, issue } from './issue.ts';
import { type JsonRead, readJsonText } from './json-text.ts';

/** One dossier of a file: taken, or refused with every reason. `row` counts dossiers from 1, `line` is where it stands in the file. */
export type FileRow =
  | { readonly row: number; readonly line: number; readonly document: DossierDocument; readonly notices: readonly Issue[] }
  | { readonly row: number; readonly line: number; readonly issues: readonly Issue[] };

export interface FileLimits {
  readonly mostBytes: number;
  readonly mostRows: number;
  /** Of the sheets inside an XLSX once unpacked. */
  readonly mostUnzippedBytes: number;
}

export const FILE_LIMITS: FileLimits = {
  mostBytes: 64 * 1024 * 1024,
  mostRows: 100_000,
  mostUnzippedBytes: 256 * 1024 * 1024,
};

type Raw = { readonly line: number; readonly body: unknown; readonly issues: readonly Issue[]; readonly notices: readonly Issue[] };
type Cells = { readonly line: number; readonly cells: readonly string[] } | { readonly line: number; readonly issue: Issue };

/**
 * Reads a file of dossiers in the canonical form: `.json` (array), `.ndjson`, `.jsonl`, `.csv` (`,` `;` or tab) or `.xlsx` (first
 * sheet). Good rows are taken, bad rows reported. Old charsets are converted and reported. Throws FileRefused when the file as
 * a whole cannot be read: missing, of another type, too large, wrong column titles, too many rows.
 */
export async function* readDossierFile(path: string, forms: FormBook, limits: FileLimits = FILE_LIMITS): AsyncGenerator<FileRow> {
  let row = 0;
  for await (const raw of rawRows(path, forms, limits)) {
    row += 1;
    if (row > limits.mostRows) {
      refuseFile('file.too-many-rows', `Tệp có quá ${limits.mostRows} hồ sơ.`, `The file has more than ${limits.mostRows} dossiers.`);
    }
    yield fileRow(row, raw, forms);
  }
}

function fileRow(row: number, raw: Raw, forms: FormBook): FileRow {
  if (raw.body === undefined) return { row, line: raw.line, issues: raw.issues };
  const parsed = parseDocument(raw.body, forms, { legacyText: 'convert' });
  if (!parsed.ok) return { row, line: raw.line, issues: [...raw.issues, ...parsed.issues] };
  if (raw.issues.length > 0) return { row, line: raw.line, issues: raw.issues };
  return { row, line: raw.line, document: parsed.document, notices: [...raw.notices, ...parsed.notices] };
}

async function* rawRows(path: string, forms: FormBook, limits: FileLimits): AsyncGenerator<Raw> {
  const type = extname(path).toLowerCase();
  const bytes = await readBounded(path, limits.mostBytes);
  const isZip = bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'));
  if (isZip !== (type === '.xlsx')) wrongType();
  switch (type) {
    case '.json':
      yield* jsonRows(
        arraySlices(decodeText(bytes)) ??
          refuseFile(
            'file.not-array',
            'Tệp JSON phải là một danh sách hồ sơ, bắt đầu bằng "[".',
            'A JSON file must be a list of dossiers, beginning with "[".',
          ),
      );
      return;
    case '.ndjson':
    case '.jsonl':
      yield* jsonRows(ndjsonSlices(decodeText(bytes)));
      return;
    case '.csv':
      yield* tableRows(csvCells(decodeText(bytes)), forms);
      return;
    case '.xlsx':
      yield* tableRows(sheetCells(bytes, limits), forms);
      return;
    default:
      wrongType();
  }
}

async function readBounded(path: string, mostBytes: number): Promise<Buffer> {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) return refuseFile('file.missing', 'Không đọc được tệp.', 'The file cannot be read.');
  if (size > mostBytes)
    return refuseFile('file.too-large', `Tệp lớn hơn ${mostBytes} byte.`, `The file is larger than ${mostBytes} bytes.`);
  return readFile(path);
}

const wrongType = (): never =>
  refuseFile(
    'file.type',
    'Loại tệp không dùng được; cần .json, .ndjson, .csv hoặc .xlsx (nội dung phải đúng với đuôi tệp; .xls đề nghị lưu lại thành .xlsx).',
    'This kind of file cannot be used; .json, .ndjson, .csv or .xlsx is needed (and must be what it is called; save .xls as .xlsx).',
  );

function* jsonRows(slices: readonly Slice[]): Generator<Raw> {
  for (const { text, line } of slices) {
    const read = readJsonText(text);
    yield read.is === 'json'
      ? { line, body: read.value, issues: [], notices: [] }
      : { line, body: undefined, issues: [unreadable(read, text, line)], notices: [] };
  }
}

function unreadable(read: Exclude<JsonRead, { readonly is: 'json' }>, text: string, line: number): Issue {
  switch (read.is) {
    case 'malformed': {
      const at = line + text.slice(0, read.at).split('\n').length - 1;
      return issue(
        '',
        'file.json',
        `Hồ sơ này không phải JSON hợp lệ (sai ở dòng ${at}).`,
        `This dossier is not valid JSON (broken in line ${at}).`,
      );
    }
    case 'repeated-name':
      return issue(read.path, 'file.name-twice', 'Tên mục xuất hiện hai lần.', 'A name stands twice in one object.');
    case 'forbidden-name':
      return issue(read.path, 'body.name', 'Tên trường không được phép.', 'A forbidden field name.');
  }
}

async function* tableRows(table: Iterable<Cells> | AsyncIterable<Cells>, forms: FormBook): AsyncGenerator<Raw> {
  let columns: readonly string[] | null = null;
  for await (const found of table) {
    if ('issue' in found) {
      yield { line: found.line, body: undefined, issues: [found.issue], notices: [] };
    } else if (columns === null) {
      columns = found.cells.map((cell) => cell.trim());
      const problems = columnIssues(columns);
      if (problems.length > 0) throw new FileRefused(problems);
    } else if (found.cells.some((cell) => cell.trim() !== '')) {
      yield {
        line: found.line,
        ...flatRow(
          columns,
          found.cells.map((cell) => cell.trim()),
          forms,
        ),
      };
    }
  }
  if (columns === null) refuseFile('file.empty', 'Tệp không có dòng tiêu đề cột.', 'The file has no row of column titles.');
}

const parseRecord: CsvParse = (record, delimiter) => parse(record, { delimiter, relax_column_count: true, skip_empty_lines: true });

function* csvCells(text: string): Generator<Cells> {
  const damaged = issue('', 'file.csv', 'Dòng CSV bị hỏng (dấu ngoặc kép không khớp).', 'A damaged CSV record (quotes do not match).');
  for (const { line, cells } of csvRecords(text, parseRecord)) yield cells === null ? { line, issue: damaged } : { line, cells };
}

/** Rows of the first sheet; numbers keep their digits as text, so no code loses what is still there. */
async function* sheetCells(bytes: Buffer, limits: FileLimits): AsyncGenerator<Cells> {
  const inflate: Inflate = (packed, maxOutputLength) => inflateRawSync(packed, { maxOutputLength });
  if (!unpacksWithin(bytes, limits.mostUnzippedBytes, inflate)) {
    refuseFile('file.xlsx', 'Tệp Excel bị hỏng hoặc quá lớn khi giải nén.', 'The Excel file is damaged, or too large once unpacked.');
  }
  const rows = await readSheet(bytes, { parseNumber: (text: string) => text }).catch(() =>
    refuseFile('file.xlsx', 'Tệp Excel bị hỏng hoặc quá lớn khi giải nén.', 'The Excel file is damaged, or too large once unpacked.'),
  );
  for (const [index, cells] of (rows as readonly (readonly unknown[])[]).entries()) {
    yield { line: index + 1, cells: cells.map(cellText) };
  }
}

/** A date cell has no zone: a whole day stays a day, a time is business time. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (!(cell instanceof Date)) return String(cell);
  if (Number.isNaN(cell.getTime())) return '?';
  const iso = cell.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : `${iso.slice(0, 19)}+07:00`;
}
