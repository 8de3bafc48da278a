import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject, System } from '../../src/kit/index.ts';
import { call, keyOf, kindOf, openTax, readOne, sample, sent, startWorld } from './world.ts';

const HOST = 'http://127.0.0.1:9';
const CONFIG = {
  baseUrl: HOST,
  gateway: { namespace: 'urn:mau', mostKeys: 2 },
  limits: { concurrent: 4, perSecond: null, perDay: null },
  retryReads: 0,
};
const state = (key: string, inside: string) => `<KQua><MTDTChieu>${key}</MTDTChieu>${inside}</KQua>`;
const answerOf = (...states: readonly string[]) => `<DSKQua><KQTCuu>1</KQTCuu>${states.join('')}</DSKQua>`;
const document = (name: string) =>
  '<TKhai><HSoThueDTu xmlns="urn:mau"><HSoKhaiThue><TTinChung><TTinDVu/><TTinTKhaiThue><TKhaiThue><maTKhai>905</maTKhai><loaiTKhai>C</loaiTKhai>' +
  `<ngayLapTKhai>2026-11-24</ngayLapTKhai></TKhaiThue><NNT><tenNNT>${name}</tenNNT></NNT></TTinTKhaiThue></TTinChung>` +
  '<CTieuTKhaiChinh><ct1_hoTen>A</ct1_hoTen><ct3_namSinh>1999-03-03</ct3_namSinh><CT4><ct4_ma>2</ct4_ma></CT4></CTieuTKhaiChinh>' +
  '</HSoKhaiThue></HSoThueDTu></TKhai>';

