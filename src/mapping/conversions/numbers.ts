import type { Json } from '../../model/json.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** A number, or its digits as text; null of anything else and of what a number cannot hold exactly. */
export function numberOf(of: Json): number | null {
  const number = typeof of === 'number' ? of : typeof of === 'string' && NUMBER.test(of.trim()) ? Number(of) : Number.NaN;
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : null;
}
