import { describe, expect, test } from 'vitest';
import type { Choice } from '../../src/model/dossier.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Dossier } from '../../src/store/contract.ts';
import { changeHub, hubSide, livingChoices, lookupsOf, valueAt } from '../../src/sync/hub.ts';
import { dossier } from './given.ts';

const change = (of: Dossier, path: string, to: Json) => changeHub(of, [{ line: 'l', path, value: to }]);
const dataAfter = (data: JsonObject, path: string, to: Json) => change(dossier(data), path, to).body.data;

describe('a change of the hub', () => {
  test.each<readonly [string, JsonObject, string, Json, JsonObject]>([
    ['a field of the form', { a: 1, b: 2 }, 'a', 3, { a: 3, b: 2 }],
    ['a field that was not there', {}, 'a', false, { a: false }],
    [
      'a field deep inside',
      { child: { name: 'An', ward: { code: '1' } } },
      'child.ward.code',
      '2',
      { child: { name: 'An', ward: { code: '2' } } },
    ],
    ['a field in an object that was not there', {}, 'child.ward.code', '2', { child: { ward: { code: '2' } } }],
    ['a field taken away', { child: { name: 'An', sex: 'male' } }, 'child.sex', null, { child: { name: 'An' } }],
    ['a field taken away that was not there', { a: 1 }, 'b', null, { a: 1 }],
    [
      'an element of a list, by its key',
      { parents: [{ role: 'father' }, { role: 'mother', name: 'X' }] },
      'parents[role=mother].name',
      'Y',
      { parents: [{ role: 'father' }, { role: 'mother', name: 'Y' }] },
    ],
    ['an element that was not there', { parents: [] }, 'parents[role=mother].name', 'Y', { parents: [{ role: 'mother', name: 'Y' }] }],
    ['a list that was not there', {}, 'parents[role=mother].name', 'Y', { parents: [{ role: 'mother', name: 'Y' }] }],
    [
      'an element taken away',
      { parents: [{ role: 'father' }, { role: 'mother' }] },
      'parents[role=mother]',
      null,
      { parents: [{ role: 'father' }] },
    ],
    [
      'a field of an element taken away',
      { parents: [{ role: 'mother', name: 'X' }] },
      'parents[role=mother].name',
      null,
      { parents: [{ role: 'mother' }] },
    ],
    [
      'a key that holds a point',
      { papers: [{ code: 'KQ.G15' }] },
      'papers[code=KQ.G15].number',
      '7',
      { papers: [{ code: 'KQ.G15', number: '7' }] },
    ],
  ])('reaches %s', (_sentence, before, path, to, after) => {
    expect(dataAfter(before, path, to)).toEqual(after);
  });
  test('leaves the dossier it was given as it was', () => {
    const before = dossier({ child: { name: 'An' } });
    change(before, 'child.name', 'Bình');
    expect(before).toEqual(dossier({ child: { name: 'An' } }));
  });
  test('does not touch the version; several changes come one after the other', () => {
    const after = changeHub(dossier(), [
      { line: 'a', path: 'a', value: 1 },
      { line: 'a', path: 'a', value: 2 },
    ]);
    expect([after.body.data, after.hubVersion]).toEqual([{ a: 2 }, 1]);
  });
  test('of results, applicant and files stays out of the form', () => {
    const file = { name: 'k.pdf', mime: 'application/pdf', sizeBytes: 3, hash: 'h', remoteId: null, kind: null };
    const after = changeHub(dossier({ a: 1 }), [
      { line: 'r', path: 'results.civil-status.number', value: '7' },
      { line: 'p', path: 'applicant.phone', value: '0900000001' },
      { line: 'f', path: 'files', value: [{ ...file }] },
    ]);
    expect(after.body).toEqual({
      applicant: { phone: '0900000001' },
      data: { a: 1 },
      results: { 'civil-status': { number: '7' } },
      files: [file],
      choices: [],
    });
    expect(change(after, 'files', null).body.files).toEqual([]);
  });
});

