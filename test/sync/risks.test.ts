import { expect, test } from 'vitest';
import { value } from '../../src/model/line-value.ts';
import { risksOf, statesLines } from '../../src/sync/risks.ts';
import { attempt, creates, kind, updates } from './given.ts';

const sent = { lines: new Map([['x', value('A')]]), record: { x: 'A' } };
const update = attempt({ verb: 'update', sent, againstVersion: '3' });

test('a create risks a twin wherever the system would take one', () => {
  const create = attempt({ verb: 'create', sent });
  expect(risksOf(kind(creates('rejects-twin')), create, [])).toEqual([]);
  for (const repeat of ['same-key', 'unsafe'] as const) expect(risksOf(kind(creates(repeat)), create, [])).toEqual(['twin']);
});

test('an update is blind unless it is conditional and this visit saw its lines', () => {
  const conditional = kind(updates({ ifMatch: true }));
  expect(risksOf(conditional, update, ['y'])).toEqual([]);
  expect(risksOf(conditional, update, ['x'])).toEqual(['blind']);
  expect(risksOf(kind(updates({ ifMatch: true, style: 'replace' })), update, ['y'])).toEqual(['blind']);
  expect(risksOf(conditional, update, null)).toEqual(['blind']);
  expect(risksOf(conditional, { ...update, againstVersion: null }, [])).toEqual(['blind']);
  expect(risksOf(kind(updates({ ifMatch: false })), update, [])).toEqual(['blind']);
});

test('an act that carries no lines covers nothing up', () => {
  const step = attempt({ verb: 'act', act: 'step', sent: { lines: new Map(), record: {} } });
  expect(risksOf(kind(), step, null)).toEqual([]);
  expect(risksOf(kind(), { ...step, sent }, [])).toEqual(['blind']);
  expect(risksOf(kind(), { ...step, act: 'supplement' }, [])).toEqual(['blind']);
});

test('a supplement states the whole record even where no line of it changed', () => {
  const supplement = attempt({ verb: 'act', act: 'supplement', sent: { lines: new Map(), record: {} } });
  expect(statesLines(supplement)).toBe(true);
  expect(statesLines({ ...supplement, act: 'step' })).toBe(false);
  expect(statesLines({ ...supplement, act: 'step', sent })).toBe(true);
});
