import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../../model/json.ts';
import type { Clock } from '../../model/ports.ts';
import type { AdapterPorts, Call, FileSource, RecordKind, Simulator, SimulatorFaults, StartSimulator, System } from '../contract.ts';
import type { KindFixture } from '../contract-fixture.ts';
import type { LoadedAdapter } from '../load.ts';
import { openSystem } from '../load.ts';
import { isTrouble, type Trouble } from '../trouble.ts';

/** A fresh simulator, the adapter opened against it, and a clock that moves only when told. */
export interface Bench {
  readonly kind: RecordKind;
  readonly name: string;
  readonly fixture: KindFixture;
  readonly simulator: Simulator;
  readonly system: System;
  readonly clock: TestClock;
  readonly call: Call;
  readonly reports: string[];
  /** What a check has shown to be as declared, by the names of `capability.ts`. */
  readonly proved: Set<string>;
  /** What cannot be shown here, and why. */
  readonly excused: Map<string, Reason>;
  readonly start: StartSimulator;
  key(n: number): string;
  faults(faults: Partial<SimulatorFaults>): void;
  close(): Promise<void>;
}

export interface Reason {
  readonly vi: string;
  readonly en: string;
}

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(at = 1_790_000_000_000): TestClock {
  let now = at;
  let waiting: { readonly until: number; readonly go: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) return resolve();
        waiting.push({ until: now + ms, go: resolve });
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
    advance: (ms) => {
      now += ms;
      const due = waiting.filter((one) => one.until <= now);
      waiting = waiting.filter((one) => one.until > now);
      for (const one of due) one.go();
    },
  };
}

const chance: AdapterPorts['chance'] = { random: () => 0.5, id: () => 'id' };

export async function openBench(
  loaded: LoadedAdapter,
  start: StartSimulator,
  fixture: KindFixture,
  name: string,
  config: JsonObject = {},
): Promise<Bench> {
  const clock = testClock();
  const simulator = await start({ folder: null, clock });
  const system = await openSystem(loaded, { ...simulator.config, ...config }, { clock, chance });
  const kind = system.kinds[name];
  if (kind === undefined) throw new Error(`the adapter gives no kind ${name}`);
  const bench: Bench = {
    kind,
    name,
    fixture,
    simulator,
    system,
    clock,
    start,
    reports: [],
    proved: new Set(),
    excused: new Map(),
    call: { signal: new AbortController().signal },
    key: (n) => fixture.key?.(n) ?? `khoa-${n}`,
    faults: (faults) => simulator.setFaults(faults),
    close: async () => {
      await system.close();
      await simulator.close();
    },
  };
  return bench;
}

/** The trouble a call ended with. Anything else, success included, fails the check. */
export async function troubleOf(call: Promise<unknown>): Promise<Trouble> {
  try {
    await call;
  } catch (error) {
    if (isTrouble(error)) return error;
    throw new Error('an error that is no Trouble came out of a verb', { cause: error });
  }
  throw new Error('the call succeeded where trouble was due');
}

export function must(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** Every text of some length that the record holds. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length >= 4 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

export function mustNotLeak(error: Trouble, record: JsonObject): void {
  const shown = `${error.message} ${error.stack ?? ''} ${JSON.stringify(error.detail)} ${String(error.cause ?? '')}`;
  must(!textsIn(record).some((text) => shown.includes(text)), `a value of the record stands in the error ${error.detail.code}`);
}

/** Whether a call is answered; a file is only put, or lies there. */
export const answers = (bench: Bench): boolean => bench.kind.over !== 'files';

/** Says that a check has just shown these to be as declared. */
export const proves = (bench: Bench, ...names: readonly string[]): void => {
  for (const name of names) bench.proved.add(name);
};

export const rowsOf = (bench: Bench) => bench.simulator.records(bench.name);

/** n records made at the system, through `create` where there is one, else typed by hand. */
export async function seed(bench: Bench, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    const record = bench.fixture.record(n);
    if (bench.kind.create === undefined) bench.simulator.typeByHand(bench.name, record);
    else await bench.kind.create.run({ key: bench.key(n), record, files: [] }, bench.call);
  }
  // A system that exchanges files takes them when it looks.
  rowsOf(bench);
}

export function only(bench: Bench) {
  const [row, ...others] = rowsOf(bench);
  must(
    row !== undefined && others.length === 0,
    `one record was due at the system, there are ${others.length + (row === undefined ? 0 : 1)}`,
  );
  return row;
}

/** What `read` wants for a row: its id or our key. */
export const readName = (bench: Bench, row: { readonly id: string; readonly key: string | null }): string =>
  bench.kind.read?.by === 'key' ? (row.key ?? '') : row.id;

/** The value at a dotted path. */
export const at = (record: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, part) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined),
      record,
    );

export const fileOf = (bytes: Uint8Array, says: Partial<FileSource['mark']> = {}): FileSource => ({
  mark: {
    name: 'giay-to.pdf',
    mime: 'application/pdf',
    sizeBytes: bytes.byteLength,
    hash: createHash('sha256').update(bytes).digest('hex'),
    remoteId: null,
    kind: null,
    ...says,
  },
  open: async function* () {
    yield bytes;
  },
});

/** Until the condition holds; the real event loop is given turns. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    if (condition()) return;
    await wait(5);
  }
  throw new Error(what);
}

const STEADY_TURNS = 40;

/** Until a count that has begun stays the same for many turns of the event loop. */
export async function untilSteady(count: () => number): Promise<void> {
  let last = count();
  let same = 0;
  await until(() => {
    const now = count();
    same = now === last ? same + 1 : 0;
    last = now;
    return same >= STEADY_TURNS;
  }, 'the count does not come to rest');
}
