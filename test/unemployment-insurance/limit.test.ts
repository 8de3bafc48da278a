import { describe, expect, test } from 'vitest';
import { dayOf, monthsLater, timely } from '../../adapters/unemployment-insurance/limit.ts';
import type { Trouble } from '../../src/kit/index.ts';

const PERIODS = [
  { from: '2015-01-01', until: '2025-12-31', law: 'cũ', fileWithinMonths: 3 },
  { from: '2026-01-01', until: null, law: 'mới', fileWithinMonths: 6 },
];
const claim = (NgayNghiViec: string, NgayDangKyTN: string, more = {}) => ({ NgayNghiViec, NgayDangKyTN, ...more });
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Trouble).detail.code;
  }
  return 'none';
};

describe('the filing limit', () => {
  test.each([
    ['2025-08-15', 3, '2025-11-15'],
    ['2025-11-30', 3, '2026-02-28'],
    ['2023-11-30', 3, '2024-02-29'],
    ['2025-10-31', 1, '2025-11-30'],
    ['2025-12-31', 12, '2026-12-31'],
  ])('%s and %d months is %s', (day, months, later) => {
    expect(monthsLater(day, months)).toBe(later);
  });

  test('the last day is in time, the day after is late', () => {
    expect(timely(claim('15/08/2025', '15/11/2025 16:59:00'), PERIODS)).not.toHaveProperty('DangKyTre');
    expect(codeOf(() => timely(claim('15/08/2025', '16/11/2025 00:00:00'), PERIODS))).toBe('claim.late');
  });

  test('the law of the day of receipt counts, not the law of the end of work', () => {
    expect(codeOf(() => timely(claim('01/09/2025', '31/12/2025 09:00:00'), PERIODS))).toBe('claim.late');
    expect(codeOf(() => timely(claim('01/09/2025', '01/01/2026 09:00:00'), PERIODS))).toBe('none');
  });

  test('a reason of blanks is no reason; a claim in time is sent as it is', () => {
    expect(codeOf(() => timely(claim('01/01/2025', '01/12/2025', { DangKyTreLyDo: '  ' }), PERIODS))).toBe('claim.late');
    expect(timely(claim('01/11/2025', '01/12/2025'), PERIODS)).toEqual(claim('01/11/2025', '01/12/2025'));
  });

  test('days that are missing or no days, and a day of no period, are told and never guessed', () => {
    expect(codeOf(() => timely(claim('', '01/12/2025'), PERIODS))).toBe('claim.no-day');
    expect(codeOf(() => timely(claim('31/02/2025', '01/12/2025'), PERIODS))).toBe('claim.no-day');
    expect(codeOf(() => timely(claim('01/11/2014', '01/12/2014'), PERIODS))).toBe('claim.no-period');
    expect([dayOf('2025-12-01'), dayOf('01/12/2025'), dayOf('1/12/2025'), dayOf(20_251_201)]).toEqual([null, '2025-12-01', null, null]);
  });
});
