import { describe, expect, test } from 'vitest';
import { ABSENT, value } from '../../src/model/line-value.ts';
import { HOLD_KINDS, type HoldKind } from '../../src/model/words.ts';
import type { Hold } from '../../src/store/contract.ts';
import { HOLD_WORDS } from '../../src/sync/hold-words.ts';
import { type HoldWish, openHold, type Reconciled, reconcile as reconcileHolds, wishOfLine } from '../../src/sync/holds.ts';
import { asAsked } from '../../src/sync/plan.ts';
import { CODE, decided, hold, LINK, link, NOON, problem } from './given.ts';

const wish = (more: Partial<HoldWish> = {}): HoldWish => ({
  kind: 'conflict',
  cause: 'conflict:registry:phone',
  path: 'phone',
  what: 'phone',
  detail: {},
  ...more,
});
const LATER = NOON + 1_000;
const NOBODY: ReadonlySet<string> = new Set();
const NOTHING: Reconciled = { outdated: [], open: [], lapsed: [], applied: [] };
const asking = (ours: string, theirs: string) => ({ ours: asAsked(value(ours)), theirs: asAsked(value(theirs)) });
const reconcile = (
  live: readonly Hold[],
  wishes: readonly HoldWish[],
  answered: ReadonlySet<string>,
  now: number,
  saw = true,
): Reconciled => reconcileHolds(live, wishes, answered, now, saw);

describe('the reasons a visit has to wait, against the holds that stand', () => {
  test('a new reason opens a hold; the same reason does not open a second', () => {
    expect(reconcile([], [wish()], NOBODY, LATER)).toEqual({ ...NOTHING, open: [wish()] });
    expect(reconcile([hold()], [wish()], NOBODY, LATER)).toEqual(NOTHING);
  });
  test.each([
    ['theirs', asking('1', '3')],
    ['ours', asking('3', '2')],
  ])('a question whose values moved on (%s) is closed and asked anew, so that nobody answers to what is no longer so', (_side, detail) => {
    const stands = hold({ detail: asking('1', '2') });
    const { outdated, open } = reconcile([stands], [wish({ detail })], NOBODY, LATER, false);
    expect(outdated).toEqual([{ ...stands, closedAt: LATER, applied: true }]);
    expect(open).toEqual([wish({ detail })]);
  });
  test('a question stands while this visit could not see whether their value moved', () => {
    const stands = hold({ detail: asking('1', '2') });
    expect(reconcile([stands], [wish({ detail: { ours: asAsked(value('1')), theirs: { is: 'unseen' } } })], NOBODY, LATER, false)).toEqual(
      NOTHING,
    );
  });
  test('one reason told twice in a visit is one hold', () => {
    expect(reconcile([], [wish(), wish({ detail: { again: true } })], NOBODY, LATER).open).toEqual([wish()]);
  });
  test.each<Partial<HoldWish>>([{ kind: 'clear' }, { path: 'address' }, { path: null }, { cause: 'conflict:registry:address' }])(
    'another kind, path or cause is another reason (%o)',
    (more) => {
      const { open, lapsed } = reconcile([hold()], [wish(more)], NOBODY, LATER);
      expect(open).toEqual([wish(more)]);
      expect(lapsed).toEqual([{ ...hold(), closedAt: LATER, applied: true }]);
    },
  );
  test('a hold whose reason is gone lapses without a decision', () => {
    const { lapsed } = reconcile([hold()], [], NOBODY, LATER);
    expect(lapsed).toEqual([{ ...hold(), closedAt: LATER, applied: true, decision: null }]);
  });
  test('what only a record can take away stays while none was seen', () => {
    const sightless = (kind: HoldKind) => reconcile([hold({ kind })], [], NOBODY, LATER, false).lapsed.length;
    const kinds: readonly HoldKind[] = [
      'conflict',
      'unsaved-edit',
      'version-back',
      'restored-backup',
      'emptied',
      'vanished',
      'twins',
      'no-result',
    ];
    for (const kind of kinds) expect(sightless(kind)).toBe(0);
    for (const kind of ['unknown-code', 'invalid', 'refused', 'setup', 'unsure', 'confirm', 'cap'] as const)
      expect(sightless(kind)).toBe(1);
  });
  test('one unknown code is one task, on however many lines it stands', () => {
    const unknown = { kind: 'unknown-code', cause: 'crosswalk:ethnic:x' } as const;
    const wishes = [wish({ ...unknown, path: 'child' }), wish({ ...unknown, path: 'mother' })];
    expect(reconcile([], wishes, NOBODY, LATER).open).toEqual([wishes[0]]);
    expect(reconcile([hold({ ...unknown, path: 'mother' })], wishes, NOBODY, LATER)).toEqual(NOTHING);
  });
  test('a hold that no visit judges stays until a person has decided', () => {
    const kinds: readonly HoldKind[] = ['twins', 'expired-procedure', 'duplicate-code', 'no-dossier'];
    for (const kind of kinds) expect(reconcile([hold({ kind })], [], NOBODY, LATER).lapsed).toEqual([]);
    const judged = HOLD_KINDS.filter((kind) => !kinds.includes(kind));
    for (const kind of judged) expect(reconcile([hold({ kind })], [], NOBODY, LATER).lapsed).toHaveLength(1);
  });
  test('an answered hold is done once its answer was carried out, and not before', () => {
    const answered = decided('theirs');
    expect(reconcile([answered], [], new Set(['h-1']), LATER).applied).toEqual([{ ...answered, applied: true }]);
    expect(reconcile([answered], [], NOBODY, LATER)).toEqual(NOTHING);
  });
  test('"leave" keeps its question quiet until the answer no longer fits', () => {
    expect(reconcile([decided('leave')], [wish()], NOBODY, LATER).open).toEqual([]);
    expect(reconcile([decided('leave')], [wish()], new Set(['h-1']), LATER)).toEqual({
      ...NOTHING,
      open: [wish()],
      applied: [{ ...decided('leave'), applied: true }],
    });
    expect(reconcile([decided('leave')], [wish({ path: 'address' })], NOBODY, LATER).open).toHaveLength(1);
  });
  test('any other answer that mended nothing is asked again', () => {
    expect(reconcile([decided('retry')], [wish()], new Set(['h-1']), LATER).open).toEqual([wish()]);
  });
});

