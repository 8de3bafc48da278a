import { describe, expect, test } from 'vitest';
import { type AgreedValue, value } from '../../src/model/line-value.ts';
import { type HoldKind, MODES } from '../../src/model/words.ts';
import { type GuardInput, guard } from '../../src/sync/guard.ts';
import { baseOf, emptyPlan, kind, link, NOON, sighting } from './given.ts';

const LIMITS = { mostInwardChanges: 2, ringHits: 3, ringWindowMs: 60_000 };
const A = value('A');
const lines = (...ids: string[]): Map<string, AgreedValue> => new Map(ids.map((id) => [id, A]));

const given = (more: Partial<GuardInput> = {}): GuardInput => ({
  plan: emptyPlan,
  link: link(),
  base: null,
  kind: kind(),
  sighting: sighting(),
  phase: null,
  mode: 'auto',
  limits: LIMITS,
  ringHitsNow: 0,
  ringSince: null,
  now: NOON,
  confirmed: new Set(),
  asked: new Set(),
  hasWrite: true,
  ...more,
});
const confirmed = (...kinds: HoldKind[]) => ({ confirmed: new Set(kinds) });
const held = (what: HoldKind, cause: string, ...ids: string[]) => ({ is: 'hold', hold: { kind: what, cause, lines: ids } });
const GO = { is: 'go' };

describe('a record that went back in time', () => {
  const older = { kind: kind({ ordered: true }), link: link({ sequence: 5 }), sighting: sighting({}, { sequence: 4 }) };
  const back = held('version-back', 'restored:registry');

  test('by its sequence is not believed', () => {
    expect(guard(given(older))).toEqual(back);
  });
  test('by telling something else under the same number is not believed, where numbers have an order', () => {
    const recounted = { ...older, sighting: sighting({}, { sequence: 5 }), isRewritten: true };
    expect(guard(given(recounted))).toEqual(back);
    expect(guard(given({ ...recounted, kind: kind({ ordered: false }) }))).toEqual(GO);
    expect(guard(given({ ...recounted, ...confirmed('version-back') }))).toEqual(GO);
  });
  test.each<readonly [string, Partial<GuardInput>]>([
    ['the same sequence', { sighting: sighting({}, { sequence: 5 }) }],
    ['a newer sequence', { sighting: sighting({}, { sequence: 6 }) }],
    ['a sequence without order', { kind: kind({ ordered: false }) }],
    ['a sighting without sequence', { sighting: sighting({}, { sequence: null }) }],
    ['no sighting', { sighting: null }],
    ['a link that knew no sequence', { link: link({ sequence: null }) }],
    ['a person’s word', confirmed('version-back')],
  ])('%s raises no doubt', (_sentence, more) => {
    expect(guard(given({ ...older, ...more }))).toEqual(GO);
  });
  test('by its phase, from a result to before it, is not believed', () => {
    expect(guard(given({ link: link({ phase: 'issued' }), phase: 'accepted' }))).toEqual(back);
    expect(guard(given({ link: link({ phase: 'handed-over' }), phase: 'issued' }))).toEqual(back);
    expect(guard(given({ link: link({ phase: 'issued' }), phase: 'accepted', ...confirmed('version-back') }))).toEqual(GO);
  });
  test('by a phase before any result, or none at all, is ordinary', () => {
    expect(guard(given({ link: link({ phase: 'assigned' }), phase: 'supplement' }))).toEqual(GO);
    expect(guard(given({ link: link({ phase: 'issued' }), phase: 'handed-over' }))).toEqual(GO);
    expect(guard(given({ link: link({ phase: 'issued' }), phase: null }))).toEqual(GO);
  });
  test('stays a question while old values would come in, though it counted on past the number we had seen', () => {
    const onward = { ...older, sighting: sighting({}, { sequence: 9 }), asked: new Set<HoldKind>(['version-back']) };
    expect(guard(given({ ...onward, plan: { ...emptyPlan, inward: lines('x') } }))).toEqual(back);
    expect(guard(given(onward))).toEqual(GO);
    expect(guard(given({ ...onward, plan: { ...emptyPlan, inward: lines('x') }, ...confirmed('version-back') }))).toEqual(GO);
  });
  test('is doubted before anything else', () => {
    const plan = { ...emptyPlan, vanished: ['x'], inward: lines('x') };
    expect(guard(given({ ...older, plan }))).toEqual(back);
  });
});

