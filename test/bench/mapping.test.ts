import { beforeAll, describe, expect, it } from 'vitest';
import { demoBirths } from '../../src/bench/births.ts';
import { benchMapping, bothWays } from '../../src/bench/mapping.ts';
import type { HubSide } from '../../src/mapping/contract.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

let ways: Awaited<ReturnType<typeof bothWays>>;
let sample: HubSide;
beforeAll(async () => {
  ways = await bothWays();
  const births = await demoBirths();
  const found = births.find(({ hub }) => ways.outward(hub).problems.length === 0);
  if (found === undefined) throw new RangeError('no demo birth can be carried');
  sample = found.hub;
}, 60_000);

/** The sample with one value of the form changed. */
function changed(path: string, value: Json): HubSide {
  const set = (of: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject => ({
    ...of,
    [name]: rest.length === 0 ? value : set((of[name] ?? {}) as JsonObject, rest),
  });
  return { ...sample, document: set(sample.document, path.split('.')) };
}

const paths = (problems: readonly string[]): readonly string[] => [...new Set(problems)].sort();

describe('the birth form by hand, which the mapping is measured against', () => {
  it('says and refuses exactly what the mapping does on every demo birth', async () => {
    const births = await demoBirths();
    const { figures, vi, en } = await benchMapping({ rounds: 1, dossiers: births.length });
    expect(figures.equalRecords + figures.equalRefusals).toBe(births.length);
    expect(figures.equalRefusals).toBeGreaterThan(0);
    expect([vi, en].map((text) => text.split('\n').length)).toEqual([4, 4]);
  }, 60_000);

  it.each<readonly [what: string, path: string, value: Json]>([
    ['a name longer than the field', 'child.fullName', 'Nguyễn '.repeat(20)],
    ['no name at all', 'child.fullName', ''],
    ['a code that no list knows', 'child.ethnic', 'Sao Hỏa'],
    ['a ward that was split', 'child.hometown', { province: '96', ward: '32020', wardVersion: 'old' }],
    ['a day that no calendar has', 'child.birthDate', '2026-02-30'],
    ['a date known in part where the field needs all of it', 'certificate.date', '2026-09'],
    ['more copies than allowed', 'registration.copies', 100],
    ['a flag that is neither yes nor no', 'mother.verified', 'x'],
    ['an instant without its zone', 'receivedAt', '2026-11-02T01:20:00'],
  ])('refuses %s where the mapping does', (_what, path, value) => {
    const hub = changed(path, value);
    const [ours, theirs] = [ways.outward(hub), ways.byHand(hub)];
    expect(paths(theirs.problems)).toEqual(paths(ours.problems));
    expect(theirs.problems.length).toBeGreaterThan(0);
    expect(theirs.record).toEqual(ours.record);
  });

  it.each<readonly [what: string, path: string, value: Json]>([
    ['decomposed text with stray spaces', 'child.fullName', '  Nguyễn  Thị Đào '.normalize('NFD')],
    ['another spelling of a code', 'mother.ethnic', 'khmer'],
    ['a birth date known by its year', 'mother.birthDate', '1969'],
    ['the last day of February in a leap year', 'mother.birthDate', '1996-02-29'],
    ['a ward of the old list', 'child.hometown', { province: '95', ward: '31819', wardVersion: 'old' }],
  ])('writes %s as the mapping does', (_what, path, value) => {
    const hub = changed(path, value);
    const [ours, theirs] = [ways.outward(hub), ways.byHand(hub)];
    expect(theirs.problems).toEqual([]);
    expect(theirs.record).toEqual(ours.record);
    expect(theirs.record).not.toEqual(ways.byHand(sample).record);
  });
});
