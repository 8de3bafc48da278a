import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel';
import type { At } from '../model/json.ts';
import type { Clock } from '../model/ports.ts';
import { httpTrouble } from './http-trouble.ts';
import { isTrouble } from './trouble.ts';

export interface BreakerState {
  readonly state: 'closed' | 'open' | 'half-open';
  readonly openUntil: At | null;
}

export interface Breaker {
  run<T>(task: () => Promise<T>): Promise<T>;
  state(): BreakerState;
}

/** Opens after so many troubles of scope `system` in a row; being asked to slow down is not one. */
export function openBreaker(options: { readonly failures: number; readonly openMs: number }, clock: Clock): Breaker {
  const counts = (error: Error) => isTrouble(error) && error.detail.scope === 'system' && error.detail.retryAfterMs === undefined;
  const policy: CircuitBreakerPolicy = circuitBreaker(handleWhen(counts), {
    halfOpenAfter: options.openMs,
    breaker: new ConsecutiveBreaker(options.failures),
  });
  let openedAt: At = 0;
  policy.onBreak(() => {
    openedAt = clock.now();
  });
  return {
    run: async (task) => {
      try {
        return await policy.execute(task);
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        throw httpTrouble('unavailable', 'system', 'breaker-open', Math.max(openedAt + options.openMs - clock.now(), 1_000));
      }
    },
    state: () => {
      if (policy.state === CircuitState.Closed) return { state: 'closed', openUntil: null };
      const open = policy.state === CircuitState.Open;
      return { state: open ? 'open' : 'half-open', openUntil: open ? openedAt + options.openMs : null };
    },
  };
}
