import { afterEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { atOneStop, CODE, issue, type Options, openProvince, type Province, pushed } from './province.ts';

/** The whole engine over two systems in miniature: what stands on every side afterwards. */

const open: Province[] = [];
const province = async (options?: Options): Promise<Province> => {
  const made = await openProvince(options);
  open.push(made);
  return made;
};
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

const atMinistry = (of: Province) => of.ministry.records('birth').map(({ record }) => record as JsonObject);
const creates = (of: Province) => of.taken().filter((verb) => verb === 'create').length;

/** A dossier that did not come through the national linked service. */
const LOCAL: JsonObject = { nationalCode: undefined };

/** What a clerk types who knows the child, but no dossier code. */
const TYPED = {
  record: { maDonVi: '31825', nksHoTen: 'NGUYỄN MINH KHÔI THỬ', nksNgaySinh: '27.10.2026', noiDangKy: '31825' },
  result: {
    nksHoTen: 'NGUYỄN MINH KHÔI THỬ',
    nksNgaySinh: '27.10.2026',
    soDangKy: '901',
    quyenSo: '01/2026',
    trangSo: '9',
    ngayDangKy: '02/11/2026',
  },
};
const typedThere = (of: Province) => of.ministry.typeByHand('birth', { ...TYPED.record, ketQuaXuLy: TYPED.result });

/** The ministry refuses; at the counter the citizen withdraws, or the official stops the dossier. */
describe('an official who ends the dossier beside a refusal', () => {
  const ends = async (given: Province) => {
    const { leg, dossier, holds } = await given.rows();
    expect(atOneStop(given)).toMatchObject({ status: 7, results: { 'civil-status': { reason: 'Công dân rút hồ sơ' } } });
    expect([leg.phase, leg.situation, dossier.status, holds]).toEqual(['refused', 'ended', 7, []]);
  };
  const refuse = (given: Province) => given.ministry.advance('birth', CODE, '6', { ghiChu: 'Công dân rút hồ sơ' });

  test('and is seen together with it leaves no step to tell', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    refuse(given);
    given.oneStop.advance('birth', CODE, '7');
    await given.later();
    await ends(given);
  });
  test('and leads to the very status of the legs stays on record as what the official did', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    refuse(given);
    given.oneStop.advance('birth', CODE, '8');
    await given.later();
    const { progress, holds } = await given.rows();
    const own = progress.filter(({ link }) => link?.includes('/one-stop/'));
    expect(own.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['act received', 'status 2', 'act stopped', 'status 8']);
    expect(progress.filter(({ kind, name }) => kind === 'status' && name === '8')).toHaveLength(1);
    expect([atOneStop(given).status, holds]).toEqual([8, []]);
  });
  test('and comes while the step of the refusal is still owed is not undone by it', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    refuse(given);
    await given.engine.pollChanges('civil-status');
    const links = (await given.rows()).links.filter(({ system }) => system === 'civil-status');
    for (const { id } of links) await given.engine.wake(id, 0);
    await given.engine.visitDue('civil-status');
    await given.engine.visitDue('one-stop');
    expect((await given.rows()).dossier.status).toBe(8);
    given.oneStop.advance('birth', CODE, '7');
    await given.later();
    await ends(given);
  });
});

