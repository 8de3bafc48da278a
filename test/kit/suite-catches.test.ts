import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordKind, Sighting, StartSimulator, System } from '../../src/kit/contract.ts';
import { type LoadedAdapter, loadAdapter, loadFixture } from '../../src/kit/load.ts';
import { openBench } from '../../src/kit/proof/bench.ts';
import { CHECKS } from '../../src/kit/proof/checks.ts';
import { Trouble } from '../../src/kit/trouble.ts';

/** The suite is proved: an adapter or a simulator with one thing wrong must fail the check that speaks of it. */

const FOLDERS = [resolve(import.meta.dirname, '../../adapters')];
const loaded = await loadAdapter(FOLDERS, 'memory');
const samples = (await loadFixture(loaded.folder))?.kinds.item;
const { start } = loaded;
if (start === null || samples === undefined) throw new Error('the reference adapter is not whole');

type Alter = (kind: RecordKind) => RecordKind;
const broken = (alter: Alter, whole: (system: System) => System = (system) => system): LoadedAdapter => ({
  ...loaded,
  adapter: {
    ...loaded.adapter,
    open: async (config, ports) => {
      const system = await loaded.adapter.open(config, ports);
      const item = system.kinds.item;
      if (item === undefined) throw new Error('the reference adapter has lost its kind');
      return whole({ ...system, kinds: { item: alter(item) } });
    },
  },
});

async function verdict(adapter: LoadedAdapter, name: string, simulator: StartSimulator = start as StartSimulator): Promise<string | null> {
  const check = CHECKS.find((one) => one.name.startsWith(name));
  if (check === undefined || samples === undefined) throw new Error(`no check "${name}"`);
  const bench = await openBench(adapter, simulator, samples, 'item');
  try {
    if (!check.applies(bench)) return 'skipped';
    await check.run(bench);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    await bench.close();
  }
}

/** Puts another `run` on a verb that is there. */
function rerun<Name extends 'read' | 'find' | 'changes' | 'list' | 'hear' | 'create' | 'update' | 'getFile'>(
  name: Name,
  make: (run: NonNullable<RecordKind[Name]>['run']) => unknown,
): Alter {
  return (kind) => {
    const verb = kind[name];
    if (verb === undefined) throw new Error(`the reference adapter has no ${name}`);
    return { ...kind, [name]: { ...verb, run: make(verb.run) } };
  };
}

