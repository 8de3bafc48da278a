import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/model/ports.ts';
import type { Priority } from '../../src/store/contract.ts';
import type { DeadlineRules, TermRow } from '../../src/sync/deadlines.ts';
import { withUrgency } from '../../src/sync/urgency.ts';
import { at, shipped } from '../model/calendars.ts';
import { caseOf, dossier, entry, LINK, link, mappingOf, spoke } from './given.ts';

const rulesOf = (leg: string, count: number): DeadlineRules => {
  const row: TermRow = { procedure: '1.001193', leg, term: { unit: 'day', count }, from: '', until: '9999-12-31' };
  return { calendar: shipped, terms: [row] };
};
const RECEIVED = at('2026-11-23 09:00');
const given = (priority: Priority, more: Partial<Parameters<typeof caseOf>[0]> = {}) => {
  const made = caseOf({ mapping: mappingOf([]), dossier: dossier({}, { head: { ...dossier().head, receivedAt: RECEIVED } }), ...more });
  return { ...made, work: { ...made.work, priority } };
};
const priorityOf = (of: ReturnType<typeof given>, now: string, deadlines: DeadlineRules | undefined = rulesOf('registry', 2)): Priority => {
  const clock: Clock = { now: () => at(now), sleep: async () => undefined };
  return withUrgency({ clock, ...(deadlines === undefined ? {} : { deadlines }) }, of).work.priority;
};

describe('what is due feeds the order of the work', () => {
  test.each([
    ['2026-11-23 10:00', 2],
    ['2026-11-24 23:00', 2],
    ['2026-11-25 00:00', 1],
    ['2026-11-30 10:00', 1],
  ])('due on 25/11: at %s its next look has priority %s', (now, expected) => {
    for (const before of [1, 2, 3] as const) expect(priorityOf(given(before), now)).toBe(expected);
  });
  test('a citizen who waits goes before all of it', () => {
    expect(priorityOf(given(0), '2026-11-23 10:00')).toBe(0);
    expect(priorityOf(given(0), '2026-11-30 10:00')).toBe(0);
  });
  test('the day of return of the whole dossier presses its legs too', () => {
    const stated = dossier({}, { head: { ...dossier().head, receivedAt: RECEIVED, dueAt: at('2026-11-23 17:00') } });
    expect(priorityOf(given(2, { dossier: stated }), '2026-11-23 10:00')).toBe(1);
  });
  test('nothing presses while a supplement is awaited, nor after the end', () => {
    const asked = [entry(1, 'phase', 'supplement', { at: at('2026-11-24 09:00'), link: LINK })];
    expect(priorityOf(given(1, { progress: asked }), '2026-12-30 10:00')).toBe(2);
    const issued = [entry(1, 'phase', 'issued', { at: at('2026-11-24 09:00'), link: LINK })];
    expect(priorityOf(given(1, { progress: issued, link: link({ phase: 'issued' }) }), '2026-12-30 10:00')).toBe(2);
  });
  test('without deadlines, and at the one-stop, the order stays as it was', () => {
    const none = withUrgency({ clock: { now: () => RECEIVED, sleep: async () => undefined } }, given(3));
    expect(none.work.priority).toBe(3);
    expect(priorityOf(given(3, { spoke: spoke({ role: 'one-stop' }) }), '2026-11-30 10:00')).toBe(3);
  });
});
