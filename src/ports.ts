import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance, Clock } from './model/ports.ts';

/** The one place where real time and real chance enter the house; everything else is handed them. */

/** Wall clock. `sleep` returns early, without an error, when `signal` aborts. */
export const realClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wait(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  },
};

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;
const CHANCE_DIGITS = 12;

function timeDigits(at: number): string {
  let rest = at;
  let text = '';
  for (let i = 0; i < TIME_DIGITS; i += 1) {
    text = DIGITS.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Chance from the operating system; ids are 22 characters, base 32, and sort by the millisecond they were made in. */
export function realChance(clock: Clock): Chance {
  return {
    random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    id: () => timeDigits(clock.now()) + [...randomBytes(CHANCE_DIGITS)].map((byte) => DIGITS.charAt(byte % 32)).join(''),
  };
}
