import { describe, expect, test } from 'vitest';
import { createDice } from '../../src/simulation/random.ts';
import { createScheduler, type Fate } from '../../src/simulation/scheduler.ts';
import { createTrace } from '../../src/simulation/trace.ts';

const scene = (seed: number, fate: (name: string) => Fate = () => 'go') => {
  const trace = createTrace(true);
  const scheduler = createScheduler({
    startAt: 0,
    dice: createDice(seed),
    trace,
    fate: (point) => fate(point.name),
    onCrash: () => undefined,
  });
  return { trace, scheduler };
};

const threeWalkers = async (seed: number): Promise<{ readonly order: string; readonly hash: string }> => {
  const { trace, scheduler } = scene(seed);
  const life = scheduler.life('node1');
  const order: string[] = [];
  for (const name of ['a', 'b', 'c'])
    scheduler.start(life, name, async () => {
      for (let step = 0; step < 5; step++) {
        await scheduler.point(life, `${name}${step}`);
        order.push(`${name}${step}`);
      }
    });
  await scheduler.run(() => false, 1_000);
  return { order: order.join(' '), hash: trace.hash() };
};

describe('the scheduler', () => {
  test('the same seed gives the same order and the same hash', async () => {
    expect(await threeWalkers(3)).toEqual(await threeWalkers(3));
  });

  test('other seeds give other orders', async () => {
    const orders = new Set((await Promise.all([1, 2, 3, 4, 5].map(threeWalkers))).map((walk) => walk.order));
    expect(orders.size).toBeGreaterThan(1);
  });

  test('sleepers wake in the order of their time and the clock jumps to it', async () => {
    const { scheduler } = scene(1);
    const life = scheduler.life('node1');
    const woken: (readonly [string, number])[] = [];
    for (const [name, ms] of [
      ['late', 500],
      ['early', 20],
    ] as const)
      scheduler.start(life, name, async () => {
        await scheduler.clock(life).sleep(ms);
        woken.push([name, scheduler.now()]);
      });
    await scheduler.run(() => false, 10_000);
    expect(woken).toEqual([
      ['early', 20],
      ['late', 500],
    ]);
  });

  test('an aborted sleep ends at once', async () => {
    const { scheduler } = scene(1);
    const life = scheduler.life('node1');
    const ended: number[] = [];
    const stop = new AbortController();
    scheduler.start(life, 'sleeper', async () => {
      await scheduler.clock(life).sleep(5_000, stop.signal);
      ended.push(scheduler.now());
    });
    scheduler.start(life, 'waker', async () => {
      await scheduler.clock(life).sleep(100);
      stop.abort();
    });
    await scheduler.run(() => false, 10_000);
    expect(ended).toEqual([100]);
  });

  test('a crashed life never goes on; others do', async () => {
    const { scheduler } = scene(1, (name) => (name === 'danger' ? 'crash' : 'go'));
    const [doomed, safe] = [scheduler.life('node1'), scheduler.life('node2')];
    const done: string[] = [];
    scheduler.start(doomed, 'doomed', async () => {
      await scheduler.point(doomed, 'danger');
      done.push('doomed');
    });
    scheduler.start(safe, 'safe', async () => {
      await scheduler.clock(safe).sleep(50);
      done.push('safe');
    });
    await scheduler.run(() => false, 10_000);
    expect(done).toEqual(['safe']);
    expect(doomed.dead).toBe(true);
  });

  test('a frozen life goes on when its time has come', async () => {
    let isFirst = true;
    const { scheduler } = scene(1, (name) => {
      if (name !== 'nap' || !isFirst) return 'go';
      isFirst = false;
      return { freezeMs: 700 };
    });
    const life = scheduler.life('node1');
    const done: number[] = [];
    scheduler.start(life, 'napper', async () => {
      await scheduler.point(life, 'nap');
      done.push(scheduler.now());
    });
    await scheduler.run(() => false, 10_000);
    expect(done).toEqual([700]);
  });

  test('an error thrown by started work ends the run with that error', async () => {
    const { scheduler } = scene(1);
    const life = scheduler.life('node1');
    scheduler.start(life, 'thrower', async () => {
      throw new Error('seen by the run');
    });
    await expect(scheduler.run(() => false, 10_000)).rejects.toThrow('seen by the run');
  });
});
