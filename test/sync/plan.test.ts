import { describe, expect, test } from 'vitest';
import type { LineRule } from '../../src/mapping/contract.ts';
import { ABSENT, type AgreedValue, EMPTY, type LineValue, UNSEEN, value } from '../../src/model/line-value.ts';
import type { Owner } from '../../src/model/words.ts';
import { type Answer, asAsked, type Plan, type PlanInput, plan } from '../../src/sync/plan.ts';
import { bad, baseOf, mappingOf, planInput, problem, rule } from './given.ts';

const A = value('A');
const B = value('B');
const C = value('C');
const NONE = undefined;

interface World {
  readonly ours: LineValue;
  readonly theirs: LineValue | null;
  readonly base?: AgreedValue | undefined;
}

/** What a plan over one line comes to, in one word and its value. */
function outcome(of: Plan): string {
  const text = (one: AgreedValue | undefined) => (one?.is === 'value' ? String(one.value) : (one?.is ?? ''));
  if (of.outward.has('x')) return `out ${text(of.outward.get('x'))}`;
  if (of.inward.has('x')) return `in ${text(of.inward.get('x'))}`;
  if (of.agreed.has('x')) return `agreed ${text(of.agreed.get('x'))}`;
  if (of.holds.length > 0) return `hold ${of.holds.map((held) => held.kind).join()}`;
  return of.notices.length > 0 ? 'notice' : 'nothing';
}

function weigh(owner: Owner, { ours, theirs, base }: World, more: Partial<PlanInput> = {}, line: Partial<LineRule> = {}): Plan {
  return plan(
    planInput({
      mapping: mappingOf([rule('x', owner, line)]),
      ours: new Map([['x', ours]]),
      theirs: theirs === null ? null : new Map([['x', theirs]]),
      base: base === undefined ? null : baseOf({ x: base }),
      ...more,
    }),
  );
}

type Row = readonly [sentence: string, owner: Owner, ours: LineValue, theirs: LineValue, base: AgreedValue | undefined, outcome: string];

describe('a line both sides state', () => {
  test.each<Row>([
    ['equal values are agreed', 'give', A, A, NONE, 'agreed A'],
    ['a difference the line folds away is none, and theirs is what is agreed', 'give', value('a'), A, B, 'agreed A'],
    ['two sides that say nothing agree on nothing', 'share', ABSENT, EMPTY, NONE, 'agreed empty'],
    ['a first meeting where we own: ours goes out', 'give', A, B, NONE, 'out A'],
    ['an edit of ours goes out', 'give', A, B, B, 'out A'],
    ['an edit of theirs where we own is repaired', 'give', A, B, A, 'out A'],
    ['both edited where we own: ours goes out', 'give', A, B, C, 'out A'],
    ['a record that says nothing gets ours', 'give', A, ABSENT, NONE, 'out A'],
    ['what we never had is left to them', 'give', ABSENT, B, NONE, 'nothing'],
    ['what we never had, though emptied once, is left to them', 'give', ABSENT, B, EMPTY, 'nothing'],
    ['a first meeting where they own: theirs comes in', 'take', A, B, NONE, 'in B'],
    ['an edit of theirs comes in', 'take', A, B, A, 'in B'],
    ['an edit of ours where they own gives way', 'take', A, B, B, 'in B'],
    ['what they emptied is emptied here', 'take', A, EMPTY, A, 'in empty'],
    ['a shared first meeting that differs asks', 'share', A, B, NONE, 'hold conflict'],
    ['a shared first meeting where only they speak comes in', 'share', ABSENT, B, NONE, 'in B'],
    ['a shared first meeting where only we speak goes out', 'share', A, EMPTY, NONE, 'out A'],
    ['a shared line that only we edited goes out', 'share', A, B, B, 'out A'],
    ['a shared line that only they edited comes in', 'share', A, B, A, 'in B'],
    ['a shared line that both edited asks', 'share', A, B, C, 'hold conflict'],
    ['a shared line that they emptied comes in empty', 'share', A, EMPTY, A, 'in empty'],
    ['a shared line both edited, ours to nothing, asks', 'share', ABSENT, B, C, 'hold conflict'],
    ['a starting line says nothing to a record that is there', 'start', A, B, NONE, 'nothing'],
  ])('%s', (_sentence, owner, ours, theirs, base, due) => {
    expect(outcome(weigh(owner, { ours, theirs, base }))).toBe(due);
  });
});

