import { inspect } from 'node:util';
import { z } from 'zod';

/** A text that no log, error or answer can show by accident: printing, JSON and inspect give `[secret]`. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

const HIDDEN = '[secret]';

export const secret = (text: string): Secret =>
  Object.freeze({
    reveal: () => text,
    toString: () => HIDDEN,
    toJSON: () => HIDDEN,
    [inspect.custom]: () => HIDDEN,
  });

/** Config field for a secret. Takes text (or a Secret already made), gives a Secret. */
export const secretText = z.union([z.string().min(1).transform(secret), z.custom<Secret>(isSecret)]);

function isSecret(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}
