import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../src/kit/index.ts';
import { SetupFault } from '../../src/kit/setup-fault.ts';
import { call, issue, readOne, sample, startWorld, type World } from './world.ts';

/** A procedure that the product does not ship: one schema file in the overrides, a death registered again. */

let overrides = '';
let world: World | null = null;
beforeEach(() => {
  overrides = mkdtempSync(join(tmpdir(), 'motlan-kinds-'));
  mkdirSync(join(overrides, 'civil-status/records'), { recursive: true });
});
afterEach(async () => {
  await world?.close();
  world = null;
  rmSync(overrides, { recursive: true });
});

const file = (): string => join(overrides, 'civil-status/records/death-again.schema.json');
function addKind(particular: JsonObject): void {
  cpSync('adapters/civil-status/records/death.schema.json', file());
  const schema = JSON.parse(readFileSync(file(), 'utf8')) as { properties: JsonObject; 'x-civil-status': JsonObject };
  const properties = { ...schema.properties, module: { type: 'string', enum: ['LTKTL'] } };
  writeFileSync(file(), JSON.stringify({ ...schema, properties, 'x-civil-status': { ...schema['x-civil-status'], ...particular } }));
}
const begin = async (): Promise<World> => {
  world = await startWorld({}, {}, overrides);
  return world;
};

test('a kind that is only a schema file is pushed under its module, issued, found and read with its paper', async () => {
  addKind({ capitals: ['nktHoTen'], findBy: [['nktHoTen', 'noiDangKy']], papers: { giayKhaiTu: 'KQ.MAU' } });
  const there = await begin();
  const record: JsonObject = { ...(await sample('death', 7)), module: 'LTKTL', nktHoTen: 'Lê Văn Mẫu', nycHoTen: 'Lê Thị Ví Dụ' };
  const key = String(record.maHoSoMCDT);
  await there.kind('death-again').create?.run({ key, record, files: [] }, call());
  issue(there, key, 'death-again');
  const result = { nktHoTen: 'LÊ VĂN MẪU', nycHoTen: 'Lê Thị Ví Dụ', giayKhaiTu: { mime: 'application/pdf', kind: 'KQ.MAU' } };
  expect(await readOne(there, key, 'death-again')).toMatchObject({ key, record: { module: 'LTKTL', ketQuaXuLy: result } });
  expect(await there.kind('death-again').find?.run({ nktHoTen: 'Lê Văn Mẫu', noiDangKy: '32041' }, call())).toMatchObject([{ id: key }]);
  expect(there.kind('death-again').normalises).toEqual({ 'ketQuaXuLy.nktHoTen': 'upper' });
});

test('the kinds that ship do not see the dossiers of the new one', async () => {
  addKind({});
  const there = await begin();
  const record: JsonObject = { ...(await sample('death', 8)), module: 'LTKTL' };
  const key = String(record.maHoSoMCDT);
  await there.kind('death-again').create?.run({ key, record, files: [] }, call());
  expect(await readOne(there, key, 'death')).toBeNull();
  expect(there.simulator.records('death')).toEqual([]);
});

test('a schema that does not say what is particular to its kind is a fault at its place', async () => {
  addKind({ findBy: [] });
  await expect(begin()).rejects.toThrow(SetupFault);
  await expect(begin()).rejects.toThrow('records/death-again.schema.json:0:0 x-civil-status.findBy');
});

test('a name that is no field of the schema is a fault, since it would do nothing', async () => {
  addKind({ capitals: ['nktHoTen', 'hoTenKhongCo'] });
  await expect(begin()).rejects.toThrow('x-civil-status.capitals.ketQuaXuLy.hoTenKhongCo');
});
