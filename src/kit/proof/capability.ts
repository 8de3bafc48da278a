import type { AdapterLimits, RecordKind } from '../contract.ts';
import type { Reason } from './bench.ts';

/** What an adapter declares, as names that a proof can speak of: `read`, `find.by code`, `acts.withdraw.leadsTo`. */

export interface Capability {
  readonly name: string;
  /** The same without names of acts and fields: `acts.leadsTo`, `find.by`. A broken variant is due for each. */
  readonly trait: string;
}

const VERBS = ['read', 'find', 'changes', 'list', 'hear', 'create', 'update', 'putFile', 'getFile'] as const;

/** Values by which a trait claims nothing: there is nothing to prove of them. */
const CLAIMS_NOTHING: Readonly<Record<string, (value: unknown) => boolean>> = {
  'create.repeat': (value) => value === 'unsafe',
  'acts.repeat': (value) => value === 'unsafe',
  'acts.phases': (value) => Array.isArray(value) && value.length === 0,
  'acts.leadsTo': (value) => value === null,
  'find.unique': (value) => value === false,
  'update.ifMatch': (value) => value === false,
  // Where a file lies that is fetched by its mark: nothing hangs on it.
  'getFile.when': () => true,
};

/** Traits whose keeper is not the adapter: why no proof of it is due. */
export const KEPT_ELSEWHERE: Readonly<Record<string, Reason>> = {
  'getFile.mostBytes': {
    vi: 'Động cơ tự đếm byte khi nhận tệp.',
    en: 'The engine counts the bytes of a file while it takes it.',
  },
};

const named = (trait: string, name = trait): Capability => ({ name, trait });

/** Everything a kind declares, in the order of the contract. */
export function declaredBy(kind: RecordKind, limits: AdapterLimits | undefined): readonly Capability[] {
  const verbs = VERBS.flatMap((verb) => (kind[verb] === undefined ? [] : [named(verb), ...traitsOf(verb, verb, kind[verb])]));
  const acts = Object.entries(kind.acts ?? {}).flatMap(([act, verb]) => [
    named('acts', `acts.${act}`),
    ...traitsOf('acts', `acts.${act}`, verb),
  ]);
  return [
    ...verbs,
    ...acts,
    ...Object.keys(kind.normalises).map((field) => named('normalises', `normalises.${field}`)),
    ...(kind.read === undefined ? [] : [named('readLagMs')]),
    ...(kind.ordered ? [named('ordered')] : []),
    ...(kind.over === undefined ? [] : [named('over')]),
    ...Object.entries(limits ?? {}).flatMap(([limit, most]) => (most === null || !canRead(kind) ? [] : [named(`limits.${limit}`)])),
  ];
}

/** Calls in flight are counted over reads: a kind that no call reads is let off. */
const canRead = ({ over, read, list, changes, find }: RecordKind): boolean =>
  over === undefined && [read, list, changes, find].some((verb) => verb !== undefined);

function traitsOf(verb: string, name: string, declared: object): readonly Capability[] {
  return Object.entries(declared).flatMap(([key, value]) => {
    if (typeof value === 'function') return [];
    const trait = `${verb}.${key}`;
    if (CLAIMS_NOTHING[trait]?.(value) === true) return [];
    if (trait === 'find.by') return (value as readonly (readonly string[])[]).map((set) => named(trait, findBy(set)));
    return [named(trait, `${name}.${key}`)];
  });
}

export const findBy = (fields: readonly string[]): string => `find.by ${fields.join('+')}`;
