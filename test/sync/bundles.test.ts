import { afterEach, describe, expect, test } from 'vitest';
import { deskOf } from '../../src/http/looks.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { DossierDocument } from '../../src/sync/contract.ts';
import { issue, type Options, openProvince, type Province, parsedOf, pushed } from './province.ts';

/** Dossiers of several legs: what a leg waits for, what it takes with it when it fails, and when the dossier is over (T24). */

const open: Province[] = [];
const province = async (options: Options = { others: ['funeral-allowance'] }): Promise<Province> => {
  const made = await openProvince(options);
  open.push(made);
  return made;
};
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

const CODE = 'H12.31-261102-0801';
const place = { province: '96', ward: '32095', wardVersion: '2025', detail: 'Khóm Mẫu' };

const FUNERAL: JsonObject = {
  burial: { date: '2026-10-31', time: '7 giờ', place: 'Nghĩa trang mẫu' },
  claimant: { birthDate: '1970-03-02', sex: 'female', ethnic: '01' },
  payment: { method: 'cash' },
  requestedOn: '2026-11-02',
};
/** The linked dossier of a death: record, removal of residence, funeral allowance. */
const death = (data: JsonObject = {}): JsonObject => ({
  code: CODE,
  nationalCode: 'G15.99-20261102-0000801',
  procedure: '2.002913',
  agency: 'H12.31',
  status: 2,
  receivedAt: '2026-11-02T01:00:00.000Z',
  applicant: { kind: 'citizen', fullName: 'Lê Thị Ví Dụ', phone: '0900000001' },
  form: 'death@1',
  data: {
    registration: { kind: 'on-time', office: { ward: '32095', wardVersion: '2025' }, copies: 1 },
    deceased: { fullName: 'Lê Văn Mẫu Thử', sex: 'male', birthDate: '1940', residenceKind: 'permanent', residence: place },
    death: { date: '2026-10-30' },
    declarant: { fullName: 'Lê Thị Ví Dụ', relation: 'child', residenceKind: 'permanent', residence: place },
    funeral: FUNERAL,
    ...data,
  },
});

const leg = async (of: Province, system: string) => (await of.rows(CODE)).links.find((link) => link.system === system);
const atFuneral = (of: Province) => of.simulator('funeral-allowance').records('allowance');
const kindsOf = async (of: Province) => (await of.rows(CODE)).holds.map(({ kind }) => kind);

async function issuedDeath(of: Province, data: JsonObject = {}): Promise<void> {
  await of.typedWhole(death(data));
  await of.rest();
  for (const stage of ['3', '7', '4']) {
    of.ministry.advance('death', CODE, stage);
    await of.later();
  }
  await of.later();
}
async function handedOver(of: Province): Promise<void> {
  for (const status of ['9', '10']) {
    of.oneStop.advance('death', CODE, status);
    await of.later();
  }
}