const CASES: readonly (readonly [what: string, check: string, alter: Alter])[] = [
  [
    'answers matched by position',
    'each id is answered with its own record',
    rerun('read', (run) => async (ids: string[], call: Parameters<typeof run>[1]) => {
      const seen = [...(await run(ids, call)).values()].reverse();
      return new Map(ids.map((id, index) => [id, seen[index] ?? null]));
    }),
  ],
  [
    'a short answer taken for "not there"',
    'an id missing from a short answer',
    rerun('read', (run) => async (ids: string[], call: Parameters<typeof run>[1]) => {
      const seen = await run(ids, call);
      return new Map(ids.map((id) => [id, seen.get(id) ?? null]));
    }),
  ],
  [
    'a sighting that states more than it covers',
    'each id is answered with its own record',
    rerun('read', (run) => async (ids: string[], call: Parameters<typeof run>[1]) => {
      const seen = await run(ids, call);
      const less = (sighting: Sighting | null) => (sighting === null ? null : { ...sighting, covers: ['code'] });
      return new Map([...seen].map(([id, sighting]) => [id, less(sighting)]));
    }),
  ],
  ['a search that gives everything', 'find gives the record', rerun('find', () => async () => [])],
  ['a record called only looked up that a verb writes', 'a record that is only looked up', (kind) => ({ ...kind, onlyLookedUp: true })],
  [
    'a search that writes what it is only to look up',
    'a record that is only looked up',
    (kind) => {
      const { create, update: _update, acts: _acts, putFile: _putFile, find, ...rest } = kind;
      if (create === undefined || find === undefined) throw new Error('the reference adapter creates and finds');
      const run: typeof find.run = async (fields, call) => {
        await create.run({ key: 'look', record: { code: 'MAU-LOOK', name: 'Bản Ghi Tra' }, files: [] }, call);
        return find.run(fields, call);
      };
      return { ...rest, onlyLookedUp: true, find: { ...find, run } };
    },
  ],
  [
    'a skipped change',
    'changes skip nothing',
    rerun('changes', (run) => async (...given: Parameters<typeof run>) => {
      const page = await run(...given);
      return { ...page, touches: page.touches.slice(1) };
    }),
  ],
  [
    'a page that loses its last record',
    'a list stays complete',
    rerun('list', (run) => async (...given: Parameters<typeof run>) => {
      const page = await run(...given);
      return { ...page, items: page.items.slice(0, -1) };
    }),
  ],
  [
    'a callback whose signature nobody checks',
    'a callback is believed',
    rerun('hear', () => async (heard: { readonly body: Uint8Array }) => {
      const { row } = JSON.parse(Buffer.from(heard.body).toString('utf8')) as { row: { id: string } };
      return { touches: [{ kind: 'item', id: row.id, key: null, sighting: null }], nonce: 'nonce-0001' };
    }),
  ],
  [
    'messages numbered as they come',
    'messages are numbered',
    rerun('hear', (run) => {
      let heard = 0;
      return async (...given: Parameters<typeof run>) => {
        const said = await run(...given);
        heard += 1;
        return {
          ...said,
          touches: said.touches.map((touch) => ({ ...touch, sighting: touch.sighting && { ...touch.sighting, sequence: heard } })),
        };
      };
    }),
  ],
  [
    'a condition that is not sent',
    'of two writers',
    rerun(
      'update',
      (run) => (order: object, call: Parameters<typeof run>[1]) => run({ ...(order as Parameters<typeof run>[0]), version: null }, call),
    ),
  ],
  [
    'phases that are not the true ones',
    'an update outside its phases',
    (kind) => ({ ...kind, ...(kind.update && { update: { ...kind.update, phases: ['sent'] } }) }),
  ],
  [
    'an act declared for another phase',
    'an act outside its phases',
    (kind) => ({
      ...kind,
      acts: { withdraw: { ...(kind.acts?.withdraw as NonNullable<RecordKind['acts']>[string]), phases: ['issued'] } },
    }),
  ],
  ['a normalisation that is not declared', 'the system does to a value', (kind) => ({ ...kind, normalises: {} })],
  ['a normalisation that does not happen', 'the system does to a value', (kind) => ({ ...kind, normalises: { name: 'upper' } })],
  [
    'a window of no length',
    'a late create lands',
    (kind) => ({ ...kind, ...(kind.create && { create: { ...kind.create, landsWithinMs: 0 } }) }),
  ],
  [
    'a new key at each sending',
    'a create that lands late',
    rerun('create', (run) => {
      let sent = 0;
      return (order: Parameters<typeof run>[0], call: Parameters<typeof run>[1]) => {
        sent += 1;
        return run({ ...order, key: `${order.key}-${sent}`, record: { ...order.record, code: `${order.record.code}-${sent}` } }, call);
      };
    }),
  ],
  [
    'a lost answer called success',
    'a create whose answer is lost',
    rerun(
      'create',
      (run) =>
        (...given: Parameters<typeof run>) =>
          run(...given).catch(() => ({ is: 'already', id: null })),
    ),
  ],
  [
    'a value in an error',
    'a server error',
    rerun('create', (run) => async (order: Parameters<typeof run>[0], call: Parameters<typeof run>[1]) => {
      try {
        return await run(order, call);
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        throw new Trouble({ ...error.detail, en: `refused for ${String(order.record.name)}` });
      }
    }),
  ],
  [
    'a page called success',
    'an HTML page',
    rerun(
      'create',
      (run) =>
        (...given: Parameters<typeof run>) =>
          run(...given).catch(() => ({ is: 'done', id: 'x', version: null, sequence: null })),
    ),
  ],
  [
    'a search that says "nothing" in bad weather',
    'a server error',
    (kind) => {
      const { read: _read, list: _list, changes: _changes, create: _create, find, ...rest } = kind;
      if (find === undefined) throw new Error('the reference adapter has no find');
      return { ...rest, find: { ...find, run: (fields, call) => find.run(fields, call).catch(() => []) } };
    },
  ],
  [
    'an abort nobody hears',
    'nothing is sent once the signal',
    rerun('read', (run) => (ids: readonly string[]) => run(ids, { signal: new AbortController().signal })),
  ],
  [
    'a file cut short',
    'a file comes back',
    rerun('getFile', (run) => async (...given: Parameters<typeof run>) => {
      const whole = await run(...given);
      return (async function* () {
        for await (const chunk of whole) yield chunk.subarray(0, 10);
      })();
    }),
  ],
];

describe('the contract suite', () => {
  it('finds nothing wrong with the reference adapter', async () => {
    for (const check of CHECKS)
      expect(await verdict(loaded, check.name), check.name).toSatisfy((said) => said === null || said === 'skipped');
  });

  it('finds nothing wrong with a record that is truly only looked up', async () => {
    const bare: Alter = ({ create: _create, update: _update, acts: _acts, putFile: _putFile, ...rest }) => ({
      ...rest,
      onlyLookedUp: true,
    });
    expect(await verdict(broken(bare), 'a record that is only looked up')).toBeNull();
  });

  it.each(CASES)('catches %s', async (_, check, alter) => {
    expect(await verdict(broken(alter), check)).not.toBeNull();
  });

  it('catches a system that takes twins although that is denied', async () => {
    const unsafe: StartSimulator = (options) => (start as StartSimulator)({ ...options, faults: { unsafe: true } });
    expect(await verdict(loaded, 'the same order again', unsafe)).toContain('2 records');
  });

  it('catches more calls in flight than declared', async () => {
    const modest = (system: System): System => ({ ...system, limits: { concurrent: 1, perSecond: null, perDay: null } });
    expect(
      await verdict(
        broken((kind) => kind, modest),
        'no more calls',
      ),
    ).toContain('in flight');
  });

  it('catches a probe that writes', async () => {
    const writing = (system: System): System => ({
      ...system,
      probe: async (call) => {
        await system.kinds.item?.create?.run({ key: 'probe', record: { code: 'MAU-PROBE', name: 'Bản Ghi Dò' }, files: [] }, call);
        return [{ hop: 'write', ok: true, vi: 'Ghi được.', en: 'Can write.' }];
      },
    });
    expect(
      await verdict(
        broken((kind) => kind, writing),
        'the probe only reads',
      ),
    ).toContain('wrote');
  });

  it('catches a simulator that forgets over a restart', async () => {
    const forgetful: StartSimulator = (options) => (start as StartSimulator)({ ...options, folder: null });
    expect(await verdict(loaded, 'the simulator keeps', forgetful)).toContain('lost records');
  });
});
