/** How often each place was hit by each fate: the proof that the storm reached every corner. */
export type Cells = Map<string, Map<string, number>>;

export interface Coverage {
  readonly cells: Cells;
  /** By life: what its pure stations came to since its last point. */
  readonly thought: Map<string, readonly string[]>;
  count(place: string, fate: string, by?: number): void;
}

export const createCoverage = (): Coverage => {
  const cells: Cells = new Map();
  return {
    cells,
    thought: new Map(),
    count: (place, fate, by = 1) => {
      const row = cells.get(place) ?? new Map<string, number>();
      row.set(fate, (row.get(fate) ?? 0) + by);
      cells.set(place, row);
    },
  };
};

export type PlainCells = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** For sending between processes and for `--json`. */
export const plainCells = (coverage: Coverage): PlainCells =>
  Object.fromEntries([...coverage.cells].map(([place, row]) => [place, Object.fromEntries(row)]));

export const addCells = (coverage: Coverage, cells: PlainCells): void => {
  for (const [place, row] of Object.entries(cells)) for (const [fate, count] of Object.entries(row)) coverage.count(place, fate, count);
};

/** A table of words and counts: one line a place. */
export const coverageTable = (coverage: Coverage): string => {
  const fates = [...new Set([...coverage.cells.values()].flatMap((row) => [...row.keys()]))].toSorted();
  const places = [...coverage.cells].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const widest = Math.max(8, ...places.map(([place]) => place.length));
  const head = `${''.padEnd(widest)}  ${fates.map((fate) => fate.padStart(13)).join('')}`;
  const lines = places.map(
    ([place, row]) => `${place.padEnd(widest)}  ${fates.map((fate) => String(row.get(fate) ?? '·').padStart(13)).join('')}`,
  );
  return [head, ...lines].join('\n');
};

/** A station and a fate of a node there, and how often it was met. */
export interface Corner {
  readonly place: string;
  readonly fate: string;
  readonly count: number;
}

/** Every station and fate, least met first: what the storms explored worst. A fate is a crash; calm counts for nothing. */
export const thinnestFirst = (coverage: Coverage): readonly Corner[] => {
  const crashes = [...coverage.cells].flatMap(([place, row]) =>
    place.startsWith('station.') ? crashFates(place).map((fate) => ({ place, fate, count: row.get(fate) ?? 0 })) : [],
  );
  return crashes.toSorted((a, b) => a.count - b.count);
};

/** A station alone can be died before; with what came of it, after. */
const crashFates = (place: string): readonly string[] => [place.includes(':') ? 'crash-after' : 'crash-before'];
