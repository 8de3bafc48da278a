import { afterEach, describe, expect, test } from 'vitest';
import { procedureRule, readCatalogue } from '../../src/assemble/rules.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { atOneStop, CODE, issue, type Options, openProvince, type Province, pushed } from './province.ts';

/** The traps of the two systems, walked into with the whole engine: what stands on every side shows whether it was survived. */

const open: Province[] = [];
const province = async (options?: Options): Promise<Province> => {
  const made = await openProvince(options);
  open.push(made);
  return made;
};
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

const OTHER = 'H12.31-261102-0777';
/** A second dossier beside the first: another child of invented people. */
const other = (data: JsonObject = {}): readonly [JsonObject, JsonObject] => [
  { child: { fullName: 'Phạm Gia Hân Thử', ...(data.child as JsonObject | undefined) } },
  { code: OTHER, nationalCode: null },
];
const atMinistry = (of: Province, code = CODE) =>
  of.ministry
    .records('birth')
    .map(({ record }) => record as JsonObject)
    .filter((record) => record.maHoSoMCDT === code);
const statuses = async (of: Province) => (await of.rows()).progress.filter(({ kind }) => kind === 'status').map(({ name }) => name);

describe('T6: civil status takes its steps in the order 1 → 3 → 7 → 4, and nothing after 5', () => {
  test('each step is told once and only after the one before it was acknowledged, though every answer gets lost', async () => {
    const given = await province();
    await given.typed();
    for (const stage of ['1', '3', '7', '4']) {
      if (stage !== '1') given.ministry.advance('birth', CODE, stage);
      given.ministry.setFaults({ loseAnswer: 1 });
      await given.later();
      given.ministry.setFaults({ loseAnswer: 0 });
      for (let look = 0; look < 3; look += 1) await given.later();
    }
    expect(given.taken()).toEqual(['create', 'step-1', 'step-3', 'step-7', 'step-4']);
    const { attempts, leg } = await given.rows();
    const steps = attempts
      .filter(({ link, act, state }) => link === leg.id && act === 'step' && (state === 'done' || state === 'seen'))
      .toSorted((a, b) => a.intendedAt - b.intendedAt);
    expect(steps).toHaveLength(4);
    for (const [at, { intendedAt }] of steps.entries()) expect(steps[at - 1]?.endedAt ?? 0).toBeLessThanOrEqual(intendedAt);
  });

  test('4 waits for steps that nobody saw, which are not made up: a person is asked', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    for (const stage of ['3', '7', '4']) given.ministry.advance('birth', CODE, stage);
    for (let look = 0; look < 8; look += 1) await given.later();
    const { holds, leg, progress } = await given.rows();
    expect(leg.phase).toBe('issued');
    expect(given.taken()).toEqual(['create', 'step-1']);
    expect(holds).toHaveLength(1);
    expect(progress.map(({ name }) => name)).not.toContain('assigned');
  });

  test('an edit after the handing over is refused here: the ministry never hears of it', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    await issue(given);
    given.oneStop.advance('birth', CODE, '10');
    await given.later();
    const before = [given.taken(), given.ministry.counted().calls];
    given.oneStop.edit('birth', CODE, { data: { child: { fullName: 'Nguyễn Minh Khôi Muộn' } } });
    await given.engine.pollChanges('one-stop');
    await given.engine.visitDue('one-stop');
    expect((await given.rows()).dossier.body.data).toMatchObject({ child: { fullName: 'Nguyễn Minh Khôi Muộn' } });
    await given.later();
    expect(given.taken()).toEqual(before[0]);
    expect((await given.rows()).leg).toMatchObject({ situation: 'ended', phase: 'handed-over' });
  });
});

describe('T10: a procedure code ends', () => {
  const at = (text: string) => Date.parse(text);
  test('the base code counts, on the day of receipt in Vietnam, to the last minute', async () => {
    const rule = procedureRule(await readCatalogue('mappings'));
    for (const code of ['2.000986', '2.000986.000.00.00.H12', '2.000986.H56']) {
      expect(rule(code, at('2026-08-31T23:59:59+07:00'))).toEqual({ is: 'valid' });
      expect(rule(code, at('2026-09-01T00:00:00+07:00'))).toEqual({ is: 'expired', replacedBy: '3.000722' });
    }
    expect(rule('9.999999', at('2026-08-31T00:00:00Z'))).toEqual({ is: 'unknown' });
  });

  test('a dossier under a code that ended is told what replaced it, is not taken under that one, and nothing of it is kept', async () => {
    const given = await province();
    const late = pushed({}, { procedure: '2.000986.000.00.00.H12' });
    const error = await given.engine.intake(late).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'expired-procedure', problems: [{ path: 'procedure', vi: expect.stringContaining('3.000722') }] });
    await given.rest();
    expect(await given.store.read(async (tx) => (await tx.dossiers.load([CODE])).size)).toBe(0);
    expect(given.taken()).toEqual([]);
  });
});

