import type { Json, JsonObject, RecordKind, Simulator, SimulatorFaults, System } from '../../src/kit/index.ts';
import { listAdapters, loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import { type TestClock, testClock } from '../../src/kit/proof/bench.ts';
import { isTrouble, type Trouble } from '../../src/kit/trouble.ts';
import { realChance, realClock } from '../../src/ports.ts';

/** The social-insurance adapter as the product opens it, against its simulator or any address. */

const FOLDERS = ['adapters'];
const NAME = 'social-insurance';
export const call = () => ({ signal: AbortSignal.timeout(20_000) });

export async function openInsurance(config: Json, clock: TestClock = testClock()): Promise<System> {
  return openSystem(await loadAdapter(FOLDERS, NAME), config, { clock, chance: realChance(realClock) });
}

export interface World {
  readonly simulator: Simulator;
  readonly system: System;
  readonly clock: TestClock;
  readonly kind: (name: string) => RecordKind;
  close(): Promise<void>;
}

/** 24/11/2026 in +07:00. */
const DAY = Date.UTC(2026, 10, 24, 1);

export async function startWorld(config: JsonObject = {}, faults: Partial<SimulatorFaults> = {}): Promise<World> {
  const { start } = await loadAdapter(FOLDERS, NAME);
  if (start === null) throw new Error('the adapter has no simulator');
  const clock = testClock(DAY);
  const simulator = await start({ folder: null, clock, faults });
  const system = await openInsurance({ ...simulator.config, ...config }, clock);
  return {
    simulator,
    system,
    clock,
    kind: (name) => kindOf(system, name),
    close: async () => {
      await system.close();
      await simulator.close();
    },
  };
}

export function kindOf(system: System, name: string): RecordKind {
  const kind = system.kinds[name];
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

export async function sample(kind: string, n: number): Promise<JsonObject> {
  const place = listAdapters(FOLDERS).find((one) => one.name === NAME);
  const fixture = place === undefined ? null : await loadFixture(place.folder);
  const record = fixture?.kinds[kind]?.record(n);
  if (record === undefined) throw new Error(`no sample of ${kind}`);
  return record;
}

/** Files the n-th sample and gives its id. */
export async function filed(world: World, n: number, kind = 'child-card'): Promise<string> {
  const receipt = await world.kind(kind).create?.run({ key: `khoa-${n}`, record: await sample(kind, n), files: [] }, call());
  if (receipt?.is !== 'done') throw new Error('the filing was not saved');
  return receipt.id;
}

export const readOne = async (world: World, id: string, kind = 'child-card') => (await world.kind(kind).read?.run([id], call()))?.get(id);

export async function troubleOf(attempt: Promise<unknown> | undefined): Promise<Trouble['detail']> {
  try {
    await attempt;
  } catch (error) {
    if (isTrouble(error)) return error.detail;
    throw error;
  }
  throw new Error('no trouble came');
}
