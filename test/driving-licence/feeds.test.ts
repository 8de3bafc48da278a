import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { windowFrom } from '../../adapters/driving-licence/days.ts';
import { areaOf } from '../../adapters/driving-licence/stated.ts';
import type { Json, JsonObject } from '../../src/kit/index.ts';
import { checkRecord } from '../../src/kit/schema.ts';
import type { Clock } from '../../src/model/ports.ts';
import { call, kindOf, openLicences, sample, startWorld, type World } from './world.ts';

let world: World | null = null;
beforeEach(() => nock.restore());
afterEach(async () => {
  nock.cleanAll();
  nock.restore();
  await world?.close();
  world = null;
});
async function start(...given: Parameters<typeof startWorld>): Promise<World> {
  world = await startWorld(...given);
  return world;
}

const HOST = 'http://127.0.0.1:9';
const LOGIN = '/apiDVC-GPLX/tcdbdvcdata/mapi/login';
const CALL = '/apiDVC-GPLX/tcdbdvcdata/mapi/g';
const A = { username: 'motlan', password: 'motlan-feed-password', unit: '000.00.18.H12' };
const B = { govAgencyCode: '000.00.18.H12', apiKey: 'motlan-feed-key' };
const CONFIG = { baseUrl: HOST, since: '2026-11-20', retryReads: 0 };
/** 2026-11-24 00:30 in Vietnam, still the 23rd in Greenwich. */
const NOW = Date.UTC(2026, 10, 23, 17, 30);
const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };

const letIn = () => {
  if (!nock.isActive()) nock.activate();
  nock(HOST).post(LOGIN).reply(200, { error_code: 0, result: 'ok', session: 'phien-1' }).persist();
};
const element = (more: JsonObject = {}, licence: JsonObject = {}): JsonObject => ({
  ChiTiet: { MaHoSo: 'G17.MAU-000001', MaTrangThai: 4, ...more },
  HoSoGPLX: { hoTen: 'Nguyễn Văn Mẫu', ...licence },
});
/** One dossier of feed A read from this answer. */
async function readFrom(body: Json, id = 'G17.MAU-000001') {
  letIn();
  nock(HOST)
    .post(CALL)
    .reply(200, body as nock.Body)
    .persist();
  const system = await openLicences({ ...CONFIG, feedA: A }, clock);
  try {
    return (await kindOf(system, 'licence-copy').read?.run([id], call()))?.get(id);
  } finally {
    await system.close();
  }
}
/** One page of feed B from this answer. */
async function pageFrom(body: Json) {
  if (!nock.isActive()) nock.activate();
  nock(HOST)
    .get('/apiGTVT/danhsachhoso')
    .query(true)
    .reply(200, body as nock.Body)
    .persist();
  const system = await openLicences({ ...CONFIG, feedB: B }, clock);
  try {
    return await kindOf(system, 'licence-notice').changes?.run(null, call());
  } finally {
    await system.close();
  }
}

describe('T9: an error_code in a 200', () => {
  test.each([0, '0', '00'])('%j is success', async (error_code) => {
    expect((await readFrom({ error_code, result: [element()] }))?.id).toBe('G17.MAU-000001');
  });

  test.each([1, '1', -3, '-99', 7])('%j waits for a person, and is neither a record nor "not there"', async (error_code) => {
    await expect(readFrom({ error_code, result: [] })).rejects.toMatchObject({ detail: { kind: 'unknown', scope: 'record' } });
  });

  test('an answer without the code is no success, whatever else it says', async () => {
    await expect(readFrom({ result: [element()] })).rejects.toMatchObject({ detail: { kind: 'unknown' } });
  });

  test('an empty list is "not there"; a missing list is not', async () => {
    expect(await readFrom({ error_code: 0, result: [] })).toBeNull();
    nock.cleanAll();
    await expect(readFrom({ error_code: 0 })).rejects.toMatchObject({ detail: { code: 'answer.no-list' } });
  });

  test('another dossier than the one asked for is never taken for it', async () => {
    await expect(readFrom({ error_code: 0, result: [element({ MaHoSo: 'G17.MAU-000002' })] })).rejects.toMatchObject({
      detail: { code: 'element.another' },
    });
  });

  test.each([-300, '-301', -302, -303, '-304'])('%j of feed B is for the integrator', async (error_code) => {
    await expect(pageFrom({ error_code })).rejects.toMatchObject({ detail: { kind: 'setup', scope: 'system' } });
  });

  test('feed B: a sentence nobody knows, and a row without a code, stop the page and keep the cursor', async () => {
    await expect(pageFrom({ message: 'Hệ thống đang bận' })).rejects.toMatchObject({ detail: { code: 'answer.no-list' } });
    nock.cleanAll();
    await expect(pageFrom({ data: [{ MaHoSo: 'G17.MAU-000001' }, { ChuHoSo: 'không mã' }] })).rejects.toMatchObject({
      detail: { kind: 'unknown', code: 'element.no-code' },
    });
  });
});

