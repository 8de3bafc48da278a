import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { mapping as compiled, inwards, outwards, side } from './book.ts';
import { ADAPTERS, crosswalk, jsonOf, MAPPINGS, outward, yamlOf } from './given.ts';

const DAY = '2026-11-10';
const words = (list: string) => list.trim().split(/\s+/);
const under = (prefix: string, list: string) => words(list).map((name) => `${prefix}.${name}`);

/** Every field the sources name (domain: tax.md §2, §3, §5), written out by hand and apart from schema and mapping. */
const ENVELOPE = [
  ...under('TTChung', 'PBan MNGui MNNhan MLTDiep MTDiep MTDTChieu MST SLuong'),
  ...under('TTinDVu', 'maDVu tenDVu pbanDVu ttinNhaCCapDVu'),
  ...under('TKhaiThue', 'maTKhai tenTKhai moTaBMau pbanTKhaiXML loaiTKhai soLan maCQTNoiNop tenCQTNoiNop ngayLapTKhai'),
  ...under('NNT', 'mst tenNNT'),
];
const MAIN = 'CTieuTKhaiChinh';
const RECEIPT =
  'MaSoThue SoCMTNguoiNopTien HoTenNguoiNopTien DiaChiNguoiNopTien TinhNguoiNopTien HuyenNguoiNopTien XaNguoiNopTien UrlFileChungTu';
const NAMED: Readonly<Record<string, readonly string[]>> = {
  'first-tax-code': [
    ...ENVELOPE,
    ...under('TKhaiThue', 'maCQTQuanLy tenCQTQuanLy ngayNhanTKhai noiNhanTKhai soGiayTo_id nghiepVuCapMST ngayKy nguoiKy nhanKQQuaBuuDien'),
    'DLyThue',
    ...under(MAIN, 'ct1_hoTen ct3_namSinh CT4.ct4_ma CT5.maQuocTich CT5.tenQuocTich CT5.songNuocNgoai'),
    ...under(`${MAIN}.CT6.TTinGiayTo[]`, 'ct6_ma ct6_ten ct6_soGiayTo ct6_ngayCap ct6_noiCap_loai ct6_noiCap_ma ct6_noiCap_ten'),
    ...under(`${MAIN}.CT7`, 'ct7a_soNha ct7b_maPhuong ct7b_tenPhuong ct7c_maQuan ct7c_tenQuan ct7d_maTinh ct7d_tenTinh ct7d_maQuocGia'),
    ...under(`${MAIN}.CT8`, 'ct8a_soNha ct8b_maPhuong ct8b_tenPhuong ct8c_maQuan ct8c_tenQuan ct8d_maTinh ct8d_tenTinh'),
    ...under(`${MAIN}.CT9`, 'ct9_dienThoai ct9_email'),
  ],
  'business-tax': [
    ...ENVELOPE,
    ...under(MAIN, 'hoGiaDinh caNhanKD caNhanKD_BienGioi tenCuaHang CT6.ct6a_ten CT10.ct10_ten ct11'),
    ...under(`${MAIN}.CT4`, 'ct4a_soNha ct4b_tenPhuong ct4c_tenQuan ct4d_tenTinh'),
    ...under(`${MAIN}.CT5`, 'ct5a_soNha ct5b_tenPhuong ct5c_tenQuan ct5d_tenTinh'),
    ...under(`${MAIN}.CT6.CT6B`, 'ct6b_soNha ct6b_tenPhuong ct6b_tenQuan ct6b_tenTinh'),
    ...under(`${MAIN}.CT6.CT6C`, 'ct6c_soNha ct6c_tenPhuong ct6c_tenQuan ct6c_tenTinh'),
    ...under(`${MAIN}.CT6.CT6D`, 'ct6d_dienThoai ct6d_email'),
    ...under(`${MAIN}.CT8`, 'ct8a_ngaySinh maGioiTinh ct8b_tenQuocTich soDinhDanh soDinhDanhCu'),
    ...under(`${MAIN}.CT8.TTinGiayTo[]`, 'ct8_ma ct8_soGiayTo ct8_ngayCap ct8_noiCap_ten'),
    ...under(`${MAIN}.PPTinhThue`, 'pPKeKhai pPhapKhoan'),
  ],
  dependant: [
    ...ENVELOPE,
    ...under(`${MAIN}.DSachNPTDaCoMST[]`, 'soDinhDanh tuThangGiamTru denThangGiamTru'),
    ...under(`${MAIN}.DSachNPTDaCoMST[].DCThuongTru`, 'ct25 ct26 ct27 ct28'),
    ...under(`${MAIN}.DSachNPTDaCoMST[].DCHienTai`, 'ct29 ct30 ct31 ct32'),
  ],
  'land-notice': [
    'MaHoSo',
    ...under('ThongBaoThue', 'Service Ngay IsUpdating'),
    ...under('ThongBaoThue.ROW_LIST[]', 'MA_SO_THUE SO_QUYET_DINH NGAY_QUYET_DINH TEN_TIEUMUC SO_TIEN'),
  ],
  'land-payment': [
    'MaHoSo',
    ...under('ChungTuThue', RECEIPT),
    ...under('ChungTuThue.ThongTinThanhToan', 'NoiDungThanhToan ThoiGianThanhToan MaThongBaoThue SoTien'),
  ],
};
const KINDS = Object.keys(NAMED);

