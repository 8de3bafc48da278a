import type { Charset } from '../../model/charset.ts';
import { fold, tidy } from '../../model/text.ts';
import type { FieldIssue } from '../trouble.ts';
import { fileCharset, type MendOptions, mendText } from './mend.ts';
import { FileFault, type FileRow, fileFault, fileIssue } from './row.ts';

/** Lines of cells, the first of them titles, as rows of named texts. */

export interface TableOptions extends MendOptions {
  /** Titles that must be there, as the system writes them; matched whatever their case and spaces. Others are kept as they stand. */
  readonly columns?: readonly string[];
  /** The line of the titles, where a banner stands above them; default the first line that holds something. */
  readonly titlesAt?: number;
}

export type TextRow = Readonly<Record<string, string>>;

/** Cells of one line; null = damaged. */
export interface CellLine {
  readonly line: number;
  readonly cells: readonly string[] | null;
}

/** Enough to tell which charset a file is in. */
const SAMPLE = 500;

/** An empty cell is left out of its row; an empty line is no row. Throws FileFault for titles that cannot be used. */
export function* tableRows(lines: Iterable<CellLine>, options: TableOptions): Generator<FileRow<TextRow>> {
  const reading = lines[Symbol.iterator]();
  const titles = titlesOf(reading, options);
  const sample: CellLine[] = [];
  for (let next = reading.next(); !next.done; next = reading.next()) {
    sample.push(next.value);
    if (sample.length >= SAMPLE) break;
  }
  const charset = fileCharset(
    sample.flatMap(({ cells }) => cells ?? []),
    options,
  );
  for (const line of sample) yield* rowOf(line, titles, charset, options);
  for (let next = reading.next(); !next.done; next = reading.next()) yield* rowOf(next.value, titles, charset, options);
}

function titlesOf(reading: Iterator<CellLine>, options: TableOptions): readonly string[] {
  for (let next = reading.next(); !next.done; next = reading.next()) {
    const { line, cells } = next.value;
    if (line < (options.titlesAt ?? 0)) continue;
    if (cells === null) throw new FileFault([fileIssue('row-damaged')]);
    if (cells.every((cell) => cell.trim() === '')) continue;
    return knownTitles(cells, options);
  }
  throw fileFault('empty');
}

function knownTitles(cells: readonly string[], options: TableOptions): readonly string[] {
  const charset = fileCharset(cells, options);
  const wanted = new Map((options.columns ?? []).map((column) => [fold(column, { marks: false }), column]));
  const titles = cells.map((cell) => {
    const title = tidy(mendText(cell, '', charset, { charset: options.charset ?? 'auto' }).text);
    return wanted.get(fold(title, { marks: false })) ?? title;
  });
  const missing = [...wanted.values()].filter((column) => !titles.includes(column));
  const twice = titles.filter((title, index) => title !== '' && titles.indexOf(title) !== index);
  const faults = [
    ...missing.map((column) => fileIssue('column-missing', column)),
    ...[...new Set(twice)].map((title) => fileIssue('column-twice', title)),
  ];
  if (faults.length > 0) throw new FileFault(faults);
  return titles;
}

function* rowOf(
  { line, cells }: CellLine,
  titles: readonly string[],
  charset: Charset | null,
  options: TableOptions,
): Generator<FileRow<TextRow>> {
  if (cells === null) {
    yield { line, issues: [fileIssue('row-damaged')] };
    return;
  }
  const issues: FieldIssue[] = [];
  const fields: (readonly [string, string])[] = [];
  for (const [index, cell] of cells.entries()) {
    if (cell.trim() === '') continue;
    const title = titles[index] ?? '';
    if (title === '') issues.push(fileIssue('row-too-long'));
    const { text, issue } = mendText(cell.trim(), title, charset, options);
    if (issue === null) fields.push([title, text]);
    else issues.push(issue);
  }
  if (issues.length > 0) yield { line, issues };
  else if (fields.length > 0) yield { line, value: Object.fromEntries(fields) };
}
