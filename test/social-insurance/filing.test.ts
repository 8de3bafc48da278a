import { afterEach, describe, expect, test } from 'vitest';
import { call, filed, sample, startWorld, troubleOf, type World } from './world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const start = async (...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world;
};

const fieldsOf = async (kind: string, n: number, names: readonly string[]) => {
  const record = await sample(kind, n);
  return Object.fromEntries(names.map((name) => [name, record[name] ?? null]));
};

describe('a filing', () => {
  test('sent twice is two filings in two batches: nothing here tells twins apart, and the trait says so', async () => {
    const here = await start();
    expect(here.kind('child-card').create?.repeat).toBe('unsafe');
    const [first, second] = [await filed(here, 1), await filed(here, 1)];
    expect(first).not.toBe(second);
    expect(here.simulator.records('child-card')).toHaveLength(2);
    const found = await here.kind('child-card').find?.run(await fieldsOf('child-card', 1, ['cmnd']), call());
    expect(found?.map(({ id }) => id).sort()).toEqual([first, second].sort());
  });

  test('whose answer was lost is found by its identity number in the filings of the month', async () => {
    const here = await start();
    here.simulator.setFaults({ loseAnswer: 1 });
    const lost = await troubleOf(
      here.kind('child-card').create?.run({ key: 'khoa-1', record: await sample('child-card', 1), files: [] }, call()),
    );
    expect(lost.kind).toBe('unsure');
    here.simulator.setFaults({ loseAnswer: 0 });
    const found = await here.kind('child-card').find?.run(await fieldsOf('child-card', 1, ['cmnd']), call());
    expect(found?.map(({ id }) => id)).toEqual(here.simulator.records('child-card').map(({ id }) => id));
  });

  test('made in the last hour of a month is found in the next', async () => {
    const here = await start();
    const id = await filed(here, 1);
    here.clock.advance(10 * 86_400_000);
    const found = await here.kind('child-card').find?.run(await fieldsOf('child-card', 1, ['cmnd']), call());
    expect(found?.map((one) => one.id)).toEqual([id]);
  });

  test('typed by hand by a clerk is found by name and birth date, whatever the case of the name', async () => {
    const here = await start();
    const id = here.simulator.typeByHand('child-card', await sample('child-card', 5));
    const fields = await fieldsOf('child-card', 5, ['Hoten', 'Ngaysinh']);
    const found = await here.kind('child-card').find?.run({ ...fields, Hoten: String(fields.Hoten).toLocaleUpperCase('vi') }, call());
    expect(found?.map((one) => one.id)).toEqual([id]);
  });

  test('of an employer is looked for under its own unit and period only', async () => {
    const here = await start();
    const id = await filed(here, 1, 'labour-change');
    await filed(here, 2, 'labour-change');
    const names = ['masobhxhuser', 'kyKeKhai', 'Masobhxh', 'pa', 'tuThang'];
    const own = await fieldsOf('labour-change', 1, names);
    expect((await here.kind('labour-change').find?.run(own, call()))?.map((one) => one.id)).toEqual([id]);
    expect(await here.kind('labour-change').find?.run({ ...own, masobhxhuser: '9912345600' }, call())).toEqual([]);
    expect(await here.kind('labour-change').find?.run({ ...own, kyKeKhai: '102026' }, call())).toEqual([]);
  });

  test('is not called absent when the list of filings came short', async () => {
    const here = await start();
    await filed(here, 1);
    here.simulator.setFaults({ shortAnswer: 1 });
    const detail = await troubleOf(here.kind('child-card').find?.run(await fieldsOf('child-card', 1, ['cmnd']), call()));
    expect(detail).toMatchObject({ kind: 'unavailable', code: 'history.short' });
  });

  test('is not called absent when there are more filings than may be looked through', async () => {
    const here = await start({ mostFilings: 2 });
    for (const n of [1, 2, 3]) await filed(here, n);
    const detail = await troubleOf(here.kind('child-card').find?.run(await fieldsOf('child-card', 3, ['cmnd']), call()));
    expect(detail).toMatchObject({ kind: 'unknown', code: 'history.too-many' });
  });

  test('with a field missing is refused field by field, and nothing is saved', async () => {
    const here = await start();
    const { cmnd: _id, Hoten: _name, ...rest } = await sample('child-card', 1);
    const detail = await troubleOf(here.kind('child-card').create?.run({ key: 'khoa-1', record: rest, files: [] }, call()));
    expect(detail).toMatchObject({ kind: 'refused', code: 'answers.submit.fields' });
    expect(detail.issues?.map(({ path, code }) => [path, code])).toEqual([
      ['Hoten', 'missing'],
      ['cmnd', 'missing'],
    ]);
    expect(here.simulator.records('child-card')).toEqual([]);
  });
});

describe('T1: the gender of the portal has two words', () => {
  test('3 is in no list of it and is refused', async () => {
    const here = await start();
    const record = { ...(await sample('child-card', 1)), Gioitinh: '3' };
    const detail = await troubleOf(here.kind('child-card').create?.run({ key: 'khoa-1', record, files: [] }, call()));
    expect(detail.issues?.map(({ path, code }) => [path, code])).toEqual([['Gioitinh', 'not-valid']]);
  });
});