describe('shared lines that went back to earlier values', () => {
  const plan = { ...emptyPlan, ringHits: ['phone', 'address'], inward: lines('phone', 'address') };

  test('of one link are looked at again when the window is over', () => {
    expect(guard(given({ plan, ringHitsNow: 1 }))).toEqual({ is: 'later', until: NOON + 60_000 });
    expect(guard(given({ plan, ringHitsNow: 2, ringSince: NOON - 20_000 }))).toEqual({ is: 'later', until: NOON + 40_000 });
    expect(guard(given({ plan, ringHitsNow: 2, ringSince: NOON - 59_999 }))).toEqual({ is: 'later', until: NOON + 1 });
  });
  test('of one link are believed once the window is over', () => {
    expect(guard(given({ plan, ringHitsNow: 1, ringSince: NOON - 60_000 }))).toEqual(GO);
    expect(guard(given({ plan, ringHitsNow: 1, ringSince: NOON - 90_000 }))).toEqual(GO);
  });
  test('that a person is asked about stay asked about when the window is over', () => {
    const over = { ringHitsNow: 1, ringSince: NOON - LIMITS.ringWindowMs, plan: { ...emptyPlan, ringHits: ['x'] } };
    expect(guard(given(over))).toEqual(GO);
    expect(guard(given({ ...over, asked: new Set(['restored-backup']) }))).toEqual(held('restored-backup', 'restored:registry', 'x'));
  });
  test('of many links at once are a restored backup', () => {
    const restored = held('restored-backup', 'restored:registry', 'phone', 'address');
    expect(guard(given({ plan, ringHitsNow: 3 }))).toEqual(restored);
    expect(guard(given({ plan, ringHitsNow: 7, ringSince: NOON - 90_000 }))).toEqual(restored);
  });
  test('pass by a person’s word', () => {
    expect(guard(given({ plan, ringHitsNow: 7, ...confirmed('restored-backup') }))).toEqual(GO);
    expect(guard(given({ plan, ringHitsNow: 1, ...confirmed('restored-backup') }))).toEqual(GO);
  });
  test('of other links alone do not concern this one', () => {
    expect(guard(given({ ringHitsNow: 7 }))).toEqual(GO);
  });
});

describe('values that are no longer stated', () => {
  test('do not come in as wishes', () => {
    const plan = { ...emptyPlan, vanished: ['x', 'y'], inward: lines('y', 'z') };
    expect(guard(given({ plan }))).toEqual(held('emptied', 'emptied:registry', 'y'));
    expect(guard(given({ plan, ...confirmed('emptied') }))).toEqual(GO);
  });
  test('that would not come in anyway hold nothing up', () => {
    expect(guard(given({ plan: { ...emptyPlan, vanished: ['x'], outward: lines('x') } }))).toEqual(GO);
    expect(guard(given({ plan: { ...emptyPlan, inward: lines('x') } }))).toEqual(GO);
  });
});

