import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Json } from '../model/json.ts';
import { TROUBLE_KINDS, TROUBLE_SCOPES } from '../model/words.ts';
import { ANSWER_SHAPES, type AnswerRow, type AnswerTable, foldAnswer, type SplitRule } from './answers.ts';
import { type Fault, SetupFault } from './setup-fault.ts';

/** `answers.yaml`: read with positions, checked row by row, compiled to an AnswerTable. */

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.union([text.transform((one) => [one]), z.array(text).min(1)]);
const byPath = z.record(z.string(), texts);
const sentence = z.string().min(1).max(400);
const word = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/u, { message: 'code' });

const pattern = z.string().transform((source, context) => {
  try {
    return new RegExp(source.normalize('NFC'), 'iu');
  } catch {
    context.addIssue({ code: 'custom', message: 'pattern' });
    return z.NEVER;
  }
});

const splitShape = z.strictObject({
  path: z.string(),
  between: z.array(z.string().min(1)).min(1).default([';', '\n', '. ']),
  fields: z.record(z.string(), texts).default({}),
  reasons: z.array(z.strictObject({ says: z.string().min(1), code: word, vi: sentence, en: sentence })).min(1),
});

const rowShape = z
  .strictObject({
    http: z.union([text.transform((one) => [one]), z.array(text).min(1)]).optional(),
    body: z.enum(ANSWER_SHAPES).optional(),
    field: byPath.optional(),
    says: byPath.optional(),
    matches: z.record(z.string(), pattern).optional(),
    is: z.enum(['done', 'already', ...TROUBLE_KINDS]),
    scope: z.enum(TROUBLE_SCOPES).optional(),
    code: word.optional(),
    vi: sentence.optional(),
    en: sentence.optional(),
    retryAfterMs: z.coerce.number().int().min(0).max(86_400_000).optional(),
    split: splitShape.optional(),
  })
  .superRefine((row, context) => {
    const say = (message: string, path: string) => context.addIssue({ code: 'custom', message, path: path === '' ? [] : [path] });
    if (![row.http, row.body, row.field, row.says, row.matches].some((condition) => condition !== undefined)) say('no-condition', '');
    for (const status of row.http ?? []) if (!/^([1-5]\d\d|[1-5]xx)$/u.test(status)) say('http', 'http');
    if (row.is === 'done' || row.is === 'already') return;
    for (const name of ['code', 'vi', 'en'] as const) if (row[name] === undefined) say('no-sentence', '');
  });

const tableShape = z.record(z.string().regex(/^[a-zA-Z0-9_.-]+$/u), z.array(rowShape).min(1));
type ReadRow = z.infer<typeof rowShape>;

const SENTENCES: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  'no-condition': ['dòng không có điều kiện sẽ nuốt mọi câu trả lời lạ', 'a row without a condition would swallow every unknown answer'],
  'no-sentence': ['dòng báo lỗi cần đủ code, vi và en', 'a row of trouble needs code, vi and en'],
  http: ['mã HTTP phải có dạng 200 hoặc 2xx', 'an HTTP status reads 200 or 2xx'],
  pattern: ['biểu thức chính quy không hợp lệ', 'not a valid regular expression'],
  code: ['mã chỉ gồm chữ thường, số, dấu chấm và gạch nối', 'a code is lower-case letters, digits, dots and hyphens'],
};

/** Compiles a table that came as data. Throws SetupFault with every fault; `file` only names it in faults. */
export function readAnswers(data: Json, file = 'answers.yaml'): AnswerTable {
  const read = tableShape.safeParse(data);
  if (read.success) return compile(read.data);
  throw new SetupFault(read.error.issues.map((issue) => ({ file, line: 0, column: 0, ...faultOf(issue) })));
}

/** Reads the file's text. Every fault has its line and column. */
export function parseAnswers(source: string, file: string): { readonly data: Json; readonly faults: readonly Fault[] } {
  const lines = new LineCounter();
  const document = parseDocument(source, { schema: 'failsafe', lineCounter: lines, uniqueKeys: true });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({
      file,
      ...at(error.pos[0]),
      code: 'answers.yaml',
      vi: 'tệp YAML không hợp lệ',
      en: `not valid YAML (${error.code})`,
    }));
    return { data: {}, faults };
  }
  const data = document.toJS({ maxAliasCount: 0 }) as Json;
  const read = tableShape.safeParse(data);
  if (read.success) return { data, faults: [] };
  return { data, faults: read.error.issues.map((issue) => ({ file, ...at(offsetOf(document, issue.path)), ...faultOf(issue) })) };
}

function faultOf(issue: z.core.$ZodIssue): { code: string; vi: string; en: string } {
  const known = SENTENCES[issue.message];
  const where = issue.path.map(String).join('.') || 'answers';
  if (known !== undefined) return { code: `answers.${issue.message}`, vi: `${where}: ${known[0]}`, en: `${where}: ${known[1]}` };
  const extra = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : '';
  return { code: `answers.${issue.code}`, vi: `${where}: không đúng dạng${extra}`, en: `${where}: not of the right shape${extra}` };
}

/** Where the deepest node on the path begins. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length).map(String), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return isMap(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
}

function compile(read: z.infer<typeof tableShape>): AnswerTable {
  return Object.fromEntries(Object.entries(read).map(([operation, rows]) => [operation, rows.map(rowOf)]));
}

function rowOf(row: ReadRow): AnswerRow {
  return {
    http: row.http ?? null,
    shape: row.body ?? null,
    field: Object.entries(row.field ?? {}),
    says: Object.entries(row.says ?? {}).map(([path, parts]) => [path, parts.map(foldAnswer)] as const),
    matches: Object.entries(row.matches ?? {}),
    is: row.is,
    scope: row.scope ?? (row.is === 'unavailable' || row.is === 'setup' ? 'system' : 'record'),
    code: row.code ?? row.is,
    vi: row.vi ?? '',
    en: row.en ?? '',
    retryAfterMs: row.retryAfterMs ?? null,
    split: row.split === undefined ? null : splitOf(row.split),
  };
}

const splitOf = (split: z.infer<typeof splitShape>): SplitRule => ({
  path: split.path,
  between: split.between,
  fields: Object.entries(split.fields).map(([field, words]) => [field, [field, ...words].map(foldAnswer)] as const),
  reasons: split.reasons.map((reason) => ({ ...reason, says: foldAnswer(reason.says) })),
});
