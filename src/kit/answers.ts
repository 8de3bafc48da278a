import type { Json, JsonObject } from '../model/json.ts';
import type { TroubleKind, TroubleScope } from '../model/words.ts';
import { type FieldIssue, Trouble, type TroubleDetail } from './trouble.ts';

/** What an answer looked like before anybody judged it. `text` only where the body was not data. */
export interface Answer {
  readonly status: number;
  /** JSON as it came; XML as `xmlJson` shows it; of SOAP what stands in the Body. */
  readonly body: Json;
  readonly shape?: AnswerShape;
  readonly text?: string;
  /** Data, but of another shape than was due: a row speaks of it only by name (`body: json`). */
  readonly strange?: boolean;
}
export const ANSWER_SHAPES = ['json', 'xml', 'fault', 'html', 'text', 'empty'] as const;
export type AnswerShape = (typeof ANSWER_SHAPES)[number];

export type Outcome = { readonly is: 'done' } | { readonly is: 'already' } | { readonly is: 'trouble'; readonly detail: TroubleDetail };

/** One row of `answers.yaml`, compiled. Every condition present must hold. */
export interface AnswerRow {
  readonly http: readonly string[] | null;
  readonly shape: AnswerShape | null;
  readonly field: readonly (readonly [path: string, texts: readonly string[]])[];
  /** Folded already. */
  readonly says: readonly (readonly [path: string, parts: readonly string[]])[];
  readonly matches: readonly (readonly [path: string, pattern: RegExp])[];
  readonly is: 'done' | 'already' | TroubleKind;
  readonly scope: TroubleScope;
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly retryAfterMs: number | null;
  readonly split: SplitRule | null;
}

export interface SplitRule {
  readonly path: string;
  readonly between: readonly string[];
  /** Record field → words the system uses for it, folded. */
  readonly fields: readonly (readonly [field: string, words: readonly string[]])[];
  readonly reasons: readonly { readonly says: string; readonly code: string; readonly vi: string; readonly en: string }[];
}

/** Operation → ordered rows; `any` comes after each operation's own. */
export type AnswerTable = Readonly<Record<string, readonly AnswerRow[]>>;

const MOST_TEXT = 4_000;

/** How both sides of every text comparison are folded: NFC, lower case, single spaces. */
export const foldAnswer = (text: string): string => text.slice(0, MOST_TEXT).normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** The first row that explains the answer, or null. */
export function rowFor(table: AnswerTable, operation: string, answer: Answer): AnswerRow | null {
  const rows = [...(table[operation] ?? []), ...(table.any ?? [])];
  return rows.find((row) => holds(row, answer)) ?? null;
}

/**
 * The one place where an answer becomes an outcome. What no row explains is trouble of kind `unknown`,
 * never success. `system` opens the code of the trouble.
 */
export function classify(table: AnswerTable, operation: string, answer: Answer): Outcome {
  const row = rowFor(table, operation, answer);
  return row === null ? { is: 'trouble', detail: unknownAnswer(operation) } : outcomeOf(row, operation, answer);
}

/** As `classify`, but trouble is thrown. */
export function judge(table: AnswerTable, operation: string, answer: Answer): 'done' | 'already' {
  const outcome = classify(table, operation, answer);
  if (outcome.is === 'trouble') throw new Trouble(outcome.detail);
  return outcome.is;
}

/** What a row says of an answer. */
export function outcomeOf(row: AnswerRow, operation: string, answer: Answer): Outcome {
  if (row.is === 'done' || row.is === 'already') return { is: row.is };
  const issues = row.split === null ? [] : splitSentence(row.split, textAt(answer, row.split.path) ?? '');
  return {
    is: 'trouble',
    detail: {
      kind: row.is,
      scope: row.scope,
      code: `answers.${operation}.${row.code}`,
      vi: row.vi,
      en: row.en,
      ...(issues.length > 0 ? { issues } : {}),
      ...(row.retryAfterMs === null ? {} : { retryAfterMs: row.retryAfterMs }),
    },
  };
}

export const unknownAnswer = (operation: string): TroubleDetail => ({
  kind: 'unknown',
  scope: 'record',
  code: `answers.${operation}.unknown`,
  vi: 'Hệ thống trả lời một câu chưa có trong bảng trả lời; cần người xem xét.',
  en: 'The system gave an answer that no row of its answers table explains.',
});

function holds(row: AnswerRow, answer: Answer): boolean {
  if (row.http !== null && !row.http.some((status) => sameStatus(status, answer.status))) return false;
  const shape = answer.shape ?? 'json';
  // A SOAP fault is never the success of a row that says nothing of faults.
  const page = shape === 'html' || shape === 'text' || answer.strange === true;
  if (shape === 'fault' && row.shape !== 'fault') return false;
  if (row.shape !== null ? row.shape !== shape : page && !looksAtText(row)) return false;
  if (!row.field.every(([path, texts]) => texts.includes(textAt(answer, path) ?? '\u0000'))) return false;
  if (!row.says.every(([path, parts]) => containsOne(textAt(answer, path), parts))) return false;
  return row.matches.every(([path, pattern]) => {
    const text = textAt(answer, path);
    return text !== null && pattern.test(foldAnswer(text));
  });
}

/** Without a word about the body, a row speaks of the data that was due, or nothing: a page with status 200 is no success. */
const looksAtText = (row: AnswerRow): boolean => [...row.says, ...row.matches].some(([path]) => path === '');

const sameStatus = (wanted: string, status: number): boolean =>
  wanted.endsWith('xx') ? wanted[0] === String(status)[0] : wanted === String(status);

function containsOne(text: string | null, parts: readonly string[]): boolean {
  if (text === null) return false;
  const folded = foldAnswer(text);
  return parts.some((part) => folded.includes(part));
}

/** A number, text or flag at a dotted path, as text; `""` is the whole text of a body that is no data. */
function textAt(answer: Answer, path: string): string | null {
  const found = path === '' ? (answer.text ?? answer.body) : valueAt(answer.body, path);
  // An XML element with attributes is an object; its text is what a path to it means.
  const value = answer.shape === 'xml' && isObject(found) ? found['#text'] : found;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function valueAt(body: Json, path: string): Json | undefined {
  let at: Json | undefined = body;
  for (const name of path.split('.')) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One sentence about several fields → one issue a part. The system's own words, which may quote a value, are left behind. */
export function splitSentence(rule: SplitRule, sentence: string): readonly FieldIssue[] {
  const parts = rule.between.reduce<string[]>((texts, mark) => texts.flatMap((text) => text.split(mark)), [sentence.slice(0, MOST_TEXT)]);
  return parts.map(foldAnswer).flatMap((part) => (part === '' ? [] : [issueOf(rule, part)]));
}

function issueOf(rule: SplitRule, part: string): FieldIssue {
  const reason = rule.reasons.find((known) => part.includes(known.says));
  return {
    path: fieldIn(rule, part),
    code: reason?.code ?? 'not-explained',
    vi: reason?.vi ?? 'bị từ chối với lý do chưa có trong bảng trả lời',
    en: reason?.en ?? 'refused for a reason that the answers table does not explain',
  };
}

/** The field with the longest word that occurs in the part: "họ tên mẹ" wins over "họ". `""` when none does. */
function fieldIn(rule: SplitRule, part: string): string {
  let best: { readonly field: string; readonly length: number } = { field: '', length: 0 };
  for (const [field, words] of rule.fields)
    for (const word of words) if (word.length > best.length && part.includes(word)) best = { field, length: word.length };
  return best.field;
}
