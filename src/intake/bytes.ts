import { decodeLines } from '../model/text-lines.ts';
import { type Issue, issue } from './issue.ts';

/** The file as a whole cannot be read. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly issues: readonly Issue[];
  constructor(issues: readonly Issue[]) {
    super(issues.map((each) => each.en).join(' '));
    this.issues = issues;
  }
}

export const refuseFile = (code: string, vi: string, en: string): never => {
  throw new FileRefused([issue('', code, vi, en)]);
};

/**
 * Bytes as text. Each line stands for itself: sound UTF-8 stays, a line in an old 8-bit charset is kept as its characters for
 * conversion, any other damage shows as U+FFFD in that line only.
 */
export function decodeText(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    refuseFile('file.utf16', 'Tệp ở dạng UTF-16; đề nghị lưu lại bằng UTF-8.', 'The file is UTF-16; please save it as UTF-8.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeLines(bytes);
  }
}

/** One JSON value inside a text, with the line it begins on. */
export interface Slice {
  readonly text: string;
  readonly line: number;
}

/** The lines of NDJSON that hold something. */
export const ndjsonSlices = (text: string): readonly Slice[] =>
  text
    .split('\n')
    .map((line, index) => ({ text: line.trim(), line: index + 1 }))
    .filter((slice) => slice.text !== '');

/** The elements of a JSON array, cut at its commas, so that one broken element does not lose the others. null = not an array. */
export function arraySlices(text: string): readonly Slice[] | null {
  const begin = text.search(/\S/);
  if (text[begin] !== '[') return null;
  const slices: Slice[] = [];
  let [start, line, startLine, depth, inText] = [begin + 1, 1 + countLines(text.slice(0, begin)), 0, 0, false];
  for (let at = begin + 1; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\n') line += 1;
    if (startLine === 0 && sign !== undefined && /\S/.test(sign)) startLine = line;
    if (inText) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inText = false;
      continue;
    }
    if (sign === '"') inText = true;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (depth > 0 && (sign === '}' || sign === ']')) depth -= 1;
    else if (depth === 0 && (sign === ',' || sign === ']')) {
      const element = text.slice(start, at).trim();
      if (element !== '' || sign === ',') slices.push({ text: element, line: startLine });
      if (sign === ']') return slices;
      start = at + 1;
      startLine = 0;
    }
  }
  // The array never ended: what is left is one broken element.
  return [...slices, { text: text.slice(start), line: startLine === 0 ? line : startLine }];
}

const countLines = (text: string): number => text.split('\n').length - 1;
