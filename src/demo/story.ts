import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Json, JsonObject } from '../model/json.ts';

/** The demo's dossiers by chapter, what people then do with each, and how each must stand at the end (`config/demo/README.md`). */

const fields = z.record(z.string(), z.json());
const text = z.string();

const stepShape = z.discriminatedUnion('who', [
  z.strictObject({
    who: z.literal('ministry'),
    /** The system whose clerk acts; the chapter's own where none is named. */
    at: text.optional(),
    /** Record kind, where the leg that says it has not begun. */
    kind: text.optional(),
    when: text,
    /** `type`, `edit`, or a word of the clerk (`clerks.yaml`). */
    do: text,
    with: fields.default({}),
  }),
  z.strictObject({
    who: z.literal('official'),
    /** The system whose sheet is meant; the chapter's own where none is named. */
    at: text.optional(),
    when: text,
    do: z.enum(['edit', 'supply', 'receive', 'withdraw', 'finish', 'hand-over', 'decide', 'type-in', 'open']),
    with: fields.default({}),
  }),
]);
const scenarioShape = z.strictObject({ system: text, result: fields.default({}), dossiers: z.record(text, z.array(stepShape)) });

const legShape = z.strictObject({ situation: text, phase: text, trust: text });
const recordShape = z.strictObject({
  at: text.optional(),
  kind: text.optional(),
  key: z.record(text, text),
  /** Left out where the system shows none. */
  stage: text.optional(),
  fields: z.record(text, text).default({}),
});
const expectedShape = z.strictObject({
  dossiers: z.record(
    text,
    z.strictObject({
      about: text,
      intake: text.optional(),
      status: text.optional(),
      ministry: z.array(recordShape).optional(),
      'one-stop': z.strictObject({ results: z.record(text, text).default({}), data: z.record(text, text).default({}) }).optional(),
      leg: legShape.optional(),
      legs: z.record(text, legShape).default({}),
      holds: z.array(z.strictObject({ kind: text, desk: text })).optional(),
    }),
  ),
});

/** How the clerk of a system works, in the words of that system: field paths and stage codes. */
const clerkShape = z.strictObject({
  /** Fields of a record that hold a code of ours. */
  code: z.array(text).default([]),
  /** Field of the stage; none where the system shows none. */
  stage: text.optional(),
  /** Where the fields of a result go; the record itself where there is no such place. */
  result: text.optional(),
  /** Where no code of ours is kept: field of the record → the same of the person in the one-stop's dossier. */
  person: z.record(text, text).default({}),
  /** What tells two entries typed by hand apart. */
  entry: z.array(text).default([]),
  /** A word of the story → stage code. `issue` is the one that carries a result. */
  stages: z.record(text, text).default({}),
  /** Stage code → what stands in the field of the stage, where that is another word. */
  shows: z.record(text, text).default({}),
});

export type Step = z.output<typeof stepShape>;
export type Expectation = z.output<typeof expectedShape>['dossiers'][string];
export type Clerk = z.output<typeof clerkShape>;

/** What a dossier's chapter says for all its dossiers. */
export interface Chapter {
  /** The system whose leg is meant where none is named. */
  readonly system: string;
  /** What all results share. */
  readonly result: JsonObject;
}

export interface Story {
  /** Bodies as the official typed them, in the order of the counter. */
  readonly dossiers: readonly JsonObject[];
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  readonly chapters: ReadonlyMap<string, Chapter>;
  /** By system, or by `system/kind` where one kind is worked on otherwise. */
  readonly clerks: ReadonlyMap<string, Clerk>;
  readonly expected: ReadonlyMap<string, Expectation>;
}

/** Who works on records of a kind at a system. */
export const clerkOf = ({ clerks }: Pick<Story, 'clerks'>, system: string, kind: string): Clerk | undefined =>
  clerks.get(`${system}/${kind}`) ?? clerks.get(system);

/** Reads `clerks.yaml` and every chapter (a folder with three files) below `folder`; all scalars of the YAML files are text. */
export async function readStory(folder: string): Promise<Story> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
  const chapters = await Promise.all(names.map((name) => readChapter(join(folder, name))));
  const clerks = z.record(text, clerkShape).parse(await yamlOf(join(folder, 'clerks.yaml')));
  return {
    dossiers: chapters.flatMap(({ dossiers }) => dossiers),
    steps: new Map(chapters.flatMap(({ scenario }) => Object.entries(scenario.dossiers))),
    chapters: new Map(
      chapters.flatMap(({ dossiers, scenario: { system, result } }) =>
        dossiers.map((document) => [String(document.code), { system, result: result as JsonObject }] as const),
      ),
    ),
    clerks: new Map(Object.entries(clerks)),
    expected: new Map(chapters.flatMap(({ expected }) => Object.entries(expected.dossiers))),
  };
}

async function readChapter(folder: string) {
  const scenario = scenarioShape.parse(await yamlOf(join(folder, 'scenario.yaml')));
  const expected = expectedShape.parse(await yamlOf(join(folder, 'expected.yaml')));
  const lines = (await readFile(join(folder, 'dossiers.ndjson'), 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return { scenario, expected, dossiers: lines.map((line) => JSON.parse(line) as JsonObject) };
}

const yamlOf = async (file: string): Promise<unknown> => parse(await readFile(file, 'utf8'), { schema: 'failsafe' });

/** `{ 'a.b': x }` as `{ a: { b: x } }`. */
export function nested(paths: Readonly<Record<string, Json>>): JsonObject {
  const whole: Record<string, Json> = {};
  for (const [path, value] of Object.entries(paths)) {
    const steps = path.split('.');
    const last = steps.pop() ?? path;
    let place = whole;
    for (const step of steps) {
      const below = place[step];
      const next: Record<string, Json> =
        typeof below === 'object' && below !== null && !Array.isArray(below) ? { ...(below as Record<string, Json>) } : {};
      place[step] = next;
      place = next;
    }
    place[last] = value;
  }
  return whole;
}

/** `$none` stands for nothing: in the files every scalar is text. */
export function emptied(value: Json): Json {
  if (value === '$none') return null;
  if (Array.isArray(value)) return (value as readonly Json[]).map(emptied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as Record<string, Json>).map(([name, inner]) => [name, emptied(inner)]));
}

/** The value at a dotted path, undefined where there is none. */
export function valueAt(from: Json | undefined, path: string): Json | undefined {
  let value: Json | undefined = from;
  // `list.0.field` names the first entry of a list.
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, Json | undefined>>)[step];
  }
  return value;
}

/** The changed fields inside the objects they stand in, whose other fields stay as they are. */
export const within = (held: JsonObject, changes: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(changes).map(([name, value]) => {
      const inner = held[name];
      return isObject(value) && isObject(inner) ? [name, { ...inner, ...within(inner, value) }] : [name, value];
    }),
  );
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
