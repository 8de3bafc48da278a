import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkAdapter } from '../../src/kit/check.ts';
import { adapterData, listAdapters, loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import { newAdapter } from '../../src/kit/new.ts';
import { openBench, testClock } from '../../src/kit/proof/bench.ts';
import { CHECKS } from '../../src/kit/proof/checks.ts';
import { checkRecord } from '../../src/kit/schema.ts';
import { type Fault, SetupFault } from '../../src/kit/setup-fault.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ADAPTERS = join(ROOT, 'adapters');
const ports = { clock: testClock(), chance: { random: () => 0.5, id: () => 'id' } };
const folders: string[] = [];
/** Inside the checkout, so that packages resolve; removed afterwards. */
function scratch(): string {
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.motlan-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
async function faultsOf(run: () => unknown): Promise<readonly Fault[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof SetupFault) return error.faults;
    throw error;
  }
  throw new Error('no fault was found');
}

describe('the folder is the registry', () => {
  it('finds every adapter folder by itself and says clearly what is not one', async () => {
    expect(listAdapters([ADAPTERS]).map(({ name }) => name)).toContain('memory');
    expect((await faultsOf(() => loadAdapter([ADAPTERS], 'no-such')))[0]?.code).toBe('adapters.unknown');
    const folder = scratch();
    mkdirSync(join(folder, 'odd'));
    writeFileSync(join(folder, 'odd', 'index.ts'), 'export default { name: "odd", title: { vi: "", en: "x" } };\n');
    expect((await faultsOf(() => loadAdapter([folder], 'odd'))).length).toBeGreaterThan(2);
    mkdirSync(join(folder, 'even'));
    writeFileSync(join(folder, 'even', 'index.ts'), 'export const = 1;\n');
    expect((await faultsOf(() => loadAdapter([folder], 'even')))[0]?.code).toBe('adapters.import');
  });

  it('refuses a wrong config by naming every key and no value', async () => {
    const loaded = await loadAdapter([ADAPTERS], 'memory');
    const faults = await faultsOf(() => openSystem(loaded, { baseUrl: 'không-phải-url', token: '', more: 'bí mật' }, ports));
    expect(faults.length).toBeGreaterThanOrEqual(4);
    expect(JSON.stringify(faults)).not.toMatch(/không-phải-url|bí mật/u);
  });

  it('lets a whole file of the override directory win', () => {
    const overrides = scratch();
    mkdirSync(join(overrides, 'memory', 'records'), { recursive: true });
    writeFileSync(join(overrides, 'memory', 'records', 'item.schema.json'), '{"type":"object","required":["extra"]}');
    const place = { name: 'memory', folder: join(ADAPTERS, 'memory') };
    expect(adapterData(place, overrides).recordSchema('item')).toEqual({ type: 'object', required: ['extra'] });
    expect(adapterData(place, overrides).answers()).toEqual(adapterData(place, null).answers());
    writeFileSync(join(overrides, 'memory', 'records', 'note.schema.json'), '{"type":"object"}');
    expect(adapterData(place, null).recordKinds()).toEqual(['item']);
    expect(adapterData(place, overrides).recordKinds()).toEqual(['item', 'note']);
    writeFileSync(join(overrides, 'memory', 'answers.yaml'), 'read:\n  - { is: done }\n');
    expect(() => adapterData(place, overrides).answers()).toThrow(SetupFault);
  });
});

describe('records against their schema', () => {
  it('names field and rule, never the value', () => {
    const schema = { type: 'object', required: ['a'], properties: { b: { type: 'object', properties: { c: { enum: ['x'] } } } } };
    expect(checkRecord(schema, { b: { c: 'NGUYỄN VĂN MẪU' } })).toEqual([
      { path: 'a', code: 'schema.required', vi: 'còn thiếu', en: 'is missing' },
      { path: 'b.c', code: 'schema.enum', vi: 'không thuộc danh mục', en: 'is not in the list' },
    ]);
  });
});

describe('motlan adapter check', () => {
  it('only reads, unless writes are allowed; then it says first what it will create', async () => {
    const loaded = await loadAdapter([ADAPTERS], 'memory');
    const simulator = await loaded.start?.({ folder: null, clock: ports.clock });
    if (simulator === undefined) throw new Error('memory has a simulator');
    const { signal } = new AbortController();
    const said: string[] = [];
    try {
      const lines = await checkAdapter(loaded, simulator.config, ports, { signal });
      expect(lines.map(({ what, ok }) => [what, ok])).toEqual([
        ['probe.read', true],
        ['item.list', true],
        ['item.changes', true],
        ['item.read', true],
      ]);
      expect(simulator.received()).toEqual([]);
      await checkAdapter(loaded, simulator.config, ports, {
        signal,
        allowWrites: { testKey: 'thu-1', announce: (_, en) => said.push(en) },
      });
      expect(said).toHaveLength(1);
      expect(simulator.received().map(({ key }) => key)).toEqual(['thu-1']);
      simulator.setFaults({ down: true });
      expect((await checkAdapter(loaded, simulator.config, ports, { signal })).map(({ ok }) => ok)).toEqual([false]);
    } finally {
      await simulator.close();
    }
  });
});

describe('motlan adapter new', () => {
  it('writes a folder that passes the whole contract suite at once', async () => {
    const folder = scratch();
    const files = newAdapter(folder, 'land-office', join(ADAPTERS, 'memory'), join(ROOT, 'src/kit/index.ts'));
    expect([...files].sort()).toEqual([
      'README.md',
      'answers.yaml',
      'fields.csv',
      'fixtures/contract.ts',
      'index.ts',
      'records/item.schema.json',
      'simulator.ts',
    ]);
    const loaded = await loadAdapter([folder], 'land-office');
    const samples = (await loadFixture(loaded.folder))?.kinds.item;
    if (loaded.start === null || samples === undefined) throw new Error('the new folder is not whole');
    for (const check of CHECKS) {
      const bench = await openBench(loaded, loaded.start, samples, 'item');
      try {
        if (check.applies(bench)) await check.run(bench);
      } finally {
        await bench.close();
      }
    }
  });

  it('takes no taken and no odd name', async () => {
    const write = (name: string) => () => newAdapter(ADAPTERS, name, join(ADAPTERS, 'memory'), join(ROOT, 'src/kit/index.ts'));
    for (const name of ['memory', '../out', 'Tax', '']) expect(await faultsOf(write(name))).toHaveLength(1);
  });
});
