import type { DossierHead } from './dossier.ts';
import { partialDate, printPartialDate } from './partial-date.ts';

/** The shapes of dossier, agency, procedure and paper codes (one-stop.md §5: inferred from examples, no specification). */

export interface DossierCode {
  readonly text: string;
  /** `legacy` 000.00.01.H22-yyMMdd-nnnn · `short` H21.129-yyMMdd-nnnn · `central` G09.20-yyyyMMdd-nnnnnnn */
  readonly shape: 'legacy' | 'short' | 'central';
  readonly agency: string;
  /** Day of receipt as the code states it, canonical text. */
  readonly date: string;
  readonly sequence: string;
}

const LEGACY_AGENCY = '\\d{3}\\.\\d{2}\\.\\d{2,3}\\.[A-Z]\\d{2}';
const SHORT_AGENCY = '[A-Z]\\d{2}(?:\\.\\d{2,3}){0,3}';
const LEGACY_CODE = new RegExp(`^(${LEGACY_AGENCY})-(\\d{6})-(\\d{4,5})$`);
const SHORT_CODE = new RegExp(`^(${SHORT_AGENCY})-(\\d{6}|\\d{8})-(\\d{4,7})$`);

/** A dossier code of any known shape, or null. The date inside must be a real day. */
export function parseDossierCode(text: string): DossierCode | null {
  const legacy = LEGACY_CODE.exec(text);
  const [, agency, day, sequence] = legacy ?? SHORT_CODE.exec(text) ?? [];
  if (agency === undefined || day === undefined || sequence === undefined) return null;
  const full = day.length === 8 ? day : `20${day}`;
  const date = partialDate(Number(full.slice(0, 4)), Number(full.slice(4, 6)), Number(full.slice(6)));
  if (!date.ok) return null;
  const shape = legacy !== null ? 'legacy' : day.length === 8 ? 'central' : 'short';
  return { text, shape, agency, date: printPartialDate(date.value), sequence };
}

export interface AgencyCode {
  readonly text: string;
  /** `old` 000.00.04.G18 · `new` G09.20; both live side by side. */
  readonly shape: 'old' | 'new';
  /** The ministry or province: G09, H12. */
  readonly authority: string;
}

export function parseAgencyCode(text: string): AgencyCode | null {
  if (new RegExp(`^${LEGACY_AGENCY}$`).test(text)) return { text, shape: 'old', authority: text.slice(-3) };
  return new RegExp(`^${SHORT_AGENCY}$`).test(text) ? { text, shape: 'new', authority: text.slice(0, 3) } : null;
}

export interface ProcedureCode {
  readonly text: string;
  /** `base` 1.001193 · `local` 1.001193.000.00.00.H12 · `short-local` 2.002621.H56 */
  readonly shape: 'base' | 'local' | 'short-local';
  readonly base: string;
  readonly authority: string | null;
}

/** A procedure code of a national shape, or null (a local invention is no procedure code: the catalogue knows its alias). */
export function parseProcedureCode(text: string): ProcedureCode | null {
  const [, base, middle, authority] = /^(\d\.\d{6})(?:(\.\d{3}\.\d{2}\.\d{2})?\.([A-Z]\d{2}))?$/.exec(text) ?? [];
  if (base === undefined) return null;
  const shape = authority === undefined ? 'base' : middle === undefined ? 'short-local' : 'local';
  return { text, shape, base, authority: authority ?? null };
}

/** Whether two codes name one procedure: equal base codes; without a national shape, equal texts. */
export function sameProcedure(a: string, b: string): boolean {
  const [left, right] = [parseProcedureCode(a), parseProcedureCode(b)];
  return left !== null && right !== null ? left.base === right.base : a === b;
}

export interface PaperCode {
  readonly text: string;
  /** `component` 000.00.00.G15-KQ000031 · `result` KQ.G15.000031 · `portal` KQ.DVC.KETQUA */
  readonly shape: 'component' | 'result' | 'portal';
}

export function parsePaperCode(text: string): PaperCode | null {
  if (/^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-KQ\d{6}$/.test(text)) return { text, shape: 'component' };
  if (/^KQ\.[A-Z]\d{2}\.\d{6}$/.test(text)) return { text, shape: 'result' };
  return /^KQ\.DVC\.[A-Z]+$/.test(text) ? { text, shape: 'portal' } : null;
}

type Codes = Pick<DossierHead, 'code' | 'nationalCode'>;

/** Every code a dossier is known by: the local one first, the national one if there is one. */
export const codesOf = (head: Codes): readonly string[] => (head.nationalCode === null ? [head.code] : [head.code, head.nationalCode]);

/** Whether two heads speak of one dossier: any code of one is a code of the other. */
export const sameDossier = (a: Codes, b: Codes): boolean => codesOf(a).some((code) => codesOf(b).includes(code));

/** One code from two agencies: two dossiers share an identifier, so neither may be taken for the other. */
export const codeClash = (a: Codes & Pick<DossierHead, 'agency'>, b: Codes & Pick<DossierHead, 'agency'>): boolean =>
  sameDossier(a, b) && a.agency !== b.agency;
