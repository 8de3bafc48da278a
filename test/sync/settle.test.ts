import { describe, expect, test } from 'vitest';
import type { RecordKind } from '../../src/kit/contract.ts';
import { ABSENT, type AgreedValue, UNSEEN, value } from '../../src/model/line-value.ts';
import type { Look } from '../../src/sync/look.ts';
import { type SettleInput, settle, windowEnd } from '../../src/sync/settle.ts';
import { act, attempt, bad, creates, finds, kind, mappingOf, NOON, reads, rule, sighting, updates, values } from './given.ts';

const A = value('A');
const B = value('B');
const SEEN: Look = { is: 'seen', sighting: sighting({}, { version: '7' }), by: 'key' };
const NOT_THERE: Look = { is: 'not-there' };
const NOT_LOOKED: Look = { is: 'not-looked' };
const UNANSWERED: Look = { is: 'unanswered' };
const EARLY: Look = { is: 'too-early', until: NOON + 77 };
const TROUBLE: Look = { is: 'trouble', trouble: { kind: 'unavailable', scope: 'system', code: 'x', vi: 'x', en: 'x' } };
const SEVERAL: Look = { is: 'several', sightings: [sighting({}, { id: 'R-1' }), sighting({}, { id: 'R-2' })] };
const WINDOW_MS = 1_000;
const END = NOON + WINDOW_MS;

const lines = (of: Readonly<Record<string, AgreedValue>>) => new Map(Object.entries(of));
const mapping = mappingOf([rule('x', 'give'), rule('y', 'give')]);
const given = (more: Partial<SettleInput> & Pick<SettleInput, 'look' | 'kind'>): SettleInput => ({
  attempt: attempt({ sent: { lines: lines({ x: A }), record: {} } }),
  mapping,
  theirs: null,
  phase: null,
  now: NOON,
  ...more,
});

describe('the settle window', () => {
  const sent = { sentAt: NOON };
  test.each<readonly [string, RecordKind, number]>([
    ['lasts as long as a create may land', kind({ ...creates('unsafe', 900), ...reads('key') }), 900],
    ['and as long as a read lags behind', kind({ ...creates('unsafe', 900), ...reads('key'), readLagMs: 40 }), 940],
    ['and as long as a search lags, where only that finds it', kind({ ...creates('unsafe', 900), ...reads('id'), ...finds(300) }), 1_200],
    ['and where nothing reads it at all', kind({ ...creates('unsafe', 900), ...finds(300) }), 1_200],
    ['not as long as a search lags, where the key reads it', kind({ ...creates('unsafe', 900), ...reads('key'), ...finds(300) }), 900],
    ['by the longer of the two lags', kind({ ...creates('unsafe', 900), ...reads('id'), ...finds(300), readLagMs: 500 }), 1_400],
    ['and ends at once where nothing is known of it', kind({ ...reads('id') }), 0],
  ])('%s', (_sentence, of, lastsMs) => {
    expect(windowEnd(attempt(sent), of)).toBe(NOON + lastsMs);
  });
  test('is that of the verb that was sent', () => {
    const all = kind({
      ...reads('key'),
      ...creates('unsafe', 1),
      ...updates({ landsWithinMs: 2 }),
      acts: { step: act({ landsWithinMs: 3 }) },
    });
    expect(windowEnd(attempt({ verb: 'create' }), all)).toBe(NOON + 1);
    expect(windowEnd(attempt({ verb: 'update' }), all)).toBe(NOON + 2);
    expect(windowEnd(attempt({ verb: 'act', act: 'step' }), all)).toBe(NOON + 3);
    expect(windowEnd(attempt({ verb: 'act', act: 'withdraw' }), all)).toBe(NOON);
    expect(windowEnd(attempt({ verb: 'act', act: null }), kind(reads('key')))).toBe(NOON);
    expect(windowEnd(attempt({ verb: 'update' }), kind(reads('key')))).toBe(NOON);
  });
});

