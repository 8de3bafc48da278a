import type { Mapping } from '../mapping/contract.ts';
import { createEngine } from '../sync/index.ts';
import { liveSeed, type Outcome } from './chaos.ts';
import { compileMappings } from './compiled.ts';
import type { SimSystem } from './lines.ts';
import { SABOTAGES, type SabotageName } from './sabotage.ts';
import { watchedStations } from './stations.ts';

const compiled = new Map<string, readonly Mapping[]>();

/** Each combination is compiled once a process. */
const mappingsFor = (upper: ReadonlySet<SimSystem>): readonly Mapping[] => {
  const name = [...upper].join();
  const known = compiled.get(name) ?? compileMappings(upper);
  compiled.set(name, known);
  return known;
};

/** Lives one seed with the real engine, whole or with one safety feature taken away. */
export const liveOne = async (
  seed: number,
  options: { readonly sabotage: SabotageName | null; readonly keepTrace: boolean },
): Promise<Outcome> =>
  liveSeed({
    seed,
    mappings: mappingsFor,
    keepTrace: options.keepTrace,
    tampering: (coverage, scheduler, life) => ({
      ports: options.sabotage === null ? (ports) => ports : SABOTAGES[options.sabotage],
      build: (ports) => createEngine(ports, watchedStations(coverage, scheduler, life)),
    }),
  });
