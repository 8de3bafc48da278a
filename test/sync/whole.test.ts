import { describe, expect, test } from 'vitest';
import { type AgreedValue, type LineValue, UNSEEN, value } from '../../src/model/line-value.ts';
import { whole } from '../../src/sync/whole.ts';
import { bad, baseOf, emptyPlan, hold, mappingOf, rule } from './given.ts';

/** What a record that is written whole says after a write that was meant for one line of it. */

const [A, B, C] = [value('A'), value('B'), value('C')];
const mapping = mappingOf([rule('x', 'give'), rule('y', 'share'), rule('z', 'take')]);
const lines = <T extends LineValue>(of: Readonly<Record<string, T>>): ReadonlyMap<string, T> => new Map(Object.entries(of));
const sent = (of: ReadonlyMap<string, AgreedValue> | null) => Object.fromEntries(of ?? [['waits', true]]);
const given = { mapping, plan: { ...emptyPlan, outward: lines({ x: A }) }, base: null, holds: [], theirs: null };

test('a line where we have nothing to say stays as they hold it', () => {
  expect(sent(whole({ ...given, ours: lines({ x: A }), theirs: lines({ x: B, y: C, z: C }) }))).toEqual({ x: A, y: C });
});

test('a line in conflict stays as the person was shown it, though this look saw nothing', () => {
  const holds = [hold({ path: 'y', detail: { ours: { is: 'value', value: 'B' }, theirs: { is: 'value', value: 'C' } } })];
  const base = baseOf({ x: B, y: A });
  expect(sent(whole({ ...given, ours: lines({ x: A, y: B }), base, holds }))).toEqual({ x: A, y: C });
});

test('what was agreed, and then what was last kept of the record, stands in for a look', () => {
  const base = { ...baseOf({ y: B }), snapshot: { y: 'A', x: 'C', z: 'C' } };
  const none = { ...given, plan: emptyPlan };
  expect(sent(whole({ ...none, ours: lines({ x: A, y: A }), base }))).toEqual({ x: C, y: B });
});

test('a record of which nothing was ever known is what we have to say', () => {
  expect(sent(whole({ ...given, ours: lines({ x: A, y: B, z: C }) }))).toEqual({ x: A, y: B });
});

describe('where a shared line is asked about', () => {
  const plan = (theirs: LineValue) => ({
    ...emptyPlan,
    outward: lines({ x: A }),
    holds: [{ kind: 'conflict', line: 'y', problem: null, ours: B, theirs } as const],
  });
  const ours = lines({ x: A, y: B });

  test('and nobody has seen what stands there, or can read it, nothing replaces the record', () => {
    expect(whole({ ...given, plan: plan(UNSEEN), ours, base: baseOf({}) })).toBeNull();
    expect(whole({ ...given, plan: plan(bad()), ours, base: baseOf({ y: C }), theirs: lines<LineValue>({ y: bad() }) })).toBeNull();
  });

  test('and what stands there is known, that goes along', () => {
    expect(sent(whole({ ...given, plan: plan(UNSEEN), ours, base: baseOf({ y: C }) }))).toEqual({ x: A, y: C });
    expect(sent(whole({ ...given, plan: plan(C), ours, base: baseOf({}) }))).toEqual({ x: A, y: C });
  });
});
