import type { Choice } from '../model/dossier.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { CaseNode } from './ast.ts';
import type { Compiled } from './compile.ts';
import type { HubSide } from './contract.ts';
import { dayStart } from './crosswalk.ts';
import { sameJson } from './equal.ts';
import { ANY, type Field, fieldAt } from './fields.ts';
import { applyChanges } from './laws.ts';
import { isObject, parsePath } from './paths.ts';
import type { Notes, Spot } from './tell.ts';
import type { Tree } from './tree.ts';

/** The cases of a mapping, run. Differences name fields, never values. */
export interface CaseResult {
  readonly mapping: string;
  readonly name: string;
  readonly spot: Spot;
  readonly ok: boolean;
  /** Lines or fields that differ. */
  readonly differences: readonly string[];
}

const DEFAULT_DAY = '2026-01-01';
const MIDDAY_MS = 12 * 3_600_000;

export function runCases(compiled: Compiled): readonly CaseResult[] {
  return compiled.source.node.cases.map((each) => {
    const differences = runCase(compiled, each);
    return { mapping: compiled.mapping.id, name: each.name, spot: each.spot, ok: differences.length === 0, differences };
  });
}

/** Failed cases as diagnostics. */
export function checkCases(compiled: Compiled, notes: Notes): void {
  for (const result of runCases(compiled)) {
    if (result.ok) continue;
    const where = result.differences.join(', ');
    notes.error(
      result.spot,
      'case-failed',
      `Ca thử "${result.name}" không đạt; khác ở: ${where}.`,
      `Case "${result.name}" failed; different: ${where}.`,
    );
  }
}

function runCase(compiled: Compiled, each: CaseNode): readonly string[] {
  const { form, record } = compiled.source;
  const hubOf = (tree: Tree | null): JsonObject => objectOf(tree, form.document);
  const at = dayStart(each.at ?? DEFAULT_DAY) + MIDDAY_MS;
  const side = (document: JsonObject): HubSide => ({ document, choices: choicesOf(compiled, each, document), at });
  const differences: string[] = [];
  if (each.ours !== null && each.theirs !== null)
    differences.push(...bothWays(compiled, side(hubOf(each.ours)), objectOf(each.theirs, record)));
  const given = side(hubOf(each.given));
  if (each.out !== null) differences.push(...outward(compiled, given, objectOf(each.out, record)));
  if (each.in !== null && each.theirs !== null) differences.push(...inward(compiled, given, objectOf(each.theirs, record), each.in));
  if (each.holds !== null)
    differences.push(...holding(compiled, given, each.theirs === null ? null : objectOf(each.theirs, record), each.holds));
  return [...new Set(differences)];
}

function choicesOf(compiled: Compiled, each: CaseNode, document: JsonObject): readonly Choice[] {
  return each.choices.flatMap((choice) => {
    const path = parsePath(choice.path);
    const source =
      path === null
        ? undefined
        : path.steps.reduce<Json | undefined>((here, step) => (isObject(here) ? here[step.name] : undefined), document);
    return [...compiled.built.crosswalks].map((crosswalk) => ({
      path: choice.path,
      crosswalk,
      source: source ?? null,
      value: choice.value,
      by: 'case',
      at: 0,
    }));
  });
}

/** Text of YAML as the schema types it. */
export function coerce(tree: Tree, field: Field): Json {
  if (tree.is === 'list') return tree.items.map((item) => coerce(item, field.item ?? ANY));
  if (tree.is === 'map')
    return Object.fromEntries(
      tree.entries.map((each) => [each.key, coerce(each.value, field.type === 'any' ? ANY : (field.fields.get(each.key) ?? ANY))]),
    );
  if (tree.text === 'null' && field.nullable) return null;
  if ((field.type === 'integer' || field.type === 'number') && tree.text !== '') return Number(tree.text);
  return field.type === 'boolean' ? tree.text === 'true' : tree.text;
}

const objectOf = (tree: Tree | null, field: Field): JsonObject => {
  const json = tree === null ? {} : coerce(tree, field);
  return isObject(json) ? json : {};
};

