import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KIND_NAMES } from '../../adapters/business-registration/wire.ts';
import type { Json } from '../../src/kit/index.ts';
import { checkRecord } from '../../src/kit/schema.ts';
import { kindOf, openRegistry, readOf, sample, startWorld, type World } from './world.ts';

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
/** A look-up answered with this body, whatever was asked. */
async function answered(body: Json, kind = 'household-registration', id = '099000000001') {
  if (!nock.isActive()) nock.activate();
  nock(HOST)
    .get(/./)
    .query(true)
    .reply(200, body as nock.Body)
    .persist();
  const system = await openRegistry({ baseUrl: HOST, retryReads: 0 });
  try {
    return (await readOf(system, kind, [id])).get(id);
  } finally {
    await system.close();
  }
}
const household = (more: object = {}) => ({ HHCert: [{ MaSoHKD: '099000000001', TenTiengViet: 'Hộ kinh doanh Mẫu', ...more }] });
const enterprise = (more: object = {}) => ({ GetEntCert: [{ MaSoDoanhNghiep: '9912345671', ...more }] });

describe('T12: codes that lost their zeros', () => {
  test('whole numbers come back as text of two, three, five and four digits', async () => {
    const seen = await answered(
      household({
        DiaChiTruSo: [{ DiaChi: [{ MaTinhThanh: 1, MaQuanHuyen: 7, MaPhuongXa: 268 }] }],
        NganhNgheKinhDoanh: [{ MaNganh: 111, LaNganhChinh: 1 }],
      }),
    );
    expect(seen?.record).toMatchObject({
      DiaChiTruSo: { DiaChi: { MaTinhThanh: '01', MaQuanHuyen: '007', MaPhuongXa: '00268' } },
      NganhNgheKinhDoanh: [{ MaNganh: '0111', LaNganhChinh: '1' }],
    });
  });

  test('a float in text is the code it was', async () => {
    const seen = await answered(household({ DiaChiTruSo: [{ DiaChi: [{ MaTinhThanh: '96.0', MaPhuongXa: '31813.0' }] }] }));
    expect(seen?.record.DiaChiTruSo).toEqual({ DiaChi: { MaTinhThanh: '96', MaPhuongXa: '31813' } });
  });

  test('a district that is 0 is no district, and not "000"', async () => {
    const seen = await answered(household({ DiaChiTruSo: [{ DiaChi: [{ MaTinhThanh: 96, MaQuanHuyen: 0 }] }] }));
    expect(seen?.record.DiaChiTruSo).toEqual({ DiaChi: { MaTinhThanh: '96' } });
    expect(seen?.covers).toContain('DiaChiTruSo.DiaChi.MaQuanHuyen');
  });
});

describe('T16: a household that is known by more than one code', () => {
  test('the 12-digit tax code is asked for first, the older code only where it finds nothing', async () => {
    nock.activate();
    const asked: string[] = [];
    nock(HOST)
      .get('/apiDKKD/HoKinhDoanh/chiTietHoKinhDoanh')
      .query(({ mst }) => asked.push(String(mst)) > 0)
      .reply(200, () => (asked.at(-1) === '9912345671' ? { HHCert: [{ MaSoHKD: '9912345671' }] } : { HHCert: [] }))
      .persist();
    const system = await openRegistry({ baseUrl: HOST, retryReads: 0 });
    const id = '9912345671, 099000000001';
    const seen = await readOf(system, 'household-registration', [id]);
    await system.close();
    expect(asked).toEqual(['099000000001', '9912345671']);
    expect(seen.get(id)?.record.MaSoHKD).toBe('9912345671');
  });

  test('a household asked for by its owner’s personal ID may still state its older code', async () => {
    const seen = await answered({ HHCert: [{ MaSoHKD: '9912345671', ChuHoKinhDoanh: [{ SoGiayChungThuc: '099000000001' }] }] });
    expect(seen?.record.MaSoHKD).toBe('9912345671');
  });

  test('a record of somebody else is never taken for the one asked for', async () => {
    await expect(answered({ HHCert: [{ MaSoHKD: '9912345671' }] })).rejects.toMatchObject({ detail: { code: 'element.another' } });
  });
});

