import { afterEach, describe, expect, test } from 'vitest';
import { Trouble } from '../../src/kit/trouble.ts';
import { CODE, DATA, type DeskWorld, openWorld, POLL_MS, TYPED, VISIBLE_MS, type WorldOptions } from './desk-world.ts';

/** A record that only people can type: the sheet, its number, and what is read back. */

const open: DeskWorld[] = [];
const world = async (options?: WorldOptions): Promise<DeskWorld> => {
  const made = await openWorld(options);
  open.push(made);
  return made;
};
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

/** A dossier whose sheet lies prepared. */
const prepared = async (options?: WorldOptions): Promise<DeskWorld> => {
  const given = await world(options);
  await given.push();
  await given.rest();
  return given;
};
/** A dossier whose record was typed and stands there. */
const typed = async (record = TYPED, options?: WorldOptions): Promise<DeskWorld> => {
  const given = await prepared(options);
  given.there.set('R-1', record);
  await given.typeAll();
  await given.rest();
  return given;
};
const act = (attempts: Awaited<ReturnType<DeskWorld['rows']>>['attempts']) => attempts.map(({ act: name, state }) => `${name} ${state}`);

describe('a sheet', () => {
  test('lies prepared, in the order and the words of the ministry’s screens, with values ready to paste', async () => {
    const given = await prepared();
    expect(await given.leg()).toMatchObject({ situation: 'intended', externalId: null, trust: null });
    const shown = await given.open();
    expect(shown.screens.map(({ title, fields }) => [title, ...fields.map(({ label, text, shown: word }) => [label, text, word])])).toEqual(
      [
        [
          'Người nộp',
          ['Họ và tên', 'Trần Văn Thử', null],
          ['Ngày sinh', '01/02/1990', null],
          ['Dân tộc', '1', 'Kinh'],
          ['Số nhà', '', null],
        ],
        ['Khác', ['Ghi chú', 'bản giấy', null], ['Thành viên (1)', 'Trần Thị Mẫu', null], ['Vai trò (1)', 'vợ', null]],
      ],
    );
    expect(shown).toMatchObject({ what: 'whole', state: 'opened', revision: 1, changed: [], number: { label: 'Số biên nhận' } });
  });

  test('asks only for what no line can derive', async () => {
    const given = await prepared();
    const shown = await given.open();
    const asked = shown.screens.flatMap(({ fields }) => fields.filter(({ is }) => is === 'asked'));
    expect(asked.map(({ key, note }) => [key, note])).toEqual([['soNha', 'theo giấy tờ']]);
  });

  test('is not held back by a code that no row knows: the person picks it there', async () => {
    const given = await world();
    await given.push({ ...DATA, ethnic: 'chưa kê' });
    await given.rest();
    const shown = await given.open();
    const asked = shown.screens.flatMap(({ fields }) => fields.filter(({ is }) => is === 'asked').map(({ key }) => key));
    expect(asked).toEqual(['danToc', 'soNha']);
    expect((await given.rows()).holds.map(({ kind }) => kind)).toEqual(['unknown-code']);
  });

  test('waits for what must be mended in the one-stop', async () => {
    const given = await world();
    await given.push({ ...DATA, birthDate: 'hôm qua' });
    await given.rest();
    expect(await given.sheets()).toEqual([]);
    expect((await given.rows()).holds.map(({ kind, path }) => [kind, path])).toEqual([['invalid', 'ngaySinh']]);
  });

  test('that nobody has opened follows the dossier: a change makes another, and the old one had no effect', async () => {
    const given = await prepared();
    await given.push({ ...DATA, note: 'bản sao' }, { revision: 2 });
    await given.rest();
    expect(act((await given.rows()).attempts)).toEqual(['null failed', 'null open']);
    const shown = await given.open();
    expect(JSON.stringify(shown.screens)).toContain('bản sao');
  });

  test('is not made in a mode that never writes, nor for a dossier that was withdrawn', async () => {
    const shadow = await prepared({ spoke: { mode: () => 'shadow' } });
    expect(await shadow.sheets()).toEqual([]);
    const withdrawn = await prepared();
    await withdrawn.push(DATA, { revision: 2, status: 7 });
    await withdrawn.rest();
    expect(await withdrawn.sheets()).toEqual([]);
  });

  test('is never made where a program may write', async () => {
    const given = await world({
      kind: {
        create: { repeat: 'same-key', landsWithinMs: 0, run: async () => ({ is: 'done', id: 'R-1', version: null, sequence: null }) },
      },
    });
    await given.push();
    await given.rest();
    expect(act((await given.rows()).attempts)).toEqual(['null done']);
  });
});

