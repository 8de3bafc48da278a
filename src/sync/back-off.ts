import type { At } from '../model/json.ts';
import type { Context } from './context.ts';

/** When to try again after `failures` failures in a row: doubling, capped, between half and all of it by chance. */
export function backOff(context: Context, failures: number): At {
  const { backOffFirstMs, backOffMostMs } = context.limits;
  const fullMs = Math.min(backOffMostMs, backOffFirstMs * 2 ** Math.min(failures, 30));
  return context.clock.now() + Math.ceil(fullMs * (0.5 + context.chance.random() / 2));
}
