/** One sentence for people, in both languages, with a stable code. Never holds a value of a record. */
export interface Sentence {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

/** What reading a text gave: the value, or why there is none. A wrong value is never null and never a guess. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Sentence };

export const reads = <T>(value: T): Reading<T> & { ok: true } => ({ ok: true, value });
export const fails = (code: string, vi: string, en: string): Reading<never> & { ok: false } => ({ ok: false, problem: { code, vi, en } });
