import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  checkCrosswalk,
  diffMappings,
  loadBook,
  lossReport,
  mappingSchema,
  preview,
  runCases,
  unusedCrosswalks,
} from '../../src/mapping/index.ts';
import { AT, bookOf, giving, HEADER, mappingOf, object, shown as shownOf, side, text } from './small-book.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const recordSchema = (system: string, record: string) => {
  try {
    return JSON.parse(readFileSync(path(`adapters/${system}/records/${record}.schema.json`), 'utf8'));
  } catch {
    return null;
  }
};
/** `<system>.<record>` of every mapping file. */
const shippedIds = (): readonly string[] =>
  readdirSync(path('mappings'), { recursive: true, encoding: 'utf8' })
    .flatMap((file) => /^([a-z-]+)\/([a-z0-9-]+)\.yaml$/.exec(file)?.slice(1).join('.') ?? [])
    .sort();

const folders: string[] = [];
const folder = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'motlan-book-'));
  folders.push(made);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(made, name, '..'), { recursive: true });
    await writeFile(join(made, name), content);
  }
  return made;
};
afterAll(async () => {
  for (const each of folders) await rm(each, { recursive: true, force: true });
});

describe('the mappings that ship', () => {
  test('have no problem, keep the laws and pass their cases', async () => {
    const book = await loadBook({ folder: path('mappings'), recordSchema, lawRounds: 30 });
    expect(book.diagnostics.map(shownOf)).toEqual([]);
    expect(book.mappings.map((mapping) => mapping.id)).toEqual(shippedIds());
    const results = book.compiled.flatMap(runCases);
    expect(results.filter((result) => !result.ok)).toEqual([]);
    expect(results.length).toBeGreaterThan(10);
    expect(unusedCrosswalks(book)).toEqual([]);
    expect(book.status).not.toBeNull();
  });

  test('fit the JSON Schema for editors, which is the one that ships', async () => {
    const file = path('mappings/mapping.schema.json');
    const schema = `${JSON.stringify(mappingSchema(), null, 2)}\n`;
    if (process.env.MOTLAN_WRITE_SCHEMA === '1') await writeFile(file, schema);
    expect(await readFile(file, 'utf8')).toBe(schema);
    const validate = new Ajv({ strict: false }).compile(JSON.parse(schema));
    for (const name of [
      'civil-status/birth',
      'civil-status/death',
      'civil-status/marriage',
      'one-stop/birth',
      'one-stop/death',
      'one-stop/marriage',
    ]) {
      const document: unknown = parse(await readFile(path(`mappings/${name}.yaml`), 'utf8'), { schema: 'failsafe' });
      expect(validate(document), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
    expect(validate({ mapping: 'a.b', for: { form: 'x@1' }, gives: {} })).toBe(false);
  });
});

describe('a folder of overrides', () => {
  const base = {
    'forms/demo@1.schema.json': JSON.stringify(object({ name: text({ maxLength: 50 }) })),
    'ministry/file.yaml': giving('ten: name | code(t)'),
    'crosswalks/t.csv': `${HEADER}a,1,,,,\n`,
  };
  const schemaOf = () => object({ ma: text(), ten: text() });
  test('stands over what ships, file by file, and may add to it', async () => {
    const shipped = await folder(base);
    const own = await folder({
      'crosswalks/t.csv': `${HEADER}a,2,,,,\n`,
      'registry/file.yaml': giving('ten: name').replace('ministry', 'registry'),
    });
    const plain = await loadBook({ folder: shipped, recordSchema: schemaOf });
    const over = await loadBook({ folder: shipped, overrideFolder: own, recordSchema: schemaOf });
    expect(over.diagnostics).toEqual([]);
    expect(over.mappings.map((mapping) => mapping.id)).toEqual(['ministry.file', 'registry.file']);
    const [before] = plain.mappings;
    const [after] = over.mappings;
    if (before === undefined || after === undefined) throw new Error('not loaded');
    expect(after.ours(side({ name: 'a' })).get('ten')).toEqual({ is: 'value', value: '2' });
    expect(after.version).not.toBe(before.version);
  });
});

describe('cases', () => {
  const crosswalks = { t: 'a,1,,,,\nb,2,,,,\n' };
  const form = object({ name: text(), n: { type: 'integer' } });
  const record = object({ ma: text(), ten: text(), so: { type: 'integer' } });
  const run = (cases: string): readonly string[] =>
    bookOf({
      form,
      record,
      crosswalks,
      lawRounds: 1,
      mapping: `${giving('ten: name | code(t)\nso: n | number')}cases:\n  - ${cases}\n`,
    }).diagnostics.map((each) => each.en);
  test.each([
    '{ name: both ways, ours: { name: a, n: 3 }, theirs: { ten: 1, so: 3 } }',
    '{ name: out, given: { name: b }, out: { ten: 2 } }',
    '{ name: in, given: { name: a, n: 1 }, theirs: { ten: 2 }, in: { name: b } }',
    '{ name: held, given: { name: c }, holds: [unknown-code] }',
    '{ name: held inward, given: {}, theirs: { ten: 9 }, holds: [unknown-code] }',
  ])('%s passes', (cases) => expect(run(cases)).toEqual([]));
  test.each([
    ['{ name: c, ours: { name: a }, theirs: { ten: 2 } }', 'ten'],
    ['{ name: c, given: { name: a, n: 1 }, out: { ten: 1 } }', 'so'],
    ['{ name: c, given: { name: a }, theirs: { ten: 2 }, in: {} }', 'name'],
    ['{ name: c, given: { name: a }, holds: [unknown-code] }', 'unknown-code'],
    ['{ name: c, given: { name: c }, out: {} }', 'ten (unknown-code)'],
  ])('%s fails and names the field', (cases, field) => expect(run(cases)).toEqual([expect.stringContaining(`different: ${field}`)]));
});

describe('tools', () => {
  const small = { form: object({ name: text({ maxLength: 9 }) }), record: object({ ma: text(), ten: text({ maxLength: 9 }) }) };
  const before = mappingOf({ ...small, mapping: giving('ten: name') });
  const after = mappingOf({ ...small, mapping: giving('ten: { from: "name | text(3, upper)", lossy: three letters }') });
  test('a preview shows the record, the problems and the losses', () => {
    const shown = preview(after, side({ code: 'H12', name: 'abcd' }));
    expect(shown.record).toEqual({ ma: 'H12', ten: 'ABC' });
    expect(shown.losses).toEqual([{ line: 'ten', reason: 'three letters' }]);
    expect(shown.lines.map((each) => [each.line, each.state])).toEqual([
      ['ma', 'value'],
      ['ten', 'value'],
    ]);
  });
  test('a diff says which lines changed and how many dossiers that touches', () => {
    expect(diffMappings(before, after, [side({ name: 'ab' }), side({ name: 'AB' }), side({})])).toMatchObject([
      { line: 'ten', change: 'changed', dossiers: 1 },
    ]);
    expect(diffMappings(before, before, [side({ name: 'ab' })])).toEqual([]);
  });
  test('a loss report counts dossiers by line', () => {
    expect(lossReport(after, [side({ name: 'abcd' }), side({ name: 'abcde' }), side({ name: 'a' })])).toEqual([
      { line: 'ten', reason: 'three letters', dossiers: 2 },
    ]);
  });
  test('a crosswalk is checked by itself and names what will be asked', () => {
    const report = checkCrosswalk('t', `${HEADER}a,1,,>,,\na,2,,>,,\nb,,,,,\n`, 't.csv', AT);
    expect(report.split).toEqual(['a']);
    expect(report.diagnostics.map((each) => `${each.line} ${each.code}`)).toEqual(['4 crosswalk-row']);
  });
});
