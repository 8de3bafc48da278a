import type { SeenDossier } from './api.ts';

/** What the demo came to: figures for each ministry and what a person must decide. Derived, nothing stored. */

export interface LegFigures {
  readonly system: string;
  readonly legs: number;
  /** A record there answers to the dossier. */
  readonly sent: number;
  /** Read back and equal. */
  readonly verified: number;
  /** A result came back. */
  readonly returned: number;
  readonly refused: number;
  readonly held: number;
}

export interface Waiting {
  readonly code: string;
  readonly kind: string;
  readonly desk: string;
  readonly vi: string;
  readonly en: string;
  readonly remedyVi: string;
  readonly remedyEn: string;
  readonly decisions: readonly string[];
}

const RETURNED = new Set(['issued', 'handed-over']);

export function figures(dossiers: readonly SeenDossier[]): readonly LegFigures[] {
  const systems = new Map<string, SeenDossier['legs']>();
  for (const leg of dossiers.flatMap(({ legs }) => legs)) systems.set(leg.system, [...(systems.get(leg.system) ?? []), leg]);
  return [...systems].map(([system, legs]) => {
    const count = (fits: (leg: SeenDossier['legs'][number]) => boolean): number => legs.filter(fits).length;
    return {
      system,
      legs: legs.length,
      sent: count(({ externalId }) => externalId !== null),
      verified: count(({ trust }) => trust === 'verified'),
      returned: count(({ phase }) => phase !== null && RETURNED.has(phase)),
      refused: count(({ phase }) => phase === 'refused'),
      held: count(({ holds }) => holds.length > 0),
    };
  });
}

export const waiting = (dossiers: readonly SeenDossier[]): readonly Waiting[] =>
  dossiers.flatMap((dossier) =>
    [...dossier.holds, ...dossier.legs.flatMap(({ holds }) => holds)].map(({ kind, desk, vi, en, remedy, decisions }) => ({
      ...{ code: dossier.code, kind, desk, vi, en, decisions },
      remedyVi: remedy.vi,
      remedyEn: remedy.en,
    })),
  );

const RESTING = new Set(['issued', 'handed-over', 'refused', 'withdrawn', 'stopped', 'supplement', 'payment']);

/** Nothing will happen by itself: every leg has ended or waits for a person, here or at the ministry's side. */
export function atRest(dossier: SeenDossier): boolean {
  if (dossier.holds.length > 0) return true;
  return dossier.legs.every(
    ({ situation, phase, holds }) =>
      situation === 'ended' ||
      holds.length > 0 ||
      (situation === 'linked' && phase !== null && RESTING.has(phase)) ||
      (situation === 'waiting' && STOPPED.has(dossier.status)),
  );
}

/** Withdrawn, refused or stopped before anything was sent; or not yet received by the one-stop. */
const STOPPED = new Set([1, 3, 7, 8]);
