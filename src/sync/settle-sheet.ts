import type { At } from '../model/json.ts';
import type { Attempt } from '../store/contract.ts';
import type { Case, Context } from './context.ts';
import { audit, type Draft, emptyBase } from './draft.ts';
import type { Look } from './look.ts';
import { agreeSent } from './overwrite.ts';
import { sheetState } from './sheet.ts';
import type { Seen } from './sighting.ts';

/** `free`: something new may be prepared; `blocked`: the sheet is with a person; `wait`: look for it again then. */
export type SheetSettled = { readonly is: 'free' } | { readonly is: 'blocked' } | { readonly is: 'wait'; readonly until: At };

/** How long what was typed may stay unseen, and a sheet lie open, where the configuration says nothing. */
export const VISIBLE_WITHIN_MS = 30 * 60_000;

/**
 * What this look says of a sheet: its record seen, still with a person, or typed and not visible there yet. A supplement may
 * show late, so what the record said before is believed for a while.
 */
export function settleSheet(context: Context, given: Case, draft: Draft, attempt: Attempt, look: Look, seen: Seen | null): SheetSettled {
  const now = context.clock.now();
  const state = sheetState(attempt);
  const theirs = seen?.theirs ?? null;
  const visibleWithinMs = given.spoke.visibleWithinMs ?? VISIBLE_WITHIN_MS;
  if (look.is === 'seen' && attempt.act === null) {
    if (state === 'prepared') drop(draft, attempt, now);
    else landed(given, draft, attempt, now);
    draft.link = { ...draft.link, hand: 'machine' };
    return { is: 'free' };
  }
  if (state === 'prepared') return { is: 'free' };
  if (attempt.act === null && state === 'entered') return awaited(context, given, draft, attempt, visibleWithinMs);
  const isLate = now >= attempt.sentAt + visibleWithinMs;
  if (theirs !== null && (isShown(given, attempt, theirs) || (state === 'entered' && isLate))) {
    landed(given, draft, attempt, now);
    return { is: 'free' };
  }
  if (state === 'opened' && isLate) draft.wishes.push(unsure(given, attempt));
  return { is: 'blocked' };
}

/** The record says everything that stands on the sheet. */
const isShown = (given: Case, attempt: Attempt, theirs: Seen['theirs']): boolean =>
  [...attempt.sent.lines].every(([line, value]) => {
    const there = theirs.get(line);
    return there !== undefined && there.is !== 'unseen' && there.is !== 'invalid' && given.mapping.equal(line, value, there);
  });

const unsure = (given: Case, attempt: Attempt) => ({
  kind: 'unsure' as const,
  cause: `unsure:${given.link.id}`,
  path: null,
  what: given.spoke.title.vi,
  detail: { attempt: attempt.id, verb: 'by-hand' },
});

/** The number is known, the record is not seen: looked for at growing distances, then a person is asked. */
function awaited(context: Context, given: Case, draft: Draft, attempt: Attempt, visibleWithinMs: number): SheetSettled {
  const now = context.clock.now();
  const again = given.holds.find((hold) => hold.kind === 'not-visible' && hold.decision?.name === 'retry');
  const since = again === undefined ? attempt : { ...attempt, sentAt: now };
  if (again !== undefined) {
    draft.answered.add(again.id);
    draft.attempts.push(since);
  } else if (now >= attempt.sentAt + visibleWithinMs) {
    const detail = { attempt: attempt.id };
    draft.wishes.push({ kind: 'not-visible', cause: `not-visible:${given.link.id}`, path: null, what: given.spoke.title.vi, detail });
  }
  const { backOffFirstMs } = context.limits;
  const waitMs = Math.max(backOffFirstMs, Math.min(now - since.sentAt, given.spoke.pollMs));
  return { is: 'wait', until: now + waitMs };
}

function landed(given: Case, draft: Draft, attempt: Attempt, now: At): void {
  draft.attempts.push({ ...attempt, state: 'seen', endedAt: now });
  draft.base = {
    ...agreeSent(draft.base ?? emptyBase(given.link.id, given.mapping.version), attempt.sent.lines, given.mapping),
    provisional: true,
  };
  audit(draft, now, 'seen by-hand', { lines: [...attempt.sent.lines.keys()] }, attempt.id, attempt.mappingVersion);
}

/** A sheet nobody has opened is without effect: it goes, and another may come. */
export function drop(draft: Draft, attempt: Attempt, now: At): void {
  draft.attempts.push({ ...attempt, state: 'failed', endedAt: now });
  if (attempt.act === null && draft.link.externalId === null && draft.link.situation === 'intended')
    draft.link = { ...draft.link, situation: 'waiting' };
  audit(draft, now, 'sheet dropped', {}, attempt.id, attempt.mappingVersion);
}
