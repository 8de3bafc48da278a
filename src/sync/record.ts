import type { Receipt, TroubleDetail } from '../kit/index.ts';
import type { At } from '../model/json.ts';
import type { Attempt, Link } from '../store/contract.ts';
import { pollDue, STUCK, wishOfTrouble } from './after.ts';
import { backOff } from './back-off.ts';
import { commitDraft } from './commit.ts';
import type { Case, Context } from './context.ts';
import type { Delivery } from './deliver.ts';
import { audit, claim, type Draft, draftOf, emptyBase } from './draft.ts';
import { agreeSent } from './overwrite.ts';
import { isFinal } from './phases.ts';

/** One transaction: receipt, base, phase, progress, next wake. The work row goes only if nobody woke it meanwhile. */
export async function record(context: Context, given: Case, intended: Draft, attempt: Attempt, delivery: Delivery): Promise<void> {
  const now = context.clock.now();
  const draft: Draft = { ...draftOf(given), dossier: intended.dossier, link: intended.link, base: intended.base };
  const next =
    delivery.is === 'receipt'
      ? takeReceipt(context, given, draft, attempt, delivery.receipt)
      : takeTrouble(context, given, draft, attempt, delivery.trouble);
  const known = { ...given, dossier: intended.dossier, link: intended.link, base: intended.base, attempts: [...given.attempts, attempt] };
  const finished = await context.store.write(async (tx) => {
    // What is asked for here is held against the questions as the intent left them.
    const holds = draft.wishes.length === 0 ? given.holds : await tx.holds.live([given.link.code]);
    await commitDraft(tx, context, { ...known, holds }, draft, 'rebase');
    return tx.work.finish(given.work, { nextDueAt: next.dueAt, failures: next.failures, priority: given.work.priority });
  });
  if (!finished) return;
  context.tell({
    event: delivery.is === 'receipt' ? 'sent' : 'trouble',
    at: now,
    code: given.link.code,
    link: given.link.id,
    detail: { verb: attempt.act ?? attempt.verb, answer: delivery.is === 'receipt' ? delivery.receipt.is : delivery.trouble.code },
  });
}

interface Next {
  readonly dueAt: At | null;
  readonly failures: number;
}

function takeReceipt(context: Context, given: Case, draft: Draft, attempt: Attempt, receipt: Receipt): Next {
  const now = context.clock.now();
  audit(draft, now, `receipt ${attempt.act ?? attempt.verb}`, { answer: receipt.is }, attempt.id, attempt.mappingVersion);
  if (receipt.is === 'queued') {
    draft.attempts.push({ ...attempt, ticket: receipt.ticket });
    return { dueAt: now + Math.min(given.spoke.pollMs, given.kind.readLagMs + 1_000), failures: 0 };
  }
  if (receipt.is === 'already' && attempt.verb === 'create') return takeAlready(context, given, draft, attempt, receipt.id);
  draft.attempts.push({ ...attempt, state: 'done', endedAt: now });
  const lines = receipt.is === 'already' ? new Map() : attempt.sent.lines;
  draft.base = {
    ...agreeSent(draft.base ?? emptyBase(given.link.id, given.mapping.version), lines, given.mapping),
    provisional: true,
  };
  draft.link = { ...afterReceipt(draft.link, attempt, receipt, now), ...linked(attempt) };
  sentPhase(given, draft, attempt, now);
  return { dueAt: now, failures: 0 };
}

const linked = (attempt: Attempt): Partial<Link> =>
  attempt.verb === 'create' ? { situation: 'linked', trust: 'sent', missing: 0, polls: 0 } : { polls: 0 };

function afterReceipt(link: Link, attempt: Attempt, receipt: Receipt, now: At): Link {
  const counted = receipt.is === 'done' && receipt.sequence != null ? { sequence: receipt.sequence, statedAt: now } : {};
  const stated = receipt.is === 'done' ? { externalId: receipt.id, version: receipt.version ?? link.version, ...counted } : {};
  if (attempt.verb !== 'act' || attempt.actSeq === null) return { ...link, ...stated };
  return attempt.act === 'step' ? { ...link, ...stated, stepSeq: attempt.actSeq } : { ...link, ...stated, actSeq: attempt.actSeq };
}