describe('a line that waits', () => {
  test('is asked about with both values as they stand', () => {
    const held = { kind: 'conflict', line: 'phone', problem: null, ours: value('1'), theirs: ABSENT } as const;
    expect(wishOfLine(held, link())).toEqual({
      kind: 'conflict',
      cause: 'conflict:registry:phone',
      path: 'phone',
      what: 'phone',
      detail: { ours: { is: 'value', value: '1' }, theirs: { is: 'absent' } },
    });
  });
  test('brings the sentence, the cause and the choices of its trouble', () => {
    const choices = [{ value: '31825', label: 'Phường Bạc Liêu' }];
    const trouble = { ...problem('split-code'), path: 'child.ward', choices };
    const made = wishOfLine({ kind: 'split-code', line: 'ward', problem: trouble, ours: ABSENT, theirs: ABSENT }, link());
    expect([made.cause, made.vi, made.en]).toEqual(['test:split-code', trouble.vi, trouble.en]);
    expect(made.detail).toMatchObject({ problem: 'test.split-code', hubPath: 'child.ward', choices });
  });
  test('brings no choices where there are none', () => {
    const made = wishOfLine({ kind: 'invalid', line: 'ward', problem: problem('invalid'), ours: ABSENT, theirs: ABSENT }, link());
    expect(Object.keys(made.detail)).toEqual(['ours', 'theirs', 'problem', 'hubPath']);
  });
});

describe('a hold that opens', () => {
  test.each(HOLD_KINDS)('%s says in both languages what is the matter, what to do, and on whose desk it lies', (kind) => {
    const made = openHold(wish({ kind, what: 'sở đăng ký' }), link(), CODE, { id: 'h-9', now: NOON });
    expect(made).toMatchObject({ id: 'h-9', code: CODE, link: LINK, kind, path: 'phone', openedAt: NOON, closedAt: null, decision: null });
    for (const text of [made.vi, made.en, made.remedyVi, made.remedyEn]) {
      expect(text.length).toBeGreaterThan(10);
      expect(text).not.toContain('{what}');
    }
    expect(made.decisions.length).toBeGreaterThan(0);
    expect(made.desk).toBe(HOLD_WORDS[kind].desk);
    expect(made.applied).toBe(false);
  });
  test('names what it speaks of, unless its trouble brought a better sentence', () => {
    const made = openHold(wish({ what: 'phone' }), null, CODE, { id: 'h-9', now: NOON });
    expect([made.vi, made.link]).toEqual(['Hai hệ thống ghi khác nhau về "phone".', null]);
    const better = openHold(wish({ vi: 'Thiếu giấy.', en: 'A paper is missing.' }), null, CODE, { id: 'h-9', now: NOON });
    expect([better.vi, better.en]).toEqual(['Thiếu giấy.', 'A paper is missing.']);
  });
});
