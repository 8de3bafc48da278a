import { describe, expect, test } from 'vitest';
import type { Deadline } from '../../src/model/deadline.ts';
import type { ProgressEntry } from '../../src/store/contract.ts';
import { type DeadlineFacts, type DeadlineRules, dossierDeadline, legDeadline, type TermRow, termOf } from '../../src/sync/deadlines.ts';
import { at, plain, said } from '../model/calendars.ts';
import { CODE, dossier, entry, LINK, link } from './given.ts';

/** What happened, as progress tells it, against what is due. */

const OWN = `${CODE}/one-stop/file`;
const INSURANCE = `${CODE}/insurance/card`;
const row = (more: Partial<TermRow>): TermRow => ({
  procedure: '1.001193',
  leg: null,
  term: { unit: 'day', count: 3 },
  from: '',
  until: '9999-12-31',
  ...more,
});
const rules = (...terms: readonly TermRow[]): DeadlineRules => ({ calendar: plain, terms });
const RULES = rules(
  row({}),
  row({ leg: 'registry', term: { unit: 'day', count: 1 } }),
  row({ leg: 'insurance', term: { unit: 'day', count: 2 } }),
);

const RECEIVED = at('2026-11-23 09:00');
const given = dossier({}, { head: { ...dossier().head, receivedAt: RECEIVED } });
const issuedIt = link({ phase: 'issued' });
const waits = link({ id: INSURANCE, system: 'insurance', record: 'card', phase: null, situation: 'waiting', externalId: null });
const facts = (progress: readonly ProgressEntry[], more: Partial<DeadlineFacts> = {}): DeadlineFacts => ({
  head: given.head,
  status: 4,
  results: {},
  links: [link(), waits],
  progress,
  ...more,
});
const told = (...of: readonly (readonly [string, ProgressEntry['kind'], string, string?])[]): readonly ProgressEntry[] =>
  of.map(([when, kind, name, on], index) => entry(index + 1, kind, name, { at: at(when), link: on ?? OWN }));
const RECEIPT = ['2026-11-23 09:00', 'act', 'received'] as const;
const ACCEPTED = ['2026-11-23 09:00', 'status', '2'] as const;
const AT_WORK = ['2026-11-23 10:00', 'status', '4'] as const;

const NOW = at('2026-11-24 09:00');
const whole = (of: DeadlineFacts, now = NOW, by = RULES): Deadline => dossierDeadline(by, of, now);
const leg = (of: DeadlineFacts, now = NOW, needs: readonly string[] = []): Deadline =>
  legDeadline(RULES, of, of.links[0] ?? link(), needs, now);

describe('which term holds', () => {
  const by = rules(
    row({ until: '2025-12-31' }),
    row({ from: '2026-01-01', term: { unit: 'day', count: 5 } }),
    row({ leg: 'registry' }),
    row({ leg: 'registry/file', term: { unit: 'hour', count: 4 } }),
  );
  const head = (receivedAt: number, procedure = '1.001193') => ({ procedure, receivedAt });
  test('the one of the day of receipt in Vietnam', () => {
    expect(termOf(by, head(Date.parse('2025-12-31T16:59:59Z')), null)?.count).toBe(3);
    expect(termOf(by, head(Date.parse('2025-12-31T17:00:00Z')), null)?.count).toBe(5);
  });
  test('the procedure counts by its base code', () => {
    expect(termOf(by, head(RECEIVED, '1.001193.000.00.00.H12'), null)?.count).toBe(5);
    expect(termOf(by, head(RECEIVED, '1.000656'), null)).toBeNull();
  });
  test('of a leg the row of its record goes before the row of its system', () => {
    expect(termOf(by, head(RECEIVED), { system: 'registry', record: 'file' })).toEqual({ unit: 'hour', count: 4 });
    expect(termOf(by, head(RECEIVED), { system: 'registry', record: 'other' })).toEqual({ unit: 'day', count: 3 });
    expect(termOf(by, head(RECEIVED), { system: 'insurance', record: 'card' })).toBeNull();
  });
});

