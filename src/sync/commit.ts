import type { At } from '../model/json.ts';
import type { Base, Dossier, Link, Lookup, Tx } from '../store/contract.ts';
import type { Case, Context } from './context.ts';
import type { Draft } from './draft.ts';
import { FencedOff } from './errors.ts';
import { openHold, reconcile } from './holds.ts';
import { lookupsOf } from './hub.ts';

/** Someone else changed the hub between our look and our write: nothing was written, look again. */
export class HubMoved extends Error {
  override readonly name = 'HubMoved';
}

/** Writes a draft inside the caller's transaction and gives the link as it now stands; throws FencedOff or HubMoved, and then nothing stands. */
export async function commitDraft(
  tx: Tx,
  context: Context,
  given: Case,
  draft: Draft,
  mode: 'strict' | 'rebase' = 'strict',
): Promise<Link> {
  const now = context.clock.now();
  const { link } = draft;
  if (!(await tx.work.holds(link.id, given.work.fence))) throw new FencedOff(link.id);
  if (draft.hubChanged) {
    const dossier = { ...draft.dossier, updatedAt: now };
    if (!(await tx.dossiers.replace(dossier, given.dossier.hubVersion, changedLookups(given.dossier, dossier)))) throw new HubMoved();
  }
  const stands = await commitLink(tx, now, given, draft, mode);
  for (const attempt of draft.attempts) {
    const isNew = !given.attempts.some((known) => known.id === attempt.id);
    await (isNew ? tx.attempts.insert(attempt) : tx.attempts.save(attempt));
  }
  await commitHolds(tx, context, given, draft);
  await takeStatement(tx, now, given, draft);
  if (draft.progress.length > 0) await tx.progress.append(draft.progress);
  if (draft.audit.length > 0) await tx.audit.append(draft.audit);
  if (draft.wakeOthers) {
    for (const other of given.links) {
      if (other.id !== link.id) await tx.work.wake(other, { at: now, priority: 1 });
    }
  }
  return stands;
}

/** The statement this visit weighed is taken in; the next one is weighed at once. */
async function takeStatement(tx: Tx, now: At, given: Case, draft: Draft): Promise<void> {
  const [weighed, next] = given.statements;
  if (weighed === undefined || !draft.judged || draft.unbelieved) return;
  await tx.statements.drop(given.link.id, [weighed.seq]);
  if (next !== undefined) await tx.work.wake(given.link, { at: now, priority: given.work.priority });
}

/** null: the dossier is found by what it was found by before. */
function changedLookups(before: Dossier, after: Dossier): readonly Lookup[] | null {
  if (before.body === after.body && before.head.nationalCode === after.head.nationalCode) return null;
  const now = lookupsOf(after);
  return JSON.stringify(lookupsOf(before)) === JSON.stringify(now) ? null : now;
}

/**
 * A document pushed meanwhile, or a person's word, may have changed link or base beside the lease. A plan made on the
 * older rows is dropped (`strict`); what has already happened outside is laid over the newer rows (`rebase`).
 */
async function commitLink(tx: Tx, now: At, given: Case, draft: Draft, mode: 'strict' | 'rebase'): Promise<Link> {
  const isTouched = draft.link !== given.link || draft.base !== given.base || draft.attempts.length > 0;
  if (!isTouched) return given.link;
  const stored = (await tx.links.load([given.link.id])).get(given.link.id);
  const moved = stored !== undefined && JSON.stringify(stored) !== JSON.stringify(given.link);
  if (moved && mode === 'strict') throw new HubMoved();
  const changed = changedFields(given.link, draft.link);
  // What was tried or agreed counts as a change of the link: others see by it that their rows are old, and reads wait for the system's lag.
  const isChanged = Object.keys(changed).length > 0 || draft.attempts.length > 0 || draft.base !== given.base;
  const held = moved ? { ...stored, ...changed } : draft.link;
  const link = isChanged ? { ...held, updatedAt: now } : held;
  if (isChanged) await tx.links.save(link);
  if (draft.base === null || draft.base === given.base) return link;
  const fresh = moved ? ((await tx.bases.load([given.link.id])).get(given.link.id) ?? null) : null;
  await tx.bases.save(given.link.code, fresh === null ? draft.base : overlaid(fresh, given.base, draft.base));
  return link;
}

const changedFields = (before: Link, after: Link): Partial<Link> =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name as keyof Link] !== value));

/** The lines a receipt settled, over a base that moved on meanwhile. */
function overlaid(fresh: Base, before: Base | null, after: Base): Base {
  const lines = new Map(fresh.lines);
  const ring = new Map(fresh.ring);
  for (const [line, value] of after.lines) {
    if (JSON.stringify(before?.lines.get(line)) === JSON.stringify(value)) continue;
    lines.set(line, value);
    const earlier = after.ring.get(line);
    if (earlier !== undefined) ring.set(line, earlier);
  }
  return { ...fresh, lines, ring, provisional: after.provisional };
}

async function commitHolds(tx: Tx, context: Context, given: Case, draft: Draft): Promise<void> {
  const now = context.clock.now();
  const mine = given.holds.filter((hold) => hold.link === given.link.id);
  const { outdated, open, lapsed, applied } = reconcile(mine, draft.wishes, draft.answered, now, draft.saw);
  for (const hold of outdated) await tx.holds.save(hold);
  for (const wish of open) await tx.holds.insert(openHold(wish, draft.link, draft.link.code, { id: context.chance.id(), now }));
  for (const hold of applied) await tx.holds.save(hold);
  for (const hold of lapsed) if (draft.judged || (draft.answeredLook && hold.detail.look === true)) await tx.holds.save(hold);
  for (const wish of open)
    context.tell({ event: 'hold', at: now, code: draft.link.code, link: draft.link.id, detail: { kind: wish.kind, path: wish.path } });
}