describe('T15: the same record was typed at the ministry by hand', () => {
  const TYPED = { maDonVi: '31825', nksHoTen: 'NGUYỄN MINH KHÔI THỬ', nksNgaySinh: '27.10.2026', noiDangKy: '31825' };
  const result = (more: JsonObject = {}): JsonObject => ({
    nksHoTen: TYPED.nksHoTen,
    nksNgaySinh: TYPED.nksNgaySinh,
    soDangKy: '901',
    quyenSo: '01/2026',
    trangSo: '9',
    ngayDangKy: '02/11/2026',
    ...more,
  });
  test('it is found by name, date and place and linked; no push follows, at once or later', async () => {
    const given = await province();
    given.ministry.typeByHand('birth', { ...TYPED, ketQuaXuLy: result() });
    await given.typed({}, { nationalCode: undefined });
    for (let look = 0; look < 5; look += 1) await given.later();
    expect((await given.rows()).leg).toMatchObject({ situation: 'linked', externalId: '31825/01/2026/901' });
    expect(given.taken()).toEqual(['type-by-hand']);
    expect(given.ministry.records('birth')).toHaveLength(1);
  });

  test('another child of that name is not it: the dossier is sent, and there are two records', async () => {
    const given = await province();
    given.ministry.typeByHand('birth', { ...TYPED, nksNgaySinh: '28.10.2026', ketQuaXuLy: result({ nksNgaySinh: '28.10.2026' }) });
    await given.typed({}, { nationalCode: undefined });
    await given.later();
    expect((await given.rows()).leg).toMatchObject({ situation: 'linked', externalId: CODE });
    expect(given.ministry.records('birth')).toHaveLength(2);
  });
});

describe('T16: a person has a history of numbers', () => {
  test('each number, the old card and the new, finds the same one dossier', async () => {
    const given = await province();
    const identityNumbers = [
      { kind: 'old-id', number: '990000001' },
      { kind: 'personal-id', number: '099095900001' },
    ];
    await given.typed({}, { applicant: { kind: 'citizen', fullName: 'Trần Thị Bích Mẫu', identityNumbers } });
    const found = (value: string) => given.store.read((tx) => tx.dossiers.find({ kind: 'identity', value }, 10));
    for (const { number } of identityNumbers) expect(await found(number)).toEqual([CODE]);
    expect(await found('990000002')).toEqual([]);
  });
});

describe('T17: a dossier has two codes', () => {
  const NATIONAL = 'G15.99-20261102-0000001';
  test('both are kept, and either finds it', async () => {
    const given = await province();
    await given.typed();
    expect((await given.rows()).dossier.head).toMatchObject({ code: CODE, nationalCode: NATIONAL });
    for (const code of [CODE, NATIONAL]) expect(await given.store.read((tx) => tx.dossiers.byCode(code))).toBe(CODE);
  });

  test.each([
    ['its local code from another agency', { agency: 'H12.32', nationalCode: null }, 'agency'],
    ['its national code on another dossier', { code: OTHER }, 'nationalCode'],
    ['its national code as the local code of another', { code: NATIONAL, nationalCode: null }, 'code'],
  ])('%s stops intake, and nothing of the second is kept', async (_, head, path) => {
    const given = await province();
    await given.typed();
    const before = await given.rows();
    await expect(given.engine.intake(pushed({}, { ...head, revision: 9 }))).rejects.toMatchObject({
      code: 'duplicate-code',
      problems: [{ path }],
    });
    const after = await given.rows();
    expect([after.dossier, after.holds]).toEqual([before.dossier, before.holds]);
    expect(await given.store.read(async (tx) => (await tx.dossiers.page({}, null, 10)).map((one) => one.head.code))).toEqual([CODE]);
  });
});

describe('T18: no status is dressed up as finished', () => {
  test('a refusal at the ministry (its 6) is a refusal here too: no 6, 9 or 10 of the national list, on either side', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    given.ministry.advance('birth', CODE, '6');
    for (let look = 0; look < 4; look += 1) await given.later();
    expect((await given.rows()).leg.phase).toBe('refused');
    const told = (await statuses(given)).map(Number);
    for (const wrong of [6, 9, 10]) expect(told).not.toContain(wrong);
    expect([3, 8]).toContain(atOneStop(given).status);
    expect((await given.rows()).progress.map(({ name }) => name)).not.toContain('issued');
  });

  test('a supplement stays one: 5 is written where 5 stands, and nothing is made up in between', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    given.ministry.advance('birth', CODE, '2');
    for (let look = 0; look < 4; look += 1) await given.later();
    expect(atOneStop(given).status).toBe(5);
    const { progress } = await given.rows();
    expect(progress.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'act received',
      'status 2',
      'phase sent',
      'status 4',
      'phase supplement',
      'status 5',
    ]);
  });
});

