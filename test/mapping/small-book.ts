import type { Book } from '../../src/mapping/book.ts';
import type { Diagnostic, HubSide, Mapping } from '../../src/mapping/contract.ts';
import { readBook } from '../../src/mapping/index.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { AgreedValue, LineValue } from '../../src/model/line-value.ts';

/** A form, a record kind and crosswalks small enough to see whole. */
export const text = (more: JsonObject = {}): JsonObject => ({ type: 'string', ...more });

export const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required: [...required],
  additionalProperties: false,
});

export interface SmallBook {
  readonly form?: JsonObject;
  readonly record?: JsonObject;
  readonly applicant?: JsonObject;
  readonly mapping: string;
  readonly crosswalks?: Readonly<Record<string, string>>;
  readonly others?: Readonly<Record<string, string>>;
  readonly normalises?: Readonly<Record<string, 'upper' | 'trim' | 'single-spaces'>>;
  readonly lawRounds?: number;
}

export const HEADER = 'ours,theirs,label,direction,from,until\n';

/** The files of the book, by their paths in the mappings folder. */
export const filesOf = (small: SmallBook): ReadonlyMap<string, string> =>
  new Map<string, string>([
    ['forms/demo@1.schema.json', JSON.stringify(small.form ?? object({ name: text({ maxLength: 50 }) }))],
    ['forms/applicant.schema.json', JSON.stringify(small.applicant ?? object({}))],
    ['ministry/file.yaml', small.mapping],
    ...Object.entries(small.crosswalks ?? {}).map(([name, rows]) => [`crosswalks/${name}.csv`, HEADER + rows] as const),
    ...Object.entries(small.others ?? {}),
  ]);

export const recordOf = (small: SmallBook): JsonObject => small.record ?? object({ ma: text(), ten: text() });

export function bookOf(small: SmallBook): Book {
  return readBook(filesOf(small), {
    recordSchema: (system, record) => (record === 'file' && system !== 'nobody' ? recordOf(small) : null),
    normalises: () => small.normalises ?? {},
    lawRounds: small.lawRounds ?? 0,
  });
}

/** The one mapping of a book that must be free of problems. */
export function mappingOf(small: SmallBook): Mapping {
  const book = bookOf(small);
  const [mapping] = book.mappings;
  if (mapping === undefined || book.diagnostics.length > 0) throw new Error(book.diagnostics.map(shown).join('\n'));
  return mapping;
}

export const shown = (each: Diagnostic): string => `${each.file}:${each.line}:${each.column} ${each.code} ${each.en}`;

/** `lines` under `give:` of the smallest mapping. */
export const giving = (lines: string): string => `mapping: ministry.file\nfor: { form: demo@1 }\ngive:\n  ma: code | key\n${indent(lines)}`;
export const taking = (lines: string): string => `${giving('')}take:\n${indent(lines)}`;
export const indent = (lines: string): string =>
  lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `  ${line}\n`)
    .join('');

export const AT = Date.UTC(2026, 8, 1, 2);
export const side = (document: JsonObject, more: Partial<HubSide> = {}): HubSide => ({ document, choices: [], at: AT, ...more });

/** What goes out: every value of the hub's own lines. */
export function outgoing(mapping: Mapping, hub: HubSide): JsonObject {
  const values = new Map<string, AgreedValue>();
  for (const [id, each] of mapping.ours(hub)) if (each.is === 'value' && mapping.rule(id).owner !== 'take') values.set(id, each);
  return mapping.write(values);
}

/** One line between a hub field `x` and a record field `y`. */
export function lineBetween(hub: JsonObject, record: JsonObject, pipe: string, more: Partial<SmallBook> = {}) {
  const mapping = mappingOf({
    form: object({ x: hub }),
    record: object({ ma: text(), y: record }),
    mapping: giving(`y: ${pipe}`),
    ...more,
  });
  const inverse = (of: LineValue, document: JsonObject = {}) => {
    if (of.is === 'unseen' || of.is === 'invalid') throw new Error(of.is);
    return mapping.inverse(new Map([['y', of]]), side(document));
  };
  return {
    mapping,
    out: (x: Json | undefined, hubMore: Partial<HubSide> = {}): LineValue | undefined =>
      mapping.ours(side(x === undefined ? {} : { x }, hubMore)).get('y'),
    wire: (x: Json): Json | undefined => outgoing(mapping, side({ x })).y,
    read: (y: Json | undefined): LineValue | undefined => mapping.theirs(y === undefined ? {} : { y }, 'all').get('y'),
    inverse,
    back: (y: Json): Json | undefined => {
      const stated = mapping.theirs({ y }, 'all').get('y');
      return stated === undefined ? undefined : inverse(stated).changes.find((change) => change.path.startsWith('x'))?.value;
    },
  };
}