describe('T20: the clock of a dossier', () => {
  test('runs from receipt; the day of return the one-stop stated goes before the term', () => {
    const progress = told(RECEIPT, ACCEPTED, AT_WORK);
    expect(said(whole(facts(progress)).dueAt)).toBe('2026-11-26 17:00');
    const stated = { head: { ...given.head, dueAt: at('2026-11-25 11:00') } };
    expect(whole(facts(progress, stated))).toMatchObject({ source: 'stated', dueAt: at('2026-11-25 11:00') });
  });
  test('of an online dossier stands until an official accepts it', () => {
    const online = told(['2026-11-20 22:00', 'status', '1']);
    expect(whole(facts(online, { status: 1 })).state).toBe('waiting');
    const taken = told(['2026-11-20 22:00', 'status', '1'], ['2026-11-23 16:00', 'act', 'received'], ['2026-11-23 16:00', 'status', '2']);
    expect(said(whole(facts(taken, { status: 2 })).dueAt)).toBe('2026-11-27 17:00');
  });
  test('stands from the request for a supplement until the official supplied it', () => {
    const asked = told(RECEIPT, ACCEPTED, ['2026-11-24 10:00', 'act', 'supplement-asked'], ['2026-11-24 10:00', 'status', '5']);
    expect(whole(facts(asked, { status: 5 })).state).toBe('paused');
    const back = [...asked, ...told(['2026-11-26 10:00', 'act', 'supplied'], ['2026-11-26 10:00', 'status', '2'])];
    expect(whole(facts(back))).toMatchObject({ state: 'running', supplements: 1, dueAt: at('2026-11-30 17:00') });
  });
  test('asked for by a ministry counts the same, and once, however often it is told', () => {
    const asked = told(
      RECEIPT,
      ACCEPTED,
      ['2026-11-24 10:00', 'phase', 'supplement', LINK],
      ['2026-11-24 10:05', 'status', '5', LINK],
      ['2026-11-24 11:00', 'act', 'supplement-asked'],
    );
    expect(whole(facts(asked, { status: 5 }))).toMatchObject({ supplements: 1, pauses: [{ from: at('2026-11-24 10:05') }] });
  });
  test('a second request makes it overdue', () => {
    const twice = told(
      RECEIPT,
      ACCEPTED,
      ['2026-11-24 10:00', 'status', '5'],
      ['2026-11-24 11:00', 'act', 'supplied'],
      ['2026-11-24 11:00', 'status', '2'],
      ['2026-11-24 14:00', 'status', '5'],
    );
    expect(whole(facts(twice, { status: 5 }))).toMatchObject({ supplements: 2, verdict: 'late', secondSupplement: true });
  });
  test('a time of another clock that lies before the request takes nothing off', () => {
    const odd = told(
      RECEIPT,
      ACCEPTED,
      ['2026-11-24 10:00', 'status', '5'],
      ['2026-11-24 09:00', 'act', 'supplied'],
      ['2026-11-24 09:00', 'status', '2'],
    );
    expect(whole(facts(odd))).toMatchObject({ pauses: [{ off: 0 }], dueAt: at('2026-11-26 17:00') });
  });
  test.each([
    [
      10,
      [
        ['2026-11-26 16:00', 'status', '9'],
        ['2026-11-30 09:00', 'status', '10'],
      ],
      '2026-11-26 16:00',
      'on-time',
    ],
    [10, [['2026-11-27 16:00', 'status', '10']], '2026-11-27 16:00', 'late'],
    [8, [['2026-11-25 16:00', 'status', '8']], '2026-11-25 16:00', 'on-time'],
    [3, [['2026-11-27 16:00', 'status', '3']], '2026-11-27 16:00', 'late'],
    [7, [['2026-11-24 16:00', 'status', '7']], '2026-11-24 16:00', 'on-time'],
  ] as const)('status %s ended it at the time of the most telling entry', (status, ends, ended, verdict) => {
    const found = whole(facts(told(RECEIPT, ACCEPTED, AT_WORK, ...ends), { status }), at('2026-12-31 09:00'));
    expect([found.state, said(found.endedAt), found.verdict]).toEqual(['ended', ended, verdict]);
  });
  test('one that was taken back from its end runs again', () => {
    const back = told(RECEIPT, ACCEPTED, ['2026-11-24 10:00', 'status', '9'], ['2026-11-24 11:00', 'status', '4']);
    expect(whole(facts(back)).state).toBe('running');
  });
  test('withdrawn before anybody received it: nothing to judge', () => {
    const gone = told(['2026-11-20 22:00', 'status', '1'], ['2026-11-23 16:00', 'status', '7']);
    expect(whole(facts(gone, { status: 7 }), at('2027-01-01 09:00')).verdict).toBeNull();
  });
  test('without a row and without a stated day nothing is due', () => {
    expect(whole(facts(told(RECEIPT, ACCEPTED)), NOW, rules())).toMatchObject({ dueAt: null, verdict: null, source: null });
  });
});