describe('opening', () => {
  test('is sending: durable, in the chain with its purpose, and the leg says that nobody knows', async () => {
    const given = await prepared();
    const shown = await given.open();
    expect(await given.leg()).toMatchObject({ situation: 'unknown' });
    expect(await given.sheets()).toMatchObject([{ id: shown.id, sends: 1, state: 'open' }]);
    const chain = await given.store.read((tx) => tx.audit.ofDossier(CODE));
    expect(chain.slice(-2)).toMatchObject([
      { action: 'open sheet', actor: 'can-bo', attempt: shown.id },
      { action: 'look', actor: 'can-bo', detail: { what: 'sheet', purpose: 'type-in' } },
    ]);
  });

  test('twice asks first, and tells who has it', async () => {
    const given = await prepared();
    await given.open();
    await expect(given.open()).rejects.toMatchObject({ code: 'sheet.opened', vi: expect.stringContaining('can-bo') });
    const again = await given.open(true);
    expect(again.revision).toBe(2);
  });

  test('from an old look is refused, and so is a look from before', async () => {
    const given = await prepared();
    const first = await given.open();
    await given.open(true);
    const asked = { sheet: first.id, by: 'can-bo', purpose: 'check', revision: first.revision };
    await expect(given.engine.sheets.open({ ...asked, again: true })).rejects.toMatchObject({ code: 'sheet.moved' });
    await expect(given.engine.sheets.look({ ...asked, what: 'sheet-file' })).rejects.toMatchObject({ code: 'sheet.moved' });
    const seen = await given.engine.sheets.look({ ...asked, revision: 2, what: 'sheet-file' });
    expect(seen.state).toBe('opened');
  });

  test('shows no values before, and none of a sheet that went', async () => {
    const given = await prepared();
    const [sheet] = await given.sheets();
    const asked = { sheet: sheet?.id ?? '', by: 'can-bo', purpose: 'check', revision: 0 };
    await expect(given.engine.sheets.look({ ...asked, what: 'sheet' })).rejects.toMatchObject({ code: 'sheet.not-open' });
    await given.push({ ...DATA, note: 'khác' }, { revision: 2 });
    await given.rest();
    await expect(given.engine.sheets.open({ ...asked, again: false })).rejects.toMatchObject({ code: 'sheet.closed' });
  });

  test('without a number is asked about after a while; "not typed" gives a fresh sheet', async () => {
    const given = await prepared();
    await given.open();
    await given.later(VISIBLE_MS);
    const [hold] = (await given.rows()).holds;
    expect(hold).toMatchObject({ kind: 'unsure', desk: 'official' });
    await given.engine.decide({ hold: hold?.id ?? '', name: 'resend', value: null, by: 'can-bo' });
    await given.rest();
    expect(act((await given.rows()).attempts)).toEqual(['null failed', 'null open']);
    expect(await given.sheets()).toMatchObject([{ sends: 0 }]);
    expect((await given.rows()).holds).toEqual([]);
  });

  test('without a number is answered by the number as well', async () => {
    const given = await prepared();
    await given.open();
    await given.later(VISIBLE_MS);
    given.there.set('R-7', TYPED);
    const [hold] = (await given.rows()).holds;
    await given.engine.decide({ hold: hold?.id ?? '', name: 'link', value: 'R-7', by: 'can-bo' });
    await given.rest();
    expect(await given.leg()).toMatchObject({ externalId: 'R-7', trust: 'verified' });
    expect((await given.rows()).holds).toEqual([]);
  });
});

