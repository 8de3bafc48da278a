import type { Difference } from '../../src/demo/compare.ts';
import type { Simulator } from '../../src/kit/contract.ts';

/** The count after rounds over every system: what each system says it took, and what stands there against what was written down. */

type Taken = Pick<ReturnType<Simulator['received']>[number], 'verb' | 'kind' | 'naturalKey'> & { readonly system: string };

export interface WholeFacts {
  readonly acknowledged: ReadonlySet<string>;
  /** Codes in the store at the end. */
  readonly kept: ReadonlySet<string>;
  readonly lostAtDeath: readonly string[];
  readonly received: readonly Taken[];
  /** Where a dossier does not stand as its expectation says, at any system; strangers included. */
  readonly differences: readonly Difference[];
  readonly unfinished: readonly string[];
  readonly openEffects: number;
  readonly brokenAudit: number;
}

export interface WholeVerdict {
  readonly acknowledged: number;
  readonly lost: readonly string[];
  /** `system/kind/natural key` that received more than one create. */
  readonly doubled: readonly string[];
  /** Creates received, by system. */
  readonly creates: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

export function judgeWhole(facts: WholeFacts): WholeVerdict {
  const creates = facts.received.filter(({ verb }) => verb === 'create');
  const counts = new Map<string, number>();
  const bySystem: Record<string, number> = {};
  for (const { system, kind, naturalKey } of creates) {
    const key = `${system}/${kind}/${naturalKey}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    bySystem[system] = (bySystem[system] ?? 0) + 1;
  }
  const doubled = [...counts].flatMap(([key, count]) => (count > 1 ? [key] : []));
  const lost = [...new Set([...facts.lostAtDeath, ...[...facts.acknowledged].filter((code) => !facts.kept.has(code))])];
  return {
    acknowledged: facts.acknowledged.size,
    lost,
    doubled,
    creates: bySystem,
    violations: [
      ...lost.map((code) => `acknowledged, and lost: ${code}`),
      ...doubled.map((key) => `doubled: ${key}`),
      ...facts.differences.map(({ code, what, expected, found }) => `${code}: ${what}: expected ${expected}, found ${found}`),
      ...facts.unfinished.map((code) => `still on its way: ${code}`),
      ...(facts.openEffects === 0 ? [] : [`${facts.openEffects} effects begun and never settled`]),
      ...(facts.brokenAudit === 0 ? [] : [`${facts.brokenAudit} places where an audit chain is broken`]),
    ],
  };
}
