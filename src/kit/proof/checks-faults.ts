import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Json, JsonObject } from '../../model/json.ts';
import type { TroubleKind } from '../../model/words.ts';
import type { Call, SimulatorFaults } from '../contract.ts';
import { isTrouble } from '../trouble.ts';
import { answers, at, type Bench, must, mustNotLeak, proves, readName, rowsOf, seed, troubleOf, until, untilSteady } from './bench.ts';
import type { Check } from './checks.ts';

/** One harmless read of the kind, by whatever verb it has. */
function look(bench: Bench, call: Call): Promise<unknown> | null {
  const { read, list, changes, find } = bench.kind;
  const [row] = rowsOf(bench);
  if (read !== undefined) return read.run([row === undefined ? 'khong-co-that' : readName(bench, row)], call);
  if (list !== undefined) return list.run(null, call);
  if (changes !== undefined) return changes.run(null, call);
  return find === undefined ? null : find.run(wanted(bench, find.by), call);
}
const canLook = ({ kind: { read, list, changes, find } }: Bench) => [read, list, changes, find].some((verb) => verb !== undefined);

/** The first set of fields that the sample record fills. */
function wanted(bench: Bench, by: readonly (readonly string[])[]): JsonObject {
  const sample = bench.fixture.record(1);
  const names = by.find((set) => set.every((name) => at(sample, name) !== undefined)) ?? [];
  return Object.fromEntries(names.map((name) => [name, at(sample, name) as Json]));
}

const write = (bench: Bench, n: number, call: Call) =>
  bench.kind.create?.run({ key: bench.key(n), record: bench.fixture.record(n), files: [] }, call);

interface Weather {
  readonly faults: Partial<SimulatorFaults>;
  readonly read: readonly TroubleKind[];
  readonly write: readonly TroubleKind[];
}

const WEATHERS: Readonly<Record<string, Weather>> = {
  '429 with Retry-After': { faults: { tooMany: 1 }, read: ['unavailable'], write: ['unavailable'] },
  'a server error': { faults: { serverError: 1 }, read: ['unavailable'], write: ['unsure', 'unknown'] },
  'an HTML page': { faults: { htmlPage: 1 }, read: ['unavailable', 'unknown'], write: ['unsure', 'unknown'] },
  'broken JSON': { faults: { wrongJson: 1 }, read: ['unavailable', 'unknown'], write: ['unsure', 'unknown'] },
  'a closed port': { faults: { down: true }, read: ['unavailable'], write: ['unavailable'] },
};

const weatherChecks = Object.entries(WEATHERS).map(
  ([name, weather]): Check => ({
    name: `${name} is neither success nor a crash, and shows no value`,
    applies: (bench) => answers(bench) || weather.faults.down === true,
    run: async (bench) => {
      await seed(bench, 1);
      bench.faults(weather.faults);
      // A socket kept open from before is seen to be shut only in the next turn; a call that leaves on it was never refused.
      if (weather.faults.down === true) await wait(20);
      const reading = look(bench, bench.call);
      if (reading !== null) {
        const trouble = await troubleOf(reading);
        must(weather.read.includes(trouble.detail.kind), `a read met with ${name} is ${trouble.detail.kind}`);
        if (weather.faults.tooMany === 1) must(trouble.detail.retryAfterMs !== undefined, 'Retry-After was dropped');
        mustNotLeak(trouble, bench.fixture.record(1));
      }
      bench.clock.advance(120_000);
      const writing = write(bench, 2, bench.call);
      if (writing === undefined) return;
      const trouble = await troubleOf(writing);
      must(weather.write.includes(trouble.detail.kind), `a write met with ${name} is ${trouble.detail.kind}`);
      mustNotLeak(trouble, bench.fixture.record(2));
    },
  }),
);

