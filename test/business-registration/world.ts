import { type RegistrySimulator, startRegistry } from '../../adapters/business-registration/simulator.ts';
import type { Json, JsonObject, RecordKind, Sighting, SimulatorFaults, System } from '../../src/kit/index.ts';
import { loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import type { Clock } from '../../src/model/ports.ts';
import { realChance, realClock } from '../../src/ports.ts';

/** The adapter as the product opens it, against its simulator or any address. */

const FOLDERS = ['adapters'];
export const call = () => ({ signal: AbortSignal.timeout(20_000) });

export async function openRegistry(config: Json): Promise<System> {
  const loaded = await loadAdapter(FOLDERS, 'business-registration');
  return openSystem(loaded, config, { clock: realClock, chance: realChance(realClock) });
}

export interface World {
  readonly simulator: RegistrySimulator;
  readonly system: System;
  readonly read: (kind: string, ids: readonly string[]) => Promise<ReadonlyMap<string, Sighting | null>>;
  readonly readOne: (kind: string, id: string) => Promise<Sighting | null | undefined>;
  close(): Promise<void>;
}

export async function startWorld(options: { faults?: Partial<SimulatorFaults>; config?: JsonObject; clock?: Clock } = {}): Promise<World> {
  const simulator = await startRegistry({ folder: null, clock: options.clock ?? realClock, faults: options.faults ?? {} });
  const system = await openRegistry({ ...simulator.config, ...options.config });
  const read: World['read'] = (kind, ids) => readOf(system, kind, ids);
  return {
    simulator,
    system,
    read,
    readOne: async (kind, id) => (await read(kind, [id])).get(id),
    close: async () => {
      await system.close();
      await simulator.close();
    },
  };
}

export async function readOf(system: System, kind: string, ids: readonly string[]) {
  const verb = kindOf(system, kind).read;
  if (verb === undefined) throw new Error(`${kind} cannot be read`);
  return verb.run(ids, call());
}

export function kindOf(system: System, name: string): RecordKind {
  const kind = system.kinds[name];
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

export async function sample(kind: string, n: number): Promise<JsonObject> {
  const fixture = await loadFixture((await loadAdapter(FOLDERS, 'business-registration')).folder);
  const record = fixture?.kinds[kind]?.record(n);
  if (record === undefined) throw new Error(`no sample of ${kind}`);
  return record;
}
