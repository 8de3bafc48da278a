import { canonicalJson } from '../model/canonical-json.ts';
import type { At, Json, JsonObject } from '../model/json.ts';
import type { HoldKind } from '../model/words.ts';
import type { Hold, Link } from '../store/contract.ts';
import { HOLD_WORDS } from './hold-words.ts';
import { asAsked, type PlannedHold } from './plan.ts';

/** A reason to wait for a person, before it becomes a row. */
export interface HoldWish {
  readonly kind: HoldKind;
  readonly cause: string;
  readonly path: string | null;
  /** Shown instead of the kind's own sentence where the trouble brought a better one. */
  readonly vi?: string;
  readonly en?: string;
  readonly what: string;
  readonly detail: JsonObject;
}

/** Kinds that each visit judges afresh: such a hold lapses when the visit no longer asks for it. */
const JUDGED_AFRESH: ReadonlySet<HoldKind> = new Set<HoldKind>([
  'unknown-code',
  'split-code',
  'invalid',
  'conflict',
  'unsaved-edit',
  'clear',
  'closed-phase',
  'refused',
  'setup',
  'unsure',
  'vanished',
  'no-result',
  'unknown-phase',
  'unknown-answer',
  'status-step',
  'version-back',
  'restored-backup',
  'many-changes',
  'emptied',
  'ended-changed',
  'confirm',
  'cap',
  'typed-differs',
  'not-visible',
  'not-exchanged',
  'legs-open',
  'second-supplement',
]);

/** Reasons that only a record that was seen can take away. */
const NEEDS_SIGHT: ReadonlySet<HoldKind> = new Set<HoldKind>([
  'conflict',
  'unsaved-edit',
  'unknown-phase',
  'version-back',
  'restored-backup',
  'many-changes',
  'emptied',
  'ended-changed',
  'vanished',
  'twins',
  'no-result',
  'typed-differs',
]);

export function wishOfLine(held: PlannedHold, link: Link): HoldWish {
  const { problem } = held;
  return {
    kind: held.kind,
    cause: problem?.cause ?? `${held.kind}:${link.system}:${held.line}`,
    path: held.line,
    ...(problem === null ? {} : { vi: problem.vi, en: problem.en }),
    what: held.line,
    detail: {
      ours: asAsked(held.ours),
      theirs: asAsked(held.theirs),
      ...(problem === null ? {} : { problem: problem.code, hubPath: problem.path }),
      ...(problem?.choices === undefined ? {} : { choices: problem.choices.map((choice) => ({ ...choice })) }),
    },
  };
}

export function openHold(wish: HoldWish, link: Link | null, code: string, row: { readonly id: string; readonly now: At }): Hold {
  const words = HOLD_WORDS[wish.kind];
  const fill = (text: string) => text.replaceAll('{what}', wish.what);
  return {
    id: row.id,
    code,
    link: link?.id ?? null,
    kind: wish.kind,
    desk: words.desk,
    cause: wish.cause,
    path: wish.path,
    vi: wish.vi ?? fill(words.vi),
    en: wish.en ?? fill(words.en),
    remedyVi: words.remedyVi,
    remedyEn: words.remedyEn,
    decisions: words.decisions,
    detail: wish.detail,
    openedAt: row.now,
    closedAt: null,
    decision: null,
    applied: false,
  };
}

export interface Reconciled {
  /** Open holds that show values which are no longer so: to be closed before their question is asked anew under a new id. */
  readonly outdated: readonly Hold[];
  /** Wishes no live hold stands for yet. */
  readonly open: readonly HoldWish[];
  /** Open holds whose reason is gone: closed without a decision. */
  readonly lapsed: readonly Hold[];
  /** Answered holds that were carried out. */
  readonly applied: readonly Hold[];
}

/** One unknown code is one task, on however many lines of the dossier it stands. */
const reasonOf = (of: Pick<HoldWish, 'kind' | 'path' | 'cause'>): string =>
  JSON.stringify([of.kind, of.kind === 'unknown-code' ? null : of.path, of.cause]);
const sameReason = (hold: Hold, wish: HoldWish): boolean => reasonOf(hold) === reasonOf(wish);

/**
 * Live holds against what this visit asks for. `answered` are holds whose answer was used. An answered "leave" stays
 * silent until the values change.
 */
export function reconcile(
  live: readonly Hold[],
  wishes: readonly HoldWish[],
  answered: ReadonlySet<string>,
  now: At,
  saw: boolean,
): Reconciled {
  const quiet = live.filter((hold) => hold.decision?.name === 'leave' && !answered.has(hold.id));
  const distinct = wishes.filter((wish, index) => index === wishes.findIndex((other) => reasonOf(other) === reasonOf(wish)));
  const outdated = live.filter((hold) => hold.decision === null && distinct.some((wish) => sameReason(hold, wish) && hasMoved(hold, wish)));
  const open = distinct.filter(
    (wish) =>
      !live.some((hold) => hold.decision === null && sameReason(hold, wish) && !hasMoved(hold, wish)) &&
      !quiet.some((hold) => sameReason(hold, wish)),
  );
  const lapsed = live
    .filter(
      (hold) =>
        hold.decision === null &&
        JUDGED_AFRESH.has(hold.kind) &&
        (saw || !NEEDS_SIGHT.has(hold.kind)) &&
        !wishes.some((wish) => sameReason(hold, wish)),
    )
    .map((hold) => ({ ...hold, closedAt: now, applied: true }));
  const applied = live.filter((hold) => hold.decision !== null && answered.has(hold.id)).map((hold) => ({ ...hold, applied: true }));
  return { outdated: outdated.map((hold) => ({ ...hold, closedAt: now, applied: true })), open, lapsed, applied };
}

/** Asked about by its two values: an answer must be to the values that were shown. */
const ASKS_BY_VALUE: ReadonlySet<HoldKind> = new Set<HoldKind>(['conflict', 'unsaved-edit', 'typed-differs']);

/** The values asked about are others now; what this visit did not see has not moved. */
function hasMoved(hold: Hold, wish: HoldWish): boolean {
  if (!ASKS_BY_VALUE.has(hold.kind)) return false;
  const { ours, theirs } = wish.detail;
  const differs = (was: Json | undefined, is: Json | undefined): boolean =>
    !isUnseen(is) && is !== undefined && canonicalJson(was ?? null) !== canonicalJson(is);
  return differs(hold.detail.ours, ours) || differs(hold.detail.theirs, theirs);
}

const isUnseen = (asked: Json | undefined): boolean => (asked as { readonly is?: Json } | null | undefined)?.is === 'unseen';
