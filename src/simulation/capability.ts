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
