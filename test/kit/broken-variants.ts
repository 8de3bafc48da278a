import { resolve } from 'node:path';
import type { ActVerb, RecordKind, Sighting, Simulator, StartSimulator, System } from '../../src/kit/contract.ts';
import { type LoadedAdapter, loadAdapter, loadFixture } from '../../src/kit/load.ts';
import { openBench } from '../../src/kit/proof/bench.ts';
import { CHECKS } from '../../src/kit/proof/checks.ts';

/** One thing wrong with a system, for every trait an adapter may declare; and the check that has to speak of it. */
export interface Broken {
  readonly trait: string;
  readonly what: string;
  /** How the check's name begins. */
  readonly check: string;
  /** The reference adapter unless another is named, as `adapter/kind`. */
  readonly of?: string;
  readonly kind?: (kind: RecordKind) => RecordKind;
  readonly system?: (system: System) => System;
  readonly simulator?: (simulator: Simulator) => Simulator;
}

const FOLDERS = ['../../adapters', 'file-adapters'].map((folder) => resolve(import.meta.dirname, folder));

type VerbName = 'read' | 'find' | 'changes' | 'list' | 'hear' | 'create' | 'update' | 'putFile' | 'getFile';
type VerbOf<Name extends VerbName> = NonNullable<RecordKind[Name]>;

/** The kind with one verb altered. */
const altered =
  <Name extends VerbName>(name: Name, alter: (verb: VerbOf<Name>) => VerbOf<Name>) =>
  (kind: RecordKind): RecordKind => {
    const verb = kind[name];
    if (verb === undefined) throw new Error(`the kind has no ${name}`);
    return { ...kind, [name]: alter(verb as VerbOf<Name>) };
  };
const act =
  (name: string, alter: (verb: ActVerb) => ActVerb) =>
  (kind: RecordKind): RecordKind => {
    const verb = kind.acts?.[name];
    if (verb === undefined) throw new Error(`the kind has no act ${name}`);
    return { ...kind, acts: { ...kind.acts, [name]: alter(verb) } };
  };
const sightings = (seen: ReadonlyMap<string, Sighting | null>, alter: (sighting: Sighting) => Sighting) =>
  new Map([...seen].map(([id, one]) => [id, one === null ? null : alter(one)]));

/** A write that is late comes later than the system said. */
const tardy = (simulator: Simulator): Simulator => ({
  ...simulator,
  setFaults: (faults) => simulator.setFaults({ ...faults, ...(faults.lateMs === undefined ? {} : { lateMs: faults.lateMs * 2 }) }),
});

