import { Ajv2020 } from 'ajv/dist/2020.js';
import nock from 'nock';
import { afterEach, describe, expect, test } from 'vitest';
import { Trouble } from '../../src/kit/index.ts';
import { call, issue, kindOf, openCivilStatus, pushed, readOne, startWorld, type World } from './world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
  nock.cleanAll();
  nock.restore();
});
const start = async (...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world;
};

/** A poll answered with these elements, whatever was asked. */
async function answeredWith(value: unknown, ids: readonly string[], kind = 'birth') {
  if (!nock.isActive()) nock.activate();
  nock('http://127.0.0.1:9').post('/apiLienThongKSKT/1.0/layKetQua').reply(200, { status: 1, value }).persist();
  const system = await openCivilStatus({ baseUrl: 'http://127.0.0.1:9', retryReads: 0 });
  try {
    return await kindOf(system, kind).read?.run(ids, call());
  } finally {
    await system.close();
  }
}
const element = (key: string, more: object = {}) => ({
  maDonVi: '32041',
  maTinh: '96',
  module: 'LTKS',
  maHoSoMCDT: key,
  trangThai: 3,
  thoiGianThucHien: '24/11/2026 08:00:00',
  ketQuaXuLy: null,
  ...more,
});

describe('T8: at most three dossiers a poll', () => {
  test('seven dossiers are read in three calls and every one is answered', async () => {
    const here = await start({ seed: 7, shuffle: 1 });
    const keys: string[] = [];
    for (let n = 1; n <= 7; n += 1) keys.push(await pushed(here, n));
    const before = here.simulator.counted().calls;
    const found = await here.kind('birth').read?.run(keys, call());
    expect(here.simulator.counted().calls - before).toBe(3);
    expect(keys.map((key) => found?.get(key)?.record.maHoSoMCDT)).toEqual(keys);
  });

  test('answers in another order still belong to their own dossiers', async () => {
    const found = await answeredWith(
      [element('C', { trangThai: 7 }), element('A', { trangThai: 1 }), element('B', { trangThai: 2 })],
      ['A', 'B', 'C'],
    );
    expect(['A', 'B', 'C'].map((id) => found?.get(id)?.record.trangThai)).toEqual(['1', '2', '7']);
  });

  test('a dossier left out of a short answer is not answered, and not "not there"', async () => {
    const found = await answeredWith([element('B'), { trangThai: 4 }, 'rác'], ['A', 'B']);
    expect(found?.has('A')).toBe(false);
    expect(found?.get('B')?.record.trangThai).toBe('3');
  });

  test('short answers over many polls lose nothing', async () => {
    const here = await start({ seed: 3, shortAnswer: 0.5, shuffle: 0.5 });
    const keys = new Set<string>();
    for (let n = 1; n <= 6; n += 1) keys.add(await pushed(here, n));
    for (let round = 0; round < 60 && keys.size > 0; round += 1) {
      const found = await here.kind('birth').read?.run([...keys], call());
      for (const [key, sighting] of found ?? []) {
        expect(sighting).not.toBeNull();
        keys.delete(key);
      }
    }
    expect(keys.size).toBe(0);
  });
});

describe('not there', () => {
  test('only the words of the system make a dossier "not there"', async () => {
    const here = await start();
    expect(await readOne(here, 'H12.41-261124-9999')).toBeNull();
  });

  test('a status of no list without those words is shown as it is, for the mapping to hold', async () => {
    const found = await answeredWith([element('A', { trangThai: 9 })], ['A']);
    expect(found?.get('A')?.record.trangThai).toBe('9');
  });

  test('"none of these is there" to several is asked again for each', async () => {
    nock.activate();
    const asked: string[][] = [];
    nock('http://127.0.0.1:9')
      .post('/apiLienThongKSKT/1.0/layKetQua', (body: { maDinhDanhHoSo: string[] }) => asked.push(body.maDinhDanhHoSo) > 0)
      .reply(200, { status: '0', statusDescription: 'Hồ sơ Không Tồn Tại' })
      .persist();
    const system = await openCivilStatus({ baseUrl: 'http://127.0.0.1:9', retryReads: 0 });
    const found = await kindOf(system, 'birth').read?.run(['A', 'B'], call());
    await system.close();
    expect(found).toEqual(
      new Map([
        ['A', null],
        ['B', null],
      ]),
    );
    expect(new Set(asked.map((ids) => ids.join()))).toEqual(new Set(['A,B', 'A', 'B']));
  });
});