describe('the answer of a look-up', () => {
  let system: System | null = null;
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  afterEach(async () => {
    nock.cleanAll();
    await system?.close();
    system = null;
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  async function read(keys: readonly string[], ...answers: readonly string[]) {
    const questions: string[] = [];
    for (const answer of answers)
      nock(HOST)
        .post('/thue/1.0/traCuuKetQua', (text) => questions.push(String(text)) > 0)
        .reply(200, answer, { 'content-type': 'application/xml' });
    system = await openTax(CONFIG);
    const found = await (kindOf(system, 'first-tax-code').read?.run(keys, call()) ?? Promise.reject(new Error('no read'))).catch(
      (error: unknown) => error,
    );
    return { questions, found: found as Map<string, { covers: readonly string[]; record: unknown } | null> };
  }

  test('covers the state alone where the declaration is not stated back', async () => {
    const { found } = await read(['A-1'], answerOf(state('A-1', '<TThai>4</TThai><MST>099199000011</MST><NgayCap>2026-11-26</NgayCap>')));
    expect(found.get('A-1')).toMatchObject({
      id: 'A-1',
      key: 'A-1',
      covers: ['TTChung.MTDiep', 'KQua'],
      record: { TTChung: { MTDiep: 'A-1' }, KQua: { TThai: '4', MST: '099199000011', NgayCap: '2026-11-26' } },
      statedAt: null,
    });
  });

  test('covers the declaration where it is stated back, with what it leaves out', async () => {
    const { found } = await read(['A-1'], answerOf(state('A-1', `<TThai>3</TThai>${document('VÕ VĂN MẪU')}`)));
    expect(found.get('A-1')?.covers).toEqual(['TTChung.MTDiep', 'TKhaiThue', 'NNT', 'DLyThue', 'CTieuTKhaiChinh', 'KQua']);
    expect(found.get('A-1')?.record).toMatchObject({ NNT: { tenNNT: 'VÕ VĂN MẪU' }, CTieuTKhaiChinh: { CT4: { ct4_ma: '2' } } });
  });

  test('is matched by message code, more keys than allowed become several questions, and what is left out is not answered', async () => {
    const { questions, found } = await read(
      ['A-1', 'A-2', 'A-3'],
      answerOf(state('A-2', '<TThai>1</TThai>'), state('B-9', '<TThai>1</TThai>'), state('A-1', '<TThai>0</TThai>')),
      answerOf(),
    );
    expect(questions.map((text) => [...text.matchAll(/<MTDiep>([^<]+)/gu)].map(([, key]) => key))).toEqual([['A-1', 'A-2'], ['A-3']]);
    expect([...found.keys()].sort()).toEqual(['A-1', 'A-2']);
    expect(found.get('A-1')).toBeNull();
  });

  test('in which one record cannot be read still tells the others', async () => {
    const broken = document('VÕ VĂN MẪU').replace('1999-03-03', '03/03/1999');
    const { found } = await read(['A-1', 'A-2'], answerOf(state('A-1', `<TThai>3</TThai>${broken}`), state('A-2', '<TThai>3</TThai>')));
    expect([...found.keys()]).toEqual(['A-2']);
  });

  test('in which one state is not of the schema still tells the others', async () => {
    const broken = state('A-1', '<TThai>4</TThai><MST>09919900001</MST>');
    const { found } = await read(['A-1', 'A-2'], answerOf(broken, state('A-2', '<TThai>3</TThai>')));
    expect(found).toBeInstanceOf(Map);
    expect([...found.keys()]).toEqual(['A-2']);
  });

  test.each([
    ['a declaration of another schema', state('A-1', `<TThai>3</TThai>${document('A').replace('905', '')}<x/>`), 'lookup.answer'],
    [
      'a declaration that breaks ours',
      state('A-1', `<TThai>3</TThai>${document('A').replaceAll('ct1_hoTen', 'ct1_ten')}`),
      'lookup.document',
    ],
    ['a time without a zone', state('A-1', '<TThai>3</TThai><TGXLy>2026-11-25 09:30:00</TGXLy>'), 'lookup.time'],
    ['two states of one key', state('A-1', '<TThai>3</TThai>') + state('A-1', '<TThai>4</TThai>'), 'lookup.twins'],
    ['a state that is no number', state('A-1', '<TThai>xong</TThai>'), 'answers.element.unknown'],
    ['a tax code of eleven digits', state('A-1', '<TThai>4</TThai><MST>09919900001</MST>'), 'lookup.answer'],
  ])('with %s is trouble, never a guess', async (_what, stated, code) => {
    const { found } = await read(['A-1'], answerOf(stated));
    expect(found).toMatchObject({ name: 'Trouble', detail: { kind: 'unknown', scope: 'record', code } });
  });

  test('with a DOCTYPE is no answer', async () => {
    const { found } = await read(['A-1'], `<!DOCTYPE DSKQua SYSTEM "file:///etc/passwd">${answerOf(state('A-1', '<TThai>1</TThai>'))}`);
    expect(found).toMatchObject({ name: 'Trouble', detail: { kind: 'unavailable' } });
  });
});

describe('at the simulated office', () => {
  test('a person has her own number as tax code, and leading zeros come back as they went', async () => {
    const world = await startWorld();
    const record = await sample('business-tax', 7);
    const key = await sent(world, 7, 'business-tax');
    for (const stage of ['3', '4']) world.simulator.advance('business-tax', key, stage);
    const seen = await readOne(world.system, key, 'business-tax');
    expect(keyOf(record)).toBe(key);
    expect(seen?.record).toMatchObject({
      CTieuTKhaiChinh: { CT8: { soDinhDanh: '099000000007' } },
      KQua: { TThai: '4', MLTDiep: '103', MST: '099000000007', tenCQTQuanLy: 'Thuế cơ sở Mẫu' },
    });
    await world.close();
  });

  test('a person whose card has an old number of nine digits is given a tax code of twelve', async () => {
    const world = await startWorld();
    const record = await sample('first-tax-code', 8);
    const old = { CT6: { TTinGiayTo: [{ ct6_ma: '2080', ct6_soGiayTo: '099000008' }] } };
    const typed = { ...record, CTieuTKhaiChinh: { ...(record.CTieuTKhaiChinh as JsonObject), ...old } };
    await world.kind('first-tax-code').create?.run({ key: keyOf(record), record: typed, files: [] }, call());
    for (const stage of ['3', '4']) world.simulator.advance('first-tax-code', keyOf(record), stage);
    const seen = await readOne(world.system, keyOf(record));
    expect(seen?.record).toMatchObject({ CTieuTKhaiChinh: old, KQua: { TThai: '4', MST: expect.stringMatching(/^099\d{9}$/u) } });
    await world.close();
  });
});