describe('several records that answer', () => {
  test.each(['create', 'update', 'act'] as const)('put a lost %s in dispute', (verb) => {
    expect(settle(given({ attempt: attempt({ verb }), look: SEVERAL, kind: kind() }))).toEqual({ to: 'disputed', ids: ['R-1', 'R-2'] });
  });
});

describe('a lost create', () => {
  const of = (repeat: 'same-key' | 'rejects-twin' | 'unsafe') => kind({ ...creates(repeat, WINDOW_MS), ...reads('key') });
  test('that is there now has happened, with the body we sent', () => {
    expect(settle(given({ look: SEEN, kind: of('unsafe') }))).toEqual({ to: 'seen', lines: lines({ x: A }) });
  });
  test('found without our key may have been typed by hand: of what is ours alone only what shows is taken for sent', () => {
    const both = mappingOf([rule('x', 'give'), rule('y', 'give'), rule('z', 'share')]);
    const sent = attempt({ verb: 'create', sent: { lines: lines({ x: A, y: B, z: A }), record: {} } });
    const found: Look = { is: 'seen', sighting: sighting({}, { key: null }), by: 'find' };
    const theirs = values({ x: UNSEEN, y: 'B', z: UNSEEN });
    const seen = (more: Partial<SettleInput>) => {
      const all = { attempt: sent, mapping: both, theirs, look: found, kind: kind({ ...creates('unsafe', 1), ...updates({}) }), ...more };
      const settled = settle(given(all));
      return settled.to === 'seen' ? [...settled.lines.keys()].sort() : settled;
    };
    const late = kind({ ...creates('unsafe', 1), ...updates({ phases: ['accepted'] }) });
    expect(seen({})).toEqual(['y', 'z']);
    expect(seen({ theirs: null })).toEqual(['z']);
    expect(seen({ look: SEEN })).toEqual(['x', 'y', 'z']);
    expect(seen({ kind: late, phase: 'accepted' })).toEqual(['y', 'z']);
    expect(seen({ kind: late })).toEqual(['y', 'z']);
    // What can no longer be sent again is left as it was said.
    expect(seen({ kind: late, phase: 'issued' })).toEqual(['x', 'y', 'z']);
    expect(seen({ kind: kind(creates('unsafe', 1)) })).toEqual(['x', 'y', 'z']);
  });
  test.each([NOT_THERE, NOT_LOOKED])('is sent again at once where the same key is harmless ($is)', (look) => {
    expect(settle(given({ look, kind: of('same-key') }))).toEqual({ to: 'resend' });
  });
  test.each([NOT_THERE, NOT_LOOKED])('waits until the window ends, then goes again only where twins are rejected ($is)', (look) => {
    for (const repeat of ['rejects-twin', 'unsafe'] as const) {
      expect(settle(given({ look, kind: of(repeat), now: END - 1 }))).toEqual({ to: 'wait', until: END });
    }
    expect(settle(given({ look, kind: of('rejects-twin'), now: END }))).toEqual({ to: 'resend' });
    expect(settle(given({ look, kind: of('unsafe'), now: END }))).toEqual({ to: 'park' });
  });
  test('of a system that says nothing of repeating is parked, never sent again', () => {
    expect(settle(given({ look: NOT_THERE, kind: kind(), now: END }))).toEqual({ to: 'park' });
  });
  test.each([UNANSWERED, TROUBLE])('is looked for again where the look gave nothing, whatever the window ($is)', (look) => {
    for (const repeat of ['same-key', 'rejects-twin', 'unsafe'] as const) {
      const now = END + 5_000;
      expect(settle(given({ look, kind: of(repeat), now }))).toEqual({ to: 'wait', until: now });
    }
  });
  test('is not looked for before a look can show it', () => {
    expect(settle(given({ look: EARLY, kind: of('same-key') }))).toEqual({ to: 'wait', until: NOON + 77 });
  });
  test('with a ticket is on its way: it is waited for, then a person is asked; it is not sent again', () => {
    const queued = attempt({ ticket: 'T-1' });
    for (const look of [NOT_THERE, NOT_LOOKED]) {
      expect(settle(given({ attempt: queued, look, kind: of('same-key'), now: END - 1 }))).toEqual({ to: 'wait', until: END });
      expect(settle(given({ attempt: queued, look, kind: of('same-key'), now: END }))).toEqual({ to: 'park' });
    }
    expect(settle(given({ attempt: queued, look: SEEN, kind: of('same-key') })).to).toBe('seen');
  });
});