describe('T24: a leg that needs what an earlier one issues', () => {
  test('is not begun before, and carries the death record’s people once it is there', async () => {
    const given = await province();
    await given.typedWhole(death());
    await given.rest();
    await given.later();
    expect(atFuneral(given)).toEqual([]);
    expect(await leg(given, 'funeral-allowance')).toMatchObject({ situation: 'waiting', impossible: null });
    for (const stage of ['3', '7', '4']) {
      given.ministry.advance('death', CODE, stage);
      await given.later();
    }
    await given.later();
    expect(atFuneral(given).map(({ record }) => record.HoVaTen)).toEqual(['Lê Thị Ví Dụ']);
    expect(atFuneral(given)[0]?.record.HoTroMaiTangPhi).toMatchObject({ nktHoVaTen: 'Lê Văn Mẫu Thử', nktNgaySinh: '1940' });
  });

  test('becomes impossible, with the reason, when the earlier one is refused; nothing is sent for it', async () => {
    const given = await province();
    await given.typedWhole(death());
    await given.rest();
    given.ministry.advance('death', CODE, '6', { ghiChu: 'Thiếu giấy báo tử' });
    await given.later();
    await given.later();
    expect(await leg(given, 'funeral-allowance')).toMatchObject({
      situation: 'ended',
      impossible: 'source:results.civil-status.number',
    });
    expect(atFuneral(given)).toEqual([]);
    expect((await given.rows(CODE)).dossier.status).toBe(8);
  });

  test('undoes nothing when it is refused: the death record stays, and an official is asked about the status', async () => {
    const given = await province();
    await issuedDeath(given);
    given.simulator('funeral-allowance').advance('allowance', CODE, '3', { TrichYeu: 'Không thuộc diện' });
    await given.later();
    await given.later();
    const { dossier, leg: civil, holds } = await given.rows(CODE);
    expect(civil).toMatchObject({ phase: 'issued', trust: 'verified', impossible: null });
    expect(dossier.body.results).toMatchObject({ 'civil-status': { number: '1' } });
    expect(given.ministry.records('death')[0]?.record.ketQuaXuLy).toMatchObject({ soDangKy: '1' });
    expect(await leg(given, 'funeral-allowance')).toMatchObject({ phase: 'refused', situation: 'ended' });
    expect(holds.map(({ kind }) => kind)).toEqual(['status-step']);
  });

  test('its decision comes back, and only then is the dossier done', async () => {
    const given = await province();
    await issuedDeath(given);
    expect((await given.rows(CODE)).dossier.status).toBe(4);
    for (const stage of ['4', '9']) given.simulator('funeral-allowance').advance('allowance', CODE, stage);
    await given.later();
    await given.later();
    const { dossier, holds } = await given.rows(CODE);
    expect(dossier.body.results['funeral-allowance']).toMatchObject({ decision: '1/QĐ-MTP', date: '2026-11-02' });
    expect([dossier.status, holds]).toEqual([9, []]);
    expect(given.oneStop.records('death')[0]?.record).toMatchObject({ results: { 'funeral-allowance': { decision: '1/QĐ-MTP' } } });
  });
});

describe('the linked dossier of a birth', () => {
  const BIRTH = 'H12.31-261102-0001';
  const residence = { address: place, head: { fullName: 'Trần Thị Giả Định', personalId: '099198000001', relation: 'child' } };
  const insurance = { firstTreatment: { facility: '99001' } };

  test('asks at the counter for the place of first treatment, which no leg gives, and not for the personal ID, which one does', async () => {
    const given = await province({ others: ['residence', 'social-insurance'] });
    const found = await given.engine.check(pushed({ residence }, { procedure: '3.000722' }));
    const waits = [{ path: 'results.civil-status.personalId', system: 'civil-status' }];
    expect(found.find(({ system }) => system === 'social-insurance')).toMatchObject({
      needs: ['insurance.firstTreatment.facility'],
      waits,
    });
    expect(found.find(({ system }) => system === 'residence')).toMatchObject({ needs: [], waits });
  });

  test('T10: an earlier code of it begins no leg beside civil status when it has ended', async () => {
    const given = await province({ others: ['residence', 'social-insurance'] });
    await expect(given.engine.intake(pushed({ residence }, { procedure: '2.002621' }))).rejects.toMatchObject({
      code: 'expired-procedure',
    });
    const before = pushed({ residence }, { procedure: '2.002621', receivedAt: '2026-08-31T03:00:00.000Z', code: 'H12.31-260831-0001' });
    expect((await given.engine.intake(before)).legs.map(({ system }) => system).sort()).toEqual([
      'civil-status',
      'residence',
      'social-insurance',
    ]);
  });

  test('begins residence and insurance side by side once the personal ID is there, and not before', async () => {
    const given = await province({ others: ['residence', 'social-insurance'] });
    await given.typed({ residence, insurance }, { procedure: '3.000722' });
    await given.rest();
    await given.later();
    const stand = async () =>
      (await given.rows(BIRTH)).attempts.filter(({ verb }) => verb === 'create').map(({ link }) => link.split('/')[1]);
    expect(await stand()).toEqual(['civil-status']);
    await issue(given);
    await given.later();
    await given.later();
    expect((await stand()).sort()).toEqual(expect.arrayContaining(['civil-status', 'social-insurance']));
    const { dossier, links, holds } = await given.rows(BIRTH);
    const personalId = (dossier.body.results as { 'civil-status'?: { personalId?: string } })['civil-status']?.personalId;
    expect(personalId).toMatch(/^099\d{9}$/u);
    expect(given.simulator('social-insurance').records('child-card')[0]?.record.cmnd).toBe(personalId);
    expect(links.filter(({ impossible }) => impossible !== null)).toEqual([]);
    expect(holds.filter(({ kind }) => kind === 'legs-open')).toEqual([]);
  });
});

