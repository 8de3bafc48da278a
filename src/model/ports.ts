import type { At } from './json.ts';

/** The outside world as the engine sees it, so that all of it runs in the deterministic simulator. */
export interface Clock {
  now(): At;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
export interface Chance {
  /** In [0, 1). */
  random(): number;
  /** A fresh id, sortable by time. */
  id(): string;
}