type Node = { readonly properties?: Readonly<Record<string, Node>>; readonly items?: Node };
function fieldsOf(node: Node, path = ''): readonly string[] {
  const inside = Object.entries(node.properties ?? {}).flatMap(([name, below]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [at, ...fieldsOf(below, at)];
  });
  return node.items === undefined ? inside : [...inside, ...fieldsOf(node.items, `${path}[]`)];
}

const line = z.union([z.string(), z.looseObject({ from: z.string() })]);
const lines = z.record(z.string(), line).default({});
const shape = z.looseObject({
  give: lines,
  take: lines,
  each: z.array(z.looseObject({ left: z.string(), key: z.looseObject({ theirs: z.string() }), give: lines, take: lines })).default([]),
  phase: z.looseObject({ from: z.string() }),
  ignore: z.looseObject({ theirs: z.record(z.string(), z.string().min(10)).default({}) }),
});
const mappingOf = (kind: string) => shape.parse(yamlOf(MAPPINGS, 'tax', `${kind}.yaml`));
const source = (of: z.output<typeof line>) => ((typeof of === 'string' ? of : of.from).split('|')[0] ?? '').trim();

/** Record paths that a line writes or reads, that tell the phase, or that are set aside with a reason. */
function accountedFor(kind: string): readonly string[] {
  const { give, take, each, phase, ignore } = mappingOf(kind);
  const lists = each.flatMap((block) => [
    `${block.left}[].${block.key.theirs}`,
    ...[...Object.keys(block.give), ...Object.values(block.take).map(source)].map((path) => `${block.left}[].${path}`),
  ]);
  const ignored = Object.keys(ignore.theirs).map((path) => path.replace(/\[[^\]]*\]/g, '[]'));
  return [...Object.keys(give), ...Object.values(take).map(source), ...lists, phase.from, ...ignored];
}

describe.each(KINDS)('the tax record %s', (kind) => {
  it('has every field that the sources name, and each is mapped or set aside with a reason', () => {
    const known = new Set(fieldsOf(jsonOf(ADAPTERS, 'tax/records', `${kind}.schema.json`) as Node));
    const accounted = accountedFor(kind);
    const named = NAMED[kind] ?? [];
    expect(named.filter((path) => !known.has(path))).toEqual([]);
    expect(named.filter((path) => !accounted.some((each) => path === each || path.startsWith(`${each}.`)))).toEqual([]);
  });
});

