import { describe, expect, test } from 'vitest';
import type { MappingAct } from '../../src/mapping/contract.ts';
import { ABSENT, type AgreedValue, type LineValue, UNSEEN, value } from '../../src/model/line-value.ts';
import type { Phase } from '../../src/model/words.ts';
import { choose } from '../../src/sync/choose.ts';
import type { Case } from '../../src/sync/context.ts';
import type { Plan } from '../../src/sync/plan.ts';
import { act, bad, baseOf, CODE, caseOf, creates, dossier, emptyPlan, entry, kind, link, mappingOf, NOON, rule, updates } from './given.ts';

const A = value('A');
const B = value('B');
const RULES = [rule('x', 'give'), rule('y', 'share'), rule('z', 'take')];
const ONE_STOP = `${CODE}/one-stop/file`;
const out = (of: Readonly<Record<string, AgreedValue>>, more: Partial<Plan> = {}): Plan => ({
  ...emptyPlan,
  outward: new Map(Object.entries(of)),
  ...more,
});
const OURS = new Map<string, LineValue>([
  ['x', A],
  ['y', A],
  ['z', A],
]);
const chosen = (given: Case, plan: Plan = emptyPlan, isThere = true, ours: ReadonlyMap<string, LineValue> = OURS) =>
  choose(given, given.link, plan, ours, null, isThere);

describe('a record that is not there', () => {
  const given = caseOf({ mapping: mappingOf(RULES), kind: kind(creates('unsafe')) });
  test('is created with what the plan sends', () => {
    expect(chosen(given, out({ x: A, y: B }), false).write).toEqual({
      verb: 'create',
      lines: new Map([
        ['x', A],
        ['y', B],
      ]),
      record: { x: 'A', y: 'B' },
    });
  });
  test('is not created out of nothing, nor where the system takes none', () => {
    expect(chosen(given, emptyPlan, false).write).toBe(null);
    expect(chosen({ ...given, kind: kind(updates()) }, out({ x: A }), false).write).toBe(null);
  });
  test('is created before any step or act is told', () => {
    const told = {
      ...given,
      mapping: mappingOf(RULES, { steps: { of: 'status', map: { 4: '4' } } }),
      progress: [entry(1, 'status', '4', { link: ONE_STOP })],
    };
    const withSteps = { ...told, kind: kind({ ...creates('unsafe'), acts: { step: act() } }) };
    expect(chosen(withSteps, out({ x: A }), false).write?.verb).toBe('create');
  });
});

describe('a record that is there', () => {
  const given = caseOf({ mapping: mappingOf(RULES), kind: kind(updates()), base: baseOf({ x: B, y: B }) });
  test('is updated with the lines that changed, as a part', () => {
    expect(chosen(given, out({ x: A })).write).toEqual({ verb: 'update', lines: new Map([['x', A]]), record: { x: 'A' } });
  });
  test('is left alone where nothing goes out', () => {
    expect(chosen(given)).toEqual({ write: null, closed: [], stepSeq: 0, actSeq: 0 });
  });
  test('is written whole where the system takes it whole: what is asked about stays as it is there', () => {
    const whole = { ...given, kind: kind(updates({ style: 'replace' })) };
    const held = { kind: 'conflict', line: 'y', problem: null, ours: A, theirs: value('C') } as const;
    expect(chosen(whole, out({ x: A }, { holds: [held] })).write).toMatchObject({ lines: new Map([['x', A]]), record: { x: 'A', y: 'C' } });
    expect(chosen(whole, out({ x: A }, { agreed: new Map([['y', value('c')]]) })).write?.record).toEqual({ x: 'A', y: 'c' });
    expect(chosen(whole, out({ x: A }, { inward: new Map([['y', value('D')]]) })).write?.record).toEqual({ x: 'A', y: 'D' });
    expect(chosen(whole, out({ x: A })).write?.record).toEqual({ x: 'A', y: 'B' });
  });
  test('is written whole with what we have where nothing was agreed, but never with what they own or we cannot carry', () => {
    const fresh = { ...given, base: null, kind: kind(updates({ style: 'replace' })) };
    expect(chosen(fresh, out({ x: A })).write?.record).toEqual({ x: 'A', y: 'A' });
    for (const ours of [bad(), UNSEEN, ABSENT]) {
      expect(
        chosen(
          fresh,
          out({ x: A }),
          true,
          new Map<string, LineValue>([
            ['x', A],
            ['y', ours],
          ]),
        ).write?.record,
      ).toEqual({ x: 'A' });
    }
  });
  test.each<readonly [string, readonly Phase[], Phase | null, boolean]>([
    ['any phase where none is named', [], 'issued', true],
    ['a phase that admits changes', ['sent', 'supplement'], 'sent', true],
    ['no other phase', ['sent', 'supplement'], 'accepted', false],
    ['no phase known yet', ['sent'], null, true],
  ])('takes changes in %s', (_sentence, phases, phase, admits) => {
    const { write, closed } = chosen({ ...given, kind: kind(updates({ phases })), link: link({ phase }) }, out({ x: A }));
    expect([write !== null, closed]).toEqual([admits, admits ? [] : ['x']]);
  });
  test('that takes no changes at all says which are closed, unless a supplement will carry them', () => {
    const shut = { ...given, kind: kind() };
    expect(chosen(shut, out({ x: A, y: A })).closed).toEqual(['x', 'y']);
    const acts: MappingAct[] = [{ name: 'supplement', on: 'supplied', in: ['supplement'] }];
    const later = { ...shut, mapping: mappingOf(RULES, { acts }) };
    expect(chosen({ ...later, link: link({ phase: 'supplement' }) }, out({ x: A })).closed).toEqual([]);
    expect(chosen({ ...later, link: link({ phase: 'accepted' }) }, out({ x: A })).closed).toEqual(['x']);
    expect(chosen({ ...later, link: link({ phase: null }) }, out({ x: A })).closed).toEqual(['x']);
    const other = mappingOf(RULES, { acts: [{ name: 'withdraw', on: 'withdrawn', in: ['sent'] }] });
    expect(chosen({ ...shut, mapping: other, link: link({ phase: 'sent' }) }, out({ x: A })).closed).toEqual(['x']);
  });
});