describe('handing over while a leg is open', () => {
  test('is a question to the official that names the leg, and is not told to the ministry that issued', async () => {
    const given = await province();
    await issuedDeath(given);
    await handedOver(given);
    const { holds, leg: civil } = await given.rows(CODE);
    expect(holds).toMatchObject([{ kind: 'legs-open', desk: 'official', decisions: ['confirm', 'leave'] }]);
    expect(holds[0]?.vi).toContain('funeral-allowance');
    expect(civil.phase).toBe('issued');
    expect(given.taken()).not.toContain('step-5');
  });

  test('is told once the official confirms it; the open leg goes on to its end all the same', async () => {
    const given = await province();
    await issuedDeath(given);
    await handedOver(given);
    const [hold] = (await given.rows(CODE)).holds;
    await given.engine.decide({ hold: hold?.id ?? '', name: 'confirm', value: null, by: 'can-bo' });
    await given.later();
    await given.later();
    expect(given.taken().filter((verb) => verb === 'step-5')).toHaveLength(1);
    expect((await given.rows(CODE)).leg.phase).toBe('handed-over');
    expect(await kindsOf(given)).toEqual([]);
    for (const stage of ['4', '9']) given.simulator('funeral-allowance').advance('allowance', CODE, stage);
    await given.later();
    expect((await given.rows(CODE)).dossier.body.results['funeral-allowance']).toMatchObject({ decision: '1/QĐ-MTP' });
    expect(await kindsOf(given)).toEqual([]);
  });

  test('needs no answer any more when the leg has ended meanwhile: the question goes, the hand-over is told', async () => {
    const given = await province();
    await issuedDeath(given);
    await handedOver(given);
    for (const stage of ['4', '9']) given.simulator('funeral-allowance').advance('allowance', CODE, stage);
    await given.later();
    await given.later();
    expect(await kindsOf(given)).toEqual([]);
    expect(given.taken()).toContain('step-5');
  });

  test('is nothing to ask about when every leg has its result', async () => {
    const given = await province({});
    await issuedDeath(given);
    given.oneStop.advance('death', CODE, '10');
    await given.later();
    expect(await kindsOf(given)).toEqual([]);
    expect(given.taken()).toContain('step-5');
  });
});