describe('a change of the head', () => {
  const headAfter = (path: string, to: Json) => change(dossier(), path, to).head;
  test('turns texts into what the head holds', () => {
    expect(headAfter('status', '4').status).toBe(4);
    expect(headAfter('revision', '7').revision).toBe(7);
    expect(headAfter('revision', null).revision).toBe(null);
    expect(headAfter('supplements', '2').supplements).toBe(2);
    expect(headAfter('supplements', null).supplements).toBe(0);
    expect(headAfter('receivedAt', '2026-11-02T05:00:00.000Z').receivedAt).toBe(Date.parse('2026-11-02T05:00:00Z'));
    expect(headAfter('dueAt', '2026-11-03T05:00:00.000Z').dueAt).toBe(Date.parse('2026-11-03T05:00:00Z'));
    expect(headAfter('dueAt', null).dueAt).toBe(null);
    expect(headAfter('nationalCode', 'G15.99-20261102-0000001').nationalCode).toBe('G15.99-20261102-0000001');
    expect(headAfter('agency', 'H12.32').agency).toBe('H12.32');
  });
  test.each(['procedure', 'agency', 'status', 'receivedAt'])('never leaves it without %s', (name) => {
    for (const nothing of [null, '']) expect(change(dossier(), name, nothing).head).toEqual(dossier().head);
  });
  test('keeps a dossier that can still be read', () => {
    for (const name of ['procedure', 'agency', 'status', 'receivedAt', 'dueAt', 'revision', 'nationalCode'])
      for (const nothing of [null, '']) expect(() => hubSide(change(dossier(), name, nothing))).not.toThrow();
  });
  test('never changes code or form', () => {
    expect(headAfter('code', 'H12.31-261102-0999')).toEqual(dossier().head);
    expect(headAfter('form', 'death@1')).toEqual(dossier().head);
  });
  test('puts nothing into the form', () => {
    for (const name of ['status', 'revision', 'code', 'agency']) expect(change(dossier({ a: 1 }), name, '4').body.data).toEqual({ a: 1 });
  });
});

describe('the value at a path', () => {
  const document: JsonObject = { a: { b: 0 }, list: [{ k: 1, v: 'x' }, 'stray'], none: null };
  test.each<readonly [string, Json | undefined]>([
    ['a.b', 0],
    ['a.c', undefined],
    ['a.b.c', undefined],
    ['list[k=1].v', 'x'],
    ['list[k=2].v', undefined],
    ['a[k=1].v', undefined],
    ['none', null],
    ['none.x', undefined],
  ])('%s', (path, held) => {
    expect(valueAt(document, path)).toEqual(held);
  });
  test('is where a change at that path put it', () => {
    for (const path of ['a.b', 'list[k=2].v', 'c.d.e']) expect(valueAt(dataAfter(document, path, 'new'), path)).toBe('new');
  });
  test('sees head, applicant and results beside the form', () => {
    const { document: seen } = hubSide(dossier({ a: 1 }));
    expect([valueAt(seen, 'a'), valueAt(seen, 'agency'), valueAt(seen, 'status'), valueAt(seen, 'receivedAt')]).toEqual([
      1,
      'H12.31',
      2,
      '2026-11-02T05:00:00.000Z',
    ]);
  });
});

describe('a choice for this dossier', () => {
  const choice: Choice = { path: 'ward', crosswalk: 'ward', source: '31834', value: '31840', by: 'can-bo', at: 0 };
  test('lives while the value it was made for stands', () => {
    expect(livingChoices([choice], { ward: '31834' })).toEqual([choice]);
    expect(livingChoices([choice], { ward: '31835' })).toEqual([]);
    expect(livingChoices([choice], {})).toEqual([]);
  });
});

describe('what a dossier can be found by', () => {
  const words = (data: JsonObject, more: Partial<Dossier> = {}) => lookupsOf(dossier(data, more)).map((one) => `${one.kind} ${one.value}`);
  test('names by each folded word, numbers by themselves', () => {
    expect(
      words({
        child: { fullName: 'Trần Văn Mẫu' },
        mother: { personalId: '099198900001' },
        declarant: { phone: '0900000001' },
        org: { taxCode: '9900000001' },
      }),
    ).toEqual(['name-word tran', 'name-word van', 'name-word mau', 'identity 099198900001', 'phone 0900000001', 'tax-code 9900000001']);
  });
  test('each once, wherever it stands', () => {
    expect(
      words({ a: { fullName: 'Mẫu' }, list: [{ fullName: 'MẪU' }, { paper: { number: '099198900001' } }, { personalId: '099198900001' }] }),
    ).toEqual(['name-word mau', 'identity 099198900001']);
  });
  test('not by what only looks like a number', () => {
    expect(words({ paper: { number: 'B 12' }, count: { number: '7' }, other: '099198900001' })).toEqual([]);
  });
  test('and by the national code', () => {
    const head = { ...dossier().head, nationalCode: 'G15.99-20261102-0000001' };
    expect(words({}, { head })).toEqual(['national-code G15.99-20261102-0000001']);
  });
});
