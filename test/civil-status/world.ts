import type { Json, JsonObject, RecordKind, Simulator, SimulatorFaults, System } from '../../src/kit/index.ts';
import { listAdapters, loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import { realChance, realClock } from '../../src/ports.ts';

/** The civil-status adapter as the product opens it, against its simulator or any address. */

const FOLDERS = ['adapters'];
export const call = () => ({ signal: AbortSignal.timeout(20_000) });

export async function openCivilStatus(config: Json, overrides: string | null = null): Promise<System> {
  const loaded = await loadAdapter(FOLDERS, 'civil-status');
  return openSystem(loaded, config, { clock: realClock, chance: realChance(realClock), overrides });
}

export interface World {
  readonly simulator: Simulator;
  readonly system: System;
  readonly kind: (name: string) => RecordKind;
  close(): Promise<void>;
}

export async function startWorld(
  faults: Partial<SimulatorFaults> = {},
  config: JsonObject = {},
  overrides: string | null = null,
): Promise<World> {
  const { start } = await loadAdapter(FOLDERS, 'civil-status');
  if (start === null) throw new Error('the adapter has no simulator');
  const simulator = await start({ folder: null, clock: realClock, faults, overrides });
  const system = await openCivilStatus({ ...simulator.config, ...config }, overrides);
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
  const place = listAdapters(FOLDERS).find((one) => one.name === 'civil-status');
  const fixture = place === undefined ? null : await loadFixture(place.folder);
  const record = fixture?.kinds[kind]?.record(n);
  if (record === undefined) throw new Error(`no sample of ${kind}`);
  return record;
}

export const order = (record: JsonObject) => ({ key: String(record.maHoSoMCDT), record, files: [] });

/** Pushes the n-th sample and gives its key. */
export async function pushed(world: World, n: number, kind = 'birth'): Promise<string> {
  const record = await sample(kind, n);
  await world.kind(kind).create?.run(order(record), call());
  return String(record.maHoSoMCDT);
}

export function issue(world: World, key: string, kind = 'birth'): void {
  for (const stage of ['3', '7', '4']) world.simulator.advance(kind, key, stage);
}

export const readOne = async (world: World, key: string, kind = 'birth') => (await world.kind(kind).read?.run([key], call()))?.get(key);
