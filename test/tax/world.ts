import { startTax, type TaxSimulator } from '../../adapters/tax/simulator.ts';
import type { Json, JsonObject, RecordKind, SimulatorFaults, System } from '../../src/kit/index.ts';
import { listAdapters, loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import { realChance, realClock } from '../../src/ports.ts';

/** The tax adapter as the product opens it, against its simulator or any address. */

const FOLDERS = ['adapters'];
export const call = () => ({ signal: AbortSignal.timeout(20_000) });

export async function openTax(config: Json): Promise<System> {
  return openSystem(await loadAdapter(FOLDERS, 'tax'), config, { clock: realClock, chance: realChance(realClock) });
}

export interface World {
  readonly simulator: TaxSimulator;
  readonly system: System;
  readonly kind: (name: string) => RecordKind;
  close(): Promise<void>;
}

/** `gateway` is laid over what the simulator's config says of its gateway. */
export async function startWorld(faults: Partial<SimulatorFaults> = {}, gateway: JsonObject = {}): Promise<World> {
  const simulator = await startTax({ folder: null, clock: realClock, faults });
  const { config } = simulator;
  const system = await openTax({ ...config, gateway: { ...(config.gateway as JsonObject), ...gateway } });
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
  const place = listAdapters(FOLDERS).find((one) => one.name === 'tax');
  const fixture = place === undefined ? null : await loadFixture(place.folder);
  const record = fixture?.kinds[kind]?.record(n);
  if (record === undefined) throw new Error(`no sample of ${kind}`);
  return record;
}

export const keyOf = (record: JsonObject): string => String((record.TTChung as JsonObject).MTDiep);

/** Sends the n-th sample and gives its key. */
export async function sent(world: World, n: number, kind = 'first-tax-code'): Promise<string> {
  const record = await sample(kind, n);
  await world.kind(kind).create?.run({ key: keyOf(record), record, files: [] }, call());
  return keyOf(record);
}

export const readOne = async (system: System, key: string, kind = 'first-tax-code') =>
  (await kindOf(system, kind).read?.run([key], call()))?.get(key);
