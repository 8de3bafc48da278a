import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChangesPage, ChangesVerb, RecordKind, StartSimulator } from '../../src/kit/contract.ts';
import { type LoadedAdapter, loadAdapter, loadFixture } from '../../src/kit/load.ts';
import { openBench } from '../../src/kit/proof/bench.ts';
import { CHECKS } from '../../src/kit/proof/checks.ts';

const loaded = await loadAdapter([resolve(import.meta.dirname, 'file-adapters')], 'phieu');
const samples = (await loadFixture(loaded.folder))?.kinds.phieu;
const { start } = loaded;
if (samples === undefined || start === null) throw new Error('the sample adapter has lost its fixture or simulator');

/** What the check says of the adapter: nothing, or what is wrong. */
async function verdict(adapter: LoadedAdapter, name: string, startWith: StartSimulator = start as StartSimulator): Promise<string> {
  const check = CHECKS.find((one) => one.name.includes(name));
  if (check === undefined || samples === undefined) throw new Error(`no check ${name}`);
  const bench = await openBench(adapter, startWith, samples, 'phieu');
  try {
    if (!check.applies(bench)) return 'does not apply';
    await check.run(bench);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : 'broken';
  } finally {
    await bench.close();
  }
}

const broken = (spoil: (kind: RecordKind) => RecordKind): LoadedAdapter => ({
  ...loaded,
  adapter: {
    ...loaded.adapter,
    open: async (config, ports) => {
      const system = await loaded.adapter.open(config, ports);
      return { ...system, kinds: Object.fromEntries(Object.entries(system.kinds).map(([name, kind]) => [name, spoil(kind)])) };
    },
  },
});
const withChanges = (run: (verb: ChangesVerb) => ChangesVerb['run']): LoadedAdapter =>
  broken((kind) => (kind.changes === undefined ? kind : { ...kind, changes: { ...kind.changes, run: run(kind.changes) } }));

describe('the contract suite over an adapter that exchanges files', () => {
  it.each(CHECKS.map(({ name }) => name))('%s', async (name) => {
    expect(['', 'does not apply']).toContain(await verdict(loaded, name));
  });

  it('asks what files must keep, and nothing about answers that cannot be lost', async () => {
    for (const name of [
      'half-written',
      'comes twice',
      'bad row',
      'comes late',
      'sent again after',
      'a closed port',
      'changes skip nothing',
    ])
      expect([name, await verdict(loaded, name)]).toEqual([name, '']);
    for (const name of ['whose answer is lost', 'lands late', '429', 'an abort ends'])
      expect([name, await verdict(loaded, name)]).toEqual([name, 'does not apply']);
  });
});

describe('the contract suite catches', () => {
  const half: StartSimulator = async (options) => {
    const simulator = await (start as StartSimulator)(options);
    return { ...simulator, setFaults: ({ halfFile: _half, ...faults }) => simulator.setFaults(faults) };
  };

  it('a file read before it is whole', async () => {
    expect(await verdict(loaded, 'half-written', half)).toContain('before it was whole');
  });

  it('a file taken twice', async () => {
    const twice = withChanges((verb) => async (cursor, call) => {
      const page = await verb.run(cursor, call);
      return { ...page, touches: [...page.touches, ...page.touches] };
    });
    expect(await verdict(twice, 'comes twice')).toContain('touches were taken');
  });

  it('a bad row passed over in silence, or told without its line', async () => {
    const silent = withChanges((verb) => async (cursor, call) => {
      const { refused: _none, ...page } = await verb.run(cursor, call);
      return page;
    });
    const vague = withChanges((verb) => async (cursor, call): Promise<ChangesPage> => {
      const page = await verb.run(cursor, call);
      return page.refused === undefined ? page : { ...page, refused: page.refused.map((row) => ({ ...row, line: 0 })) };
    });
    expect(await verdict(silent, 'bad row')).toContain('silence');
    expect(await verdict(vague, 'bad row')).toContain('not told in full');
  });

  it('a late file that is never taken', async () => {
    let calls = 0;
    const deaf = withChanges((verb) => async (cursor, call) => {
      calls += 1;
      return calls > 2 ? { touches: [], cursor: cursor ?? '', more: false } : verb.run(cursor, call);
    });
    expect(await verdict(deaf, 'comes late')).toContain('never taken');
  });

  it('a create that puts its file again', async () => {
    let n = 0;
    const again = broken((kind) =>
      kind.create === undefined
        ? kind
        : {
            ...kind,
            create: {
              ...kind.create,
              run: (order, call) => {
                n += 1;
                return kind.create?.run({ ...order, key: `${order.key}-${n}` }, call) ?? Promise.reject(new Error('none'));
              },
            },
          },
    );
    expect(await verdict(again, 'sent again after')).toContain('records stand');
  });
});
