import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formsOf, MappingsRefused, mappingsOf } from '../../src/assemble/mappings.ts';
import { procedureRule, readCatalogue } from '../../src/assemble/rules.ts';
import { readTerms } from '../../src/assemble/terms.ts';
import { runCli } from '../../src/cli.ts';
import { type ConfigRefused, readConfig } from '../../src/config.ts';
import { FormsRefused } from '../../src/intake/forms.ts';
import { giving, HEADER, object, text } from '../mapping/small-book.ts';
import { refusedAt } from './refused.ts';

/** A province that adds a form with its mapping and replaces one crosswalk, beside mappings that ship and stay untouched. */

const SHIPPED = {
  'forms/applicant.schema.json': JSON.stringify(object({})),
  'forms/demo@1.schema.json': JSON.stringify(object({ name: text({ maxLength: 50 }) })),
  'ministry/file.yaml': giving('ten: name | code(t)'),
  'crosswalks/t.csv': `${HEADER}a,1,,,,\n`,
  'procedures.yaml': '- { code: 1.000001, name: Thử, form: demo@1 }\n',
  'deadlines.yaml': '- { procedure: 1.000001, days: 3 }\n',
};
const PROVINCE = {
  'forms/extra@1.schema.json': JSON.stringify(object({ title: text({ maxLength: 50 }) })),
  'registry/file.yaml': giving('ten: title | code(t)').replace('ministry', 'registry').replace('demo@1', 'extra@1'),
  'crosswalks/t.csv': `${HEADER}a,2,,,,\n`,
  'procedures.yaml': '- { code: 1.000001, name: Thử, form: demo@1 }\n- { code: 1.000002, name: Thêm, form: extra@1 }\n',
  'deadlines.yaml': '- { procedure: 1.000002, days: 5 }\n',
};
const SYSTEMS = `systems:
  ministry: { adapter: memory, role: ministry, simulated: true, overrides: overrides }
  registry: { adapter: memory, role: ministry, simulated: true, overrides: overrides }
`;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'motlan-province-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Lays everything out; `own` null: a province without a folder of its own. */
async function province(own: Readonly<Record<string, string>> | null = PROVINCE) {
  const here = await mkdtemp(join(root, 'p-'));
  const lay = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(here, folder, path)), { recursive: true });
      await writeFile(join(here, folder, path), content);
    }
  };
  await lay('shipped', SHIPPED);
  if (own !== null) await lay('tinh', own);
  await lay('overrides/memory/records', { 'file.schema.json': JSON.stringify(object({ ma: text(), ten: text({ maxLength: 50 }) })) });
  const folders = `folders: { mappings: shipped${own === null ? '' : ', mappingsOverride: tinh'} }\n`;
  await lay('.', { 'motlan.yaml': folders + SYSTEMS, 'dossier.json': dossier('demo@1', { name: 'a' }) });
  await lay('.', { 'extra.json': dossier('extra@1', { title: 'a' }) });
  const env = { MOTLAN_DATA: join(here, 'data') };
  const config = await readConfig('motlan.yaml', { env, workingFolder: here });
  const motlan = async (...args: readonly string[]) => {
    let said = '';
    const write = (line: string): void => {
      said += line;
    };
    const code = await runCli(['--config', 'motlan.yaml', ...args], { env, workingFolder: here, write, complain: write });
    return { code, said };
  };
  return { here, config, motlan };
}

const dossier = (form: string, data: object): string => {
  const head = { code: 'H12.31-261124-0001', procedure: '1.000001', agency: 'H12.31', status: 2, receivedAt: '2026-11-24T08:00:00+07:00' };
  return JSON.stringify({ ...head, applicant: {}, form, data });
};
const written = (said: string): unknown => (JSON.parse(said) as { record: unknown }).record;

