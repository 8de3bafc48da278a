import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import fixture from '../../adapters/unemployment-insurance/fixtures/contract.ts';
import type { JsonObject } from '../../src/kit/index.ts';
import { csvBytes, xlsxBytes } from '../../src/kit/index.ts';
import { call, openCentre, startWorld, troubleOf, type World } from './world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const start = async (...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world;
};

const sample = (kind: string, n: number): JsonObject => fixture.kinds[kind]?.record(n) ?? {};
const keyOf = (n: number) => `H12.41-261124-${String(n).padStart(4, '0')}`;
const submitted = (here: World, kind: string, n: number, more: JsonObject = {}) =>
  here.kind(kind).create?.run({ key: keyOf(n), record: { ...sample(kind, n), ...more }, files: [] }, call());
const decisionFile = (here: World, name: string, bytes: Uint8Array) => {
  mkdirSync(join(here.root, 'vao'), { recursive: true });
  writeFileSync(join(here.root, 'vao', name), bytes);
};

describe.each(['csv', 'xlsx'])('a claim as a file, %s', (format) => {
  test('stands at the centre as it was sent, once however often it is sent', async () => {
    const here = await start({ format });
    expect(await submitted(here, 'claim', 1)).toMatchObject({ is: 'done', id: keyOf(1) });
    expect(await submitted(here, 'claim', 1)).toEqual({ is: 'already', id: keyOf(1) });
    expect(here.simulator.records('claim')).toEqual([{ id: 'TN-000001', key: keyOf(1), record: sample('claim', 1), stage: 'TIEP_NHAN' }]);
    // The centre took the file away since; the same order again puts no second one.
    expect(await submitted(here, 'claim', 1)).toEqual({ is: 'already', id: keyOf(1) });
    expect(here.simulator.records('claim')).toHaveLength(1);
  });
});

describe('a decision', () => {
  test('comes back with number, months, amount and days, under the code of its dossier', async () => {
    const here = await start();
    await submitted(here, 'claim', 1);
    const [row] = here.simulator.records('claim');
    here.simulator.advance('claim', row?.id ?? '', 'QUYET_DINH', { HuongDenNgay: '23/02/2027' });
    const { pages } = await here.changes('claim');
    const [touch] = pages.flatMap(({ touches }) => touches);
    expect(touch).toMatchObject({ kind: 'claim', key: keyOf(1) });
    expect(touch?.sighting?.record).toEqual({
      MaHoSo: keyOf(1),
      TrangThai: 'QUYET_DINH',
      SoQuyetDinh: '1/QĐ-TCTN',
      NgayQuyetDinh: '24/11/2026',
      SoThangHuong: 3,
      MucHuong: 3_600_000,
      HuongTuNgay: '24/11/2026',
      HuongDenNgay: '23/02/2027',
    });
    expect(touch?.sighting?.covers).not.toContain('HoVaTen');
  });

  test('is archived only when its cursor was kept, and the same content under another name is not taken again', async () => {
    const here = await start();
    const bytes = csvBytes(['MaHoSo', 'TrangThai'], [{ MaHoSo: keyOf(1), TrangThai: 'TIEP_NHAN' }]);
    decisionFile(here, 'QD-TCTN-1.csv', bytes);
    const first = await here.changes('claim');
    expect(first.pages.flatMap(({ touches }) => touches)).toHaveLength(1);
    expect(here.files('vao')).toEqual(['QD-TCTN-1.csv']);
    const second = await here.changes('claim', first.cursor);
    expect(second.pages.flatMap(({ touches }) => touches)).toEqual([]);
    expect(here.files('vao')).toEqual([]);
    decisionFile(here, 'QD-TCTN-2.csv', bytes);
    expect((await here.changes('claim', second.cursor)).pages.flatMap(({ touches }) => touches)).toEqual([]);
  });

  test('whose row is wrong is told with its line and reason; the good rows are taken', async () => {
    const here = await start();
    const rows = [
      { MaHoSo: keyOf(1), TrangThai: 'QUYET_DINH', MucHuong: '3.600.000' },
      { MaHoSo: keyOf(2), TrangThai: 'QUYET_DINH', MucHuong: 'ba triệu' },
      { TrangThai: 'QUYET_DINH', MucHuong: '1' },
      { MaHoSo: keyOf(4), TrangThai: 'TIEP_NHAN' },
    ];
    decisionFile(here, 'QD-TCTN-1.csv', csvBytes(['MaHoSo', 'TrangThai', 'MucHuong'], rows));
    const { pages } = await here.changes('claim');
    expect(pages.flatMap(({ touches }) => touches.map(({ key }) => key))).toEqual([keyOf(1), keyOf(4)]);
    expect(
      pages.flatMap(({ refused = [] }) => refused.map(({ line, issues }) => [line, issues.map(({ path, code }) => `${path} ${code}`)])),
    ).toEqual([
      [3, ['MucHuong schema.type']],
      [4, ['MaHoSo schema.required']],
    ]);
    expect(JSON.stringify(pages)).not.toContain('ba triệu');
  });

  test('of a suspension is not read as one of a claim, whichever kind asks first', async () => {
    const here = await start();
    await submitted(here, 'suspension', 1);
    const [row] = here.simulator.records('suspension');
    here.simulator.advance('suspension', row?.id ?? '', 'QUYET_DINH');
    expect((await here.changes('claim')).pages.flatMap(({ touches }) => touches)).toEqual([]);
    const [touch] = (await here.changes('suspension')).pages.flatMap(({ touches }) => touches);
    expect(touch?.sighting?.record).toMatchObject({ TrangThai: 'QUYET_DINH', SoQuyetDinh: '1/QĐ-TD', HieuLucTuNgay: '01/12/2026' });
  });
});

