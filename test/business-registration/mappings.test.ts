import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KIND_NAMES } from '../../adapters/business-registration/wire.ts';
import { loadForms } from '../../src/intake/forms.ts';
import { book, inwards, mapping, outwards } from '../mappings/book.ts';
import { crosswalk, MAPPINGS } from '../mappings/given.ts';

const registration = mapping('business-registration', 'household-registration');
const change = mapping('business-registration', 'household-change');
const enterprise = mapping('business-registration', 'enterprise-registration');

/** Every field the sources name (domain: business-registration.md §2), written out by hand. */
const words = (list: string) => list.trim().split(/\s+/);
const PERSON = words('HoVaTen LoaiGiayToChungThuc MaLoaiGiayToChungThuc SoGiayChungThuc NgayCap NoiCap QuocTich MaQuocTich');
const PLACE = words('QuocGia MaQuocGia TenTinhThanh MaTinhThanh TenQuanHuyen MaQuanHuyen TenPhuongXa MaPhuongXa DiaChi SoNha');
const LINE = words('MaNganh TenNganh LaNganhChinh');
const STATE = words('TinhTrangPhapLy MaTinhTrangPhapLy NgayBatDauTamNgung NgayKetThucTamNgung LyDoTamNgung');
const HOUSEHOLD = [
  ...words('MaNoiBo MaSoHKD MaSoDangKyHKD FOUNDING_DATE MaLoaiHinhHKD LoaiHinhHKD TenTiengViet TenVietTat TenNuocNgoai'),
  ...words('NgayDangKyLanDau NgayDangKyThayDoi SoLanDangKyThayDoi'),
  ...PERSON.map((name) => `ChuHoKinhDoanh.${name}`),
  ...PLACE.map((name) => `DiaChiTruSo.DiaChi.${name}`),
  ...LINE.map((name) => `NganhNgheKinhDoanh.items.${name}`),
];
const ENTERPRISE = [
  ...words('MaNoiBo MaSoDoanhNghiep SoGCNDKKD MaLoaiHinhDN LoaiHinhDN TenTiengViet TenNuocNgoai TenVietTat'),
  ...words('NgayDangKyLanDau NgayDangKyThayDoi SoLanDangKyThayDoi'),
  ...STATE.map((name) => `TinhTrangPhapLy.${name}`),
  ...PERSON.map((name) => `DaiDienPhapLuat.items.${name}`),
  ...PLACE.map((name) => `DiaChiTruSo.DiaChi.${name}`),
  ...LINE.map((name) => `NganhNgheKinhDoanh.items.${name}`),
];

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}
const has = (schema: Node, path: string): boolean =>
  path.split('.').reduce<Node | undefined>((here, name) => (name === 'items' ? here?.items : here?.properties?.[name]), schema) !==
  undefined;

test.each(KIND_NAMES)(
  'the record of a %s has every field that the sources name; the closed world demands a line or a reason of each',
  (kind) => {
    const schema = JSON.parse(readFileSync(`adapters/business-registration/records/${kind}.schema.json`, 'utf8')) as Node;
    const named = kind === 'enterprise-registration' ? ENTERPRISE : HOUSEHOLD;
    expect(named.filter((path) => !has(schema, path))).toEqual([]);
    expect(book.diagnostics.filter(({ file }) => file === `business-registration/${kind}.yaml`)).toEqual([]);
  },
);

