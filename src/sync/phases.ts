import type { RecordKind } from '../kit/index.ts';
import type { Phase } from '../model/words.ts';

/** How far a phase lies along the ordinary way; a pause proves nothing passed, phases that ended otherwise have no rank. */
const RANK: Readonly<Record<Phase, number | null>> = {
  sent: 0,
  accepted: 1,
  assigned: 2,
  supplement: 0,
  payment: 0,
  issued: 3,
  'handed-over': 4,
  refused: null,
  withdrawn: null,
  stopped: null,
};

const FINAL: ReadonlySet<Phase> = new Set(['handed-over', 'refused', 'withdrawn', 'stopped']);
const RESULT: ReadonlySet<Phase> = new Set(['issued', ...FINAL]);

/** The leg's life is over: nothing is written any more. */
export const isFinal = (phase: Phase | null): boolean => phase !== null && FINAL.has(phase);

/** A result, or an end without one, is there: nothing is awaited from the ministry. */
export const hasResult = (phase: Phase | null): boolean => phase !== null && RESULT.has(phase);

/** True when `phase` lies at or beyond `until` on the ordinary way. */
export function hasReached(phase: Phase | null, until: Phase): boolean {
  if (phase === null) return false;
  if (phase === until) return true;
  const here = RANK[phase];
  const there = RANK[until];
  return here !== null && there !== null && here >= there;
}

/** A step from a result back to before it, or to a refusal of what was issued: never believed without a person. */
export const isBackFromResult = (from: Phase | null, to: Phase): boolean =>
  hasResult(from) && from !== to && !(from === 'issued' && hasResult(to) && to !== 'refused');

/** The record may be changed in this phase; in one that is not known it is tried. */
export const admitsUpdate = ({ update }: Pick<RecordKind, 'update'>, phase: Phase | null): boolean =>
  update !== undefined && (phase === null || update.phases.length === 0 || update.phases.includes(phase));
