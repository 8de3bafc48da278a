import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse } from 'yaml';
import { z } from 'zod';

/** The shipped mappings, code lists and demo, read as any other reader would. */
const root = join(import.meta.dirname, '../..');
export const MAPPINGS = join(root, 'mappings');
export const ADAPTERS = join(root, 'adapters');
/** The chapter of births, deaths and marriages. */
export const DEMO = join(root, 'config/demo/civil-status');
export const KINDS = ['birth', 'death', 'marriage'] as const;
export type Kind = (typeof KINDS)[number];

const text = (...path: string[]) => readFileSync(join(...path), 'utf8');
/** YAML in which every scalar is text, as the product reads it. */
export const yamlOf = (...path: string[]): unknown => parse(text(...path), { schema: 'failsafe' });
export const jsonOf = (...path: string[]): unknown => JSON.parse(text(...path));

const crosswalkRow = z.strictObject({
  ours: z.string(),
  theirs: z.string(),
  label: z.string(),
  direction: z.enum(['<>', '>', '<']),
  from: z.string(),
  until: z.string(),
});
export type CrosswalkRow = z.output<typeof crosswalkRow>;
export const crosswalk = (name: string): readonly CrosswalkRow[] =>
  z.array(crosswalkRow).parse(parseCsv(text(MAPPINGS, 'crosswalks', `${name}.csv`), { columns: true }));

/** What `ours` may become outward on a day. */
export const outward = (name: string, ours: string, day: string): readonly CrosswalkRow[] =>
  crosswalk(name).filter(
    (row) => row.ours === ours && row.direction !== '<' && (row.from === '' || row.from <= day) && (row.until === '' || day <= row.until),
  );

const line = z.union([z.string(), z.looseObject({ from: z.string(), seen: z.string().optional(), until: z.string().optional() })]);
const lines = z.record(z.string(), line).default({});
const mapping = z.looseObject({
  for: z.looseObject({ procedures: z.array(z.union([z.string(), z.looseObject({ code: z.string() })])).default([]) }),
  give: lines,
  share: lines,
  take: lines,
  start: lines,
  phase: z.looseObject({ map: z.record(z.string(), z.string()) }).optional(),
  ignore: z.looseObject({ theirs: z.record(z.string(), z.string()).default({}), drop: z.record(z.string(), z.string()).default({}) }),
});
export const mappingOf = (system: string, kind: Kind) => mapping.parse(yamlOf(MAPPINGS, system, `${kind}.yaml`));

const step = z.strictObject({
  who: z.enum(['ministry', 'official']),
  at: z.string().optional(),
  when: z.string(),
  do: z.string(),
  with: z.record(z.string(), z.unknown()).optional(),
});
export const scenario = () =>
  z
    .strictObject({
      system: z.literal('civil-status'),
      result: z.record(z.string(), z.string()),
      dossiers: z.record(z.string(), z.array(step)),
    })
    .parse(yamlOf(DEMO, 'scenario.yaml'));

const hold = z.strictObject({ kind: z.string(), desk: z.enum(['official', 'integrator', 'operator']) });
const refused = z.strictObject({ about: z.string().min(1), intake: z.literal('expired-procedure') });
const legShape = z.strictObject({ situation: z.string(), phase: z.string(), trust: z.string() });
const kept = z.strictObject({
  about: z.string().min(1),
  status: z.string(),
  ministry: z.array(
    z.strictObject({
      ...{ at: z.string().optional(), kind: z.string().optional(), key: z.record(z.string(), z.string()) },
      ...{ stage: z.string().optional(), fields: z.record(z.string(), z.string()).default({}) },
    }),
  ),
  'one-stop': z
    .strictObject({ results: z.record(z.string(), z.string()).optional(), data: z.record(z.string(), z.string()).optional() })
    .optional(),
  leg: legShape,
  legs: z.record(z.string(), legShape).optional(),
  holds: z.array(hold),
});
export const expected = () =>
  z.strictObject({ dossiers: z.record(z.string(), z.union([refused, kept])) }).parse(yamlOf(DEMO, 'expected.yaml')).dossiers;

export const dossierLines = (): readonly string[] => text(DEMO, 'dossiers.ndjson').trim().split('\n');
const dossierHead = z.looseObject({
  code: z.string(),
  procedure: z.string(),
  receivedAt: z.string(),
  form: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export const dossiers = () => dossierLines().map((each) => dossierHead.parse(JSON.parse(each)));

const procedure = z.strictObject({
  code: z.string().regex(/^\d\.\d{6}$/),
  name: z.string().min(1),
  form: z.string(),
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
  replacedBy: z.string().optional(),
});
export const procedures = () => z.array(procedure).parse(yamlOf(MAPPINGS, 'procedures.yaml'));
