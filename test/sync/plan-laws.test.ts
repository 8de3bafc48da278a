import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ABSENT, type AgreedValue, EMPTY, type LineValue, UNSEEN, value } from '../../src/model/line-value.ts';
import { OWNERS, PHASES, type Phase } from '../../src/model/words.ts';
import { hasReached } from '../../src/sync/phases.ts';
import { type Plan, type PlanInput, plan } from '../../src/sync/plan.ts';
import { ANY_PHASE, bad, baseOf, mappingOf, planInput, rule } from './given.ts';

/** Laws that hold for every world of three lines. */

const agreed = fc.constantFrom<AgreedValue>(ABSENT, EMPTY, value('A'), value('B'), value('C'), value(false), value(0));
const stated = fc.oneof({ weight: 8, arbitrary: agreed }, { weight: 1, arbitrary: fc.constant<LineValue>(bad()) });
const there = fc.oneof({ weight: 6, arbitrary: stated }, { weight: 2, arbitrary: fc.constant<LineValue>(UNSEEN) });
const line = fc.record({
  owner: fc.constantFrom(...OWNERS),
  until: fc.option(fc.constantFrom<Phase>('accepted', 'issued')),
  clear: fc.constantFrom(null, 'null' as const, 'empty' as const),
  ours: stated,
  theirs: there,
  base: fc.option(agreed, { nil: undefined }),
});
const NAMES = ['x', 'y', 'z'];

const world = fc
  .record({
    lines: fc.array(line, { minLength: 3, maxLength: 3 }),
    seen: fc.boolean(),
    creating: fc.boolean(),
    readOnly: fc.boolean(),
    phase: fc.constantFrom(...ANY_PHASE),
  })
  .map(({ lines, seen, creating, readOnly, phase }): PlanInput => {
    const of = <T>(pick: (one: (typeof lines)[number]) => T) => NAMES.flatMap((id, at) => [[id, pick(lines[at] as never)] as const]);
    const bases = of((one) => one.base).filter((pair): pair is [string, AgreedValue] => pair[1] !== undefined);
    return planInput({
      mapping: mappingOf(
        NAMES.map((id, at) => rule(id, lines[at]?.owner ?? 'give', { until: lines[at]?.until ?? null, clear: lines[at]?.clear ?? null })),
      ),
      ours: new Map(of((one) => one.ours)),
      theirs: seen && !creating ? new Map(of((one) => one.theirs)) : null,
      covers: [],
      base: bases.length === 0 || creating ? null : baseOf(Object.fromEntries(bases)),
      creating: creating && !readOnly,
      readOnly: readOnly && !creating,
      phase: seen && !creating ? phase : null,
    });
  });

/** The world after the writes of a plan: both sides hold them, and what was agreed is base. */
function after(input: PlanInput, done: Plan): PlanInput {
  const ours = new Map([...input.ours, ...done.inward]);
  const told = input.theirs ?? new Map<string, LineValue>();
  const theirs = input.theirs === null && !input.creating ? null : new Map([...told, ...done.outward]);
  const base = new Map([...(input.base?.lines ?? []), ...done.agreed, ...done.outward, ...done.inward]);
  return { ...input, ours, theirs, base: baseOf(Object.fromEntries(base)), creating: input.creating && done.outward.size === 0 };
}

const law = (holds: (input: PlanInput, done: Plan) => void) =>
  fc.assert(
    fc.property(world, (input) => {
      holds(input, plan(input));
    }),
    { numRuns: 1_000, seed: 20_261_124 },
  );

describe('in every world', () => {
  test('a plan that was carried out leaves nothing to write, either way', () => {
    law((input, done) => {
      const next = plan(after(input, done));
      expect([...next.outward, ...next.inward]).toEqual([]);
    });
  });
  test('the same world gives the same plan', () => {
    law((input, done) => expect(plan(input)).toEqual(done));
  });
  test('what both sides agree on is planned nowhere', () => {
    law((input, done) => {
      const twice = plan({ ...input, base: baseOf(Object.fromEntries(done.agreed)) });
      for (const id of done.agreed.keys()) {
        expect(twice.agreed.has(id)).toBe(true);
        expect(twice.outward.has(id) || twice.inward.has(id)).toBe(false);
      }
    });
  });
  test('a line has one verdict: no line goes both ways, and none is held and moved', () => {
    law((_input, done) => {
      const verdicts = [...done.agreed.keys(), ...done.outward.keys(), ...done.inward.keys(), ...done.holds.map((held) => held.line)];
      expect(new Set([...verdicts, ...done.notices]).size).toBe(verdicts.length + done.notices.length);
    });
  });
  test('what they own never goes out', () => {
    law((input, done) => {
      for (const id of done.outward.keys()) expect(input.mapping.rule(id).owner).not.toBe('take');
    });
  });
  test('what we own never comes in before its ownership ended', () => {
    law((input, done) => {
      for (const id of done.inward.keys()) {
        const { owner, until } = input.mapping.rule(id);
        expect(owner).not.toBe('start');
        if (owner === 'give') expect(until !== null && hasReached(input.phase, until)).toBe(true);
      }
    });
  });
  test('what was not seen never comes in, is never agreed on and is never missed', () => {
    law((input, done) => {
      for (const id of [...done.inward.keys(), ...done.agreed.keys(), ...done.vanished])
        expect(input.theirs?.get(id)?.is ?? 'unseen').not.toBe('unseen');
    });
  });
  test('nothing goes out to a record that ended', () => {
    law((input, done) => {
      if (input.readOnly) expect(done.outward.size).toBe(0);
    });
  });
  test('a value that cannot be carried is never written, and keeps its whole side back', () => {
    law((input, done) => {
      for (const held of done.holds) {
        if (held.ours.is === 'invalid') expect(done.outward.size).toBe(0);
        if (held.theirs.is === 'invalid') expect(done.inward.size).toBe(0);
      }
      if (input.creating && done.holds.length > 0) expect(done.outward.size).toBe(0);
      for (const of of [...done.outward.values(), ...done.inward.values()]) expect(['value', 'empty', 'absent']).toContain(of.is);
    });
  });
  test('nothing that was agreed is emptied there unless the line says how', () => {
    law((input, done) => {
      for (const [id, of] of done.outward) {
        const before = input.base?.lines.get(id);
        if (of.is !== 'value' && before?.is === 'value') expect(input.mapping.rule(id).clear).not.toBeNull();
      }
    });
  });
  test('a value of ours that was agreed nowhere is not overwritten where we own or share', () => {
    law((input, done) => {
      for (const id of done.inward.keys()) {
        const ours = input.ours.get(id) ?? ABSENT;
        const before = input.base?.lines.get(id);
        const { owner, until } = input.mapping.rule(id);
        if (owner === 'take' || (until !== null && hasReached(input.phase, until))) continue;
        if (ours.is === 'value') expect(before !== undefined && input.mapping.equal(id, ours, before)).toBe(true);
      }
    });
  });
  test('a phase no sighting stated ends nobody’s ownership', () => {
    law((input) => {
      const blind = plan({ ...input, phase: null });
      for (const id of blind.inward.keys()) expect(input.mapping.rule(id).owner).not.toBe('give');
      expect(blind.holds.filter((held) => held.kind === 'unsaved-edit')).toEqual([]);
    });
  });
});

test('the laws know every phase', () => {
  expect(ANY_PHASE).toEqual([null, ...PHASES]);
});
