import { join } from 'node:path';
import { HOUSE, readConfig } from '../../src/config.ts';
import { type SimulatedSystem, startSimulators } from '../../src/demo/simulators.ts';
import { tellOf } from '../../src/demo/stage.ts';
import { readStory, type Story } from '../../src/demo/story.ts';
import { clear, weatherOf } from '../../src/demo/weather.ts';
import { SCOPES } from '../../src/http/accounts.ts';
import type { RecordKind, System } from '../../src/kit/contract.ts';
import { loadAdapter, openSystem } from '../../src/kit/load.ts';
import { realClock } from '../../src/ports.ts';
import { type Motlan, openServed } from './motlan.ts';

/** Every system of the demo as a real server with its own data, and one motlan before them that can be killed. */

export interface WholeProvince {
  readonly motlan: Motlan;
  readonly oneStop: SimulatedSystem;
  readonly ministries: ReadonlyMap<string, SimulatedSystem>;
  readonly story: Story;
  kindOf(system: string, record: string): RecordKind | undefined;
  /** No fault from now on. */
  calm(): void;
  end(): Promise<void>;
}

const CHANCE = { random: () => 0.5, id: () => 'xem' };

export async function openWholeProvince(folder: string, seed: number, weather: boolean): Promise<WholeProvince> {
  const config = await readConfig(join(HOUSE, 'config/default.yaml'), { env: {}, workingFolder: HOUSE });
  const faults = weather ? weatherOf(seed) : {};
  const simulators = await startSimulators(config, join(folder, 'simulators'), realClock, () => faults);
  const opened = new Map<string, System>();
  const systems: Record<string, object> = {};
  for (const [name, simulator] of simulators) {
    const { adapter, role, pollMs, pollsBeforeAsking, visibleWithinMs, concurrent, config: own } = config.systems[name] ?? missing(name);
    systems[name] = { adapter, role, pollMs, pollsBeforeAsking, visibleWithinMs, concurrent, config: { ...simulator.config, ...own } };
    opened.set(
      name,
      await openSystem(await loadAdapter(config.folders.adapters, adapter), simulator.config, { clock: realClock, chance: CHANCE }),
    );
  }
  const engine = { ...config.engine, leaseMs: 3_000 };
  const motlan = await openServed(folder, { systems, engine, scopes: SCOPES.join(',') });
  for (const [name, simulator] of simulators) await tellOf(simulator, `${motlan.url}/callbacks/${name}`);
  const oneStop = simulators.get('one-stop') ?? missing('one-stop');
  return {
    motlan,
    oneStop,
    ministries: new Map([...simulators].filter(([name]) => name !== 'one-stop')),
    story: await readStory(join(HOUSE, 'config/demo')),
    kindOf: (system, record) => opened.get(system)?.kinds[record],
    calm: () => clear(simulators),
    async end() {
      for (const system of opened.values()) await system.close();
      for (const simulator of simulators.values()) await simulator.close();
    },
  };
}

function missing(name: string): never {
  throw new Error(`no system ${name} in the configuration of the demo`);
}
