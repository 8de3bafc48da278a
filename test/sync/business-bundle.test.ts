import { afterEach, describe, expect, test } from 'vitest';
import { deskOf } from '../../src/http/looks.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type Businesses, openBusinesses } from './business-world.ts';
import { parsedOf } from './province.ts';

/** A new business: the registry issues its code, the tax office is only looked at, the insurance takes the unit under the same code. */

const open: Businesses[] = [];
const world = async (options?: Parameters<typeof openBusinesses>[0]): Promise<Businesses> => {
  const made = await openBusinesses(options);
  open.push(made);
  return made;
};
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

const exchanged = (code: string, NAME: string): JsonObject => ({
  ENTERPRISE_GDT_CODE: code,
  NAME,
  ENTERPRISE_STATUS_NAME: 'NNT đang hoạt động',
});
const NAMES = { enterprise: 'Công ty Bảy Mẫu', household: 'Hộ kinh doanh Bảy Mẫu' } as const;

describe.each(['enterprise', 'household'] as const)('the dossier of an %s that also asks for an insurance unit', (which) => {
  const name = NAMES[which];
  const taxpayer = `${which}-taxpayer`;
  const unit = `${which}-unit`;

  test('goes to the registry, then waits until tax shows the code, and only then to the insurance, under that code', async () => {
    const given = await world();
    await given.begin(which);
    expect(await given.stands()).toEqual({ 'business-registration': 'intended', tax: 'waiting', 'social-insurance': 'waiting' });
    const code = await given.typeIn();
    await given.later();
    expect(await given.stands()).toEqual({ 'business-registration': 'issued', tax: 'waiting', 'social-insurance': 'waiting' });
    expect(given.units(unit)).toEqual([]);
    given.simulator('tax').typeByHand(taxpayer, exchanged(code, name.toLocaleUpperCase('vi')));
    await given.later();
    await given.later();
    expect(await given.stands()).toMatchObject({ tax: 'issued', 'social-insurance': 'sent' });
    expect(given.units(unit)).toMatchObject([{ MaSoThue: code, TenDonVi: name, PhuongThucDong: '3', SoLaoDong: 5, TuThang: '12/2026' }]);
    await given.process(unit);
    const { dossier, holds, links } = await given.rows();
    expect(holds).toEqual([]);
    expect(dossier.body.results).toMatchObject({
      tax: { code, state: 'NNT đang hoạt động' },
      'social-insurance': { unitCode: code },
    });
    expect(links.filter(({ system }) => system !== 'one-stop').map(({ trust }) => trust)).toEqual(['verified', 'verified', 'verified']);
    expect(dossier.status).toBe(9);
    expect(given.atOneStop(`${which}-registration`)).toMatchObject({
      status: 9,
      results: { tax: { code }, 'social-insurance': { unitCode: code } },
    });
  });

  test('writes nothing at the tax office, whatever happens: no call, no sheet, and nobody may take the leg over', async () => {
    const given = await world();
    await given.begin(which);
    const code = await given.typeIn();
    for (let look = 0; look < 3; look += 1) await given.later();
    const leg = await given.leg('tax');
    await expect(given.engine.byHand(leg.id, 'can-bo')).rejects.toMatchObject({ code: 'link.looked-up' });
    given.simulator('tax').typeByHand(taxpayer, exchanged(code, name));
    for (let look = 0; look < 3; look += 1) await given.later();
    expect(await given.leg('tax')).toMatchObject({ situation: 'linked', phase: 'issued', trust: 'verified', externalId: code });
    expect(
      given
        .simulator('tax')
        .received()
        .filter(({ verb }) => verb !== 'type-by-hand'),
    ).toEqual([]);
    expect((await given.rows()).attempts.filter(({ link }) => link === leg.id)).toEqual([]);
  });

  test('has two legs that stay as they are when the insurance refuses the unit, and an official is asked about the status', async () => {
    const given = await world();
    await given.begin(which);
    const code = await given.typeIn();
    given.simulator('tax').typeByHand(taxpayer, exchanged(code, name));
    await given.later();
    await given.later();
    given.simulator('social-insurance').advance(unit, given.unitId(unit), 'tu-choi');
    await given.later();
    await given.later();
    expect(await given.stands()).toMatchObject({ 'business-registration': 'issued', tax: 'issued', 'social-insurance': 'refused' });
    const { dossier, holds } = await given.rows();
    expect(dossier.body.results).toMatchObject({ tax: { code } });
    expect(dossier.body.results['business-registration']).toBeDefined();
    expect(given.simulator('business-registration').records(`${which}-registration`)).toHaveLength(1);
    expect(holds.map(({ kind }) => kind)).toEqual(['status-step']);
  });

  test('handed over while two legs are open is a question that names both, and goes by itself when they have ended', async () => {
    const given = await world();
    await given.begin(which);
    const code = await given.typeIn();
    await given.handOver(`${which}-registration`);
    const { holds } = await given.rows();
    expect(holds).toMatchObject([{ kind: 'legs-open', detail: { systems: expect.arrayContaining(['social-insurance', 'tax']) } }]);
    given.simulator('tax').typeByHand(taxpayer, exchanged(code, name));
    await given.later();
    await given.later();
    await given.process(unit);
    expect((await given.rows()).holds).toEqual([]);
    expect(await given.stands()).toMatchObject({ tax: 'issued', 'social-insurance': 'issued' });
  });

  test('is checked for all three legs at once: the insurance asks at the counter for what no leg gives, and not for the code', async () => {
    const given = await world();
    const found = new Map(
      (await given.engine.check(parsedOf(given.document(which, { insurance: undefined })))).map((each) => [each.system, each]),
    );
    expect([...found.keys()].sort()).toEqual(['business-registration', 'social-insurance', 'tax']);
    const code = `results.business-registration.${which === 'enterprise' ? 'enterpriseCode' : 'code'}`;
    expect(found.get('business-registration')).toMatchObject({ needs: [], waits: [] });
    expect(found.get('tax')).toMatchObject({ needs: [], waits: [{ path: code, system: 'business-registration' }] });
    expect(found.get('social-insurance')).toMatchObject({
      needs: ['insurance.payment', 'insurance.workers'],
      waits: [
        { path: code, system: 'business-registration' },
        { path: 'results.tax.code', system: 'tax' },
      ],
    });
  });

  test('lies on three desks, each leg on its own', async () => {
    const given = await world();
    await given.begin(which);
    const { dossier, links } = await given.rows();
    const desks = new Map(given.mappings.flatMap(({ id, desk }) => (desk === undefined ? [] : [[id, desk] as const])));
    const look = { spokes: new Map(), titles: new Map(), needs: new Map(), desks };
    const codes = Object.fromEntries(links.map((link) => [link.system, deskOf(look, dossier, link).code]));
    expect(codes).toMatchObject({
      'business-registration': which === 'enterprise' ? 'DKKD-96' : 'UBND-32041',
      tax: 'THUE-96',
      'social-insurance': 'BHXH-96',
    });
  });
});

