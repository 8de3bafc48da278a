import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Simulator, SimulatorFaults } from '../kit/contract.ts';
import { loadAdapter } from '../kit/load.ts';
import type { Clock } from '../model/ports.ts';

export interface SimulatedSystem extends Simulator {
  /** Every kind of record it can hold. */
  readonly recordKinds: readonly string[];
}

/** Starts the simulator of every system the configuration calls simulated; each keeps its data under `folder`. */
export async function startSimulators(
  config: Config,
  folder: string,
  clock: Clock,
  faultsOf: (name: string) => Partial<SimulatorFaults> = () => ({}),
): Promise<ReadonlyMap<string, SimulatedSystem>> {
  const started = new Map<string, SimulatedSystem>();
  for (const [name, system] of Object.entries(config.systems)) {
    if (!system.simulated) continue;
    const { start, folder: home } = await loadAdapter(config.folders.adapters, system.adapter);
    if (start === null) throw new Error(`the adapter ${system.adapter} has no simulator`);
    const simulator = await start({ folder: join(folder, name), overrides: system.overrides, clock, faults: faultsOf(name) });
    started.set(name, { ...simulator, recordKinds: await recordKindsOf(home) });
  }
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, RUNNING),
    JSON.stringify(Object.fromEntries([...started].map(([name, { config: given }]) => [name, given]))),
  );
  return started;
}

const SCHEMA = '.schema.json';
const recordKindsOf = async (home: string): Promise<readonly string[]> =>
  (await readdir(join(home, 'records'))).flatMap((name) => (name.endsWith(SCHEMA) ? [name.slice(0, -SCHEMA.length)] : []));

/** Where other commands find the simulators of a demo that is running. */
const RUNNING = 'running.json';

/** The configuration with each simulated system pointed at its simulator; what the file says of a system goes on top. */
export const pointedAt = (config: Config, simulators: ReadonlyMap<string, Simulator>): Config =>
  withConfigs(config, Object.fromEntries([...simulators].map(([name, { config: given }]) => [name, given])));

const withConfigs = (config: Config, given: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Config => ({
  ...config,
  systems: Object.fromEntries(
    Object.entries(config.systems).map(([name, system]) => [
      name,
      system.simulated ? { ...system, config: { ...given[name], ...system.config } } : system,
    ]),
  ),
});

const runningShape = z.record(z.string(), z.record(z.string(), z.unknown()));

/** The same for a command beside a running demo; without one, simulated systems stay without an address. */
export async function pointedAtRunning(config: Config): Promise<Config> {
  const text = await readFile(join(simulatorFolder(config), RUNNING), 'utf8').catch(() => '{}');
  const running = runningShape.parse(JSON.parse(text));
  return withConfigs(config, running);
}

export const simulatorFolder = (config: Pick<Config, 'data'>): string => join(config.data, 'simulators');
