import type { JsonObject } from '../../model/json.ts';
import type { RecordKind, StartSimulator, System } from '../contract.ts';
import type { ContractFixture, KindFixture } from '../contract-fixture.ts';
import type { LoadedAdapter } from '../load.ts';
import { type Bench, openBench, type Reason } from './bench.ts';
import { type Capability, declaredBy, KEPT_ELSEWHERE } from './capability.ts';
import { CHECKS, type Check } from './checks.ts';

/** The contract suite over one adapter and its own simulator: what it declares, and what of that was shown to be true. */

/** One kind, opened one way. */
export interface Part {
  readonly label: string;
  readonly kind: string;
  readonly samples: KindFixture;
  /** Put over the simulator's config. */
  readonly config: JsonObject;
}

export interface Provable {
  readonly loaded: LoadedAdapter;
  readonly start: StartSimulator;
  readonly fixture: ContractFixture;
}

export interface Declared {
  readonly part: Part;
  readonly capabilities: readonly Capability[];
  readonly checks: readonly Check[];
  /** Kinds without samples that are declared and built as this one is, down to the code of their verbs. */
  readonly alike: readonly string[];
  /** Kinds that nothing proves. */
  readonly unlike: readonly string[];
}

export function partsOf({ kinds, configs = {} }: ContractFixture): readonly Part[] {
  const ways: readonly (readonly [string, JsonObject])[] = [['', {}], ...Object.entries(configs)];
  return ways.flatMap(([way, config]) =>
    Object.entries(kinds).map(([kind, samples]) => ({ label: way === '' ? kind : `${kind} over ${way}`, kind, samples, config })),
  );
}

/** What the adapter declares of a kind, and the checks that speak of it. */
export async function declaredOf({ loaded, start, fixture }: Provable, part: Part): Promise<Declared> {
  const bench = await openBench(loaded, start, part.samples, part.kind, part.config);
  try {
    const others = Object.values(bench.system.kinds).filter(({ name }) => fixture.kinds[name] === undefined);
    const proved = Object.keys(fixture.kinds).flatMap((name) => bench.system.kinds[name] ?? []);
    return {
      part,
      capabilities: declaredBy(bench.kind, bench.system.limits),
      checks: CHECKS.filter((check) => check.applies(bench)),
      alike: others.filter((one) => isAlike(one, bench.kind, bench.system)).map(({ name }) => name),
      unlike: others.filter((one) => !proved.some((other) => isAlike(one, other, bench.system))).map(({ name }) => name),
    };
  } finally {
    await bench.close();
  }
}

/** Equal in all that is declared and in the code that keeps it; only the schema is another. */
const isAlike = (one: RecordKind, other: RecordKind, { limits }: System): boolean => shape(one, limits) === shape(other, limits);

function shape(kind: RecordKind, limits: System['limits']): string {
  const { name: _name, schema: _schema, screens: _screens, ...rest } = kind;
  return JSON.stringify([declaredBy(kind, limits), rest], (_key, value: unknown) => (typeof value === 'function' ? String(value) : value));
}

export type Shown = Pick<Bench, 'proved' | 'excused' | 'reports'>;

/** Runs one check on a bench of its own; rejects when what is declared is false. */
export async function runCheck({ loaded, start }: Provable, { samples, kind, config }: Part, check: Check): Promise<Shown> {
  const bench = await openBench(loaded, start, samples, kind, config);
  try {
    await check.run(bench);
    return bench;
  } finally {
    await bench.close();
  }
}

/** What is declared and was not shown; capabilities that somebody else keeps are not asked of the adapter. */
export const unproved = (capabilities: readonly Capability[], { proved, excused }: Evidence): readonly string[] =>
  capabilities
    .filter(({ name, trait }) => !proved.has(name) && !excused.has(name) && KEPT_ELSEWHERE[trait] === undefined)
    .map(({ name }) => name);

export interface Evidence {
  readonly proved: ReadonlySet<string>;
  /** What no check can show, with the reason. */
  readonly excused: ReadonlyMap<string, Reason>;
}

export interface PartProof extends Pick<Declared, 'part' | 'capabilities' | 'alike' | 'unlike'>, Evidence {
  readonly unproved: readonly string[];
  /** Check and what it found. */
  readonly failures: readonly { readonly check: string; readonly found: string }[];
  readonly reports: readonly string[];
}

/** The whole suite over one part. A check that fails proves nothing, and stops no other. */
export async function provePart(provable: Provable, part: Part): Promise<PartProof> {
  const declared = await declaredOf(provable, part);
  const proved = new Set<string>();
  const excused = new Map<string, Reason>(
    declared.capabilities.flatMap(({ name, trait }) => (KEPT_ELSEWHERE[trait] === undefined ? [] : [[name, KEPT_ELSEWHERE[trait]]])),
  );
  const failures: { check: string; found: string }[] = [];
  const reports = new Set<string>();
  for (const check of declared.checks) {
    try {
      const shown = await runCheck(provable, part, check);
      for (const name of shown.proved) proved.add(name);
      for (const [name, reason] of shown.excused) excused.set(name, reason);
      for (const report of shown.reports) reports.add(report);
    } catch (error) {
      failures.push({ check: check.name, found: error instanceof Error ? error.message : 'failed' });
    }
  }
  for (const name of proved) excused.delete(name);
  return { ...declared, proved, excused, unproved: unproved(declared.capabilities, { proved, excused }), failures, reports: [...reports] };
}