describe('one dossier', () => {
  test('goes to the ministry once, comes back with its result and its paper, and is handed over on both sides', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    expect(atMinistry(given)).toMatchObject([
      { maHoSoMCDT: CODE, nksHoTen: 'Nguyễn Minh Khôi Thử', nksNgaySinh: '27.10.2026', nksDanToc: 'Kinh' },
    ]);
    expect((await given.rows()).leg).toMatchObject({ situation: 'linked', phase: 'sent', trust: 'declared', externalId: CODE });

    await issue(given);
    const issued = await given.rows();
    expect(issued.leg).toMatchObject({ phase: 'issued', trust: 'verified' });
    expect(atOneStop(given)).toMatchObject({
      status: 9,
      results: { 'civil-status': { number: '1', book: '01/2026', date: '2026-11-02' } },
    });
    const paper = (atOneStop(given).results as { 'civil-status': { paper: { hash: string; sizeBytes: number } } })['civil-status'].paper;
    const fetched = await fetch(`${given.oneStop.baseUrl}/dossiers/${CODE}/files/${paper.hash}`, {
      headers: { authorization: 'Bearer one-stop-token' },
    });
    expect([fetched.status, (await fetched.arrayBuffer()).byteLength]).toEqual([200, paper.sizeBytes]);

    given.oneStop.advance('birth', CODE, '10');
    await given.later();
    const ended = await given.rows();
    expect(ended.leg).toMatchObject({ situation: 'ended', phase: 'handed-over' });
    expect(atMinistry(given)).toMatchObject([{ trangThai: '5' }]);
    expect(ended.holds).toEqual([]);
    expect(given.taken()).toEqual(['create', 'step-1', 'step-3', 'step-7', 'step-4', 'step-5']);
  });

  test('tells its story with evidence, each step once and none made up', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    await issue(given);
    const { progress } = await given.rows();
    expect(progress.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'act received',
      'status 2',
      'phase sent',
      'status 4',
      'phase accepted',
      'phase assigned',
      'phase issued',
      'status 9',
    ]);
    for (const { evidence } of progress) expect(evidence.ref).not.toBe('');
    expect(await given.store.read((tx) => tx.audit.verify(CODE))).toMatchObject({ chains: 1, broken: [] });
  });

  test('at rest stays at rest: further looks write nothing on any side', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    await issue(given);
    const before = { rows: await given.rows(), one: given.oneStop.received().length, other: given.ministry.received().length };
    for (let day = 0; day < 3; day += 1) await given.later(86_400_000);
    await given.engine.sweep('civil-status');
    await given.engine.sweep('one-stop');
    await given.rest();
    const after = await given.rows();
    expect(after.dossier).toEqual(before.rows.dossier);
    expect([after.attempts, after.holds, after.progress]).toEqual([before.rows.attempts, before.rows.holds, before.rows.progress]);
    expect([given.oneStop.received().length, given.ministry.received().length]).toEqual([before.one, before.other]);
  });
});

describe('an edit at the one-stop', () => {
  test('reaches the ministry with the supplement it asked for', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    given.ministry.advance('birth', CODE, '2', { noiDungXuLy: 'Bổ sung nơi sinh' });
    await given.later();
    expect(atOneStop(given)).toMatchObject({ status: 5, results: { 'civil-status': { note: 'Bổ sung nơi sinh' } } });

    given.oneStop.advance('birth', CODE, '4', { data: { child: { birthPlace: { detail: 'Trạm y tế xã Mẫu' } } } });
    await given.later();
    expect(atMinistry(given)).toMatchObject([
      { trangThai: '3', nksHoTen: 'Nguyễn Minh Khôi Thử', nksNoiSinh: { dcChiTiet: 'Trạm y tế xã Mẫu' } },
    ]);
    expect((await given.rows()).leg.phase).toBe('accepted');
    expect((await given.rows()).holds).toEqual([]);
    expect(given.taken().filter((verb) => verb === 'supplement')).toEqual(['supplement']);
    expect(creates(given)).toBe(1);
  });

  test('where the ministry takes none is asked about, and written nowhere', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    given.ministry.advance('birth', CODE, '3');
    await given.later();
    given.oneStop.edit('birth', CODE, { data: { child: { fullName: 'Nguyễn Minh Khôi Mẫu' } } });
    await given.later();
    const { holds, dossier } = await given.rows();
    expect(holds).toMatchObject([{ kind: 'closed-phase', path: 'nksHoTen', desk: 'official' }]);
    expect(dossier.body.data).toMatchObject({ child: { fullName: 'Nguyễn Minh Khôi Mẫu' } });
    expect(atMinistry(given)).toMatchObject([{ nksHoTen: 'Nguyễn Minh Khôi Thử' }]);

    await given.engine.decide({ hold: holds[0]?.id ?? '', name: 'leave', value: null, by: 'can-bo' });
    await given.later();
    await given.later();
    expect((await given.rows()).holds).toEqual([]);
    expect(creates(given)).toBe(1);
  });
});

