import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../model/calendars.ts';
import { type Given, openDueHouse, stands } from './due-given.ts';
import { type House, linkTo } from './given.ts';

/** What is due and what was in time, over real HTTP and the real store. Wednesday 25/11/2026, 09:00. */

let house: House;
let token = '';
beforeAll(async () => {
  house = await openDueHouse();
  token = await house.token();
});
afterAll(() => house.close());

const get = async <T>(path: string, by = token): Promise<T> => {
  const answer = await house.call(`/api/v1${path}`, { token: by });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
};
interface Item {
  readonly code: string;
  readonly leg: { readonly system: string } | null;
  readonly deadline: { readonly dueAt: string; readonly verdict: string; readonly sentence: { readonly vi: string } };
}
interface Page {
  readonly items: readonly Item[];
  readonly next: string | null;
}
const named = ({ items }: Page) => items.map(({ code, leg }) => `${code.slice(-4)} ${leg?.system ?? 'dossier'}`);

describe('what is due', () => {
  beforeAll(async () => {
    // Dossier due 26/11, leg due today.
    await stands(house, token, 'H12.15-261124-1001', { received: '2026-11-23 09:00' });
    // Dossier due today, leg done.
    await stands(house, token, 'H12.15-261124-1002', {
      received: '2026-11-20 09:00',
      phase: 'issued',
      told: [['2026-11-24 10:00', 'phase', 'issued', true]],
    });
    // Both overdue.
    await stands(house, token, 'H12.15-261124-1003', { received: '2026-11-16 09:00' });
    // Overdue but for the supplement that is awaited.
    await stands(house, token, 'H12.15-261124-1004', {
      received: '2026-11-18 09:00',
      status: 5,
      phase: 'supplement',
      told: [
        ['2026-11-19 09:00', 'phase', 'supplement', true],
        ['2026-11-19 09:00', 'status', '5'],
      ],
    });
    // Two supplements: overdue with days left.
    await stands(house, token, 'H12.15-261124-1005', {
      received: '2026-11-24 09:00',
      status: 5,
      told: [
        ['2026-11-24 10:00', 'status', '5'],
        ['2026-11-24 11:00', 'act', 'supplied'],
        ['2026-11-24 11:00', 'status', '4'],
        ['2026-11-24 14:00', 'status', '5'],
      ],
    });
    // Ended: in no list. Handed over, but its leg is still at work and overdue.
    await stands(house, token, 'H12.15-261124-1006', {
      received: '2026-11-10 09:00',
      status: 10,
      phase: 'handed-over',
      told: [
        ['2026-11-11 09:00', 'status', '9'],
        ['2026-11-11 09:00', 'phase', 'issued', true],
      ],
    });
    await stands(house, token, 'H12.15-261124-1007', {
      received: '2026-11-10 09:00',
      status: 10,
      phase: 'assigned',
      told: [['2026-11-11 09:00', 'status', '10']],
    });
    // Another agency's, and one without any term.
    await stands(house, token, 'H12.99-261124-1008', { received: '2026-11-16 09:00', head: { agency: 'H12.99' } });
    await stands(house, token, 'H12.15-261124-1009', { received: '2026-11-01 09:00', head: { procedure: '2.000806' } });
  });

  it('today is listed by dossier and by leg', async () => {
    const page = await get<Page>('/deadlines?is=due-today&agency=H12.15');
    expect(named(page)).toEqual(['1001 civil-status', '1002 dossier']);
    expect(page.items[0]?.deadline.sentence.vi).toBe('Hạn 17:00 ngày 25/11/2026; còn 6 giờ làm việc.');
    expect(page.next).toBeNull();
  });
  it('overdue is listed; a supplement awaited keeps both clocks standing, a second one does not help', async () => {
    const page = await get<Page>('/deadlines?is=overdue&agency=H12.15');
    expect(named(page)).toEqual(['1003 dossier', '1003 civil-status', '1005 dossier', '1007 civil-status']);
  });
  it('comes page by page, whole dossiers at a time, and by system', async () => {
    const first = await get<Page>('/deadlines?is=overdue&agency=H12.15&most=1');
    expect([named(first), first.next]).toEqual([['1003 dossier', '1003 civil-status'], 'H12.15-261124-1003']);
    const second = await get<Page>(`/deadlines?is=overdue&agency=H12.15&most=1&after=${first.next}`);
    expect(named(second)).toEqual(['1005 dossier']);
    expect(named(await get<Page>('/deadlines?is=overdue&system=civil-status&agency=H12.15'))).toEqual([
      '1003 civil-status',
      '1007 civil-status',
    ]);
  });
  it("shows an account its own agencies' only", async () => {
    const other = await house.token(['read'], ['H12.99']);
    expect(named(await get<Page>('/deadlines?is=overdue', other))).toEqual(['1008 dossier', '1008 civil-status']);
    expect((await house.call('/api/v1/deadlines?is=overdue&agency=H12.15', { token: other })).status).toBe(403);
    const all = await house.token(['read'], ['H12.15', 'H12.99']);
    expect(named(await get<Page>('/deadlines?is=overdue', all))).toContain('1008 dossier');
  });
  it('must be asked for as it can be answered, and by somebody known', async () => {
    expect((await house.call('/api/v1/deadlines?is=soon', { token })).status).toBe(400);
    expect((await house.call('/api/v1/deadlines?is=overdue')).status).toBe(401);
    const blind = await house.token(['intake']);
    expect((await house.call('/api/v1/deadlines?is=overdue', { token: blind })).status).toBe(403);
  });
  it('a leg that waits for the result of an earlier one stands in no list; from the result on its own clock runs', async () => {
    const code = 'H12.20-261124-1010';
    await stands(house, token, code, { received: '2026-11-02 09:00', phase: 'sent', head: { agency: 'H12.20', procedure: '1.000894' } });
    const card = { ...linkTo(code), id: `${code}/insurance/card`, system: 'insurance', record: 'card', mapping: 'insurance.card' };
    await house.store.write((tx) => tx.links.insert(card));
    const { legs } = await get<{ legs: { system: string; deadline: unknown }[] }>(`/dossiers/${code}`);
    expect(legs.find(({ system }) => system === 'insurance')?.deadline).toMatchObject({ state: 'waiting', verdict: null });
    expect(named(await get<Page>('/deadlines?is=overdue&agency=H12.20'))).toEqual([]);

    await house.store.write(async (tx) => {
      const dossier = (await tx.dossiers.load([code])).get(code);
      if (dossier === undefined) throw new RangeError('not there');
      const body = { ...dossier.body, results: { 'civil-status': { personalId: 'ĐD-1010' } } };
      await tx.dossiers.replace({ ...dossier, body }, dossier.hubVersion, null);
      const evidence = { kind: 'sighting' as const, ref: 's' };
      await tx.progress.append([
        { code, at: at('2026-11-23 10:00'), link: linkTo(code).id, kind: 'phase', name: 'issued', evidence, note: null },
      ]);
    });
    const overdue = await get<Page>('/deadlines?is=overdue&agency=H12.20');
    expect(overdue.items).toMatchObject([{ leg: { system: 'insurance' }, deadline: { dueAt: '2026-11-24T10:00:00.000Z' } }]);
  });
});

