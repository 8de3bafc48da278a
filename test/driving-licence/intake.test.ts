import { afterEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/kit/index.ts';
import { openProvince, type Province } from '../sync/province.ts';
import { sample } from './world.ts';

/** The former ministry took the dossier in: it begins there, and hub and one-stop get the copy. */

const open: Province[] = [];
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});
async function province(): Promise<Province> {
  const made = await openProvince({ others: ['driving-licence'], startAt: Date.parse('2025-01-13T02:00:00Z') });
  open.push(made);
  return made;
}
const atOneStop = (of: Province, kind: string): readonly JsonObject[] => of.oneStop.records(kind).map(({ record }) => record as JsonObject);
async function seen(of: Province, code: string) {
  return of.store.read(async (tx) => {
    const links = await tx.links.ofDossiers([code]);
    const at = (system: string) => links.find((link) => link.system === system);
    return {
      ...{ dossier: (await tx.dossiers.load([code])).get(code), leg: at('driving-licence'), oneStop: at('one-stop') },
      holds: (await tx.holds.page({ code, open: true }, null, 10)).map(({ kind, path }) => [kind, path]),
      acts: (await tx.progress.ofDossiers([code])).flatMap(({ kind, name }) => (kind === 'act' ? [name] : [])),
    };
  });
}

describe.each([
  ['licence-copy', 4], // it states that it was accepted
  ['licence-notice', 2],
])('a %s that the ministry took in', (kind, status) => {
  test('becomes one dossier here and one at the one-stop, received and as far on as the ministry says', async () => {
    const given = await province();
    const code = given.simulator('driving-licence').typeByHand(kind, await sample(kind, 1));
    await given.rest();
    await given.later();
    const { dossier, oneStop, leg, holds, acts } = await seen(given, code);
    expect(holds).toEqual([]);
    expect(dossier).toMatchObject({ head: { code, form: `${kind}@1`, procedure: '1.002809' } });
    expect(dossier?.body.applicant).toMatchObject({ kind: 'citizen' });
    expect(atOneStop(given, kind)).toMatchObject([{ code, procedure: '1.002809', status }]);
    expect(oneStop).toMatchObject({ situation: 'linked', trust: 'verified', externalId: code });
    // It is read, and all that is known of it was taken from it: nobody is told that it could not be compared.
    expect(leg).toMatchObject({ situation: 'linked', externalId: code, trust: 'verified' });
    expect(
      given
        .simulator('driving-licence')
        .received()
        .filter(({ verb }) => verb !== 'type-by-hand'),
    ).toEqual([]);
    expect(acts).toEqual(['received']);
  });

  test('is told once, however often the feed tells of it', async () => {
    const given = await province();
    given.simulator('driving-licence').typeByHand(kind, await sample(kind, 1));
    for (let look = 0; look < 4; look += 1) await given.later();
    expect(atOneStop(given, kind)).toHaveLength(1);
    expect(given.oneStop.received().filter(({ verb }) => verb === 'create')).toHaveLength(1);
  });

  test('is there once though every answer of the one-stop gets lost at first', async () => {
    const given = await province();
    given.oneStop.setFaults({ loseAnswer: 1 });
    const code = given.simulator('driving-licence').typeByHand(kind, await sample(kind, 1));
    await given.rest();
    given.oneStop.setFaults({ loseAnswer: 0 });
    for (let look = 0; look < 4; look += 1) await given.later();
    expect(atOneStop(given, kind)).toHaveLength(1);
    expect((await seen(given, code)).oneStop).toMatchObject({ situation: 'linked', externalId: code });
  });
});

test('what the ministry corrects comes to hub and one-stop; nothing is ever written to the ministry', async () => {
  const given = await province();
  const ministry = given.simulator('driving-licence');
  const code = ministry.typeByHand('licence-copy', await sample('licence-copy', 1));
  await given.rest();
  await given.later();
  ministry.edit('licence-copy', code, {
    HoSoGPLX: { hoTen: 'Nguyễn Văn Mẫu Đã Sửa' },
    ChiTiet: { MaTrangThai: '5', TrangThaiHoSo: 'Cần bổ sung' },
  });
  for (let look = 0; look < 4; look += 1) await given.later();
  const { dossier, leg, holds } = await seen(given, code);
  expect(holds).toEqual([]);
  expect(dossier?.body.data).toMatchObject({ holder: { fullName: 'Nguyễn Văn Mẫu Đã Sửa' } });
  expect(atOneStop(given, 'licence-copy')).toMatchObject([{ data: { holder: { fullName: 'Nguyễn Văn Mẫu Đã Sửa' } }, status: 5 }]);
  expect(leg).toMatchObject({ phase: 'supplement' });
});

test('a code without a row leaves its line out and is asked about; the record does not count as equal until it is there', async () => {
  const given = await province();
  const record = await sample('licence-copy', 1);
  const holder = record.HoSoGPLX as JsonObject;
  const ministry = given.simulator('driving-licence');
  const code = ministry.typeByHand('licence-copy', { ...record, HoSoGPLX: { ...holder, gioiTinh: 'K' } });
  for (let look = 0; look < 3; look += 1) await given.later();
  const asked = await seen(given, code);
  expect(asked.holds).toMatchObject([['unknown-code', expect.any(String)]]);
  expect(asked.leg).toMatchObject({ situation: 'linked', phase: 'accepted', trust: 'declared' });
  const [copy] = atOneStop(given, 'licence-copy') as readonly { data: { holder: JsonObject } }[];
  expect(copy?.data.holder).toMatchObject({ fullName: holder.hoTen });
  expect(copy?.data.holder).not.toHaveProperty('gender');
  ministry.edit('licence-copy', code, { HoSoGPLX: { gioiTinh: 'M' } });
  for (let look = 0; look < 3; look += 1) await given.later();
  const told = await seen(given, code);
  expect(told.holds).toEqual([]);
  expect(told.leg).toMatchObject({ trust: 'verified' });
});

test('a dossier whose procedure is none of the catalogue is asked about, and nothing of it is stored', async () => {
  const given = await province();
  const record = await sample('licence-notice', 1);
  const code = given.simulator('driving-licence').typeByHand('licence-notice', { ...record, MaTTHC: '9.999999' });
  await given.rest();
  const holds = await given.store.read((tx) => tx.holds.page({ open: true }, null, 10));
  expect(holds.map((hold) => [hold.code, hold.kind])).toEqual([[code, 'setup']]);
  expect(atOneStop(given, 'licence-notice')).toEqual([]);
});
