import type { RecordKind } from '../kit/contract.ts';
import type { SeenDossier } from './api.ts';

/** When nothing more happens to a dossier by itself. */

type Leg = SeenDossier['legs'][number];
export type KindOf = (system: string, record: string) => RecordKind | undefined;

const RESTING = new Set(['issued', 'handed-over', 'refused', 'withdrawn', 'stopped', 'supplement', 'payment']);

/** Every leg has ended, or waits for a person, here or at the ministry's side. */
export function atRest(dossier: SeenDossier, kindOf: KindOf): boolean {
  if (dossier.holds.length > 0) return true;
  return dossier.legs.every((leg) => isResting(leg, kindOf(leg.system, leg.record)));
}

function isResting({ situation, phase, holds }: Leg, kind: RecordKind | undefined): boolean {
  if (situation === 'ended' || holds.length > 0) return true;
  // Nobody is asked about a record that cannot be read: what comes of it is told, or never known.
  if (situation === 'linked') return kind?.read === undefined || (phase !== null && RESTING.has(phase));
  if (situation === 'intended') return kind?.create === undefined;
  // It lacks something, or waits for another leg's result; what can go is gone long before everything else is quiet.
  return situation === 'waiting';
}
