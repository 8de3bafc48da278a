import type { PathNode, PipeNode } from './ast.ts';
import { type Path, parsePath } from './paths.ts';
import { parsePipe } from './pipe.ts';
import type { Notes, Spot } from './tell.ts';
import { asList, asText, type TextTree, type Tree } from './tree.ts';

/** Readers of the small parts: a path, a pipe, a word. Each tells what is wrong and gives null. */

export const inside = (tree: TextTree, at: number): Spot => ({ ...tree.spot, column: tree.spot.column + tree.inset + at });

export function readPipeTree(tree: Tree, notes: Notes): PipeNode | null {
  const text = asText(tree, notes);
  return text === null ? null : readPipe(text, notes);
}

const PIPE_WRONG = {
  'pipe-syntax': [
    'Không hiểu chuỗi chuyển đổi ở chỗ này; ví dụ đúng: child.fullName | text(100).',
    'This pipe is not understood here; a good one: child.fullName | text(100).',
  ],
  'path-syntax': [
    'Đường dẫn không đúng cú pháp; ví dụ đúng: a.b hoặc parents[role=mother].x.',
    'Not a path; good ones: a.b or parents[role=mother].x.',
  ],
  'index-path': [
    'Không được dùng số thứ tự hoặc dấu * trong đường dẫn; hãy dùng each hoặc [trường=giá trị].',
    'No index and no wildcard in a path; use each or [field=value].',
  ],
} as const;

export function readPipe(tree: TextTree, notes: Notes): PipeNode | null {
  const read = parsePipe(tree.text);
  if (read.ok) return { pipe: read.pipe, spot: tree.spot };
  const [vi, en] = PIPE_WRONG[read.code];
  notes.error(inside(tree, read.at), read.code, vi, en);
  return null;
}

export function readPathAt(text: string, spot: Spot, notes: Notes): Path | null {
  const path = parsePath(text);
  if (path !== null) return path;
  const code = /\[\d*\]|\*/.test(text) ? 'index-path' : 'path-syntax';
  const [vi, en] = PIPE_WRONG[code];
  notes.error(spot, code, vi, en);
  return null;
}

export function readPathTree(tree: Tree | undefined, notes: Notes): PathNode | null {
  const text = tree === undefined ? null : asText(tree, notes);
  const path = text === null ? null : readPathAt(text.text, text.spot, notes);
  return text === null || path === null ? null : { path, spot: text.spot };
}

/** A list of paths, or one. */
export function readPaths(tree: Tree | undefined, notes: Notes): readonly PathNode[] {
  if (tree === undefined) return [];
  const items = tree.is === 'text' && tree.text !== '' ? [tree] : (asList(tree, notes) ?? []);
  return items.flatMap((item) => readPathTree(item, notes) ?? []);
}

export function readOptional(tree: Tree | undefined, notes: Notes): string | null {
  return tree === undefined ? null : (asText(tree, notes)?.text ?? null);
}

/** One word of a closed list. */
export function readWord<Word extends string>(tree: Tree | undefined, words: readonly Word[], notes: Notes): Word | null {
  const text = tree === undefined ? null : asText(tree, notes);
  if (text === null) return null;
  const word = words.find((each) => each === text.text);
  if (word !== undefined) return word;
  notes.error(
    text.spot,
    'argument',
    `"${text.text}" không dùng được ở đây; chọn: ${words.join(', ')}.`,
    `"${text.text}" is not known here; choose: ${words.join(', ')}.`,
  );
  return null;
}
