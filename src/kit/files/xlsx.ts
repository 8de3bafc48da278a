import { posix } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import writeExcelFile from 'write-excel-file/node';
import { type Inflate, unpacked, type ZipEntry, zipEntries } from '../../model/zip.ts';
import { Trouble } from '../trouble.ts';
import { textOfBytes } from '../xml/decode.ts';
import { XmlFault } from '../xml/fault.ts';
import { openXmlParser, XML_LIMITS, type XmlRecord } from '../xml/parse.ts';
import { readXml } from '../xml/read.ts';
import { attributeOf, elementAt, elementsIn, type XmlElement, xmlTextAt, xmlTextOf } from '../xml/tree.ts';
import { FILE_LIMITS, type FileRow, fileFault } from './row.ts';
import { type CellLine, type TableOptions, type TextRow, tableRows } from './table.ts';

/**
 * XLSX under our own limits: what its ZIP really unpacks to is bounded, rows come one by one, cells are the text that stands in
 * them. A number keeps its digits, a date cell is an ISO date, a text stays text with its zeros.
 */

export interface XlsxReading extends TableOptions {
  /** Name of the sheet; default the first. */
  readonly sheet?: string;
  readonly mostUnzippedBytes?: number;
}

/** Rows by their titles. Throws FileFault. */
export function* xlsxRows(bytes: Uint8Array, options: XlsxReading = {}): Generator<FileRow<TextRow>> {
  yield* tableRows(xlsxCells(bytes, options), options);
}

interface Book {
  readonly sheet: Uint8Array;
  readonly shared: readonly string[];
  /** Whether a cell of this style shows a date. */
  readonly isDate: (style: number) => boolean;
  readonly epoch: number;
}

function* xlsxCells(bytes: Uint8Array, options: XlsxReading): Generator<CellLine> {
  try {
    const book = openBook(bytes, options);
    const parser = openXmlParser(['worksheet.sheetData.row'], { ...XML_LIMITS, mostElements: 60_000 });
    const text = textOfBytes(book.sheet);
    const place = { line: 0 };
    for (let at = 0; at < text.length; at += PIECE) yield* rowsOf(parser.write(text.slice(at, at + PIECE)), book, place);
    parser.end();
  } catch (error) {
    if (error instanceof XmlFault) throw fileFault('xlsx');
    throw error;
  }
}

const PIECE = 65_536;
const inflate: Inflate = (packed, maxOutputLength) => inflateRawSync(packed, { maxOutputLength });