describe('the session of feed A', () => {
  test('is asked for once, by one of many callers', async () => {
    const here = await start();
    const ids = await Promise.all([1, 2, 3].map(async (n) => here.simulator.typeByHand('licence-copy', await sample('licence-copy', n))));
    const before = here.simulator.counted().calls;
    await Promise.all(ids.map((id) => here.kind('licence-copy').read?.run([id], call())));
    expect(here.simulator.counted().calls - before).toBe(4); // one log-in, three look-ups
  });

  test('that has ended is renewed once, and the dossier is read', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('licence-copy', await sample('licence-copy', 1));
    await here.kind('licence-copy').read?.run([id], call());
    here.simulator.endSessions();
    expect((await here.kind('licence-copy').read?.run([id], call()))?.get(id)?.id).toBe(id);
  });

  test('refused again after the renewal is for the integrator, with no third question', async () => {
    letIn();
    const asked: string[] = [];
    nock(HOST)
      .post(CALL, ({ session }: { session: string }) => asked.push(session) > 0)
      .reply(200, { error_code: -5, result: 'Phiên làm việc không hợp lệ' })
      .persist();
    const system = await openLicences({ ...CONFIG, feedA: A }, clock);
    await expect(kindOf(system, 'licence-copy').read?.run(['X'], call())).rejects.toMatchObject({
      detail: { kind: 'setup', scope: 'system', code: 'session.refused' },
    });
    await system.close();
    expect(asked).toHaveLength(2);
  });

  test('a wrong password, and a log-in that gives no session, are for the integrator', async () => {
    const here = await start();
    const wrong = await openLicences({ ...here.simulator.config, feedA: { ...A, password: 'sai' } });
    await expect(kindOf(wrong, 'licence-copy').read?.run(['X'], call())).rejects.toMatchObject({ detail: { kind: 'setup' } });
    await wrong.close();
    nock.activate();
    nock(HOST).post(LOGIN).reply(200, { error_code: '00', result: 'ok', session: '' });
    const empty = await openLicences({ ...CONFIG, feedA: A }, clock);
    await expect(kindOf(empty, 'licence-copy').read?.run(['X'], call())).rejects.toMatchObject({ detail: { code: 'session.refused' } });
    await empty.close();
  });
});

describe('days of receipt', () => {
  test('are asked for as yyyy-MM-dd in Vietnamese time', async () => {
    nock.activate();
    const asked: unknown[] = [];
    nock(HOST)
      .get('/apiGTVT/danhsachhoso')
      .query((query) => asked.push(query) > 0)
      .reply(200, { data: [] })
      .persist();
    const system = await openLicences({ ...CONFIG, feedB: B }, clock);
    const page = await kindOf(system, 'licence-notice').changes?.run('2026-11-23', call());
    await system.close();
    expect(asked).toEqual([
      {
        ...{ Start: '-1', End: '-1', GovAgencyCode: '000.00.18.H12', APIKey: 'motlan-feed-key' },
        ...{ ReceiveFromDate: '2026-11-23', ReceiveToDate: '2026-11-24' },
      },
    ]);
    expect(page).toMatchObject({ cursor: '2026-11-21', more: false }); // the last three days are asked again
  });

  test('after an outage every day is caught up, none is left out and none of the future is asked', () => {
    const days: string[] = [];
    let first: string | null = '2026-10-28';
    while (first !== null) {
      const { from, until, next } = windowFrom(first, 3, '2026-11-05');
      for (let day = from; day <= until; day = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)) days.push(day);
      first = next;
    }
    expect(days).toEqual(['28', '29', '30', '31', '01', '02', '03', '04', '05'].map((day, n) => `2026-${n < 4 ? '10' : '11'}-${day}`));
  });

  test('a dossier received in an outage of twenty days is told of when the feed is back', async () => {
    let now = NOW;
    const moving: Clock = { now: () => now, sleep: () => Promise.resolve() };
    const here = await start({ clock: moving });
    const { changes } = here.kind('licence-copy');
    const first = await changes?.run(null, call());
    now += 5 * 86_400_000;
    const id = here.simulator.typeByHand('licence-copy', await sample('licence-copy', 1));
    now += 20 * 86_400_000;
    const seen = new Set<string>();
    let page = { cursor: first?.cursor ?? null, more: true };
    for (let pages = 0; page.more && pages < 50; pages += 1) {
      const answer = await changes?.run(page.cursor, call());
      for (const touch of answer?.touches ?? []) seen.add(String(touch.id));
      page = { cursor: answer?.cursor ?? null, more: answer?.more ?? false };
    }
    expect([...seen]).toEqual([id]);
  });
});