describe('the number typed back', () => {
  test('is the receipt, a person its evidence; what is read back and equal is verified', async () => {
    const given = await typed();
    expect(await given.leg()).toMatchObject({ situation: 'linked', externalId: 'R-1', trust: 'verified', phase: 'sent', hand: 'machine' });
    const { attempts, holds, progress } = await given.rows();
    expect([act(attempts), holds]).toEqual([['null seen'], []]);
    expect(progress.find(({ name }) => name === 'sent')?.evidence).toEqual({ kind: 'person', ref: 'can-bo' });
  });

  test('has the form the ministry gives it, belongs to one dossier, and is needed', async () => {
    const given = await prepared();
    await given.push(DATA, { code: 'H12.31-261102-0902' });
    await given.rest();
    const [one, two] = await given.sheets();
    for (const sheet of [one, two]) {
      await given.engine.sheets.open({ sheet: sheet?.id ?? '', by: 'can-bo', purpose: 'type-in', revision: 0, again: false });
    }
    const type = (sheet: string | undefined, number: string) =>
      given.engine.sheets.type({ sheet: sheet ?? '', by: 'can-bo', revision: 1, number, typed: ['soNha'] });
    await expect(type(one?.id, '123')).rejects.toMatchObject({ code: 'sheet.number', vi: expect.stringContaining('dạng R-số') });
    await expect(type(one?.id, '  ')).rejects.toMatchObject({ code: 'sheet.number' });
    await type(one?.id, ' R-1 ');
    await expect(type(two?.id, 'R-1')).rejects.toMatchObject({ code: 'sheet.taken' });
  });

  test('closes a sheet once: the second official is told', async () => {
    const given = await prepared();
    const shown = await given.open();
    const close = (by: string, number: string) =>
      given.engine.sheets.type({ sheet: shown.id, by, revision: shown.revision, number, typed: ['soNha'] });
    const ends = await Promise.allSettled([close('can-bo', 'R-1'), close('can-bo-2', 'R-2')]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await given.leg()).toMatchObject({ externalId: 'R-1' });
  });

  test('comes with the word that the asked fields were filled in', async () => {
    const given = await prepared();
    const shown = await given.open();
    const close = given.engine.sheets.type({ sheet: shown.id, by: 'can-bo', revision: 1, number: 'R-1', typed: [] });
    await expect(close).rejects.toMatchObject({ code: 'sheet.asked', vi: expect.stringContaining('Số nhà') });
  });

  test('of a record not visible yet is looked for again and again, further and further apart, and then asked about', async () => {
    const given = await prepared();
    await given.typeAll();
    await given.rest();
    expect(await given.leg()).toMatchObject({ situation: 'linked', trust: 'declared', missing: 0 });
    expect(await given.sheets()).toMatchObject([{ ticket: 'typed', state: 'open' }]);
    const before = given.asked.count;
    for (let minute = 0; minute < 10; minute += 1) await given.later(60_000);
    expect(given.asked.count - before).toBeGreaterThan(3);
    expect((await given.rows()).holds).toEqual([]);
    await given.later(VISIBLE_MS);
    expect((await given.rows()).holds).toMatchObject([{ kind: 'not-visible', desk: 'official' }]);

    given.there.set('R-1', TYPED);
    await given.later(POLL_MS);
    expect(await given.leg()).toMatchObject({ trust: 'verified' });
    expect((await given.rows()).holds).toEqual([]);
  });

  test('of a record not visible yet keeps no question about an answer that was not understood once the system answers again', async () => {
    const broken = { on: false };
    const strange = { kind: 'unknown', scope: 'record', code: 'shape', vi: 'trả lời lạ', en: 'answered in an unknown shape' } as const;
    const run = async (ids: readonly string[]) => {
      if (broken.on) throw new Trouble(strange);
      return new Map(ids.map((id) => [id, null]));
    };
    const given = await prepared({ kind: { read: { by: 'id', most: 10, run } } });
    await given.typeAll();
    broken.on = true;
    await given.later(POLL_MS);
    expect((await given.rows()).holds).toMatchObject([{ kind: 'unknown-answer', desk: 'operator' }]);
    broken.on = false;
    await given.later(VISIBLE_MS);
    expect((await given.rows()).holds).toMatchObject([{ kind: 'not-visible', desk: 'official' }]);
  });

  test('that was wrong is put right, and what was not typed after all gets a fresh sheet', async () => {
    const given = await prepared();
    await given.typeAll('R-9');
    await given.later(VISIBLE_MS);
    const [hold] = (await given.rows()).holds;
    given.there.set('R-1', TYPED);
    await given.engine.decide({ hold: hold?.id ?? '', name: 'typed', value: 'R-1', by: 'can-bo' });
    await given.rest();
    expect(await given.leg()).toMatchObject({ externalId: 'R-1', trust: 'verified' });

    const other = await prepared();
    await other.typeAll('R-9');
    await other.later(VISIBLE_MS);
    await other.engine.decide({ hold: (await other.rows()).holds[0]?.id ?? '', name: 'resend', value: null, by: 'can-bo' });
    await other.rest();
    expect(await other.leg()).toMatchObject({ externalId: null, situation: 'intended', key: CODE, trust: null });
    expect(await other.sheets()).toMatchObject([{ sends: 0, act: null }]);
  });

  test('of a system that cannot be read back is declared and never more', async () => {
    const given = await prepared({ blind: true });
    await given.typeAll();
    await given.later(86_400_000);
    expect(await given.leg()).toMatchObject({ trust: 'declared', externalId: 'R-1', settledHubVersion: 0 });
    const { attempts, holds } = await given.rows();
    expect([act(attempts), holds]).toEqual([['null done'], []]);
    expect(await given.sheets()).toEqual([]);
  });
});

