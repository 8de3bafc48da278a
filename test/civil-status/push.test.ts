import { createHash } from 'node:crypto';
import nock from 'nock';
import { afterEach, describe, expect, test } from 'vitest';
import { shapeAddresses } from '../../adapters/civil-status/wire.ts';
import { isTrouble, type TroubleDetail } from '../../src/kit/index.ts';
import { call, issue, kindOf, openCivilStatus, order, pushed, readOne, sample, startWorld, type World } from './world.ts';

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

async function pushAnswered(status: number, body: nock.Body, type = 'application/json') {
  if (!nock.isActive()) nock.activate();
  const sent: Record<string, unknown>[] = [];
  nock('http://127.0.0.1:9')
    .post('/apiLienThongKSKT/1.0/nhanHoSoDKHT', (json) => sent.push(json) > 0)
    .reply(status, body, { 'content-type': type });
  const system = await openCivilStatus({ baseUrl: 'http://127.0.0.1:9' });
  try {
    const receipt = await kindOf(system, 'birth').create?.run(order(await sample('birth', 1)), call());
    return { receipt, sent, trouble: null };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return { receipt: null, sent, trouble: error.detail satisfies TroubleDetail, message: error.message };
  } finally {
    await system.close();
  }
}

describe('the push', () => {
  test('carries the data as one JSON text, the module, and our key', async () => {
    const { sent } = await pushAnswered(200, { status: '1' });
    const record = await sample('birth', 1);
    expect(sent[0]).toMatchObject({ module: 'LTKS', maDonVi: '32041', maHoSoMCDT: record.maHoSoMCDT, fileDinhKem: [] });
    expect(JSON.parse(String(sent[0]?.data))).toMatchObject({ nksHoTen: record.nksHoTen, noiDangKy: '32041' });
    expect(JSON.parse(String(sent[0]?.data))).not.toHaveProperty('maHoSoMCDT');
  });

  test('puts nothing where nothing is known', async () => {
    const { sent } = await pushAnswered(200, { status: '1' });
    expect(JSON.stringify(sent)).not.toMatch(/Không có thông tin|null/u);
    expect(JSON.parse(String(sent[0]?.data))).not.toHaveProperty('chaNoiCuTru');
  });

  test('writes addresses in the shape the endpoint knows', () => {
    const address = { maTinh: '96', maHuyen: '964', maXa: '32041', dcChiTiet: 'Ấp Mẫu', quocGia: 'Việt Nam' };
    expect(shapeAddresses({ nksNoiSinh: address, soLuongBanSao: 2 }, '2025')).toEqual({
      nksNoiSinh: { maTinh: '96', maXa: '32041', dcChiTiet: 'Ấp Mẫu', quocGia: 'Việt Nam' },
      soLuongBanSao: 2,
    });
    expect(shapeAddresses({ nksNoiSinh: address }, 'huyen').nksNoiSinh).not.toHaveProperty('quocGia');
  });
});

describe('T7, T9: an answer is judged by one table', () => {
  test.each(['1', 1])('status %j is done', async (status) => {
    expect((await pushAnswered(200, { status })).receipt).toMatchObject({ is: 'done' });
  });

  test.each(['Hồ sơ đã được tiếp nhận', 'HỒ SƠ ĐÃ ĐƯỢC TIẾP NHẬN'.normalize('NFD')])(
    '"%s" means that it is there',
    async (errorDescription) => {
      expect((await pushAnswered(200, { status: '0', errorDescription })).receipt).toMatchObject({ is: 'already' });
    },
  );

  test.each([
    ['status "0" with a sentence of no row', 200, { status: '0', errorDescription: 'Chưa rõ' }, 'unknown'],
    ['status "00"', 200, { status: '00' }, 'unknown'],
    ['status -3', 200, { status: -3 }, 'unknown'],
    ['a body that is no object', 200, '[]', 'unknown'],
    ['a soap fault in JSON', 200, { status: '0', errorDescription: 'Client received SOAP Fault' }, 'unsure'],
    ['a server that broke', 500, { message: 'x' }, 'unsure'],
    ['a field sentence', 400, { message: 'x' }, 'refused'],
  ] as const)('%s is no success', async (_what, status, body, kind) => {
    const { receipt, trouble } = await pushAnswered(status, body as nock.Body);
    expect(receipt).toBeNull();
    expect(trouble?.kind).toBe(kind);
  });

  test.each([
    ['an HTML page', '<html><body>Bảo trì</body></html>', 'text/html'],
    ['a SOAP fault', '<soap:Fault><faultstring>Server Error</faultstring></soap:Fault>', 'text/xml'],
    ['broken JSON', '{"status": "1", "val', 'application/json'],
  ])('%s with HTTP 200 leaves the push unsure', async (_what, body, type) => {
    expect((await pushAnswered(200, body, type)).trouble).toMatchObject({ kind: 'unsure', scope: 'record' });
  });

  test('a sentence that joins several fields is taken apart, and no value is repeated (T25)', async () => {
    const { trouble, message } = await pushAnswered(200, {
      type: 'x',
      title: 'Có lỗi xảy ra.',
      status: 500,
      traceId: 'x',
      detail: 'Họ tên mẹ Nguyễn Thị Bí Mật có độ dài vượt quá 100 ký tự; Dân tộc cha Mật Khẩu không tồn tại trong danh mục dân tộc',
    });
    expect(trouble).toMatchObject({ kind: 'refused', scope: 'record' });
    expect(trouble?.issues?.map(({ path, code }) => [path, code])).toEqual([
      ['meHoTen', 'too-long'],
      ['chaDanToc', 'not-in-list'],
    ]);
    expect(JSON.stringify(trouble) + message).not.toMatch(/Bí Mật|Mật Khẩu/u);
  });
});

