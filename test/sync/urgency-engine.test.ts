import { afterEach, describe, expect, test } from 'vitest';
import type { DeadlineRules, TermRow } from '../../src/sync/deadlines.ts';
import { shipped } from '../model/calendars.ts';
import { openProvince, type Province } from './province.ts';

const rulesOf = (leg: string, count: number): DeadlineRules => {
  const row: TermRow = { procedure: '1.001193', leg, term: { unit: 'day', count }, from: '', until: '9999-12-31' };
  return { calendar: shipped, terms: [row] };
};

describe('what is due feeds the order of the work, in the engine', () => {
  const open: Province[] = [];
  afterEach(async () => {
    for (const made of open.splice(0)) await made.close();
  });
  test.each([
    ['due today', 0, 1],
    ['due next week', 5, 2],
  ])('a leg %s waits for its next look with that priority', async (_what, count, expected) => {
    const made = await openProvince({ deadlines: rulesOf('civil-status', count) });
    open.push(made);
    await made.typed({}, { dueAt: undefined });
    await made.rest();
    const { leg } = await made.rows();
    const [work] = await made.store.read((tx) => tx.work.ofLinks([leg.id]));
    expect(work?.priority).toBe(expected);
  });
});
