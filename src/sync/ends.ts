import type { LineId } from '../mapping/contract.ts';
import type { At } from '../model/json.ts';
import type { Attempt } from '../store/contract.ts';
import { wishOfTrouble } from './after.ts';
import { backOff } from './back-off.ts';
import { commitDraft } from './commit.ts';
import type { Case, Context } from './context.ts';
import type { Draft } from './draft.ts';
import { attemptOf } from './intend.ts';
import type { Look } from './look.ts';

/** Ends a visit that sends nothing: what it learned is committed together with the end of its work row. */
export async function finish(context: Context, given: Case, draft: Draft, nextDueAt: At | null, failures = 0): Promise<void> {
  await context.store.write(async (tx) => {
    await commitDraft(tx, context, given, draft);
    await tx.work.finish(given.work, { nextDueAt, failures, priority: given.work.priority });
  });
  for (const entry of draft.progress) {
    context.tell({ event: 'progress', at: entry.at, code: entry.code, link: entry.link, detail: { kind: entry.kind, name: entry.name } });
  }
}

/** The one-stop moved on: its link first, this one right after. */
export async function afterOneStop(context: Context, given: Case, draft: Draft): Promise<void> {
  draft.wakeOthers = true;
  await finish(context, given, draft, context.clock.now() + 1_000);
}

/** "Not there" is a suspicion, confirmed by a second look, never a delete. */
export async function vanish(context: Context, given: Case, draft: Draft): Promise<void> {
  const now = context.clock.now();
  const missing = Math.min(2, draft.link.missing + 1);
  if (missing !== draft.link.missing) draft.link = { ...draft.link, missing };
  if (missing >= 2) {
    if (draft.link.trust === 'verified') draft.link = { ...draft.link, trust: 'sent' };
    draft.wishes.push({ kind: 'vanished', cause: `vanished:${given.link.system}`, path: null, what: given.spoke.title.vi, detail: {} });
  }
  await finish(context, given, draft, now + given.spoke.pollMs);
}

export async function troubled(context: Context, given: Case, draft: Draft, look: Extract<Look, { is: 'trouble' }>): Promise<void> {
  const { trouble } = look;
  const failures = given.work.failures + 1;
  if (trouble.kind !== 'unavailable' && trouble.kind !== 'stale') {
    const stand: Attempt = {
      ...attemptOf(context, given, draft, { verb: 'update', lines: new Map<LineId, never>(), record: {} }, null),
      state: 'failed',
    };
    const wish = wishOfTrouble(given, stand, { ...trouble, kind: trouble.kind === 'refused' ? 'unknown' : trouble.kind });
    draft.wishes.push({ ...wish, detail: { ...wish.detail, look: true } });
  }
  const dueAt = Math.max(backOff(context, given.work.failures), context.clock.now() + (trouble.retryAfterMs ?? 0));
  context.tell({
    event: 'trouble',
    at: context.clock.now(),
    code: given.link.code,
    link: given.link.id,
    detail: { kind: trouble.kind, code: trouble.code },
  });
  await finish(context, given, draft, dueAt, failures);
}
