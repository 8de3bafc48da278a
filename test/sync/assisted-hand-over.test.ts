import { afterEach, describe, expect, test } from 'vitest';
import type { CreateVerb } from '../../src/kit/contract.ts';
import { Trouble, type TroubleDetail } from '../../src/kit/trouble.ts';
import { STATIONS } from '../../src/sync/index.ts';
import { CODE, DATA, type DeskWorld, openWorld, POLL_MS, TYPED, type WorldOptions } from './desk-world.ts';

/** A leg that a person takes over from the machine, and a machine that dies at every step of a leg people type. */

const open: DeskWorld[] = [];
const world = async (options?: WorldOptions): Promise<DeskWorld> => {
  const made = await openWorld(options);
  open.push(made);
  await made.push();
  return made;
};
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

const trouble = (kind: TroubleDetail['kind']): Trouble =>
  new Trouble({ kind, scope: 'record', code: `test.${kind}`, vi: 'Lỗi thử.', en: 'Test.' });

/** A create that counts its sendings and answers as told. */
const creating = (answer: () => Promise<Awaited<ReturnType<CreateVerb['run']>>>, repeat: CreateVerb['repeat'] = 'same-key') => {
  const sent = { count: 0 };
  const create: CreateVerb = {
    ...{ repeat, landsWithinMs: 30_000 },
    run: () => {
      sent.count += 1;
      return answer();
    },
  };
  return { sent, create };
};

describe('"I type it myself"', () => {
  test('stops the machine and puts a sheet on the desk in one step; later changes go by machine again where it can', async () => {
    const { sent, create } = creating(() => Promise.reject(trouble('unavailable')));
    const updated: unknown[] = [];
    const given = await world({
      kind: {
        create,
        update: {
          ...{ phases: [], style: 'patch', ifMatch: false, landsWithinMs: 0 },
          run: async ({ id, record }) => {
            updated.push(record);
            given.there.set(id, { ...given.there.get(id), ...record });
            return { is: 'done', id, version: null, sequence: null };
          },
        },
      },
    });
    await given.engine.visitDue('registry');
    const leg = await given.leg();
    expect(await given.engine.byHand(leg.id, 'can-bo')).toEqual({ unsureUntil: null });
    await given.rest();
    const tries = sent.count;
    given.there.set('R-1', TYPED);
    await given.typeAll();
    await given.later(POLL_MS * 10);
    expect([sent.count, (await given.leg()).trust, (await given.leg()).hand]).toEqual([tries, 'verified', 'machine']);

    await given.push({ ...DATA, name: 'Trần Văn Đổi' }, { revision: 2 });
    await given.rest();
    expect([updated, await given.sheets()]).toEqual([[{ maHoSo: CODE }, { hoTen: 'Trần Văn Đổi' }], []]);
  });

  test('while an answer is unsure says until when, sends nothing again, and waits for a person where nobody can look', async () => {
    const { sent, create } = creating(() => Promise.reject(trouble('unsure')));
    const given = await world({ kind: { create } });
    await given.engine.visitDue('registry');
    const { unsureUntil } = await given.engine.byHand((await given.leg()).id, 'can-bo');
    expect(unsureUntil).toBeGreaterThan(0);
    await given.rest();
    expect([sent.count, await given.sheets()]).toEqual([1, []]);

    await given.later(30_000);
    const { holds } = await given.rows();
    expect([sent.count, holds.map(({ kind }) => kind), await given.sheets()]).toEqual([1, ['unsure'], []]);
    await given.engine.decide({ hold: holds[0]?.id ?? '', name: 'resend', value: null, by: 'can-bo' });
    await given.rest();
    expect([sent.count, (await given.sheets()).map(({ sends }) => sends)]).toEqual([1, [0]]);
  });

  test('is undone where the sheet was not typed: the machine sends it', async () => {
    const { sent, create } = creating(async () => ({ is: 'done', id: 'R-5', version: null, sequence: null }));
    const given = await world({ kind: { create }, spoke: { mode: () => 'auto' } });
    await given.engine.byHand((await given.leg()).id, 'can-bo');
    await given.rest();
    expect(sent.count).toBe(0);
    const shown = await given.open();
    await given.engine.sheets.giveBack({ sheet: shown.id, by: 'can-bo', revision: 1, machine: true });
    given.there.set('R-5', TYPED);
    await given.rest();
    expect([sent.count, await given.sheets(), (await given.leg()).externalId]).toEqual([1, [], 'R-5']);
  });

  test('a wrongly typed line of such a record is asked about too, and nothing of it comes in', async () => {
    const { create } = creating(() => Promise.reject(trouble('unavailable')));
    const given = await world({ kind: { create } });
    await given.engine.byHand((await given.leg()).id, 'can-bo');
    await given.rest();
    given.there.set('R-1', { ...TYPED, ghiChu: 'bản giấi' });
    await given.typeAll();
    await given.later(POLL_MS * 3);
    expect((await given.rows()).holds.map(({ kind, path }) => [kind, path])).toEqual([['typed-differs', 'ghiChu']]);
    expect((await given.rows()).dossier.body.data).toMatchObject({ note: 'bản giấy' });
  });

  test('finds the record by itself where the system can be searched', async () => {
    const given = await world({
      kind: {
        find: {
          ...{ by: [['hoTen']], unique: true, indexLagMs: 0 },
          run: async () =>
            [...given.there].map(([id, record]) => ({
              ...{ id, key: null, version: '1', sequence: null, covers: 'all' as const, record, statedAt: null },
            })),
        },
      },
    });
    await given.rest();
    await given.open();
    given.there.set('R-3', TYPED);
    await given.later(POLL_MS);
    expect(await given.leg()).toMatchObject({ externalId: 'R-3', trust: 'verified' });
    expect(await given.sheets()).toEqual([]);
  });
});

