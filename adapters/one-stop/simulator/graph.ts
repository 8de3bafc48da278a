/** National statuses 1–10 and the steps between them. No legal text was found: guards of TD and INFERENCE (domain, §4.1). */
const NEXT: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 5, 7],
  2: [3, 4, 5, 6, 7, 8, 9],
  3: [],
  4: [3, 5, 6, 7, 8, 9],
  5: [1, 2, 3, 4, 7, 8],
  6: [4, 7, 8],
  7: [],
  8: [],
  9: [10],
  10: [],
};

export const isStatus = (status: number): boolean => Object.hasOwn(NEXT, status);

/** A row about the status the dossier is in already is no step and always legal. */
export const isLegal = (from: number, to: number): boolean => isStatus(to) && (from === to || (NEXT[from] ?? []).includes(to));