describe('a lost answer', () => {
  test.each([false, true])('does not send twice: the record is looked for and found (twins accepted there: %s)', async (unsafe) => {
    const given = await province({ faults: { unsafe, loseAnswer: 1 } });
    await given.typed();
    await given.engine.visitDue('civil-status');
    expect((await given.rows()).leg.situation).toBe('unknown');
    given.ministry.setFaults({ loseAnswer: 0 });
    await given.later();
    const { leg, attempts, holds } = await given.rows();
    expect(leg).toMatchObject({ situation: 'linked', externalId: CODE, phase: 'sent' });
    expect(attempts.filter(({ verb }) => verb === 'create').map(({ state, sends }) => [state, sends])).toEqual([['seen', 1]]);
    expect([atMinistry(given).length, creates(given), holds]).toEqual([1, 1, []]);
  });

  test('of every step is settled in the end, each step taken once', async () => {
    const given = await province();
    await given.typed();
    const withLostAnswer = async () => {
      given.ministry.setFaults({ loseAnswer: 1 });
      await given.later();
      given.ministry.setFaults({ loseAnswer: 0 });
      for (let look = 0; look < 3; look += 1) await given.later();
    };
    await withLostAnswer();
    for (const stage of ['3', '7', '4']) {
      given.ministry.advance('birth', CODE, stage);
      await withLostAnswer();
    }
    expect(given.taken()).toEqual(['create', 'step-1', 'step-3', 'step-7', 'step-4']);
    const { leg, holds } = await given.rows();
    expect([leg.phase, leg.trust, holds]).toEqual(['issued', 'verified', []]);
  });
});

describe('a record typed at the ministry by hand', () => {
  test('is found before anything is sent, linked, and its result comes back', async () => {
    const given = await province();
    typedThere(given);
    await given.typed({}, LOCAL);
    await given.later();
    await given.later();
    const { leg, holds } = await given.rows();
    expect(leg).toMatchObject({ situation: 'linked', phase: 'issued', externalId: '31825/01/2026/901' });
    expect(given.taken()).toEqual(['type-by-hand']);
    expect(holds).toEqual([]);
    expect(atOneStop(given)).toMatchObject({ results: { 'civil-status': { number: '901', page: '9' } } });
  });

  test('that says otherwise is asked about, and overwrites nothing', async () => {
    const given = await province();
    given.ministry.typeByHand('birth', {
      ...TYPED.record,
      ketQuaXuLy: { ...TYPED.result, nksGioiTinh: 2, meHoTen: 'TRẦN THỊ BÍCH VÍ DỤ' },
    });
    await given.typed({}, LOCAL);
    await given.later();
    const { holds, dossier } = await given.rows();
    expect(holds.map(({ kind, path }) => `${kind} ${path}`).toSorted()).toEqual(['conflict meHoTen', 'conflict nksGioiTinh']);
    expect(dossier.body.data).toMatchObject({ child: { sex: 'male' }, mother: { fullName: 'Trần Thị Bích Mẫu' } });
    expect(atOneStop(given)).toMatchObject({ data: { child: { sex: 'male' }, mother: { fullName: 'Trần Thị Bích Mẫu' } } });

    const sex = holds.find(({ path }) => path === 'nksGioiTinh');
    await given.engine.decide({ hold: sex?.id ?? '', name: 'theirs', value: null, by: 'can-bo' });
    await given.later();
    expect((await given.rows()).holds.map(({ path }) => path)).toEqual(['meHoTen']);
    expect(atOneStop(given)).toMatchObject({ data: { child: { sex: 'female' } } });
  });
});

