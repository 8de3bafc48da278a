import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/kit/index.ts';
import { dossier, openTaxProvince, type TaxProvince } from './province.ts';

const CODE = 'H12.31-261120-0901';
const row = (more: JsonObject = {}): JsonObject => ({
  ...{
    MA_SO_THUE: '099090000012',
    SO_QUYET_DINH: 'TB-1',
    NGAY_QUYET_DINH: '24-11-2026',
    TEN_TIEUMUC: 'Lệ phí trước bạ',
    SO_TIEN: '1500000',
  },
  ...more,
});
const notice = (...rows: readonly JsonObject[]): JsonObject => ({
  MaHoSo: CODE,
  loaiThongDiep: 'ThongBaoThue',
  ThongBaoThue: { IsUpdating: false, ROW_LIST: [...rows] },
});
const receipt: JsonObject = {
  MaHoSo: CODE,
  loaiThongDiep: 'ChungTuThue',
  ChungTuThue: {
    HoTenNguoiNopTien: 'Lê Văn Mẫu',
    ThongTinThanhToan: { ThoiGianThanhToan: '20261125091500', MaThongBaoThue: 'TB-1', SoTien: '1500000' },
  },
};
const land = dossier(CODE, 'land-obligation@1', '1.012783', {
  request: { kind: 'transfer' },
  payer: { fullName: 'Lê Văn Mẫu', personalId: '099090000012' },
});
const person = (more: JsonObject = {}) =>
  dossier(CODE, 'first-tax-code@1', '1.008498', {
    registration: { date: '2026-11-20' },
    person: {
      ...{
        fullName: 'Lâm Thị Ví Dụ',
        birthDate: '1999-12-01',
        sex: 'female',
        papers: [{ kind: 'personal-id-card', number: '099199000011' }],
      },
      ...more,
    },
  });

let province: TaxProvince;
beforeEach(async () => {
  province = await openTaxProvince();
});
afterEach(() => province.close());

describe('a first tax code', () => {
  test('goes out once, is issued, and stands at the one-stop; the person stays as the official typed her (T23)', async () => {
    await province.typed(person());
    await province.later();
    expect(province.tax.records('first-tax-code').map(({ key, record }) => [key, record.NNT])).toEqual([
      [CODE, { tenNNT: 'LÂM THỊ VÍ DỤ' }],
    ]);
    for (const stage of ['3', '4']) {
      province.tax.advance('first-tax-code', CODE, stage);
      await province.later();
    }
    const { dossier: hub, legs, holds } = await province.rows(CODE);
    expect(holds).toEqual([]);
    expect(hub?.body.results).toMatchObject({ tax: { taxCode: '099199000011', office: 'Thuế cơ sở Mẫu' } });
    expect(hub?.body.data).toMatchObject({ person: { fullName: 'Lâm Thị Ví Dụ', sex: 'female' } });
    expect(legs.get('tax.first-tax-code')).toMatchObject({ phase: 'issued', trust: 'verified', situation: 'linked' });
    expect(province.atOneStop('first-tax-code', CODE)).toMatchObject({
      results: { tax: { taxCode: '099199000011' } },
      status: 9,
    });
    expect(province.tax.received().map(({ verb }) => verb)).toEqual(['create']);
  });

  test('of a person whose ward has no code of the tax office waits, and nothing is sent', async () => {
    await province.typed(person({ residence: { province: '96', ward: '32041', wardVersion: '2025' } }));
    await province.later();
    expect((await province.rows(CODE)).holds).toEqual(['unknown-code', 'unknown-code']);
    expect(province.tax.received()).toEqual([]);
  });

  test('for which more is asked goes again once the official has supplied it', async () => {
    await province.typed(person());
    await province.later();
    province.tax.advance('first-tax-code', CODE, '6', { KQua: { MTLoi: 'Thiếu ngày cấp căn cước' } });
    await province.later();
    expect((await province.rows(CODE)).dossier?.status).toBe(5);
    expect(province.atOneStop('first-tax-code', CODE)).toMatchObject({ results: { tax: { note: 'Thiếu ngày cấp căn cước' } } });
    const papers = [{ kind: 'personal-id-card', number: '099199000011', date: '2022-06-10' }];
    province.oneStop.advance('first-tax-code', CODE, '2', { data: { person: { papers } } });
    await province.later();
    expect(province.tax.received().map(({ verb }) => verb)).toEqual(['create', 'supplement']);
    expect(province.tax.records('first-tax-code')[0]?.record).toMatchObject({
      TKhaiThue: { loaiTKhai: 'B' },
      CTieuTKhaiChinh: { CT6: { TTinGiayTo: [{ ct6_soGiayTo: '099199000011', ct6_ngayCap: '2022-06-10' }] } },
      KQua: { TThai: '3' },
    });
    expect((await province.rows(CODE)).holds).toEqual([]);
  });
});

