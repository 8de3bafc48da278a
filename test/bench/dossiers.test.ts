import { describe, expect, it } from 'vitest';
import { benchDossiers } from '../../src/bench/dossiers.ts';

describe('the dossier bench', () => {
  it('brings every dossier to rest at the ministry, and the bare loop makes the very same calls', async () => {
    const { figures } = await benchDossiers({ dossiers: 6, rounds: 1, warmUp: 0, connections: 3, batch: 4 });
    expect(figures.calls['POST /apiLienThongKSKT/1.0/nhanHoSoDKHT']).toBe(6);
    expect(figures.calls['POST /dossiers/:code/progress']).toBe(6);
    expect(figures.callsPerDossier * 6).toBe(Object.values(figures.calls).reduce((sum, count) => sum + count, 0));
    expect(figures.commitsPerDossier).toBeGreaterThan(0);
    expect(figures.ratio).toBeGreaterThan(0);
  }, 240_000);
});
