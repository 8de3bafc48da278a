import { type LicenceSimulator, startLicences } from '../../adapters/driving-licence/simulator.ts';
import type { Json, JsonObject, RecordKind, SimulatorFaults, System } from '../../src/kit/index.ts';
import { loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import type { Clock } from '../../src/model/ports.ts';
import { realChance, realClock } from '../../src/ports.ts';

/** The adapter as the product opens it, against its simulator or any address. */

const FOLDERS = ['adapters'];
export const call = () => ({ signal: AbortSignal.timeout(20_000) });

export async function openLicences(config: Json, clock: Clock = realClock): Promise<System> {
  const loaded = await loadAdapter(FOLDERS, 'driving-licence');
  return openSystem(loaded, config, { clock, chance: realChance(realClock) });
}

export interface World {
  readonly simulator: LicenceSimulator;
  readonly system: System;
  readonly kind: (name: string) => RecordKind;
  close(): Promise<void>;
}

export async function startWorld(options: { faults?: Partial<SimulatorFaults>; config?: JsonObject; clock?: Clock } = {}): Promise<World> {
  const clock = options.clock ?? realClock;
  const simulator = await startLicences({ folder: null, clock, faults: options.faults ?? {} });
  const system = await openLicences({ ...simulator.config, ...options.config }, clock);
  return {
    simulator,
    system,
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
  const fixture = await loadFixture((await loadAdapter(FOLDERS, 'driving-licence')).folder);
  const record = fixture?.kinds[kind]?.record(n);
  if (record === undefined) throw new Error(`no sample of ${kind}`);
  return record;
}
