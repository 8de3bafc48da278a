import type { LineId, LineRule, Mapping } from '../mapping/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { ABSENT, type AgreedValue, type Covers, type LineValue, type Problem, UNSEEN } from '../model/line-value.ts';
import type { DecisionName, HoldKind, Phase } from '../model/words.ts';
import type { Base } from '../store/contract.ts';
import { hasReached } from './phases.ts';

/** A person's answer to a hold on a line, with both values as they stood when it was asked. */
export interface Answer {
  readonly hold: string;
  readonly kind: HoldKind;
  readonly name: DecisionName;
  readonly ours: Json;
  readonly theirs: Json;
}

export interface PlanInput {
  readonly mapping: Mapping;
  readonly ours: ReadonlyMap<LineId, LineValue>;
  /** null: no record was seen in this visit. */
  readonly theirs: ReadonlyMap<LineId, LineValue> | null;
  /** What the sighting speaks of; a list element it leaves out is absent only where the list is covered. */
  readonly covers: Covers;
  readonly base: Base | null;
  /** No record is there yet: everything ours has to say goes out. */
  readonly creating: boolean;
  /** Stated by this visit's sighting; ownership ends by nothing else. */
  readonly phase: Phase | null;
  /** The link ended: differences are noted, corrections come in, nothing goes out. */
  readonly readOnly: boolean;
  /** The record was typed there by hand and found: what it never states was never ours to save. */
  readonly adopted: boolean;
  readonly answers: ReadonlyMap<LineId, Answer>;
  /** Their value on lines in conflict, as last shown to a person: stands in where the sighting says nothing. */
  readonly shown: ReadonlyMap<LineId, AgreedValue>;
}

export interface PlannedHold {
  readonly kind: HoldKind;
  readonly line: LineId;
  readonly problem: Problem | null;
  readonly ours: LineValue;
  readonly theirs: LineValue;
}

/** What a visit decided on, as a value: it can be shown, counted and refused. */
export interface Plan {
  readonly agreed: ReadonlyMap<LineId, AgreedValue>;
  readonly outward: ReadonlyMap<LineId, AgreedValue>;
  readonly inward: ReadonlyMap<LineId, AgreedValue>;
  readonly holds: readonly PlannedHold[];
  /** Our lines that they changed: repaired outward, and noted. */
  readonly drift: readonly LineId[];
  /** Lines that held an agreed value and of which the record says nothing any more. */
  readonly vanished: readonly LineId[];
  /** Shared lines that went back to a value agreed earlier. */
  readonly ringHits: readonly LineId[];
  /** Differences on an ended link. */
  readonly notices: readonly LineId[];
  /** Holds whose answer was carried out by this plan, or has been overtaken. */
  readonly answered: readonly string[];
  /** Owned lines this visit could not see. */
  readonly unseen: readonly LineId[];
}

/** What one line comes to. */
type Verdict =
  | { readonly is: 'nothing' }
  | { readonly is: 'agreed'; readonly value: AgreedValue }
  | { readonly is: 'out'; readonly value: AgreedValue; readonly drift: boolean }
  | { readonly is: 'in'; readonly value: AgreedValue }
  | { readonly is: 'hold'; readonly kind: HoldKind; readonly problem: Problem | null }
  | { readonly is: 'notice' };

const NOTHING: Verdict = { is: 'nothing' };
const hold = (kind: HoldKind, problem: Problem | null = null): Verdict => ({ is: 'hold', kind, problem });