describe('a code', () => {
  test('that no row knows holds the dossier, on the integrator’s desk', async () => {
    const given = await province();
    await given.typed({ child: { ethnic: 'Dân tộc chưa kê' } });
    await given.later();
    const { holds, leg } = await given.rows();
    expect(holds).toMatchObject([{ kind: 'unknown-code', desk: 'integrator', path: 'nksDanToc' }]);
    expect([leg.situation, given.taken()]).toEqual(['waiting', []]);
  });

  test('takes no code that the table does not hold: the question stays, and says why', async () => {
    const given = await province();
    await given.typed({ child: { ethnic: 'Dân tộc chưa kê' } });
    await given.rest();
    const [asked] = (await given.rows()).holds;
    const answer = given.engine.decide({ hold: asked?.id ?? '', name: 'value', value: 'Không có ở bảng', by: 'can-bo' });
    await expect(answer).rejects.toMatchObject({ code: 'decision.choice' });
    const { holds, dossier } = await given.rows();
    expect([holds.map(({ id }) => id), dossier.body.choices]).toEqual([[asked?.id], []]);
  });

  test('named for a value dies with that value', async () => {
    const given = await province();
    await given.typed({ child: { ethnic: 'Dân tộc chưa kê' } });
    await given.rest();
    const [asked] = (await given.rows()).holds;
    given.ministry.setFaults({ down: true });
    await given.engine.decide({ hold: asked?.id ?? '', name: 'value', value: 'Tày', by: 'can-bo' });
    given.oneStop.edit('birth', CODE, { data: { child: { ethnic: 'Dân tộc khác chưa kê' } } });
    await given.engine.pollChanges('one-stop');
    await given.engine.visitDue('one-stop');
    given.ministry.setFaults({ down: false });
    await given.later();
    const { holds, dossier } = await given.rows();
    expect(dossier.body.choices).toEqual([]);
    expect([holds.map(({ kind }) => kind), given.taken()]).toEqual([['unknown-code'], []]);
  });

  test('of a ward that was split asks which of the new ones, and takes no other', async () => {
    const given = await province();
    await given.typed({ child: { hometown: { ward: '32141', wardVersion: 'old' } } });
    await given.rest();
    const { holds } = await given.rows();
    expect(holds).toMatchObject([{ kind: 'split-code', desk: 'official', path: 'nksQueQuan.maXa' }]);
    const [asked] = holds;
    const offered = (asked?.detail.choices ?? []) as readonly { readonly value: string }[];
    expect(offered.map(({ value }) => value).toSorted()).toEqual(['32137', '32140', '32214']);
    expect(given.taken()).toEqual([]);

    const answer = (value: string) => given.engine.decide({ hold: asked?.id ?? '', name: 'value', value, by: 'can-bo' });
    await expect(answer('31825')).rejects.toMatchObject({ code: 'decision.choice' });
    expect((await given.rows()).holds).toHaveLength(1);
    await answer('32140');
    await given.rest();
    expect(atMinistry(given)).toMatchObject([{ nksQueQuan: { maXa: '32140' } }]);
    expect((await given.rows()).holds).toEqual([]);
  });
});

describe('a document that comes again', () => {
  test('with the same content has no second effect', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    const before = await given.rows();
    expect(await given.engine.intake(pushed())).toMatchObject({
      is: 'same',
      code: CODE,
      legs: [{ system: 'civil-status', record: 'birth' }],
    });
    await given.later();
    const after = await given.rows();
    expect([after.dossier, after.attempts, after.progress]).toEqual([before.dossier, before.attempts, before.progress]);
    expect(creates(given)).toBe(1);
  });

  test('in an older revision is answered and changes nothing; in a newer one it counts', async () => {
    const given = await province();
    await given.typed();
    const copies = (count: number) => ({ registration: { copies: count } });
    expect((await given.engine.intake(pushed(copies(5), { revision: 3 }))).is).toBe('changed');
    const before = (await given.rows()).dossier;
    expect((await given.engine.intake(pushed(copies(9), { revision: 2 }))).is).toBe('older');
    expect((await given.rows()).dossier).toEqual(before);
    expect(before.body.data).toMatchObject({ registration: { copies: 5 } });
  });

  test('under the same code from another agency is refused, and nothing of it is kept', async () => {
    const given = await province();
    await given.typed();
    const before = (await given.rows()).dossier;
    await expect(given.engine.intake(pushed({}, { agency: 'H12.32', revision: 9 }))).rejects.toMatchObject({ code: 'duplicate-code' });
    expect((await given.rows()).dossier).toEqual(before);
  });
});

