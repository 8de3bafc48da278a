import { describe, expect, test } from 'vitest';
import { type Facts, judge } from './judge.ts';
import { runRounds } from './rounds.ts';

const SHORT_MS = 600_000;

describe('a process killed at any moment', () => {
  test('loses and doubles nothing at a ministry that rejects twins', { timeout: SHORT_MS }, async () => {
    const { verdict, rounds } = await runRounds({ rounds: 6, seed: 11, unsafe: false, tell: () => undefined });
    expect(verdict.violations).toEqual([]);
    expect(verdict).toMatchObject({ acknowledged: 18, lost: [], doubled: [] });
    expect(rounds.some(({ hit }) => hit)).toBe(true);
  });

  test('loses nothing at an unsafe ministry, and reports exactly what is there twice', { timeout: SHORT_MS }, async () => {
    const { verdict } = await runRounds({ rounds: 4, seed: 12, unsafe: true, tell: () => undefined });
    expect(verdict.violations).toEqual([]);
    expect(verdict.lost).toEqual([]);
    expect(verdict.reported).toEqual([...verdict.doubled].sort());
  });
});

const dossier = { code: 'H12.31-261120-0001', natural: 'an|01.11.2026|31825', typed: 0 as const, linked: true };
const there = { key: dossier.code, natural: dossier.natural };
const taken = { verb: 'create', key: dossier.code, naturalKey: dossier.natural };
const fine: Facts = {
  ...{ unsafe: false, dossiers: [dossier], acknowledged: new Set([dossier.code]), records: [there], received: [taken] },
  ...{ reported: new Set(), held: new Set(), lostAtDeath: [], unsettled: [], openEffects: 0, brokenAudit: 0 },
};

describe('the count at the ministry', () => {
  test('finds nothing wrong with one record and one write for each dossier', () => {
    expect(judge(fine).violations).toEqual([]);
  });

  test.each<[string, Partial<Facts>]>([
    ['an acknowledged dossier that is not there', { records: [] }],
    ['two records of one person under two keys', { records: [there, { ...there, key: null }] }],
    ['two records under one key', { records: [there, { ...there, natural: 'binh|01.11.2026|31825' }] }],
    ['two creates, though one record is left', { received: [taken, taken] }],
    ['a record that belongs to nobody', { records: [there, { key: null, natural: 'ai đó' }] }],
    ['a record under a wrong key', { records: [{ ...there, key: 'H12.31-261120-0002' }] }],
    ['a push of what a clerk had typed before', { dossiers: [{ ...dossier, typed: 1 }] }],
    ['a store that forgot an acknowledged dossier', { lostAtDeath: [dossier.code] }],
    ['a dossier that came to no end', { unsettled: [dossier.code] }],
    ['an effect that was never settled', { openEffects: 1 }],
    ['a broken audit chain', { brokenAudit: 1 }],
    ['an unsafe double without a report', { unsafe: true, received: [taken, taken] }],
    ['an unsafe report without a double', { unsafe: true, reported: new Set([dossier.code]) }],
  ])('reports %s', (_what, wrong) => {
    expect(judge({ ...fine, ...wrong }).violations).not.toEqual([]);
  });

  test('names the dossiers whose steps end early without a word', () => {
    expect(judge(fine).stepless).toEqual([dossier.code]);
    expect(judge({ ...fine, held: new Set([dossier.code]) }).stepless).toEqual([]);
    expect(judge({ ...fine, received: [taken, { ...taken, verb: 'step-4' }] }).stepless).toEqual([]);
  });

  test('accepts a double at an unsafe ministry that motlan reports', () => {
    const seen = judge({ ...fine, unsafe: true, received: [taken, taken], reported: new Set([dossier.code]) });
    expect(seen).toMatchObject({ violations: [], doubled: [dossier.code] });
  });
});