/** Pure, per line: hub, base, sighting, owner. The one place where two sides are weighed. */
export function plan(input: PlanInput): Plan {
  const agreed = new Map<LineId, AgreedValue>();
  const outward = new Map<LineId, AgreedValue>();
  const inward = new Map<LineId, AgreedValue>();
  const holds: PlannedHold[] = [];
  const drift: LineId[] = [];
  const vanished: LineId[] = [];
  const ringHits: LineId[] = [];
  const notices: LineId[] = [];
  const answered: string[] = [];
  const unseen: LineId[] = [];

  for (const id of lineIds(input)) {
    const rule = input.mapping.rule(id);
    const ours = input.ours.get(id) ?? ABSENT;
    const stated = input.theirs === null ? UNSEEN : (input.theirs.get(id) ?? input.mapping.unlisted(id, input.covers));
    const theirs = stated.is === 'unseen' ? (input.shown.get(id) ?? stated) : stated;
    const base = input.base?.lines.get(id) ?? saidBefore(input, id, theirs);
    if (stated.is === 'unseen' && rule.owner !== 'start' && !input.creating) unseen.push(id);
    if (theirs.is === 'absent' && base?.is === 'value') vanished.push(id);

    const answer = input.answers.get(id);
    const weighed = weigh(input, rule, ours, theirs, base);
    const { verdict, spent } =
      answer === undefined
        ? { verdict: weighed, spent: false }
        : (unread(answer, stated, ours, weighed) ?? carryOut(answer, weighed, ours, theirs, input.readOnly || isEnded(input, rule)));
    if (spent && answer !== undefined) answered.push(answer.hold);

    if (verdict.is === 'agreed') agreed.set(id, verdict.value);
    else if (verdict.is === 'out') {
      outward.set(id, verdict.value);
      if (verdict.drift) drift.push(id);
    } else if (verdict.is === 'in') {
      inward.set(id, verdict.value);
      if (isRingHit(input, rule, verdict.value)) ringHits.push(id);
    } else if (verdict.is === 'hold') holds.push({ kind: verdict.kind, line: id, problem: verdict.problem, ours, theirs });
    else if (verdict.is === 'notice') notices.push(id);
  }
  return { ...withoutBlocked(input, outward, inward, holds), agreed, holds, drift, vanished, ringHits, notices, answered, unseen };
}

/** Nothing was ever agreed, yet they hold what we once sent: that is agreed, whatever ours says by now. */
function saidBefore(input: PlanInput, id: LineId, theirs: LineValue): AgreedValue | undefined {
  return isAgreed(theirs) ? input.base?.ring.get(id)?.find((earlier) => input.mapping.equal(id, earlier, theirs)) : undefined;
}

const isEnded = (input: PlanInput, rule: LineRule): boolean => rule.until !== null && hasReached(input.phase, rule.until);

function* lineIds(input: PlanInput): Iterable<LineId> {
  yield* input.ours.keys();
  for (const id of input.theirs?.keys() ?? []) if (!input.ours.has(id)) yield id;
  for (const id of input.base?.lines.keys() ?? []) if (!input.ours.has(id) && !input.theirs?.has(id)) yield id;
}

function weigh(input: PlanInput, rule: LineRule, ours: LineValue, theirs: LineValue, base: AgreedValue | undefined): Verdict {
  if (rule.owner === 'start') return input.readOnly ? NOTHING : weighStart(input, ours);
  if (theirs.is === 'invalid') return hold(theirs.problem.hold, theirs.problem);
  const equal = (a: LineValue, b: LineValue) => input.mapping.equal(rule.id, a, b);
  if (theirs.is !== 'unseen' && ours.is !== 'invalid' && ours.is !== 'unseen' && equal(ours, theirs))
    return { is: 'agreed', value: theirs };

  const ended = isEnded(input, rule);
  if (rule.owner === 'take' || (ended && theirs.is !== 'unseen')) return weighTheirs(rule, ended, input.adopted, ours, theirs, base, equal);
  if (ours.is === 'unseen') return NOTHING;
  if (ours.is === 'invalid') return input.readOnly ? { is: 'notice' } : hold(ours.problem.hold, ours.problem);
  if (input.readOnly) return weighEnded(rule, ours, theirs, base, equal);
  if (ended) {
    const nothingNew = saysNothing(base) ? saysNothing(ours) : base !== undefined && equal(ours, base);
    return nothingNew || input.adopted ? NOTHING : hold('unsaved-edit');
  }
  // A record a person pointed at, of which this line was never seen: what stands there is not ours to write over unasked.
  const isUnknown = input.adopted && input.theirs === null && theirs.is === 'unseen' && base === undefined && !saysNothing(ours);
  if (rule.owner === 'share' && isUnknown) return hold('conflict');
  return rule.owner === 'give' ? weighGive(rule, ours, theirs, base, equal) : weighShare(rule, ours, theirs, base, equal);
}

