import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Json, JsonObject } from '../model/json.ts';

/** The demo's dossiers, what people then do with each, and how each must stand at the end (`config/demo/README.md`). */

const fields = z.record(z.string(), z.json());
const text = z.string();

const stepShape = z.discriminatedUnion('who', [
  z.strictObject({
    who: z.literal('ministry'),
    when: text,
    do: z.enum(['accept', 'assign', 'issue', 'ask-supplement', 'refuse', 'type', 'edit']),
    with: fields.default({}),
  }),
  z.strictObject({
    who: z.literal('official'),
    when: text,
    do: z.enum(['edit', 'supply', 'receive', 'withdraw', 'hand-over', 'decide']),
    with: fields.default({}),
  }),
]);
const scenarioShape = z.strictObject({ result: fields, dossiers: z.record(text, z.array(stepShape)) });

const expectedShape = z.strictObject({
  dossiers: z.record(
    text,
    z.strictObject({
      about: text,
      intake: text.optional(),
      status: text.optional(),
      ministry: z.array(z.strictObject({ key: z.record(text, text), stage: text, fields: z.record(text, text).default({}) })).optional(),
      'one-stop': z.strictObject({ results: z.record(text, text).default({}), data: z.record(text, text).default({}) }).optional(),
      leg: z.strictObject({ situation: text, phase: text, trust: text }).optional(),
      holds: z.array(z.strictObject({ kind: text, desk: text })).optional(),
    }),
  ),
});

export type Step = z.output<typeof stepShape>;
export type Expectation = z.output<typeof expectedShape>['dossiers'][string];

export interface Story {
  /** Bodies as the official typed them, in the order of the counter. */
  readonly dossiers: readonly JsonObject[];
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  /** What all results share. */
  readonly result: JsonObject;
  readonly expected: ReadonlyMap<string, Expectation>;
}

/** Reads the three files of a folder; all scalars of the YAML files are text. */
export async function readStory(folder: string): Promise<Story> {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const yaml = async (name: string): Promise<unknown> => parse(await read(name), { schema: 'failsafe' });
  const scenario = scenarioShape.parse(await yaml('scenario.yaml'));
  const expected = expectedShape.parse(await yaml('expected.yaml'));
  const lines = (await read('dossiers.ndjson')).split('\n').filter((line) => line.trim() !== '');
  return {
    dossiers: lines.map((line) => JSON.parse(line) as JsonObject),
    steps: new Map(Object.entries(scenario.dossiers)),
    result: scenario.result as JsonObject,
    expected: new Map(Object.entries(expected.dossiers)),
  };
}

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

/** The value at a dotted path, undefined where there is none. */
export function valueAt(from: Json | undefined, path: string): Json | undefined {
  let value: Json | undefined = from;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, Json | undefined>>)[step];
  }
  return value;
}
