import type { Attempt, Tx } from '../store/contract.ts';
import type { Write } from './choose.ts';
import { commitDraft, HubMoved } from './commit.ts';
import type { Case, Context } from './context.ts';
import { audit, type Draft } from './draft.ts';
import { risksOf } from './risks.ts';

/** The row of an effect that is about to be tried. */
export function attemptOf(context: Context, given: Case, draft: Draft, write: Write, againstVersion: string | null): Attempt {
  const now = context.clock.now();
  return {
    id: context.chance.id(),
    link: given.link.id,
    code: given.link.code,
    verb: write.verb,
    act: write.verb === 'act' ? write.act : null,
    actSeq: write.verb === 'act' ? write.seq : null,
    state: 'open',
    sent: { lines: write.lines, record: write.record },
    hubVersion: draft.dossier.hubVersion,
    againstVersion,
    mappingVersion: given.mapping.version,
    intendedAt: now,
    sentAt: now,
    sends: 1,
    ticket: null,
    trouble: null,
    endedAt: null,
  };
}

/** One transaction: hub changes, base, progress, audit, holds and the attempt. After it the effect may be tried, and not before. */
export async function intend(context: Context, given: Case, draft: Draft, attempt: Attempt): Promise<void> {
  draft.attempts.push(attempt);
  draft.link = {
    ...draft.link,
    ...(attempt.verb === 'create' ? { situation: 'intended' as const } : {}),
  };
  const risks = risksOf(given.kind, attempt, draft.unseen);
  audit(
    draft,
    context.clock.now(),
    `intend ${attempt.act ?? attempt.verb}`,
    { lines: [...attempt.sent.lines.keys()], sends: attempt.sends, ...(risks.length === 0 ? {} : { risks: [...risks] }) },
    attempt.id,
    attempt.mappingVersion,
  );
  // As it stands now, so that the receipt finds out whether anything else has changed it since.
  draft.link = await context.store.write(async (tx) => {
    if (await saysMoreNow(tx, given)) throw new HubMoved();
    return commitDraft(tx, context, given, draft);
  });
}

/** Where only messages tell: another one came since this visit began, and what was planned on the older one must not be sent. */
async function saysMoreNow(tx: Tx, given: Case): Promise<boolean> {
  if (given.kind.read !== undefined || given.kind.hear === undefined) return false;
  const waiting = (await tx.statements.load([given.link.id])).get(given.link.id) ?? [];
  return waiting.some(({ seq }) => !given.statements.some((known) => known.seq === seq));
}
