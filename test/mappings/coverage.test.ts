import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { KINDS, MAPPINGS, mappingOf } from './given.ts';

/** `motlan mapping check --coverage`: what the sources name (adapters/<system>/fields.csv) against what the mappings carry. */

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Asks with a copy of the shipped mappings, in which one text of one file stands otherwise. */
async function coverage(change?: { readonly file: string; readonly from: string | RegExp; readonly to: string }) {
  const here = await mkdtemp(join(tmpdir(), 'motlan-coverage-'));
  folders.push(here);
  await cp(MAPPINGS, join(here, 'mappings'), { recursive: true });
  if (change !== undefined) {
    const path = join(here, 'mappings', change.file);
    const text = await readFile(path, 'utf8');
    const changed = text.replace(change.from, change.to);
    expect(changed, 'the change is one').not.toBe(text);
    await writeFile(path, changed);
  }
  await writeFile(
    join(here, 'motlan.yaml'),
    'folders: { mappings: mappings }\nsystems:\n  memory: { adapter: memory, role: ministry, simulated: true }\n',
  );
  let said = '';
  const write = (text: string): void => {
    said += text;
  };
  const code = await runCli(['--config', 'motlan.yaml', 'mapping', 'check', '--coverage'], {
    env: { MOTLAN_DATA: join(here, 'data') },
    ...{ workingFolder: here, write, complain: write },
  });
  return { code, said };
}

/** With laws and cases of every mapping, twice over two languages. */
const LONG = { timeout: 120_000 };

describe('the coverage of the fields that the sources name', () => {
  it('is whole for every mapping that ships', LONG, async () => {
    const { code, said } = await coverage();
    expect(said.split('\n').filter((line) => line.startsWith('✗'))).toEqual([]);
    expect(said).toMatch(/civil-status\.birth +│ 1\d\d/);
    expect(code).toBe(0);
  });

  it('catches a field taken out of a mapping, by section and evidence label', LONG, async () => {
    const { code, said } = await coverage({ file: 'civil-status/death.yaml', from: /^ {2}gbtSo: .*\n/m, to: '' });
    expect(said).toMatch(
      /✗ civil-status\/fields\.csv:\d+ civil-status\.death "gbtSo" \(civil-status\.md §2\.2, SOURCED TD\): chưa được ánh xạ/,
    );
    expect(said).toContain('civil-status.death "gbtSo" (civil-status.md §2.2, SOURCED TD): is neither mapped nor under ignore');
    expect(code).toBe(1);
  });

  it('catches a field that is ignored without a word why', LONG, async () => {
    const { code, said } = await coverage({ file: 'tax/land-notice.yaml', from: /(ThongBaoThue\.Service): .*/, to: '$1: ""' });
    expect(said).toMatch(/tax\/fields\.csv:\d+ tax\.land-notice "Service" .*nằm ở ignore nhưng không có lý do/);
    expect(code).toBe(1);
  });
});

describe.each(KINDS)('the civil-status record of a %s', (kind) => {
  it('yields to the ministry from the day of issue in every line that carries what the declarant said', () => {
    const lines = Object.entries(mappingOf('civil-status', kind).give);
    const standing = new Set(['maHoSoMCDT', 'maHoSoLT', 'maDonVi', 'module', 'ngayTiepNhan']);
    const owned = lines.filter(([name]) => !standing.has(name));
    expect(owned.length).toBeGreaterThan(30);
    expect(owned.filter(([, line]) => typeof line === 'string' || line.until !== 'issued').map(([name]) => name)).toEqual([]);
  });
});
