import type { HoldKind } from '../model/words.ts';
import type { Hold, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { DossierDocument } from './contract.ts';
import type { IntakeRefused } from './errors.ts';
import { type HoldWish, openHold } from './holds.ts';

/**
 * A dossier met while polling that cannot be taken in. Nobody waits for the answer, so it is asked of a person: a hold under
 * the dossier's code, without a leg, until the dossier is taken in.
 */

const CAUSE = 'intake:';
const MOST_PATHS = 5;

const KINDS: Readonly<Record<IntakeRefused['code'], HoldKind>> = {
  'expired-procedure': 'expired-procedure',
  'duplicate-code': 'duplicate-code',
  'unknown-procedure': 'setup',
  'unknown-form': 'setup',
  'too-many-legs': 'setup',
  'invalid-dossier': 'invalid',
};

/** Where it was met: enough to look at it again. */
export interface Met {
  readonly system: string;
  readonly record: string;
}

export async function askAboutRefusal(context: Context, met: Met, document: DossierDocument, refusal: IntakeRefused): Promise<void> {
  const paths = [...new Set(refusal.problems.map(({ path }) => path))].slice(0, MOST_PATHS);
  const wish: HoldWish = {
    kind: KINDS[refusal.code],
    cause: `${CAUSE}${refusal.code}`,
    path: null,
    what: KINDS[refusal.code] === 'invalid' ? paths.join(', ') : (context.spokes.get(met.system)?.title.vi ?? met.system),
    detail: {
      ...met,
      agency: document.head.agency,
      problems: refusal.problems.map(({ code, path }) => ({ code, path })),
    },
  };
  const now = context.clock.now();
  const hold = openHold(wish, null, document.head.code, { id: context.chance.id(), now });
  await context.store.write((tx) => tx.holds.insertUnfiled(hold));
  context.tell({
    event: 'hold',
    at: now,
    code: hold.code,
    link: null,
    detail: { kind: hold.kind, system: met.system, code: refusal.code },
  });
}

/** Where the dossier of such a hold was met; null for any other hold. */
export function metAt({ cause, link, detail }: Hold): Met | null {
  const { system, record } = detail;
  if (link !== null || !cause.startsWith(CAUSE) || typeof system !== 'string' || typeof record !== 'string') return null;
  return { system, record };
}

/** It was taken in after all: nothing is left to ask. */
export async function endRefusals(tx: Tx, code: string, now: number): Promise<void> {
  for (const hold of await tx.holds.live([code])) {
    if (metAt(hold) !== null) await tx.holds.save({ ...hold, closedAt: hold.closedAt ?? now, applied: true });
  }
}
