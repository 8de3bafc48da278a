import type { Simulator, SimulatorFaults } from '../kit/contract.ts';
import { NO_FAULTS } from '../kit/simulator.ts';
import type { Clock } from '../model/ports.ts';

const HALF_FILE = 0.2;

/**
 * Bad weather over all simulated systems: answers lost, late, broken, short and shuffled, messages and files twice, ports that
 * close for a while. `unsafe` is left out: it makes another system, one that takes twins, and no weather.
 */
export const weatherOf = (seed: number): Partial<SimulatorFaults> => ({
  ...{ seed, delayMs: 5, lateMs: 400 },
  ...{ loseAnswer: 0.08, landLate: 0.08, duplicate: 0.2, tooMany: 0.02, serverError: 0.02, htmlPage: 0.01, wrongJson: 0.01 },
  ...{ shortAnswer: 0.02, shuffle: 0.3, halfFile: HALF_FILE, badRow: 0.2, lateFile: 0.2 },
});

/** The last step of the last story was done in the storm; what it left behind has to settle in calm. */
export function clear(simulators: ReadonlyMap<string, Simulator>): void {
  for (const simulator of simulators.values()) simulator.setFaults(NO_FAULTS);
}

const EVERY_MS = 4_000;
const DOWN_MS = 700;

/** One system after the other is away for a moment, until `signal` aborts; then all are there again and the sky is clear. */
export async function outages(simulators: ReadonlyMap<string, Simulator>, clock: Clock, signal: AbortSignal): Promise<void> {
  const all = [...simulators.values()];
  for (let turn = 0; !signal.aborted; turn += 1) {
    await clock.sleep(EVERY_MS, signal);
    const one = all[turn % all.length];
    if (signal.aborted || one === undefined) return;
    one.setFaults({ down: true });
    await clock.sleep(DOWN_MS);
    one.setFaults({ down: false });
    // Whoever broke off writing a file has ended it by now.
    for (const each of all) {
      each.setFaults({ halfFile: 0 });
      if (!signal.aborted) each.setFaults({ halfFile: HALF_FILE });
    }
  }
}
