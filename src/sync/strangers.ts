import type { Touch } from '../kit/index.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Json } from '../model/json.ts';
import type { Hold, Link, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { HoldWish } from './holds.ts';
import { ask } from './refusals.ts';

/**
 * What a system stated while polling about a record of no dossier here, where nobody can read it again: it is kept with the
 * question. Comes the dossier later, its leg takes the statement in and the question goes.
 */

const CAUSE = 'stranger:';

export async function askAboutStranger(context: Context, system: string, touch: Touch): Promise<void> {
  const code = touch.key ?? touch.id;
  if (code === null || touch.sighting === null) return;
  // Each statement is a question of its own: a second one must not be taken for the first told again.
  const { version, sequence, statedAt } = touch.sighting;
  const mark = version ?? sequence ?? statedAt ?? '';
  const wish: HoldWish = {
    kind: 'no-dossier',
    cause: `${CAUSE}${system}:${touch.kind}:${mark}`,
    path: null,
    what: context.spokes.get(system)?.title.vi ?? system,
    detail: { system, record: touch.kind, statement: touch.sighting as unknown as Json },
  };
  const known = (await context.store.read((tx) => tx.holds.live([code]))).filter(isAboutStranger);
  const said = canonicalJson(touch.sighting as unknown as Json);
  if (known.some((hold) => hold.cause === wish.cause && canonicalJson(hold.detail.statement ?? null) === said)) return;
  await ask(context, wish, code);
}

/** Left alone by a person it stays silent, and is kept all the same. */
const isAboutStranger = ({ cause, link }: Hold): boolean => link === null && cause.startsWith(CAUSE);

/** The dossier is here: what was kept for it waits at its legs, before their first visit. */
export async function takeKept(tx: Tx, code: string, links: readonly Link[], now: number): Promise<void> {
  const kept = (await tx.holds.live([code])).filter(isAboutStranger).toSorted((a, b) => a.openedAt - b.openedAt);
  for (const hold of kept) {
    const { system, record, statement } = hold.detail;
    const link = links.find((candidate) => candidate.system === system && candidate.record === record);
    if (link === undefined || statement === undefined) continue;
    await tx.statements.append(code, link.id, statement);
    await tx.holds.save({ ...hold, closedAt: hold.closedAt ?? now, applied: true });
  }
}