export const FAULT_CHECKS: readonly Check[] = [
  ...weatherChecks,
  {
    name: 'nothing is sent once the signal has aborted',
    applies: () => true,
    run: async (bench) => {
      await seed(bench, 1);
      const before = bench.simulator.counted().calls;
      const call = { signal: AbortSignal.abort() };
      for (const start of [() => look(bench, call), () => write(bench, 2, call)]) {
        const attempt = start();
        if (attempt === null || attempt === undefined) continue;
        must((await troubleOf(attempt)).detail.kind === 'unavailable', 'an aborted call that never left is unavailable');
      }
      must(bench.simulator.counted().calls === before, 'a call left after the abort');
    },
  },
  {
    name: 'an abort ends a call in flight; a write is then unsure',
    applies: answers,
    run: async (bench) => {
      await seed(bench, 1);
      bench.faults({ delayMs: 600_000 });
      for (const [start, kind] of [
        [(call: Call) => look(bench, call), 'unavailable'],
        [(call: Call) => write(bench, 2, call) ?? null, 'unsure'],
      ] as const) {
        const stop = new AbortController();
        const before = bench.simulator.counted().calls;
        const running = start({ signal: stop.signal });
        if (running === null) continue;
        const ended = troubleOf(running);
        await until(() => bench.simulator.counted().calls > before, 'the call never reached the system');
        stop.abort();
        must((await ended).detail.kind === kind, `an aborted call in flight is ${kind}`);
        // What the look had sent along may still arrive, and must not be taken for the write.
        await untilSteady(() => bench.simulator.counted().calls);
      }
    },
  },
  {
    name: 'no more calls are in flight than the adapter declares',
    applies: (bench) => bench.system.limits !== undefined && canLook(bench) && answers(bench),
    run: async (bench) => {
      await seed(bench, 1);
      const most = bench.system.limits?.concurrent ?? 0;
      bench.faults({ delayMs: 1_000 });
      const running = Array.from({ length: most * 3 }, () => look(bench, bench.call));
      const all = Promise.allSettled(running);
      let ended = false;
      void all.then(() => {
        ended = true;
      });
      // Time stands still until every call that will come has come: a clock that runs ahead ends the first before the next is there.
      await untilSteady(() => bench.simulator.counted().calls);
      await until(() => {
        bench.clock.advance(1_000);
        return ended;
      }, 'the calls do not end');
      const seen = bench.simulator.counted().mostInFlight;
      must(seen <= most, `${seen} calls were in flight, ${most} are declared`);
      must(seen > 0, 'no call was counted');
      proves(bench, 'limits.concurrent');
    },
  },
  {
    name: 'the probe only reads and tells each hop in two languages',
    applies: () => true,
    run: async (bench) => {
      await seed(bench, 1);
      const before = bench.simulator.received().length;
      const hops = await bench.system.probe(bench.call);
      must(hops.length > 0 && hops.every(({ ok, vi, en }) => ok && vi !== '' && en !== ''), 'a healthy system fails its probe');
      must(bench.simulator.received().length === before, 'the probe wrote');
      bench.faults({ down: true });
      const down = await bench.system.probe(bench.call).catch((error: unknown) => (isTrouble(error) ? [] : Promise.reject(error)));
      must(down.length === 0 || down.some(({ ok }) => !ok), 'the probe calls a closed port healthy');
    },
  },
  {
    name: 'the simulator keeps what it took over a restart, and goes back to a backup',
    applies: () => true,
    run: async (bench) => {
      const folder = mkdtempSync(join(tmpdir(), 'motlan-simulator-'));
      try {
        const first = await bench.start({ folder, clock: bench.clock });
        first.typeByHand(bench.name, bench.fixture.record(1));
        first.backup();
        first.typeByHand(bench.name, bench.fixture.record(2));
        await first.close();
        const second = await bench.start({ folder, clock: bench.clock });
        must(second.records(bench.name).length === 2 && second.received().length === 2, 'the restart lost records');
        second.restore();
        must(second.records(bench.name).length === 1, 'the backup was not put back');
        must(second.received().length === 2, 'restoring forgot what was received');
        await second.close();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
];