describe('T21: trouble has a scope, an end and a place where it is seen', () => {
  test('a dossier that cannot be carried waits for a person, and the next one goes its way', async () => {
    const given = await province();
    await given.typed({ child: { ethnic: 'Dân tộc chưa kê' } });
    await given.typed(...other());
    await given.later();
    expect((await given.rows()).holds).toMatchObject([{ kind: 'unknown-code' }]);
    expect(atMinistry(given)).toEqual([]);
    expect(atMinistry(given, OTHER)).toHaveLength(1);
  });

  test('of a system that is down nothing is taken for sent, and when it is back all arrives once', async () => {
    const given = await province();
    given.ministry.setFaults({ down: true });
    await given.typed();
    await given.typed(...other());
    await given.engine.visitDue('civil-status');
    for (const code of [CODE, OTHER]) {
      const { leg, attempts, progress } = await given.rows(code);
      expect([leg.situation, leg.externalId]).not.toEqual(['linked', code]);
      expect(attempts.filter(({ state }) => state === 'done' || state === 'seen')).toEqual([]);
      expect(progress.map(({ name }) => name)).not.toContain('sent');
    }
    given.ministry.setFaults({ down: false });
    for (let look = 0; look < 3; look += 1) await given.later();
    expect(given.taken().filter((verb) => verb === 'create')).toHaveLength(2);
    for (const code of [CODE, OTHER]) expect((await given.rows(code)).leg).toMatchObject({ situation: 'linked', phase: 'sent' });
  });
});

describe('T22: insert or update', () => {
  test.each([
    ['pushed twice', {}, 2],
    ['pushed five times while every answer gets lost', { loseAnswer: 1 }, 5],
    ['pushed twice while the first lands late', { landLate: 1, lateMs: 1_000 }, 2],
  ])('the same packet %s is one dossier and one record', async (_, faults, times) => {
    const given = await province({ faults });
    for (let time = 0; time < times; time += 1) {
      if (time === 0) await given.typed();
      else await given.engine.intake(pushed());
      await given.later();
    }
    given.ministry.setFaults({ loseAnswer: 0, landLate: 0 });
    for (let look = 0; look < 8; look += 1) await given.later();
    expect(atMinistry(given)).toHaveLength(1);
    expect(given.taken().filter((verb) => verb === 'create')).toEqual(['create']);
    expect((await given.rows()).leg.situation).toBe('linked');
    expect(await given.store.read(async (tx) => (await tx.dossiers.page({}, null, 10)).length)).toBe(1);
  });

  test('"already there" becomes a link, not a second push and not an error', async () => {
    const given = await province();
    await given.typed({}, { nationalCode: undefined });
    given.ministry.typeByHand('birth', {
      maHoSoMCDT: CODE,
      maDonVi: '31825',
      nksHoTen: 'NGUYỄN MINH KHÔI THỬ',
      nksNgaySinh: '27.10.2026',
      noiDangKy: '31825',
    });
    for (let look = 0; look < 4; look += 1) await given.later();
    expect((await given.rows()).leg.situation).toBe('linked');
    expect(given.taken().filter((verb) => verb === 'create')).toEqual([]);
  });
});

describe('T23: each field has one owner', () => {
  test('an edit the ministry never acknowledged is not overwritten by its result: a person is asked, with both values', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    given.ministry.advance('birth', CODE, '3');
    await given.later();
    given.oneStop.edit('birth', CODE, { data: { child: { fullName: 'Nguyễn Minh Khôi Mẫu' } } });
    await given.later();
    given.ministry.advance('birth', CODE, '7');
    await given.later();
    given.ministry.advance('birth', CODE, '4', { ketQuaXuLy: { nksHoTen: 'NGUYỄN MINH KHÔI SAI' } });
    for (let look = 0; look < 3; look += 1) await given.later();
    const { holds, dossier } = await given.rows();
    expect(holds).toMatchObject([{ path: 'nksHoTen', desk: 'official', detail: { theirs: { value: 'NGUYỄN MINH KHÔI SAI' } } }]);
    for (const data of [dossier.body.data, atOneStop(given).data]) {
      expect(data).toMatchObject({ child: { fullName: 'Nguyễn Minh Khôi Mẫu' } });
    }
    expect(given.taken().filter((verb) => verb === 'create' || verb === 'supplement')).toEqual(['create']);
  });

  test('a result typed over at the one-stop is theirs: it is put right there, and never sent to the ministry', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    await issue(given);
    const taken = given.taken();
    given.oneStop.edit('birth', CODE, { results: { 'civil-status': { number: '999' } } });
    for (let look = 0; look < 3; look += 1) await given.later();
    expect((await given.rows()).dossier.body.results).toMatchObject({ 'civil-status': { number: '1' } });
    expect(atOneStop(given)).toMatchObject({ results: { 'civil-status': { number: '1' } } });
    expect(given.taken()).toEqual(taken);
  });
});
