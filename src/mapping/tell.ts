import type { LineValue, Problem } from '../model/line-value.ts';
import type { Sentence } from '../model/reading.ts';
import type { HoldKind } from '../model/words.ts';
import type { Diagnostic } from './contract.ts';

/** Where something stands in a file; line and column count from 1. */
export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Diagnostics as they are found; all are told at once. */
export interface Notes {
  readonly all: Diagnostic[];
  error(spot: Spot, code: string, vi: string, en: string): void;
  warning(spot: Spot, code: string, vi: string, en: string): void;
}

export function notes(): Notes {
  const all: Diagnostic[] = [];
  const add = (severity: Diagnostic['severity']) => (spot: Spot, code: string, vi: string, en: string) => {
    all.push({ severity, code, file: spot.file, line: spot.line, column: spot.column, vi, en });
  };
  return { all, error: add('error'), warning: add('warning') };
}

/** A value that cannot be carried. The line fills in path and cause where they are empty. */
export const invalid = (
  sentence: Sentence,
  more: { readonly hold?: HoldKind; readonly cause?: string; readonly choices?: NonNullable<Problem['choices']> } = {},
): LineValue & { is: 'invalid' } => ({
  is: 'invalid',
  problem: {
    code: sentence.code,
    vi: sentence.vi,
    en: sentence.en,
    path: '',
    hold: more.hold ?? 'invalid',
    cause: more.cause ?? '',
    ...(more.choices === undefined ? {} : { choices: more.choices }),
  },
});

export const sentence = (code: string, vi: string, en: string): Sentence => ({ code, vi, en });
