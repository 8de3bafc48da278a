import type { LineId, Mapping } from '../mapping/contract.ts';
import type { AgreedValue, Covers, LineValue } from '../model/line-value.ts';
import type { Attempt, Base, Hold } from '../store/contract.ts';
import { asAsked, type Plan, type PlannedHold } from './plan.ts';

export interface ReadBackInput {
  readonly mapping: Mapping;
  readonly plan: Plan;
  readonly ours: ReadonlyMap<LineId, LineValue>;
  /** null: no record was seen in this visit. */
  readonly theirs: ReadonlyMap<LineId, LineValue> | null;
  readonly covers: Covers;
  readonly base: Base | null;
  /** The record answers for what a person typed: this visit sees it for the first time. */
  readonly first: boolean;
  /** No program writes there: a difference cannot be repaired, only asked about. */
  readonly byHand: boolean;
  /** Lines that stand on a sheet which is still to be typed. */
  readonly correcting: ReadonlySet<LineId>;
  /** An effect is not settled: what a person wants corrected waits for it. */
  readonly blocked: boolean;
  /** Live holds of the link. */
  readonly holds: readonly Hold[];
}

export interface ReadBack {
  readonly plan: Plan;
  /** Holds whose answer was carried out, or has been overtaken. */
  readonly answered: readonly string[];
  /** Lines a person left different, or has yet to see corrected: no question any more, and not equal either. */
  readonly left: readonly LineId[];
}

/**
 * Pure. What was typed, against the dossier, line by line. A line that differs is a person's to judge: it neither comes in
 * as if it were the ministry's word, nor goes out as if a program could mend it.
 */
export function readBack(input: ReadBackInput): ReadBack {
  const untouched: ReadBack = { plan: input.plan, answered: [], left: [] };
  const asked = new Map(input.holds.flatMap((hold) => (hold.kind === 'typed-differs' && hold.path !== null ? [[hold.path, hold]] : [])));
  if (input.theirs === null || (!input.first && !input.byHand && asked.size === 0)) return untouched;
  const differing = [...(input.base?.lines ?? [])].flatMap(([line, base]) => differenceOf(input, line, base, asked.has(line)) ?? []);
  const outward = new Map(input.plan.outward);
  const inward = new Map(input.plan.inward);
  const held: PlannedHold[] = [];
  const answered: string[] = [];
  const left: LineId[] = [];
  for (const difference of differing) {
    const { line, ours, theirs } = difference;
    const hold = asked.get(line);
    const verdict = answerOf(hold, difference);
    outward.delete(line);
    inward.delete(line);
    if (verdict === 'ours' && input.blocked) {
      left.push(line);
      continue;
    }
    if (hold !== undefined && hold.decision !== null && verdict !== 'leave') answered.push(hold.id);
    if (verdict === 'ours' || (verdict === null && input.correcting.has(line))) outward.set(line, ours);
    else if (verdict === 'theirs') inward.set(line, theirs);
    else if (verdict === 'leave') left.push(line);
    else held.push({ kind: 'typed-differs', line, problem: null, ours, theirs });
  }
  const differs = new Set(differing.map(({ line }) => line));
  for (const [line, hold] of asked) if (!differs.has(line) && hold.decision !== null) answered.push(hold.id);
  const others = (lines: readonly LineId[]): readonly LineId[] => lines.filter((line) => !differs.has(line));
  const { plan } = input;
  return {
    plan: {
      ...plan,
      ...{ outward, inward, holds: [...plan.holds.filter(({ line }) => !differs.has(line)), ...held] },
      ...{ drift: others(plan.drift), vanished: others(plan.vanished), ringHits: others(plan.ringHits) },
    },
    answered,
    left,
  };
}

interface Difference {
  readonly line: LineId;
  readonly ours: AgreedValue;
  readonly theirs: AgreedValue;
}

/** The hub says what was typed, the record says something else. Later, what theirs is to say comes in as ever. */
function differenceOf(input: ReadBackInput, line: LineId, base: AgreedValue, isAsked: boolean): readonly Difference[] | null {
  const { mapping, plan } = input;
  const rule = mapping.rule(line);
  if (rule.owner === 'take' || rule.isKey || rule.isFile) return null;
  const ours = input.ours.get(line) ?? { is: 'absent' };
  const theirs = input.theirs?.get(line) ?? mapping.unlisted(line, input.covers);
  if (ours.is === 'invalid' || ours.is === 'unseen' || theirs.is === 'invalid' || theirs.is === 'unseen') return null;
  if (!mapping.equal(line, ours, base) || mapping.equal(line, ours, theirs)) return null;
  const isCorrecting = input.correcting.has(line); // the dossier was judged right: theirs does not come in while it is mended there
  if (!input.first && !isAsked && !isCorrecting && (rule.owner === 'share' || plan.inward.has(line))) return null;
  return [{ line, ours, theirs }];
}

/** A decision counts for the values the person saw; "look again" is answered by looking. */
function answerOf(hold: Hold | undefined, { ours, theirs }: Difference): 'ours' | 'theirs' | 'leave' | null {
  const name = hold?.decision?.name;
  if (hold === undefined || (name !== 'ours' && name !== 'theirs' && name !== 'leave')) return null;
  const asSeen = JSON.stringify([hold.detail.ours, hold.detail.theirs]) === JSON.stringify([asAsked(ours), asAsked(theirs)]);
  return asSeen ? name : null;
}

/** The lines on supplement sheets that are still to be typed; `settled` are attempts this visit has judged. */
export function correctingOf(attempts: readonly Attempt[], settled: readonly Attempt[]): ReadonlySet<LineId> {
  const judged = new Set(settled.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
  const open = attempts.filter((attempt) => attempt.verb === 'by-hand' && attempt.act === 'supplement' && !judged.has(attempt.id));
  return new Set(open.flatMap((attempt) => [...attempt.sent.lines.keys()]));
}
