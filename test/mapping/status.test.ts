import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deriveStatus,
  readStatusRules,
  type StatusAnswer,
  type StatusInput,
  type StatusLeg,
  type StatusRules,
} from '../../src/mapping/index.ts';
import { notes } from '../../src/mapping/tell.ts';
import type { NationalStatus } from '../../src/model/dossier.ts';
import { mayStep } from '../../src/model/status.ts';
import { OFFICIAL_ACTS, PHASES, type Phase } from '../../src/model/words.ts';

const shipped = await readFile(new URL('../../mappings/status.yaml', import.meta.url), 'utf8');
const read = (text: string) => {
  const told = notes();
  return { rules: readStatusRules(text, 'status.yaml', told), told: told.all };
};
const rulesOf = (text: string): StatusRules => {
  const { rules, told } = read(text);
  if (rules === null) throw new Error(told.map((each) => each.en).join());
  return rules;
};
const rules = rulesOf(shipped);
const leg = (phase: Phase | null, reason: string | null = null, system = 'civil-status'): StatusLeg => ({ system, phase, reason });
const derive = (current: NationalStatus, legs: readonly StatusLeg[], more: Partial<StatusInput> = {}, by = rules): StatusAnswer =>
  deriveStatus(by, { current, before: null, legs, acts: [], ...more });
const next = (of: StatusAnswer): NationalStatus | string => (of.is === 'next' ? of.status : of.is === 'hold' ? of.problem.code : of.is);

describe('the dossier follows its legs', () => {
  test.each([
    [2, ['accepted'], 4],
    [4, ['supplement'], 5],
    [4, ['payment'], 6],
    [4, ['issued'], 9],
    [2, [null], 'same'],
    [4, ['accepted', 'supplement'], 5],
    [4, ['issued', 'accepted'], 'same'],
    [4, ['issued', null], 'same'],
    [2, ['issued', null], 4],
    [2, ['refused', null], 4],
    [9, ['issued', null], 'same'],
    [5, ['issued', null], 'same'],
    [4, ['issued', 'issued'], 9],
    [4, ['stopped'], 8],
    [4, ['withdrawn'], 7],
  ] as const)('from %s with legs %j: %s', (current, phases, expected) => {
    expect(
      next(
        derive(
          current,
          phases.map((phase) => leg(phase)),
        ),
      ),
    ).toBe(expected);
  });
});

describe('a refusal after acceptance', () => {
  test('goes to the configured target and carries the reason', () => {
    const answer = derive(4, [leg('refused', 'Giấy chứng sinh không hợp lệ')]);
    expect(answer).toMatchObject({ is: 'next', status: 8, because: { is: 'leg', reason: 'Giấy chứng sinh không hợp lệ' } });
    expect(next(derive(4, [leg('refused')], {}, rulesOf(shipped.replace('  4: 8', '  4: 3'))))).toBe(3);
  });
  test('never undoes what another leg issued: an official decides', () => {
    expect(next(derive(4, [leg('issued'), leg('refused', null, 'insurance')]))).toBe('status-mixed');
    // Seen only when both had ended: it was in process all the same.
    expect(next(derive(2, [leg('issued'), leg('refused', null, 'insurance')]))).toBe(4);
    expect(next(derive(4, [leg('accepted'), leg('refused', null, 'insurance')]))).toBe('same');
  });
});

describe('what an official did in the one-stop', () => {
  test('wins over the legs', () => {
    expect(next(derive(4, [leg('accepted')], { acts: ['withdrawn'] }))).toBe(7);
    expect(next(derive(9, [leg('issued')], { acts: ['handed-over'] }))).toBe(10);
  });
  test('a supplement that was supplied leads back to the status before', () => {
    expect(next(derive(5, [leg('supplement')], { acts: ['supplied'], before: 4 }))).toBe(4);
  });
});

describe('T18: no status is rewritten, no step made up', () => {
  test.each([5, 6, 8] as const)('%s never becomes 9 because a leg has its result: it holds', (current) => {
    expect(derive(current, [leg('issued')], { before: 4 })).toMatchObject({
      is: 'hold',
      problem: { code: 'status-step', hold: 'status-step' },
    });
  });
  test('a step is always one the legal graph allows', () => {
    const phase = fc.option(fc.constantFrom(...PHASES), { nil: null });
    const status = fc.integer({ min: 1, max: 10 }).map((of) => of as NationalStatus);
    fc.assert(
      fc.property(
        status,
        fc.option(status, { nil: null }),
        fc.array(phase, { maxLength: 3 }),
        fc.array(fc.constantFrom(...OFFICIAL_ACTS), { maxLength: 2 }),
        (current, before, phases, acts) => {
          const answer = derive(
            current,
            phases.map((of) => leg(of)),
            { before, acts },
          );
          if (answer.is === 'next') {
            expect(mayStep(current, answer.status, before)).toBe(true);
            expect([5, 6, 8].includes(current) && answer.status === 9).toBe(false);
          }
          if (acts.length === 0 && answer.is === 'next') expect(answer.status).not.toBe(10);
        },
      ),
    );
  });
  test('T18: 6 of a ministry is a refusal, never the national 6', () => {
    expect(next(derive(4, [leg('refused')]))).not.toBe(6);
  });
});

describe('status.yaml', () => {
  test.each([
    ['a status that is none', '  sent: 4', '  sent: 11', 'argument'],
    ['handed over by a leg', '  handed-over: 9', '  handed-over: 10', 'argument'],
    ['an unknown phase', '  sent: 4', '  send: 4', 'unknown-key'],
    ['a refusal that ends as done', '  4: 8', '  4: 9', 'argument'],
    ['an unknown section', 'mixed: ask', 'mixd: ask', 'unknown-key'],
  ])('%s is told with its line', (_, good, bad, code) => {
    const { rules: none, told } = read(shipped.replace(good, bad));
    expect(none).toBeNull();
    const at = shipped.split('\n').findIndex((each) => each.startsWith(good)) + 1;
    expect(told.map((each) => [each.code, each.line])).toContainEqual([code, at]);
  });
});
