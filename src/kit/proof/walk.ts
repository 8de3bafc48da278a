import type { Phase } from '../../model/words.ts';
import { type Bench, only } from './bench.ts';

/** A record's way through its phases, by the stages of the fixture. */

/** Walks the fixture's stages one by one; `arrived` runs at each phase. */
export async function walk(bench: Bench, arrived: (phase: Phase) => Promise<void>): Promise<void> {
  for (const { stage, phase, fields } of bench.fixture.stages ?? []) {
    bench.simulator.advance(bench.name, only(bench).id, stage, fields);
    await arrived(phase);
  }
}

/** Brings the only record to a phase in which the act is allowed; false when the fixture knows no way. */
export async function bringTo(bench: Bench, phases: readonly Phase[]): Promise<boolean> {
  if (phases.length === 0 || phases.includes('sent')) return true;
  for (const { stage, phase, fields } of bench.fixture.stages ?? []) {
    bench.simulator.advance(bench.name, only(bench).id, stage, fields);
    if (phases.includes(phase)) return true;
  }
  return false;
}
