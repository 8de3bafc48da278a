import { expect, test } from 'vitest';
import { type LineValue, value } from '../../src/model/line-value.ts';
import { pollDue } from '../../src/sync/after.ts';
import { answersOf, overtakenOf } from '../../src/sync/answers.ts';
import { choose } from '../../src/sync/choose.ts';
import { act, bad, baseOf, caseOf, decided, emptyPlan, entry, hold, kind, link, mappingOf, NOON, rule } from './given.ts';
import { CODE, openProvince } from './province.ts';

test('a code that no row knows is released by the value a person names', async () => {
  const given = await openProvince();
  await given.typed({ child: { ethnic: 'Dân tộc chưa kê' } });
  await given.rest();
  const { holds } = await given.rows();
  await given.engine.decide({ hold: holds[0]?.id ?? '', name: 'value', value: 'Tày', by: 'can-bo' });
  await given.rest();
  expect(given.ministry.records('birth')[0]?.record).toMatchObject({ maHoSoMCDT: CODE, nksDanToc: 'Tày' });
  expect((await given.rows()).holds).toEqual([]);
  await given.close();
});

test('an adopted record owes no steps', async () => {
  const given = await openProvince();
  const record = { maDonVi: '31825', nksHoTen: 'NGUYỄN MINH KHÔI THỬ', nksNgaySinh: '27.10.2026', noiDangKy: '31825' };
  given.ministry.typeByHand('birth', { ...record, ketQuaXuLy: { ...record, soDangKy: '901', quyenSo: '01/2026' } });
  await given.typed();
  await given.later();
  await given.later();
  expect((await given.rows()).holds.filter(({ kind }) => kind === 'refused')).toEqual([]);
  await given.close();
});

test('a supplement waits while a value of ours cannot be carried', () => {
  const mapping = mappingOf([rule('x', 'give'), rule('y', 'give')], { acts: [{ name: 'supplement', on: 'supplied', in: ['supplement'] }] });
  const leg = link({ phase: 'supplement' });
  const given = caseOf({
    mapping,
    link: leg,
    kind: kind({ acts: { supplement: act() } }),
    base: baseOf({ x: value('A'), y: value('A') }),
    progress: [entry(1, 'act', 'supplied')],
  });
  const held = { kind: 'unknown-code', line: 'x', problem: null, ours: bad(), theirs: { is: 'unseen' } } as const;
  const chosen = choose(
    given,
    leg,
    { ...emptyPlan, holds: [held] },
    new Map<string, LineValue>([
      ['x', bad()],
      ['y', value('B')],
    ]),
    null,
    true,
  );
  expect([chosen.write, chosen.actSeq]).toEqual([null, 0]);
});

test('of two answers about one line the later question counts, and the earlier is over', () => {
  const later = decided('theirs', { id: 'later', openedAt: NOON + 1 });
  const holds = [
    later,
    decided('ours', { id: 'earlier', openedAt: NOON }),
    hold({ id: 'open' }),
    decided('ours', { id: 'other', path: 'x' }),
  ];
  expect(answersOf(holds).get('phone')).toMatchObject({ hold: 'later', name: 'theirs' });
  expect(overtakenOf(holds)).toEqual(['earlier']);
});

test('a record that was refused is looked for while the refusal stands, where it can be found at all', () => {
  const leg = link({ externalId: null, situation: 'waiting' });
  const refused = hold({ kind: 'refused', path: null });
  const due = (more: Partial<Parameters<typeof caseOf>[0]>) =>
    pollDue(caseOf({ mapping: mappingOf([rule('x', 'give')]), link: leg, ...more }), leg, NOON);
  const found = kind({ find: { by: [['name']], unique: true, indexLagMs: 0, run: async () => [] } });
  expect(due({ kind: found, holds: [refused] })).toBe(NOON + 60_000);
  expect(due({ kind: found })).toBeNull();
  expect(due({ kind: { ...found, find: undefined, read: undefined } as never, holds: [refused] })).toBeNull();
});
