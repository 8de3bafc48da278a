import { afterEach, expect, test } from 'vitest';
import { type RegistrySimulator, startRegistry } from '../../adapters/business-registration/simulator.ts';
import type { SimulatorFaults } from '../../src/kit/index.ts';
import { loadAdapter, openSystem } from '../../src/kit/load.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { realChance, realClock } from '../../src/ports.ts';
import { deskClock, openDesk } from './desk.ts';

/** Typed by a person, read back by the engine: the registry's own simulator, adapter, mappings and screens. */

const CODE = 'H12.31-261105-0301';
const OWNER = '099191000021';
const REGISTRATION: JsonObject = {
  household: {
    name: 'Hộ kinh doanh Bảy Mẫu',
    headquarters: { province: '96', ward: '32041', wardVersion: '2025', detail: 'Ấp Mẫu' },
    capital: 50_000_000,
    lines: [
      { code: '0111', name: 'Trồng lúa', main: true },
      { code: '4711', name: 'Bán lẻ lương thực', main: false },
    ],
  },
  owner: {
    fullName: 'Nguyễn Văn Mẫu',
    birthDate: '1991-02-03',
    gender: 'male',
    nationality: 'VN',
    paper: { kind: 'personal-id-card', number: OWNER },
  },
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(faults: Partial<SimulatorFaults> = {}) {
  const clock = deskClock();
  const simulator: RegistrySimulator = await startRegistry({ folder: null, clock, faults });
  const system = await openSystem(await loadAdapter(['adapters'], 'business-registration'), simulator.config, {
    clock,
    chance: realChance(realClock),
  });
  const desk = await openDesk('business-registration', system, clock);
  closing.push(simulator.close, system.close, desk.close);
  return { simulator, desk };
}
const results = (body: { readonly results: JsonObject }) => body.results['business-registration'];

test('a household typed from its sheet is read back equal, verified, and its code comes home', async () => {
  const { simulator, desk } = await start();
  await desk.push(CODE, '1.001612', 'household-registration@1', REGISTRATION);
  const shown = await desk.record();
  const number = simulator.typeByHand('household-registration', shown);
  const screens = await desk.numberBack(number);
  expect(screens.map(({ title }) => title)).toEqual(['Chủ hộ kinh doanh', 'Hộ kinh doanh', 'Ngành, nghề kinh doanh']);
  const { leg, body, holds } = await desk.seen(CODE);
  expect(holds).toEqual([]);
  expect(leg).toMatchObject({ externalId: OWNER, phase: 'issued', trust: 'verified', situation: 'linked' });
  expect(results(body)).toMatchObject({ code: OWNER, registeredOn: '2026-11-05', changeCount: 0, state: 'active' });
  expect(body.data).toEqual(REGISTRATION);
});

test('T23: a slip of the pen is a question about that one line, and the dossier keeps what was declared', async () => {
  const { simulator, desk } = await start();
  await desk.push(CODE, '1.001612', 'household-registration@1', REGISTRATION);
  const number = simulator.typeByHand('household-registration', { ...(await desk.record()), TenTiengViet: 'Hộ kinh doanh Bảy Mẩu' });
  await desk.numberBack(number);
  const { leg, body, holds } = await desk.seen(CODE);
  expect(holds.map(({ kind, path }) => [kind, path])).toEqual([['typed-differs', 'TenTiengViet']]);
  expect(leg.trust).not.toBe('verified');
  expect(body.data).toEqual(REGISTRATION);
});

test('a slip in a record that was issued at once is corrected there when the dossier is right, and never comes in meanwhile', async () => {
  const { simulator, desk } = await start();
  await desk.push(CODE, '1.001612', 'household-registration@1', REGISTRATION);
  const number = simulator.typeByHand('household-registration', { ...(await desk.record()), TenTiengViet: 'Hộ kinh doanh Bảy Mẩu' });
  await desk.numberBack(number);
  await desk.answer(CODE, 'ours');
  await desk.later(600_000);
  const { leg, body, holds } = await desk.seen(CODE);
  expect(holds).toEqual([]);
  expect(body.data).toEqual(REGISTRATION);
  expect(leg.trust).not.toBe('verified');
  expect(await desk.record()).toEqual({ TenTiengViet: 'Hộ kinh doanh Bảy Mẫu' });
});

test('what was typed and is not visible there yet is waited for, and verified once it is', async () => {
  const { simulator, desk } = await start({ landLate: 1, lateMs: 600_000 });
  await desk.push(CODE, '1.001612', 'household-registration@1', REGISTRATION);
  await desk.numberBack(simulator.typeByHand('household-registration', await desk.record()));
  const before = await desk.seen(CODE);
  expect(before.leg).toMatchObject({ trust: 'declared', phase: 'sent' });
  expect(results(before.body)).toBeUndefined();
  await desk.later(900_000);
  const after = await desk.seen(CODE);
  expect(after.leg).toMatchObject({ trust: 'verified', phase: 'issued' });
  expect(results(after.body)).toMatchObject({ code: OWNER });
});

test('a change is not believed while the registry still states what was there before', async () => {
  const { simulator, desk } = await start();
  simulator.typeByHand('household-registration', {
    TenTiengViet: 'Hộ kinh doanh Tên Cũ',
    ChuHoKinhDoanh: { HoVaTen: 'Nguyễn Văn Mẫu', SoGiayChungThuc: OWNER },
  });
  const changing = { name: true, headquarters: false, lines: false, capital: false, owner: false, contact: false };
  await desk.push(CODE, '2.000720', 'household-change@1', {
    household: { code: OWNER },
    changing,
    changes: { name: 'Hộ kinh doanh Tên Mới' },
  });
  const typed = await desk.record();
  await desk.numberBack(`${OWNER}/1`);
  expect((await desk.seen(CODE)).leg).toMatchObject({ trust: 'declared', phase: 'sent' });
  expect(simulator.typeByHand('household-change', typed)).toBe(`${OWNER}/1`);
  await desk.later(600_000);
  const { leg, body, holds } = await desk.seen(CODE);
  expect(holds).toEqual([]);
  expect(leg).toMatchObject({ trust: 'verified', phase: 'issued' });
  expect(results(body)).toMatchObject({ changeCount: 1, changedOn: '2026-11-05' });
});

test('the number of another household is found out line by line', async () => {
  const { simulator, desk } = await start();
  await desk.push(CODE, '1.001612', 'household-registration@1', REGISTRATION);
  const other = simulator.typeByHand('household-registration', {
    TenTiengViet: 'Hộ kinh doanh Người Khác',
    ChuHoKinhDoanh: { HoVaTen: 'Trần Thị Ví Dụ', SoGiayChungThuc: '099192000022' },
  });
  await desk.numberBack(other);
  const { body, holds } = await desk.seen(CODE);
  expect(holds.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['TenTiengViet', 'ChuHoKinhDoanh.HoVaTen', 'ChuHoKinhDoanh.SoGiayChungThuc']),
  );
  expect(body.data).toEqual(REGISTRATION);
});

