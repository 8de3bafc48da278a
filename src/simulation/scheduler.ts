import type { At } from '../model/json.ts';
import type { Clock } from '../model/ports.ts';
import type { Dice } from './random.ts';
import type { Trace } from './trace.ts';

/** Whoever runs in the simulation: an engine node, or the world (people, networks). A dead life never goes on. */
export interface Life {
  readonly name: string;
  dead: boolean;
  /** Until then none of its continuations goes on; 0 = not frozen. */
  frozenUntil: At;
}

/** A place where a life waits and the scheduler decides who goes on. */
export interface Point {
  readonly life: Life;
  readonly name: string;
  readonly readyAt: At;
  readonly resume: () => void;
}

/** What befalls a life at a point, decided before it goes on. */
export type Fate = 'go' | 'crash' | { readonly freezeMs: number };

export interface Scheduler {
  now(): At;
  life(name: string): Life;
  /** Waits until chosen, at the earliest after `delayMs`. Never resolves for a dead life. */
  point(life: Life, name: string, delayMs?: number): Promise<void>;
  clock(life: Life): Clock;
  /** Runs `work` beside all others; an error it throws ends the simulation with that error. */
  start(life: Life, name: string, work: () => Promise<void>): void;
  /** Counts work that is under way outside any point, e.g. a store call: the scheduler waits for it. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Lets one point go on; false when nobody waits any more. */
  step(): Promise<boolean>;
  /** Steps until `until` holds, time passes `deadline`, or nobody waits. */
  run(until: () => boolean, deadline: At): Promise<void>;
  kill(life: Life): void;
  steps(): number;
}

const never = (): Promise<never> => new Promise(() => {});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const wakesAt = (point: Point): At => Math.max(point.readyAt, point.life.frozenUntil);

/** One virtual clock, one queue of points, one stream of chance: same seed, same order. `fate` decides crashes and freezes. */
export const createScheduler = (options: {
  readonly startAt: At;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly fate: (point: Point) => Fate;
  readonly onCrash: (life: Life) => void;
}): Scheduler => {
  const { dice, trace } = options;
  let now = options.startAt;
  let parked: Point[] = [];
  let busy = 0;
  let taken = 0;
  let failure: { readonly error: unknown } | null = null;

  const point = (life: Life, name: string, delayMs = 0): Promise<void> =>
    life.dead
      ? never()
      : new Promise<void>((resolve) => {
          parked.push({ life, name, readyAt: now + delayMs, resume: resolve });
        });

  const sleep = (life: Life, ms: number, signal?: AbortSignal): Promise<void> => {
    if (life.dead) return never();
    if (signal?.aborted === true) return point(life, 'sleep');
    return new Promise<void>((resolve) => {
      const waiting: Point = { life, name: 'sleep', readyAt: now + Math.max(0, ms), resume: resolve };
      parked.push(waiting);
      signal?.addEventListener(
        'abort',
        () => {
          if (!parked.includes(waiting)) return;
          parked = parked.filter((other) => other !== waiting);
          parked.push({ ...waiting, readyAt: now });
        },
        { once: true },
      );
    });
  };

  const drain = async (): Promise<void> => {
    do await turn();
    while (busy > 0);
    if (failure !== null) throw failure.error;
  };

  const kill = (life: Life): void => {
    life.dead = true;
    parked = parked.filter((waiting) => waiting.life !== life);
    trace.note(`${now} ${life.name} dies`);
  };

  const ready = (): Point[] => parked.filter((waiting) => wakesAt(waiting) <= now);

  const step = async (): Promise<boolean> => {
    await drain();
    let choices = ready();
    if (choices.length === 0) {
      if (parked.length === 0) return false;
      now = Math.max(now, Math.min(...parked.map(wakesAt)));
      choices = ready();
    }
    const chosen = dice.pick(choices);
    taken++;
    const fate = options.fate(chosen);
    if (fate === 'crash') {
      kill(chosen.life);
      options.onCrash(chosen.life);
      return true;
    }
    if (fate !== 'go') {
      chosen.life.frozenUntil = now + fate.freezeMs;
      trace.note(`${now} ${chosen.life.name} freezes ${fate.freezeMs} at ${chosen.name}`);
      return true;
    }
    trace.note(`${now} ${chosen.life.name} ${chosen.name}`);
    parked.splice(parked.indexOf(chosen), 1);
    chosen.resume();
    return true;
  };

  return {
    now: () => now,
    life: (name) => ({ name, dead: false, frozenUntil: 0 }),
    point,
    clock: (life) => ({ now: () => now, sleep: (ms, signal) => sleep(life, ms, signal) }),
    start: (life, name, work) => {
      point(life, `start ${name}`)
        .then(work)
        .catch((error: unknown) => {
          failure ??= { error };
        });
    },
    during: async (work) => {
      busy++;
      try {
        return await work();
      } finally {
        busy--;
      }
    },
    step,
    run: async (until, deadline) => {
      while (!until() && now < deadline && (await step()));
    },
    kill,
    steps: () => taken,
  };
};
