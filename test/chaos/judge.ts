import type { Taken } from './province.ts';

/** The count at the end, from what the ministry itself holds and says it took; motlan's own word counts for what it reports, only. */

export interface Facts {
  readonly unsafe: boolean;
  readonly dossiers: readonly { readonly code: string; readonly natural: string; readonly typed: 0 | 1 | 2; readonly linked: boolean }[];
  /** Codes that were answered with 202. */
  readonly acknowledged: ReadonlySet<string>;
  readonly records: readonly { readonly key: string | null; readonly natural: string }[];
  readonly received: readonly Pick<Taken, 'verb' | 'key' | 'naturalKey'>[];
  /** Codes with an open hold that says: several records, or not sure. */
  readonly reported: ReadonlySet<string>;
  /** Codes with an open hold of any kind. */
  readonly held: ReadonlySet<string>;
  /** Codes that stood in the store at no death after they had been acknowledged. */
  readonly lostAtDeath: readonly string[];
  /** Acknowledged codes whose leg and one-stop dossier do not show the ministry's result, and that no hold explains. */
  readonly unsettled: readonly string[];
  /** Effects that were begun and never settled. */
  readonly openEffects: number;
  readonly brokenAudit: number;
}

export interface Verdict {
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly reported: readonly string[];
  /** How many natural keys received so many creates. */
  readonly creates: ReadonlyMap<number, number>;
  /** Issued, but the linked service did not get the step that says so, and no hold tells anybody. A figure, not a violation. */
  readonly stepless: readonly string[];
  readonly violations: readonly string[];
}

const countBy = <T>(items: readonly T[], name: (item: T) => string | null): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = name(item);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

export function judge(facts: Facts): Verdict {
  const held = countBy(facts.records, ({ natural }) => natural);
  const byKey = countBy(facts.records, ({ key }) => key);
  const creates = countBy(
    facts.received.filter(({ verb }) => verb === 'create'),
    ({ naturalKey }) => naturalKey,
  );
  const known = facts.dossiers.filter(({ code }) => facts.acknowledged.has(code));
  const lost = known.filter(({ natural }) => (held.get(natural) ?? 0) === 0).map(({ code }) => code);
  const doubled = facts.dossiers
    .filter(({ code, natural }) => (held.get(natural) ?? 0) > 1 || (byKey.get(code) ?? 0) > 1 || (creates.get(natural) ?? 0) > 1)
    .map(({ code }) => code);
  const reported = [...facts.reported].sort();
  const histogram = countBy(known, ({ natural }) => String(creates.get(natural) ?? 0));
  return {
    acknowledged: facts.acknowledged.size,
    lost,
    doubled,
    reported,
    creates: new Map([...histogram].map(([count, keys]) => [Number(count), keys] as const).sort(([a], [b]) => a - b)),
    stepless: steplessIn(facts, known),
    violations: [
      ...all('acknowledged, and lost', lost),
      ...all('acknowledged, and not in the store after a death', facts.lostAtDeath),
      ...(facts.unsafe ? difference(doubled, reported) : all('doubled', [...doubled])),
      ...wronglyKeyed(facts, byKey, creates),
      ...strangers(facts, held),
      ...all('not settled, and no hold says why', facts.unsettled),
      ...(facts.openEffects === 0 ? [] : [`${facts.openEffects} effects begun and never settled`]),
      ...(facts.brokenAudit === 0 ? [] : [`${facts.brokenAudit} places where an audit chain is broken`]),
    ],
  };
}

function steplessIn({ received, held }: Facts, known: Facts['dossiers']): readonly string[] {
  const told = new Set(received.filter(({ verb }) => verb === 'step-4').map(({ key }) => key));
  return known.filter(({ code, linked }) => linked && !told.has(code) && !held.has(code)).map(({ code }) => code);
}

const all = (what: string, codes: readonly string[]): readonly string[] => codes.map((code) => `${what}: ${code}`);

/** A double that is not reported, and a report without a double, are both wrong. */
function difference(doubled: readonly string[], reported: readonly string[]): readonly string[] {
  return [
    ...all(
      'doubled, and not reported',
      doubled.filter((code) => !reported.includes(code)),
    ),
    ...all(
      'reported as doubled or unsure, and is neither',
      reported.filter((code) => !doubled.includes(code)),
    ),
  ];
}

/** What nobody typed is there under our key; what a clerk had typed was not sent besides. */
function wronglyKeyed(facts: Facts, byKey: ReadonlyMap<string, number>, creates: ReadonlyMap<string, number>): readonly string[] {
  return facts.dossiers
    .filter(({ code }) => facts.acknowledged.has(code))
    .flatMap(({ code, natural, typed }) => {
      if (typed === 0) return byKey.has(code) ? [] : [`not there under its own key: ${code}`];
      return (creates.get(natural) ?? 0) === 0 ? [] : [`typed by hand before, and sent besides: ${code}`];
    });
}

/** Records of nobody: a write that reached the ministry distorted. */
function strangers(facts: Facts, held: ReadonlyMap<string, number>): readonly string[] {
  const ours = new Set(facts.dossiers.map(({ natural }) => natural));
  return [...held.keys()].filter((natural) => !ours.has(natural)).map(() => 'a record at the ministry belongs to no dossier');
}