describe('a lost update', () => {
  const of = (more: Parameters<typeof updates>[0] = {}) => kind({ ...updates({ landsWithinMs: WINDOW_MS, ...more }), ...reads('id') });
  const update = attempt({ verb: 'update', againstVersion: '6', sent: { lines: lines({ x: A, y: B }), record: {} } });
  const seen = (theirs: Parameters<typeof values>[0], more: Partial<SettleInput> = {}) =>
    settle(given({ attempt: update, look: SEEN, kind: of(), theirs: values(theirs), ...more }));

  test('that shows in all it sent has happened', () => {
    expect(seen({ x: A, y: value('b') })).toEqual({ to: 'seen', lines: lines({ x: A, y: value('b') }) });
  });
  test('shows in what the sighting covers; the rest stays unsaid', () => {
    expect(seen({ x: A, y: UNSEEN })).toEqual({ to: 'seen', lines: lines({ x: A }) });
    expect(seen({ x: A })).toEqual({ to: 'seen', lines: lines({ x: A }) });
  });
  test('that shows in part, or cannot be seen, is waited for', () => {
    const wait = { to: 'wait', until: END };
    expect(seen({ x: A, y: A })).toEqual(wait);
    expect(seen({ x: A, y: bad() })).toEqual(wait);
    expect(seen({ x: UNSEEN, y: UNSEEN })).toEqual(wait);
    expect(seen({}, { theirs: null })).toEqual(wait);
  });
  test('is what the sighting shows of it, once the window ended', () => {
    expect(seen({ x: A, y: A }, { now: END })).toEqual({ to: 'seen', lines: lines({ x: A }) });
    expect(seen({ x: B, y: A }, { now: END })).toEqual({ to: 'seen', lines: new Map() });
    expect(seen({ x: B, y: A }, { now: END - 1 })).toEqual({ to: 'wait', until: END });
  });
  test('cannot land any more where it was sent against a version that is gone', () => {
    expect(seen({ x: B, y: A }, { kind: of({ ifMatch: true }) })).toEqual({ to: 'seen', lines: new Map() });
  });
  test('may still land where no condition could be sent', () => {
    const blind = { ...update, againstVersion: null };
    expect(seen({ x: B, y: A }, { attempt: blind, kind: of({ ifMatch: true }) })).toEqual({ to: 'wait', until: END });
  });
  test('may still land against the version that stands, or without condition', () => {
    const stands: Look = { is: 'seen', sighting: sighting({}, { version: '6' }), by: 'id' };
    expect(seen({ x: B, y: A }, { kind: of({ ifMatch: true }), look: stands })).toEqual({ to: 'wait', until: END });
    expect(seen({ x: B, y: A }, { kind: of({ ifMatch: false }) })).toEqual({ to: 'wait', until: END });
    expect(seen({ x: B, y: A }, { kind: kind(reads('id')) })).toEqual({ to: 'seen', lines: new Map() });
  });
  test.each([NOT_THERE, NOT_LOOKED])('without a look to tell is planned anew after the window ($is)', (look) => {
    expect(settle(given({ attempt: update, look, kind: of(), now: END - 1 }))).toEqual({ to: 'wait', until: END });
    expect(settle(given({ attempt: update, look, kind: of(), now: END }))).toEqual({ to: 'failed' });
  });
  test('waits for a look that says something', () => {
    for (const look of [UNANSWERED, TROUBLE]) {
      expect(settle(given({ attempt: update, look, kind: of(), now: END }))).toEqual({ to: 'wait', until: END });
    }
    expect(settle(given({ attempt: update, look: EARLY, kind: of(), now: END }))).toEqual({ to: 'wait', until: NOON + 77 });
  });
});