describe('a line the sighting does not cover', () => {
  test.each<readonly [string, Owner, LineValue, AgreedValue | undefined, string]>([
    ['ours as agreed rests', 'give', A, A, 'nothing'],
    ['an edit of ours goes out unseen', 'give', A, B, 'out A'],
    ['ours that was never there goes out', 'give', A, NONE, 'out A'],
    ['theirs never comes in unseen', 'take', A, B, 'nothing'],
    ['a shared line as agreed rests', 'share', A, A, 'nothing'],
    ['a shared edit of ours goes out', 'share', A, B, 'out A'],
    ['a shared line that was never there goes out', 'share', A, NONE, 'out A'],
    ['a shared line that says nothing on both occasions rests', 'share', ABSENT, EMPTY, 'nothing'],
  ])('%s', (_sentence, owner, ours, base, due) => {
    for (const theirs of [UNSEEN, null]) expect(outcome(weigh(owner, { ours, theirs, base }))).toBe(due);
  });

  test('is named as unseen, but for starting lines and records that do not exist yet', () => {
    expect(weigh('give', { ours: A, theirs: UNSEEN }).unseen).toEqual(['x']);
    expect(weigh('take', { ours: A, theirs: null }).unseen).toEqual(['x']);
    expect(weigh('start', { ours: A, theirs: UNSEEN }).unseen).toEqual([]);
    expect(weigh('give', { ours: A, theirs: null }, { creating: true }).unseen).toEqual([]);
    expect(weigh('give', { ours: A, theirs: B }).unseen).toEqual([]);
  });
});

describe('a record that does not exist yet', () => {
  test.each<readonly [string, Owner, LineValue, string]>([
    ['gets what we own', 'give', A, 'out A'],
    ['gets what is shared', 'share', A, 'out A'],
    ['gets what is only said at the start', 'start', A, 'out A'],
    ['is not told what they own', 'take', A, 'nothing'],
    ['is not told of what is not there', 'give', ABSENT, 'nothing'],
    ['is not told of a start that is not there', 'start', ABSENT, 'nothing'],
    ['is not told of a start nobody saw', 'start', UNSEEN, 'nothing'],
    ['waits for a start that cannot be carried', 'start', bad(), 'hold unknown-code'],
    ['waits for a value that cannot be carried', 'give', bad('split-code'), 'hold split-code'],
  ])('%s', (_sentence, owner, ours, due) => {
    expect(outcome(weigh(owner, { ours, theirs: null }, { creating: true }))).toBe(due);
  });

  test('is not begun by halves: one held line keeps all of it', () => {
    const whole = plan(
      planInput({
        mapping: mappingOf([rule('x', 'give'), rule('y', 'give')]),
        ours: new Map<string, LineValue>([
          ['x', A],
          ['y', bad()],
        ]),
        creating: true,
      }),
    );
    expect(whole.outward.size).toBe(0);
    expect(whole.holds.map((held) => held.line)).toEqual(['y']);
  });
  test('is not begun while anything about it is asked, be it valid on both sides', () => {
    const asked = plan(
      planInput({
        mapping: mappingOf([rule('x', 'give'), rule('y', 'give')]),
        ours: new Map<string, LineValue>([
          ['x', A],
          ['y', ABSENT],
        ]),
        base: baseOf({ y: B }),
        creating: true,
      }),
    );
    expect([asked.outward.size, asked.holds.map((held) => held.kind)]).toEqual([0, ['clear']]);
  });
});

