import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { HOUSE } from '../../src/config.ts';
import type { Simulator } from '../../src/kit/contract.ts';
import { loadAdapter, loadFixture } from '../../src/kit/load.ts';
import { openBench } from '../../src/kit/proof/bench.ts';
import { CHECKS } from '../../src/kit/proof/checks.ts';
import { realClock } from '../../src/ports.ts';

/** `adapter check` against systems that answer over HTTP, `adapter new` into a folder of its own. */

const KEY = 'H12.99-261124-9999';
let folder = '';
const started: { name: string; simulator: Simulator }[] = [];
beforeAll(async () => {
  // Inside the checkout, so that packages resolve.
  folder = await mkdtemp(join(HOUSE, 'node_modules', '.motlan-cli-'));
  for (const name of ['memory', 'one-stop', 'civil-status']) {
    const { start } = await loadAdapter([join(HOUSE, 'adapters')], name);
    if (start === null) throw new Error(`${name} has no simulator`);
    started.push({ name, simulator: await start({ folder: null, clock: realClock }) });
  }
  const systems = started.map(({ name, simulator: { config } }) => [
    name,
    { adapter: name, role: name === 'one-stop' ? 'one-stop' : 'ministry', config },
  ]);
  await writeFile(join(folder, 'motlan.yaml'), JSON.stringify({ systems: Object.fromEntries(systems) }));
});
afterAll(async () => {
  for (const { simulator } of started) await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

async function motlan(...given: readonly string[]) {
  /** In the order of saying; `received` of a system as it stood at that moment. */
  const said: { readonly to: 'out' | 'err'; readonly text: string; readonly received: number }[] = [];
  const received = (): number => started.reduce((sum, { simulator }) => sum + simulator.received().length, 0);
  const hear = (to: 'out' | 'err') => (text: string) => void said.push({ to, text, received: received() });
  const ports = { env: {}, workingFolder: folder, write: hear('out'), complain: hear('err') };
  const code = await runCli(['--config', 'motlan.yaml', ...given], ports);
  const all = (to: 'out' | 'err'): string =>
    said
      .filter((one) => one.to === to)
      .map(({ text }) => text)
      .join('');
  return { code, out: all('out'), err: all('err'), said };
}
const simulatorOf = (name: string): Simulator => {
  const found = started.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no simulator ${name}`);
  return found.simulator;
};

describe('motlan adapter check', () => {
  it.each(['memory', 'one-stop', 'civil-status'])('reads what %s has and writes nothing', async (name) => {
    const { code, out } = await motlan('--json', 'adapter', 'check', name);
    const { system, announced, looked } = JSON.parse(out);
    expect({ code, system, announced }).toEqual({ code: 0, system: name, announced: [] });
    expect(looked.length).toBeGreaterThan(1);
    expect(simulatorOf(name).received()).toEqual([]);
  });

  it('writes only with a test key, and says what before the first record is created', async () => {
    const { code, said, out } = await motlan('adapter', 'check', 'memory', '--allow-writes', '--key', KEY);
    const announced = said.find(({ text }) => text.includes('will be created'));
    expect(code).toBe(0);
    expect(announced).toMatchObject({ to: 'out', received: 0 });
    expect(announced?.text).toContain(KEY);
    expect(out).toContain('✓ item.create');
    expect(simulatorOf('memory').received()).toMatchObject([{ verb: 'create', key: KEY }]);
  });

  it('announces beside the JSON too, so that a person reads it in time', async () => {
    const { code, said, out } = await motlan('--json', 'adapter', 'check', 'civil-status', '--allow-writes', '--key', KEY);
    const kinds = ['birth', 'death', 'marriage'];
    expect(said.filter(({ to }) => to === 'err').map(({ text }) => kinds.find((kind) => text.includes(kind)))).toEqual(
      expect.arrayContaining(kinds),
    );
    expect(code).toBe(0);
    expect(JSON.parse(out).announced).toHaveLength(3);
    expect(simulatorOf('civil-status').received()).toMatchObject(kinds.map((kind) => ({ kind, key: KEY })));
  });

  it('is used wrongly with half of the permission or an unknown system', async () => {
    const before = simulatorOf('memory').received().length;
    expect(await motlan('adapter', 'check', 'memory', '--allow-writes')).toMatchObject({ code: 2, out: '' });
    expect(await motlan('adapter', 'check', 'memory', '--key', KEY)).toMatchObject({ code: 2, out: '' });
    expect((await motlan('adapter', 'check', 'memory', '--allow-writes', '--key', ' ')).code).toBe(2);
    const unknown = await motlan('adapter', 'check', 'land');
    expect(unknown.code).toBe(2);
    for (const name of ['land', 'memory', 'civil-status']) expect(unknown.err).toContain(name);
    expect(simulatorOf('memory').received()).toHaveLength(before);
  });

  it('ends with 1 and names the hop when the system is down', async () => {
    simulatorOf('memory').setFaults({ down: true });
    const { code, out } = await motlan('adapter', 'check', 'memory');
    simulatorOf('memory').setFaults({ down: false });
    expect(code).toBe(1);
    expect(out).toContain('✗ probe');
  });
});

describe('motlan adapter check --simulated', () => {
  it('shows for each trait that what is declared is proved', async () => {
    const { code, out } = await motlan('--json', 'adapter', 'check', 'land', '--simulated');
    const [{ name, parts }] = JSON.parse(out);
    expect({ code, name }).toEqual({ code: 0, name: 'land' });
    expect(parts[0].declared).toContain('acts.hand-over.leadsTo');
    expect([...parts[0].proved, ...Object.keys(parts[0].cannotBe)].sort()).toEqual([...parts[0].declared].sort());
  });

  it('ends with 1 and names the trait that is declared and false', async () => {
    // Changed before anything has loaded it: a module once loaded stays as it was.
    await motlan('adapter', 'new', 'vain-office', '--folder', 'honest');
    await cp(join(folder, 'honest'), join(folder, 'vain'), { recursive: true });
    const index = join(folder, 'vain/vain-office/index.ts');
    const honest = await readFile(index, 'utf8');
    const vain = honest.replace(`act('hand-over', ['issued'], 'handed-over')`, `act('hand-over', ['issued'], 'stopped')`);
    expect(vain).not.toBe(honest);
    await writeFile(index, vain);
    await writeFile(join(folder, 'vain.yaml'), JSON.stringify({ folders: { adapters: ['vain'] } }));
    const { code, out } = await motlan('--config', 'vain.yaml', 'adapter', 'check', 'vain-office', '--simulated');
    expect(code).toBe(1);
    expect(out).toContain('acts.hand-over.leadsTo');
  });

  it('is used wrongly with an adapter that is not there', async () => {
    const { code, err } = await motlan('adapter', 'check', 'nowhere', '--simulated');
    expect(code).toBe(2);
    expect(err).toContain('memory');
  });
});

describe('motlan adapter new', () => {
  it('writes a folder that passes the whole contract suite as it stands', async () => {
    const { code, out } = await motlan('--json', 'adapter', 'new', 'land-office', '--folder', 'more');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ folder: join(folder, 'more/land-office'), files: expect.arrayContaining(['index.ts']) });
    const loaded = await loadAdapter([join(folder, 'more')], 'land-office');
    const samples = (await loadFixture(loaded.folder))?.kinds.item;
    if (loaded.start === null || samples === undefined) throw new Error('the new folder is not whole');
    let ran = 0;
    for (const check of CHECKS) {
      const bench = await openBench(loaded, loaded.start, samples, 'item');
      try {
        if (!check.applies(bench)) continue;
        await check.run(bench);
        ran += 1;
      } finally {
        await bench.close();
      }
    }
    expect(ran).toBeGreaterThan(20);
  });

  it('overwrites nothing and takes no odd name', async () => {
    expect((await motlan('adapter', 'new', 'tax-office', '--folder', 'more')).code).toBe(0);
    await writeFile(join(folder, 'more/tax-office/README.md'), 'ours\n');
    expect((await motlan('adapter', 'new', 'tax-office', '--folder', 'more')).code).toBe(1);
    for (const name of ['Tax', '../out', 'thuế']) {
      const { code, err } = await motlan('adapter', 'new', name, '--folder', 'more');
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('lower-case') });
    }
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
