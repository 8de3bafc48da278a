import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf, headersOf, type LandSimulator } from '../../adapters/land/simulator.ts';
import type { JsonObject } from '../../src/kit/index.ts';
import { openProvince, type Province } from '../sync/province.ts';

/** A land dossier through the real engine: handed over once, then heard message by message until the citizen has the result. */

const CODE = 'H12.31-261102-0701';
const dossier: JsonObject = {
  ...{ code: CODE, procedure: '1.012781', agency: 'H12.31', status: 2, revision: 1, form: 'land-registration@1', files: [] },
  ...{ receivedAt: '2026-11-02T01:00:00.000Z', dueAt: '2026-11-16T10:00:00.000Z' },
  applicant: { kind: 'citizen', fullName: 'Lê Văn Mẫu', identityNumbers: [{ kind: 'personal-id', number: '099090000012' }] },
  data: {
    property: { province: '96', ward: '31825', wardVersion: '2025', detail: 'Khóm Mẫu' },
    parcels: [{ sheet: '12', number: '345', areaSquareMetres: 120.5 }],
  },
};
const PAPER = Buffer.from('%PDF-1.4 giấy chứng nhận mẫu', 'utf8');

let province: Province;
let land: LandSimulator;
let nonces = 0;
beforeEach(async () => {
  province = await openProvince({ others: ['land'] });
  land = province.simulator('land') as LandSimulator;
});
afterEach(() => province.close());

/** The land system moves on and says so; `ageMs` ago, where the message is late. */
async function said(stage: string, part: JsonObject, at?: number) {
  land.advance('registration', CODE, stage, { [stage]: part });
  return heard(land.records('registration').find(({ id }) => id === CODE)?.record ?? {}, at);
}
async function heard(record: JsonObject, at = Date.parse('2026-11-03T01:00:00Z') + ++nonces * 60_000) {
  const body = bodyOf(record, at);
  const now = at;
  const headers = headersOf(now, `nonce-${String(++nonces).padStart(6, '0')}`, body);
  const answer = await province.engine.hear('land', 'registration', {
    ...{ method: 'POST', path: '/callbacks/land', headers, body, receivedAt: now },
  });
  await province.later();
  return answer;
}
async function seen() {
  return province.store.read(async (tx) => ({
    dossier: (await tx.dossiers.load([CODE])).get(CODE),
    leg: (await tx.links.ofDossiers([CODE])).find(({ system }) => system === 'land'),
    holds: (await tx.holds.page({ code: CODE, open: true }, null, 10)).map(({ kind }) => kind),
    phases: (await tx.progress.ofDossiers([CODE])).flatMap(({ kind, name, link }) =>
      kind === 'phase' && link?.includes('land') === true ? [name] : [],
    ),
  }));
}
const atOneStop = (): JsonObject => province.oneStop.records('land-registration').find(({ id }) => id === CODE)?.record as JsonObject;

async function handedIn(): Promise<void> {
  await province.typedWhole(dossier);
  for (let look = 0; look < 3; look += 1) await province.later();
}