describe('a value emptied here', () => {
  const emptied = { ours: ABSENT, theirs: B, base: B };
  test.each<Owner>(['give', 'share'])('asks how to clear it where the %s line does not say', (owner) => {
    expect(outcome(weigh(owner, emptied))).toBe('hold clear');
    expect(outcome(weigh(owner, { ...emptied, theirs: UNSEEN }))).toBe('hold clear');
  });
  test.each<Owner>(['give', 'share'])('is cleared where the %s line says how', (owner) => {
    for (const clear of ['null', 'empty', 'omit'] as const) expect(outcome(weigh(owner, emptied, {}, { clear }))).toBe('out absent');
    expect(outcome(weigh(owner, { ...emptied, ours: EMPTY, theirs: UNSEEN }, {}, { clear: 'empty' }))).toBe('out empty');
  });
  test('asks nothing where they say nothing either', () => {
    expect(outcome(weigh('give', { ours: ABSENT, theirs: EMPTY, base: B }))).toBe('agreed empty');
  });
  test('asks nothing where nothing was ever agreed', () => {
    expect(outcome(weigh('give', { ours: ABSENT, theirs: UNSEEN }))).toBe('nothing');
    expect(outcome(weigh('share', { ours: EMPTY, theirs: UNSEEN }))).toBe('nothing');
    expect(outcome(weigh('share', { ours: EMPTY, theirs: UNSEEN, base: EMPTY }))).toBe('nothing');
  });
});

describe('a record that may be the one we sent', () => {
  const sent = (earlier: AgreedValue): Partial<PlanInput> => ({ base: baseOf({}, { x: [earlier] }) });
  test('a value it holds as we sent it was agreed, so that ours, changed since, goes out unasked', () => {
    expect(outcome(weigh('share', { ours: A, theirs: B }, sent(B)))).toBe('out A');
  });
  test('a value we never sent asks', () => {
    expect(outcome(weigh('share', { ours: A, theirs: C }, sent(B)))).toBe('hold conflict');
  });
  test('what was agreed since counts, not what was sent before', () => {
    expect(outcome(weigh('share', { ours: A, theirs: B }, { base: baseOf({ x: A }, { x: [B] }) }))).toBe('in B');
  });
});

describe('a line whose ownership ends', () => {
  const until = { until: 'issued' as const };
  const issued = { phase: 'issued' as const };
  test('is ours before the phase, and when no phase was stated', () => {
    expect(outcome(weigh('give', { ours: A, theirs: B, base: A }, { phase: 'assigned' }, until))).toBe('out A');
    expect(outcome(weigh('give', { ours: A, theirs: B, base: A }, { phase: null }, until))).toBe('out A');
  });
  test.each(['issued', 'handed-over'] as const)('is theirs from the phase on (%s)', (phase) => {
    expect(outcome(weigh('give', { ours: A, theirs: B, base: A }, { phase }, until))).toBe('in B');
    expect(outcome(weigh('share', { ours: A, theirs: B, base: A }, { phase }, until))).toBe('in B');
  });
  test('holds an edit of ours that was not acknowledged in time', () => {
    expect(outcome(weigh('give', { ours: A, theirs: B, base: B }, issued, until))).toBe('hold unsaved-edit');
    expect(outcome(weigh('give', { ours: A, theirs: UNSEEN, base: B }, issued, until))).toBe('hold unsaved-edit');
    expect(outcome(weigh('share', { ours: A, theirs: null, base: B }, issued, until))).toBe('hold unsaved-edit');
  });
  test('holds ours too where both sides moved before it ended', () => {
    expect(outcome(weigh('give', { ours: A, theirs: B, base: C }, issued, until))).toBe('hold unsaved-edit');
  });
  test('rests where nothing moved, seen or not', () => {
    expect(outcome(weigh('give', { ours: A, theirs: A, base: A }, issued, until))).toBe('agreed A');
    expect(outcome(weigh('give', { ours: A, theirs: UNSEEN, base: A }, issued, until))).toBe('nothing');
    expect(outcome(weigh('give', { ours: ABSENT, theirs: UNSEEN }, issued, until))).toBe('nothing');
    expect(outcome(weigh('give', { ours: ABSENT, theirs: UNSEEN, base: EMPTY }, issued, until))).toBe('nothing');
  });
  test('holds an unseen edit that emptied what was agreed', () => {
    expect(outcome(weigh('give', { ours: ABSENT, theirs: UNSEEN, base: A }, issued, until))).toBe('hold unsaved-edit');
  });
  test('takes what they add where we never said anything', () => {
    expect(outcome(weigh('give', { ours: ABSENT, theirs: B }, issued, until))).toBe('in B');
    expect(outcome(weigh('give', { ours: EMPTY, theirs: B, base: EMPTY }, issued, until))).toBe('in B');
  });
  test('asks where ours was never acknowledged and theirs differs: nobody’s edit is overwritten', () => {
    expect(outcome(weigh('give', { ours: A, theirs: B }, issued, until))).toBe('hold conflict');
    expect(outcome(weigh('share', { ours: A, theirs: B }, issued, until))).toBe('hold conflict');
    expect(outcome(weigh('give', { ours: bad('split-code'), theirs: B }, issued, until))).toBe('hold split-code');
    expect(outcome(weigh('give', { ours: bad('split-code'), theirs: B, base: A }, issued, until))).toBe('hold split-code');
  });
  test('asks for a value filled in too late to be sent, but not of a record typed there by hand', () => {
    expect(outcome(weigh('give', { ours: A, theirs: ABSENT }, issued, until))).toBe('hold unsaved-edit');
    expect(outcome(weigh('give', { ours: A, theirs: EMPTY }, issued, until))).toBe('hold unsaved-edit');
    expect(outcome(weigh('give', { ours: A, theirs: ABSENT }, { ...issued, adopted: true }, until))).toBe('nothing');
  });
  test('asks for each unseen line that was never acknowledged, but not of a record typed there by hand', () => {
    expect(outcome(weigh('give', { ours: A, theirs: UNSEEN }, issued, until))).toBe('hold unsaved-edit');
    expect(outcome(weigh('give', { ours: A, theirs: UNSEEN }, { ...issued, adopted: true }, until))).toBe('nothing');
    expect(outcome(weigh('give', { ours: A, theirs: B }, { ...issued, adopted: true }, until))).toBe('hold conflict');
    expect(outcome(weigh('give', { ours: A, theirs: UNSEEN }, { adopted: true }, until))).toBe('out A');
  });
});

