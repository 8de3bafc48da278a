import { type OneStopSimulator, startOneStop } from '../../adapters/one-stop/simulator.ts';
import type { Heard, Json, JsonObject, RecordKind, SimulatorFaults, System } from '../../src/kit/index.ts';
import { listAdapters, loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import { realChance, realClock } from '../../src/ports.ts';

/** The one-stop adapter as the product opens it, against its simulator or any address. */

const FOLDERS = ['adapters'];
export const call = () => ({ signal: AbortSignal.timeout(20_000) });

export async function openOneStop(config: Json): Promise<System> {
  const loaded = await loadAdapter(FOLDERS, 'one-stop');
  return openSystem(loaded, config, { clock: realClock, chance: realChance(realClock) });
}

export interface World {
  readonly simulator: OneStopSimulator;
  readonly system: System;
  readonly kind: (name?: string) => RecordKind;
  close(): Promise<void>;
}

export async function startWorld(faults: Partial<SimulatorFaults> = {}, config: JsonObject = {}): Promise<World> {
  const simulator = await startOneStop({ folder: null, clock: realClock, faults });
  const system = await openOneStop({ ...simulator.config, ...config });
  return {
    simulator,
    system,
    kind: (name = 'birth') => {
      const kind = system.kinds[name];
      if (kind === undefined) throw new Error(`no kind ${name}`);
      return kind;
    },
    close: async () => {
      await system.close();
      await simulator.close();
    },
  };
}

export async function sample(n: number, kind = 'birth'): Promise<JsonObject> {
  const place = listAdapters(FOLDERS).find((one) => one.name === 'one-stop');
  const fixture = place === undefined ? null : await loadFixture(place.folder);
  const record = fixture?.kinds[kind]?.record(n);
  if (record === undefined) throw new Error(`no sample of ${kind}`);
  return record;
}

/** An official types the n-th sample at the desk. */
export const typed = async (world: World, n: number, kind = 'birth'): Promise<string> =>
  world.simulator.typeByHand(kind, await sample(n, kind));

export const readOne = async (world: World, code: string, kind = 'birth') => (await world.kind(kind).read?.run([code], call()))?.get(code);

export const heard = (headers: Heard['headers'], body: Uint8Array, receivedAt: number): Heard => ({
  method: 'POST',
  path: '/callbacks/one-stop',
  headers,
  body,
  receivedAt,
});
