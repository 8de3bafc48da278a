import type { LineId } from '../mapping/contract.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { HoldKind, Phase } from '../model/words.ts';
import type { Hold } from '../store/contract.ts';
import type { Case } from './context.ts';
import type { GuardHold } from './guard.ts';
import type { HoldWish } from './holds.ts';
import { hasReached } from './phases.ts';
import { type Answer, fromAsked, type Plan } from './plan.ts';

/** What persons answered about single lines, for the plan. */
export function answersOf(holds: readonly Hold[]): ReadonlyMap<LineId, Answer> {
  const answers = new Map<LineId, Answer>();
  for (const hold of holds.toSorted((a, b) => a.openedAt - b.openedAt)) {
    if (hold.decision === null || hold.path === null || GUARD_KINDS.has(hold.kind) || ELSEWHERE.has(hold.kind)) continue;
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

/** Answers to a line that was asked about anew since, and answered again: nothing is left of them to carry out. */
export function overtakenOf(holds: readonly Hold[]): readonly string[] {
  const latest = new Set([...answersOf(holds).values()].map(({ hold }) => hold));
  return holds
    .filter((hold) => hold.decision !== null && hold.path !== null && !GUARD_KINDS.has(hold.kind) && !ELSEWHERE.has(hold.kind))
    .filter((hold) => !latest.has(hold.id))
    .map((hold) => hold.id);
}

/** Holds on a line whose answer the plan does not carry out. */
const ELSEWHERE: ReadonlySet<HoldKind> = new Set<HoldKind>(['closed-phase', 'typed-differs']);

/** Their value on lines in conflict as the person was last shown it: known, though this visit may not see it. */
export function shownOf(holds: readonly Hold[]): ReadonlyMap<LineId, AgreedValue> {
  const shown = new Map<LineId, AgreedValue>();
  for (const hold of holds) {
    const theirs = hold.kind === 'conflict' ? fromAsked(hold.detail.theirs) : null;
    if (hold.path !== null && theirs !== null) shown.set(hold.path, theirs);
  }
  return shown;
}

export const GUARD_KINDS: ReadonlySet<HoldKind> = new Set<HoldKind>([
  'version-back',
  'restored-backup',
  'many-changes',
  'emptied',
  'confirm',
]);

/** Guards a person has let pass, for this link and this visit; a "confirm" counts for the very content that was shown. */
export const confirmedOf = (holds: readonly Hold[], content: string): ReadonlySet<HoldKind> =>
  new Set(
    holds
      .filter((hold) => GUARD_KINDS.has(hold.kind) && (hold.decision?.name === 'confirm' || hold.decision?.name === 'ours'))
      .filter((hold) => hold.kind !== 'confirm' || hold.detail.content === content)
      .map((hold) => hold.kind),
  );

/** Guards that hold this link and wait for an answer: time passing by is none. */
export const askedOf = (given: Case): ReadonlySet<HoldKind> =>
  new Set(
    given.holds
      .filter((hold) => GUARD_KINDS.has(hold.kind) && hold.link === given.link.id)
      .filter((hold) => hold.decision === null || hold.decision.name === 'leave')
      .map((hold) => hold.kind),
  );

/** "Ours is right" to a record that went back: what we own or share goes out again instead of theirs coming in. */
export function flipped(plan: Plan, given: Case, ours: ReadonlyMap<LineId, LineValue>, phase: Phase | null): Plan {
  const wanted = given.holds.some((hold) => GUARD_KINDS.has(hold.kind) && hold.decision?.name === 'ours');
  if (!wanted || plan.inward.size === 0) return plan;
  const outward = new Map<LineId, AgreedValue>(plan.outward);
  const inward = new Map<LineId, AgreedValue>();
  for (const [line, theirs] of plan.inward) {
    const rule = given.mapping.rule(line);
    const value = ours.get(line);
    const ended = rule.until !== null && hasReached(phase, rule.until);
    const mayWrite = (rule.owner === 'share' || rule.owner === 'give') && !ended;
    if (mayWrite && value?.is === 'value') outward.set(line, value);
    else if (rule.owner === 'take') inward.set(line, theirs);
  }
  return { ...plan, outward, inward, ringHits: [], vanished: [] };
}

export const holdWishOfGuard = (held: GuardHold, given: Case, content: string): HoldWish => ({
  kind: held.kind,
  cause: held.cause,
  path: null,
  what: given.spoke.title.vi,
  detail: { lines: [...held.lines], content },
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
