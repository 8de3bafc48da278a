import type { ActVerb, CreateOrder, UpdateVerb } from '../../src/kit/contract.ts';
import { isTrouble } from '../../src/kit/trouble.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Phase } from '../../src/model/words.ts';
import { answers, type Bench, must, mustNotLeak, only, readName, rowsOf, seed, troubleOf, until } from './bench.ts';
import type { Check } from './checks.ts';

const order = (bench: Bench, n = 1): CreateOrder => ({ key: bench.key(n), record: bench.fixture.record(n), files: [] });
const create = (bench: Bench, n = 1) => {
  must(bench.kind.create !== undefined, 'create is declared');
  return bench.kind.create.run(order(bench, n), bench.call);
};
const repeatsSafely = (bench: Bench) => bench.kind.create !== undefined && bench.kind.create.repeat !== 'unsafe';
const taken = (bench: Bench) => bench.simulator.received().length;

async function versionNow(bench: Bench): Promise<string | null> {
  const name = readName(bench, only(bench));
  return (await bench.kind.read?.run([name], bench.call))?.get(name)?.version ?? null;
}

const update = (bench: Bench, version: string | null, changes: JsonObject) => {
  const { id, key } = only(bench);
  const verb = updateOf(bench);
  const record = verb.style === 'patch' ? changes : { ...bench.fixture.record(1), ...changes };
  return verb.run({ id, key: key ?? bench.key(1), version, record, files: [] }, bench.call);
};
const updateOf = (bench: Bench): UpdateVerb => {
  must(bench.kind.update !== undefined, 'update is declared');
  return bench.kind.update;
};
const hasUpdate = (bench: Bench) => bench.kind.update !== undefined && bench.fixture.edit !== undefined;

/** Walks the fixture's stages one by one; `arrived` runs at each phase. */
async function walk(bench: Bench, arrived: (phase: Phase) => Promise<void>): Promise<void> {
  for (const { stage, phase, fields } of bench.fixture.stages ?? []) {
    bench.simulator.advance(bench.name, only(bench).id, stage, fields);
    await arrived(phase);
  }
}

const actOrder = (bench: Bench, name: string, actKey: string) => {
  const { id, key } = only(bench);
  return { id, key: key ?? bench.key(1), actKey, record: bench.fixture.acts?.[name]?.record ?? {}, files: [] };
};

/** How an act that comes too early or too late may end: `unavailable` where an earlier step must land first. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['refused', 'already', 'unavailable']);

/** Acts to try: name, verb. */
const actsOf = (bench: Bench): readonly (readonly [string, ActVerb])[] =>
  Object.entries(bench.kind.acts ?? {}).filter(([name]) => bench.fixture.acts?.[name] !== undefined);

/** Brings the only record to a phase in which the act is allowed; false when the fixture knows no way. */
async function bringTo(bench: Bench, phases: readonly Phase[]): Promise<boolean> {
  if (phases.length === 0 || phases.includes('sent')) return true;
  for (const { stage, phase, fields } of bench.fixture.stages ?? []) {
    bench.simulator.advance(bench.name, only(bench).id, stage, fields);
    if (phases.includes(phase)) return true;
  }
  return false;
}

