import { describe, expect, it } from 'vitest';
import type { NationalStatus } from '../../src/model/dossier.ts';
import {
  isEnd,
  mayStep,
  NATIONAL_STEPS,
  nationalStatus,
  STATUSES,
  type StatusStep,
  statusWord,
  stepBetween,
} from '../../src/model/status.ts';

const ALL = STATUSES.map((word) => word.status);

describe('national statuses', () => {
  it('there are ten, each with names and a group', () => {
    expect(ALL).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(statusWord(5)).toMatchObject({ vi: 'Yêu cầu bổ sung giấy tờ', group: 'paused' });
    expect([
      nationalStatus('10'),
      nationalStatus(4),
      nationalStatus('0'),
      nationalStatus('11'),
      nationalStatus(null),
      nationalStatus('04'),
    ]).toEqual([10, 4, null, null, null, null]);
  });

  it('the steps without confirmation are exactly those of the table', () => {
    const legal = [null, ...ALL].flatMap((from) => ALL.filter((to) => mayStep(from, to)).map((to) => `${from ?? '-'}>${to}`));
    expect(legal).toEqual(
      '->1 ->2 1>2 1>3 1>5 1>7 2>4 2>5 2>6 2>7 2>8 2>9 4>3 4>5 4>6 4>7 4>8 4>9 5>2 5>3 5>7 5>8 6>4 6>7 6>8 9>10'.split(' '),
    );
  });

  it('5 leads back to the state before it, and to no other', () => {
    expect(mayStep(5, 1, 1)).toBe(true);
    expect(mayStep(5, 4, 4)).toBe(true);
    expect(mayStep(5, 4, 1)).toBe(false);
    expect(mayStep(5, 4)).toBe(false);
  });

  it('T18: nothing dresses a dossier up as finished: 5, 6 and 8 never become 9 or 10', () => {
    for (const from of [5, 6, 8] as const) {
      for (const before of [null, 1, 2, 4] as const) expect([mayStep(from, 9, before), mayStep(from, 10, before)]).toEqual([false, false]);
    }
    expect(mayStep(4, 10)).toBe(false);
    expect(mayStep(4, 4)).toBe(false);
  });

  it('a return inside the office is a step only when a person confirms it', () => {
    expect(mayStep(8, 4, 4)).toBe(false);
    expect(stepBetween(8, 4, 4)).toMatchObject({ trigger: 'returned-inside-office', confirm: true });
    expect(stepBetween(8, 2, 4)).toBeNull();
  });

  it('3, 7 and 10 are ends', () => {
    expect(ALL.filter((status) => isEnd(status))).toEqual([3, 7, 10]);
  });

  it('the graph is data: another one changes what is legal', () => {
    const steps: readonly StatusStep[] = [{ from: 4, to: 8 as NationalStatus, trigger: 'ministry-refused', confirm: false }];
    expect(mayStep(9, 10, null, [...steps, ...NATIONAL_STEPS])).toBe(true);
    expect(mayStep(4, 8, null, steps)).toBe(true);
    expect(mayStep(4, 3, null, steps)).toBe(false);
    expect(isEnd(8, steps)).toBe(true);
  });
});

it('T18: a supplement leads back to 1, 2 or 4, and never to a status that cannot have stood before it', () => {
  const back = ([1, 2, 3, 4, 6, 7, 8, 9, 10] as const).filter((before) => {
    const step = stepBetween(5, before, before);
    return step !== null && (step.trigger === 'supplement-sent' || step.trigger === 'supplement-complete');
  });
  expect(back).toEqual([1, 2, 4]);
});
