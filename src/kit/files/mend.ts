import { type Charset, charsetOfAll, decodeLegacy, fitsCharset, hasLostCase, isMarkedLatin } from '../../model/charset.ts';
import { upper } from '../../model/text.ts';
import type { FieldIssue } from '../trouble.ts';
import { fileIssue } from './row.ts';

/** Texts of a file's rows as Unicode in NFC: TCVN3 and VNI are recognised and converted, or marked for a person to look at. */

export interface MendOptions {
  /** Default `auto`: told from the texts of the file. */
  readonly charset?: Charset | 'auto';
  /** Fields written in a capital font (.VnTimeH), where small codes show as capitals: they are converted and put in capitals. */
  readonly capitals?: readonly string[];
}

const DAMAGE = /[\ufffd\p{Cc}\u2028-\u202e\u2066-\u2069]/u;
const ALLOWED = /[\t\r\n]/gu;

export interface Mended {
  readonly text: string;
  readonly issue: FieldIssue | null;
}

/** `known`: the charset of the file as a whole, where its texts tell one. */
export function mendText(text: string, field: string, known: Charset | null, options: MendOptions): Mended {
  const composed = text.normalize('NFC');
  const legacy = known !== null && isMarkedLatin(composed);
  if (!legacy) return { text: composed, issue: DAMAGE.test(composed.replace(ALLOWED, '')) ? fileIssue('text-broken', field) : null };
  const forced = options.charset === known;
  const converted = forced || fitsCharset(composed, known) ? decodeLegacy(known, composed).normalize('NFC') : null;
  if (converted === null) return { text, issue: fileIssue('text-review', field) };
  if (options.capitals?.includes(field) === true) return { text: upper(converted), issue: null };
  return { text: converted, issue: hasLostCase(converted) ? fileIssue('text-review', field) : null };
}

/** The charset of a file, from its own texts or from what the options say. */
export const fileCharset = (texts: readonly string[], options: MendOptions): Charset | null =>
  options.charset === undefined || options.charset === 'auto' ? charsetOfAll(texts) : options.charset;
