import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject, System } from '../../src/kit/index.ts';
import { call, kindOf, openInsurance, sample, troubleOf } from './world.ts';

/** What goes over the wire, word for word, and what its answers are taken for. */

const HOST = 'http://127.0.0.1:9';
const PATH = '/CallApiWithCurrentUser';
const USER = { masobhxhuser: 'XA96001', macoquanuser: '09600', loaidoituonguser: '2' };
const CARD = { username: 'mau', password: 'mau-mat-khau', hoTenCb: 'Cán bộ mẫu', cccdCb: '099080000001' };
const HOLDER = { maThe: '099226000001', hoTen: 'Nguyễn Văn Mẫu', ngaySinh: '01/10/2026' };

beforeAll(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});
let system: System | null = null;
afterEach(async () => {
  await system?.close();
  system = null;
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

async function open(more: JsonObject = {}) {
  system = await openInsurance({ baseUrl: HOST, ...USER, retryReads: 0, ...more });
  return (name: string) => kindOf(system as System, name);
}
const portal = (code: string, data: JsonObject | ((data: Record<string, Json>) => boolean), answer: nock.Body, status = 200) =>
  nock(HOST)
    .post(PATH, (body) => body.code === code && (typeof data === 'function' ? data(body.data) : includes(body.data, data)))
    .reply(status, answer);
const includes = (whole: JsonObject, part: JsonObject) =>
  Object.entries(part).every(([name, value]) => JSON.stringify(whole[name]) === JSON.stringify(value));

const submit = async (kind: Awaited<ReturnType<typeof open>>) =>
  kind('child-card').create?.run({ key: 'H12.31-261124-0001', record: await sample('child-card', 1), files: [] }, call());

describe('a filing on the wire', () => {
  test('asks for the next batch, then files the form in it in the name of the user', async () => {
    const kind = await open();
    portal('092', { ...USER, maThuTuc: '604', kyKeKhai: '092026' }, { dot: 3 });
    portal('084', (data) => data.dot === '3' && data.maToKhai === 'TK1-TS' && (data.toKhai as JsonObject).Gioitinh === '1', {
      success: true,
      message: 'Lưu thành công',
      thuTucId: 100_001,
    });
    expect(await submit(kind)).toEqual({ is: 'done', id: '100001', version: null, sequence: null });
  });

  test('of an employer goes under the unit and the period of its own form, which stand beside it and not in it', async () => {
    const kind = await open();
    portal('092', { masobhxhuser: '9912345671', maThuTuc: '600', kyKeKhai: '112026' }, { dot: 1 });
    portal(
      '084',
      (data) => data.masobhxhuser === '9912345671' && data.maToKhai === 'D02-TS' && !('kyKeKhai' in (data.toKhai as JsonObject)),
      { success: true, message: 'Lưu thành công', thuTucId: 7 },
    );
    const record = await sample('labour-change', 1);
    await kind('labour-change').create?.run({ key: 'k', record, files: [] }, call());
  });

  test.each([
    ['a server error', 500, { message: 'x' }],
    ['a page', 200, '<html>Bảo trì</html>'],
    ['too many calls', 429, { message: 'x' }],
  ])('that meets %s while asking for its batch was not sent, and can be sent later', async (_, status, body) => {
    const kind = await open();
    portal('092', {}, body, status);
    expect((await troubleOf(submit(kind))).kind).toBe('unavailable');
  });

  test('with no batch to be had is refused and not sent', async () => {
    const kind = await open();
    portal('092', {}, { success: false, message: 'Đơn vị chưa đăng ký' });
    expect(await troubleOf(submit(kind))).toMatchObject({ kind: 'refused', code: 'answers.batch.no-batch' });
  });
});

describe('T9: HTTP 200 says nothing by itself', () => {
  test.each([
    ['success without an id', { success: true, message: 'Lưu thành công' }, 'unsure'],
    ['success false', { success: false, message: 'Không lưu được' }, 'refused'],
    ['the text "true"', { success: 'không', message: 'Lưu thành công', thuTucId: 1 }, 'unknown'],
    ['a code nobody knows', { errorCode: -3 }, 'unknown'],
    ['a page', '<html>Đăng nhập</html>', 'unsure'],
    ['half an answer', '{"success": tr', 'unsure'],
  ])('a filing answered with %s is not taken for saved', async (_, body, expected) => {
    const kind = await open();
    portal('092', {}, { dot: 1 });
    portal('084', {}, body);
    expect((await troubleOf(submit(kind))).kind).toBe(expected);
  });

  test.each([
    ['0', 'unknown'],
    ['00', 'unknown'],
    ['0000', 'unknown'],
    ['101', 'unavailable'],
    ['060', 'refused'],
  ])('a card answered with maKetQua %s is no card', async (maKetQua, expected) => {
    const kind = await open({ card: CARD });
    nock(HOST).post('/api/token/take').reply(200, tokens('t1'));
    nock(HOST).post('/api/egw/NhanLichSuKCB2018').reply(200, { maKetQua, maThe: 'TE1969900000001' });
    expect((await troubleOf(kind('card').find?.run(HOLDER, call()))).kind).toBe(expected);
  });
});

const tokens = (access: string) => ({ APIKey: { access_token: access, id_token: `id-${access}`, expires_in: '2026-11-24T10:00:00' } });
const lookUp = (token: string, status: number, body: nock.Body) =>
  nock(HOST, { reqheaders: { authorization: `Bearer ${token}`, 'id-token': `id-${token}` } })
    .post('/api/egw/NhanLichSuKCB2018', { ...HOLDER, hoTenCb: CARD.hoTenCb, cccdCb: CARD.cccdCb })
    .reply(status, body);
const FOUND = { maKetQua: '000', ghiChu: 'Thông tin thẻ chính xác', maThe: 'TE1969900000001', gtTheTu: '01/10/2026', maDKBD: 99_001 };

describe('the token of the card gateway', () => {
  test('is taken with the MD5 of the password, never with the password', async () => {
    const kind = await open({ card: CARD });
    nock(HOST).post('/api/token/take', { username: 'mau', password: '821978ee444a2e36e568e8bfcb2f706f' }).reply(200, tokens('t1'));
    lookUp('t1', 200, FOUND);
    const [seen] = (await kind('card').find?.run(HOLDER, call())) ?? [];
    expect(seen).toMatchObject({ id: 'TE1969900000001', record: { maDKBD: '99001', gtTheTu: '01/10/2026' } });
  });

  test('is renewed once after a 401, and the look-up goes on', async () => {
    const kind = await open({ card: CARD });
    nock(HOST).post('/api/token/take').reply(200, tokens('t1'));
    lookUp('t1', 401, {});
    nock(HOST).post('/api/token/take').reply(200, tokens('t2'));
    lookUp('t2', 200, FOUND);
    expect(await kind('card').find?.run(HOLDER, call())).toHaveLength(1);
  });

  test('is renewed once after a 401 inside an answer of HTTP 200', async () => {
    const kind = await open({ card: CARD });
    nock(HOST).post('/api/token/take').reply(200, tokens('t1'));
    lookUp('t1', 200, { maKetQua: '401' });
    nock(HOST).post('/api/token/take').reply(200, tokens('t2'));
    lookUp('t2', 200, FOUND);
    expect(await kind('card').find?.run(HOLDER, call())).toHaveLength(1);
  });

  test('refused a second time waits for a person, without a third log-in', async () => {
    const kind = await open({ card: CARD });
    nock(HOST).post('/api/token/take').reply(200, tokens('t1'));
    lookUp('t1', 401, {});
    nock(HOST).post('/api/token/take').reply(200, tokens('t2'));
    lookUp('t2', 401, {});
    expect(await troubleOf(kind('card').find?.run(HOLDER, call()))).toMatchObject({ kind: 'setup', scope: 'system' });
  });
});

describe('what the portal answers with numbers for text', () => {
  test('a filing with floats for numbers is read as the same filing', async () => {
    const kind = await open();
    portal(
      '090',
      { id: '100001' },
      '{"success":true,"data":{"id":100001.0,"status":4.0,"soHoSo":null,"kyKeKhai":12026.0,"maToKhai":"TK1-TS","toKhai":{"Hoten":"Nguyễn Văn Mẫu"}}}',
    );
    const seen = await kind('child-card').read?.run(['100001'], call());
    expect(seen?.get('100001')?.record).toEqual({ Hoten: 'Nguyễn Văn Mẫu', status: '4', trangThai: '4/none' });
  });

  test('an answer about another filing is no answer', async () => {
    const kind = await open();
    portal('090', {}, { success: true, data: { id: 5, status: 1, toKhai: {} } });
    expect([...((await kind('child-card').read?.run(['4'], call())) ?? [])]).toEqual([]);
  });
});
