import { parse } from 'csv-parse/sync';

/** One record of a CSV file and the line it begins on; `cells` null = damaged. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[] | null;
}

/** A quoted cell may hold line feeds, but not more than this: a quote that was never closed must not swallow the file. */
const MOST_LINES = 100;

/** The records of a CSV (`,` `;` or tab, told from the titles). After a damaged record reading goes on at the very next line. */
export function* csvRecords(text: string): Generator<CsvRecord> {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const delimiter = delimiterOf(lines[0] ?? '');
  for (let at = 0; at < lines.length; ) {
    const count = recordLines(lines, at);
    const cells = count === null ? null : cellsOf(lines.slice(at, at + count).join('\n'), delimiter);
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
function cellsOf(record: string, delimiter: string): readonly string[] | null {
  if (record.trim() === '') return [];
  // Without quotes a record is its cells between delimiters.
  if (!record.includes('"')) return record.split(delimiter);
  try {
    const records: readonly (readonly string[])[] = parse(record, { delimiter, relax_column_count: true, skip_empty_lines: true });
    return records.length > 1 ? null : (records[0] ?? []);
  } catch {
    return null;
  }
}

function delimiterOf(titles: string): string {
  const count = (sign: string) => titles.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
