import { TextDecoder } from 'node:util';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { type CsvParse, csvRecords, decodeLines } from '../../model/text-lines.ts';
import { type FileRow, fileFault } from './row.ts';
import { type TableOptions, type TextRow, tableRows } from './table.ts';

/** CSV as offices and programs write it, both ways. */

export interface CsvReading extends TableOptions {
  /** Default: told from the titles. */
  readonly delimiter?: ',' | ';' | '\t' | '|';
  /** Default: UTF-8, UTF-16 by its mark, else line by line UTF-8, TCVN3 or VNI. */
  readonly encoding?: 'windows-1258';
}

/** Rows by their titles. Damaged rows are told with their line; reading goes on behind them. Throws FileFault. */
export function* csvRows(bytes: Uint8Array, options: CsvReading = {}): Generator<FileRow<TextRow>> {
  yield* tableRows(csvRecords(textOf(bytes, options), parseRecord, options.delimiter ?? null), options);
}

const parseRecord: CsvParse = (record, delimiter) => parse(record, { delimiter, relax_column_count: true, skip_empty_lines: true });

function textOf(bytes: Uint8Array, { encoding }: CsvReading): string {
  const label = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : encoding;
  if (label !== undefined) return decoded(bytes, label).normalize('NFC');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeLines(bytes);
  }
}

function decoded(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw fileFault('encoding');
  }
}

export interface CsvWriting {
  readonly delimiter?: ',' | ';' | '\t';
  /** A mark in front, which Excel needs to see UTF-8; default true. */
  readonly bom?: boolean;
  /** Puts a quote before texts that a spreadsheet would run (`=`, `+`, `-`, `@`): for files people open. Default false. */
  readonly escapeFormulas?: boolean;
}

/** UTF-8 in NFC, lines ended with CR LF, titles first. A field that a row does not have is an empty cell. */
export function csvBytes(columns: readonly string[], rows: Iterable<TextRow>, options: CsvWriting = {}): Uint8Array {
  const lines = [...rows].map((row) => columns.map((column) => row[column]?.normalize('NFC') ?? ''));
  const text = stringify([columns.map((column) => column.normalize('NFC')), ...lines], {
    delimiter: options.delimiter ?? ',',
    bom: options.bom ?? true,
    escape_formulas: options.escapeFormulas ?? false,
    record_delimiter: '\r\n',
    quoted_match: /[\r\n]|^\s|\s$/u,
  });
  return Buffer.from(text, 'utf8');
}
