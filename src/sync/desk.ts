import type { At } from '../model/json.ts';
import { pollDue } from './after.ts';
import type { Case, Context } from './context.ts';
import { audit, type Draft } from './draft.ts';
import { drop, VISIBLE_WITHIN_MS } from './settle-sheet.ts';
import { isSameSheet, type Sheet, sheetState } from './sheet.ts';

/** The sheets of this link that nobody has opened, as this visit leaves them. */
const preparedOf = (given: Case, draft: Draft) => {
  const settled = new Set(draft.attempts.map(({ id }) => id));
  return given.attempts.filter((attempt) => attempt.verb === 'by-hand' && sheetState(attempt) === 'prepared' && !settled.has(attempt.id));
};

/** True while a sheet other than this one lies prepared, or none does: something is to be put on the desk, or taken off it. */
export const isNewSheet = (given: Case, draft: Draft, sheet: Sheet): boolean =>
  !preparedOf(given, draft).some((attempt) => isSameSheet(attempt, sheet));

/**
 * The intention of an attempt by hand: the sheet that is to be typed lies prepared, and no other. It commits with the visit;
 * only after that can anybody open it, which is its sending.
 */
export function layOut(context: Context, given: Case, draft: Draft, sheet: Sheet | null): void {
  const now = context.clock.now();
  for (const attempt of preparedOf(given, draft)) {
    if (sheet !== null && isSameSheet(attempt, sheet)) return;
    drop(draft, attempt, now);
  }
  if (sheet === null) return;
  const id = context.chance.id();
  draft.attempts.push({
    ...{ id, link: given.link.id, code: given.link.code, verb: 'by-hand', act: sheet.act, actSeq: null, state: 'open' },
    sent: { lines: sheet.lines, record: sheet.record },
    ...{ hubVersion: draft.dossier.hubVersion, againstVersion: draft.link.version, mappingVersion: given.mapping.version },
    ...{ intendedAt: now, sentAt: now, sends: 0, ticket: null, trouble: null, endedAt: null },
  });
  if (sheet.act === null) draft.link = { ...draft.link, situation: 'intended' };
  audit(draft, now, 'sheet prepared', { lines: [...sheet.lines.keys()], act: sheet.act }, id, given.mapping.version);
}

/** When a leg that is typed by hand is looked at again: for its record, where that can be found, and for a sheet left open. */
export function deskDue(given: Case, draft: Draft, now: At): At | null {
  const due: At[] = [];
  const poll = pollDue(given, draft.link, now);
  if (poll !== null) due.push(poll);
  const mayTurnUp = draft.link.externalId === null && (given.kind.find !== undefined || given.kind.read?.by === 'key');
  if (mayTurnUp) due.push(now + given.spoke.pollMs);
  for (const attempt of given.attempts) {
    const askAt = attempt.sentAt + (given.spoke.visibleWithinMs ?? VISIBLE_WITHIN_MS);
    if (attempt.verb === 'by-hand' && sheetState(attempt) === 'opened' && askAt > now) due.push(askAt);
  }
  return due.length === 0 ? null : Math.min(...due);
}
