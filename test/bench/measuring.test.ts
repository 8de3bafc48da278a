import { describe, expect, it } from 'vitest';
import { reportOf } from '../../src/bench/contract.ts';
import { costsOf, costsText } from '../../src/bench/profile.ts';
import { inTurns, median } from '../../src/bench/rounds.ts';

describe('measuring', () => {
  it('takes the middle of the rounds', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 3])).toBe(4);
  });

  it('runs both ways equally often, each first in every other round, and drops the warm-up', () => {
    const order: string[] = [];
    const rounds = inTurns(
      () => order.push('ours'),
      () => order.push('theirs'),
      { rounds: 3, warmUp: 1 },
    );
    expect(rounds).toHaveLength(3);
    expect(order).toEqual(['theirs', 'ours', 'ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs']);
  });

  it('says where busy time goes and leaves out the idle', () => {
    const frame = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });
    const costs = costsOf({
      nodes: [
        frame(1, '(idle)', ''),
        frame(2, 'run', 'file:///x/node_modules/@some/thing/a.js'),
        frame(3, 'seal', 'file:///x/src/store/vault.ts'),
        frame(4, '(garbage collector)', ''),
      ],
      samples: [1, 2, 3, 4],
      timeDeltas: [500, 60, 30, 10],
    });
    expect(costsText(costs)).toBe('@some/thing 60 %, src/store 30 %, gc 10 %');
  });

  it('is met only when every goal is', () => {
    const goal = (met: boolean) => ({ met, vi: 'mục tiêu', en: 'goal' });
    expect(reportOf('sweep', {}, [goal(true), goal(true)], []).met).toBe(true);
    const { met, vi, en } = reportOf('sweep', {}, [goal(true), goal(false)], [{ vi: 'bên cạnh', en: 'beside' }]);
    expect([met, vi, en]).toEqual([false, '[đạt] mục tiêu\n[chưa đạt] mục tiêu\n  bên cạnh', '[met] goal\n[missed] goal\n  beside']);
  });
});