describe('a check while the citizen is at the counter', () => {
  const legs = async (of: Province, document: DossierDocument) =>
    new Map((await of.engine.check(document)).map((each) => [each.system, each]));

  test('asks for what every leg needs, also one that waits for another, and not for what an earlier leg gives', async () => {
    const given = await province({ others: ['funeral-allowance', 'residence'] });
    const found = await legs(given, parsedOf(death({ funeral: { burial: {} } })));
    expect([...found.keys()].sort()).toEqual(['civil-status', 'funeral-allowance', 'residence']);
    expect(found.get('funeral-allowance')).toMatchObject({
      needs: ['funeral.claimant.birthDate', 'funeral.claimant.sex', 'funeral.payment.method', 'funeral.requestedOn'],
      waits: [{ path: 'results.civil-status.number', system: 'civil-status' }],
    });
    expect(found.get('residence')).toMatchObject({ needs: [], waits: [{ path: 'results.civil-status.number', system: 'civil-status' }] });
    expect(found.get('civil-status')).toMatchObject({ needs: [], waits: [] });
  });

  test('an empty text is as missing as none, in the check as in the leg', async () => {
    const given = await province({ others: ['residence'] });
    const document = pushed(
      { residence: { address: place, head: { fullName: 'Trần Thị Giả Định', relation: 'child' } } },
      { procedure: '3.000722' },
    );
    const data = {
      ...document.body.data,
      residence: {
        ...(document.body.data.residence as JsonObject),
        head: { personalId: '', fullName: 'Trần Thị Giả Định', relation: 'child' },
      },
    };
    const found = await legs(given, { ...document, body: { ...document.body, data } });
    expect(found.get('residence')?.needs).toEqual(['residence.head.personalId']);
  });

  test('what no leg of this dossier will ever give is asked for, not waited for', async () => {
    const given = await province({ others: ['funeral-allowance'], spoke: { mode: () => 'off' } });
    const found = await legs(given, parsedOf(death()));
    expect(found.get('funeral-allowance')).toMatchObject({ needs: ['results.civil-status.number'], waits: [] });
  });

  test('T1: a gender that the form of a later leg does not know is asked about now', async () => {
    const given = await province();
    const found = await legs(given, parsedOf(death({ funeral: { ...FUNERAL, claimant: { birthDate: '1970', sex: 'unknown' } } })));
    expect(found.get('funeral-allowance')?.problems).toMatchObject([{ code: 'split-code', path: 'funeral.claimant.sex' }]);
  });
});

describe('on whose desk a leg lies', () => {
  test('is the agency of the place for a leg whose mapping says so, and the receiving agency for the others', async () => {
    const given = await province({ others: ['funeral-allowance', 'residence'] });
    await given.typedWhole(death());
    const { dossier, links } = await given.rows(CODE);
    const desks = new Map(given.mappings.flatMap(({ id, desk }) => (desk === undefined ? [] : [[id, desk] as const])));
    const at = (system: string) => {
      const link = links.find((each) => each.system === system);
      return link === undefined ? null : deskOf({ spokes: new Map(), titles: new Map(), needs: new Map(), desks }, dossier, link);
    };
    expect(at('residence')).toEqual({ code: 'CA-32095', title: 'Công an xã Trần Văn Thời' });
    expect(at('funeral-allowance')).toEqual({ code: 'UBND-32095', title: 'Ủy ban nhân dân xã Trần Văn Thời' });
    expect(at('civil-status')).toEqual({ code: 'H12.31', title: null });
  });
});

describe('what a system says of a dossier nobody entered', () => {
  const kept = async (of: Province) =>
    (await of.store.read((tx) => tx.holds.page({ code: CODE, open: true }, null, 10))).map(({ kind }) => kind);
  async function foretold(): Promise<Province> {
    const given = await province();
    await issuedDeath(given);
    const record = atFuneral(given)[0]?.record as JsonObject;
    const fresh = await province();
    const id = fresh.simulator('funeral-allowance').typeByHand('allowance', record);
    fresh.simulator('funeral-allowance').edit('allowance', id, { MaHoSo: CODE });
    await fresh.rest();
    return fresh;
  }

  test('is asked about once, and kept though it was left alone', async () => {
    const given = await foretold();
    expect(await kept(given)).toEqual(['no-dossier']);
    const [hold] = await given.store.read((tx) => tx.holds.page({ code: CODE, open: true }, null, 10));
    await given.engine.decide({ hold: hold?.id ?? '', name: 'leave', value: null, by: 'van-hanh' });
    for (let look = 0; look < 3; look += 1) await given.later();
    expect(await kept(given)).toEqual([]);
  });

  test('is kept whole: a second statement does not stand in for the first', async () => {
    const given = await foretold();
    given.simulator('funeral-allowance').edit('allowance', CODE, { HoVaTen: 'Lê Văn Mẫu Khác' });
    await given.later();
    expect(await kept(given)).toEqual(['no-dossier', 'no-dossier']);
  });

  test('goes in by itself once the dossier is entered', async () => {
    const given = await foretold();
    await given.typedWhole(death());
    await given.rest();
    expect(await kept(given)).not.toContain('no-dossier');
    expect(await leg(given, 'funeral-allowance')).toMatchObject({ situation: 'linked' });
  });
});
