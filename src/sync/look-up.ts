import type { LineId } from '../mapping/contract.ts';
import type { LineValue } from '../model/line-value.ts';
import type { Case } from './context.ts';
import type { Draft } from './draft.ts';
import type { Plan } from './plan.ts';
import type { Seen } from './sighting.ts';

/** Records that the authorities exchange among themselves, and what is believed of a record known by a number alone. */

/** Looked for once more and not there: after as many looks as the spoke says, an official is asked to compare the code. */
export function awaitExchange({ link, spoke, kind }: Case, draft: Draft): void {
  if (kind.onlyLookedUp !== true) return;
  const polls = Math.min(draft.link.polls + 1, spoke.pollsBeforeAsking);
  if (polls !== draft.link.polls) draft.link = { ...draft.link, polls };
  if (polls < spoke.pollsBeforeAsking) return;
  draft.wishes.push({ kind: 'not-exchanged', cause: `not-exchanged:${link.id}`, path: null, what: spoke.title.vi, detail: {} });
}

/**
 * A number that was typed, or looked up, may be another one's. While the record under it differs from the dossier and nobody has
 * answered, none of its results is taken for ours: later legs would be sent under a stranger's code.
 */
export function withoutDoubtful({ mapping, kind }: Case, draft: Draft, plan: Plan): Plan {
  const isDoubtful = plan.holds.some((held) => held.kind === 'typed-differs' || (held.kind === 'conflict' && kind.onlyLookedUp === true));
  if (!isDoubtful) return plan;
  const isBelieved = (line: LineId): boolean => mapping.rule(line).owner !== 'take' || draft.base?.lines.has(line) === true;
  return { ...plan, inward: new Map([...plan.inward].filter(([line]) => isBelieved(line))) };
}

/** A person left it as it is: the record still differs, so it does not count as equal. */
export function isLeftDifferent({ mapping, kind }: Case, ours: ReadonlyMap<LineId, LineValue>, plan: Plan, seen: Seen | null): boolean {
  if (kind.onlyLookedUp !== true || seen === null) return false;
  const isSaid = (value: LineValue | undefined): value is LineValue => value?.is === 'value';
  return [...seen.theirs].some(([line, theirs]) => {
    const own = ours.get(line);
    if (mapping.rule(line).owner === 'take' || plan.inward.has(line) || !isSaid(own) || !isSaid(theirs)) return false;
    return !mapping.equal(line, own, theirs);
  });
}