describe('T2, T12, T19: what a poll states', () => {
  test('a time that cannot be read is trouble of that record, and never the present time', async () => {
    await expect(answeredWith([element('A', { thoiGianThucHien: '2026-11-24' })], ['A'])).rejects.toMatchObject({
      detail: { scope: 'record', code: 'element.time' },
    });
    await expect(answeredWith([element('A', { thoiGianThucHien: '31/02/2026 08:00:00' })], ['A'])).rejects.toBeInstanceOf(Trouble);
  });

  test('one unreadable record spoils no other of the same answer', async () => {
    const found = await answeredWith([element('A', { thoiGianThucHien: 'hôm qua' }), element('B')], ['A', 'B']);
    expect([...(found?.keys() ?? [])]).toEqual(['B']);
  });

  test('a missing time stays missing', async () => {
    const found = await answeredWith([element('A', { thoiGianThucHien: null })], ['A']);
    expect(found?.get('A')).toMatchObject({ statedAt: null, sequence: null });
  });

  test('codes written as numbers come back as text with their zeros', async () => {
    const found = await answeredWith(
      [element('A', { trangThai: 4, maDonVi: 1234, ketQuaXuLy: { nksGioiTinh: 1, ndkksMaXa: 789 } })],
      ['A'],
    );
    expect(found?.get('A')?.record).toMatchObject({
      maDonVi: '01234',
      trangThai: '4',
      ketQuaXuLy: { nksGioiTinh: '1', ndkksMaXa: '00789' },
    });
  });

  test('result 4 without ketQuaXuLy is a status without a result', async () => {
    const found = await answeredWith([element('A', { trangThai: 4 })], ['A']);
    expect(found?.get('A')?.covers).not.toContainEqual(expect.stringMatching(/^ketQuaXuLy/u));
    expect(found?.get('A')?.record).not.toHaveProperty('ketQuaXuLy');
  });

  test('the remark on a marriage stays apart from the remark on its status', async () => {
    const found = await answeredWith([element('A', { module: 'LTKH', ghiChu: 'Thiếu giấy tờ' })], ['A'], 'marriage');
    expect(found?.get('A')?.record).not.toHaveProperty('ghiChu');
    expect(found?.get('A')?.record.noiDungXuLy).toBe('Thiếu giấy tờ');
  });

  test("two different dossiers under one code are nobody's to choose from", async () => {
    await expect(answeredWith([element('A'), element('A', { trangThai: 6 })], ['A'])).rejects.toMatchObject({
      detail: { code: 'poll.twins' },
    });
  });
});

describe('T23: what a sighting covers', () => {
  test('before issue it speaks of the status alone, so nothing that was sent looks absent', async () => {
    const here = await start();
    const sighting = await readOne(here, await pushed(here, 1));
    expect(sighting?.covers).toContain('trangThai');
    expect(sighting?.covers).not.toContain('nksHoTen');
    expect(Object.keys(sighting?.record ?? {})).toEqual(sighting?.covers);
  });

  test.each(['birth', 'death', 'marriage'])(
    'after issue of a %s it speaks of the result, in the form of the record schema',
    async (kind) => {
      const here = await start();
      const key = await pushed(here, 1, kind);
      issue(here, key, kind);
      const sighting = await readOne(here, key, kind);
      expect(sighting?.covers).toContain('ketQuaXuLy.soDangKy');
      const check = new Ajv2020({ strict: false, validateFormats: false }).compile(here.kind(kind).schema);
      expect(check(sighting?.record), JSON.stringify(check.errors)).toBe(true);
    },
  );

  test('equal statements have equal versions, in whatever order their fields come', async () => {
    const one = await answeredWith([element('A')], ['A']);
    nock.cleanAll();
    const { maDonVi, ...rest } = element('A');
    const other = await answeredWith([{ ...rest, maDonVi }], ['A']);
    expect(other?.get('A')?.version).toBe(one?.get('A')?.version);
  });
});