describe('T9: what an answer may be', () => {
  test('an empty list is "not there yet", for a household and for an enterprise', async () => {
    expect(await answered({ HHCert: [] })).toBeNull();
    nock.cleanAll();
    expect(await answered({ GetEntCert: [] }, 'enterprise-registration', '9912345671')).toBeNull();
  });

  test.each([
    ['a code of failure in a 200', { error_code: '-3', HHCert: [] }, 'unknown'],
    ['a sentence nobody knows', { message: 'Hệ thống đang bận' }, 'unknown'],
    ['an answer without its list', {}, 'unknown'],
    ['a list that is none', { HHCert: 'không có' }, 'unknown'],
  ])('%s is neither a record nor "not there"', async (_, body, kind) => {
    await expect(answered(body)).rejects.toMatchObject({ detail: { kind } });
  });

  test('two records under one code are nobody’s to choose from', async () => {
    const [one] = household().HHCert;
    await expect(answered({ HHCert: [one, one] } as Json)).rejects.toMatchObject({ detail: { code: 'element.twins' } });
  });

  test('several places of business where one is due wait for a person', async () => {
    const places = [{ DiaChi: [{ MaPhuongXa: 32041 }] }, { DiaChi: [{ MaPhuongXa: 32014 }] }];
    await expect(answered(household({ DiaChiTruSo: places }))).rejects.toMatchObject({ detail: { kind: 'unknown', scope: 'record' } });
  });

  test('one unreadable record spoils no other', async () => {
    nock.activate();
    nock(HOST)
      .get(/./)
      .query(true)
      .reply(200, (uri) => (uri.includes('099000000002') ? { HHCert: [{ TenTiengViet: 'không mã' }] } : household()))
      .persist();
    const system = await openRegistry({ baseUrl: HOST, retryReads: 0 });
    const seen = await readOf(system, 'household-registration', ['099000000002', '099000000001']);
    await system.close();
    expect([...seen.keys()]).toEqual(['099000000001']);
  });
});

describe('T19: what the registry does not say', () => {
  test('several legal states leave the state unseen, since none says that it holds now', async () => {
    const states = [{ TinhTrangPhapLy: 'Tạm ngừng kinh doanh' }, { TinhTrangPhapLy: 'Đang hoạt động' }];
    const seen = await answered(enterprise({ TinhTrangPhapLy: states }), 'enterprise-registration', '9912345671');
    expect(seen?.record).not.toHaveProperty('TinhTrangPhapLy');
    expect(seen?.covers).not.toContainEqual(expect.stringMatching(/^TinhTrangPhapLy/u));
  });

  test('what was only typed is never stated, so it is unseen and not absent', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('household-registration', await sample('household-registration', 1));
    const seen = await here.readOne('household-registration', id);
    expect(here.simulator.records('household-registration')[0]?.record).toHaveProperty('ToKhai.MaHoSo');
    expect(seen?.record).not.toHaveProperty('ToKhai');
    expect(seen?.covers).not.toContainEqual(expect.stringMatching(/^ToKhai/u));
  });

  test('a field stated as null is covered and has no value', async () => {
    const seen = await answered(household({ TenVietTat: null }));
    expect(seen?.record).not.toHaveProperty('TenVietTat');
    expect(seen?.covers).toContain('TenVietTat');
    expect(seen?.covers).not.toContain('TenNuocNgoai');
  });

  test('no time is stated, so none is given', async () => {
    expect(await answered(household())).toMatchObject({ statedAt: null, sequence: null });
  });
});

