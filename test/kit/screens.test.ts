import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadAdapter, openSystem } from '../../src/kit/load.ts';
import { testClock } from '../../src/kit/proof/bench.ts';
import { parseScreens, screensOfSchema } from '../../src/kit/screens.ts';
import { type Fault, SetupFault } from '../../src/kit/setup-fault.ts';
import type { JsonObject } from '../../src/model/json.ts';

const SCHEMA: JsonObject = {
  type: 'object',
  title: 'Hộ kinh doanh',
  required: ['TenHo'],
  properties: {
    TenHo: { type: 'string', title: 'Tên hộ' },
    DiaChi: { $ref: '#/$defs/diaChi' },
    ThanhVien: { type: 'array', items: { type: 'object', properties: { HoTen: { type: 'string' } } } },
  },
  $defs: { diaChi: { type: 'object', properties: { MaXa: { type: 'string' }, SoNha: { type: ['string', 'null'] } } } },
};

const WHOLE = `
number: { label: Số biên nhận, pattern: "^[0-9]{6}$", vi: gồm 6 chữ số, en: 6 digits }
screens:
  - title: Thông tin chung
    fields:
      - { field: DiaChi.MaXa, label: "Xã, phường", shown: { "31825": Phường Mẫu } }
      - { field: TenHo, label: Tên hộ kinh doanh, required: true }
  - title: Thành viên
    fields:
      - { field: "ThanhVien[].HoTen", label: Họ và tên }
      - { label: Số trang hồ sơ giấy, ask: true, note: đếm trên hồ sơ giấy }
`;

const codes = (faults: readonly Fault[]): readonly string[] => faults.map(({ code, line }) => `${code}:${line}`);

describe('the screens of a record kind', () => {
  it('keep the order and the words of the ministry, and the form of its number', () => {
    const { screens, faults } = parseScreens(WHOLE, 'x.yaml', SCHEMA);
    expect(faults).toEqual([]);
    expect(screens.number.pattern?.test('123456')).toBe(true);
    expect(screens.number.pattern?.test('12345')).toBe(false);
    expect(screens.screens.map(({ title, fields }) => [title, fields.map(({ field }) => field)])).toEqual([
      ['Thông tin chung', ['DiaChi.MaXa', 'TenHo']],
      ['Thành viên', ['ThanhVien[].HoTen', null]],
    ]);
    expect(screens.screens[0]?.fields[0]?.shown).toEqual({ '31825': 'Phường Mẫu' });
    expect(screens.screens[1]?.fields[1]).toMatchObject({ ask: true, note: 'đếm trên hồ sơ giấy' });
  });

  it('name a field the schema does not know, and one that stands twice, at their lines', () => {
    const { faults } = parseScreens(WHOLE.replace('field: TenHo', 'field: DiaChi.MaXa').replace('[].HoTen', '[].Tuoi'), 'x.yaml', SCHEMA);
    expect(codes(faults)).toEqual(['screens.twice:7', 'screens.unknown:10']);
    expect(faults[1]?.vi).toContain('ThanhVien[].Tuoi');
  });

  it('refuse unknown keys, an entry without a field, a broken pattern and broken YAML', () => {
    const wrong = (text: string, by: string) => codes(parseScreens(WHOLE.replace(text, by), 'x.yaml', SCHEMA).faults);
    expect(wrong('label: Họ và tên', 'label: Họ và tên, colour: red')).toEqual(['screens.unrecognized_keys:10']);
    expect(wrong(', ask: true', '')).toEqual(['screens.no-field:11']);
    expect(wrong('[0-9]{6}', '[0-9')).toEqual(['screens.pattern:2']);
    expect(wrong('screens:', 'screens: [')[0]).toMatch(/^screens\.yaml:/);
  });

  it('follow the schema where nobody has written them down', () => {
    const { screens } = screensOfSchema(SCHEMA);
    expect(screens[0]?.title).toBe('Hộ kinh doanh');
    expect(screens[0]?.fields.map(({ field, label, required }) => [field, label, required])).toEqual([
      ['TenHo', 'Tên hộ', true],
      ['DiaChi.MaXa', 'DiaChi.MaXa', false],
      ['DiaChi.SoNha', 'DiaChi.SoNha', false],
      ['ThanhVien[].HoTen', 'ThanhVien[].HoTen', false],
    ]);
  });
});

const ADAPTERS = resolve(import.meta.dirname, '../../adapters');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The memory adapter's kind, opened with this text as its screens. */
async function openedWith(text: string) {
  const overrides = mkdtempSync(join(resolve(import.meta.dirname, '../../node_modules'), '.motlan-'));
  folders.push(overrides);
  mkdirSync(join(overrides, 'memory', 'screens'), { recursive: true });
  writeFileSync(join(overrides, 'memory', 'screens', 'item.yaml'), text);
  const loaded = await loadAdapter([ADAPTERS], 'memory');
  const config = { baseUrl: 'http://127.0.0.1:9', token: 'memory-token', callbackKey: 'memory-callback-key' };
  const system = await openSystem(loaded, config, { clock: testClock(), chance: { random: () => 0.5, id: () => 'id' }, overrides });
  await system.close();
  return system.kinds.item?.screens;
}

describe('an opened adapter', () => {
  it('carries the screens that stand beside its records, over what ships', async () => {
    const screens = await openedWith('screens: [{ title: Mục, fields: [{ field: name, label: Tên gọi }] }]\n');
    expect(screens?.screens[0]?.fields[0]?.label).toBe('Tên gọi');
  });

  it('does not open with screens that name a field of no record', async () => {
    const opened = openedWith('screens: [{ title: Mục, fields: [{ field: colour, label: Màu }] }]\n');
    await expect(opened).rejects.toBeInstanceOf(SetupFault);
  });
});
