import { afterEach, describe, expect, test } from 'vitest';
import { call, filed, readOne, sample, startWorld, troubleOf, type World } from './world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const start = async (...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world;
};

describe('saved is not accepted', () => {
  test('a filing just saved has status 4 and no file number, and nobody has confirmed more', async () => {
    const here = await start();
    const seen = await readOne(here, await filed(here, 1));
    expect(seen?.record).toMatchObject({ status: '4', trangThai: '4/none' });
    expect(seen?.record.soHoSo).toBeUndefined();
    expect(seen?.covers).not.toContain('soHoSo');
  });

  test('the same status 4 at the end is told apart by the trace', async () => {
    const here = await start({ card: null });
    const id = await filed(here, 1);
    const states: unknown[] = [];
    for (const stage of ['nhan', 'xu-ly', 'xong']) {
      here.simulator.advance('child-card', id, stage);
      states.push((await readOne(here, id))?.record.trangThai);
    }
    expect(states).toEqual(['1/none', '2/open', '4/done']);
  });

  test('a file number without a trace confirms nothing, and the number is shown', async () => {
    const here = await start();
    const id = await filed(here, 1);
    here.simulator.advance('child-card', id, 'nhan');
    const seen = await readOne(here, id);
    expect(seen?.record.trangThai).toBe('1/none');
    expect(seen?.record.soHoSo).toMatch(/^\d+\/2026\/09600$/u);
  });

  test('the last step of the trace is what is shown, with its desk and its day', async () => {
    const here = await start();
    const id = await filed(here, 1, 'labour-change');
    for (const stage of ['nhan', 'xu-ly']) here.simulator.advance('labour-change', id, stage);
    expect((await readOne(here, id, 'labour-change'))?.record.Quatrinh).toMatchObject({
      Buoc: '2',
      Tinhtrang: 'Đang xử lý',
      Hanhdong: 'Đang xử lý',
      Thoigianxuly: '24/11/2026 08:00:00',
    });
  });

  test('a refused filing stays refused whatever its trace says', async () => {
    const here = await start();
    const id = await filed(here, 1);
    for (const stage of ['nhan', 'tu-choi']) here.simulator.advance('child-card', id, stage);
    expect((await readOne(here, id))?.record.trangThai).toBe('3/open');
  });
});

describe('the card of a child', () => {
  test('is read at the gateway by the personal ID once the file is processed', async () => {
    const here = await start();
    const id = await filed(here, 3);
    for (const stage of ['nhan', 'xu-ly', 'xong']) here.simulator.advance('child-card', id, stage);
    const seen = await readOne(here, id);
    const number = String(seen?.record.Masobhxh);
    expect(number).toMatch(/^99\d{8}$/u);
    expect(seen?.record).toMatchObject({
      trangThai: '4/card',
      maThe: `TE196${number}`,
      gtTheTu: '01/10/2026',
      gtTheDen: '30/09/2032',
      maDKBD: '99001',
      Ngayxulyxong: '24/11/2026',
    });
  });

  test('that the gateway does not have yet leaves the file processed and not issued', async () => {
    const here = await start();
    const id = await filed(here, 3);
    for (const stage of ['nhan', 'xu-ly', 'xong']) here.simulator.advance('child-card', id, stage);
    // The portal now states another identity number than the card was made under.
    here.simulator.edit('child-card', id, { cmnd: '099226999999', Masobhxh: '9900000000' });
    const seen = await readOne(here, id);
    expect(seen?.record.trangThai).toBe('4/no-card');
    expect(seen?.covers).not.toContain('maThe');
  });

  test('under another name at the gateway is trouble of this filing, never a card', async () => {
    const here = await start();
    const id = await filed(here, 3);
    for (const stage of ['nhan', 'xu-ly', 'xong']) here.simulator.advance('child-card', id, stage);
    const card = here.simulator.records('child-card')[0]?.record;
    here.simulator.typeByHand('card', { maThe: String(card?.cmnd), hoTen: 'Người Khác Mẫu', ngaySinh: '01/10/2026' });
    const detail = await troubleOf(here.kind('child-card').read?.run([id], call()));
    expect(detail).toMatchObject({ kind: 'refused', code: 'answers.card.other-person' });
  });
});

describe('T12: codes that went through numbers', () => {
  test('come back as text with their zeros', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('child-card', {
      ...(await sample('child-card', 1)),
      cmnd: 1_226_000_001,
      danToc: 1,
      maXa_KS: '4.0',
      Masobhxh: 99_000_001,
      Mabenhvien: '96001.0',
    });
    expect((await readOne(here, id))?.record).toMatchObject({
      cmnd: '001226000001',
      danToc: '01',
      maXa_KS: '00004',
      Masobhxh: '0099000001',
      Mabenhvien: '96001',
    });
    const old = here.simulator.typeByHand('labour-change', { ...(await sample('labour-change', 1)), Cmnd: 99_000_001, kyKeKhai: '012026' });
    expect((await readOne(here, old, 'labour-change'))?.record).toMatchObject({ Cmnd: '099000001', kyKeKhai: '012026' });
  });
});
