import { describe, expect, it } from 'vitest';
import { benchSweep } from '../../src/bench/sweep.ts';

describe('the sweep bench', () => {
  it('wakes exactly what was seeded, by versions and by whole records', async () => {
    const { figures } = await benchSweep({ links: 1600, versionPage: 300, recordPage: 170 });
    expect(figures).toMatchObject({ links: 1600, seededByVersion: 2, seededByRecord: 2 });
    expect(figures.sweepPeakMiB).toBeGreaterThan(0);
    expect(figures.sweepPeakMiB).toBeLessThanOrEqual(figures.processPeakMiB);
  }, 120_000);
});
