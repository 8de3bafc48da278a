import type { At } from '../model/json.ts';
import type { Attempt } from '../store/contract.ts';
import { backOff } from './back-off.ts';
import type { Case, Context } from './context.ts';
import { audit, type Draft, emptyBase } from './draft.ts';
import type { Look } from './look.ts';
import { agreeSent } from './overwrite.ts';
import { isOvertaken } from './progress.ts';
import { statesLines } from './risks.ts';
import { windowEnd } from './settle.ts';
import { settleSheet } from './settle-sheet.ts';
import { isSheet } from './sheet.ts';
import type { Seen } from './sighting.ts';

export type Settled =
  /** Go on to plan; `blocked`: an effect is parked, so nothing may be sent. */
  | { readonly is: 'go'; readonly judged: boolean; readonly blocked: boolean }
  | { readonly is: 'wait'; readonly until: At }
  | { readonly is: 'resend'; readonly attempt: Attempt };

/** Open attempts first: what became of them is written into the draft before anything new is weighed. */
export function settleOpen(context: Context, given: Case, draft: Draft, look: Look, seen: Seen | null): Settled {
  const now = context.clock.now();
  if (look.is === 'several')
    return disputed(
      given,
      draft,
      look.sightings.map((sighting) => sighting.id),
    );
  let blocked = false;
  for (const attempt of given.attempts) {
    if (isSheet(attempt)) {
      const sheet = settleSheet(context, given, draft, attempt, look, seen);
      if (sheet.is === 'wait') return sheet;
      blocked ||= sheet.is === 'blocked';
      continue;
    }
    const answer = settledByPerson(given, draft, attempt, now);
    if (answer === 'failed') continue;
    const settlement = context.stations.settle({
      attempt,
      look,
      kind: given.kind,
      mapping: given.mapping,
      theirs: seen?.theirs ?? null,
      phase: seen?.phase.is === 'phase' ? seen.phase.phase : null,
      now,
    });
    if (settlement.to === 'seen') landed(given, draft, attempt, settlement.lines, now);
    else if (settlement.to === 'failed') close(draft, attempt, now);
    else if (settlement.to === 'disputed') return disputed(given, draft, settlement.ids);
    else if (attempt.state === 'parked' || settlement.to === 'park') {
      park(given, draft, attempt);
      blocked = true;
    } else if (settlement.to === 'resend' && attempt.verb === 'act' && statesLines(attempt)) {
      close(draft, attempt, now); // the same act under the same key, but with what is true now
    } else if (settlement.to === 'resend' && isPassedStep(given, attempt)) {
      // An official has moved on since: told once more, the step would undo that. It may have landed, or still land, once.
      if (now < windowEnd(attempt, given.kind)) return { is: 'wait', until: windowEnd(attempt, given.kind) };
      close(draft, attempt, now);
    } else if (settlement.to === 'resend' && draft.link.hand === 'by-hand') {
      const end = handedOver(given, draft, attempt, look, now);
      if (end !== null) return { is: 'wait', until: end };
      blocked ||= draft.link.situation === 'unknown';
    } else if (settlement.to === 'resend') {
      const dueAt = attempt.sends > 1 ? backOffFrom(context, attempt) : now;
      if (dueAt > now) return { is: 'wait', until: dueAt };
      return { is: 'resend', attempt: { ...attempt, sends: attempt.sends + 1, sentAt: now, trouble: null } };
    } else {
      unexplained(given, draft, attempt);
      return { is: 'wait', until: Math.max(settlement.until > now ? settlement.until : backOff(context, given.work.failures), now + 1) };
    }
  }
  return { is: 'go', judged: true, blocked };
}

function isPassedStep({ progress, link }: Case, attempt: Attempt): boolean {
  const step = attempt.act === 'step' ? progress.find(({ seq }) => seq === attempt.actSeq) : undefined;
  return step !== undefined && isOvertaken(step, progress, link.id);
}