describe('an ended link', () => {
  const ended = { readOnly: true };
  test('notes a difference where we own, and writes nothing', () => {
    expect(outcome(weigh('give', { ours: A, theirs: B, base: A }, ended))).toBe('notice');
    expect(outcome(weigh('give', { ours: A, theirs: B, base: B }, ended))).toBe('notice');
  });
  test('notes an unseen edit of ours, and rests without one', () => {
    expect(outcome(weigh('give', { ours: A, theirs: UNSEEN, base: B }, ended))).toBe('notice');
    expect(outcome(weigh('give', { ours: A, theirs: UNSEEN, base: A }, ended))).toBe('nothing');
    expect(outcome(weigh('share', { ours: A, theirs: UNSEEN }, ended))).toBe('nothing');
  });
  test('takes a correction where they own or share', () => {
    expect(outcome(weigh('take', { ours: A, theirs: B, base: A }, ended))).toBe('in B');
    expect(outcome(weigh('share', { ours: A, theirs: B, base: A }, ended))).toBe('in B');
  });
  test('notes a shared line both sides moved', () => {
    expect(outcome(weigh('share', { ours: A, theirs: B, base: C }, ended))).toBe('notice');
    expect(outcome(weigh('share', { ours: A, theirs: B }, ended))).toBe('notice');
  });
  test('begins nothing', () => {
    expect(outcome(weigh('start', { ours: A, theirs: null }, { ...ended, creating: true }))).toBe('nothing');
  });
  test('notes a value of ours that cannot be carried instead of asking', () => {
    expect(outcome(weigh('give', { ours: bad(), theirs: B }, ended))).toBe('notice');
  });
});