describe('what an official types back', () => {
  test('the code of a registration shows it, and the same code with a later change does not yet', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('household-registration', await sample('household-registration', 1));
    expect((await here.readOne('household-registration', id))?.record.KetQuaTraCuu).toBe('co-ban-ghi');
    expect(await here.readOne('household-change', `${id}/1`)).toBeNull();
  });

  test('a change is seen from the number of change on, with what was changed', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('household-registration', await sample('household-registration', 1));
    const changed = here.simulator.typeByHand('household-change', { MaSoHKD: id, TenTiengViet: 'Hộ kinh doanh Tên Mới' });
    expect(changed).toBe(`${id}/1`);
    const seen = await here.readOne('household-change', changed);
    expect(seen?.record).toMatchObject({ TenTiengViet: 'Hộ kinh doanh Tên Mới', SoLanDangKyThayDoi: 1 });
    expect(here.simulator.records('household-registration')).toHaveLength(1);
  });

  test('a suspension and an end show the legal state of the same household', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('household-registration', await sample('household-registration', 1));
    here.simulator.typeByHand('household-suspension', { MaSoHKD: id, TinhTrangPhapLy: { NgayBatDauTamNgung: '01/12/2026' } });
    expect((await here.readOne('household-suspension', id))?.record.TinhTrangPhapLy).toEqual({
      NgayBatDauTamNgung: '01/12/2026',
      TinhTrangPhapLy: 'Tạm ngừng kinh doanh',
    });
    here.simulator.typeByHand('household-end', { MaSoHKD: id });
    expect((await here.readOne('household-end', id))?.record).toHaveProperty(
      'TinhTrangPhapLy.TinhTrangPhapLy',
      'Đã giải thể, phá sản, chấm dứt tồn tại',
    );
  });

  test('a suspension is known by its first day, so that a later one of the same household is another', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('household-registration', await sample('household-registration', 1));
    const first = here.simulator.typeByHand('household-suspension', { MaSoHKD: id, TinhTrangPhapLy: { NgayBatDauTamNgung: '01/12/2026' } });
    expect(first).toBe(`${id}/01122026`);
    expect((await here.readOne('household-suspension', first))?.id).toBe(first);
    const later = here.simulator.typeByHand('household-suspension', { MaSoHKD: id, TinhTrangPhapLy: { NgayBatDauTamNgung: '01/06/2027' } });
    expect(later).toBe(`${id}/01062027`);
    expect(await here.readOne('household-suspension', first)).toBeNull();
    expect((await here.readOne('household-suspension', later))?.id).toBe(later);
  });

  test('a suspension whose first day is not stated is seen, and its day stays unseen', async () => {
    const seen = await answered(
      household({ TinhTrangPhapLy: [{ TinhTrangPhapLy: 'Tạm ngừng kinh doanh' }] }),
      'household-suspension',
      '099000000001/01122026',
    );
    expect(seen?.record.TinhTrangPhapLy).toEqual({ TinhTrangPhapLy: 'Tạm ngừng kinh doanh' });
    expect(seen?.covers).not.toContain('TinhTrangPhapLy.NgayBatDauTamNgung');
  });

  test('what was typed and is not visible yet is "not there", and visible later', async () => {
    let now = 1_790_000_000_000;
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const here = await start({
      clock,
      faults: { landLate: 1, lateMs: 60_000 },
      config: { auth: { kind: 'oauth2+lgsp', ...(await keys()) } },
    });
    const id = here.simulator.typeByHand('household-registration', await sample('household-registration', 1));
    expect(await here.readOne('household-registration', id)).toBeNull();
    now += 60_000;
    expect((await here.readOne('household-registration', id))?.id).toBe(id);
  });

  test.each(KIND_NAMES)('a %s as stated fits its schema, and equal statements have equal versions', async (kind) => {
    const here = await start({ faults: { seed: 5, shuffle: 0.5 } });
    const id = here.simulator.typeByHand(kind, await sample(kind, 1));
    const [one, two] = [await here.readOne(kind, id), await here.readOne(kind, id)];
    expect(one?.version).toBe(two?.version);
    expect(checkRecord(kindOf(here.system, kind).schema, one?.record ?? {})).toEqual([]);
  });
});

describe('the gateway', () => {
  test('a token that ended early is renewed once, and the read is answered', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('household-registration', await sample('household-registration', 1));
    await here.readOne('household-registration', id);
    here.simulator.forgetTokens();
    expect((await here.readOne('household-registration', id))?.id).toBe(id);
  });

  test('a wrong platform key is for the integrator, after one renewal', async () => {
    const here = await start();
    const { oauth2, lgsp } = await keys();
    const wrong = await openRegistry({
      ...here.simulator.config,
      auth: { kind: 'oauth2+lgsp', oauth2, lgsp: { ...lgsp, secretKey: 'khoa-sai' } },
    });
    const before = here.simulator.counted().calls;
    await expect(readOf(wrong, 'household-registration', ['099000000001'])).rejects.toMatchObject({
      detail: { kind: 'setup', scope: 'system' },
    });
    expect(here.simulator.counted().calls - before).toBe(4); // two log-ins, two look-ups
    await wrong.close();
  });
});

async function keys() {
  const { CLIENT, KEYS } = await import('../../adapters/business-registration/simulator/gateway.ts');
  return { oauth2: CLIENT, lgsp: KEYS };
}
