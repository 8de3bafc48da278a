import type { LineId, Mapping } from '../mapping/contract.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { Base, Hold } from '../store/contract.ts';
import { shownOf } from './answers.ts';
import type { Plan } from './plan.ts';

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
 * changes laid over. A line that is left alone, or asked about, must not be wiped out by a write meant for another.
 */
export function whole(input: WholeInput): ReadonlyMap<LineId, AgreedValue> {
  const { mapping, plan, base } = input;
  const kept = keptLines(input);
  const asked = shownOf(input.holds);
  const ids = new Set<LineId>([...input.ours.keys(), ...(input.theirs?.keys() ?? []), ...(base?.lines.keys() ?? []), ...kept.keys()]);
  const lines = new Map<LineId, AgreedValue>();
  for (const line of ids) {
    if (mapping.rule(line).owner === 'take') continue;
    const seen = stated(input.theirs?.get(line)) ?? stated(plan.holds.find((held) => held.line === line)?.theirs);
    const known = seen ?? asked.get(line) ?? base?.lines.get(line) ?? kept.get(line);
    const stays = plan.outward.get(line) ?? plan.inward.get(line) ?? plan.agreed.get(line) ?? known;
    if (stays !== undefined) lines.set(line, stays);
    else if (base === null && !plan.holds.some((held) => held.line === line)) setOwn(lines, line, input.ours.get(line));
  }
  return lines;
}

/** Nothing was ever agreed or seen there: ours is all there is to say. */
function setOwn(lines: Map<LineId, AgreedValue>, line: LineId, ours: LineValue | undefined): void {
  if (ours?.is === 'value') lines.set(line, ours);
}

const stated = (value: LineValue | undefined): AgreedValue | undefined =>
  value?.is === 'value' || value?.is === 'empty' ? value : undefined;

/** The record as it was last kept, read once more; a sighting of this visit makes it needless. */
function keptLines({ mapping, theirs, base }: WholeInput): ReadonlyMap<LineId, AgreedValue> {
  const lines = new Map<LineId, AgreedValue>();
  if (theirs !== null || base === null || base.snapshot === null) return lines;
  for (const [line, value] of mapping.theirs(base.snapshot, 'all')) {
    const held = stated(value);
    if (held !== undefined) lines.set(line, held);
  }
  return lines;
}
