import type { RecordKind } from '../kit/index.ts';
import type { LineId } from '../mapping/contract.ts';
import type { Attempt } from '../store/contract.ts';

/** What the nature of a system leaves open at one effect, whatever motlan does. */
export type Risk =
  /** The system takes a second record for one person: one typed by hand in the same moment stands beside ours. */
  | 'twin'
  /** The system lets us write over what we could not read, or not under a condition. */
  | 'blind';

/**
 * Pure. The risks of an effect about to be tried, kept in its audit entry: what a system makes unavoidable is told with
 * each effect it concerns, so that it can be counted. `unseen` null: this visit weighed no lines.
 */
export function risksOf(kind: RecordKind, attempt: Attempt, unseen: readonly LineId[] | null): readonly Risk[] {
  if (attempt.verb === 'create') return kind.create?.repeat === 'rejects-twin' ? [] : ['twin'];
  if (!statesLines(attempt)) return [];
  const isConditional = attempt.verb === 'update' && kind.update?.ifMatch === true && attempt.againstVersion !== null;
  const written = (line: LineId): boolean => kind.update?.style === 'replace' || attempt.sent.lines.has(line);
  const isSeen = unseen !== null && !unseen.some(written);
  return isConditional && isSeen ? [] : ['blind'];
}

/** A supplement states the whole record again, changed or not; any other effect the lines it was planned for. */
export const statesLines = (attempt: Attempt): boolean => attempt.sent.lines.size > 0 || attempt.act === 'supplement';
