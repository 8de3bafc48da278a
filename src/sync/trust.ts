import type { Link } from '../store/contract.ts';
import type { Case } from './context.ts';
import type { Draft } from './draft.ts';
import type { Plan } from './plan.ts';
import type { Seen } from './sighting.ts';

/** What was seen, and whether all that it brings has a form here. */
interface TakenIn {
  readonly seen: Seen | null;
  readonly isTaken: boolean;
}

/**
 * Verified: the sighting restates content of ours and all it shows is equal; only that counts as equal. A system that
 * states its stage alone has declared that it holds the record.
 */
export function trustOf(given: Case, draft: Draft, plan: Plan, { seen, isTaken }: TakenIn): Partial<Link> {
  if (seen === null) return {};
  const clean = plan.outward.size === 0 && plan.holds.length === 0 && plan.notices.length === 0 && isTaken;
  if (!clean || !restates(given, plan)) return draft.link.trust === 'declared' ? {} : { trust: 'declared' };
  return { trust: 'verified', settledHubVersion: draft.dossier.hubVersion };
}

/**
 * Lines that end with a phase are those a ministry restates with its result; where none is so marked, any line of ours will do.
 * Of a record that is all theirs, as where the ministry took the dossier in, what we hold was taken from it.
 */
function restates(given: Case, plan: Plan): boolean {
  const { rules } = given.mapping;
  const marked = rules.some((rule) => rule.until !== null);
  const isTheirs = rules.every(({ owner }) => owner === 'take');
  return [...plan.agreed.keys(), ...plan.inward.keys()].some((line) => {
    if (isTheirs) return true;
    const rule = given.mapping.rule(line);
    return !rule.isKey && rule.owner !== 'take' && (!marked || rule.until !== null);
  });
}