describe('a land dossier', () => {
  test('goes out once, in the words of the land system', async () => {
    await handedIn();
    expect(land.records('registration')).toMatchObject([
      {
        id: CODE,
        record: {
          ...{ SoBienNhan: CODE, MaHoSoMotCua: CODE, TinhId: '96', XaId: '31825', NgayTiepNhan: '02/11/2026 08:00:00' },
          ...{ NgayHenTra: '16/11/2026 17:00:00', ThongTinNguoiNopDon: { HoTen: 'Lê Văn Mẫu', SoChungMinh: '099090000012' } },
          ThongTinThuaDat: [{ SoThuTuThua: '345', SoHieuBanDo: '12', DienTich: 120.5 }],
        },
      },
    ]);
    for (let look = 0; look < 4; look += 1) await province.later();
    expect(land.received().map(({ verb }) => verb)).toEqual(['create']);
    expect(await seen()).toMatchObject({ leg: { situation: 'linked', phase: 'sent', externalId: CODE }, holds: [] });
  });

  test('is there once though the answer was lost', async () => {
    land.setFaults({ loseAnswer: 1 });
    await handedIn();
    land.setFaults({ loseAnswer: 0 });
    for (let look = 0; look < 4; look += 1) await province.later();
    expect(land.received().map(({ verb }) => verb)).toEqual(['create']);
    expect((await seen()).leg).toMatchObject({ situation: 'linked', externalId: CODE });
  });

  test('is followed message by message to its result, which stands with its paper at the one-stop', async () => {
    await handedIn();
    await said('LuanChuyenHoSo', { MaTrangThai: 2, NoiDungXuLy: 'Đang thẩm định', NgayChuyen: '03/11/2026 08:00:00' });
    expect(atOneStop()).toMatchObject({ status: 4, results: { land: { state: '2', note: 'Đang thẩm định' } } });
    await said('DongBoKetQuaThue', {
      NgayCoKetQuaThue: '04/11/2026 08:00:00',
      DanhSachThongBaoThue: [{ SoThongBaoThue: 'TB-1', LoaiThue: 'Lệ phí trước bạ', DuongDanThongBaoThue: `${land.baseUrl}/tep/tb` }],
    });
    expect(atOneStop()).toMatchObject({ status: 6, data: { notices: [{ number: 'TB-1', kind: 'Lệ phí trước bạ' }] } });
    await said('LuanChuyenHoSo', { MaTrangThai: 3, NoiDungXuLy: 'Đã nộp thuế', NgayChuyen: '05/11/2026 08:00:00' });
    const DuongDan = land.putPaper(PAPER);
    await said('KetThuc', {
      ...{ NgayKetThuc: '06/11/2026 08:00:00', TrangThaiKetThuc: 1 },
      DanhSachGiayToKetQua: [{ TenGiayTo: 'Giấy chứng nhận', DuongDan }],
    });
    const { holds, phases, leg } = await seen();
    expect(holds).toEqual([]);
    expect(phases).toEqual(['sent', 'assigned', 'payment', 'assigned', 'issued']);
    expect(leg).toMatchObject({ phase: 'issued' });
    expect(atOneStop()).toMatchObject({
      status: 9,
      data: { papers: [{ name: 'Giấy chứng nhận', url: DuongDan }] },
      results: { land: { outcome: '1', endedAt: '2026-11-06T01:00:00.000Z', paper: { sizeBytes: PAPER.length } } },
    });
    province.oneStop.advance('land-registration', CODE, '10');
    await province.later();
    await province.later();
    expect(land.received().map(({ verb }) => verb)).toEqual(['create', 'hand-over']);
    expect(await seen()).toMatchObject({ holds: [], leg: { phase: 'handed-over', situation: 'ended' } });
  });

  test('for which more is asked waits at the citizen, and goes on once it was supplied', async () => {
    await handedIn();
    await said('ChoBoSung', { NgayChoBoSung: '03/11/2026 08:00:00', LaTamDung: true });
    expect(atOneStop()).toMatchObject({ status: 5, results: { land: { paused: true } } });
    province.oneStop.advance('land-registration', CODE, '2', { dueAt: '2026-11-20T10:00:00.000Z' });
    await province.later();
    expect(land.received().map(({ verb }) => verb)).toEqual(['create', 'supplement']);
    expect(land.records('registration')[0]?.record).toMatchObject({ DaBoSung: { NgayHenTraMoi: '20/11/2026 17:00:00' } });
    expect(await seen()).toMatchObject({ holds: [], leg: { phase: 'assigned' } });
  });

  test.each(['NhapSaiThuTuc', 'ThueChuyenTraHoSoDoSai'])('of which the land system says %s waits for a person', async (name) => {
    await handedIn();
    await said(name, { GhiChu: 'Sai mẫu' });
    expect((await seen()).holds).toHaveLength(1);
    expect(atOneStop()).toMatchObject({ status: 4 });
  });

  test('whose end has a code that nobody has named waits for a person, and is not called done (T18)', async () => {
    await handedIn();
    await said('KetThuc', { TrangThaiKetThuc: '9' });
    expect(await seen()).toMatchObject({ holds: [expect.any(String)], leg: { phase: 'sent' } });
    expect(atOneStop()).not.toMatchObject({ status: 9 });
  });

  test('is told again and out of order, and what was said first does not come back', async () => {
    await handedIn();
    const earlier = Date.parse('2026-11-03T01:00:00Z');
    await said('DaBoSung', { NgayNhanBoSung: '03/11/2026 09:00:00' }, earlier + 3_600_000);
    const [row] = land.records('registration');
    await heard({ ...row?.record, trangThai: 'ChoBoSung', ChoBoSung: { LaTamDung: true } }, earlier);
    expect(await seen()).toMatchObject({ leg: { phase: 'assigned' } });
  });

  test('about which nobody knows is not acknowledged', async () => {
    expect((await heard({ SoBienNhan: 'H12.31-261102-0999', trangThai: 'LuanChuyenHoSo', LuanChuyenHoSo: {} })).unknown).toBeGreaterThan(0);
  });
});