describe('T24: each leg has a clock of its own', () => {
  const NEEDS = ['child.fullName', 'results.registry.number'];
  const legs = { links: [waits, issuedIt] };
  const ISSUED = ['2026-11-25 16:00', 'phase', 'issued', LINK] as const;

  test('it runs from receipt where the leg needs no other', () => {
    expect(said(leg(facts(told(RECEIPT, ACCEPTED))).dueAt)).toBe('2026-11-24 17:00');
  });
  test('a leg that waits for the result of an earlier one is not late, however long that takes', () => {
    const waiting = leg(facts(told(RECEIPT, ACCEPTED), { links: [waits, link()] }), at('2027-06-01 09:00'), NEEDS);
    expect([waiting.state, waiting.dueAt, waiting.verdict]).toEqual(['waiting', null, null]);
  });
  test('it starts when the result is there: issued after 15:00 counts from the next working day', () => {
    const results = { registry: { number: '17' } };
    const started = leg(facts(told(RECEIPT, ACCEPTED, ISSUED), { ...legs, results }), at('2026-11-26 09:00'), NEEDS);
    expect([said(started.startedAt), said(started.dueAt)]).toEqual(['2026-11-25 16:00', '2026-11-30 17:00']);
  });
  test('issued, but the needed result itself not in hand: it still waits', () => {
    for (const results of [{}, { registry: { number: '' } }, { registry: { number: null } }]) {
      expect(leg(facts(told(RECEIPT, ACCEPTED, ISSUED), { ...legs, results }), at('2026-12-26 09:00'), NEEDS).state).toBe('waiting');
    }
  });
  test('a result nobody saw issued starts the clock with the first move of the leg itself', () => {
    const results = { registry: { number: '17' } };
    const unseen = facts(told(RECEIPT, ACCEPTED), { ...legs, results });
    expect(leg(unseen, NOW, NEEDS).state).toBe('waiting');
    const moved = facts(told(RECEIPT, ACCEPTED, ['2026-11-24 10:00', 'phase', 'sent', INSURANCE]), { ...legs, results });
    expect(said(leg(moved, NOW, NEEDS).startedAt)).toBe('2026-11-24 10:00');
  });
  test('of two legs at the giving system one of which was refused, the one that issued starts it', () => {
    const refused = link({ id: `${CODE}/registry/other`, record: 'other', phase: 'refused', situation: 'ended' });
    const results = { registry: { number: '17' } };
    const started = leg(facts(told(RECEIPT, ACCEPTED, ISSUED), { links: [waits, issuedIt, refused], results }), NOW, NEEDS);
    expect(said(started.startedAt)).toBe('2026-11-25 16:00');
  });
  test('a leg that is not possible has no clock', () => {
    expect(leg(facts(told(RECEIPT, ACCEPTED), { links: [link({ impossible: 'source:results.registry' })] })).state).toBe('waiting');
  });
  test("its own ministry's request pauses it, another's does not; a second one is no verdict by itself", () => {
    const other = told(RECEIPT, ACCEPTED, ['2026-11-23 14:00', 'phase', 'supplement', INSURANCE]);
    expect(leg(facts(other)).state).toBe('running');
    const own = told(
      RECEIPT,
      ACCEPTED,
      ['2026-11-23 14:00', 'phase', 'supplement', LINK],
      ['2026-11-24 10:00', 'act', 'supplied'],
      ['2026-11-24 10:30', 'phase', 'accepted', LINK],
      ['2026-11-24 11:00', 'phase', 'supplement', LINK],
      ['2026-11-24 14:00', 'phase', 'assigned', LINK],
    );
    expect(leg(facts(own), at('2026-11-24 15:00'))).toMatchObject({
      supplements: 2,
      secondSupplement: false,
      dueAt: at('2026-11-25 17:00'),
      verdict: 'on-time',
    });
  });
  test('it ends with its own result, while the dossier goes on', () => {
    const done = facts(
      told(RECEIPT, ACCEPTED, ['2026-11-24 16:30', 'phase', 'issued', LINK], ['2026-11-30 09:00', 'phase', 'handed-over', LINK]),
      {
        links: [link({ phase: 'handed-over', situation: 'ended' })],
      },
    );
    expect(leg(done, at('2026-12-30 09:00'))).toMatchObject({ state: 'ended', endedAt: at('2026-11-24 16:30'), verdict: 'on-time' });
    expect(whole(done, at('2026-12-30 09:00')).state).toBe('running');
  });
});