export const BROKEN: readonly Broken[] = [
  {
    trait: 'read',
    what: 'a read that knows nobody',
    check: 'each id is answered',
    kind: altered('read', (verb) => ({ ...verb, run: async (ids) => new Map(ids.map((id) => [id, null])) })),
  },
  {
    trait: 'read.by',
    what: 'ids of the system where our key is declared',
    check: 'each id is answered',
    kind: altered('read', (verb) => ({ ...verb, by: 'key' })),
  },
  {
    trait: 'read.most',
    what: 'fewer ids a call than declared',
    check: 'each id is answered',
    kind: altered('read', (verb) => ({ ...verb, run: (ids, call) => verb.run(ids.slice(0, verb.most - 1), call) })),
  },
  {
    trait: 'readLagMs',
    what: 'a read that shows the old record for longer',
    check: 'what was written is read',
    kind: altered('read', (verb) => {
      const kept = new Map<string, Sighting | null>();
      return {
        ...verb,
        run: async (ids, call) => {
          for (const [id, seen] of await verb.run(ids, call)) if (!kept.has(id)) kept.set(id, seen);
          return kept;
        },
      };
    }),
  },
  {
    trait: 'find',
    what: 'a search that finds nobody',
    check: 'find gives',
    kind: altered('find', (verb) => ({ ...verb, run: async () => [] })),
  },
  {
    trait: 'find.by',
    what: 'fields by which nothing is searched',
    check: 'find gives',
    kind: altered('find', (verb) => ({ ...verb, by: [...verb.by, ['name']] })),
  },
  {
    trait: 'find.unique',
    what: 'two records where one is declared',
    check: 'find gives',
    kind: altered('find', (verb) => ({
      ...verb,
      run: async (fields, call) => (await verb.run(fields, call)).flatMap((one) => [one, { ...one, id: `${one.id}-2` }]),
    })),
  },
  {
    trait: 'find.indexLagMs',
    what: 'an index that lags longer',
    check: 'find gives',
    kind: altered('find', (verb) => {
      let asked = 0;
      return { ...verb, run: async (fields, call) => (asked++ === 0 ? [] : verb.run(fields, call)) };
    }),
  },
  {
    trait: 'changes',
    what: 'a change that is skipped',
    check: 'changes skip nothing',
    kind: altered('changes', (verb) => ({
      ...verb,
      run: async (cursor, call) => {
        const page = await verb.run(cursor, call);
        return { ...page, touches: page.touches.slice(1) };
      },
    })),
  },
  {
    trait: 'changes.overlapMs',
    what: 'a cursor that is not heeded',
    check: 'changes repeat nothing',
    kind: altered('changes', (verb) => {
      let pages = 0;
      return { ...verb, run: (cursor, call) => verb.run(pages++ % 2 === 0 ? null : cursor, call) };
    }),
  },
  {
    trait: 'list',
    what: 'a page without its last record',
    check: 'a list stays complete',
    kind: altered('list', (verb) => ({
      ...verb,
      run: async (cursor, call) => {
        const page = await verb.run(cursor, call);
        return { ...page, items: page.items.slice(0, -1) };
      },
    })),
  },
  {
    trait: 'list.gives',
    what: 'ids where records are declared',
    check: 'a list stays complete',
    kind: altered('list', (verb) => ({
      ...verb,
      run: async (cursor, call) => {
        const page = await verb.run(cursor, call);
        return { ...page, items: page.items.map(({ id, key, version }) => ({ id, key, version })) };
      },
    })),
  },
  {
    trait: 'list.gives',
    what: 'versions where only ids are declared',
    check: 'a list stays complete',
    of: 'driving-licence/licence-copy',
    kind: altered('list', (verb) => ({
      ...verb,
      run: async (cursor, call) => {
        const page = await verb.run(cursor, call);
        return { ...page, items: page.items.map(({ id, key }) => ({ id, key, version: '1' })) };
      },
    })),
  },
  {
    trait: 'hear',
    what: 'a message about another record',
    check: 'a callback is believed',
    kind: altered('hear', (verb) => ({
      ...verb,
      run: async (heard, call) => {
        const said = await verb.run(heard, call);
        return { ...said, touches: said.touches.map((touch) => ({ ...touch, id: 'M-99999999', key: null })) };
      },
    })),
  },
  {
    trait: 'hear.proof',
    what: 'a message nobody signed',
    check: 'a callback is believed',
    kind: altered('hear', (verb) => {
      const taken: Awaited<ReturnType<typeof verb.run>>[] = [];
      return {
        ...verb,
        run: async (heard, call) => {
          const said = await verb.run(heard, call).catch((error: unknown) => taken[0] ?? Promise.reject(error));
          taken.push(said);
          return said;
        },
      };
    }),
  },
  {
    trait: 'hear.proof',
    what: 'one nonce for every message, so that the second is taken for a replay',
    check: 'a callback is believed',
    kind: altered('hear', (verb) => ({ ...verb, run: async (heard, call) => ({ ...(await verb.run(heard, call)), nonce: 'nonce-0001' }) })),
  },
  {
    trait: 'hear.proof',
    what: 'a new nonce for a message that is replayed',
    check: 'a callback is believed',
    kind: altered('hear', (verb) => {
      let heardSoFar = 0;
      return { ...verb, run: async (heard, call) => ({ ...(await verb.run(heard, call)), nonce: `nonce-${heardSoFar++}` }) };
    }),
  },
  {
    trait: 'ordered',
    what: 'messages numbered as they come',
    check: 'messages are numbered',
    kind: altered('hear', (verb) => {
      let sequence = 0;
      return {
        ...verb,
        run: async (heard, call) => {
          const said = await verb.run(heard, call);
          sequence += 1;
          return {
            ...said,
            touches: said.touches.map((touch) => ({ ...touch, sighting: touch.sighting && { ...touch.sighting, sequence } })),
          };
        },
      };
    }),
  },
  {
    trait: 'ordered',
    what: 'a number that stays what it was',
    check: 'what is read later',
    kind: altered('read', (verb) => ({
      ...verb,
      run: async (ids, call) => sightings(await verb.run(ids, call), (one) => ({ ...one, sequence: 1 })),
    })),
  },
  {
    trait: 'create',
    what: 'a receipt for another record',
    check: 'a created record',
    kind: altered('create', (verb) => ({
      ...verb,
      run: async (order, call) => {
        const receipt = await verb.run(order, call);
        return receipt.is === 'done' ? { ...receipt, id: 'M-99999999' } : receipt;
      },
    })),
  },
  {
    trait: 'create',
    what: 'a record that was only taken in and shows up nowhere',
    check: 'a created record',
    kind: (kind) => {
      const { read: _read, list: _list, ...rest } = kind;
      const blind = altered('changes', (verb) => ({ ...verb, run: async () => ({ touches: [], cursor: '0', more: false }) }));
      const queued = altered('create', (verb) => ({
        ...verb,
        run: async (order, call) => {
          await verb.run(order, call);
          return { is: 'queued', ticket: '1' };
        },
      }));
      return queued(blind(rest));
    },
  },
  {
    trait: 'create.repeat',
    what: 'a system that takes twins',
    check: 'the same order again',
    simulator: (simulator) => {
      simulator.setFaults({ unsafe: true });
      return simulator;
    },
  },
  {
    trait: 'create.repeat',
    what: 'a twin that is taken like the first, where it is declared rejected',
    check: 'a repeated order',
    of: 'civil-status/birth',
    kind: altered('create', (verb) => ({
      ...verb,
      run: async (order, call) => {
        const receipt = await verb.run(order, call);
        return receipt.is === 'already' ? { is: 'done', id: receipt.id ?? order.key, version: null, sequence: null } : receipt;
      },
    })),
  },
  { trait: 'create.landsWithinMs', what: 'a create that lands later', check: 'a late create lands', simulator: tardy },
  {
    trait: 'update',
    what: 'an update that changes nothing',
    check: 'an update changes the record',
    kind: altered('update', (verb) => ({ ...verb, run: async ({ id }) => ({ is: 'done', id, version: null, sequence: null }) })),
  },
  {
    trait: 'update.style',
    what: 'a patch that clears what it does not name',
    check: 'an update changes the record',
    kind: altered('update', (verb) => ({
      ...verb,
      run: (order, call) => verb.run({ ...order, record: { name: 'Không Còn Tên', ...order.record } }, call),
    })),
  },
  {
    trait: 'update.phases',
    what: 'changes admitted where they are declared not to be',
    check: 'an update outside its phases',
    kind: altered('update', (verb) => ({ ...verb, phases: ['sent'] })),
  },
  {
    trait: 'update.phases',
    what: 'changes refused where they are declared admitted',
    check: 'an update is admitted',
    kind: altered('update', (verb) => ({ ...verb, phases: [...verb.phases, 'issued'] })),
  },
  {
    trait: 'update.ifMatch',
    what: 'a condition that is not sent',
    check: 'of two writers',
    kind: altered('update', (verb) => ({ ...verb, run: (order, call) => verb.run({ ...order, version: null }, call) })),
  },
  { trait: 'update.landsWithinMs', what: 'an update that lands later', check: 'an update whose answer is lost', simulator: tardy },
  {
    trait: 'acts',
    what: 'an act that does nothing',
    check: 'an act is taken once',
    of: 'one-stop/birth',
    kind: act('step', (verb) => ({ ...verb, run: async ({ id }) => ({ is: 'done', id, version: null, sequence: null }) })),
  },
  {
    trait: 'acts.phases',
    what: 'an act taken where it is declared not to be',
    check: 'an act outside its phases',
    kind: act('withdraw', (verb) => ({ ...verb, phases: ['issued'] })),
  },
  {
    trait: 'acts.leadsTo',
    what: 'an act that leads elsewhere',
    check: 'an act leaves the record',
    kind: act('hand-over', (verb) => ({ ...verb, leadsTo: 'stopped' })),
  },
  {
    trait: 'acts.repeat',
    what: 'an act under a new key at each sending',
    check: 'an act is taken once',
    of: 'one-stop/birth',
    kind: act('step', (verb) => {
      let sent = 0;
      return { ...verb, run: (order, call) => verb.run({ ...order, actKey: `${order.actKey}-${sent++}` }, call) };
    }),
  },
  { trait: 'acts.landsWithinMs', what: 'an act that lands later', check: 'an act whose answer is lost', simulator: tardy },
  {
    trait: 'putFile',
    what: 'a file that is said to be there and was never sent',
    check: 'a file comes back',
    kind: altered('putFile', (verb) => ({ ...verb, run: async ({ file }) => ({ ...file.mark, remoteId: file.mark.hash }) })),
  },
  {
    trait: 'putFile.when',
    what: 'files that may not come before their record',
    check: 'a file is taken before',
    kind: altered('putFile', (verb) => ({ ...verb, when: 'before' })),
  },
  {
    trait: 'putFile.mostBytes',
    what: 'a larger file than declared',
    check: 'a file is taken before',
    kind: altered('putFile', (verb) => ({ ...verb, mostBytes: verb.mostBytes / 2 })),
  },
  {
    trait: 'putFile.mostBytes',
    what: 'less taken than declared',
    check: 'a file is taken before',
    kind: altered('putFile', (verb) => ({ ...verb, mostBytes: verb.mostBytes * 2 })),
  },
  {
    trait: 'getFile',
    what: 'a file cut short',
    check: 'a file comes back',
    kind: altered('getFile', (verb) => ({
      ...verb,
      run: async (order, call) => {
        const whole = await verb.run(order, call);
        return (async function* () {
          for await (const chunk of whole) yield chunk.subarray(0, 10);
        })();
      },
    })),
  },
  {
    trait: 'getFile',
    what: 'another paper than the one that was issued',
    check: 'a paper the system issues',
    of: 'civil-status/birth',
    kind: altered('getFile', (verb) => ({
      ...verb,
      run: async () =>
        (async function* () {
          yield Buffer.from('%PDF-1.4 một giấy khác');
        })(),
    })),
  },
  {
    trait: 'normalises',
    what: 'a text kept as it came',
    check: 'the system does to a value',
    kind: (kind) => ({ ...kind, normalises: { name: 'upper' } }),
  },
  {
    trait: 'normalises',
    what: 'a text changed without a word',
    check: 'the system does to a value',
    kind: (kind) => ({ ...kind, normalises: {} }),
  },
  {
    trait: 'over',
    what: 'a file read before it is whole',
    check: 'a half-written file',
    of: 'phieu/phieu',
    simulator: (simulator) => ({ ...simulator, setFaults: ({ halfFile: _half, ...faults }) => simulator.setFaults(faults) }),
  },
  {
    trait: 'limits.concurrent',
    what: 'more calls at once than declared',
    check: 'no more calls',
    system: (system) => ({ ...system, limits: { concurrent: 1, perSecond: null, perDay: null } }),
  },
];

