import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type ChangesPage, type JsonObject, xlsxBytes } from '../../src/kit/index.ts';
import { ACCOUNT, serveSftp } from '../kit/sftp-server.ts';
import { call, kindOf, openInsurance, sample, startWorld, troubleOf, type World } from './world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
async function start(transport: 'xml' | 'xlsx'): Promise<World> {
  world = await startWorld({ transport });
  return world;
}
const send = (there: World, kind: string, key: string, record: JsonObject) =>
  there.kind(kind).create?.run({ key, record, files: [] }, call());
async function told(there: Pick<World, 'kind'>, kind: string): Promise<{ readonly touches: ChangesPage['touches'] }> {
  const touches: ChangesPage['touches'][number][] = [];
  for (let cursor: string | null = null; ; ) {
    const page: ChangesPage | undefined = await there.kind(kind).changes?.run(cursor, call());
    touches.push(...(page?.touches ?? []));
    if (page?.more !== true) return { touches };
    cursor = page.cursor;
  }
}
const rootOf = ({ simulator }: World): string => (simulator.config.files as { place: { root: string } }).place.root;

describe.each(['xml', 'xlsx'] as const)('forms that travel as %s', (format) => {
  test('a D02-TS stands at the office to the last field, and comes back with its number under our key', async () => {
    const there = await start(format);
    const record = await sample('labour-change', 1);
    expect(await send(there, 'labour-change', 'H12-1', record)).toEqual({ is: 'queued', ticket: 'H12-1' });
    const held = there.simulator.records('labour-change');
    expect(held).toMatchObject([{ key: 'H12-1', record }]);
    expect((await told(there, 'labour-change')).touches).toMatchObject([
      { id: held[0]?.id, key: 'H12-1', sighting: { record: { ...record, trangThai: '4/none' } } },
    ]);
  });

  test('the insurance number and the card of a child are told when the file is done', async () => {
    const there = await start(format);
    await send(there, 'child-card', 'H12-2', await sample('child-card', 2));
    const id = there.simulator.records('child-card')[0]?.id ?? '';
    for (const stage of ['nhan', 'xu-ly', 'xong']) there.simulator.advance('child-card', id, stage);
    const last = (await told(there, 'child-card')).touches.at(-1)?.sighting?.record;
    expect(last).toMatchObject({
      trangThai: '4/card',
      ThTreEmDuoi6: true,
      Masobhxh: expect.stringMatching(/^99\d{8}$/u),
      maThe: expect.stringMatching(/^TE196/u),
    });
  });

  test('a form sent twice is one file and one filing', async () => {
    const there = await start(format);
    const record = await sample('child-card', 3);
    for (let turn = 0; turn < 2; turn += 1) await send(there, 'child-card', 'H12-3', record);
    expect(readdirSync(join(rootOf(there), 'ra'))).toEqual([`TK1-TS-H12-3.${format}`]);
    expect(there.simulator.records('child-card')).toHaveLength(1);
  });
});

test('a list goes in XML, and is refused by name where it would be lost in a sheet', async () => {
  const household = { thongTinHoGiaDinh: [{ hoTen: 'Nguyễn Văn Mẫu' }, { hoTen: 'Trần Thị Ví Dụ' }] };
  const sheet = await start('xlsx');
  const detail = await troubleOf(send(sheet, 'child-card', 'H12-4', { ...(await sample('child-card', 4)), ...household }));
  expect(detail).toMatchObject({ kind: 'refused', code: 'files.list', issues: [{ path: 'thongTinHoGiaDinh' }] });
  expect(readdirSync(join(rootOf(sheet), 'ra'))).toEqual([]);
  await world?.close();
  const xml = await start('xml');
  await send(xml, 'child-card', 'H12-4', { ...(await sample('child-card', 4)), ...household });
  expect(readFileSync(join(rootOf(xml), 'ra', 'TK1-TS-H12-4.xml'), 'utf8')).toContain('Trần Thị Ví Dụ');
});

/** A result as the office may put it into the folder. */
function putResult(there: World, name: string, bytes: Uint8Array | string): void {
  mkdirSync(join(rootOf(there), 'vao'), { recursive: true });
  writeFileSync(join(rootOf(there), 'vao', name), bytes);
}
const household = (...names: readonly string[]): string =>
  `<DanhSach><HoSo><id>77</id><status>1</status>${names.map((name) => `<thongTinHoGiaDinh><hoTen>${name}</hoTen></thongTinHoGiaDinh>`).join('')}</HoSo></DanhSach>`;

test('a household of one is a list of one, and another member of it is a change', async () => {
  const there = await start('xml');
  putResult(there, 'KQ-TK1-TS-a.xml', household('Nguyễn Văn Mẫu'));
  putResult(there, 'KQ-TK1-TS-b.xml', household('Trần Thị Ví Dụ'));
  const { touches } = await told(there, 'child-card');
  expect(touches).toMatchObject([
    { id: '77', sighting: { record: { thongTinHoGiaDinh: [{ hoTen: 'Nguyễn Văn Mẫu' }] } } },
    { id: '77', sighting: { record: { thongTinHoGiaDinh: [{ hoTen: 'Trần Thị Ví Dụ' }] } } },
  ]);
  expect(new Set(touches.map(({ sighting }) => sighting?.version)).size).toBe(2);
});

test('what a spreadsheet made of days, months and codes is put right', async () => {
  const there = await start('xlsx');
  const row = {
    id: '78',
    status: '1',
    Ngaysinh: '1998-10-02',
    tuThang: '2026-11-01',
    Masobhxh: '12345678',
    Cmnd: '99198000001',
    'phuCap.CV': '0.3',
  };
  putResult(there, 'KQ-D02-TS-a.xlsx', await xlsxBytes(Object.keys(row), [row]));
  expect((await told(there, 'labour-change')).touches).toMatchObject([
    {
      id: '78',
      sighting: {
        record: { Ngaysinh: '02/10/1998', tuThang: '11/2026', Masobhxh: '0012345678', Cmnd: '099198000001', phuCap: { CV: 0.3 } },
      },
    },
  ]);
});

test('the probe looks at the folder and at the card gateway', async () => {
  const there = await start('xml');
  expect(await there.system.probe(call())).toMatchObject([
    { hop: 'folder', ok: true },
    { hop: 'card', ok: true },
  ]);
});

test('the same folder over SFTP: the form reaches the office, its result comes back', async () => {
  const there = await start('xml');
  const server = await serveSftp(rootOf(there));
  const place = { kind: 'sftp', root: '/', host: '127.0.0.1', port: server.port, ...ACCOUNT, hostKey: server.hostKey };
  const system = await openInsurance({ ...there.simulator.config, transport: 'xml', files: { place } }, there.clock);
  try {
    const over = { kind: (name: string) => kindOf(system, name) };
    const record = await sample('labour-change', 5);
    await over.kind('labour-change').create?.run({ key: 'H12-5', record, files: [] }, call());
    expect(there.simulator.records('labour-change')).toMatchObject([{ key: 'H12-5', record }]);
    expect((await told(over, 'labour-change')).touches).toMatchObject([{ key: 'H12-5', sighting: { record } }]);
    expect(await system.probe(call())).toMatchObject([{ hop: 'folder', ok: true }, { hop: 'card' }]);
  } finally {
    await system.close();
    await server.close();
  }
});

test('files without a place to exchange them are a fault of the configuration', async () => {
  await expect(startWorld({ transport: 'xml', files: null })).rejects.toThrow('files');
});