describe('"I type it myself"', () => {
  test('stops the sending, and the record typed by hand is linked when it is there', async () => {
    const given = await province();
    await given.typed();
    const { leg } = await given.rows();
    expect(await given.engine.byHand(leg.id, 'can-bo')).toEqual({ unsureUntil: null });
    await given.later();
    expect([given.taken(), (await given.rows()).leg.situation]).toEqual([[], 'intended']); // a sheet lies prepared

    typedThere(given);
    await given.engine.wake(leg.id, 0);
    await given.rest();
    await given.later();
    expect((await given.rows()).leg).toMatchObject({ situation: 'linked', externalId: '31825/01/2026/901' });
    expect(given.taken()).toEqual(['type-by-hand']);
  });

  test('says until when it is not known whether the dossier was already sent', async () => {
    const given = await province({ faults: { loseAnswer: 1 } });
    await given.typed();
    await given.engine.visitDue('civil-status');
    const { leg, attempts } = await given.rows();
    const sentAt = attempts[0]?.sentAt ?? 0;
    expect(await given.engine.byHand(leg.id, 'can-bo')).toEqual({ unsureUntil: sentAt + 2_000 });
    given.ministry.setFaults({ loseAnswer: 0 });
    await given.later();
    expect((await given.rows()).leg).toMatchObject({ situation: 'linked', externalId: CODE });
    expect(creates(given)).toBe(1);
  });

  test('is refused for a record that is there', async () => {
    const given = await province();
    await given.typed();
    await given.rest();
    const { leg } = await given.rows();
    await expect(given.engine.byHand(leg.id, 'can-bo')).rejects.toMatchObject({ code: 'link.there' });
  });
});

describe('what a plain dossier costs', () => {
  const cost = async (of: Province, work: () => Promise<unknown>) => {
    const before = of.store.counted();
    await work();
    const after = of.store.counted();
    return { commits: after.commits - before.commits, statements: after.statements - before.statements };
  };

  test('one commit to take it in, and none for the same again', async () => {
    const given = await province();
    // Everything a 202 promises stands in one transaction: hub, two links, base, progress, audit and the wake.
    const taken = await cost(given, () => given.engine.intake(pushed()));
    expect(taken.commits).toBe(1);
    expect(taken.statements).toBeLessThanOrEqual(20);
    // The same again is found in one read inside the write, which then has nothing to commit but itself.
    expect((await cost(given, () => given.engine.intake(pushed()))).commits).toBeLessThanOrEqual(1);
  });

  test('three commits to send it: the claim, the intent before it, the receipt after it', async () => {
    const given = await province();
    await given.engine.intake(pushed());
    const sent = await cost(given, () => given.engine.visitDue('civil-status'));
    expect(creates(given)).toBe(1);
    expect(sent.commits).toBe(3);
    // Loading the case, the fence, link, base, attempt, progress and audit twice, and the work row: no row is asked for by itself.
    expect(sent.statements).toBeLessThanOrEqual(41);
  });

  test('one commit for a look that finds nothing to do', async () => {
    const given = await province({ spoke: {} });
    expect((await cost(given, () => given.engine.visitDue('civil-status'))).commits).toBeLessThanOrEqual(1);
  });
});