describe('T1: gender has a table of its own in each form', () => {
  it('05 writes a man as 2, 03 writes a man as 1, and both are read back', () => {
    const first = compiled('tax', 'first-tax-code');
    const business = compiled('tax', 'business-tax');
    for (const [sex, in05, in03] of [
      ['male', '2', '1'],
      ['female', '1', '2'],
    ] as const) {
      const of05 = { CT4: { ct4_ma: in05 } };
      const of03 = { CT8: { maGioiTinh: in03 } };
      expect(outwards(first, { person: { sex } }, DAY).record.CTieuTKhaiChinh).toMatchObject(of05);
      expect(outwards(business, { owner: { sex } }, DAY).record.CTieuTKhaiChinh).toMatchObject(of03);
      const other = sex === 'male' ? 'female' : 'male';
      expect(inwards(first, { CTieuTKhaiChinh: of05 }, { person: { sex: other } }, DAY).changes[0]).toMatchObject({ value: sex });
      expect(inwards(business, { CTieuTKhaiChinh: of03 }, { owner: { sex: other } }, DAY).changes[0]).toMatchObject({ value: sex });
    }
  });

  it('a gender that no table knows waits for a person, and 1 of one form is never 1 of the other', () => {
    const read = (code: string) =>
      inwards(compiled('tax', 'first-tax-code'), { CTieuTKhaiChinh: { CT4: { ct4_ma: code } } }, { person: {} }, DAY);
    expect(read('3').problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
    expect(read('3').changes).toEqual([]);
    const rows = (name: string) => crosswalk(name).map(({ ours, theirs }) => `${ours}=${theirs}`);
    expect(rows('gender.tax-05')).toEqual(['male=2', 'female=1']);
    expect(rows('gender.tax-03')).toEqual(['male=1', 'female=2']);
  });

  it('CT4 and CT8 mean other things in 05 and in 03', () => {
    const from = (kind: string, path: string) =>
      Object.entries(mappingOf(kind).give)
        .filter(([left]) => left.startsWith(`${MAIN}.${path}.`))
        .map(([, of]) => source(of).split('.').slice(0, 2).join('.'));
    expect(new Set(from('first-tax-code', 'CT4'))).toEqual(new Set(['person.sex']));
    expect(new Set(from('business-tax', 'CT4'))).toEqual(new Set(['business.address', 'business.phone', 'business.email']));
    expect(new Set(from('first-tax-code', 'CT8'))).toEqual(new Set(['person.currentResidence']));
    expect(from('business-tax', 'CT8').every((path) => path.startsWith('owner.'))).toBe(true);
  });
});

describe('T2: the two date formats of the land messages, and ISO in the declarations', () => {
  /** What a message states, taken into a dossier that knows nothing yet. */
  const heard = (kind: string, record: JsonObject) => {
    const of = compiled('tax', kind);
    const lines = [...of.theirs(record, Object.keys(record))];
    const values = new Map(lines.flatMap(([id, found]) => (found.is === 'value' ? [[id, found] as const] : [])));
    const problems = lines.flatMap(([, found]) => (found.is === 'invalid' ? [found.problem] : []));
    return { changes: of.inverse(values, side({}, DAY)).changes, problems };
  };
  const notice = (written: string) => heard('land-notice', { ThongBaoThue: { ROW_LIST: [{ khoa: 'TB-1', NGAY_QUYET_DINH: written }] } });
  const receipt = (written: string) => heard('land-payment', { ChungTuThue: { ThongTinThanhToan: { ThoiGianThanhToan: written } } });

  it('a notice is dated dd-MM-yyyy, a receipt yyyyMMddHHmmss in Vietnamese time', () => {
    expect(notice('05-11-2026').changes.find(({ path }) => path.endsWith('.date'))?.value).toBe('2026-11-05');
    expect(receipt('20261113003000').changes).toEqual([
      { line: 'results.tax.payment.at', path: 'results.tax.payment.at', value: '2026-11-12T17:30:00.000Z' },
    ]);
  });

  it.each(['2026-11-05', '05/11/2026', '31-02-2026', '5-11-2026', ''])(
    'a notice dated "%s" is no date, and no other is put in its place',
    (written) => {
      const { changes, problems } = notice(written);
      expect(changes.filter(({ path }) => path.endsWith('.date'))).toEqual([]);
      expect(problems.map(({ code }) => code)).toEqual(written === '' ? [] : [expect.stringContaining('date')]);
    },
  );

  it.each(['13-11-2026 00:30:00', '20261332000000', '2026111300300'])('a receipt of "%s" has no time', (written) => {
    expect(receipt(written).changes).toEqual([]);
    expect(receipt(written).problems).toHaveLength(1);
  });

  it('a birth date goes out as ISO, and one known in part waits instead of becoming 01/01', () => {
    const out = (birthDate: string) => outwards(compiled('tax', 'first-tax-code'), { person: { birthDate } }, DAY);
    expect(out('1957-04-30').record.CTieuTKhaiChinh).toEqual({ ct3_namSinh: '1957-04-30' });
    for (const partly of ['1957', '1957-04']) {
      expect(out(partly).record.CTieuTKhaiChinh).toBeUndefined();
      expect(out(partly).problems.map(({ code }) => code)).toEqual(['date.precision']);
    }
  });

  it('a month of deduction is a month on both sides', () => {
    const dependants = [{ personalId: '099226000014', deductionFrom: '2026-02' }];
    const { record, problems } = outwards(compiled('tax', 'dependant'), { dependants }, DAY);
    expect(problems).toEqual([]);
    expect(record.CTieuTKhaiChinh).toEqual({ DSachNPTDaCoMST: [{ soDinhDanh: '099226000014', tuThangGiamTru: '02/2026' }] });
  });
});

describe('T11: tax codes of twelve digits, and the check digit of ten', async () => {
  const forms = await loadForms(`${MAPPINGS}/forms`);
  const issuesOf = (taxCode: string) => {
    const parsed = parseDocument(
      {
        ...{ code: 'H12.31-261110-0003', procedure: '1.008500', agency: 'H12.31', status: 2, receivedAt: '2026-11-10T02:00:00.000Z' },
        ...{ applicant: { kind: 'citizen', fullName: 'Trần Thị Ví Dụ' }, form: 'dependant@1' },
        data: {
          registration: { date: '2026-11-10' },
          taxpayer: { fullName: 'Trần Thị Ví Dụ', taxCode },
          dependants: [{ personalId: '099226000014', fullName: 'Trần Văn Mẫu', birthDate: '2026-01-02' }],
        },
      },
      forms,
    );
    return parsed.ok ? [] : parsed.issues.map(({ path }) => path);
  };

  it.each(['099185000013', '9912345671', '9912345600', '9912345671-001'])(
    '%s is taken at the counter and reaches the declaration as it is',
    (code) => {
      expect(issuesOf(code)).toEqual([]);
      expect(outwards(compiled('tax', 'dependant'), { taxpayer: { taxCode: code } }, DAY).record.NNT).toEqual({ mst: code });
    },
  );

  it.each(['9912345672', '9912345640', '9912345671-000', '09918500001'])('%s is refused at the counter', (code) => {
    expect(issuesOf(code)).toEqual(['data.taxpayer.taxCode']);
  });

  it('a person gets her own number back as tax code, without the check of ten digits', () => {
    const read = inwards(compiled('tax', 'first-tax-code'), { KQua: { MST: '099199000011' } }, { person: {} }, DAY);
    expect(read.problems).toEqual([]);
    expect(read.changes).toEqual([{ line: 'results.tax.taxCode', path: 'results.tax.taxCode', value: '099199000011' }]);
  });
});

describe('T12: codes and numbers keep their zeros', () => {
  it('the tax lists are text of their own width, apart from the statistics codes', () => {
    expect(crosswalk('paper-kind.tax').map(({ theirs }) => theirs)).toEqual(['2080', '1020', '1040', '1070', '3000']);
    expect(outward('tax-province', '79@old', '2025-06-30').map(({ theirs }) => theirs)).toEqual(['701']);
    expect(outward('tax-province', '79@old', '2025-07-01')).toEqual([]);
    expect(outward('tax-province', '79@2025', DAY)).toEqual([]);
  });

  it('a personal number and a paper number with leading zeros go out as they are', () => {
    const papers = [{ kind: 'personal-id-card', number: '001099000001' }];
    const { record } = outwards(compiled('tax', 'first-tax-code'), { person: { papers } }, DAY);
    expect(record.CTieuTKhaiChinh).toMatchObject({ CT6: { TTinGiayTo: [{ ct6_soGiayTo: '001099000001', ct6_ma: '2080' }] } });
    expect(outwards(compiled('tax', 'business-tax'), { owner: { personalId: '001099000001' } }, DAY).record.CTieuTKhaiChinh).toEqual({
      CT8: { soDinhDanh: '001099000001' },
    });
  });

  it('a ward of today has no tax code in any list that is known, and waits', () => {
    const residence = { province: '96', ward: '32041', wardVersion: '2025' };
    const { problems } = outwards(compiled('tax', 'first-tax-code'), { person: { residence } }, DAY);
    expect(problems.map(({ hold, cause }) => [hold, cause])).toEqual([
      ['unknown-code', 'crosswalk:tax-ward:32041@2025'],
      ['unknown-code', 'crosswalk:tax-province:96@2025'],
    ]);
  });
});

describe('T23: each field has one owner', () => {
  it('what the tax office states lands under its own results, or in the notices it alone writes', () => {
    for (const kind of KINDS) {
      const { take, each } = mappingOf(kind);
      expect(Object.keys(take).filter((path) => !path.startsWith('results.tax.'))).toEqual([]);
      const lists = each.filter((block) => Object.keys(block.take).length > 0).map((block) => block.right);
      expect(lists).toEqual(kind === 'land-notice' ? ['notices'] : []);
    }
  });

  it('the person of a declaration stays ours until the code is issued, and the key stays ours for ever', () => {
    for (const kind of ['first-tax-code', 'business-tax', 'dependant']) {
      const open = Object.entries(mappingOf(kind).give).filter(([, of]) => typeof of === 'string' || of.until !== 'issued');
      expect(open.map(([left]) => left)).toEqual(['TTChung.MTDiep']);
    }
  });

  it('the one-stop is given the results and takes none of them', () => {
    const lineList = z.looseObject({
      give: z.record(z.string(), z.unknown()),
      share: z.record(z.string(), z.unknown()),
      take: z.record(z.string(), z.unknown()),
    });
    for (const form of ['first-tax-code', 'business-tax', 'dependant', 'land-obligation']) {
      const { give, share, take } = lineList.parse(yamlOf(MAPPINGS, 'one-stop', `${form}.yaml`));
      expect(Object.keys(give).some((path) => path.startsWith('results.tax.'))).toBe(true);
      expect([...Object.keys(share), ...Object.keys(take)].filter((path) => path.includes('results') || path.includes('notices'))).toEqual(
        [],
      );
    }
  });
});
