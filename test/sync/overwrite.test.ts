import { expect, test } from 'vitest';
import { value } from '../../src/model/line-value.ts';
import { agreeSent } from '../../src/sync/overwrite.ts';
import { baseOf, mappingOf, rule } from './given.ts';

/** What is remembered of a record that we have just written over. */

const [A, B, C] = [value('A'), value('B'), value('C')];
const mapping = mappingOf([rule('x', 'share'), rule('y', 'give')]);
const seen = (snapshot: Record<string, string>, of: Parameters<typeof baseOf>[0] = {}, ring: Parameters<typeof baseOf>[1] = {}) => ({
  ...baseOf(of, ring),
  snapshot,
});

test('what a record held and was never agreed on is remembered once it is written over', () => {
  const base = agreeSent(seen({ x: 'B' }), new Map([['x', A]]), mapping);
  expect(base).toMatchObject({ lines: new Map([['x', A]]), ring: new Map([['x', [B]]]) });
});

test('what they held goes before what was agreed, since they held it last', () => {
  const base = agreeSent(seen({ x: 'B' }, { x: C }), new Map([['x', A]]), mapping);
  expect(base.ring.get('x')).toEqual([B, C]);
});

test('nothing is remembered of what did not change, of lines that are ours alone, and of a record nobody saw', () => {
  expect(agreeSent(seen({ x: 'A' }), new Map([['x', A]]), mapping).ring.size).toBe(0);
  expect(agreeSent(seen({ x: 'C' }, { x: C }), new Map([['x', A]]), mapping).ring.get('x')).toEqual([C]);
  expect(agreeSent(seen({ y: 'B' }), new Map([['y', A]]), mapping).ring.size).toBe(0);
  expect(agreeSent(baseOf({}), new Map([['x', A]]), mapping).ring.size).toBe(0);
});