describe('T1: gender on the screens of the registry', () => {
  test('is the word, both ways; any other value waits for a person', () => {
    expect(outwards(registration, { owner: { gender: 'male' } }).record.ToKhai).toEqual({ GioiTinh: 'Nam' });
    expect(outwards(registration, { owner: { gender: 'female' } }).record.ToKhai).toEqual({ GioiTinh: 'Nữ' });
    expect(outwards(registration, { owner: { gender: 'unknown' } }).problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
    expect(crosswalk('gender.registry').map(({ ours, theirs }) => [ours, theirs])).toEqual([
      ['male', 'Nam'],
      ['female', 'Nữ'],
    ]);
  });
});

describe('T2 and T3: dates of the registry', () => {
  test('are dd/MM/yyyy, and another format is a problem, never another day', () => {
    expect(inwards(registration, { NgayDangKyLanDau: '09/11/2026' }, {}).changes).toEqual([
      {
        line: 'results.business-registration.registeredOn',
        path: 'results.business-registration.registeredOn',
        value: '2026-11-09',
      },
    ]);
    for (const wrong of ['2026-11-09', '09.11.2026', '31/02/2026', '09/11/26'])
      expect(registration.theirs({ NgayDangKyLanDau: wrong }, 'all').get('results.business-registration.registeredOn')?.is).toBe('invalid');
  });

  test('a birth date known only by its year stays a year', () => {
    expect(outwards(registration, { owner: { birthDate: '1951' } }).record.ToKhai).toEqual({ NgaySinh: '1951' });
  });
});

describe('T4 and T5: the place of business', () => {
  test('an old ward becomes its new code, and a ward that was split asks the official', () => {
    const place = (ward: string) => outwards(registration, { household: { headquarters: { province: '96', ward, wardVersion: 'old' } } });
    expect(place('32041').record.DiaChiTruSo).toMatchObject({ DiaChi: { MaTinhThanh: '96' } });
    expect(place('32191').problems.map(({ hold }) => hold)).toEqual(['split-code']);
  });
});

describe('T10: procedures of the registry', () => {
  test('each of the four household procedures has the one leg that its form needs', () => {
    const legs = (form: string) => book.mappings.filter((each) => each.form === form && each.system !== 'one-stop').map(({ id }) => id);
    for (const kind of KIND_NAMES.filter((name) => name.startsWith('household')))
      expect(legs(`${kind}@1`)).toContain(`business-registration.${kind}`);
  });
});

describe('T19: what a change does not name', () => {
  test('is neither typed nor taken in: only what is marked as changing travels', () => {
    const hub = { household: { code: '099191000021' }, changing: { name: true, headquarters: false, lines: false, owner: false } };
    const record = {
      MaSoHKD: '099191000021',
      TenTiengViet: 'Hộ kinh doanh Khác',
      ChuHoKinhDoanh: { HoVaTen: 'Nguyễn Văn Mẫu' },
      DiaChiTruSo: { DiaChi: { MaPhuongXa: '32041' } },
      NganhNgheKinhDoanh: [{ MaNganh: '4711', TenNganh: 'Bán lẻ', LaNganhChinh: '1' }],
    };
    expect(outwards(change, { ...hub, changes: { capital: 1, headquarters: { detail: 'Ấp Mẫu' } } }).record).toEqual({
      MaSoHKD: '099191000021',
    });
    expect(inwards(change, record, hub).changes.map(({ path }) => path)).toEqual(['changes.name']);
  });
});

describe('T23: owners', () => {
  test('what the applicant says is ours until issue and no line of it is taken; codes and dates are the registry’s', () => {
    for (const { rules } of [registration, change, enterprise]) {
      const taken = rules.filter(({ owner }) => owner === 'take').map(({ hubPath }) => hubPath);
      expect(taken.filter((path) => !path.startsWith('results.business-registration.'))).toEqual([]);
      expect(rules.filter(({ owner }) => owner === 'share')).toEqual([]);
      const stated = rules.filter(({ id, owner }) => owner === 'give' && !id.startsWith('ToKhai.') && id !== 'MaSoHKD');
      expect(stated.filter(({ until }) => until !== 'issued').map(({ id }) => id)).toEqual([]);
    }
  });

  test('a household code of somebody else is a difference on a line of ours that never becomes theirs', () => {
    const rule = change.rule('MaSoHKD');
    expect(rule).toMatchObject({ owner: 'give', until: null, hubPath: 'household.code' });
  });
});

describe('the enterprise code', () => {
  test('is taken once, from the registry, for the tax and the insurance leg to read', () => {
    const takers = book.mappings.filter(({ rules }) =>
      rules.some(({ owner, hubPath }) => owner === 'take' && hubPath === 'results.business-registration.enterpriseCode'),
    );
    expect(takers.map(({ id }) => id)).toEqual(['business-registration.enterprise-registration']);
  });

  test('no other system registers the enterprise: at tax there is only the record that the adapter looks up and never writes', () => {
    const tax = book.mappings.filter(({ form, system }) => form === 'enterprise-registration@1' && system === 'tax');
    expect(tax.map(({ record, acts }) => [record, acts])).toEqual([['enterprise-taxpayer', []]]);
  });
});

describe('the forms', () => {
  const line = (code: string, main: boolean) => ({ code, main });
  const household = (lines: readonly object[], name = 'Hộ kinh doanh Mẫu') => ({
    household: { name, headquarters: { province: '96', ward: '32041', wardVersion: '2025' }, lines },
    owner: { fullName: 'Nguyễn Văn Mẫu' },
  });

  test('take exactly one main line of business and four-digit codes', async () => {
    const forms = await loadForms(`${MAPPINGS}/forms`);
    const issues = (lines: readonly object[]) =>
      forms.validate('household-registration@1', household(lines) as never)?.map(({ path }) => path.replace(/\[?\d+\]?/u, '#'));
    expect(issues([line('0111', true), line('4711', false)])).toEqual([]);
    expect(issues([line('0111', true), line('4711', true)])).toContain('data.household.lines');
    expect(issues([line('0111', false)])).toContain('data.household.lines');
    expect(issues([line('111', true)])).toHaveLength(1);
  });

  test('take a name only in its two parts', async () => {
    const forms = await loadForms(`${MAPPINGS}/forms`);
    const issues = (name: string) => forms.validate('household-registration@1', household([line('0111', true)], name) as never);
    expect(issues('hộ kinh doanh Bảy Mẫu')).toEqual([]);
    expect(issues('Tạp hóa Bảy Mẫu')).toHaveLength(1);
    expect(issues('Hộ kinh doanh ')).toHaveLength(1);
  });
});