describe('the steps a system wants told', () => {
  const steps = { of: 'status', map: { 4: 'DANG-XU-LY', 9: 'XONG' } } as const;
  const own = link({ id: ONE_STOP, system: 'one-stop' });
  const given = caseOf({
    mapping: mappingOf(RULES, { steps }),
    kind: kind({ ...updates(), acts: { step: act() } }),
    link: own,
    progress: [
      entry(1, 'status', '2'),
      entry(2, 'phase', 'accepted'),
      entry(3, 'status', '4', { note: 'Đã nhận' }),
      entry(4, 'status', '9'),
    ],
  });
  const stepOf = (more: Partial<Case>) => {
    const { write, stepSeq } = chosen({ ...given, ...more }, out({ x: A }));
    return write?.verb === 'act' ? [write.act, write.seq, write.record.status, stepSeq] : [write?.verb, stepSeq];
  };
  test('go before any field, one at a time and in order', () => {
    expect(stepOf({})).toEqual(['step', 3, 'DANG-XU-LY', 2]);
    expect(stepOf({ link: { ...own, stepSeq: 3 } })).toEqual(['step', 4, 'XONG', 3]);
    expect(stepOf({ link: { ...own, stepSeq: 4 } })).toEqual(['update', 4]);
  });
  test('carry when it was and what was said, or the status in words', () => {
    expect(chosen(given).write?.record).toEqual({
      status: 'DANG-XU-LY',
      at: new Date(NOON + 3).toISOString(),
      text: 'Đã nhận',
      actor: 'motlan',
    });
    const plain = { ...given, progress: [entry(4, 'status', '9')] };
    expect(chosen(plain).write?.record.text).toBe('Đã xử lý xong');
  });
  test('are not told to whom they came from', () => {
    const said = [entry(1, 'status', '4', { link: ONE_STOP }), entry(2, 'status', '9', { link: ONE_STOP })];
    expect(stepOf({ progress: said })).toEqual(['update', 2]);
  });
  test('are not told any more once the one-stop has stated a status of its own; those that came of it later are', () => {
    const ended = [entry(1, 'status', '4'), entry(2, 'status', '7', { link: ONE_STOP })];
    expect(stepOf({ progress: ended })).toEqual(['update', 2]);
    expect(stepOf({ progress: [...ended, entry(3, 'status', '9')] })).toEqual(['step', 3, 'XONG', 2]);
  });
  test('are not told where nobody wants them', () => {
    expect(stepOf({ mapping: mappingOf(RULES) })).toEqual(['update', 0]);
    expect(stepOf({ kind: kind(updates()) })).toEqual(['update', 0]);
  });
  describe('by phases', () => {
    const phases = caseOf({
      mapping: mappingOf(RULES, { steps: { of: 'phase', map: { accepted: '3', issued: '4' } } }),
      kind: kind({ acts: { step: act() } }),
      dossier: { ...dossier(), head: { ...dossier().head, nationalCode: 'G15.99-20261102-0000901' } },
      progress: [entry(1, 'phase', 'accepted', { link: `${CODE}/insurer/card` }), entry(2, 'phase', 'sent'), entry(3, 'phase', 'accepted')],
    });
    test('tell this leg’s own phases', () => {
      expect(chosen(phases).write).toMatchObject({ act: 'step', seq: 3, record: { status: '3' } });
    });
    test('tell nothing of a dossier the national platform does not know', () => {
      expect(chosen({ ...phases, dossier: dossier() })).toMatchObject({ write: null, stepSeq: 0 });
    });
    test('carry no text where none was said', () => {
      expect(chosen(phases).write?.record).toEqual({ status: '3', at: new Date(NOON + 3).toISOString(), actor: 'motlan' });
    });
  });
});

