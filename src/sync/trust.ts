import type { Link } from '../store/contract.ts';
import type { Case } from './context.ts';
import type { Draft } from './draft.ts';
import type { Plan } from './plan.ts';
import type { Seen } from './sighting.ts';

/**
 * Verified: the sighting restates content of ours and all it shows is equal; only that counts as equal. A system that
 * states its stage alone has declared that it holds the record.
 */
export function trustOf(given: Case, draft: Draft, plan: Plan, seen: Seen | null): Partial<Link> {
  if (seen === null) return {};
  const isRefused = draft.wishes.some((wish) => wish.path !== null && plan.inward.has(wish.path));
  const clean = plan.outward.size === 0 && plan.holds.length === 0 && plan.notices.length === 0 && !isRefused;
  if (!clean || !restates(given, plan)) return draft.link.trust === 'declared' ? {} : { trust: 'declared' };
  return { trust: 'verified', settledHubVersion: draft.dossier.hubVersion };
}

/** Lines that end with a phase are those a ministry restates with its result; where none is so marked, any line of ours will do. */
function restates(given: Case, plan: Plan): boolean {
  const marked = given.mapping.rules.some((rule) => rule.until !== null);
  return [...plan.agreed.keys(), ...plan.inward.keys()].some((line) => {
    const rule = given.mapping.rule(line);
    return !rule.isKey && rule.owner !== 'take' && (!marked || rule.until !== null);
  });
}
