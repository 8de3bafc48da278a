import { isMarkedLatin, legacyCharset } from './charset.ts';

/** Text of files from offices: lines whose encodings differ, and CSV records that span lines. */

const LINE_FEED = 0x0a;
const CELL_ENDS = /[",;\t]+/;

/**
 * Bytes as text, each line for itself: sound UTF-8 stays, a line in an old 8-bit charset is kept as its characters for
 * conversion, any other damage shows as U+FFFD in that line only.
 */
export function decodeLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  let start = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, start)) {
    lines.push(decodeLine(bytes.subarray(start, at)));
    start = at + 1;
  }
  lines.push(decodeLine(bytes.subarray(start)));
  return lines.join('\n').replace(/^\ufeff/, '');
}

function decodeLine(line: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(line);
  if (!text.includes('\ufffd')) return text;
  const characters = Array.from(line, (byte) => String.fromCharCode(byte)).join('');
  const cells = characters.split(CELL_ENDS).filter(isMarkedLatin);
  return cells.some((cell) => legacyCharset(cell) !== null) ? characters : text;
}

/** One record of a CSV file and the line it begins on; `cells` null = damaged. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[] | null;
}

/** Cells of the text of one record that holds quotes; throws, or gives another number of records than one, when it is damaged. */
export type CsvParse = (record: string, delimiter: string) => readonly (readonly string[])[];

/** A quoted cell may hold line feeds, but not more than this: a quote that was never closed must not swallow the file. */
const MOST_LINES = 100;

/** The records of a CSV (`,` `;` or tab, told from the titles). After a damaged record reading goes on at the very next line. */
export function* csvRecords(text: string, parse: CsvParse, given: string | null = null): Generator<CsvRecord> {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const delimiter = given ?? delimiterOf(lines[0] ?? '');
  for (let at = 0; at < lines.length; ) {
    const count = recordLines(lines, at);
    const cells = count === null ? null : cellsOf(lines.slice(at, at + count).join('\n'), delimiter, parse);
    if (cells === null || cells.length > 0) yield { line: at + 1, cells };
    at += cells === null || count === null ? 1 : count;
  }
}

/** How many lines the record beginning here has: until its quotes are even in number; null where they never are. */
function recordLines(lines: readonly string[], begin: number): number | null {
  let quotes = 0;
  for (let count = 1; count <= MOST_LINES && begin + count <= lines.length; count += 1) {
    quotes += (lines[begin + count - 1] ?? '').split('"').length - 1;
    if (quotes % 2 === 0) return count;
  }
  return null;
}

/** Cells of one record; empty for an empty line, null for a damaged one. */
function cellsOf(record: string, delimiter: string, parse: CsvParse): readonly string[] | null {
  if (record.trim() === '') return [];
  // Without quotes a record is its cells between delimiters.
  if (!record.includes('"')) return record.split(delimiter);
  try {
    const records = parse(record, delimiter);
    return records.length > 1 ? null : (records[0] ?? []);
  } catch {
    return null;
  }
}

function delimiterOf(titles: string): string {
  const count = (sign: string) => titles.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
