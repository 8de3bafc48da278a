import { describe, expect, test } from 'vitest';
import type { Sighting } from '../../src/kit/index.ts';
import type { Json } from '../../src/model/json.ts';
import { coversAll, inOrder } from '../../src/sync/statements.ts';

const said = (id: string, sequence: number | null, statedAt: number | null): Sighting => ({
  ...{ id, key: id, version: null, sequence, statedAt, covers: 'all', record: {} },
});
const ordered = (...sightings: readonly Sighting[]): readonly string[] =>
  inOrder(sightings.map((sighting, seq) => ({ seq, content: sighting as unknown as Json }))).map(({ sighting }) => sighting.id);

describe('statements of one record', () => {
  test.each([
    ['as they came where they bear no number', [said('a', null, 2), said('b', null, 1)], ['a', 'b']],
    ['by their number where a later one overtook an earlier', [said('b', 2, 20), said('c', 3, 30), said('a', 1, 10)], ['a', 'b', 'c']],
    ['as they came where a record counts anew after it was restored', [said('a', 7, 10), said('b', 1, 20)], ['a', 'b']],
    ['as they came where their numbers are equal', [said('a', 4, 10), said('b', 4, 5)], ['a', 'b']],
  ])('are weighed %s', (_how, sightings, order) => {
    expect(ordered(...sightings)).toEqual(order);
  });
});

test.each([
  ['all', ['a'], true],
  [['a'], 'all', false],
  [['a', 'b'], ['a.x', 'b'], true],
  [['a.x'], ['a'], false],
  [['ab'], ['a'], false],
] as const)('a statement about %j says all that one about %j said: %s', (later, earlier, answer) => {
  expect(coversAll(later, earlier)).toBe(answer);
});