function openBook(bytes: Uint8Array, options: XlsxReading): Book {
  const entries = zipEntries(bytes);
  const most = options.mostUnzippedBytes ?? FILE_LIMITS.mostUnzippedBytes;
  if (entries === null || entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > most) throw fileFault('xlsx');
  const byName = new Map(entries.map((entry) => [entry.name.replace(/^\//u, '').toLowerCase(), entry]));
  const part = (name: string): Uint8Array | null => partOf(byName.get(name.toLowerCase()));
  const tree = (name: string): XmlElement | null => {
    const found = part(name);
    return found === null ? null : readXml(found, { ...XML_LIMITS, mostBytes: most, mostElements: 10_000_000 });
  };
  const workbook = tree('xl/workbook.xml');
  if (workbook === null) throw fileFault('xlsx');
  const sheet = part(sheetPath(workbook, tree('xl/_rels/workbook.xml.rels'), options.sheet));
  if (sheet === null) throw fileFault('sheet');
  const strings = tree('xl/sharedStrings.xml');
  const is1904 = ['1', 'true'].includes(attributeOf(elementAt(workbook, 'workbookPr') ?? workbook, 'date1904') ?? '');
  return {
    sheet,
    shared: strings === null ? [] : elementsIn(strings, 'si').map(richText),
    isDate: dateStyles(tree('xl/styles.xml')),
    epoch: Date.UTC(is1904 ? 1904 : 1899, is1904 ? 0 : 11, is1904 ? 1 : 30),
  };
}

function partOf(entry: ZipEntry | undefined): Uint8Array | null {
  if (entry === undefined) return null;
  const bytes = unpacked(entry, inflate);
  if (bytes === null) throw fileFault('xlsx');
  return bytes;
}

const RELATIONS = /\/officeDocument(?:\/2006)?\/relationships$/u;

function sheetPath(workbook: XmlElement, relations: XmlElement | null, name: string | undefined): string {
  const sheets = elementsIn(elementAt(workbook, 'sheets') ?? workbook, 'sheet');
  const sheet = name === undefined ? sheets[0] : sheets.find((one) => attributeOf(one, 'name') === name);
  const id = sheet?.attributes.find((one) => one.name === 'id' && RELATIONS.test(one.namespace))?.value;
  const relation = elementsIn(relations ?? workbook, 'Relationship').find((one) => attributeOf(one, 'Id') === id);
  const target = relation === undefined ? null : attributeOf(relation, 'Target');
  if (id === undefined || target === null) throw fileFault('sheet');
  return target.startsWith('/') ? target.slice(1) : posix.join('xl', target);
}

/** A text in one piece or in runs of different fonts; its reading aid (phonetic) is no part of it. */
const richText = (of: XmlElement): string =>
  of.children
    .map((child) => (typeof child === 'string' || child.name === 'rPh' ? '' : child.name === 't' ? xmlTextOf(child) : richText(child)))
    .join('');

/** Built-in date formats, and formats of the file that show days, months, years or hours. */
function dateStyles(styles: XmlElement | null): (style: number) => boolean {
  if (styles === null) return () => false;
  const formats = new Map(
    elementsIn(elementAt(styles, 'numFmts') ?? styles, 'numFmt').map((one) => [
      attributeOf(one, 'numFmtId'),
      attributeOf(one, 'formatCode') ?? '',
    ]),
  );
  const dates = elementsIn(elementAt(styles, 'cellXfs') ?? styles, 'xf').map((one) => {
    const id = attributeOf(one, 'numFmtId') ?? '0';
    const built = Number(id);
    if ((built >= 14 && built <= 22) || (built >= 45 && built <= 47)) return true;
    const shown = (formats.get(id) ?? '').replace(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/giu, '');
    return /[dmyhs]/iu.test(shown) && !/general/iu.test(shown);
  });
  return (style) => dates[style] === true;
}

function* rowsOf(records: readonly XmlRecord[], book: Book, place: { line: number }): Generator<CellLine> {
  for (const { element: row } of records) {
    place.line = Number(attributeOf(row, 'r') ?? place.line + 1);
    const cells: string[] = [];
    for (const cell of elementsIn(row, 'c')) {
      const column = columnOf(attributeOf(cell, 'r')) ?? cells.length;
      while (cells.length < column) cells.push('');
      cells[column] = cellText(cell, book);
    }
    yield { line: place.line, cells };
  }
}

const MOST_COLUMNS = 16_384;

/** "AB12" → 27. */
function columnOf(reference: string | null): number | null {
  const letters = /^([A-Z]{1,3})\d+$/u.exec(reference ?? '')?.[1];
  if (letters === undefined) return null;
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  if (column >= MOST_COLUMNS) throw fileFault('xlsx');
  return column;
}

function cellText(cell: XmlElement, book: Book): string {
  const type = attributeOf(cell, 't') ?? 'n';
  if (type === 'inlineStr') return richText(elementAt(cell, 'is') ?? cell);
  const raw = xmlTextAt(cell, 'v') ?? '';
  if (raw === '') return '';
  if (type === 's') return book.shared[Number(raw)] ?? '';
  if (type === 'b') return raw === '1' ? 'true' : 'false';
  if (type === 'd') return raw.replace(/T00:00:00(?:\.0+)?Z?$/u, '');
  // A formula that failed has nothing to say; U+FFFD makes the row one to look at.
  if (type === 'e') return '\ufffd';
  if (type !== 'n') return raw;
  return book.isDate(Number(attributeOf(cell, 's') ?? 0)) ? dateText(Number(raw), book.epoch) : plainNumber(raw);
}

/** Excel writes long numbers as 9.6000000001E10. */
function plainNumber(raw: string): string {
  const value = Number(raw);
  return /e/iu.test(raw) && Number.isSafeInteger(value) ? String(value) : raw;
}

/** Days since the epoch, to the second; a whole day has no time. A date cell has no zone. */
function dateText(days: number, epoch: number): string {
  const ms = epoch + Math.round(days * 86_400) * 1_000;
  if (!Number.isFinite(days) || Math.abs(ms) > 8e15) return '\ufffd';
  const iso = new Date(ms).toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19);
}

/** One sheet, titles first, every cell a text: no zero is lost, no formula runs. */
export async function xlsxBytes(columns: readonly string[], rows: Iterable<TextRow>, sheet = 'Sheet1'): Promise<Uint8Array> {
  const cell = (value: string) => (value === '' ? null : { value: writable(value), type: String });
  const lines = [...rows].map((row) => columns.map((column) => cell(row[column] ?? '')));
  return writeExcelFile([columns.map((column) => ({ value: column, type: String, fontWeight: 'bold' as const })), ...lines], {
    sheet,
  }).toBuffer();
}

/** The writer would drop control characters in silence. */
function writable(value: string): string {
  if (!/[^\t\n\r\P{Cc}]/u.test(value)) return value.normalize('NFC');
  throw new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'file.character',
    vi: 'Có ký tự điều khiển không gửi được bằng tệp Excel.',
    en: 'A control character that an Excel file cannot carry.',
  });
}