/** Stations at which the next visit stops for ever, until it is let go as the ghost of a dead process. */
function dying() {
  const state = { at: '' };
  const ghosts: (() => void)[] = [];
  const pass = async (place: string): Promise<void> => {
    if (state.at !== place) return;
    state.at = '';
    await new Promise<void>((go) => ghosts.push(go));
  };
  const stations = {
    observe: async (...given: Parameters<typeof STATIONS.observe>) => {
      await pass('observe.before');
      const looks = await STATIONS.observe(...given);
      await pass('observe.after');
      return looks;
    },
    refresh: async (...given: Parameters<typeof STATIONS.refresh>) => {
      await pass('refresh');
      return STATIONS.refresh(...given);
    },
  };
  return { state, ghosts, stations };
}

const LEASE_MS = 60_000;

describe('a process that dies', () => {
  test.each(['observe.before', 'observe.after', 'refresh'])(
    'at %s while a sheet is prepared leaves one sheet, and its ghost adds none',
    async (place) => {
      const { state, ghosts, stations } = dying();
      const given = await world({ stations });
      state.at = place;
      void given.engine.visitDue('registry');
      await new Promise(setImmediate);
      given.restart();
      await given.later(LEASE_MS);
      expect(ghosts).toHaveLength(1);
      const shown = await given.open();
      for (const go of ghosts) go();
      await new Promise(setImmediate);
      await given.rest();
      expect(await given.sheets()).toMatchObject([{ id: shown.id, sends: 1 }]);
    },
  );

  test('beside a person who opens the sheet does not take it away: its visit saw an older one', async () => {
    const { state, ghosts, stations } = dying();
    const given = await world({ stations });
    await given.rest();
    await given.push({ ...DATA, note: 'bản sao' }, { revision: 2 });
    state.at = 'refresh';
    const visit = given.engine.visitDue('registry');
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const shown = await given.open();
    for (const go of ghosts) go();
    await visit;
    await given.rest();
    expect(await given.sheets()).toMatchObject([{ id: shown.id, sends: 1 }]);
  });

  test.each(['observe.before', 'observe.after'])('at %s after the number was typed still reads it back', async (place) => {
    const { state, ghosts, stations } = dying();
    const given = await world({ stations });
    await given.rest();
    given.there.set('R-1', TYPED);
    await given.typeAll();
    state.at = place;
    void given.engine.visitDue('registry');
    await new Promise(setImmediate);
    given.restart();
    await given.later(LEASE_MS);
    expect(await given.leg()).toMatchObject({ trust: 'verified' });
    for (const go of ghosts) go();
    await new Promise(setImmediate);
    await given.rest();
    const { attempts, holds, progress } = await given.rows();
    expect([attempts.map(({ state: end }) => end), holds]).toEqual([['seen'], []]);
    expect(progress.filter(({ name }) => name === 'sent')).toHaveLength(1);
  });

  test('between opening and number loses neither: the sheet is still with its person', async () => {
    const given = await world();
    await given.rest();
    const shown = await given.open();
    given.restart();
    await given.later(LEASE_MS);
    await expect(given.open()).rejects.toMatchObject({ code: 'sheet.opened' });
    given.there.set('R-1', TYPED);
    await given.engine.sheets.type({ sheet: shown.id, by: 'can-bo', revision: 1, number: 'R-1', typed: ['soNha'] });
    given.restart();
    await given.rest();
    expect(await given.leg()).toMatchObject({ trust: 'verified' });
  });
});