type Equal = (a: LineValue, b: LineValue) => boolean;

const saysNothing = (value: LineValue | undefined): boolean => value === undefined || value.is === 'absent' || value.is === 'empty';

function weighStart(input: PlanInput, ours: LineValue): Verdict {
  if (!input.creating || ours.is === 'unseen' || ours.is === 'absent') return NOTHING;
  return ours.is === 'invalid' ? hold(ours.problem.hold, ours.problem) : { is: 'out', value: ours, drift: false };
}

/** Theirs wins: take lines always; give and share lines once `until` was reached, unless our last edit is still unacknowledged. */
function weighTheirs(
  rule: LineRule,
  ended: boolean,
  adopted: boolean,
  ours: LineValue,
  theirs: Exclude<LineValue, { is: 'invalid' }>,
  base: AgreedValue | undefined,
  equal: Equal,
): Verdict {
  if (theirs.is === 'unseen') return NOTHING;
  if (rule.owner === 'take') return { is: 'in', value: theirs };
  if (ours.is === 'invalid') return hold(ours.problem.hold, ours.problem);
  if (base === undefined) {
    if (saysNothing(ours)) return { is: 'in', value: theirs };
    if (!saysNothing(theirs)) return hold('conflict');
    return adopted ? NOTHING : hold('unsaved-edit'); // filled in here and never sent: too late for that now
  }
  if (ended && !equal(ours, base)) return hold('unsaved-edit'); // ours can no longer be written: theirs, or leave it
  return { is: 'in', value: theirs };
}

/** An ended link: their change is a correction where they own or share; ours stays as it is and is noted. */
function weighEnded(rule: LineRule, ours: AgreedValue, theirs: LineValue, base: AgreedValue | undefined, equal: Equal): Verdict {
  if (theirs.is === 'unseen' || theirs.is === 'invalid') return base !== undefined && !equal(ours, base) ? { is: 'notice' } : NOTHING;
  if (rule.owner === 'share' && base !== undefined && equal(ours, base)) return { is: 'in', value: theirs };
  return { is: 'notice' };
}

function weighGive(rule: LineRule, ours: AgreedValue, theirs: LineValue, base: AgreedValue | undefined, equal: Equal): Verdict {
  if (theirs.is === 'unseen' && base !== undefined && equal(ours, base)) return NOTHING;
  if (saysNothing(ours)) return clearing(rule, ours, theirs, base);
  const drift = theirs.is !== 'unseen' && base !== undefined && equal(ours, base);
  return { is: 'out', value: ours, drift };
}

function weighShare(rule: LineRule, ours: AgreedValue, theirs: LineValue, base: AgreedValue | undefined, equal: Equal): Verdict {
  if (theirs.is === 'unseen' || theirs.is === 'invalid') {
    if (base !== undefined && equal(ours, base)) return NOTHING;
    return saysNothing(ours) ? clearing(rule, ours, theirs, base) : { is: 'out', value: ours, drift: false };
  }
  if (base === undefined) {
    if (saysNothing(ours)) return { is: 'in', value: theirs };
    return saysNothing(theirs) ? { is: 'out', value: ours, drift: false } : hold('conflict');
  }
  if (equal(theirs, base)) return saysNothing(ours) ? clearing(rule, ours, theirs, base) : { is: 'out', value: ours, drift: false };
  return equal(ours, base) ? { is: 'in', value: theirs } : hold('conflict');
}