/** A created record is "sent"; an act that ends the leg's life ends it here, since the system may never state it back. */
function sentPhase(given: Case, draft: Draft, attempt: Attempt, now: At): void {
  const leadsTo = attempt.verb === 'act' ? (given.kind.acts?.[attempt.act ?? '']?.leadsTo ?? null) : null;
  const phase = attempt.verb === 'create' && draft.link.phase === null && given.spoke.role === 'ministry' ? 'sent' : leadsTo;
  if (phase === null || phase === draft.link.phase) return;
  if (attempt.verb === 'act' && !isFinal(phase) && given.kind.read !== undefined) return; // the next sighting says it
  draft.link = { ...draft.link, phase, ...(isFinal(phase) ? { situation: 'ended' as const } : {}) };
  draft.progress.push({
    code: given.link.code,
    at: now,
    link: given.link.id,
    kind: 'phase',
    name: phase,
    evidence: { kind: 'receipt', ref: attempt.id },
    note: null,
  });
  draft.wakeOthers = true;
}

/** "Already there": perhaps ours if it was sent more than once; else someone's, to be looked at before it is believed equal. */
function takeAlready(context: Context, given: Case, draft: Draft, attempt: Attempt, id: string | null): Next {
  const now = context.clock.now();
  if (id === null) {
    draft.attempts.push({ ...attempt, sends: attempt.sends + 1 });
    return { dueAt: backOff(context, given.work.failures), failures: given.work.failures + 1 };
  }
  draft.attempts.push({ ...attempt, state: 'seen', endedAt: now });
  draft.link = { ...draft.link, externalId: id, situation: 'linked', trust: 'sent', missing: 0 };
  if (attempt.sends > 1) {
    draft.base = claim(draft.base ?? emptyBase(given.link.id, given.mapping.version), attempt.sent.lines);
  }
  return { dueAt: now, failures: 0 };
}

function takeTrouble(context: Context, given: Case, draft: Draft, attempt: Attempt, trouble: TroubleDetail): Next {
  const now = context.clock.now();
  const named = { kind: trouble.kind, scope: trouble.scope, code: trouble.code };
  audit(draft, now, `trouble ${attempt.act ?? attempt.verb}`, named, attempt.id, attempt.mappingVersion);
  const failures = given.work.failures + 1;
  if (trouble.kind === 'unsure' || trouble.kind === 'unknown') {
    draft.attempts.push({ ...attempt, trouble: named });
    if (attempt.verb === 'create') draft.link = { ...draft.link, situation: 'unknown' };
    return { dueAt: now + Math.max(1, given.kind.readLagMs), failures: given.work.failures };
  }
  if (trouble.kind === 'unavailable' && attempt.sends > 1) {
    // This sending had no effect, an earlier one still may: the attempt stays open.
    draft.attempts.push({ ...attempt, trouble: named });
    tellStuck(given, draft, trouble, failures);
    return { dueAt: Math.max(backOff(context, given.work.failures), now + (trouble.retryAfterMs ?? 0)), failures };
  }
  draft.attempts.push({ ...attempt, state: 'failed', trouble: named, endedAt: now });
  if (attempt.verb === 'create') draft.link = { ...draft.link, situation: 'waiting' };
  if (trouble.kind === 'stale') return { dueAt: now, failures };
  tellStuck(given, draft, trouble, failures);
  if (trouble.kind === 'unavailable')
    return { dueAt: Math.max(backOff(context, given.work.failures), now + (trouble.retryAfterMs ?? 0)), failures };
  draft.wishes.push(wishOfTrouble(given, attempt, trouble));
  if (trouble.kind === 'setup') return { dueAt: backOff(context, failures + 4), failures };
  // What was refused may be older than what the hub says by now: that is weighed at once.
  if (draft.dossier.hubVersion !== attempt.hubVersion) return { dueAt: now, failures: 0 };
  const isCreate = attempt.verb === 'create' && trouble.kind === 'refused';
  return { dueAt: isCreate ? now + given.spoke.pollMs : pollDue(given, draft.link, now), failures: 0 };
}

/** Failures of one record in a row after which a person is told; the trying goes on, slowly. */
const MOST_SILENT_FAILURES = 6;

/** A system that works and yet does not take this record again and again: back-off without an end is not silence without an end (T21). */
function tellStuck(given: Case, draft: Draft, trouble: TroubleDetail, failures: number): void {
  if (trouble.kind !== 'unavailable' || trouble.scope !== 'record' || failures < MOST_SILENT_FAILURES) return;
  const cause = `${STUCK}${given.link.id}:${trouble.code}`;
  draft.wishes.push({
    kind: 'unknown-answer',
    cause,
    path: null,
    vi: trouble.vi,
    en: trouble.en,
    what: given.spoke.title.vi,
    detail: { code: trouble.code },
  });
}
