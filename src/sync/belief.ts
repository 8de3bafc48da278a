import type { PhaseReading } from '../mapping/contract.ts';
import type { At } from '../model/json.ts';
import { GUARD_KINDS } from './answers.ts';
import type { Write } from './choose.ts';
import type { Case, Context } from './context.ts';
import { audit, type Draft, draftOf } from './draft.ts';
import type { Plan } from './plan.ts';
import type { Seen } from './sighting.ts';
import { saysOther } from './snapshot.ts';
import { coversAll } from './statements.ts';

/** A record typed by hand, where no change is admitted: what it leaves unsaid cannot be filled in and is no difference. */
export function withoutFillIns(given: Case, draft: Draft, plan: Plan, seen: Seen | null): Plan {
  const adopted = draft.link.externalId !== null && draft.link.key !== draft.link.code;
  if (!adopted || given.kind.update !== undefined || seen === null) return plan;
  const outward = [...plan.outward].filter(([line]) => {
    const theirs = seen.theirs.get(line);
    return theirs?.is === 'value' || draft.base?.lines.has(line) === true;
  });
  return { ...plan, outward: new Map(outward) };
}

/** A statement that could not be taken in is kept until it can be, or until a later one speaks of all it spoke of. */
export function isStuck({ statements: [weighed, next] }: Case, plan: Plan, reading: PhaseReading): boolean {
  if (weighed === undefined) return false;
  const isHeld = reading.is === 'unknown' || plan.holds.some(({ theirs }) => theirs.is === 'invalid');
  return isHeld && !(next !== undefined && coversAll(next.sighting.covers, weighed.sighting.covers));
}

/** Only against a sighting: after a receipt or a pushed document nobody knows yet what the record says as a whole. */
export function isRewritten(given: Case, seen: Seen | null): boolean {
  const { base, link, mapping } = given;
  if (seen === null || base === null || base.provisional || base.snapshot === null) return false;
  if (seen.sighting.sequence === null || seen.sighting.sequence !== link.sequence) return false;
  return saysOther(mapping, seen.sighting, base);
}

/** This very look shows that an official has moved the dossier on since the step was derived. */
export const isOvertakenNow = (given: Case, draft: Draft, write: Write | null): boolean =>
  write?.verb === 'act' && write.act === 'step' && draft.progress.some((entry) => entry.kind === 'status' && entry.link === given.link.id);

/** A difference that was not believed leaves no mark on base, phase or version: the next visit meets it afresh. */
export function withoutSighting(given: Case, draft: Draft): Draft {
  const kept = draftOf(given);
  kept.attempts.push(...draft.attempts);
  for (const id of draft.answered) kept.answered.add(id);
  kept.judged = draft.judged;
  kept.saw = draft.saw;
  kept.answeredLook = draft.answeredLook;
  kept.unbelieved = true;
  return kept;
}

/** What passed the guards by a person's word needs that word no longer; differences on an ended link are noted once. */
export function noteConfirmed(context: Context, given: Case, draft: Draft, plan: Plan, seen: Seen | null): void {
  for (const hold of given.holds) if (hold.decision !== null && GUARD_KINDS.has(hold.kind)) draft.answered.add(hold.id);
  if (plan.notices.length > 0 && isNews(given, draft, seen)) {
    audit(draft, context.clock.now(), 'differs after the end', { lines: plan.notices }, null, given.mapping.version);
  }
}

/** The record says something else than when it was last looked at; one without a version is compared as a whole. */
function isNews(given: Case, draft: Draft, seen: Seen | null): boolean {
  const { base, link, mapping } = given;
  if (link.externalId === null || given.statements.length > 0 || draft.link.version !== link.version) return true;
  if (seen === null) return false;
  if (link.situation !== draft.link.situation || base === null) return true;
  return seen.sighting.version === null && saysOther(mapping, seen.sighting, base);
}

export function ringOf(
  context: Context,
  given: Case,
  plan: Plan,
  now: At,
): { readonly ringHitsNow: number; readonly ringSince: At | null } {
  const { ring } = context.memory;
  const hits = ring.get(given.link.system) ?? new Map<string, At>();
  if (plan.ringHits.length === 0) {
    hits.delete(given.link.id);
    return { ringHitsNow: 0, ringSince: null };
  }
  const since = hits.get(given.link.id) ?? now;
  ring.set(given.link.system, hits.set(given.link.id, since));
  const recent = [...hits.values()].filter((at) => now - at <= context.limits.ringWindowMs).length;
  return { ringHitsNow: recent, ringSince: since };
}
