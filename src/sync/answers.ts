import type { LineId } from '../mapping/contract.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { HoldKind } from '../model/words.ts';
import type { Hold } from '../store/contract.ts';
import type { Case } from './context.ts';
import type { GuardHold } from './guard.ts';
import type { HoldWish } from './holds.ts';
import type { Answer, Plan } from './plan.ts';

/** What persons answered about single lines, for the plan. */
export function answersOf(holds: readonly Hold[]): ReadonlyMap<LineId, Answer> {
  const answers = new Map<LineId, Answer>();
  for (const hold of holds) {
    if (hold.decision === null || hold.path === null || GUARD_KINDS.has(hold.kind)) continue;
    answers.set(hold.path, {
      hold: hold.id,
      kind: hold.kind,
      name: hold.decision.name,
      ours: hold.detail.ours ?? null,
      theirs: hold.detail.theirs ?? null,
    });
  }
  return answers;
}

export const GUARD_KINDS: ReadonlySet<HoldKind> = new Set<HoldKind>([
  'version-back',
  'restored-backup',
  'many-changes',
  'emptied',
  'confirm',
]);

/** Guards a person has let pass, for this link and this visit. */
export const confirmedOf = (holds: readonly Hold[]): ReadonlySet<HoldKind> =>
  new Set(
    holds
      .filter((hold) => GUARD_KINDS.has(hold.kind) && (hold.decision?.name === 'confirm' || hold.decision?.name === 'ours'))
      .map((hold) => hold.kind),
  );

/** "Ours is right" to a record that went back: what would come in goes out instead. */
export function flipped(plan: Plan, holds: readonly Hold[], ours: ReadonlyMap<LineId, LineValue>): Plan {
  const wanted = holds.some((hold) => GUARD_KINDS.has(hold.kind) && hold.decision?.name === 'ours');
  if (!wanted || plan.inward.size === 0) return plan;
  const outward = new Map<LineId, AgreedValue>(plan.outward);
  for (const line of plan.inward.keys()) {
    const value = ours.get(line);
    if (value !== undefined && value.is !== 'unseen' && value.is !== 'invalid') outward.set(line, value);
  }
  return { ...plan, outward, inward: new Map(), ringHits: [], vanished: [] };
}

export const holdWishOfGuard = (held: GuardHold, given: Case): HoldWish => ({
  kind: held.kind,
  cause: held.cause,
  path: null,
  what: given.spoke.title.vi,
  detail: { lines: [...held.lines] },
});

/** A live hold asked for again, so that it stays. */
export const wishOf = (hold: Hold): HoldWish => ({
  kind: hold.kind,
  cause: hold.cause,
  path: hold.path,
  vi: hold.vi,
  en: hold.en,
  what: '',
  detail: hold.detail,
});
