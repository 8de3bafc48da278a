import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call, issue, kindOf, openCivilStatus, pushed, readOne, startWorld, type World } from './world.ts';

const stepOrder = (key: string, status: string) => ({
  id: key,
  key,
  actKey: `${key}/${status}`,
  record: { status, at: Date.UTC(2026, 10, 24, 1), text: 'Đang xử lý', actor: 'Cán bộ mẫu' },
  files: [],
});
const send = (world: World, key: string, status: string) => world.kind('birth').acts?.step?.run(stepOrder(key, status), call());

describe('T6: steps go 1 → 3 → 7 → 4 → 5', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  test('4 is not taken before 1, 3 and 7 are', async () => {
    const key = await pushed(world, 1);
    for (const status of ['1', '3', '7']) {
      await expect(send(world, key, '4')).rejects.toMatchObject({
        detail: { kind: 'unavailable', scope: 'record', code: 'answers.status.earlier-step' },
      });
      expect(await send(world, key, status)).toMatchObject({ is: 'done' });
    }
    expect(await send(world, key, '4')).toMatchObject({ is: 'done' });
  });

  test('a step sent again is there already, and was taken once', async () => {
    const key = await pushed(world, 1);
    await send(world, key, '1');
    expect(await send(world, key, '1')).toEqual({ is: 'already', id: key });
    expect(world.simulator.received().filter(({ verb }) => verb === 'step-1')).toHaveLength(1);
  });

  test('after 5 nothing more is taken, and that is no success of a new step', async () => {
    const key = await pushed(world, 1);
    issue(world, key);
    const handOver = world.kind('birth').acts?.['hand-over'];
    expect(handOver?.phases).toEqual(['issued']);
    await handOver?.run({ ...stepOrder(key, '5'), record: {} }, call());
    expect((await readOne(world, key))?.record.trangThai).toBe('5');
    const before = world.simulator.received().length;
    expect(await send(world, key, '3')).toMatchObject({ is: 'already' });
    expect(world.simulator.received()).toHaveLength(before);
  });

  test('a status of no list is refused, and a dossier nobody knows waits for a person', async () => {
    const key = await pushed(world, 1);
    await expect(send(world, key, '9')).rejects.toMatchObject({ detail: { kind: 'refused', code: 'answers.status.step-order' } });
    await expect(send(world, 'H12.41-261124-9998', '1')).rejects.toMatchObject({
      detail: { kind: 'refused', code: 'answers.status.no-dossier' },
    });
  });
  test('of a dossier that the ministry has refused, only the refusal is taken: the steps before it are spared', async () => {
    const key = await pushed(world, 1);
    const [record] = world.simulator.records('birth');
    world.simulator.advance('birth', record?.id ?? '', '6', { ghiChu: 'Công dân rút hồ sơ' });
    expect((await send(world, key, '1'))?.is).toBe('already');
    expect((await send(world, key, '6'))?.is).toBe('done');
    expect((await send(world, key, '6'))?.is).toBe('already');
    expect(world.simulator.received().filter(({ verb }) => verb.startsWith('step-'))).toMatchObject([{ verb: 'step-6' }]);
  });
});

describe('T7: the sentences about a step', () => {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate();
  });
  afterEach(() => {
    nock.cleanAll();
    nock.restore();
  });

  const said = async (title: string, status = 200) => {
    nock('http://127.0.0.1:9').post('/api/lienthongdvclt/capNhatTrangThai').reply(status, { title, errors: null, status });
    const system = await openCivilStatus({ baseUrl: 'http://127.0.0.1:9', dvclt: {} });
    try {
      return (await kindOf(system, 'birth').acts?.step?.run(stepOrder('A', '3'), call()))?.is;
    } catch (error) {
      return (error as { readonly detail: { readonly kind: string } }).detail.kind;
    } finally {
      await system.close();
    }
  };

  test.each([
    ['Cập nhật trạng thái thành công', 'done'],
    ['ĐÃ TỒN TẠI trong một cửa điện tử', 'already'],
    ['Hồ sơ đã trả kết quả, không được cập nhật trạng thái', 'already'],
    ['Hồ sơ đã có kết quả xử lý. Không thể cập nhật trạng thái', 'already'],
    ['Hồ sơ đã hoàn thành đăng ký, không được cập nhật trạng thái', 'already'],
    ['Hồ sơ bị từ chối. Không thể cập nhật trạng thái', 'already'],
    ['Hồ sơ không tồn tại', 'refused'],
    ['Hồ sơ chưa cập nhật trạng thái', 'unavailable'],
    ['Trạng thái chưa được gửi không thể cập nhật trạng thái', 'unavailable'],
    ['Có lỗi trong quá trình thêm mới', 'unavailable'],
    ['Client received SOAP Fault', 'unavailable'],
    ['Logic xử lý không hợp lệ', 'refused'],
    ['Cập nhật không thành công', 'unknown'],
    ['Cập nhật chưa thành công', 'unknown'],
    ['Một câu chưa ai từng thấy', 'unknown'],
  ])('"%s" is %s', async (title, kind) => {
    expect(await said(title)).toBe(kind);
  });

  test('"thành công" under a failing HTTP status is no success', async () => {
    expect(await said('Cập nhật trạng thái thành công', 500)).toBe('unsure');
  });
});