describe('a code that is not the dossier’s own', () => {
  test('of another enterprise begins no later leg; with the right number all goes on', async () => {
    const given = await world();
    await given.begin('enterprise');
    const other = given.simulator('business-registration').typeByHand('enterprise-registration', {
      TenTiengViet: 'Công ty Người Khác',
      DaiDienPhapLuat: [{ HoVaTen: 'Trần Thị Ví Dụ', SoGiayChungThuc: '099192000022' }],
    });
    given.simulator('tax').typeByHand('enterprise-taxpayer', exchanged(other, 'CÔNG TY NGƯỜI KHÁC'));
    const own = await given.typeIn(other);
    for (let look = 0; look < 3; look += 1) await given.later();
    const before = await given.rows();
    expect(before.holds.every(({ kind }) => kind === 'typed-differs')).toBe(true);
    expect(before.dossier.body.results).toEqual({});
    expect(await given.stands()).toMatchObject({ tax: 'waiting', 'social-insurance': 'waiting' });
    await given.engine.decide({ hold: before.holds[0]?.id ?? '', name: 'typed', value: own, by: 'can-bo' });
    given.simulator('tax').typeByHand('enterprise-taxpayer', exchanged(own, NAMES.enterprise));
    for (let look = 0; look < 3; look += 1) await given.later();
    expect((await given.rows()).holds).toEqual([]);
    expect(given.units('enterprise-unit')).toMatchObject([{ MaSoThue: own }]);
  });

  test('under which tax knows another name is asked about, and nothing is filed until an official has looked', async () => {
    const given = await world();
    await given.begin('enterprise');
    const code = await given.typeIn();
    given.simulator('tax').typeByHand('enterprise-taxpayer', exchanged(code, 'CÔNG TY NGƯỜI KHÁC'));
    for (let look = 0; look < 3; look += 1) await given.later();
    const { holds, dossier } = await given.rows();
    expect(holds.map(({ kind, path }) => [kind, path])).toEqual([['conflict', 'NAME']]);
    expect(dossier.body.results.tax).toBeUndefined();
    expect(given.units('enterprise-unit')).toEqual([]);
    await given.engine.decide({ hold: holds[0]?.id ?? '', name: 'leave', value: null, by: 'can-bo' });
    for (let look = 0; look < 3; look += 1) await given.later();
    expect(await given.leg('tax')).toMatchObject({ trust: 'declared' });
    expect(given.units('enterprise-unit')).toHaveLength(1);
  });
});

describe('a code that tax does not show', () => {
  test('is asked about after long looking, and the question goes when it shows up', async () => {
    const given = await world({ pollsBeforeAsking: 3 });
    await given.begin('enterprise');
    const code = await given.typeIn();
    for (let look = 0; look < 4; look += 1) await given.later();
    const [hold] = (await given.rows()).holds;
    expect(hold).toMatchObject({ kind: 'not-exchanged', desk: 'official', decisions: ['retry', 'leave'] });
    await given.engine.decide({ hold: hold?.id ?? '', name: 'retry', value: null, by: 'can-bo' });
    await given.rest();
    expect((await given.rows()).holds).toEqual([]);
    for (let look = 0; look < 4; look += 1) await given.later();
    expect((await given.rows()).holds.map(({ kind }) => kind)).toEqual(['not-exchanged']);
    given.simulator('tax').typeByHand('enterprise-taxpayer', exchanged(code, NAMES.enterprise));
    await given.later();
    expect((await given.rows()).holds).toEqual([]);
    expect(await given.leg('tax')).toMatchObject({ phase: 'issued', trust: 'verified' });
  });

  test('is not looked for any more once the citizen has withdrawn', async () => {
    const given = await world();
    await given.begin('enterprise');
    await given.typeIn();
    given.oneStop.advance('enterprise-registration', given.code, '7');
    await given.later();
    await given.later();
    expect(await given.leg('tax')).toMatchObject({ situation: 'ended', impossible: 'status:7' });
    expect(given.units('enterprise-unit')).toEqual([]);
  });
});
