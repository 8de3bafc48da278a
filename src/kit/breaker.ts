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

/** The package would go by the real clock: it never waits itself, the gate below waits by ours. */
const NO_WAIT = Number.NEGATIVE_INFINITY;

/** Opens after so many troubles of scope `system` in a row; being asked to slow down is not one. After `openMs` one call tries. */
export function openBreaker(options: { readonly failures: number; readonly openMs: number }, clock: Clock): Breaker {
  const counts = (error: Error) => isTrouble(error) && error.detail.scope === 'system' && error.detail.retryAfterMs === undefined;
  const policy: CircuitBreakerPolicy = circuitBreaker(handleWhen(counts), {
    halfOpenAfter: NO_WAIT,
    breaker: new ConsecutiveBreaker(options.failures),
  });
  let openedAt: At = 0;
  policy.onBreak(() => {
    openedAt = clock.now();
  });
  const openUntil = () => openedAt + options.openMs;
  const isOpen = () => policy.state === CircuitState.Open && clock.now() < openUntil();
  const refused = () => httpTrouble('unavailable', 'system', 'breaker-open', Math.max(openUntil() - clock.now(), 1_000));
  return {
    run: async (task) => {
      if (isOpen()) throw refused();
      try {
        return await policy.execute(task);
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        throw refused();
      }
    },
    state: () => {
      if (policy.state === CircuitState.Closed) return { state: 'closed', openUntil: null };
      return isOpen() ? { state: 'open', openUntil: openUntil() } : { state: 'half-open', openUntil: null };
    },
  };
}
