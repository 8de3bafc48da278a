import { describe, expect, test } from 'vitest';
import { PHASES, type Phase } from '../../src/model/words.ts';
import { hasReached, hasResult, isBackFromResult, isFinal } from '../../src/sync/phases.ts';
import { ANY_PHASE } from './given.ts';

describe('phases', () => {
  test('a leg’s life is over when handed over, refused, withdrawn or stopped', () => {
    expect(ANY_PHASE.filter(isFinal)).toEqual(['handed-over', 'refused', 'withdrawn', 'stopped']);
  });
  test('nothing more is awaited once there is a result or an end without one', () => {
    expect(ANY_PHASE.filter(hasResult)).toEqual(['issued', 'handed-over', 'refused', 'withdrawn', 'stopped']);
  });
  test('each phase has reached itself, and no phase has reached anything', () => {
    for (const phase of PHASES) expect([hasReached(phase, phase), hasReached(null, phase)]).toEqual([true, false]);
  });
  test.each<readonly [Phase, readonly Phase[]]>([
    ['accepted', ['assigned', 'issued', 'handed-over']],
    ['issued', ['handed-over']],
    ['handed-over', []],
  ])('%s is passed by what lies beyond it', (until, beyond) => {
    for (const phase of beyond) expect(hasReached(phase, until)).toBe(true);
  });
  test('an issued result is not reached by what comes before it, nor by another end', () => {
    const before: readonly Phase[] = ['sent', 'accepted', 'assigned', 'supplement', 'payment', 'refused', 'withdrawn', 'stopped'];
    for (const phase of before) expect(hasReached(phase, 'issued')).toBe(false);
  });
  test('a pause proves nothing passed: it may be reached from the very beginning', () => {
    for (const pause of ['supplement', 'payment'] as const)
      for (const until of ['accepted', 'assigned', 'issued'] as const) expect(hasReached(pause, until)).toBe(false);
  });
  test('an end without a result is reached by itself alone', () => {
    for (const phase of PHASES) expect(hasReached(phase, 'refused')).toBe(phase === 'refused');
  });
  test('from a result only its handing over or an end leads on; all else is back, and so is a refusal of what was issued', () => {
    const back = ['sent', 'accepted', 'assigned', 'supplement', 'payment', 'refused'];
    expect(PHASES.filter((phase) => isBackFromResult('issued', phase))).toEqual(back);
    expect(PHASES.filter((phase) => !isBackFromResult('handed-over', phase))).toEqual(['handed-over']);
    expect(PHASES.filter((phase) => !isBackFromResult('refused', phase))).toEqual(['refused']);
  });
  test('before a result no phase is back', () => {
    for (const from of [null, 'sent', 'accepted', 'assigned', 'supplement', 'payment'] as const)
      for (const to of PHASES) expect(isBackFromResult(from, to)).toBe(false);
  });
});
