import { fails, type Reading, reads } from './reading.ts';

/** Vietnamese text: one stored form (NFC, single spaces), and foldings that are for matching only and never stored. */

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;
const MARKS = /\p{M}/gu;
const SPACES = /[\s\u00a0\u200b\ufeff]+/g;
/** y stands for i only alone after a consonant, alone in its word, or in "quy"; never in "ay", "uy". */
const Y_FOR_I = /(?<![\p{L}])y(?![\p{L}])|(?<=[bcdđghklmnpqrstvx])y(?![\p{L}])|(?<=qu)y(?![\p{L}])/gu;

/** Canonical composition; what every wire carries. */
const nfc = (text: string): string => text.normalize('NFC');

/** NFC with single spaces and none at the ends. */
export const tidy = (text: string): string => nfc(text).replace(SPACES, ' ').trim();

/** Vietnamese upper case in NFC ("đào" → "ĐÀO"). */
export const upper = (text: string): string => nfc(text).toLocaleUpperCase('vi');

export interface Folding {
  /** false keeps vowel and tone marks, so that "Hoa" and "Hòa" stay two. Default true: all marks go, đ becomes d. */
  readonly marks?: boolean;
  /** Where the tone stands does not matter ("hòa" = "hoà"). Default true; without marks it is always so. */
  readonly tonePosition?: boolean;
  /** "Mỹ" = "Mĩ", "quý" = "quí". Default false. */
  readonly yi?: boolean;
  /** Default true. */
  readonly case?: boolean;
}

/** A key to match texts by. For comparison only: it is not text a person should see, and it is never stored as the value. */
export function fold(text: string, folding: Folding = {}): string {
  const { marks = true, tonePosition = true, yi = false, case: letterCase = true } = folding;
  const spaced = tidy(text);
  let key = letterCase ? spaced.toLocaleLowerCase('vi') : spaced;
  if (marks) key = key.normalize('NFD').replace(MARKS, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
  else if (tonePosition || yi) key = toneLast(key);
  return yi ? key.replace(Y_FOR_I, 'i') : key;
}

/** Moves the tone of each word behind it, so that its place inside the word no longer counts. */
function toneLast(text: string): string {
  return text.replace(/[\p{L}\p{M}]+/gu, (word) => {
    const parts = word.normalize('NFD');
    const tones = parts.match(TONES)?.join('') ?? '';
    // A zero-width joint keeps the tone off the last letter, else composing would put it back into the word.
    return parts.replace(TONES, '').normalize('NFC') + (tones === '' ? '' : `\u200d${tones}`);
  });
}

/** The distinct folded words of a text, for look-ups by part of a name. */
export const foldWords = (text: string): readonly string[] => [
  ...new Set(
    fold(text)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ''),
  ),
];

/**
 * A code that lost its leading zeros or became a number on its way ("31813.0", 1, "4"), as text of its width again.
 * Anything that is not a whole number of at most `width` digits is an error, never cut.
 */
export function padCode(raw: string | number, width: 2 | 3 | 5): Reading<string> {
  const text = String(raw).trim();
  const digits = /^(\d+)(?:\.0+)?$/.exec(text)?.[1];
  if (digits === undefined) return fails('code.not-digits', 'Mã phải chỉ gồm chữ số.', 'A code must consist of digits.');
  if (digits.length > width) {
    return fails('code.too-long', `Mã dài quá ${width} chữ số.`, `A code of more than ${width} digits.`);
  }
  return reads(digits.padStart(width, '0'));
}
