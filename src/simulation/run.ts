import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addCells, type Coverage, coverageTable, createCoverage, type PlainCells, plainCells, thinnestFirst } from './coverage.ts';
import type { SabotageName } from './sabotage.ts';
import { liveOne } from './seed.ts';
import type { Unavoidable, Violation } from './verdict.ts';

export interface SimulateOptions {
  /** How many seeds. */
  readonly seeds: number;
  /** The first seed; default 1. */
  readonly from?: number;
  /** Processes side by side; default one a core, one for few seeds. */
  readonly workers?: number;
  readonly sabotage?: SabotageName;
  /** Ends at the first seed that breaks a promise. */
  readonly untilBroken?: boolean;
}

export interface FailedSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

export interface SimulationReport {
  readonly seeds: number;
  readonly failed: readonly FailedSeed[];
  readonly coverage: Coverage;
  /** What capabilities made unavoidable, by what it was; each was told of when the risk was taken. */
  readonly unavoidable: Readonly<Record<Unavoidable['what'], number>>;
  readonly steps: number;
  readonly effects: number;
  readonly holds: number;
  /** Over the hashes of all seeds in order. */
  readonly hashes: readonly (readonly [number, string])[];
}

/** What one worker sends back; plain data only. */
export interface Share {
  readonly failed: readonly FailedSeed[];
  readonly cells: PlainCells;
  readonly unavoidable: readonly Unavoidable[];
  readonly steps: number;
  readonly effects: number;
  readonly holds: number;
  readonly lived: number;
  readonly hashes: readonly (readonly [number, string])[];
}

export interface ShareOrder {
  readonly seeds: readonly number[];
  readonly sabotage: SabotageName | null;
  readonly untilBroken: boolean;
}

const FEW = 40;

/** Lives every seed of an order, one after another. */
export const liveShare = async (order: ShareOrder): Promise<Share> => {
  const coverage = createCoverage();
  const failed: FailedSeed[] = [];
  const unavoidable: Unavoidable[] = [];
  const hashes: (readonly [number, string])[] = [];
  const sums = { steps: 0, effects: 0, holds: 0, lived: 0 };
  for (const seed of order.seeds) {
    const outcome = await liveOne(seed, { sabotage: order.sabotage, keepTrace: false });
    sums.lived++;
    sums.steps += outcome.steps;
    sums.effects += outcome.effects;
    sums.holds += outcome.holds;
    hashes.push([seed, outcome.hash]);
    unavoidable.push(...outcome.unavoidable);
    addCells(coverage, plainCells(outcome.coverage));
    if (outcome.violations.length === 0) continue;
    // A seed that breaks with all safety features in place says nothing about the one that was taken away.
    if (order.sabotage !== null && (await liveOne(seed, { sabotage: null, keepTrace: false })).violations.length > 0) continue;
    failed.push({ seed, violations: outcome.violations });
    if (order.untilBroken) break;
  }
  return { ...sums, failed, cells: plainCells(coverage), unavoidable, hashes };
};

const inWorker = (order: ShareOrder): Promise<Share> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker-start.mjs', import.meta.url), { workerData: order });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code} before its answer`)));
  });

/** Lives many seeds and judges each; the same seeds give the same report on every machine. */
export const simulate = async (options: SimulateOptions): Promise<SimulationReport> => {
  const from = options.from ?? 1;
  const seeds = Array.from({ length: options.seeds }, (_, index) => from + index);
  const workers = Math.max(1, options.workers ?? (options.seeds <= FEW ? 1 : availableParallelism()));
  const orders = Array.from(
    { length: workers },
    (_, worker): ShareOrder => ({
      seeds: seeds.filter((_seed, index) => index % workers === worker),
      sabotage: options.sabotage ?? null,
      untilBroken: options.untilBroken ?? false,
    }),
  );
  const [first] = orders;
  const shares = workers === 1 && first !== undefined ? [await liveShare(first)] : await Promise.all(orders.map(inWorker));
  return reportOf(shares);
};

const reportOf = (shares: readonly Share[]): SimulationReport => {
  const coverage = createCoverage();
  for (const share of shares) addCells(coverage, share.cells);
  const all = shares.flatMap((share) => share.unavoidable);
  const count = (what: Unavoidable['what']) => all.filter((one) => one.what === what).length;
  const sum = (of: 'steps' | 'effects' | 'holds' | 'lived') => shares.reduce((total, share) => total + share[of], 0);
  return {
    seeds: sum('lived'),
    failed: shares.flatMap((share) => share.failed).toSorted((a, b) => a.seed - b.seed),
    coverage,
    unavoidable: { twin: count('twin'), 'blind-overwrite': count('blind-overwrite') },
    steps: sum('steps'),
    effects: sum('effects'),
    holds: sum('holds'),
    hashes: shares.flatMap((share) => share.hashes).toSorted(([a], [b]) => a - b),
  };
};

/** A corner that fewer nodes died in than this counts as hardly explored. */
const WELL_EXPLORED = 100;

const exploredText = (coverage: Coverage): string => {
  const corners = thinnestFirst(coverage);
  const [least] = corners;
  if (least === undefined) return 'explored: nothing';
  const named = corners.filter(({ count }) => count < WELL_EXPLORED).map(({ place, fate, count }) => `  ${place} ${fate} ${count}`);
  if (named.length > 0) return [`nodes died fewer than ${WELL_EXPLORED} times at ${named.length} corners:`, ...named].join('\n');
  return `nodes died at least ${WELL_EXPLORED} times at each corner; least at ${least.place} ${least.fate} ${least.count}`;
};

const MOST_FAILED_SHOWN = 10;

/** The report for people: figures, coverage, and for each broken seed what broke and how to see it again. */
export const reportText = (report: SimulationReport, sabotage: SabotageName | null): string => {
  const broken = report.failed
    .slice(0, MOST_FAILED_SHOWN)
    .flatMap((failed) => [
      `seed ${failed.seed} broke ${failed.violations.length} promises:`,
      ...failed.violations.slice(0, 5).map((violation) => `  ${violation.rule} ${violation.code}: ${violation.what}`),
      `  see it again: motlan simulate --replay ${failed.seed}${sabotage === null ? '' : ` --sabotage ${sabotage}`}`,
    ]);
  const unavoidable = Object.entries(report.unavoidable).map(([what, count]) => `${what} ${count}`);
  return [
    `${report.seeds} seeds, ${report.failed.length} broken; ${report.steps} steps, ${report.effects} effects outside, ${report.holds} holds`,
    `unavoidable by capability, each told of beforehand: ${unavoidable.join(', ')}`,
    coverageTable(report.coverage),
    exploredText(report.coverage),
    ...broken,
  ].join('\n');
};

/** Lives one seed again and tells it line by line, in words. */
export const replay = async (
  seed: number,
  sabotage: SabotageName | null,
): Promise<{ readonly lines: readonly string[]; readonly violations: readonly Violation[]; readonly hash: string }> => {
  const outcome = await liveOne(seed, { sabotage, keepTrace: true });
  return { lines: outcome.trace, violations: outcome.violations, hash: outcome.hash };
};
