import { describe, expect, test } from 'vitest';
import { FAILPOINTS, failpointsOf } from '../../src/failpoints.ts';

const at = (env: Record<string, string>) => failpointsOf({ env, clock: { sleep: async () => undefined }, die: () => undefined });

describe('failpoints', () => {
  test('are not there unless asked for', () => {
    expect(at({})).toBeNull();
    expect(at({ MOTLAN_FAILPOINTS: 'allowed' })).toBeNull();
  });

  test('cannot be met in production by a variable left behind', () => {
    expect(() => at({ MOTLAN_FAILPOINT: 'record.before:1' })).toThrow(/tests only/);
  });

  test('are known by name, and counted from one', () => {
    for (const wrong of ['nowhere:1', 'record.before:0', 'record.before:x', ':1'])
      expect(() => at({ MOTLAN_FAILPOINT: wrong, MOTLAN_FAILPOINTS: 'allowed' })).toThrow(/no failpoint/);
    for (const name of FAILPOINTS) expect(at({ MOTLAN_FAILPOINT: `${name}:1`, MOTLAN_FAILPOINTS: 'allowed' })).not.toBeNull();
  });

  test('strike at the passing that was asked for, and at no other', async () => {
    let deaths = 0;
    const die = (): void => {
      deaths += 1;
    };
    const env = { MOTLAN_FAILPOINT: 'intake.after:2', MOTLAN_FAILPOINTS: 'allowed' };
    const failpoints = failpointsOf({ env, clock: { sleep: async () => undefined }, die });
    const answers: string[] = [];
    const engine = failpoints?.around({ intake: async () => void answers.push('kept') } as never);
    for (const expected of [0, 1, 1]) {
      await engine?.intake(null as never);
      expect(deaths).toBe(expected);
    }
    expect(answers).toHaveLength(3);
  });
});
