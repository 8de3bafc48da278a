import { afterEach, describe, expect, test } from 'vitest';
import { atOneStop, CODE, openProvince, type Province } from './province.ts';

/** T20: a second "supplement requested" makes a dossier overdue, so an official is asked before motlan tells it. */

const open: Province[] = [];
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

/** The ministry asked once, the official supplied, and now it asks again. */
async function askedTwice(): Promise<Province> {
  const given = await openProvince();
  open.push(given);
  await given.typed();
  await given.rest();
  given.ministry.advance('birth', CODE, '2', { noiDungXuLy: 'Bổ sung nơi sinh' });
  for (let look = 0; look < 3; look += 1) await given.later();
  expect(atOneStop(given).status).toBe(5);
  given.oneStop.advance('birth', CODE, '4', { data: { child: { birthPlace: { detail: 'Trạm y tế xã Mẫu' } } } });
  for (let look = 0; look < 3; look += 1) await given.later();
  expect((await given.rows()).leg.phase).toBe('accepted'); // the supplement itself takes it there
  given.ministry.advance('birth', CODE, '2', { noiDungXuLy: 'Bổ sung lần nữa' });
  for (let look = 0; look < 3; look += 1) await given.later();
  return given;
}
const requests = async (given: Province) =>
  (await given.rows()).progress.filter(({ kind, name }) => kind === 'status' && name === '5').length;
const asked = async (given: Province) => (await given.rows()).holds.filter(({ kind }) => kind === 'second-supplement');
const decide = async (given: Province, name: 'confirm' | 'leave') => {
  const [hold] = await asked(given);
  await given.engine.decide({ hold: hold?.id ?? '', name, value: null, by: 'can-bo' });
  for (let look = 0; look < 3; look += 1) await given.later();
};

describe('T20: the warning comes before the second 5', () => {
  test('the first request needs nobody; at the second an official is asked, and the one-stop is not told yet', async () => {
    const given = await askedTwice();
    expect((await given.rows()).leg.phase).toBe('supplement');
    expect(await asked(given)).toMatchObject([
      { desk: 'official', decisions: ['confirm', 'leave'], vi: expect.stringContaining('quá hạn') },
    ]);
    expect([await requests(given), atOneStop(given).status]).toEqual([1, 4]);
  });
  test('asked once, however often it is looked at', async () => {
    const given = await askedTwice();
    const [first] = await asked(given);
    for (let look = 0; look < 3; look += 1) await given.later();
    expect((await asked(given)).map(({ id }) => id)).toEqual([first?.id]);
  });
  test('confirmed, the dossier goes to 5 with the ministry’s request as its evidence', async () => {
    const given = await askedTwice();
    await decide(given, 'confirm');
    expect([await requests(given), atOneStop(given).status, (await asked(given)).length]).toEqual([2, 5, 0]);
  });
  test('left, the dossier stays as it is and nobody is asked again of this request', async () => {
    const given = await askedTwice();
    await decide(given, 'leave');
    for (let look = 0; look < 3; look += 1) await given.later();
    expect([await requests(given), atOneStop(given).status, (await asked(given)).length]).toEqual([1, 4, 0]);
  });
  test('when the ministry goes on without it, the question goes away by itself', async () => {
    const given = await askedTwice();
    given.ministry.advance('birth', CODE, '3');
    for (let look = 0; look < 3; look += 1) await given.later();
    expect([await requests(given), (await asked(given)).length]).toEqual([1, 0]);
  });
});