interface Rate {
  readonly rows: readonly {
    readonly key: string;
    readonly counted: number;
    readonly onTime: number;
    readonly late: number;
    readonly running: number;
    readonly withoutTerm: number;
    readonly rate: number | null;
  }[];
  readonly total: { readonly counted: number; readonly rate: number | null };
  readonly explanation: { readonly vi: string };
}

describe('how often things were done in time', () => {
  const agency = 'H12.30';
  const head = { agency };
  beforeAll(async () => {
    // October: one leg and dossier in time, one late, one that ended before, one received after.
    const done = (code: string, received: string, ended: string, more: Partial<Given> = {}) =>
      stands(house, token, code, {
        ...{ received, status: 9, phase: 'issued', head },
        told: [
          [ended, 'phase', 'issued', true],
          [ended, 'status', '9'],
        ],
        ...more,
      });
    await done('H12.30-261001-0001', '2026-10-05 09:00', '2026-10-06 10:00');
    await done('H12.30-261001-0002', '2026-10-05 09:00', '2026-10-20 10:00');
    await done('H12.30-261001-0003', '2026-09-21 09:00', '2026-09-22 10:00');
    await done('H12.30-261001-0004', '2026-11-03 09:00', '2026-11-04 10:00');
    // Under way over the end of October: in time then, late afterwards.
    await done('H12.30-261001-0005', '2026-10-30 09:00', '2026-11-20 10:00');
    // Carried over from September, still open today: late.
    await stands(house, token, 'H12.30-261001-0006', { received: '2026-09-10 09:00', head });
    // No term known.
    await stands(house, token, 'H12.30-261001-0007', { received: '2026-10-10 09:00', head: { agency, procedure: '2.000806' } });
  });

  it('by system: numerator, denominator, and what is left out', async () => {
    const october = await get<Rate>(`/on-time?from=2026-10-01&until=2026-10-31&agency=${agency}`);
    expect(october.rows).toMatchObject([{ key: 'civil-status', counted: 4, onTime: 2, late: 2, running: 2, withoutTerm: 1, rate: 50 }]);
    expect(october.explanation.vi).toContain('Tử số');
  });
  it('by leg and by procedure', async () => {
    const legs = await get<Rate>(`/on-time?from=2026-10-01&until=2026-10-31&agency=${agency}&by=leg`);
    expect(legs.rows.map(({ key, counted }) => [key, counted])).toEqual([['civil-status/birth', 4]]);
    const procedures = await get<Rate>(`/on-time?from=2026-10-01&until=2026-10-31&agency=${agency}&by=procedure`);
    expect(procedures.rows).toMatchObject([
      { key: '1.001193', counted: 4, onTime: 2, late: 2, rate: 50 },
      { key: '2.000806', counted: 0, withoutTerm: 1, rate: null },
    ]);
  });
  it('what ran over the end of a month is late in the next one', async () => {
    const november = await get<Rate>(`/on-time?from=2026-11-01&until=2026-11-30&agency=${agency}&by=procedure`);
    // 0004 in time; 0005 late; 0006 still open and late.
    expect(november.rows[0]).toMatchObject({ key: '1.001193', counted: 3, onTime: 1, late: 2, running: 1, rate: 33.33 });
  });
  it('of a period in which nothing was is no number at all, not 0 and not 100', async () => {
    const { rows, total } = await get<Rate>(`/on-time?from=2025-01-01&until=2025-01-31&agency=${agency}`);
    expect([rows, total]).toMatchObject([[], { counted: 0, rate: null }]);
  });
  it('a period that runs backwards or is longer than a year is refused in both languages', async () => {
    for (const query of [
      'from=2026-10-02&until=2026-10-01',
      'from=2024-01-01&until=2026-01-01',
      'from=2026-13-01&until=2026-10-01',
      'from=2026-10-01',
    ]) {
      const answer = await house.call(`/api/v1/on-time?${query}`, { token });
      expect(answer.status, query).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({ vi: expect.stringMatching(/./), en: expect.stringMatching(/./) });
    }
  });
});

describe('the lists and rates', () => {
  it('are described in OpenAPI from the schemas they check with', async () => {
    const { paths } = (await (await house.call('/api/v1/openapi.json')).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/v1/deadlines', '/api/v1/on-time']));
    expect(JSON.stringify(paths['/api/v1/on-time'])).toContain('withoutTerm');
  });
});