describe('T12: codes that lost their zeros', () => {
  test('units of feed B are padded to two, three and five digits, floats in text too', async () => {
    const page = await pageFrom({ data: [{ MaHoSo: 'G17.MAU-000001', MaTinh: 1, MaHuyen: 7, MaXa: '268.0', KenhThucHien: 0 }] });
    expect(page?.touches[0]?.sighting?.record).toMatchObject({ MaTinh: '01', MaHuyen: '007', MaXa: '00268', KenhThucHien: '0' });
  });

  test('a joined code of a place is split two, three, five, also when its first zero was lost', () => {
    expect(areaOf('9696432041')).toEqual({ Tinh: '96', Huyen: '964', Xa: '32041', DanhMuc: 'old' });
    expect(areaOf(100700268)).toEqual({ Tinh: '01', Huyen: '007', Xa: '00268', DanhMuc: 'old' });
  });

  test.each(['9632041', '32041', '', 'không rõ', '96964320411', null])('a joined code of another length (%j) is not split', (joined) => {
    expect(areaOf(joined)).toBeNull();
  });
});

describe('T19: what a feed does not say', () => {
  test('stays missing: no time of statement, no place made up, null covered and without a value', async () => {
    const seen = await readFrom({ error_code: 0, result: [element({ NgayHenTra: null }, { dvhcNoiThuongTru: '9632041' })] });
    expect(seen).toMatchObject({ statedAt: null, sequence: null, key: null });
    expect(seen?.record).toMatchObject({ BoKetNoi: { DoiTuong: 'citizen' }, HoSoGPLX: { dvhcNoiThuongTru: '9632041' } });
    expect(seen?.record).not.toHaveProperty('BoKetNoi.NoiThuongTru');
    expect(seen?.record).not.toHaveProperty('ChiTiet.NgayHenTra');
    expect(seen?.covers).toContain('ChiTiet.NgayHenTra');
    expect(seen?.covers).not.toContain('ChiTiet.NgayNop');
  });
});

describe('what is there', () => {
  test('without a feed only the police era remains, and it has no verb', async () => {
    const system = await openLicences(CONFIG, clock);
    expect(Object.keys(system.kinds)).toEqual(['licence-exchange']);
    const { name: _n, schema: _s, normalises: _v, readLagMs: _l, ordered: _o, screens, ...verbs } = kindOf(system, 'licence-exchange');
    expect(verbs).toEqual({});
    expect(screens?.screens.map(({ title }) => title)).toContain('Giấy phép lái xe đang có');
    expect((await system.probe(call())).map(({ ok }) => ok)).toEqual([true]);
    await system.close();
  });

  test('there is nothing to write with in any kind', async () => {
    const here = await start();
    for (const kind of Object.values(here.system.kinds))
      expect([kind.create, kind.update, kind.acts, kind.putFile, kind.hear]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
  });

  test.each(['licence-copy', 'licence-notice'])('a %s as stated fits its schema, and is told whole', async (kind) => {
    const here = await start({ faults: { seed: 2, shuffle: 0.5, duplicate: 0.5 } });
    const id = here.simulator.typeByHand(kind, await sample(kind, 1));
    const page = await here.kind(kind).changes?.run(null, call());
    const later = page?.more === true ? await here.kind(kind).changes?.run(page.cursor, call()) : page;
    const last = later?.more === true ? await here.kind(kind).changes?.run(later.cursor, call()) : later;
    const touch = last?.touches.find((each) => each.id === id);
    const sighting = touch?.sighting ?? (await here.kind(kind).read?.run([id], call()))?.get(id);
    expect(checkRecord(here.kind(kind).schema, sighting?.record ?? { none: true })).toEqual([]);
    expect(sighting?.covers).toContain('BoKetNoi.DoiTuong');
  });
});
