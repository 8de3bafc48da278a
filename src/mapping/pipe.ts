import { type Path, parsePath } from './paths.ts';

/** `path | conversion(arguments) | …`, as data. Columns count from 0 inside the text. */
export type Argument =
  | { readonly is: 'word'; readonly text: string; readonly at: number }
  | { readonly is: 'fields'; readonly fields: readonly FieldArgument[]; readonly at: number };

/** One name inside `{…}`; in an address with the pipe of its hub side. */
export interface FieldArgument {
  readonly name: string;
  readonly pipe: Pipe | null;
  readonly at: number;
}
export interface Call {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly at: number;
}
export interface Pipe {
  /** null only where a constant stands alone. */
  readonly path: Path | null;
  /** The path begins at the root (`/`). */
  readonly rooted: boolean;
  readonly calls: readonly Call[];
  readonly at: number;
}
export type Piped =
  | { readonly ok: true; readonly pipe: Pipe }
  | { readonly ok: false; readonly at: number; readonly code: 'pipe-syntax' | 'path-syntax' | 'index-path' };

interface Cursor {
  readonly text: string;
  at: number;
}
class PipeError extends Error {
  readonly at: number;
  readonly code: 'pipe-syntax' | 'path-syntax' | 'index-path';
  constructor(at: number, code: 'pipe-syntax' | 'path-syntax' | 'index-path' = 'pipe-syntax') {
    super(code);
    this.at = at;
    this.code = code;
  }
}

/** Reads a pipe; says where it stops making sense. */
export function parsePipe(text: string): Piped {
  const cursor: Cursor = { text, at: 0 };
  try {
    const pipe = readPipe(cursor);
    skip(cursor);
    if (cursor.at < text.length) throw new PipeError(cursor.at);
    return { ok: true, pipe };
  } catch (error) {
    if (error instanceof PipeError) return { ok: false, at: error.at, code: error.code };
    throw error;
  }
}

function readPipe(cursor: Cursor): Pipe {
  skip(cursor);
  const at = cursor.at;
  const first = rawPath(cursor);
  if (first === 'constant' && cursor.text[cursor.at] === '(') {
    cursor.at = at;
    return { path: null, rooted: false, calls: [readCall(cursor), ...readCalls(cursor)], at };
  }
  const rooted = first.startsWith('/');
  const bare = rooted ? first.slice(1) : first;
  const path = parsePath(bare);
  if (path === null) throw new PipeError(at, /\[\d*\]|\*/.test(bare) ? 'index-path' : 'path-syntax');
  return { path, rooted, calls: readCalls(cursor), at };
}

function readCalls(cursor: Cursor): readonly Call[] {
  const calls: Call[] = [];
  for (;;) {
    skip(cursor);
    if (cursor.text[cursor.at] !== '|') return calls;
    cursor.at += 1;
    skip(cursor);
    calls.push(readCall(cursor));
  }
}

/** Text up to a separator; a selector in brackets belongs to it. */
function rawPath(cursor: Cursor): string {
  const start = cursor.at;
  let depth = 0;
  let quoted = false;
  while (cursor.at < cursor.text.length) {
    const char = cursor.text[cursor.at] ?? '';
    if (quoted) {
      if (char === '\\') cursor.at += 1;
      else if (char === '"') quoted = false;
    } else if (depth > 0 && char === '"') quoted = true;
    else if (char === '[') depth += 1;
    else if (char === ']') depth -= 1;
    else if (depth === 0 && /[\s|(){},=]/.test(char)) break;
    cursor.at += 1;
  }
  return cursor.text.slice(start, cursor.at);
}

function readCall(cursor: Cursor): Call {
  const at = cursor.at;
  const name = /[a-z][a-z-]*/y;
  name.lastIndex = at;
  const found = name.exec(cursor.text)?.[0];
  if (found === undefined) throw new PipeError(at);
  cursor.at += found.length;
  if (cursor.text[cursor.at] !== '(') return { name: found, args: [], at };
  cursor.at += 1;
  const args: Argument[] = [];
  skip(cursor);
  if (cursor.text[cursor.at] === ')') {
    cursor.at += 1;
    return { name: found, args, at };
  }
  for (;;) {
    args.push(readArgument(cursor));
    skip(cursor);
    const char = cursor.text[cursor.at];
    cursor.at += 1;
    if (char === ')') return { name: found, args, at };
    if (char !== ',') throw new PipeError(cursor.at - 1);
  }
}

function readArgument(cursor: Cursor): Argument {
  skip(cursor);
  const at = cursor.at;
  const char = cursor.text[at];
  if (char === '"') return { is: 'word', text: readQuoted(cursor), at };
  if (char === '{') return { is: 'fields', fields: readFields(cursor), at };
  while (cursor.at < cursor.text.length && !/[,()|{}"]/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
  const text = cursor.text.slice(at, cursor.at).trim();
  if (text === '') throw new PipeError(at);
  return { is: 'word', text, at };
}

function readQuoted(cursor: Cursor): string {
  const at = cursor.at;
  const quoted = /"(?:[^"\\]|\\["\\])*"/y;
  quoted.lastIndex = at;
  const found = quoted.exec(cursor.text)?.[0];
  if (found === undefined) throw new PipeError(at);
  cursor.at += found.length;
  return found.slice(1, -1).replace(/\\(["\\])/g, '$1');
}

function readFields(cursor: Cursor): readonly FieldArgument[] {
  const fields: FieldArgument[] = [];
  cursor.at += 1;
  for (;;) {
    skip(cursor);
    const at = cursor.at;
    const name = rawPath(cursor);
    if (parsePath(name.replace(/^\//, '')) === null) throw new PipeError(at, 'path-syntax');
    skip(cursor);
    let pipe: Pipe | null = null;
    if (cursor.text[cursor.at] === '=') {
      cursor.at += 1;
      pipe = readPipe(cursor);
    }
    fields.push({ name, pipe, at });
    skip(cursor);
    const char = cursor.text[cursor.at];
    cursor.at += 1;
    if (char === '}') return fields;
    if (char !== ',') throw new PipeError(cursor.at - 1);
  }
}

function skip(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ' || cursor.text[cursor.at] === '\n') cursor.at += 1;
}