describe('a value that cannot be carried', () => {
  test('of theirs holds the line with its own sentence', () => {
    const { holds } = weigh('take', { ours: A, theirs: bad('unknown-code') });
    expect(holds).toEqual([{ kind: 'unknown-code', line: 'x', problem: problem('unknown-code'), ours: A, theirs: bad('unknown-code') }]);
  });
  test('of theirs lets nothing of the record in; ours still goes out', () => {
    const half = plan(
      planInput({
        mapping: mappingOf([rule('x', 'take'), rule('y', 'take'), rule('z', 'give')]),
        ours: new Map([
          ['x', A],
          ['y', A],
          ['z', A],
        ]),
        theirs: new Map<string, LineValue>([
          ['x', bad()],
          ['y', B],
          ['z', B],
        ]),
      }),
    );
    expect([half.inward.size, half.outward.size, half.holds.length]).toEqual([0, 1, 1]);
  });
  test('of ours lets nothing of the record out; theirs still comes in', () => {
    const half = plan(
      planInput({
        mapping: mappingOf([rule('x', 'give'), rule('y', 'take'), rule('z', 'give')]),
        ours: new Map<string, LineValue>([
          ['x', bad()],
          ['y', A],
          ['z', A],
        ]),
        theirs: new Map([
          ['x', B],
          ['y', B],
          ['z', B],
        ]),
      }),
    );
    expect([half.inward.size, half.outward.size, half.holds.length]).toEqual([1, 0, 1]);
  });
  test('a hold without an invalid value leaves the other lines their way once the record is there', () => {
    const half = plan(
      planInput({
        mapping: mappingOf([rule('x', 'share'), rule('y', 'give'), rule('z', 'take')]),
        ours: new Map([
          ['x', A],
          ['y', A],
          ['z', A],
        ]),
        theirs: new Map([
          ['x', B],
          ['y', B],
          ['z', B],
        ]),
      }),
    );
    expect([...half.outward.keys(), ...half.inward.keys(), ...half.holds.map((held) => held.line)]).toEqual(['y', 'z', 'x']);
  });
  test('of ours where they own is no matter', () => {
    expect(outcome(weigh('take', { ours: bad(), theirs: B, base: A }))).toBe('in B');
  });
  test('what we have not seen of ourselves is not written', () => {
    for (const owner of ['give', 'share'] as const) expect(outcome(weigh(owner, { ours: UNSEEN, theirs: B, base: A }))).toBe('nothing');
  });
});

describe('a comparison that finds everything alike', () => {
  const blind = (ours: LineValue, theirs: LineValue, owner: Owner = 'share') =>
    plan(
      planInput({
        mapping: mappingOf([rule('x', owner)], { equal: () => true }),
        ours: new Map([['x', ours]]),
        theirs: new Map([['x', theirs]]),
      }),
    );
  test('still makes no agreement of what is not seen or cannot be carried', () => {
    expect(outcome(blind(A, UNSEEN))).toBe('out A');
    expect(outcome(blind(UNSEEN, A))).toBe('nothing');
    expect(outcome(blind(bad(), A))).toBe('hold unknown-code');
    expect(outcome(blind(A, bad()))).toBe('hold unknown-code');
    expect(outcome(blind(A, B))).toBe('agreed B');
  });
});

describe('a comparison that tells empty from absent', () => {
  const strict = { equal: (_line: string, a: LineValue, b: LineValue) => JSON.stringify(a) === JSON.stringify(b) };
  test('still clears nothing that is already empty there', () => {
    const mapping = mappingOf([rule('x', 'give', { clear: 'null' })], strict);
    const of = (theirs: LineValue) =>
      outcome(plan(planInput({ mapping, ours: new Map([['x', ABSENT]]), theirs: new Map([['x', theirs]]), base: baseOf({ x: A }) })));
    expect([of(EMPTY), of(B), of(UNSEEN)]).toEqual(['nothing', 'out absent', 'out absent']);
  });
});

