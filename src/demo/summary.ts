import type { SeenDossier } from './api.ts';

/** What the demo came to: figures for each ministry and what a person must decide. Derived, nothing stored. */

export interface LegFigures {
  readonly system: string;
  readonly legs: number;
  /** A record there answers to the dossier. */
  readonly sent: number;
  /** Read back and equal. */
  readonly verified: number;
  /** Typed by hand where nothing can be read back: said to be there, never counted as equal. */
  readonly declared: number;
  /** A result came back. */
  readonly returned: number;
  readonly refused: number;
  readonly held: number;
  /** Kind of hold → how many legs have one. */
  readonly why: Readonly<Record<string, number>>;
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
type Leg = SeenDossier['legs'][number];

export function figures(dossiers: readonly SeenDossier[]): readonly LegFigures[] {
  const systems = new Map<string, Leg[]>();
  for (const leg of dossiers.flatMap(({ legs }) => legs)) systems.set(leg.system, [...(systems.get(leg.system) ?? []), leg]);
  return [...systems]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([system, legs]) => {
      const count = (fits: (leg: Leg) => boolean): number => legs.filter(fits).length;
      return {
        system,
        legs: legs.length,
        sent: count(({ externalId }) => externalId !== null),
        verified: count(({ trust }) => trust === 'verified'),
        declared: count(({ trust }) => trust === 'declared'),
        returned: count(({ phase }) => phase !== null && RETURNED.has(phase)),
        refused: count(({ phase }) => phase === 'refused'),
        held: count(({ holds }) => holds.length > 0),
        why: whyOf(legs),
      };
    });
}

/** Each leg counts once for a kind of hold, however many of its lines are held. */
function whyOf(legs: readonly Leg[]): LegFigures['why'] {
  const why: Record<string, number> = {};
  for (const { holds } of legs) for (const kind of new Set(holds.map((hold) => hold.kind))) why[kind] = (why[kind] ?? 0) + 1;
  return Object.fromEntries(Object.entries(why).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export const waiting = (dossiers: readonly SeenDossier[]): readonly Waiting[] =>
  dossiers.flatMap((dossier) =>
    [...dossier.holds, ...dossier.legs.flatMap(({ holds }) => holds)].map(({ kind, desk, vi, en, remedy, decisions }) => ({
      ...{ code: dossier.code, kind, desk, vi, en, decisions },
      remedyVi: remedy.vi,
      remedyEn: remedy.en,
    })),
  );