describe('what was typed otherwise', () => {
  test('is held line by line, both values side by side; nothing comes in and nothing counts as equal', async () => {
    const given = await typed({ ...TYPED, ngaySinh: '02/01/1990', ghiChu: 'bản giấi', danToc: null });
    const { holds, dossier } = await given.rows();
    expect(holds.map(({ kind, path }) => [kind, path]).toSorted()).toEqual([
      ['typed-differs', 'danToc'],
      ['typed-differs', 'ghiChu'],
      ['typed-differs', 'ngaySinh'],
    ]);
    expect(holds.find(({ path }) => path === 'ngaySinh')?.vi).toContain('"Ngày sinh"');
    expect(holds.find(({ path }) => path === 'ngaySinh')?.detail).toMatchObject({
      ours: { is: 'value', value: '01/02/1990' },
      theirs: { is: 'value', value: '02/01/1990' },
    });
    expect(dossier.body.data).toMatchObject({ birthDate: '1990-02-01', note: 'bản giấy' });
    expect(await given.leg()).toMatchObject({ trust: 'declared' });
    await given.later(POLL_MS);
    expect((await given.rows()).holds).toHaveLength(3);
    expect(await given.sheets()).toEqual([]);
  });

  const answered = async (name: 'ours' | 'theirs' | 'leave' | 'retry', record = { ...TYPED, ngaySinh: '02/01/1990' }) => {
    const given = await typed(record);
    const [hold] = (await given.rows()).holds;
    await given.engine.decide({ hold: hold?.id ?? '', name, value: null, by: 'can-bo' });
    await given.rest();
    return given;
  };

  test('is corrected there from a sheet that holds that field alone', async () => {
    const given = await answered('ours');
    expect((await given.rows()).holds).toEqual([]);
    await given.later(POLL_MS);
    const shown = await given.open();
    expect(shown).toMatchObject({ what: 'supplement', number: { known: 'R-1' } });
    expect(shown.screens).toEqual([{ title: 'Người nộp', fields: [expect.objectContaining({ key: 'ngaySinh', text: '01/02/1990' })] }]);
    given.there.set('R-1', TYPED);
    await given.engine.sheets.type({ sheet: shown.id, by: 'can-bo', revision: 1, number: null, typed: [] });
    await given.rest();
    expect(await given.leg()).toMatchObject({ trust: 'verified' });
    expect([await given.sheets(), (await given.rows()).holds]).toEqual([[], []]);
  });

  test('is taken where the papers say so, kept where a person leaves it, and asked again when it stays', async () => {
    const taken = await answered('theirs');
    expect((await taken.rows()).dossier.body.data).toMatchObject({ birthDate: '1990-01-02' });
    await taken.later(POLL_MS);
    expect(await taken.leg()).toMatchObject({ trust: 'verified' });

    const left = await answered('leave');
    await left.later(POLL_MS * 10);
    expect((await left.rows()).holds).toEqual([]);
    expect(await left.leg()).toMatchObject({ trust: 'declared' });

    const again = await answered('retry');
    expect((await again.rows()).holds).toMatchObject([{ kind: 'typed-differs', path: 'ngaySinh' }]);
  });

  test('lapses when somebody corrects it there', async () => {
    const given = await typed({ ...TYPED, hoTen: 'Trần Văn Thứ' });
    given.there.set('R-1', TYPED);
    await given.later(POLL_MS * 4);
    expect((await given.rows()).holds).toEqual([]);
    expect(await given.leg()).toMatchObject({ trust: 'verified' });
  });
});

