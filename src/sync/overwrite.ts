import type { LineId, Mapping } from '../mapping/contract.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { Base } from '../store/contract.ts';
import { agree, RING } from './draft.ts';
import { keepsRing } from './plan.ts';

type Lines = ReadonlyMap<LineId, AgreedValue>;

/** The record as it was kept with its last sighting, read once more: what it is known to hold of each line. */
export function keptLines(mapping: Pick<Mapping, 'theirs'>, base: Base | null): Lines {
  const lines = new Map<LineId, AgreedValue>();
  if (base === null || base.snapshot === null) return lines;
  for (const [line, value] of mapping.theirs(base.snapshot, 'all')) {
    const held = stated(value);
    if (held !== undefined) lines.set(line, held);
  }
  return lines;
}

/** What can stand on a record; undefined where nothing is known of it. */
export const stated = (value: LineValue | undefined): AgreedValue | undefined =>
  value?.is === 'value' || value?.is === 'empty' ? value : undefined;

/**
 * Base with what was sent as agreed. What the record held until then goes into the ring even where it was never agreed, as on a
 * record a person pointed at: a backup that brings it back is no news of theirs.
 */
export function agreeSent(base: Base, sent: Lines, mapping: Pick<Mapping, 'rule' | 'theirs'>): Base {
  const agreed = agree(base, sent, mapping);
  if (sent.size === 0 || base.snapshot === null) return agreed;
  const held = keptLines(mapping, base);
  const ring = new Map(agreed.ring);
  for (const [line, value] of sent) {
    const before = held.get(line);
    if (before === undefined || !keepsRing(mapping.rule(line)) || isSame(before, value) || isSame(before, base.lines.get(line))) continue;
    ring.set(line, [before, ...(ring.get(line) ?? [])].slice(0, RING));
  }
  return { ...agreed, ring };
}

const isSame = (one: AgreedValue, other: AgreedValue | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);
