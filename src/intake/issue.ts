import type { Sentence } from '../model/reading.ts';

/** What is wrong at one place of a document: its path and a sentence in both languages. Never a value of the record. */
export interface Issue extends Sentence {
  /** Dotted, as the sender wrote it: `data.child.birthDate`, `files.0.name`; empty = the whole document. */
  readonly path: string;
}

export const issue = (path: string, code: string, vi: string, en: string): Issue => ({ path, code, vi, en });
export const issueAt = (path: string, sentence: Sentence): Issue => ({ path, ...sentence });

/** Puts a name behind a path. Names a stranger chose are shortened, and anything but plain letters is struck out. */
export function pathTo(path: string, name: string | number): string {
  const shown = String(name)
    .replace(/[^\p{L}\p{N}_@-]/gu, '?')
    .slice(0, 60);
  return path === '' ? shown : `${path}.${shown}`;
}