/** Ours says nothing. Where something was agreed before, writing that needs a word from the integrator on how. */
function clearing(rule: LineRule, ours: AgreedValue, theirs: LineValue, base: AgreedValue | undefined): Verdict {
  if (saysNothing(base)) return NOTHING; // never ours to clear: they may keep what they hold
  if (theirs.is !== 'unseen' && saysNothing(theirs)) return NOTHING;
  return rule.clear === null ? hold('clear') : { is: 'out', value: ours, drift: false };
}

/**
 * An answer about an edit that came too late, where the record cannot be read again: "theirs" takes what the person was
 * shown; any other waits for the next statement. null: the record speaks for itself, or the question is another one.
 */
function unread(answer: Answer, stated: LineValue, ours: LineValue, weighed: Verdict): { verdict: Verdict; spent: boolean } | null {
  if (stated.is !== 'unseen' || answer.kind !== 'unsaved-edit') return null;
  const shown = answer.name === 'theirs' && same(answer.ours, ours) ? fromAsked(answer.theirs) : null;
  return shown === null ? { verdict: weighed, spent: false } : { verdict: { is: 'in', value: shown }, spent: true };
}

/** A decision counts only for the values the person saw; later values are asked about again. */
function carryOut(
  answer: Answer,
  weighed: Verdict,
  ours: LineValue,
  theirs: LineValue,
  mayNotWrite: boolean,
): { verdict: Verdict; spent: boolean } {
  if (weighed.is !== 'hold' || weighed.kind !== answer.kind) return { verdict: weighed, spent: true };
  const asSeen = same(answer.ours, ours) && same(answer.theirs, theirs);
  if (!asSeen) return { verdict: weighed, spent: true };
  // Left as it is there, though nobody has seen it: the question stays silent, and what it is about unknown.
  if (answer.name === 'leave') return { verdict: theirs.is === 'unseen' ? weighed : NOTHING, spent: false };
  if (answer.name === 'ours' && isAgreed(ours) && !mayNotWrite) return { verdict: { is: 'out', value: ours, drift: false }, spent: true };
  if (answer.name === 'theirs' && isAgreed(theirs)) return { verdict: { is: 'in', value: theirs }, spent: true };
  return { verdict: weighed, spent: true };
}

const isAgreed = (value: LineValue): value is AgreedValue => value.is === 'value' || value.is === 'empty' || value.is === 'absent';

/** A line value as it is kept in a hold, to be compared when the answer comes. */
export const asAsked = (value: LineValue): Json => (value.is === 'value' ? { is: value.is, value: value.value } : { is: value.is });

/** A kept line value as it was; null where none that can stand on a record was kept. */
export function fromAsked(asked: Json | undefined): AgreedValue | null {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) return null;
  const { is, value } = asked as JsonObject;
  if (is === 'value' && value !== undefined) return { is, value };
  return is === 'empty' || is === 'absent' ? { is } : null;
}

const same = (asked: Json, now: LineValue): boolean => JSON.stringify(asked) === JSON.stringify(asAsked(now));

/** Lines on which their value may come to stand in the hub, now or once ownership ended: earlier values are remembered. */
export const keepsRing = (rule: LineRule): boolean => rule.owner === 'share' || rule.until !== null;

function isRingHit(input: PlanInput, rule: LineRule, value: AgreedValue): boolean {
  if (!keepsRing(rule)) return false;
  return (input.base?.ring.get(rule.id) ?? []).some((earlier) => input.mapping.equal(rule.id, earlier, value));
}

/** An invalid value holds the record: nothing of it goes out (ours) or comes in (theirs) half. */
function withoutBlocked(
  input: PlanInput,
  outward: ReadonlyMap<LineId, AgreedValue>,
  inward: ReadonlyMap<LineId, AgreedValue>,
  holds: readonly PlannedHold[],
): Pick<Plan, 'outward' | 'inward'> {
  const none: ReadonlyMap<LineId, AgreedValue> = new Map();
  const ourSide = holds.some((held) => held.ours.is === 'invalid') || (input.creating && holds.length > 0);
  const theirSide = holds.some((held) => held.theirs.is === 'invalid');
  return { outward: ourSide ? none : outward, inward: theirSide ? none : inward };
}