describe('a change of the dossier', () => {
  test('after the sheet was opened stands on it at once, and on a sheet of its own afterwards', async () => {
    const given = await prepared();
    const shown = await given.open();
    await given.push({ ...DATA, name: 'Trần Văn Đổi' }, { revision: 2 });
    await given.rest();
    const asked = { sheet: shown.id, by: 'can-bo', purpose: 'check', revision: 1, what: 'sheet' as const };
    const seen = await given.engine.sheets.look(asked);
    expect(seen.changed).toEqual([{ key: 'hoTen', label: 'Họ và tên', before: 'Trần Văn Thử', now: 'Trần Văn Đổi' }]);
    expect(act((await given.rows()).attempts)).toEqual(['null open']);

    given.there.set('R-1', TYPED);
    await given.engine.sheets.type({ sheet: shown.id, by: 'can-bo', revision: 1, number: 'R-1', typed: ['soNha'] });
    await given.rest();
    expect(await given.leg()).toMatchObject({ trust: 'declared' });
    const supplement = await given.open();
    expect(supplement.what).toBe('supplement');
    expect(supplement.screens.flatMap(({ fields }) => fields.map(({ text }) => text))).toEqual(['Trần Văn Đổi']);
  });

  test('that was typed with the first sheet after all needs no second', async () => {
    const given = await prepared();
    const shown = await given.open();
    await given.push({ ...DATA, name: 'Trần Văn Đổi' }, { revision: 2 });
    await given.rest();
    given.there.set('R-1', { ...TYPED, hoTen: 'Trần Văn Đổi' });
    await given.engine.sheets.type({ sheet: shown.id, by: 'can-bo', revision: 1, number: 'R-1', typed: ['soNha'] });
    await given.rest();
    expect(await given.leg()).toMatchObject({ trust: 'verified' });
    expect(await given.sheets()).toEqual([]);
  });

  test('after the record was verified makes a sheet with the changed fields; what was emptied says so', async () => {
    const given = await typed();
    await given.push({ ...DATA, name: 'Trần Văn Đổi', note: null }, { revision: 2 });
    await given.rest();
    const shown = await given.open();
    expect(shown.screens.flatMap(({ fields }) => fields.map(({ label, is, text }) => [label, is, text]))).toEqual([
      ['Họ và tên', 'value', 'Trần Văn Đổi'],
      ['Ghi chú', 'cleared', ''],
    ]);
    given.there.set('R-1', { ...TYPED, hoTen: 'Trần Văn Đổi', ghiChu: null });
    await given.later(POLL_MS * 4);
    // Nobody typed a number: the record itself says that it was done.
    expect(await given.sheets()).toEqual([]);
    expect(await given.leg()).toMatchObject({ trust: 'verified' });
  });

  test('where nothing can be read back is told on a sheet too, against what was typed last', async () => {
    const given = await prepared({ blind: true });
    await given.typeAll();
    await given.push({ ...DATA, name: 'Trần Văn Đổi' }, { revision: 2 });
    await given.rest();
    await given.typeAll(null);
    await given.rest();
    expect(await given.sheets()).toEqual([]);
    expect(act((await given.rows()).attempts)).toEqual(['null done', 'supplement done']);
    expect(await given.leg()).toMatchObject({ trust: 'declared' });
  });

  test('a supplement that shows late is waited for', async () => {
    const given = await typed();
    await given.push({ ...DATA, name: 'Trần Văn Đổi' }, { revision: 2 });
    await given.rest();
    await given.typeAll(null);
    await given.rest();
    expect((await given.rows()).holds).toEqual([]);
    given.there.set('R-1', { ...TYPED, hoTen: 'Trần Văn Đổi' });
    await given.later(POLL_MS * 4);
    expect(await given.leg()).toMatchObject({ trust: 'verified' });
    expect(await given.sheets()).toEqual([]);
  });
});

