import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangesPage, Json, JsonObject, RecordKind, Simulator, SimulatorFaults, System } from '../../src/kit/index.ts';
import { loadAdapter, openSystem } from '../../src/kit/load.ts';
import { type TestClock, testClock } from '../../src/kit/proof/bench.ts';
import { isTrouble, type Trouble } from '../../src/kit/trouble.ts';
import { realChance, realClock } from '../../src/ports.ts';

/** The adapter and the simulated centre on two sides of real folders. */

export const call = () => ({ signal: AbortSignal.timeout(20_000) });
const NAME = 'unemployment-insurance';

export async function openCentre(config: Json, clock: TestClock = testClock()): Promise<System> {
  return openSystem(await loadAdapter(['adapters'], NAME), config, { clock, chance: realChance(realClock) });
}

export interface World {
  readonly simulator: Simulator;
  readonly system: System;
  readonly root: string;
  kind(name: string): RecordKind;
  files(folder: string): readonly string[];
  /** Every page of changes from a cursor on, each asked for with the cursor before it. */
  changes(kind: string, cursor?: string | null): Promise<{ readonly pages: readonly ChangesPage[]; readonly cursor: string }>;
  close(): Promise<void>;
}

export async function startWorld(files: JsonObject = {}, faults: Partial<SimulatorFaults> = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'motlan-bhtn-'));
  const root = join(folder, 'exchange');
  const { start } = await loadAdapter(['adapters'], NAME);
  if (start === null) throw new Error('the adapter has no simulator');
  const clock = testClock(Date.UTC(2026, 10, 24, 1));
  const simulator = await start({ folder, clock, faults });
  mkdirSync(join(root, 'vao'), { recursive: true });
  const system = await openCentre({ ...simulator.config, files: { place: { kind: 'folder', root }, format: 'csv', ...files } }, clock);
  const kind = (name: string): RecordKind => {
    const found = system.kinds[name];
    if (found === undefined) throw new Error(`no kind ${name}`);
    return found;
  };
  return {
    simulator,
    system,
    root,
    kind,
    files: (name) => readdirSync(join(root, name)).sort(),
    changes: async (name, from = null) => {
      const pages: ChangesPage[] = [];
      let cursor: string | null = from;
      for (let most = 0; most < 50; most += 1) {
        const page: ChangesPage | undefined = await kind(name).changes?.run(cursor, call());
        if (page === undefined) throw new Error('no changes are declared');
        pages.push(page);
        cursor = page.cursor;
        if (!page.more) break;
      }
      return { pages, cursor: cursor ?? '' };
    },
    close: async () => {
      await system.close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function troubleOf(attempt: Promise<unknown> | undefined): Promise<Trouble['detail']> {
  try {
    await attempt;
  } catch (error) {
    if (isTrouble(error)) return error.detail;
    throw error;
  }
  throw new Error('no trouble came');
}