test('nothing of another household’s record is taken for ours, and its number can be put right', async () => {
  const { simulator, desk } = await start();
  await desk.push(CODE, '1.001612', 'household-registration@1', REGISTRATION);
  const own = simulator.typeByHand('household-registration', await desk.record());
  const other = simulator.typeByHand('household-registration', {
    TenTiengViet: 'Hộ kinh doanh Người Khác',
    ChuHoKinhDoanh: { HoVaTen: 'Trần Thị Ví Dụ', SoGiayChungThuc: '099192000022' },
  });
  await desk.numberBack(other);
  expect(results((await desk.seen(CODE)).body)).toBeUndefined();
  await desk.renumber(CODE, own);
  const { leg, body, holds } = await desk.seen(CODE);
  expect(holds).toEqual([]);
  expect(leg).toMatchObject({ externalId: OWNER, phase: 'issued', trust: 'verified' });
  expect(results(body)).toMatchObject({ code: OWNER });
  expect(body.data).toEqual(REGISTRATION);
});

test('results come in once a person has said which side is right', async () => {
  const { simulator, desk } = await start();
  await desk.push(CODE, '1.001612', 'household-registration@1', REGISTRATION);
  await desk.numberBack(
    simulator.typeByHand('household-registration', { ...(await desk.record()), TenTiengViet: 'Hộ kinh doanh Bảy Mẩu' }),
  );
  expect(results((await desk.seen(CODE)).body)).toBeUndefined();
  await desk.answer(CODE, 'theirs');
  const { leg, body } = await desk.seen(CODE);
  expect(body.data).toMatchObject({ household: { name: 'Hộ kinh doanh Bảy Mẩu' } });
  expect(results(body)).toMatchObject({ code: OWNER });
  expect(leg.trust).toBe('verified');
});

test('a suspension that the registry shows is verified by its days, and not by the household being there', async () => {
  const { simulator, desk } = await start();
  simulator.typeByHand('household-registration', { TenTiengViet: 'Hộ kinh doanh Bảy Mẫu', ChuHoKinhDoanh: { SoGiayChungThuc: OWNER } });
  const data = { household: { code: OWNER, name: 'Hộ kinh doanh Bảy Mẫu' }, suspension: { from: '2026-12-01', until: '2027-02-28' } };
  await desk.push(CODE, '1.001570', 'household-suspension@1', data);
  const typed = await desk.record();
  await desk.numberBack(`${OWNER}/01122026`);
  expect((await desk.seen(CODE)).leg.trust).toBe('declared');
  simulator.typeByHand('household-suspension', typed);
  await desk.later(600_000);
  const { leg, body } = await desk.seen(CODE);
  expect(leg).toMatchObject({ trust: 'verified', phase: 'issued' });
  expect(results(body)).toMatchObject({ state: 'suspended' });
});
