import type { Json } from './json.ts';
import type { HoldKind } from './words.ts';

/** Record paths (prefixes, dotted) that a sighting speaks of; all else is unseen: neither equal nor absent. */
export type Covers = 'all' | readonly string[];

/** One sentence for people, in both languages, with a stable code. Params never hold personal data unless `personal`. */
export interface Problem {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  /** Path of the field it speaks of, in the words of the side it stands on. */
  readonly path: string;
  /** The hold this problem becomes when it blocks. */
  readonly hold: HoldKind;
  /** What holds with the same cause share, e.g. `crosswalk:ethnic:khơ-me`. */
  readonly cause: string;
  /** Choices offered to the person, e.g. the wards a split ward may be. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

/** The five states of a value on a line. false and 0 are values. */
export type LineValue =
  | { readonly is: 'value'; readonly value: Json }
  | { readonly is: 'empty' }
  | { readonly is: 'absent' }
  | { readonly is: 'unseen' }
  | { readonly is: 'invalid'; readonly problem: Problem };

/** What can be agreed upon: never unseen, never invalid. */
export type AgreedValue = Exclude<LineValue, { is: 'unseen' } | { is: 'invalid' }>;

export const ABSENT: LineValue & { is: 'absent' } = { is: 'absent' };
export const EMPTY: LineValue & { is: 'empty' } = { is: 'empty' };
export const UNSEEN: LineValue & { is: 'unseen' } = { is: 'unseen' };
export const value = (of: Json): LineValue & { is: 'value' } => ({ is: 'value', value: of });