describe('T22: the same dossier twice', () => {
  test('the second push of a code is "already", and there is one record', async () => {
    const here = await start();
    const record = await sample('birth', 1);
    expect(here.kind('birth').create?.repeat).toBe('rejects-twin');
    expect(await here.kind('birth').create?.run(order(record), call())).toMatchObject({ is: 'done', id: record.maHoSoMCDT });
    expect(await here.kind('birth').create?.run(order(record), call())).toEqual({ is: 'already', id: record.maHoSoMCDT });
    expect(here.simulator.records('birth')).toHaveLength(1);
  });

  test('a push whose answer was lost has landed, and can be read by our key', async () => {
    const here = await start({ loseAnswer: 1 });
    const record = await sample('birth', 1);
    await expect(here.kind('birth').create?.run(order(record), call())).rejects.toMatchObject({ detail: { kind: 'unsure' } });
    here.simulator.setFaults({ loseAnswer: 0 });
    expect((await readOne(here, String(record.maHoSoMCDT)))?.record.trangThai).toBe('1');
  });

  test('a push that lands late is one record, whoever sent it again meanwhile', async () => {
    const here = await start({ landLate: 1, lateMs: 150 });
    const record = await sample('birth', 1);
    const key = String(record.maHoSoMCDT);
    await expect(here.kind('birth').create?.run(order(record), call())).rejects.toMatchObject({ detail: { kind: 'unsure' } });
    expect(await readOne(here, key)).toBeNull();
    here.simulator.setFaults({ landLate: 0 });
    await here.kind('birth').create?.run(order(record), call());
    await expect.poll(() => here.kind('birth').create?.run(order(record), call())).toEqual({ is: 'already', id: key });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(here.simulator.records('birth')).toHaveLength(1);
  });

  test('a system that accepts twins is declared unsafe, and has two', async () => {
    const here = await start({ unsafe: true });
    const record = await sample('birth', 1);
    expect(here.kind('birth').create?.repeat).toBe('unsafe');
    await here.kind('birth').create?.run(order(record), call());
    await here.kind('birth').create?.run(order(record), call());
    expect(here.simulator.records('birth')).toHaveLength(2);
    expect(here.simulator.received().map(({ verb }) => verb)).toEqual(['create', 'create']);
  });

  test('a supplement asked for is answered by the same push, and the dossier goes on', async () => {
    const here = await start();
    const key = await pushed(here, 1);
    here.simulator.advance('birth', key, '2', { hanBoSungHoSo: '01/12/2026 17:00:00' });
    const record = { ...(await sample('birth', 1)), nksQueQuan: { maTinh: '96', maXa: '32041' } };
    await here.kind('birth').acts?.supplement?.run({ ...order(record), id: key, actKey: 'a1' }, call());
    expect((await readOne(here, key))?.record.trangThai).toBe('3');
    expect(here.simulator.records('birth')).toHaveLength(1);
    expect(here.simulator.records('birth')[0]?.record.nksQueQuan).toEqual({ maTinh: '96', maXa: '32041' });
  });

  test('outside a supplement nothing that was sent can be changed, so there is no update', async () => {
    const here = await start();
    expect(here.kind('birth').update).toBeUndefined();
    expect(here.kind('birth').acts?.withdraw).toBeUndefined();
  });
});

describe('papers', () => {
  test('the base64 of a result is a file mark in the record, and its bytes come out by hash and size', async () => {
    const here = await start();
    const key = await pushed(here, 1);
    issue(here, key);
    const result = (await readOne(here, key))?.record.ketQuaXuLy as { readonly giayKhaiSinh: never };
    const mark = result.giayKhaiSinh as { readonly sizeBytes: number; readonly hash: string };
    expect(mark).toMatchObject({ mime: 'application/pdf', remoteId: `${key}#giayKhaiSinh`, kind: 'KQ.G15.000031' });
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await here.kind('birth').getFile?.run({ id: key, mark: result.giayKhaiSinh }, call())) ?? [])
      chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect([bytes.byteLength, createHash('sha256').update(bytes).digest('hex')]).toEqual([mark.sizeBytes, mark.hash]);
  });
});
