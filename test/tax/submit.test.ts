import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject, System } from '../../src/kit/index.ts';
import { call, keyOf, kindOf, openTax, readOne, sample, sent, startWorld, type World } from './world.ts';

const HOST = 'http://127.0.0.1:9';
const NAMESPACE = 'urn:mau:to-khai';
const CONFIG = {
  baseUrl: HOST,
  gateway: { namespace: NAMESPACE, sender: { MNGui: 'H12', MNNhan: 'TCT' }, forms: { 'business-tax': { maTKhai: 'X03' } } },
  limits: { concurrent: 4, perSecond: null, perDay: null },
  retryReads: 0,
};
const told = (key: string, received: string, code = '', words = '') =>
  `<TDiep><TTChung><MLTDiep>102</MLTDiep><MTDTChieu>${key}</MTDTChieu></TTChung>` +
  `<DLieu><TBao><THop>${received}</THop><MLoi>${code}</MLoi><MTLoi>${words}</MTLoi></TBao></DLieu></TDiep>`;

describe('a declaration on the wire', () => {
  let system: System;
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  beforeEach(async () => {
    system = await openTax(CONFIG);
  });
  afterEach(async () => {
    nock.cleanAll();
    await system.close();
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  /** Sends a record and gives what left, and what came of it. */
  async function send(answer: string, record: JsonObject, kind = 'first-tax-code') {
    let body = '';
    nock(HOST)
      .post('/thue/1.0/nopToKhai', (text) => {
        body = String(text);
        return true;
      })
      .reply(200, answer, { 'content-type': 'application/xml' });
    const order = { key: keyOf(record), record, files: [] };
    const ended = await (kindOf(system, kind).create?.run(order, call()) ?? Promise.reject(new Error('no create'))).catch(
      (error: unknown) => error,
    );
    return { body, ended };
  }

  test('is the document of HTKK in an envelope under our key, in the configured namespace', async () => {
    const { TTChung: head } = await sample('first-tax-code', 1);
    const key = String((head as JsonObject).MTDiep);
    const record = {
      TTChung: { MTDiep: key },
      TKhaiThue: { ngayLapTKhai: '2026-11-24', nhanKQQuaBuuDien: true },
      NNT: { tenNNT: 'VÕ & MẪU' },
      CTieuTKhaiChinh: { CT4: { ct4_ma: '2' }, ct3_namSinh: '1999-03-03', ct1_hoTen: 'VÕ & MẪU' },
    };
    const { body, ended } = await send(told(key, '1'), record);
    expect(ended).toEqual({ is: 'done', id: key, version: null, sequence: null });
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        `<TDiep><TTChung><MNGui>H12</MNGui><MNNhan>TCT</MNNhan><MTDiep>${key}</MTDiep><SLuong>1</SLuong></TTChung><DLieu>` +
        `<HSoThueDTu xmlns="${NAMESPACE}"><HSoKhaiThue><TTinChung><TTinDVu/><TTinTKhaiThue>` +
        '<TKhaiThue><maTKhai>905</maTKhai><tenTKhai>Tờ khai đăng ký thuế</tenTKhai><moTaBMau>05-ĐK-TCT</moTaBMau>' +
        '<loaiTKhai>C</loaiTKhai><soLan>0</soLan><ngayLapTKhai>2026-11-24</ngayLapTKhai><nhanKQQuaBuuDien>true</nhanKQQuaBuuDien></TKhaiThue>' +
        '<NNT><tenNNT>VÕ &amp; MẪU</tenNNT></NNT></TTinTKhaiThue></TTinChung>' +
        '<CTieuTKhaiChinh><ct1_hoTen>VÕ &amp; MẪU</ct1_hoTen><ct3_namSinh>1999-03-03</ct3_namSinh><CT4><ct4_ma>2</ct4_ma></CT4>' +
        '</CTieuTKhaiChinh></HSoKhaiThue></HSoThueDTu></DLieu></TDiep>',
    );
  });

  test.each([
    ['a missing name', { ct1_hoTen: '' }, 'CTieuTKhaiChinh', 'xsd.order'],
    ['a gender of another form', { CT4: { ct4_ma: '3' } }, 'CTieuTKhaiChinh.CT4.ct4_ma', 'xsd.enum'],
    ['a birth date in another format', { ct3_namSinh: '03/03/1999' }, 'CTieuTKhaiChinh.ct3_namSinh', 'xsd'],
    ['a tax code of eleven digits', { CT10: { ct10_mst: '09919900001' } }, 'CTieuTKhaiChinh.CT10.ct10_mst', 'xsd.pattern'],
  ])('with %s is refused by field before anything leaves, and no value stands in the error', async (_what, changed, path, code) => {
    const record = await sample('first-tax-code', 1);
    const spoiled = { ...record, CTieuTKhaiChinh: { ...(record.CTieuTKhaiChinh as JsonObject), ...changed } };
    const { body, ended } = await send(told(keyOf(record), '1'), spoiled);
    expect(body).toBe('');
    expect(ended).toMatchObject({ detail: { kind: 'refused', scope: 'record', code: 'submit.schema' } });
    const { issues } = (ended as { detail: { issues: readonly { path: string; code: string }[] } }).detail;
    expect(issues.some((issue) => issue.path.startsWith(path) && issue.code.startsWith(code))).toBe(true);
    expect(JSON.stringify(issues)).not.toMatch(/VÕ VĂN|03\/03|0991990/u);
  });

  test.each(['9912345671', '9912345671-001', '9912345671001', '099199000011'])('takes %s for a tax code (T11)', async (mst) => {
    const record = await sample('first-tax-code', 1);
    const spoken = { ...record, CTieuTKhaiChinh: { ...(record.CTieuTKhaiChinh as JsonObject), CT10: { ct10_mst: mst } } };
    const { body, ended } = await send(told(keyOf(record), '1'), spoken);
    expect(ended).toMatchObject({ is: 'done' });
    expect(body).toContain(`<ct10_mst>${mst}</ct10_mst>`);
  });

  test.each([
    ['another message', told('H12.41-261124-9999', '1'), { kind: 'unsure', code: 'submit.other-message' }],
    [
      'no message',
      '<TDiep><TTChung><MLTDiep>102</MLTDiep></TTChung><DLieu><TBao><THop>1</THop></TBao></DLieu></TDiep>',
      { kind: 'unsure' },
    ],
    ['an entity bomb', `<!DOCTYPE a [<!ENTITY b "c">]>${told('H12.41-261124-0001', '1')}`, { kind: 'unsure' }],
    ['a page', '<html><body>1</body></html>', { kind: 'unsure' }],
    ['JSON', '{"TDiep":{"TTChung":{"MLTDiep":"102"},"DLieu":{"TBao":{"THop":"1"}}}}', { kind: 'unsure' }],
    ['a success nobody knows', told('H12.41-261124-0001', '9'), { kind: 'unknown' }],
    ['words that sound like a double', told('H12.41-261124-0001', '2', 'KHAC', 'Hồ sơ đã tồn tại'), { kind: 'unknown' }],
    ['words of absence', told('H12.41-261124-0001', '2', '', 'Cơ quan thuế không tồn tại'), { kind: 'unknown' }],
    [
      'a person who has a code',
      told('H12.41-261124-0001', '2', 'X', 'Cá nhân ĐÃ CÓ mã số thuế'),
      { kind: 'refused', code: 'answers.submit.has-tax-code' },
    ],
    [
      'a person the registry does not know so',
      told('H12.41-261124-0001', '2', 'X', 'Không khớp CSDL dân cư'),
      { kind: 'refused', code: 'answers.submit.population' },
    ],
  ])('answered by %s is no success', async (_what, answer, detail) => {
    const { ended } = await send(answer, await sample('first-tax-code', 1));
    expect(ended).toMatchObject({ name: 'Trouble', detail });
  });

  test('answered in one sentence about several fields is refused field by field', async () => {
    const words = 'Ngày sinh người đăng ký không đúng định dạng; Cơ quan thuế nơi nộp không có trong danh mục';
    const { ended } = await send(told('H12.41-261124-0001', '2', 'CHITIEU', words), await sample('first-tax-code', 1));
    expect((ended as { detail: { issues: unknown } }).detail.issues).toMatchObject([
      { path: 'CTieuTKhaiChinh.ct3_namSinh', code: 'format' },
      { path: 'TKhaiThue.maCQTNoiNop', code: 'not-in-list' },
    ]);
  });

  test('of a form whose code nobody has named is not sent at all', () => {
    expect(kindOf(system, 'business-tax').create).toBeDefined();
    const { create, read, acts } = kindOf(system, 'dependant');
    expect({ create, read, acts }).toEqual({});
  });
});

describe('without a gateway', () => {
  test('nothing is sent, read or heard, and the kinds stand ready to be typed by hand', async () => {
    const system = await openTax({});
    for (const [name, kind] of Object.entries(system.kinds)) {
      const screens = name.startsWith('land-') ? [] : ['screens'];
      expect(Object.keys(kind).sort()).toEqual(['name', 'normalises', 'ordered', 'readLagMs', 'schema', ...screens].sort());
    }
    expect(kindOf(system, 'first-tax-code').screens?.screens.map(({ title }) => title)).toContain('7. Địa chỉ nơi thường trú');
    expect(await system.probe(call())).toMatchObject([{ hop: 'gateway', ok: true }]);
    await system.close();
  });

  test('a gateway without an address is refused at the start', async () => {
    await expect(openTax({ gateway: { namespace: NAMESPACE } })).rejects.toMatchObject({ name: 'SetupFault' });
  });
});

describe('at the simulated office', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  test('what was asked for goes as a message of its own that refers to the first, once', async () => {
    const key = await sent(world, 1);
    world.simulator.advance('first-tax-code', key, '6', { KQua: { MTLoi: 'Thiếu ngày cấp' } });
    const record = await sample('first-tax-code', 1);
    const CTieuTKhaiChinh = { ...(record.CTieuTKhaiChinh as JsonObject), CT9: { ct9_dienThoai: '0900000009' } };
    const order = { id: key, key, actKey: 'lien-ket#supplement#3', record: { ...record, CTieuTKhaiChinh }, files: [] };
    const act = world.kind('first-tax-code').acts?.supplement;
    expect((await act?.run(order, call()))?.is).toBe('done');
    expect((await act?.run(order, call()))?.is).toBe('already');
    const seen = await readOne(world.system, key);
    expect(seen?.record).toMatchObject({
      TTChung: { MTDiep: key },
      TKhaiThue: { loaiTKhai: 'B' },
      CTieuTKhaiChinh: { CT9: { ct9_dienThoai: '0900000009' } },
      KQua: { TThai: '3' },
    });
    expect(world.simulator.received().map(({ verb }) => verb)).toEqual(['create', 'supplement']);
  });

  test('where twins are said to be taken, a second sending is declared unsafe', async () => {
    await world.close();
    world = await startWorld({ unsafe: true }, { twins: 'accepted' });
    expect(world.kind('dependant').create?.repeat).toBe('unsafe');
    await sent(world, 1, 'dependant');
    await sent(world, 1, 'dependant');
    expect(world.simulator.records('dependant')).toHaveLength(2);
  });
});