describe('what a plan tells beside its writes', () => {
  test('a line of ours that is theirs now and went back to an earlier value is a ring hit', () => {
    const back = (owner: Owner, line: Partial<LineRule>) =>
      weigh(owner, { ours: A, theirs: B }, { base: baseOf({ x: A }, { x: [B] }), phase: 'issued' }, line).ringHits;
    expect(back('give', { until: 'issued' })).toEqual(['x']);
    expect(back('take', {})).toEqual([]);
  });
  test('drift: an owned line that they changed, and only that', () => {
    expect(weigh('give', { ours: A, theirs: B, base: A }).drift).toEqual(['x']);
    expect(weigh('give', { ours: A, theirs: B, base: B }).drift).toEqual([]);
    expect(weigh('give', { ours: A, theirs: B }).drift).toEqual([]);
    expect(weigh('give', { ours: A, theirs: UNSEEN, base: B }).drift).toEqual([]);
    expect(weigh('share', { ours: A, theirs: B, base: B }).drift).toEqual([]);
  });
  test('drift: never by what goes out for another reason', () => {
    const gone = { ours: ABSENT, theirs: B, base: B };
    expect(weigh('give', gone, {}, { clear: 'null' }).drift).toEqual([]);
    expect(weigh('share', { ours: A, theirs: EMPTY }).drift).toEqual([]);
    expect(weigh('share', { ours: A, theirs: UNSEEN, base: B }).drift).toEqual([]);
    for (const owner of ['give', 'share', 'start'] as const)
      expect(weigh(owner, { ours: A, theirs: null }, { creating: true }).drift).toEqual([]);
  });
  test('vanished: an agreed value of which the record says nothing any more', () => {
    expect(weigh('take', { ours: A, theirs: ABSENT, base: A }).vanished).toEqual(['x']);
    expect(weigh('take', { ours: A, theirs: ABSENT, base: EMPTY }).vanished).toEqual([]);
    expect(weigh('take', { ours: A, theirs: UNSEEN, base: A }).vanished).toEqual([]);
    expect(weigh('take', { ours: A, theirs: B, base: A }).vanished).toEqual([]);
    expect(weigh('take', { ours: A, theirs: ABSENT }).vanished).toEqual([]);
  });
  test('ring hits: a shared line that went back to a value agreed earlier', () => {
    const hits = (owner: Owner, theirs: LineValue) => weigh(owner, { ours: A, theirs }, { base: baseOf({ x: A }, { x: [B] }) }).ringHits;
    expect(hits('share', value('b'))).toEqual(['x']);
    expect(hits('share', C)).toEqual([]);
    expect(hits('take', B)).toEqual([]);
    expect(weigh('share', { ours: A, theirs: B, base: A }).ringHits).toEqual([]);
  });
  test('every line of any side is weighed once', () => {
    const all = plan(
      planInput({
        mapping: mappingOf(['a', 'b', 'c'].map((id) => rule(id, 'take'))),
        ours: new Map([['a', A]]),
        theirs: new Map([
          ['a', B],
          ['b', B],
        ]),
        covers: ['a', 'b'],
        base: baseOf({ a: A, b: A, c: A }),
      }),
    );
    expect([...all.inward.keys()]).toEqual(['a', 'b']);
    expect(all.unseen).toEqual(['c']);
    expect(all.answered).toEqual([]);
  });
  test('a line only they state is compared with nothing of ours', () => {
    const { inward } = plan(planInput({ mapping: mappingOf([rule('x', 'share')]), ours: new Map(), theirs: new Map([['x', B]]) }));
    expect(inward.get('x')).toEqual(B);
  });
  test('a line only the base knows is unseen there and absent here', () => {
    const mapping = mappingOf([rule('x', 'give')]);
    const { holds } = plan(planInput({ mapping, ours: new Map(), theirs: new Map(), covers: [], base: baseOf({ x: A }) }));
    expect(holds).toEqual([{ kind: 'clear', line: 'x', problem: null, ours: ABSENT, theirs: UNSEEN }]);
  });
});

