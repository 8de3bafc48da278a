import { describe, expect, test } from 'vitest';
import { addCells, createCoverage, plainCells } from '../../src/simulation/coverage.ts';
import { drawStorm } from '../../src/simulation/events.ts';
import { reportText } from '../../src/simulation/index.ts';
import { createDice } from '../../src/simulation/random.ts';
import type { SimulationReport } from '../../src/simulation/run.ts';
import { liveOne } from '../../src/simulation/seed.ts';

/** A limit against hanging, not a measure: the machine may be busy. */
const LONG_MS = 600_000;

const isThorny = (seed: number): boolean => drawStorm(createDice(seed).fork('storm')).thorny;
const upTo = (most: number): readonly number[] => Array.from({ length: most }, (_, index) => index + 1);

const reportOf = (crashes: Readonly<Record<string, number>>): SimulationReport => {
  const coverage = createCoverage();
  for (const [place, count] of Object.entries(crashes)) coverage.count(place, place.includes(':') ? 'crash-after' : 'crash-before', count);
  const unavoidable = { twin: 0, 'blind-overwrite': 0 };
  return { seeds: 1, failed: [], coverage, unavoidable, steps: 0, effects: 0, holds: 0, hashes: [] };
};

describe('what the storms explored', () => {
  test('names each corner that fewer than a hundred nodes died in', () => {
    const text = reportText(
      reportOf({ 'station.plan:out': 250, 'station.guard:hold': 99, 'station.observe': 7, 'registry.read': 3 }),
      null,
    );
    expect(text).toContain(
      'nodes died fewer than 100 times at 2 corners:\n  station.observe crash-before 7\n  station.guard:hold crash-after 99',
    );
  });

  test('says so when every corner was well explored', () => {
    const text = reportText(reportOf({ 'station.plan:out': 250, 'station.guard:hold': 100 }), null);
    expect(text).toContain('nodes died at least 100 times at each corner; least at station.guard:hold crash-after 100');
    expect(text).not.toContain('fewer');
  });

  test('is thorny about one storm in eight', () => {
    const thorny = upTo(4_000).filter(isThorny).length;
    expect(thorny).toBeGreaterThan(4_000 / 10);
    expect(thorny).toBeLessThan(4_000 / 6);
  });

  test('lets nodes die of all that is rare in thorny storms', { timeout: LONG_MS }, async () => {
    const coverage = createCoverage();
    for (const seed of upTo(300).filter(isThorny))
      addCells(coverage, plainCells((await liveOne(seed, { sabotage: null, keepTrace: false })).coverage));
    const died = (outcome: string): number =>
      [...coverage.cells]
        .filter(([place]) => place.startsWith('station.') && place.endsWith(`:${outcome}`))
        .reduce((sum, [, row]) => sum + (row.get('crash-after') ?? 0), 0);
    for (const outcome of ['several', 'refused', 'stale', 'already', 'failed', 'hold', 'holds'])
      expect(died(outcome), outcome).toBeGreaterThan(0);
  });
});
