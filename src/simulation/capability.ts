import type { Repeat } from '../kit/contract.ts';
import type { Dice } from './random.ts';

/** What a simulated ministry system can and cannot do; drawn per seed, declared truthfully to the engine. */
export interface Capability {
  readonly repeat: Repeat;
  readonly landsWithinMs: number;
  readonly find: boolean;
  readonly indexLagMs: number;
  readonly ifMatch: boolean;
  readonly style: 'patch' | 'replace';
  /** null: nothing can be read; the system pushes sightings. */
  readonly readBy: 'id' | 'key' | null;
  readonly most: number;
  readonly readLagMs: number;
  /** Until a result is issued it reads back only its stage. */
  readonly partialUntilIssued: boolean;
  readonly ordered: boolean;
  readonly versioned: boolean;
  readonly queued: boolean;
  readonly changes: boolean;
  readonly pushes: boolean;
  readonly list: 'id' | 'id+version' | 'record' | null;
  readonly upper: boolean;
}

/** Draws a capability in which nothing contradicts itself: what is queued can be found again, what cannot be read is pushed. */
export const drawCapability = (dice: Dice): Capability => {
  const readBy = dice.pick(['id', 'id', 'key', 'key', null] as const);
  const repeat = dice.pick(['same-key', 'rejects-twin', 'unsafe'] as const);
  const versioned = readBy !== null && dice.hit(0.7);
  const partialUntilIssued = readBy !== null && dice.hit(0.2);
  return {
    repeat,
    landsWithinMs: dice.pick([0, 10_000, 30_000]),
    find: dice.hit(0.6),
    indexLagMs: dice.pick([0, 0, 5_000]),
    ifMatch: versioned && dice.hit(0.7),
    style: partialUntilIssued ? 'patch' : dice.pick(['patch', 'replace'] as const),
    readBy,
    most: dice.pick([1, 3, 10]),
    readLagMs: versioned ? dice.pick([0, 0, 3_000]) : 0,
    partialUntilIssued,
    ordered: readBy === null || (versioned && dice.hit(0.5)),
    versioned,
    queued: readBy === 'key' && dice.hit(0.3),
    changes: readBy !== null && dice.hit(0.5),
    pushes: readBy === null || dice.hit(0.3),
    list: readBy === null ? null : dice.pick(['id', 'id+version', 'record', null] as const),
    upper: dice.hit(0.3),
  };
};

/** A system as a thorny storm needs it: one that shows twins, rejects them, insists on a condition, or can never be looked at. */
export const drawThornyCapability = (dice: Dice): Capability => {
  const plain = drawCapability(dice);
  const thorn = dice.pick(['several', 'already', 'already', 'stale', 'failed', 'failed', 'failed'] as const);
  if (thorn === 'several') return { ...plain, find: true };
  if (thorn === 'already')
    return { ...plain, repeat: 'rejects-twin', find: dice.hit(0.3), indexLagMs: dice.pick([plain.indexLagMs, 20_000]) };
  if (thorn === 'stale') return { ...plain, readBy: plain.readBy ?? 'id', versioned: true, ifMatch: true };
  const unread = { readBy: null, readLagMs: 0, partialUntilIssued: false, versioned: false, ifMatch: false, list: null } as const;
  return { ...plain, ...unread, landsWithinMs: 0, ordered: true, queued: false, changes: false, pushes: true };
};
