import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Simulator } from '../kit/contract.ts';
import { loadAdapter } from '../kit/load.ts';
import type { Clock } from '../model/ports.ts';

/** Starts the simulator of every system the configuration calls simulated; each keeps its data under `folder`. */
export async function startSimulators(config: Config, folder: string, clock: Clock): Promise<ReadonlyMap<string, Simulator>> {
  const started = new Map<string, Simulator>();
  for (const [name, system] of Object.entries(config.systems)) {
    if (!system.simulated) continue;
    const { start } = await loadAdapter(config.folders.adapters, system.adapter);
    if (start === null) throw new Error(`the adapter ${system.adapter} has no simulator`);
    started.set(name, await start({ folder: join(folder, name), clock }));
  }
  return started;
}

/** The configuration with each simulated system pointed at its simulator; what the file says of a system goes on top. */
export const pointedAt = (config: Config, simulators: ReadonlyMap<string, Simulator>): Config => ({
  ...config,
  systems: Object.fromEntries(
    Object.entries(config.systems).map(([name, system]) => [
      name,
      { ...system, config: { ...simulators.get(name)?.config, ...system.config } },
    ]),
  ),
});
