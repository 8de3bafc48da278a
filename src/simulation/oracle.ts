import { lostEdits, notConverged, spuriousConflicts } from './oracle-lines.ts';
import { inventedSteps, stepOrder } from './oracle-progress.ts';
import { acknowledgedLost, againstOwner, duplicates, unexplained } from './oracle-records.ts';
import type { Evidence, Unavoidable, Violation } from './verdict.ts';

export interface Judgement {
  readonly violations: readonly Violation[];
  readonly unavoidable: readonly Unavoidable[];
}

/**
 * Judges the end of a run by the world's true history and the store's rows, never by what the engine believes of itself.
 * `frozen`: some node stood still for longer than its lease, so what it had looked at was old when it went on.
 */
export const judge = (evidence: Evidence, frozen: boolean): Judgement => {
  const lost = lostEdits(evidence);
  const twins = duplicates(evidence, frozen);
  return {
    violations: [
      ...acknowledgedLost(evidence),
      ...twins.violations,
      ...lost.violations,
      ...againstOwner(evidence),
      ...notConverged(evidence),
      ...spuriousConflicts(evidence),
      ...inventedSteps(evidence),
      ...stepOrder(evidence),
      ...unexplained(evidence),
    ],
    unavoidable: [...lost.unavoidable, ...twins.unavoidable],
  };
};