describe("a province's own folder", () => {
  test('adds a form with its mapping and replaces a crosswalk, for what is sent too', async () => {
    const { motlan } = await province();
    const [old, added] = [
      await motlan('--json', 'mapping', 'preview', 'ministry.file', 'dossier.json'),
      await motlan('--json', 'mapping', 'preview', 'registry.file', 'extra.json'),
    ];
    expect(written(old.said)).toEqual({ ma: 'H12.31-261124-0001', ten: '2' });
    expect(written(added.said)).toEqual({ ma: 'H12.31-261124-0001', ten: '2' });
    const plain = await (await province(null)).motlan('--json', 'mapping', 'preview', 'ministry.file', 'dossier.json');
    expect(written(plain.said)).toEqual({ ma: 'H12.31-261124-0001', ten: '1' });
  });

  test('is what the house works with: forms, procedures and terms', async () => {
    const { config } = await province();
    const { mappings, mappingsOverride: own } = config.folders;
    const forms = await formsOf(config);
    expect(forms.names).toEqual(['demo@1', 'extra@1']);
    expect(forms.validate('extra@1', { title: 'a' })).toEqual([]);
    expect((await mappingsOf(config, new Map())).mappings.map(({ id }) => id)).toEqual(['ministry.file', 'registry.file']);
    const isKnown = procedureRule(await readCatalogue(mappings, own));
    expect(isKnown('1.000002', Date.now())).toEqual({ is: 'valid' });
    expect(procedureRule(await readCatalogue(mappings))('1.000002', Date.now())).toEqual({ is: 'unknown' });
    expect((await readTerms(mappings, own)).map(({ procedure }) => procedure)).toEqual(['1.000002']);
  });

  test('may leave files out: those that ship stand', async () => {
    const { config } = await province({ 'crosswalks/t.csv': PROVINCE['crosswalks/t.csv'] });
    const { mappings, mappingsOverride: own } = config.folders;
    expect((await formsOf(config)).names).toEqual(['demo@1']);
    expect(await readCatalogue(mappings, own)).toEqual(await readCatalogue(mappings));
    expect((await readTerms(mappings, own)).map(({ procedure }) => procedure)).toEqual(['1.000001']);
  });

  test('is told file by file when mappings are checked, and what differs by `diff`', async () => {
    const { here, motlan } = await province();
    const { code, said } = await motlan('mapping', 'check');
    expect(code, said).toBe(0);
    expect(said).toContain(`= ${join(here, 'tinh/crosswalks/t.csv')}`);
    expect(said).toContain(`+ ${join(here, 'tinh/registry/file.yaml')}`);
    expect(said).toContain(`+ ${join(here, 'tinh/forms/extra@1.schema.json')}`);
    const diff = await motlan('--json', 'mapping', 'diff', 'shipped');
    const { versions } = JSON.parse(diff.said) as { versions: readonly { mapping: string; there: string | null }[] };
    expect(versions.map(({ mapping, there }) => [mapping, there === null])).toEqual([
      ['ministry.file', false],
      ['registry.file', true],
    ]);
  });
});

describe("what is wrong in a province's own folder is named by its whole path", () => {
  test('in a mapping and in a crosswalk', async () => {
    const wrong = { 'ministry/file.yaml': giving('ten: nobody'), 'crosswalks/t.csv': `${HEADER}a,1,,sideways,,\n` };
    const { here, config, motlan } = await province(wrong);
    const { code, said } = await motlan('mapping', 'check');
    expect(code).toBe(1);
    expect(said).toContain(`${join(here, 'tinh/ministry/file.yaml')}:5:8`);
    expect((await motlan('crosswalk', 'check')).said).toContain(`${join(here, 'tinh/crosswalks/t.csv')}:2`);
    const refused = await mappingsOf(config, new Map()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MappingsRefused);
    const files = new Set((refused as MappingsRefused).diagnostics.map(({ file }) => file));
    expect(files).toContain(join(here, 'tinh/ministry/file.yaml'));
    expect(files).toContain(join(here, 'tinh/crosswalks/t.csv'));
  });

  test('in a form', async () => {
    const { here, config } = await province({ 'forms/demo@1.schema.json': '{' });
    const refused = await formsOf(config).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FormsRefused);
    expect((refused as FormsRefused).problems.map(({ path }) => path)).toEqual([join(here, 'tinh/forms/demo@1.schema.json')]);
  });

  test('in the catalogue and the terms', async () => {
    const { config } = await province({ 'procedures.yaml': '- { code: khai-sinh }\n', 'deadlines.yaml': '\n- { days: 1 }\n' });
    const { mappings, mappingsOverride: own } = config.folders;
    const wrong = await readCatalogue(mappings, own).catch((error: unknown) => error);
    expect((wrong as ConfigRefused).diagnostics.map(({ file }) => file)).toContain(join(own ?? '', 'procedures.yaml'));
    expect(await refusedAt(() => readTerms(mappings, own))).toEqual(['2 invalid-type']);
    expect(await refusedAt(() => readCatalogue(join(mappings, 'forms')))).toEqual(['1 procedures.missing']);
  });

  test('and a folder that is not there is refused with its line', async () => {
    const { here } = await province(null);
    await writeFile(join(here, 'motlan.yaml'), `folders:\n  mappings: shipped\n  mappingsOverride: tnih\n${SYSTEMS}`);
    const refused = await readConfig('motlan.yaml', { env: {}, workingFolder: here }).catch((error: unknown) => error);
    expect((refused as ConfigRefused).diagnostics).toMatchObject([{ code: 'config.no-folder', line: 3 }]);
  });
});
