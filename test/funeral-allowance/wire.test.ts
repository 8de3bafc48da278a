import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readForm, writeForm } from '../../adapters/funeral-allowance/eform.ts';
import start from '../../adapters/funeral-allowance/simulator.ts';
import { readStamp, startOfDay, writeStamp } from '../../adapters/funeral-allowance/time.ts';
import { answered } from '../../adapters/funeral-allowance/wire.ts';
import { isTrouble, type Json, type JsonObject, type RecordKind, type System } from '../../src/kit/index.ts';
import { loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import { crosswalk } from '../mappings/given.ts';

/** What travels to and from the social-protection software, against the notes of its shape. */

const NOW = Date.parse('2026-11-24T09:30:00+07:00');
const call = () => ({ signal: AbortSignal.timeout(10_000) });
const loaded = await loadAdapter(['adapters'], 'funeral-allowance');
const samples = (await loadFixture(loaded.folder))?.kinds.allowance;
const sample = (n = 1): JsonObject => samples?.record(n) ?? {};

const clockAt = (now: number) => ({ now: () => now, sleep: () => Promise.resolve() });
const opened = (config: JsonObject = {}, now = NOW): Promise<System> =>
  openSystem(
    loaded,
    { baseUrl: 'http://127.0.0.1:9', acceptKey: 'khoa-mau', retryReads: 0, ...config },
    { clock: clockAt(now), chance: { random: () => 0.5, id: () => 'id' } },
  );

/** What one call sent, and what came of it when the system answers with this. */
async function sends(answer: Json, run: (kind: RecordKind) => Promise<unknown> | undefined, config: JsonObject = {}) {
  const bodies: { path: string; body: JsonObject }[] = [];
  nock('http://127.0.0.1:9')
    .post(/.*/u, (body: JsonObject) => bodies.push({ path: '', body }) > 0)
    .reply(200, answer as nock.Body);
  const system = await opened(config);
  const kind = system.kinds.allowance;
  if (kind === undefined) throw new Error('no kind');
  const came = await Promise.resolve(run(kind)).catch((error: unknown) => {
    if (!isTrouble(error)) throw error;
    return { trouble: error.detail.kind };
  });
  await system.close();
  return { body: bodies[0]?.body ?? {}, came };
}

beforeAll(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
  nock.enableNetConnect('127.0.0.1');
});
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const create = (kind: RecordKind) => kind.create?.run({ key: 'H12.41-261124-0001', record: sample(), files: [] }, call());
const pull = (cursor: string | null) => (kind: RecordKind) => kind.changes?.run(cursor, call());

describe('what is pushed', () => {
  test('carries the accept key in its body, our code, and the form as XML; nothing is filled in', async () => {
    const { body, came } = await sends({ error_code: '0' }, create);
    expect(body).toMatchObject({ AcceptKey: 'khoa-mau', MaHoSo: 'H12.41-261124-0001', HoVaTen: 'Lê Thị Ví Dụ 1', GioiTinhId: '1035' });
    expect(readForm(String(body.CertificateExtentData))).toEqual(sample().HoTroMaiTangPhi);
    const invented = ['TaiKhoanDuocXacThucVoiVNeID', 'LoaiDinhDanh', 'MaTinh', 'MaXa', 'SubmitedDate'];
    expect(Object.keys(body).filter((name) => invented.includes(name))).toEqual([]);
    expect(came).toEqual({ is: 'done', id: 'H12.41-261124-0001', version: null, sequence: null });
  });

  test.each([{ error_code: '1' }, { error_code: '-3' }, { error_code: '00' }, { message: 'thành công' }, {}])(
    'T9: %j is no success: a person looks',
    async (answer) => expect((await sends(answer, create)).came).toEqual({ trouble: 'unknown' }),
  );

  test('a step tells who, when and what, and reckons up no end for it', async () => {
    const { body } = await sends({ error_code: '0' }, (kind) =>
      kind.acts?.step?.run(
        {
          ...{ id: 'H12.41-261124-0001', key: 'k', actKey: 'a', files: [] },
          record: { status: '4', at: '2026-11-24T02:00:00.000Z', text: 'Đang xử lý' },
        },
        call(),
      ),
    );
    const { AcceptKey: _key, ...step } = body;
    expect(step).toEqual({ MaHoSo: 'H12.41-261124-0001', ThoiDiemXuLy: '24/11/2026 09:00:00', NoiDungXuLy: 'Đang xử lý', StatusId: '4' });
  });
});