const goesOut = (compiled: Compiled, id: string): boolean => compiled.mapping.rule(id).owner !== 'take';

function agreed(view: ReadonlyMap<string, LineValue>, keep: (id: string) => boolean): ReadonlyMap<string, AgreedValue> {
  const values = new Map<string, AgreedValue>();
  for (const [id, each] of view) if (each.is === 'value' && keep(id)) values.set(id, each);
  return values;
}

function outward(compiled: Compiled, given: HubSide, expected: JsonObject): readonly string[] {
  const view = compiled.mapping.ours(given);
  const invalid = [...view].flatMap(([id, each]) =>
    each.is === 'invalid' && goesOut(compiled, id) ? [`${id} (${each.problem.code})`] : [],
  );
  const written = compiled.mapping.write(agreed(view, (id) => goesOut(compiled, id)));
  return [...invalid, ...differing(written, expected)];
}

/** Names of fields in which two objects differ. */
function differing(a: JsonObject, b: JsonObject, prefix = ''): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) => {
    const [left, right] = [a[name], b[name]];
    if (isObject(left) && isObject(right)) return differing(left, right, `${prefix}${name}.`);
    return sameJson(left, right) ? [] : [`${prefix}${name}`];
  });
}

function inward(compiled: Compiled, given: HubSide, stated: JsonObject, expected: NonNullable<CaseNode['in']>): readonly string[] {
  const view = agreed(compiled.mapping.theirs(stated, 'all'), () => true);
  const { changes, problems } = compiled.mapping.inverse(view, given);
  const wanted = new Map(
    expected.map((each) => [each.path, coerce(each.value, fieldAt(compiled.source.form.document, parsePath(each.path)) ?? ANY)]),
  );
  const wrong = changes.filter((change) => !wanted.has(change.path) || !sameLoosely(change.value, wanted.get(change.path)));
  const missing = [...wanted.keys()].filter((path) => !changes.some((change) => change.path === path));
  return [...problems.map((problem) => `${problem.path} (${problem.code})`), ...wrong.map((change) => change.path), ...missing];
}

/** Results have no schema: a number there may stand as text in the case. */
const sameLoosely = (a: Json, b: Json | undefined): boolean =>
  sameJson(a, b) || (typeof a !== 'object' && typeof b === 'string' && String(a) === b);

function holding(compiled: Compiled, given: HubSide, stated: JsonObject | null, expected: readonly string[]): readonly string[] {
  const { mapping } = compiled;
  const found = new Set<string>();
  const collect = (view: ReadonlyMap<string, LineValue>): void => {
    for (const each of view.values()) if (each.is === 'invalid') found.add(each.problem.code);
  };
  if (stated === null) collect(mapping.ours(given));
  else {
    const view = mapping.theirs(stated, 'all');
    collect(view);
    for (const problem of mapping.inverse(
      agreed(view, () => true),
      given,
    ).problems)
      found.add(problem.code);
  }
  return [...[...found].filter((code) => !expected.includes(code)), ...expected.filter((code) => !found.has(code))];
}

function bothWays(compiled: Compiled, ours: HubSide, stated: JsonObject): readonly string[] {
  const { mapping } = compiled;
  const own = mapping.ours(ours);
  const theirs = mapping.theirs(stated, 'all');
  const unlike = (view: ReadonlyMap<string, LineValue>): readonly string[] =>
    [...new Set([...view.keys(), ...theirs.keys()])].filter((id) => {
      const a = view.get(id) ?? mapping.unlisted(id, 'all');
      const b = theirs.get(id) ?? mapping.unlisted(id, 'all');
      return (
        a.is !== 'unseen' && (a.is === 'value' || b.is === 'value' || a.is === 'invalid' || b.is === 'invalid') && !mapping.equal(id, a, b)
      );
    });
  const { changes, problems } = mapping.inverse(
    agreed(theirs, () => true),
    { ...ours, document: {} },
  );
  const after = mapping.ours({ ...ours, document: applyChanges({}, changes) });
  return [...unlike(own), ...problems.map((problem) => `${problem.path} (${problem.code})`), ...unlike(after)];
}
