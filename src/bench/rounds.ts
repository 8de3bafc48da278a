import { availableParallelism, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { type Line, shown } from './contract.ts';

/** Measuring: the one place of this room that looks at a running clock. Only ratios taken in one run are compared. */

/** Milliseconds since some fixed moment, with fractions. */
export const stopwatchMs = (): number => performance.now();

export interface Round {
  /** Milliseconds for all the work of one round. */
  readonly oursMs: number;
  readonly theirsMs: number;
}

/** Runs two ways of doing the same work in turns, so that what disturbs the machine disturbs both. The first rounds warm up and are dropped. */
export function inTurns(ours: () => void, theirs: () => void, { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number }) {
  const kept: Round[] = [];
  for (let round = -warmUp; round < rounds; round += 1) {
    const oursFirst = round % 2 === 0;
    const first = timed(oursFirst ? ours : theirs);
    const second = timed(oursFirst ? theirs : ours);
    if (round >= 0) kept.push({ oursMs: oursFirst ? first : second, theirsMs: oursFirst ? second : first });
  }
  return kept;
}

function timed(work: () => void): number {
  const from = stopwatchMs();
  work();
  return stopwatchMs() - from;
}

/** The middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** How busy the machine was: on one that others use, wall-clock figures say little and ratios more. */
export function machineLine(): Line {
  const cores = availableParallelism();
  const [load = 0] = loadavg();
  const isBusy = load > cores + 1;
  return {
    vi: `Máy có ${cores} nhân, tải trung bình ${shown(load, 1)}${isBusy ? ': đang bận việc khác, số đo theo đồng hồ kém tin cậy' : ''}.`,
    en: `The machine has ${cores} cores and a load average of ${shown(load, 1)}${isBusy ? ': busy with other work, wall-clock figures are unreliable' : ''}.`,
  };
}