describe('T12: codes that went through a spreadsheet', () => {
  test('have their zeros again, and date cells are days', async () => {
    const here = await start();
    const row = { MaHoSo: keyOf(1), TrangThai: 'QUYET_DINH', CMND: '1090000002', BHXH: '99000002', NgayQuyetDinh: '2026-12-10' };
    decisionFile(here, 'QD-TCTN-1.xlsx', await xlsxBytes(Object.keys(row), [row]));
    const [touch] = (await here.changes('claim')).pages.flatMap(({ touches }) => touches);
    expect(touch?.sighting?.record).toMatchObject({ CMND: '001090000002', BHXH: '0099000002', NgayQuyetDinh: '10/12/2026' });
  });
});

describe('T13: a decision typed in an old charset', () => {
  test('in VNI is read as what it says', async () => {
    const here = await start();
    decisionFile(
      here,
      'QD-TCTN-1.csv',
      Buffer.from(`MaHoSo,TrangThai,LyDo\r\n${keyOf(1)},TU_CHOI,"Ñöùc chöa ñuû ñieàu kieän höôûng trôï caáp"\r\n`, 'utf8'),
    );
    const [touch] = (await here.changes('claim')).pages.flatMap(({ touches }) => touches);
    expect(touch?.sighting?.record.LyDo).toBe('Đức chưa đủ điều kiện hưởng trợ cấp');
  });
});

describe('the simulated centre with a folder of its own', () => {
  test('opens the adapter for files, says that a claim was received, and keeps its own stage beside the claim', async () => {
    const here = await start();
    const system = await openCentre(here.simulator.config);
    expect([system.kinds.claim?.create === undefined, system.kinds.suspension?.changes === undefined]).toEqual([false, false]);
    await system.close();
    await submitted(here, 'claim', 1);
    const [row] = here.simulator.records('claim');
    here.simulator.advance('claim', row?.id ?? '', 'TIEP_NHAN');
    const [touch] = (await here.changes('claim')).pages.flatMap(({ touches }) => touches);
    expect(touch?.sighting?.record).toEqual({ MaHoSo: keyOf(1), TrangThai: 'TIEP_NHAN' });
    expect(here.simulator.records('claim')[0]?.record).toMatchObject({ TrangThai: 'TIEP_NHAN' });
  });
});

describe('the simulated centre in bad weather', () => {
  const decided = async (faults: Parameters<typeof start>[1]) => {
    const here = await start({}, faults);
    await submitted(here, 'claim', 1);
    const [row] = here.simulator.records('claim');
    return { here, decide: () => here.simulator.advance('claim', row?.id ?? '', 'QUYET_DINH') };
  };
  const touched = async (here: World) => {
    const { pages } = await here.changes('claim');
    return {
      keys: pages.flatMap(({ touches }) => touches.map(({ key }) => key)),
      refused: pages.flatMap(({ refused = [] }) => refused.map(({ line }) => line)),
    };
  };

  test('leaves a decision half written, which is not taken until it is whole', async () => {
    const { here, decide } = await decided({ halfFile: 1 });
    decide();
    expect(here.files('vao').map((name) => name.endsWith('.part'))).toEqual([true]);
    expect((await touched(here)).keys).toEqual([]);
    here.simulator.setFaults({ halfFile: 0 });
    expect((await touched(here)).keys).toEqual([keyOf(1)]);
  });
  test('puts a decision twice, which is taken once', async () => {
    const { here, decide } = await decided({ duplicate: 1 });
    decide();
    expect(here.files('vao')).toHaveLength(2);
    expect((await touched(here)).keys).toEqual([keyOf(1)]);
  });
  test('puts a row nobody can take beside a good one, which is taken', async () => {
    const { here, decide } = await decided({ badRow: 1 });
    decide();
    expect(await touched(here)).toEqual({ keys: [keyOf(1)], refused: [3] });
  });
  test('tells what it decided while its folders were away once they are back', async () => {
    const { here, decide } = await decided({});
    here.simulator.setFaults({ down: true });
    decide();
    here.simulator.setFaults({ down: false });
    expect((await touched(here)).keys).toEqual([keyOf(1)]);
  });
});

describe('without files', () => {
  test('a claim has no verbs and is typed by hand; with an in-folder alone only decisions come', async () => {
    const byHand = await openCentre({});
    expect(Object.keys(byHand.kinds.claim ?? {}).filter((name) => ['create', 'changes', 'read', 'find'].includes(name))).toEqual([]);
    expect((await byHand.probe(call())).map(({ hop }) => hop)).toEqual(['by-hand']);
    await byHand.close();
    const here = await start({ out: null });
    expect([here.kind('claim').create === undefined, here.kind('claim').changes === undefined]).toEqual([true, false]);
  });
});

describe('a claim that comes late', () => {
  test('asks the official for the reason and puts no file; with the reason it goes, marked as late', async () => {
    const here = await start();
    const detail = await troubleOf(submitted(here, 'claim', 1, { NgayNghiViec: '23/08/2026' }));
    expect(detail).toMatchObject({ kind: 'refused', code: 'claim.late', issues: [{ path: 'DangKyTreLyDo', code: 'missing' }] });
    expect(here.files('ra')).toEqual([]);
    await submitted(here, 'claim', 1, { NgayNghiViec: '23/08/2026', DangKyTreLyDo: 'Điều trị nội trú' });
    expect(here.simulator.records('claim')[0]?.record).toMatchObject({ DangKyTre: '1', DangKyTreLyDo: 'Điều trị nội trú' });
  });
});