/** What the named check finds wrong; null = nothing, and that is what must not be. */
export async function foundIn({ of = 'memory/item', check: begins, kind, system, simulator }: Broken): Promise<string | null> {
  const [name = '', kindName = ''] = of.split('/');
  const loaded = await loadAdapter(FOLDERS, name);
  const samples = (await loadFixture(loaded.folder))?.kinds[kindName];
  const check = CHECKS.find((one) => one.name.startsWith(begins));
  if (loaded.start === null || samples === undefined || check === undefined) throw new Error(`nothing to try on ${of} with "${begins}"`);
  const { start } = loaded;
  const spoiled: StartSimulator = async (options) => (simulator ?? same)(await start(options));
  const bench = await openBench(spoil(loaded, kindName, kind ?? same, system ?? same), spoiled, samples, kindName);
  try {
    if (!check.applies(bench)) return Promise.reject(new Error(`"${begins}" does not speak of ${of}`));
    return await check.run(bench).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : 'failed'),
    );
  } finally {
    await bench.close();
  }
}

const same = <T>(one: T): T => one;

const spoil = (
  loaded: LoadedAdapter,
  name: string,
  kind: (kind: RecordKind) => RecordKind,
  whole: (system: System) => System,
): LoadedAdapter => ({
  ...loaded,
  adapter: {
    ...loaded.adapter,
    open: async (config, ports) => {
      const system = await loaded.adapter.open(config, ports);
      const one = system.kinds[name];
      if (one === undefined) throw new Error(`no kind ${name}`);
      return whole({ ...system, kinds: { ...system.kinds, [name]: kind(one) } });
    },
  },
});
