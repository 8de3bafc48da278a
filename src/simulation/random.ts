import type { Chance } from '../model/ports.ts';

/** A seeded stream of chance: the same seed gives the same stream on every machine. */
export interface Dice {
  /** In [0, 1). */
  random(): number;
  /** Whole number in [least, most]. */
  between(least: number, most: number): number;
  /** True with this probability. */
  hit(probability: number): boolean;
  pick<T>(of: readonly T[]): T;
  /** An independent stream; taking from it does not move this one. */
  fork(name: string): Dice;
}

const spread = (state: number): number => {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
};

/** 32-bit hash of a text (FNV-1a); used for stream names and the trace. */
export const hashText = (text: string, from = 0x811c9dc5): number => {
  let hash = from;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/** Dice from a whole-number seed (sfc32, warmed up). */
export const createDice = (seed: number): Dice => {
  let a = spread(seed);
  let b = spread(a);
  let c = spread(b);
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) word();
  const random = (): number => word() / 0x1_0000_0000;
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  return {
    random,
    between,
    hit: (probability) => random() < probability,
    pick: <T>(of: readonly T[]): T => {
      const found = of[between(0, of.length - 1)];
      if (found === undefined) throw new RangeError('picked from nothing');
      return found;
    },
    fork: (name) => createDice(hashText(name, hashText(String(seed)))),
  };
};

/** The engine's chance port: ids count up, so they sort by time and repeat with the seed. */
export const createChance = (dice: Dice, prefix: string): Chance => {
  let count = 0;
  return {
    random: dice.random,
    id: () => `${prefix}${String(++count).padStart(6, '0')}`,
  };
};