export const WRITE_CHECKS: readonly Check[] = [
  {
    name: 'a created record stands once at the system',
    applies: (bench) => bench.kind.create !== undefined,
    run: async (bench) => {
      const receipt = await create(bench);
      const row = only(bench);
      must(receipt.is !== 'done' || receipt.id === row.id, 'the receipt names another record');
      must(taken(bench) === 1, 'the system took another number of writes than one');
    },
  },
  {
    name: 'the same order again does what `repeat` declares',
    applies: (bench) => bench.kind.create !== undefined,
    run: async (bench) => {
      await create(bench);
      const again = await create(bench).then(
        () => null,
        (error: unknown) => error,
      );
      const rows = rowsOf(bench).length;
      if (repeatsSafely(bench))
        must(rows === 1 && again === null, `repeat is declared safe, but sending twice left ${rows} records or trouble`);
      else if (rows === 1) bench.reports.push('`repeat` is declared unsafe, but the same order twice left one record');
    },
  },
  {
    name: 'a repeated order is answered "already there" where twins are rejected',
    applies: (bench) => bench.kind.create?.repeat === 'rejects-twin',
    run: async (bench) => {
      await create(bench);
      must((await create(bench)).is === 'already', 'rejects-twin is declared, but the second order was taken like the first');
    },
  },
  {
    name: 'a create whose answer is lost is unsure, has landed, and is repeated as declared',
    applies: (bench) => bench.kind.create !== undefined && answers(bench),
    run: async (bench) => {
      bench.faults({ loseAnswer: 1 });
      const trouble = await troubleOf(create(bench));
      must(trouble.detail.kind === 'unsure', `a lost answer is unsure, not ${trouble.detail.kind}`);
      mustNotLeak(trouble, bench.fixture.record(1));
      only(bench);
      bench.faults({ loseAnswer: 0 });
      if (!repeatsSafely(bench)) return;
      await create(bench);
      only(bench);
    },
  },
  {
    name: 'a create that lands late makes no twin of the one sent again',
    applies: (bench) => repeatsSafely(bench) && answers(bench),
    run: async (bench) => {
      const lateMs = Math.max(1, (bench.kind.create?.landsWithinMs ?? 1) - 1);
      bench.faults({ landLate: 1, lateMs });
      must((await troubleOf(create(bench))).detail.kind === 'unsure', 'a late landing is unsure');
      must(rowsOf(bench).length === 0, 'nothing has landed yet');
      bench.faults({ landLate: 0 });
      await create(bench);
      bench.clock.advance(lateMs);
      await new Promise((resolve) => setTimeout(resolve, 50));
      only(bench);
    },
  },
  {
    name: 'a late create lands within the declared window',
    applies: (bench) => bench.kind.create !== undefined && answers(bench),
    run: async (bench) => {
      const windowMs = bench.kind.create?.landsWithinMs ?? 0;
      must(windowMs > 0 && Number.isFinite(windowMs), 'landsWithinMs is a span of time');
      bench.faults({ landLate: 1, lateMs: windowMs });
      await troubleOf(create(bench));
      bench.clock.advance(windowMs);
      await until(() => rowsOf(bench).length === 1, 'the create did not land within its window');
    },
  },
  {
    name: 'an update changes the record and nothing else',
    applies: hasUpdate,
    run: async (bench) => {
      await seed(bench, 1);
      const edit = bench.fixture.edit ?? {};
      await bringTo(bench, updateOf(bench).phases);
      const before = only(bench).record;
      await update(bench, await versionNow(bench), edit);
      const after = only(bench).record;
      must(
        Object.entries(edit).every(([name, value]) => JSON.stringify(after[name]) === JSON.stringify(value)),
        'the edit is not in the record',
      );
      const others = Object.keys(bench.fixture.record(1)).filter((name) => !(name in edit));
      must(
        others.every((name) => JSON.stringify(before[name]) === JSON.stringify(after[name])),
        'the update changed another field',
      );
    },
  },
  {
    name: 'of two writers on one version the second is stale where If-Match is declared',
    applies: (bench) => hasUpdate(bench) && bench.kind.read !== undefined,
    run: async (bench) => {
      await seed(bench, 1);
      await bringTo(bench, updateOf(bench).phases);
      const version = await versionNow(bench);
      bench.simulator.edit(bench.name, only(bench).id, bench.fixture.clerkEdit ?? bench.fixture.edit ?? {});
      const clerks = JSON.stringify(only(bench).record);
      if (!updateOf(bench).ifMatch) {
        const refused = await update(bench, version, bench.fixture.edit ?? {}).then(
          () => false,
          () => true,
        );
        if (refused) bench.reports.push('`ifMatch` is not declared, but an older version was refused');
        return;
      }
      const trouble = await troubleOf(update(bench, version, bench.fixture.edit ?? {}));
      must(trouble.detail.kind === 'stale', `the second writer is stale, not ${trouble.detail.kind}`);
      must(JSON.stringify(only(bench).record) === clerks, 'the second writer overwrote the first');
    },
  },
  {
    name: 'an update outside its phases is refused and changes nothing',
    applies: hasUpdate,
    run: async (bench) => {
      await seed(bench, 1);
      await walk(bench, async (phase) => {
        if (updateOf(bench).phases.includes(phase)) return;
        const before = JSON.stringify(only(bench).record);
        const trouble = await troubleOf(update(bench, await versionNow(bench), bench.fixture.edit ?? {}));
        must(trouble.detail.kind === 'refused', `an update in phase ${phase} is refused, not ${trouble.detail.kind}`);
        must(JSON.stringify(only(bench).record) === before, `an update in phase ${phase} went through`);
      });
    },
  },
  {
    name: 'an act is taken once however often it is sent',
    applies: (bench) => actsOf(bench).length > 0,
    run: async (bench) => {
      for (const [name, verb] of actsOf(bench)) {
        bench.simulator.backup();
        await seed(bench, 1);
        if (await bringTo(bench, verb.phases)) {
          await verb.run(actOrder(bench, name, `${name}-1`), bench.call);
          const once = taken(bench);
          if (verb.repeat !== 'unsafe') {
            await verb.run(actOrder(bench, name, `${name}-1`), bench.call).catch(() => null);
            must(taken(bench) === once, `the act ${name} was taken twice`);
          }
        } else bench.reports.push(`no stage of the fixture leads to a phase of the act ${name}`);
        bench.simulator.restore();
      }
    },
  },
  {
    name: 'an act outside its phases is refused and changes nothing',
    applies: (bench) => actsOf(bench).some(([, verb]) => verb.phases.length > 0),
    run: async (bench) => {
      await seed(bench, 1);
      const tryAll = async (phase: Phase) => {
        for (const [name, verb] of actsOf(bench)) {
          if (verb.phases.length === 0 || verb.phases.includes(phase)) continue;
          const before = taken(bench);
          const ended = await verb.run(actOrder(bench, name, `${name}-${phase}`), bench.call).then(
            (receipt) => receipt.is,
            (error: unknown) => (isTrouble(error) ? error.detail.kind : Promise.reject(error)),
          );
          must(NOT_TAKEN.has(ended), `the act ${name} in phase ${phase} is refused, not ${ended}`);
          must(taken(bench) === before, `the act ${name} in phase ${phase} went through`);
        }
      };
      await tryAll('sent');
      await walk(bench, tryAll);
    },
  },
];