describe('what is pulled', () => {
  test.each([
    ['HKTT_MaTinh', 'hktT_MaTinh'],
    ['CMND_NgayCap', 'cmnD_NgayCap'],
    ['NOHT_ChiTiet', 'nohT_ChiTiet'],
    ['CMND', 'cmnd'],
    ['MaTTHC', 'maTTHC'],
    ['StatusId', 'statusId'],
  ])('%s comes back as %s', (name, back) => expect(answered(name)).toBe(back));

  test('asks from yesterday 00:00 to today 23:59:59, a week back the first time, and goes on where it stopped', async () => {
    const window = async (cursor: string | null) => {
      const { body, came } = await sends({ error_code: 0, result: [] }, pull(cursor));
      const { cursor: next, more } = came as { cursor: string; more: boolean };
      return [body.TuNgay, body.DenNgay, next === String(NOW), more];
    };
    expect(await window(String(NOW - 60_000))).toEqual(['23/11/2026 00:00:00', '24/11/2026 23:59:59', true, false]);
    expect(await window(null)).toEqual(['16/11/2026 00:00:00', '23/11/2026 23:59:59', false, true]);
    const after = Date.parse('2026-11-24T00:00:00+07:00');
    expect(await window(String(after))).toEqual(['23/11/2026 00:00:00', '24/11/2026 23:59:59', true, false]);
    expect((await window(String(NOW - 40 * 86_400_000)))[3]).toBe(true);
  });

  test('names are put back, a row covers what it states and no more, one without a code is nobody’s', async () => {
    const row = { maHoSo: 'H12.41-261124-0001', hktT_MaXa: '32041', danTocId: 4, soQuyetDinh: null, statusId: '9', laMuc: 'x' };
    const { came } = await sends({ error_code: 0, result: [row, { hoVaTen: 'Không Mã' }, 'lạ'] }, pull(null));
    const { touches } = came as Awaited<ReturnType<NonNullable<RecordKind['changes']>['run']>>;
    expect(touches).toHaveLength(1);
    expect(touches[0]?.sighting).toMatchObject({
      id: 'H12.41-261124-0001',
      key: 'H12.41-261124-0001',
      record: { MaHoSo: 'H12.41-261124-0001', HKTT_MaXa: '32041', DanTocId: '4', StatusId: '9' },
      covers: ['MaHoSo', 'HKTT_MaXa', 'DanTocId', 'StatusId'],
    });
  });

  test('a form that is no such XML is trouble, and a document type is refused', async () => {
    for (const xml of ['<!DOCTYPE x><HoTroMaiTangPhi><QuanHe>Con</QuanHe></HoTroMaiTangPhi>', '<HoTroMaiTangPhi><QuanHe>', '<a>'])
      expect((await sends({ error_code: 0, result: [{ maHoSo: 'A', certificateExtentData: xml }] }, pull(null))).came).toEqual({
        trouble: 'unknown',
      });
  });
});

describe('the form', () => {
  test('comes back as it went, whatever stands in its texts', () => {
    const form = { nktHoVaTen: 'A & B <c> "d" ]]> \'e\'', nktGioiTinh: { Code: '1034', Name: 'Nam' }, NoiOHienTai: 'Ấp Mẫu' };
    expect(readForm(writeForm(form))).toEqual(form);
  });
});

describe('T1, T2: its codes and days', () => {
  test('male is 1034, female 1035, and a gender not known is for a person to choose', () => {
    const rows = crosswalk('gender.social-protection');
    expect(rows.filter(({ direction }) => direction === '<>').map(({ ours, theirs }) => [ours, theirs])).toEqual([
      ['male', '1034'],
      ['female', '1035'],
    ]);
    expect(rows.filter(({ ours }) => ours === 'unknown').map(({ theirs, direction }) => [theirs, direction])).toEqual([
      ['1034', '>'],
      ['1035', '>'],
    ]);
  });

  test('a stamp is Vietnamese time, a wrong one is none, and a day begins at midnight there', () => {
    expect(writeStamp(NOW)).toBe('24/11/2026 09:30:00');
    expect(readStamp('24/11/2026 09:30:00')).toBe(NOW);
    for (const text of ['31/02/2026 00:00:00', '2026-11-24', '', '24/11/2026 25:00:00']) expect(readStamp(text)).toBeNull();
    expect(writeStamp(startOfDay(Date.parse('2026-11-23T17:00:00Z')))).toBe('24/11/2026 00:00:00');
    expect(writeStamp(startOfDay(Date.parse('2026-11-23T16:59:59Z')))).toBe('23/11/2026 00:00:00');
  });
});

describe('the system in miniature', () => {
  test('states back over the wire exactly what was pushed, and its decision', async () => {
    const simulator = await start({ folder: null, clock: clockAt(NOW) });
    const system = await opened(simulator.config);
    const kind = system.kinds.allowance;
    await kind?.create?.run({ key: 'H12.41-261124-0001', record: sample(), files: [] }, call());
    for (const stage of ['4', '9']) simulator.advance('allowance', 'H12.41-261124-0001', stage);
    const page = await kind?.changes?.run(String(NOW), call());
    expect(page?.touches.at(-1)?.sighting?.record).toEqual({
      ...sample(),
      ...{ StatusId: '9', SoQuyetDinh: '1/QĐ-MTP', CoQuanBanHanh: 'Ủy ban nhân dân xã Mẫu' },
      ...{ TrichYeu: 'Hỗ trợ chi phí mai táng', NgayBanHanh: '24/11/2026' },
    });
    await system.close();
    await simulator.close();
  });
});
