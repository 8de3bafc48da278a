import type { LineId, Mapping } from '../mapping/contract.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { Base, Hold } from '../store/contract.ts';
import { shownOf } from './answers.ts';
import { keptLines, stated } from './overwrite.ts';
import type { Plan, PlannedHold } from './plan.ts';

export interface WholeInput {
  readonly mapping: Mapping;
  readonly plan: Plan;
  readonly ours: ReadonlyMap<LineId, LineValue>;
  /** The record as this visit saw it; null: nothing was seen. */
  readonly theirs: ReadonlyMap<LineId, LineValue> | null;
  readonly base: Base | null;
  /** Live holds of the link: what is asked about stays as the person was shown it. */
  readonly holds: readonly Hold[];
}

/**
 * Every line we may state, as the record should hold it after a write that replaces all of it: what they hold, with our
 * changes laid over. A line that is left alone, or asked about, must not be wiped out by a write meant for another; null where
 * a shared line is asked about and what they hold there is not known: then the write waits for the answer.
 */
export function whole(input: WholeInput): ReadonlyMap<LineId, AgreedValue> | null {
  const { mapping, plan, base } = input;
  const kept = input.theirs === null ? keptLines(mapping, base) : new Map<LineId, AgreedValue>();
  const asked = shownOf(input.holds);
  const ids = new Set<LineId>([...input.ours.keys(), ...(input.theirs?.keys() ?? []), ...(base?.lines.keys() ?? []), ...kept.keys()]);
  const lines = new Map<LineId, AgreedValue>();
  for (const line of ids) {
    if (mapping.rule(line).owner === 'take') continue;
    const held = plan.holds.find((planned) => planned.line === line);
    const seen = stated(input.theirs?.get(line)) ?? stated(held?.theirs);
    const known = seen ?? asked.get(line) ?? base?.lines.get(line) ?? kept.get(line);
    const stays = plan.outward.get(line) ?? plan.inward.get(line) ?? plan.agreed.get(line) ?? known;
    if (mapping.rule(line).owner === 'share' && held !== undefined && isUnknown(held, known)) return null;
    if (stays !== undefined) lines.set(line, stays);
    else if (base === null && held === undefined) setOwn(lines, line, input.ours.get(line));
  }
  return lines;
}

/** What stands there was never seen, or cannot be read: nothing we could state in its place would be theirs. */
const isUnknown = ({ theirs }: PlannedHold, known: AgreedValue | undefined): boolean =>
  theirs.is === 'invalid' || (theirs.is === 'unseen' && known === undefined);

/** Nothing was ever agreed or seen there: ours is all there is to say. */
function setOwn(lines: Map<LineId, AgreedValue>, line: LineId, ours: LineValue | undefined): void {
  if (ours?.is === 'value') lines.set(line, ours);
}
