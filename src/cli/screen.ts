import Table from 'cli-table3';
import type { Sentence } from '../zod-sentence.ts';

/**
 * A reader may leave before the end (`motlan … | head`): what is left to say is dropped, the work and its exit code stay.
 * It stands here and not in a command, since the help is written without any.
 */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** What a command shows: sentences and tables for people, or one JSON value for programs. Never both. */
export interface Screen {
  readonly json: boolean;
  say(sentence: Sentence): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  /** The whole answer as data; printed only with `--json`. */
  data(value: unknown): void;
}

export interface ScreenOptions {
  readonly json: boolean;
  /** `both`: Vietnamese, then English. */
  readonly lang: 'vi' | 'en' | 'both';
  readonly write: (text: string) => void;
}

const PLAIN = { head: [], border: [] };

export const openScreen = ({ json, lang, write }: ScreenOptions): Screen => ({
  json,
  say({ vi, en }) {
    if (json) return;
    if (lang !== 'en') write(`${vi}\n`);
    if (lang === 'en') write(`${en}\n`);
    else if (lang === 'both' && en !== vi) write(`  ${en}\n`);
  },
  table(head, rows) {
    if (json) return;
    const table = new Table({ head: [...head], style: PLAIN, wordWrap: true });
    table.push(...rows.map((row) => [...row]));
    write(`${table.toString()}\n`);
  },
  data(value) {
    if (json) write(`${JSON.stringify(value, null, 2)}\n`);
  },
});

/** The same text in both languages: codes, names, file places. */
export const plain = (text: string): Sentence => ({ vi: text, en: text });

/** What went wrong, for a person or, with `--json`, for a program. */
export const complaint = (sentences: readonly Sentence[], json: boolean): string =>
  json ? `${JSON.stringify({ error: sentences })}\n` : sentences.map(({ vi, en }) => `✗ ${vi}\n  ${en}\n`).join('');
