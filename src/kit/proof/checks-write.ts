import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../../model/json.ts';
import type { CreateOrder, UpdateVerb } from '../contract.ts';
import { answers, type Bench, must, mustNotLeak, only, proves, readName, rowsOf, seed, troubleOf, until } from './bench.ts';
import type { Check } from './checks.ts';
import { bringTo, walk } from './walk.ts';

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

export const WRITE_CHECKS: readonly Check[] = [
  {
    name: 'a created record stands once at the system',
    applies: (bench) => bench.kind.create !== undefined,
    run: async (bench) => {
      const receipt = await create(bench);
      const row = only(bench);
      must(receipt.is !== 'done' || receipt.id === row.id, 'the receipt names another record');
      must(taken(bench) === 1, 'the system took another number of writes than one');
      if (receipt.is === 'queued') await mustShowUp(bench, row);
      proves(bench, 'create');
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
      if (repeatsSafely(bench) && bench.kind.create?.repeat !== 'rejects-twin') proves(bench, 'create.repeat');
      if (!repeatsSafely(bench) && rows === 1) bench.reports.push('`repeat` is declared unsafe, but the same order twice left one record');
    },
  },
  {
    name: 'a repeated order is answered "already there" where twins are rejected',
    applies: (bench) => bench.kind.create?.repeat === 'rejects-twin',
    run: async (bench) => {
      await create(bench);
      must((await create(bench)).is === 'already', 'rejects-twin is declared, but the second order was taken like the first');
      // The twin is told by what it states, whatever key it comes under.
      proves(bench, 'create.repeat');
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
      await wait(50);
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
      proves(bench, 'create.landsWithinMs');
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
      proves(bench, 'update', 'update.style');
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
      proves(bench, 'update.ifMatch');
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
      // Inside its phases it goes through: `an update changes the record`.
      proves(bench, 'update.phases');
    },
  },
  {
    name: 'an update is admitted in each of its phases that a record comes to',
    applies: hasUpdate,
    run: async (bench) => {
      await seed(bench, 1);
      await walk(bench, async (phase) => {
        if (!updateOf(bench).phases.includes(phase)) return;
        await update(bench, await versionNow(bench), bench.fixture.edit ?? {});
      });
    },
  },
  {
    name: 'an update whose answer is lost is unsure, and has landed within the declared window',
    applies: (bench) => hasUpdate(bench) && answers(bench),
    run: async (bench) => {
      await seed(bench, 1);
      await bringTo(bench, updateOf(bench).phases);
      const version = await versionNow(bench);
      const windowMs = updateOf(bench).landsWithinMs;
      must(windowMs > 0 && Number.isFinite(windowMs), 'landsWithinMs is a span of time');
      bench.faults({ landLate: 1, lateMs: windowMs });
      const trouble = await troubleOf(update(bench, version, bench.fixture.edit ?? {}));
      must(trouble.detail.kind === 'unsure', `a lost answer is unsure, not ${trouble.detail.kind}`);
      mustNotLeak(trouble, bench.fixture.record(1));
      bench.clock.advance(windowMs);
      const edit = Object.entries(bench.fixture.edit ?? {});
      const landed = () => edit.every(([name, value]) => JSON.stringify(only(bench).record[name]) === JSON.stringify(value));
      await until(landed, 'the update did not land within its window');
      proves(bench, 'update.landsWithinMs');
    },
  },
];

/** What was only taken in shows up where the kind tells of its records. */
async function mustShowUp(bench: Bench, { id, key }: { readonly id: string; readonly key: string | null }): Promise<void> {
  const { changes, read, list } = bench.kind;
  const names = new Set([id, key ?? id]);
  const told = await (changes === undefined ? null : changes.run(null, bench.call));
  const seen = [...(told?.touches ?? [])].flatMap((touch) => [touch.id, touch.key]);
  const listed = (await list?.run(null, bench.call))?.items.map((item) => item.id) ?? [];
  const shown =
    read === undefined
      ? []
      : [...(await read.run([read.by === 'key' ? (key ?? '') : id], bench.call))].flatMap(([name, one]) => (one === null ? [] : [name]));
  if ([changes, list, read].every((verb) => verb === undefined)) return;
  must(
    [...seen, ...listed, ...shown].some((name) => name !== null && names.has(name)),
    'a record that was only taken in shows up nowhere',
  );
}