describe('a side that turned empty', () => {
  const EMPTY: AgreedValue = { is: 'empty' };
  const turned = (...ids: string[]) => new Map<string, AgreedValue>(ids.map((id) => [id, EMPTY]));
  const limits = { ...LIMITS, mostInwardChanges: 20 };
  const given4 = (inward: Map<string, AgreedValue>, base = baseOf({ a: A, b: A, c: A, d: A })) =>
    guard(given({ plan: { ...emptyPlan, inward }, base, limits }));

  test('in most of its values, three at least, is not believed', () => {
    expect(given4(turned('a', 'b', 'c'))).toEqual(held('emptied', 'emptied:registry', 'a', 'b', 'c'));
    expect(given4(turned('a', 'b', 'c', 'd'))).toEqual(held('emptied', 'emptied:registry', 'a', 'b', 'c', 'd'));
  });
  test('in few of its values is an edit', () => {
    expect(given4(turned('a', 'b'))).toEqual(GO);
    expect(given4(turned('a', 'b', 'c'), baseOf({ a: A, b: A, c: A, d: A, e: A, f: A }))).toEqual(GO);
    expect(given4(turned('a', 'b'), baseOf({ a: A, b: A }))).toEqual(GO);
  });
  test('is measured by what was agreed before', () => {
    expect(given4(turned('a', 'b', 'c'), baseOf({ a: A, b: A, c: EMPTY }))).toEqual(GO);
    expect(given4(turned('a', 'b', 'c'), baseOf({ a: A, b: A, c: A, d: EMPTY, e: EMPTY, f: EMPTY }))).toEqual(
      held('emptied', 'emptied:registry', 'a', 'b', 'c'),
    );
    expect(given4(lines('a', 'b', 'c'))).toEqual(GO);
    expect(guard(given({ plan: { ...emptyPlan, inward: turned('a', 'b', 'c') }, base: null, limits }))).toEqual(GO);
  });
  test('passes by a person’s word', () => {
    const plan = { ...emptyPlan, inward: turned('a', 'b', 'c', 'd') };
    expect(guard(given({ plan, base: baseOf({ a: A, b: A, c: A, d: A }), limits, ...confirmed('emptied') }))).toEqual(GO);
  });
});

describe('more changes in one reading than are believable', () => {
  const base = baseOf({ a: A, b: A, c: A, d: { is: 'empty' } });
  const plan = { ...emptyPlan, inward: lines('a', 'b', 'c') };

  test('are held', () => {
    expect(guard(given({ plan, base }))).toEqual(held('many-changes', 'many-changes:registry', 'a', 'b', 'c'));
  });
  test('pass by a person’s word', () => {
    expect(guard(given({ plan, base, ...confirmed('many-changes') }))).toEqual(GO);
  });
  test('are counted only where a value was agreed before: results that arrive are no changes', () => {
    expect(guard(given({ plan: { ...emptyPlan, inward: lines('a', 'b') }, base }))).toEqual(GO);
    expect(guard(given({ plan: { ...emptyPlan, inward: lines('a', 'b', 'd', 'e', 'f') }, base }))).toEqual(GO);
    expect(guard(given({ plan, base: null }))).toEqual(GO);
    expect(guard(given({ plan, base: { ...base, provisional: true } }))).toEqual(GO);
  });
});

describe('the mode', () => {
  const plan = { ...emptyPlan, outward: lines('name') };
  test.each(MODES)('%s decides about writes only: a visit that writes nothing goes on', (mode) => {
    expect(guard(given({ plan, mode, hasWrite: false }))).toEqual(GO);
  });
  test('auto writes', () => {
    expect(guard(given({ plan, mode: 'auto' }))).toEqual(GO);
  });
  test('confirm asks before each write', () => {
    expect(guard(given({ plan, mode: 'confirm' }))).toEqual(held('confirm', 'confirm:registry', 'name'));
    expect(guard(given({ plan, mode: 'confirm', ...confirmed('confirm') }))).toEqual(GO);
    expect(guard(given({ plan, mode: 'confirm', ...confirmed('emptied') }))).toEqual(held('confirm', 'confirm:registry', 'name'));
  });
  test('shadow, read and off write nothing, whatever was confirmed', () => {
    for (const more of [{}, confirmed('confirm')]) {
      expect(guard(given({ plan, mode: 'shadow', ...more }))).toEqual({ is: 'no-write', why: 'shadow' });
      expect(guard(given({ plan, mode: 'read', ...more }))).toEqual({ is: 'no-write', why: 'read' });
      expect(guard(given({ plan, mode: 'off', ...more }))).toEqual({ is: 'no-write', why: 'read' });
    }
  });
});
