import { STUCK } from './after.ts';
import { wishOf } from './answers.ts';
import { backOff } from './back-off.ts';
import type { Case, Context } from './context.ts';
import { deskDue, layOut } from './desk.ts';
import { audit, type Draft, draftOf } from './draft.ts';
import { finish, troubled, vanish } from './ends.ts';
import { followLegs } from './follow-legs.ts';
import { readiness } from './legs.ts';
import type { Look } from './look.ts';
import { awaitExchange } from './look-up.ts';
import { send } from './send.ts';
import { settleOpen } from './settle-open.ts';
import { takeSighting } from './sighting.ts';
import { weigh } from './weigh.ts';

/** One look at one link with all that follows: settle, plan, guard, intend, deliver, record (design §7). */
export async function visit(context: Context, given: Case, look: Look): Promise<void> {
  const draft = draftOf(given);
  if (look.is === 'too-early') return finish(context, given, draft, look.until);
  if (look.is === 'trouble') return troubled(context, given, draft, look);
  // Left out of an answer is no answer: nothing is weighed, and above all nothing created, on the strength of it.
  if (look.is === 'unanswered') return finish(context, given, draft, backOff(context, given.work.failures), given.work.failures + 1);

  draft.answeredLook = look.is === 'not-there' || look.is === 'several' || (look.is === 'seen' && look.by !== 'pushed');
  takeRetries(given, draft);
  for (const hold of given.holds) if (hold.cause.startsWith(STUCK) && given.work.failures > 0) draft.wishes.push(wishOf(hold));
  const seen = takeSighting(context, given, draft, look);
  if (look.is === 'seen' && seen === null) return foreign(context, given, draft);
  const settled = settleOpen(context, given, draft, look, seen);
  if (settled.is === 'wait') return finish(context, given, draft, settled.until);
  if (settled.is === 'resend') return send(context, given, draft, settled.attempt, true);
  draft.judged = settled.judged;
  draft.saw = seen !== null;
  if (given.spoke.role === 'one-stop') followLegs(context, given, draft, seen);

  const missing = look.is === 'not-there' && draft.link.externalId !== null;
  if (missing) return vanish(context, given, draft);
  const isThere = seen !== null || draft.link.externalId !== null;
  if (!isThere && !mayBegin(context, given, draft)) {
    layOut(context, given, draft, null);
    return finish(context, given, draft, deskDue(given, draft, context.clock.now()));
  }
  if (!isThere) awaitExchange(given, draft);
  return weigh(context, given, draft, seen, isThere, settled.blocked);
}

/** "The cause is mended, look again": that answer is carried out by this very look. */
function takeRetries(given: Case, draft: Draft): void {
  for (const hold of given.holds) {
    if (hold.decision?.name !== 'retry') continue;
    draft.answered.add(hold.id);
    if (hold.kind === 'no-result' || hold.kind === 'not-exchanged') draft.link = { ...draft.link, polls: 0 };
  }
}

/** The only record found is another dossier's: nothing is sent, nothing settled, until a person has looked. */
function foreign(context: Context, given: Case, draft: Draft): Promise<void> {
  draft.judged = true;
  return finish(context, given, draft, context.clock.now() + given.spoke.pollMs);
}

/** A leg not begun waits for its turn, or is told that it will not come. */
function mayBegin(context: Context, given: Case, draft: Draft): boolean {
  const ready = readiness({ ...given, dossier: draft.dossier });
  if (ready.is === 'ready') return isAfterCutOff(given);
  if (ready.is === 'impossible' && draft.link.impossible === null) {
    draft.link = { ...draft.link, impossible: ready.reason, situation: 'ended' };
    draft.wakeOthers = true;
    audit(draft, context.clock.now(), 'not possible', { reason: ready.reason }, null, null);
  }
  return false;
}

const isAfterCutOff = (given: Case): boolean => given.spoke.cutOffAt === null || given.dossier.head.receivedAt >= given.spoke.cutOffAt;
