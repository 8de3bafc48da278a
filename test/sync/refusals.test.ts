import { afterEach, describe, expect, test } from 'vitest';
import type { RefusedRow } from '../../src/kit/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { NotPossible } from '../../src/sync/errors.ts';
import { CODE, documentOf, type Options, openProvince, type Province } from './province.ts';

/** Dossiers that motlan meets by itself, in the one-stop's list of changes, and cannot take in: nobody waits for the answer. */

const open: Province[] = [];
const province = async (options?: Options): Promise<Province> => {
  const made = await openProvince(options);
  open.push(made);
  return made;
};
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

/** An official types it where motlan only reads. */
const typedThere = (of: Province, data: JsonObject, head: JsonObject): string => {
  const { revision: _revision, ...record } = documentOf(data, head);
  return of.oneStop.typeByHand('birth', record);
};
const holdsOf = (of: Province) => of.store.read((tx) => tx.holds.page({ code: CODE, open: true }, null, 10));
const dossierOf = async (of: Province) => (await of.store.read((tx) => tx.dossiers.load([CODE]))).get(CODE);
const OLD = '2.000986'; // ended on 2026-08-31

test('an expired procedure becomes a question under the dossier’s code, told once however often it is met', async () => {
  const given = await province();
  typedThere(given, {}, { procedure: OLD });
  await given.rest();
  given.oneStop.edit('birth', CODE, { applicant: { phone: '0900000009' } });
  await given.rest();
  expect(await dossierOf(given)).toBeUndefined();
  const holds = await holdsOf(given);
  expect(holds).toMatchObject([
    { kind: 'expired-procedure', desk: 'official', link: null, detail: { agency: 'H12.31', system: 'one-stop' } },
  ]);
  expect(JSON.stringify(holds)).not.toMatch(/09009|0990|Thử|Mẫu|Ví Dụ/);
});

test('it ends by itself when the official has put the dossier right', async () => {
  const given = await province();
  typedThere(given, {}, { procedure: OLD });
  await given.rest();
  given.oneStop.edit('birth', CODE, { procedure: '1.001193' });
  await given.rest();
  expect(await holdsOf(given)).toEqual([]);
  expect((await dossierOf(given))?.head.procedure).toBe('1.001193');
  expect(given.taken()).toContain('create');
});

test('a value that no dossier may hold names its place and waits the same way', async () => {
  const given = await province();
  typedThere(given, { child: { birthDate: '2026-13-45' } }, {});
  await given.rest();
  const [hold] = await holdsOf(given);
  expect(hold).toMatchObject({ kind: 'invalid', detail: { problems: [{ path: 'data.child.birthDate' }] } });
  expect(hold?.vi).toContain('data.child.birthDate');
});

test('"look again" takes it in once the cause is mended, and asks anew while it is not', async () => {
  const given = await province();
  typedThere(given, {}, { procedure: OLD });
  await given.rest();
  const [asked] = await holdsOf(given);
  await given.engine.decide({ hold: asked?.id ?? '', name: 'retry', value: null, by: 'can-bo' });
  const [again] = await holdsOf(given);
  expect(again?.kind).toBe('expired-procedure');
  expect(again?.id).not.toBe(asked?.id);
});

test('"look again" with the one-stop away leaves the question standing and says so', async () => {
  const given = await province();
  typedThere(given, {}, { procedure: OLD });
  await given.rest();
  const [asked] = await holdsOf(given);
  given.oneStop.setFaults({ down: true });
  await expect(given.engine.decide({ hold: asked?.id ?? '', name: 'retry', value: null, by: 'can-bo' })).rejects.toBeInstanceOf(
    NotPossible,
  );
  given.oneStop.setFaults({ down: false });
  expect(await holdsOf(given)).toMatchObject([{ kind: 'expired-procedure' }]);
});

describe('rows of a file that could not be read', () => {
  const row = (line: number) => ({
    file: 'quyet-dinh.csv',
    hash: 'f00d',
    line,
    issues: [{ path: 'SoTien', code: 'not-a-number', vi: 'Phải là số.', en: 'Must be a number.' }],
  });
  /** A ministry whose list of changes brings nothing but these rows. */
  const withRows = async (refused: readonly RefusedRow[]): Promise<Province> => {
    const run = async () => ({ touches: [], cursor: 'c1', more: false, refused });
    const kind = { name: 'birth', schema: {}, normalises: {}, readLagMs: 0, ordered: false, changes: { overlapMs: 0, run } };
    return province({ spoke: { kinds: { birth: kind } } });
  };
  const holdsOfFile = (of: Province) => of.store.read((tx) => tx.holds.page({ code: 'civil-status/quyet-dinh.csv' }, null, 10));

  test('are one question a file, with each line and reason, though the page is told again', async () => {
    const given = await withRows([row(3), row(7)]);
    await given.engine.pollChanges('civil-status');
    await given.engine.pollChanges('civil-status');
    const [hold, ...more] = await holdsOfFile(given);
    expect(more).toEqual([]);
    expect(hold?.vi).toContain('2 dòng không đọc được (3, 7)');
    expect(hold?.detail.rows).toMatchObject([{ line: 3 }, { line: 7, issues: [{ path: 'SoTien', code: 'not-a-number' }] }]);
  });

  test('are done with when a person has answered', async () => {
    const given = await withRows([row(3)]);
    await given.engine.pollChanges('civil-status');
    const [hold] = await holdsOfFile(given);
    await given.engine.decide({ hold: hold?.id ?? '', name: 'retry', value: null, by: 'van-hanh' });
    expect(await holdsOfFile(given)).toMatchObject([{ applied: true, decision: { name: 'retry', by: 'van-hanh' } }]);
    expect(await given.store.read((tx) => tx.holds.live(['civil-status/quyet-dinh.csv']))).toEqual([]);
  });
});
