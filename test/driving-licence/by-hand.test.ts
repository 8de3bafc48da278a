import { afterEach, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { deskClock, openDesk } from '../business-registration/desk.ts';
import { openLicences } from './world.ts';

/** The police era: typed by a person, and nothing can be read back. */

const CODE = 'H12.31-261105-0401';
const data = (name: string, list: string): JsonObject => ({
  holder: { fullName: 'Nguyễn Văn Mẫu', birthDate: '1991-02-03', personalId: '099191000021' },
  licence: { number: '990900000021', class: name, classList: list },
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start() {
  const clock = deskClock();
  const system = await openLicences({ baseUrl: 'http://127.0.0.1:9', since: '2026-11-01' }, clock);
  const desk = await openDesk('driving-licence', system, clock);
  closing.push(system.close, desk.close);
  return desk;
}
const wordsOf = (screens: Awaited<ReturnType<Awaited<ReturnType<typeof start>>['numberBack']>>) =>
  Object.fromEntries(screens.flatMap(({ fields }) => fields.map(({ label, text }) => [label, text] as const)));

test('an exchange typed by hand stays declared, however long nothing is heard', async () => {
  const desk = await start();
  await desk.push(CODE, '1.002809', 'licence-exchange@1', data('D', 'old'));
  const screens = await desk.numberBack('CATP-0001');
  expect(wordsOf(screens)).toMatchObject({ 'Hạng theo danh mục hiện hành': 'D2', 'Hạng ghi trên giấy phép': 'D' });
  await desk.later(86_400_000);
  const { leg, holds } = await desk.seen(CODE);
  expect(leg).toMatchObject({ externalId: 'CATP-0001', trust: 'declared', situation: 'linked' });
  expect(holds.map(({ kind }) => kind)).not.toContain('typed-differs');
});

test('a class that became several is asked about before there is a sheet, and stands on it as chosen', async () => {
  const desk = await start();
  await desk.push(CODE, '1.002809', 'licence-exchange@1', data('B2', 'old'));
  const { holds } = await desk.seen(CODE);
  expect(holds.map(({ kind, path }) => [kind, path])).toEqual([['split-code', 'GiayPhep.Hang']]);
  await expect(desk.record()).rejects.toThrow('0 sheets wait');
  await desk.choose(CODE, 'C1');
  const screens = await desk.numberBack('CATP-0002');
  expect(wordsOf(screens)).toMatchObject({ 'Hạng theo danh mục hiện hành': 'C1', 'Hạng ghi trên giấy phép': 'B2' });
  expect((await desk.seen(CODE)).leg).toMatchObject({ externalId: 'CATP-0002', trust: 'declared' });
});