describe('a lost act', () => {
  const withdraw = attempt({ verb: 'act', act: 'withdraw', sent: { lines: new Map(), record: {} } });
  const of = (more: Parameters<typeof act>[0] = {}) =>
    kind({ acts: { withdraw: act({ leadsTo: 'withdrawn', landsWithinMs: WINDOW_MS, ...more }) }, ...reads('id') });
  const seen = (more: Partial<SettleInput> = {}) => settle(given({ attempt: withdraw, look: SEEN, kind: of(), ...more }));

  test('has happened when the record stands in the phase it leads to', () => {
    expect(seen({ phase: 'withdrawn' })).toEqual({ to: 'seen', lines: new Map() });
  });
  test('has happened when the record left the phases that admit it', () => {
    const from = of({ leadsTo: 'accepted', phases: ['supplement'] });
    const carried = { ...withdraw, sent: { lines: lines({ x: A, y: B }), record: {} } };
    expect(seen({ attempt: carried, kind: from, phase: 'assigned', theirs: values({ x: A, y: A }) })).toEqual({
      to: 'seen',
      lines: lines({ x: A }),
    });
    expect(seen({ kind: from, phase: 'supplement' })).toEqual({ to: 'wait', until: END });
    expect(seen({ kind: from, phase: null })).toEqual({ to: 'wait', until: END });
    expect(seen({ kind: of({ leadsTo: 'accepted', phases: [] }), phase: 'assigned' })).toEqual({ to: 'wait', until: END });
  });
  test('has happened when all it carried is there', () => {
    const supplement = { ...withdraw, sent: { lines: lines({ x: A, y: B }), record: {} } };
    expect(seen({ attempt: supplement, theirs: values({ x: A, y: UNSEEN }) })).toEqual({ to: 'seen', lines: lines({ x: A }) });
    expect(seen({ attempt: supplement, phase: 'withdrawn', theirs: values({ x: B, y: B }) })).toEqual({
      to: 'seen',
      lines: lines({ x: A, y: B }),
    });
    expect(seen({ attempt: supplement, theirs: values({ x: A, y: ABSENT }) })).toEqual({ to: 'wait', until: END });
  });
  test('without a phase to lead to is not taken as seen by any phase', () => {
    for (const phase of [null, 'sent', 'withdrawn'] as const) {
      expect(seen({ phase, kind: of({ leadsTo: null }) })).toEqual({ to: 'wait', until: END });
    }
    expect(seen({ phase: 'withdrawn', kind: kind(reads('id')), now: END })).toEqual({ to: 'park' });
  });
  test('that nothing shows is sent again only where that is harmless', () => {
    for (const look of [SEEN, NOT_THERE, NOT_LOOKED, UNANSWERED]) {
      expect(seen({ look, phase: 'sent', kind: of({ repeat: 'same-key' }) })).toEqual({ to: 'resend' });
      expect(seen({ look, phase: 'sent', kind: of({ repeat: 'rejects-twin' }) })).toEqual({ to: 'wait', until: END });
      expect(seen({ look, phase: 'sent', kind: of({ repeat: 'rejects-twin' }), now: END })).toEqual({ to: 'resend' });
      expect(seen({ look, phase: 'sent', now: END - 1 })).toEqual({ to: 'wait', until: END });
      expect(seen({ look, phase: 'sent', now: END })).toEqual({ to: 'park' });
    }
  });
  test('waits for a look', () => {
    expect(seen({ look: EARLY, kind: of({ repeat: 'same-key' }) })).toEqual({ to: 'wait', until: NOON + 77 });
    expect(seen({ look: TROUBLE, now: END, kind: of({ repeat: 'same-key' }) })).toEqual({ to: 'wait', until: END });
  });
  test('without a name of its own is nobody’s to repeat', () => {
    expect(settle(given({ attempt: { ...withdraw, act: null }, look: SEEN, kind: of(), now: END }))).toEqual({ to: 'park' });
  });
});