describe('giving back', () => {
  test('makes the sheet without effect; a fresh one follows', async () => {
    const given = await prepared();
    const shown = await given.open();
    await given.engine.sheets.giveBack({ sheet: shown.id, by: 'can-bo', revision: 1, machine: false });
    await given.rest();
    expect(act((await given.rows()).attempts)).toEqual(['null failed', 'null open']);
    await expect(given.engine.sheets.giveBack({ sheet: shown.id, by: 'can-bo', revision: 1, machine: false })).rejects.toMatchObject({
      code: 'sheet.closed',
    });
  });

  test('takes back a number that nobody can check: the leg is as before, and a fresh sheet follows', async () => {
    const given = await prepared({ blind: true });
    await given.typeAll('R-8');
    await given.push({ ...DATA, name: 'Trần Văn Đổi' }, { revision: 2 });
    await given.rest();
    const whole = (await given.rows()).attempts.find(({ act: name }) => name === null);
    await given.engine.sheets.giveBack({ sheet: whole?.id ?? '', by: 'can-bo', revision: 1, machine: false });
    await given.rest();
    expect(await given.leg()).toMatchObject({ externalId: null, trust: null, phase: null, situation: 'intended', key: CODE });
    expect(act((await given.rows()).attempts).toSorted()).toEqual(['null failed', 'null open', 'supplement failed']);
    await given.typeAll('R-1');
    await given.rest();
    expect(await given.leg()).toMatchObject({ externalId: 'R-1', trust: 'declared' });
    expect(await given.sheets()).toEqual([]);
    expect((await given.rows()).progress.map(({ name }) => name)).toEqual(expect.arrayContaining(['typed-by-hand', 'not-typed-after-all']));
  });

  test('of a supplement that was opened stands before that: what may be typed there is settled first', async () => {
    const given = await prepared({ blind: true });
    await given.typeAll('R-8');
    await given.push({ ...DATA, name: 'Trần Văn Đổi' }, { revision: 2 });
    await given.rest();
    await given.open();
    const whole = (await given.rows()).attempts.find(({ act: name }) => name === null);
    const back = given.engine.sheets.giveBack({ sheet: whole?.id ?? '', by: 'can-bo', revision: 1, machine: false });
    await expect(back).rejects.toMatchObject({ code: 'sheet.later' });
  });

  test('to a machine is refused where there is none', async () => {
    const given = await prepared();
    const shown = await given.open();
    const back = given.engine.sheets.giveBack({ sheet: shown.id, by: 'can-bo', revision: 1, machine: true });
    await expect(back).rejects.toMatchObject({ code: 'sheet.no-machine' });
  });
});