describe('the official’s acts', () => {
  const acts: readonly MappingAct[] = [
    { name: 'supplement', on: 'supplied', in: ['supplement'] },
    { name: 'hand-over', on: 'handed-over', in: ['issued'] },
    { name: 'withdraw', on: 'withdrawn', in: ['sent', 'accepted'] },
  ];
  const verbs = { supplement: act({ phases: ['supplement'] }), 'hand-over': act(), withdraw: act({ phases: ['sent'] }) };
  const given = caseOf({ mapping: mappingOf(RULES, { acts }), kind: kind({ acts: verbs }), base: baseOf({ x: B, y: B }) });
  const told = (phase: Phase | null, names: readonly string[], more: Partial<Case> = {}) =>
    chosen({ ...given, link: link({ phase }), progress: names.map((name, at) => entry(at + 1, 'act', name)), ...more }, out({ x: A }));

  test('a supplement carries the whole record, and settles the lines that changed', () => {
    expect(told('supplement', ['received', 'supplied']).write).toEqual({
      verb: 'act',
      act: 'supplement',
      seq: 2,
      lines: new Map([['x', A]]),
      record: { x: 'A', y: 'B' },
    });
  });
  test('a supplement waits while a value of ours cannot be carried: it would go without the correction', () => {
    const held = { kind: 'unknown-code', line: 'x', problem: null, ours: bad(), theirs: UNSEEN } as const;
    const waiting = { ...given, link: link({ phase: 'supplement' }), progress: [entry(1, 'act', 'supplied')] };
    expect(chosen(waiting, { ...emptyPlan, holds: [held] })).toMatchObject({ write: null, actSeq: 0 });
  });
  test('a hand-over carries when it was', () => {
    expect(told('issued', ['handed-over']).write).toEqual({
      verb: 'act',
      act: 'hand-over',
      seq: 1,
      lines: new Map(),
      record: { at: new Date(NOON + 1).toISOString() },
    });
  });
  test('a hand-over before the result waits for it; after the end it is passed over', () => {
    for (const phase of [null, 'sent', 'accepted', 'assigned', 'supplement'] as const) {
      const { write, actSeq } = told(phase, ['received', 'handed-over', 'withdrawn']);
      expect([write, actSeq]).toEqual([null, 1]);
    }
    for (const phase of ['handed-over', 'refused', 'withdrawn', 'stopped'] as const) {
      expect(told(phase, ['handed-over']).actSeq).toBe(1);
    }
  });
  test('an act whose phase is over is passed over, and never sent late', () => {
    const { write, actSeq } = told('accepted', ['supplied']);
    expect([write, actSeq]).toEqual([null, 1]);
  });
  test('an act is sent only where both the mapping and the system admit it', () => {
    expect(told('sent', ['withdrawn']).write).toMatchObject({ act: 'withdraw' });
    expect(told('accepted', ['withdrawn']).write).toBe(null);
    expect(told('sent', ['withdrawn'], { kind: kind({ acts: { withdraw: act() } }) }).write).toMatchObject({ act: 'withdraw' });
    expect(told('sent', ['withdrawn'], { kind: kind() })).toMatchObject({ write: null, actSeq: 1 });
  });
  test('an act is sent once: the next is looked for behind it', () => {
    const progress = [entry(1, 'act', 'supplied'), entry(2, 'phase', 'supplement'), entry(3, 'act', 'supplied')];
    const next = chosen({ ...given, link: link({ phase: 'supplement', actSeq: 1 }), progress });
    expect(next.write).toMatchObject({ act: 'supplement', seq: 3 });
    expect(chosen({ ...given, link: link({ phase: 'supplement', actSeq: 3 }), progress })).toMatchObject({ write: null, actSeq: 3 });
  });
});
