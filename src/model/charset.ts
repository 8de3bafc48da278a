import { isSyllable } from './syllable.ts';

/** Texts of the time before Unicode: TCVN3 and VNI bytes that were read as Latin-1 characters ("NguyÔn", "Nguyeãn"). */
export type Charset = 'tcvn3' | 'vni';

/**
 * TCVN3 (TCVN 5712:1993) by its first code. Fonts of the time hold the small letters and the capitals without tone; capitals
 * with a tone have the control codes, so offices used capital fonts (.VnTimeH) instead. MEMORY, held against a second table.
 */
const TCVN3_RUNS: readonly (readonly [first: number, letters: string])[] = [
  [0x01, 'ÚỤ'],
  [0x04, 'ỪỬỮ'],
  [0x11, 'ỨỰỲỶỸÝỴ'],
  [0x80, 'ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ'],
  [0xa1, 'ĂÂÊÔƠƯĐăâêôơưđẰ'],
  [0xb0, '\u0300\u0309\u0303\u0301\u0323'],
  [0xb5, 'àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ'],
];

/** TCVN3 code, as the Latin-1 character it was read as → letter: 134 marked letters and five tones that stand alone. */
export const TCVN3_TABLE: ReadonlyMap<string, string> = new Map(
  TCVN3_RUNS.flatMap(([first, letters]) => [...letters].map((letter, at) => [String.fromCharCode(first + at), letter] as const)),
);

/** Letter groups of VNI: the base letter as VNI writes it, and for each mark the letter it makes. */
const VNI_GROUPS: readonly (readonly [base: string, marks: string, letters: string])[] = [
  ['a', 'ùøûõïâáàåãäêéèúüë', 'áàảãạâấầẩẫậăắằẳẵặ'],
  ['e', 'ùøûõïâáàåãä', 'éèẻẽẹêếềểễệ'],
  ['o', 'ùøûõïâáàåãä', 'óòỏõọôốồổỗộ'],
  ['ô', 'ùøûõï', 'ớờởỡợ'],
  ['u', 'ùøûõï', 'úùủũụ'],
  ['ö', 'ùøûõï', 'ứừửữự'],
  ['y', 'ùøûõ', 'ýỳỷỹ'],
];
const VNI_SINGLES: readonly (readonly [string, string])[] = [
  ['ô', 'ơ'],
  ['ö', 'ư'],
  ['í', 'í'],
  ['ì', 'ì'],
  ['æ', 'ỉ'],
  ['ó', 'ĩ'],
  ['ò', 'ị'],
  ['î', 'ỵ'],
  ['ñ', 'đ'],
];

/** VNI writing → letter, 134 entries: 67 letters in both cases. */
export const VNI_TABLE: ReadonlyMap<string, string> = new Map(
  [
    ...VNI_GROUPS.flatMap(([base, marks, letters]) => [...marks].map((mark, at) => [base + mark, [...letters][at] ?? ''] as const)),
    ...VNI_SINGLES,
  ].flatMap(([vni, letter]) => [
    [vni, letter],
    [vni.toUpperCase(), letter.toUpperCase()],
  ]),
);

/** VNI text as Unicode, longest writing first. A capital letter may carry a small mark ("Aùnh"). */
export function fromVni(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const [base = '', mark = ''] = [text[at], text[at + 1]];
    const pair = VNI_TABLE.get(base + mark) ?? VNI_TABLE.get(base + sameCase(base, mark));
    out += pair ?? VNI_TABLE.get(base) ?? base;
    at += pair === undefined || mark === '' ? 1 : 2;
  }
  return out;
}

const sameCase = (base: string, mark: string): string => (base === base.toUpperCase() ? mark.toUpperCase() : mark);

/** TCVN3 text as Unicode. */
export const fromTcvn3 = (text: string): string =>
  [...text]
    .map((sign) => TCVN3_TABLE.get(sign) ?? sign)
    .join('')
    .normalize('NFC');

const WRITINGS: Readonly<Record<Charset, ReadonlyMap<string, string>>> = {
  tcvn3: new Map([...TCVN3_TABLE].map(([sign, letter]) => [letter, sign])),
  vni: new Map([...VNI_TABLE].map(([writing, letter]) => [letter, writing])),
};

/** Unicode text in an old charset, as Latin-1 characters; null when it holds a letter the charset does not have. */
export function encodeLegacy(charset: Charset, text: string): string | null {
  const signs = [...text.normalize('NFC')].map((letter) => WRITINGS[charset].get(letter) ?? (letter > '\u007f' ? null : letter));
  return signs.includes(null) ? null : signs.join('');
}

export const decodeLegacy = (charset: Charset, text: string): string => (charset === 'tcvn3' ? fromTcvn3(text) : fromVni(text));

const WORDS = /[A-Za-z\u00a1-\u00ff]+/g;
const BEYOND_ASCII = /[\u0080-\uffff]/;
const BEYOND_LATIN = /[\u0100-\uffff]/;
const VIETNAMESE_LATIN = /[ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý]/g;

/** Whether a text has marked letters, all of them within Latin-1, so that it could be in an old charset. */
export const isMarkedLatin = (text: string): boolean => BEYOND_ASCII.test(text) && !BEYOND_LATIN.test(text);

/** Whether every word with marks becomes a Vietnamese syllable, and there is such a word. Foreign names and signs do not. */
export function fitsCharset(text: string, charset: Charset): boolean {
  const words = (text.match(WORDS) ?? []).filter((word) => BEYOND_ASCII.test(word));
  return words.length > 0 && words.every((word) => word.length > 1 && isSyllable(decodeLegacy(charset, word)));
}

/**
 * Which old charset a text is certainly in, or null. Only a text with characters that Unicode Vietnamese never uses counts, so
 * "Müller", "Núñez", "§ 5" and "hoà" are left alone.
 */
export function legacyCharset(text: string): Charset | null {
  const raw = text.normalize('NFC');
  if (!isMarkedLatin(raw) || !BEYOND_ASCII.test(raw.replace(VIETNAMESE_LATIN, ''))) return null;
  return (['vni', 'tcvn3'] as const).find((charset) => fitsCharset(raw, charset)) ?? null;
}

/** The old charset of a whole document: one font wrote it, so the charset that explains most of its texts. */
export function charsetOfAll(texts: readonly string[]): Charset | null {
  const legacy = texts.map((text) => text.normalize('NFC')).filter((text) => legacyCharset(text) !== null);
  if (legacy.length === 0) return null;
  const explains = (charset: Charset) => legacy.filter((text) => fitsCharset(text, charset)).length;
  return explains('tcvn3') > explains('vni') ? 'tcvn3' : 'vni';
}

/** Whether case was lost: a TCVN3 capital font shows small codes as capitals, so "NGUYÔN" becomes "NGUYễN". */
export const hasLostCase = (converted: string): boolean =>
  (converted.match(/\p{L}+/gu) ?? []).some((word) => /[A-Z]/.test(word.slice(1)) && /(?=[^a-z])\p{Ll}/u.test(word));
