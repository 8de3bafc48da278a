import PQueue from 'p-queue';
import type { At } from '../model/json.ts';
import type { Clock } from '../model/ports.ts';
import type { AdapterLimits } from './contract.ts';
import { httpTrouble } from './http-trouble.ts';

/** How fast one system may be called: concurrency, a strict rate, a daily budget (day of +07:00), and waits it asked for. */
export interface Pace {
  /** Runs when its turn comes; trouble `unavailable` when it may not run now. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** No call before `now + ms`. */
  pause(ms: number): void;
  pausedUntil(): At | null;
  close(): void;
}

const DAY_MS = 86_400_000;
const VIETNAM_MS = 7 * 3_600_000;

export function openPace(limits: AdapterLimits, clock: Clock): Pace {
  const queue = new PQueue({ concurrency: limits.concurrent, ...rateOf(limits.perSecond) });
  const budget = { day: -1, used: 0 };
  let waitUntil: At = 0;

  const admit = (): void => {
    const now = clock.now();
    if (now < waitUntil) throw httpTrouble('unavailable', 'system', 'paused', waitUntil - now);
    if (limits.perDay === null) return;
    const day = Math.floor((now + VIETNAM_MS) / DAY_MS);
    if (day !== budget.day) Object.assign(budget, { day, used: 0 });
    if (budget.used >= limits.perDay) throw httpTrouble('unavailable', 'system', 'per-day', (day + 1) * DAY_MS - VIETNAM_MS - now);
    budget.used += 1;
  };

  return {
    run: async (task, signal) => {
      // The queue would also give up a call in flight; only waiting ends here, the call itself hears the signal.
      const waiting = new AbortController();
      const leave = () => waiting.abort();
      signal.addEventListener('abort', leave, { once: true });
      let started = false;
      const turn = async () => {
        started = true;
        signal.removeEventListener('abort', leave);
        admit();
        return task();
      };
      try {
        return await queue.add(turn, { signal: waiting.signal });
      } catch (error) {
        if (!started) throw httpTrouble('unavailable', 'record', 'aborted');
        throw error;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    pause: (ms) => {
      waitUntil = Math.max(waitUntil, clock.now() + ms);
    },
    pausedUntil: () => (clock.now() < waitUntil ? waitUntil : null),
    close: () => queue.clear(),
  };
}

/** Half a call a second = one in two seconds. */
function rateOf(perSecond: number | null): { interval?: number; intervalCap?: number; strict?: boolean } {
  if (perSecond === null) return {};
  if (perSecond >= 1) return { interval: 1_000, intervalCap: Math.floor(perSecond), strict: true };
  return { interval: Math.ceil(1_000 / perSecond), intervalCap: 1, strict: true };
}
