import type { Attempt } from '../store/contract.ts';
import type { Case, Context } from './context.ts';
import type { Draft } from './draft.ts';
import { finish } from './ends.ts';

export async function send(context: Context, given: Case, draft: Draft, attempt: Attempt, again: boolean): Promise<void> {
  const { stations } = context;
  if (!again && (await isOverCap(context, given, attempt))) return capped(context, given, draft);
  await stations.intend(context, given, draft, attempt);
  const delivery = await stations.deliver(context, given, draft.link, attempt);
  await stations.record(context, given, draft, attempt, delivery);
}

async function isOverCap(context: Context, given: Case, attempt: Attempt): Promise<boolean> {
  const cap = given.spoke.dailyCap;
  if (cap === null || attempt.verb === 'act') return false;
  const day = new Date(context.clock.now() + 7 * 3_600_000).toISOString().slice(0, 10);
  return (await context.store.write((tx) => tx.budgets.spend(given.spoke.name, 'writes', day, 1))) > cap;
}

function capped(context: Context, given: Case, draft: Draft): Promise<void> {
  draft.wishes.push({ kind: 'cap', cause: `cap:${given.spoke.name}`, path: null, what: given.spoke.title.vi, detail: {} });
  const dayMs = 86_400_000;
  const localNow = context.clock.now() + 7 * 3_600_000;
  return finish(context, given, draft, context.clock.now() + (dayMs - (localNow % dayMs)));
}
