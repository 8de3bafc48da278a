import type { TroubleDetail } from '../kit/index.ts';
import type { At, JsonObject } from '../model/json.ts';
import type { Attempt, Link } from '../store/contract.ts';
import type { Case } from './context.ts';
import type { HoldWish } from './holds.ts';
import { hasResult, isFinal } from './phases.ts';

/** When the link wants to be looked at again by itself; null = only when something wakes it. */
export function pollDue(given: Case, link: Link, now: At): At | null {
  if (given.spoke.role === 'one-stop' || link.situation === 'ended') return null;
  if (link.externalId === null)
    return given.kind.onlyLookedUp === true || isRefusedAndFindable(given, link) ? now + given.spoke.pollMs : null;
  if (given.kind.read === undefined || isFinal(link.phase)) return null;
  // After the result corrections may still come: looked at for as long as the leg lives, only less often.
  return now + given.spoke.pollMs * (hasResult(link.phase) && link.trust === 'verified' ? SELDOM : 1);
}

/** Begins the cause of a hold that stays while the same record keeps failing. */
export const STUCK = 'stuck:';

const SELDOM = 4;

/** What they did not take from us a person may have typed there: looked for now and then while the refusal stands. */
function isRefusedAndFindable(given: Case, link: Link): boolean {
  const { find, read } = given.kind;
  return (find !== undefined || read?.by === 'key') && given.holds.some((hold) => hold.kind === 'refused' && hold.link === link.id);
}

/** What was sent, so that the very same is not sent again to the same refusal. Sealed with the hold. */
export const asSent = (attempt: Attempt): string => sentText(attempt.sent.lines);
export const sentText = (lines: Attempt['sent']['lines']): string => JSON.stringify([...lines].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The system said no, in a way a person must mend. */
export function wishOfTrouble(given: Case, attempt: Attempt, trouble: TroubleDetail): HoldWish {
  const kind = trouble.kind === 'refused' ? 'refused' : trouble.kind === 'setup' ? 'setup' : 'unknown-answer';
  const detail: JsonObject = {
    sent: asSent(attempt),
    code: trouble.code,
    issues: (trouble.issues ?? []).map((issue) => ({ ...issue })),
  };
  const scope = trouble.scope === 'record' ? given.link.id : given.link.system;
  return {
    kind,
    cause: kind === 'refused' ? `refused:${given.link.id}` : `${kind}:${scope}:${trouble.code}`,
    path: null,
    vi: trouble.vi,
    en: trouble.en,
    what: given.spoke.title.vi,
    detail,
  };
}