/**
 * An official types this leg: what was sent is not sent again. Not seen when it can no longer land: it did not happen; where
 * nobody can look, a person decides. Gives until when it is unsure.
 */
function handedOver(given: Case, draft: Draft, attempt: Attempt, look: Look, now: At): At | null {
  const end = windowEnd(attempt, given.kind);
  if (now < end) return end;
  if (look.is === 'not-there') close(draft, attempt, now);
  else park(given, draft, attempt);
  return null;
}

/** Not faster than the back-off since the last sending. */
function backOffFrom(context: Context, attempt: Attempt): At {
  const { backOffFirstMs, backOffMostMs } = context.limits;
  return attempt.sentAt + Math.min(backOffMostMs, backOffFirstMs * 2 ** Math.min(attempt.sends - 2, 30));
}

/** "It did not arrive: send" frees a parked effect; the record is then sent as a new attempt. */
function settledByPerson(given: Case, draft: Draft, attempt: Attempt, now: At): 'failed' | 'open' {
  if (attempt.state !== 'parked') return 'open';
  const resend = given.holds.find((hold) => hold.decision?.name === 'resend' && (hold.kind === 'unsure' || hold.kind === 'unknown-answer'));
  if (resend === undefined) return 'open';
  draft.answered.add(resend.id);
  close(draft, attempt, now);
  return 'failed';
}

function landed(given: Case, draft: Draft, attempt: Attempt, lines: Attempt['sent']['lines'], now: At): void {
  draft.attempts.push({ ...attempt, state: 'seen', endedAt: now });
  draft.base = {
    ...agreeSent(draft.base ?? emptyBase(given.link.id, given.mapping.version), lines, given.mapping),
    provisional: true,
  };
  if (attempt.verb === 'act' && attempt.actSeq !== null) {
    draft.link = attempt.act === 'step' ? { ...draft.link, stepSeq: attempt.actSeq } : { ...draft.link, actSeq: attempt.actSeq };
  }
  audit(draft, now, `seen ${attempt.act ?? attempt.verb}`, { lines: [...lines.keys()] }, attempt.id, attempt.mappingVersion);
}

function close(draft: Draft, attempt: Attempt, now: At): void {
  draft.attempts.push({ ...attempt, state: 'failed', endedAt: now });
  if (attempt.verb === 'create' && draft.link.externalId === null) draft.link = { ...draft.link, situation: 'waiting' };
  audit(draft, now, `without effect ${attempt.act ?? attempt.verb}`, {}, attempt.id, attempt.mappingVersion);
}

function park(given: Case, draft: Draft, attempt: Attempt): void {
  if (attempt.state !== 'parked') draft.attempts.push({ ...attempt, state: 'parked' });
  if (attempt.verb === 'create') draft.link = { ...draft.link, situation: 'unknown' };
  draft.wishes.push({
    kind: attempt.trouble?.kind === 'unknown' ? 'unknown-answer' : 'unsure',
    cause: `unsure:${given.link.id}`,
    path: null,
    what: given.spoke.title.vi,
    detail: { attempt: attempt.id, verb: attempt.act ?? attempt.verb },
  });
}

function unexplained(given: Case, draft: Draft, attempt: Attempt): void {
  if (attempt.trouble?.kind !== 'unknown') return;
  draft.wishes.push({
    kind: 'unknown-answer',
    cause: `unknown-answer:${given.link.system}:${attempt.trouble.code}`,
    path: null,
    what: given.spoke.title.vi,
    detail: { attempt: attempt.id },
  });
}

function disputed(given: Case, draft: Draft, ids: readonly string[]): Settled {
  draft.link = { ...draft.link, situation: 'disputed' };
  draft.wishes.push({ kind: 'twins', cause: `twins:${given.link.id}`, path: null, what: given.spoke.title.vi, detail: { ids: [...ids] } });
  return { is: 'go', judged: true, blocked: true };
}