describe('the financial obligation of a land dossier', () => {
  beforeEach(async () => {
    await province.typed(land);
    await province.later();
  });

  test('nothing is sent for it: the one-stop hands it in, and motlan listens', async () => {
    expect(province.tax.received()).toEqual([]);
    expect((await province.rows(CODE)).holds).toEqual([]);
  });

  test('notice: the lines stand in the dossier and at the one-stop, which asks for payment', async () => {
    expect(await province.heard(notice(row(), row({ TEN_TIEUMUC: 'Thuế TNCN', SO_TIEN: '2.000.000' })))).toEqual({
      touches: 2,
      replayed: false,
      unknown: 0,
    });
    await province.later();
    const { dossier: hub, legs, holds } = await province.rows(CODE);
    expect(holds).toEqual([]);
    expect(hub?.body.data.notices).toEqual([
      {
        line: 'TB-1/Lệ phí trước bạ',
        number: 'TB-1',
        date: '2026-11-24',
        item: 'Lệ phí trước bạ',
        amount: 1_500_000,
        taxCode: '099090000012',
      },
      { line: 'TB-1/Thuế TNCN', number: 'TB-1', date: '2026-11-24', item: 'Thuế TNCN', amount: 2_000_000, taxCode: '099090000012' },
    ]);
    expect(hub?.status).toBe(6);
    expect([...legs].map(([name, { phase }]) => [name, phase]).filter(([name]) => String(name).startsWith('tax.'))).toEqual(
      expect.arrayContaining([
        ['tax.land-notice', 'issued'],
        ['tax.land-payment', 'payment'],
      ]),
    );
    expect(province.atOneStop('land-obligation', CODE)).toMatchObject({
      data: { notices: [{ amount: 1_500_000 }, { amount: 2_000_000 }] },
      status: 6,
    });
  });

  test('receipt: the payment stands beside the notice, and the dossier goes on', async () => {
    await province.heard(notice(row()));
    await province.later();
    await province.heard(receipt);
    await province.later();
    const { dossier: hub, holds } = await province.rows(CODE);
    expect(holds).toEqual([]);
    expect(hub?.status).toBe(4);
    expect(hub?.body.results).toMatchObject({ tax: { payment: { amount: 1_500_000, at: '2026-11-25T02:15:00.000Z', notice: 'TB-1' } } });
    expect(hub?.body.data.notices).toHaveLength(1);
  });

  test('the same message twice is one message', async () => {
    await province.heard(notice(row()), { nonce: 'nonce-aaaaaa' });
    expect(await province.heard(notice(row()), { nonce: 'nonce-aaaaaa' })).toEqual({ touches: 0, replayed: true, unknown: 0 });
  });

  test('a notice that its receipt overtook loses nothing, and the dossier is not asked to pay again', async () => {
    await province.heard(receipt);
    await province.later();
    await province.heard(notice(row()), { ageMs: 200_000 });
    await province.later();
    const { dossier: hub, legs } = await province.rows(CODE);
    expect(hub?.body.data.notices).toMatchObject([{ number: 'TB-1', amount: 1_500_000 }]);
    expect(hub?.body.results).toMatchObject({ tax: { payment: { amount: 1_500_000 } } });
    expect(legs.get('tax.land-payment')?.phase).toBe('accepted');
  });

  test('notice and receipt within one breath both arrive', async () => {
    await province.heard(notice(row()));
    await province.heard(receipt);
    await province.later();
    const { dossier: hub } = await province.rows(CODE);
    expect(hub?.body.data.notices).toHaveLength(1);
    expect(hub?.body.results).toMatchObject({ tax: { payment: { amount: 1_500_000 } } });
  });

  test('a request for more stops the clock, with form and content for the official', async () => {
    const asked = { MauSo: '01/CCTT-ĐĐTCQ', SoThongBao: 'CC-7', NgayThongBao: '24-11-2026', NoiDung: 'Thiếu sơ đồ thửa đất' };
    await province.heard({ MaHoSo: CODE, loaiThongDiep: 'ThongBaoBoSung', ThongBaoBoSung: asked });
    await province.later();
    const { dossier: hub, holds } = await province.rows(CODE);
    expect(holds).toEqual([]);
    expect(hub?.status).toBe(5);
    expect(hub?.body.results).toMatchObject({
      tax: { supplement: { form: '01/CCTT-ĐĐTCQ', date: '2026-11-24', content: 'Thiếu sơ đồ thửa đất' } },
    });
  });

  test('a request and the notice that follows it before anybody looked both arrive, in that order', async () => {
    const asked = { MauSo: '01/CCTT-ĐĐTCQ', SoThongBao: 'CC-7', NgayThongBao: '24-11-2026', NoiDung: 'Thiếu sơ đồ thửa đất' };
    await province.heard({ MaHoSo: CODE, loaiThongDiep: 'ThongBaoBoSung', ThongBaoBoSung: asked }, { ageMs: 60_000 });
    await province.heard(notice(row()));
    await province.later();
    const { dossier: hub, holds, progress } = await province.rows(CODE);
    expect(holds).toEqual(['status-step']); // from the supplement straight to the payment: an official says what was between
    expect(hub?.body.results).toMatchObject({ tax: { supplement: { number: 'CC-7', content: 'Thiếu sơ đồ thửa đất' } } });
    expect(hub?.body.data.notices).toMatchObject([{ number: 'TB-1' }]);
    expect(progress.filter(({ kind, link }) => kind === 'phase' && link?.includes('land-notice')).map(({ name }) => name)).toEqual([
      'supplement',
      'issued',
    ]);
  });

  test('a system that says far more than anybody takes in is asked to say it later, and nothing is acknowledged', async () => {
    for (let at = 0; at < 100; at += 1)
      await province.heard(notice(row({ SO_TIEN: String(1_000_000 + at) })), { ageMs: 200_000 - at * 1_000 });
    await expect(province.heard(notice(row({ SO_TIEN: '9000000' })), { nonce: 'nonce-later1' })).rejects.toMatchObject({
      detail: { kind: 'unavailable', code: 'statements.full' },
    });
    await province.later();
    expect((await province.heard(notice(row({ SO_TIEN: '9000000' })), { nonce: 'nonce-later1' })).replayed).toBe(false);
    await province.later();
    expect((await province.rows(CODE)).dossier?.body.data.notices).toMatchObject([{ amount: 9_000_000 }]);
  });

  test('an amount that is no whole đồng is not acknowledged, and leaves no trace', async () => {
    await expect(province.heard(notice(row({ SO_TIEN: '1500000.50' })))).rejects.toMatchObject({ detail: { kind: 'refused' } });
    await province.later();
    const { dossier: hub } = await province.rows(CODE);
    expect(hub?.body.data.notices).toBeUndefined();
    expect(hub?.status).toBe(2);
  });

  test('a later notice that names an earlier line no more takes nothing away unasked', async () => {
    await province.heard(notice(row()));
    await province.later();
    await province.heard(notice(row({ SO_QUYET_DINH: 'TB-2', NGAY_QUYET_DINH: '25-11-2026' })));
    await province.later();
    const { dossier: hub, holds } = await province.rows(CODE);
    expect(holds).toEqual(['emptied']);
    expect(hub?.body.data.notices).toMatchObject([{ number: 'TB-1' }]);
  });

  test('a message about a dossier nobody knows is not acknowledged', async () => {
    expect((await province.heard({ ...notice(row()), MaHoSo: 'H12.31-261120-0999' })).unknown).toBeGreaterThan(0);
  });
});
