import { createHash } from 'node:crypto';

/** What happened, in words only, and a hash over all of it. */
export interface Trace {
  note(line: string): void;
  /** sha256, hex, over every line so far. */
  hash(): string;
  /** The kept lines, oldest first; empty unless keeping. */
  lines(): readonly string[];
}

/** `keep` holds the lines for reading; the hash runs in any case. */
export const createTrace = (keep: boolean): Trace => {
  const digest = createHash('sha256');
  const kept: string[] = [];
  let pending = '';
  return {
    note: (line) => {
      pending += `${line}\n`;
      if (pending.length > 4096) {
        digest.update(pending);
        pending = '';
      }
      if (keep) kept.push(line);
    },
    hash: () => digest.copy().update(pending).digest('hex'),
    lines: () => kept,
  };
};