describe('a person’s answer', () => {
  const asked = (name: Answer['name'], more: Partial<Answer> = {}): Pick<PlanInput, 'answers'> => ({
    answers: new Map([['x', { hold: 'h-1', kind: 'conflict', name, ours: asAsked(A), theirs: asAsked(B), ...more }]]),
  });
  const differs = { ours: A, theirs: B, base: C };
  test('"ours" sends ours, once', () => {
    const done = weigh('share', differs, asked('ours'));
    expect([outcome(done), done.answered, done.drift]).toEqual(['out A', ['h-1'], []]);
  });
  test('"theirs" takes theirs, once', () => {
    const done = weigh('share', differs, asked('theirs'));
    expect([outcome(done), done.answered]).toEqual(['in B', ['h-1']]);
  });
  test('"leave" leaves both, and stays answered', () => {
    const done = weigh('share', differs, asked('leave'));
    expect([outcome(done), done.answered]).toEqual(['nothing', []]);
  });
  test.each(['ours', 'theirs', 'leave'] as const)('"%s" does not count for values the person did not see', (name) => {
    for (const seen of [{ ours: asAsked(B) }, { theirs: asAsked(A) }, { theirs: asAsked(EMPTY) }]) {
      const done = weigh('share', differs, asked(name, seen));
      expect([outcome(done), done.answered]).toEqual(['hold conflict', ['h-1']]);
    }
  });
  test('"ours" is never sent to a record that ended, nor past the end of our ownership', () => {
    const until = { until: 'issued' as const };
    for (const more of [{ readOnly: true }, {}]) {
      const done = weigh('give', differs, { ...asked('ours', { kind: 'unsaved-edit' }), ...more, phase: 'issued' }, until);
      expect([outcome(done), done.answered]).toEqual(['hold unsaved-edit', ['h-1']]);
    }
    expect(outcome(weigh('share', differs, { ...asked('ours'), phase: 'assigned' }, until))).toBe('out A');
    const theirs = asked('theirs', { kind: 'unsaved-edit' });
    expect(outcome(weigh('give', differs, { ...theirs, readOnly: true, phase: 'issued' }, until))).toBe('in B');
  });
  test('is carried out on what was shown, where the record cannot be read again', () => {
    const shown = { shown: new Map([['x', B]]) };
    const unread = { ours: A, theirs: null, base: C };
    expect(outcome(weigh('share', unread, { ...asked('theirs'), ...shown }))).toBe('in B');
    expect(outcome(weigh('share', unread, { ...asked('ours'), ...shown }))).toBe('out A');
    const open = weigh('share', unread, shown);
    expect([outcome(open), open.unseen]).toEqual(['hold conflict', ['x']]);
    const edited = weigh('share', { ...unread, ours: value('D') }, { ...asked('theirs'), ...shown });
    expect([outcome(edited), edited.answered]).toEqual(['hold conflict', ['h-1']]);
  });
  test('is spent when the question is gone or another', () => {
    const gone = weigh('share', { ours: A, theirs: A, base: C }, asked('theirs'));
    expect([outcome(gone), gone.answered]).toEqual(['agreed A', ['h-1']]);
    const other = weigh('share', differs, asked('theirs', { kind: 'clear' }));
    expect([outcome(other), other.answered]).toEqual(['hold conflict', ['h-1']]);
  });
  test('an answer that is none for this question is spent, and it is asked anew', () => {
    const done = weigh('share', differs, asked('retry'));
    expect([outcome(done), done.answered]).toEqual(['hold conflict', ['h-1']]);
  });
  test('"retry" asks anew', () => {
    const done = weigh('give', { ours: bad(), theirs: null }, asked('retry', { kind: 'unknown-code' }));
    expect([outcome(done), done.answered]).toEqual(['hold unknown-code', ['h-1']]);
  });
  test('cannot send or take what is no value', () => {
    const invalid = { kind: 'unknown-code', ours: asAsked(bad()), theirs: asAsked(B) } as const;
    expect(outcome(weigh('share', { ours: bad(), theirs: B, base: C }, asked('ours', invalid)))).toBe('hold unknown-code');
    const unseen = { kind: 'clear', ours: asAsked(ABSENT), theirs: asAsked(UNSEEN) } as const;
    expect(outcome(weigh('give', { ours: ABSENT, theirs: UNSEEN, base: C }, asked('theirs', unseen)))).toBe('hold clear');
    expect(outcome(weigh('give', { ours: ABSENT, theirs: B, base: C }, asked('ours', { kind: 'clear', ours: asAsked(ABSENT) })))).toBe(
      'out absent',
    );
    expect(outcome(weigh('share', { ours: A, theirs: EMPTY, base: C }, asked('theirs', { theirs: asAsked(EMPTY) })))).toBe('in empty');
  });
  test('a value is kept as it was asked, the others by their word', () => {
    expect([asAsked(A), asAsked(EMPTY), asAsked(bad())].map((one) => JSON.stringify(one))).toEqual([
      '{"is":"value","value":"A"}',
      '{"is":"empty"}',
      '{"is":"invalid"}',
    ]);
  });
});
