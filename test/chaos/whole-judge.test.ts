import { describe, expect, test } from 'vitest';
import { judgeWhole, type WholeFacts } from './whole-judge.ts';

const CODE = 'H12.31-261106-0001';
const taken = { system: 'tax', kind: 'first-tax-code', verb: 'create', naturalKey: 'an|099' };
const fine: WholeFacts = {
  ...{ acknowledged: new Set([CODE]), kept: new Set([CODE]), lostAtDeath: [], received: [taken] },
  ...{ differences: [], unfinished: [], openEffects: 0, brokenAudit: 0 },
};

describe('the count over all systems', () => {
  test('finds nothing wrong with one create for each natural key, and counts by system', () => {
    const other = { ...taken, system: 'civil-status' };
    expect(judgeWhole({ ...fine, received: [taken, other, { ...taken, verb: 'type-by-hand' }] })).toMatchObject({
      violations: [],
      creates: { tax: 1, 'civil-status': 1 },
    });
  });

  test.each<[string, Partial<WholeFacts>]>([
    ['two creates of one natural key', { received: [taken, taken] }],
    ['an acknowledged dossier that the store does not have', { kept: new Set() }],
    ['an acknowledged dossier that was missing after a death', { lostAtDeath: [CODE] }],
    ['a dossier that stands otherwise than written down', { differences: [{ code: CODE, what: 'status', expected: '9', found: '4' }] }],
    ['a dossier still on its way', { unfinished: [CODE] }],
    ['an effect never settled', { openEffects: 1 }],
    ['a broken audit chain', { brokenAudit: 1 }],
  ])('reports %s', (_what, wrong) => {
    expect(judgeWhole({ ...fine, ...wrong }).violations).not.toEqual([]);
  });
});
