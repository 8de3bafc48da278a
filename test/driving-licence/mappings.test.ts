import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { admissionOf } from '../../src/assemble/rules.ts';
import { loadForms } from '../../src/intake/forms.ts';
import type { Json, JsonObject } from '../../src/kit/index.ts';
import { checkRecord } from '../../src/kit/schema.ts';
import { hubDocument } from '../../src/model/dossier.ts';
import type { AgreedValue } from '../../src/model/line-value.ts';
import { lookupsOf } from '../../src/sync/hub.ts';
import { documentOf } from '../../src/sync/welcome.ts';
import { book, inwards, mapping, outwards, side } from '../mappings/book.ts';
import { crosswalk, MAPPINGS } from '../mappings/given.ts';
import { call, sample, startWorld } from './world.ts';

const copy = mapping('driving-licence', 'licence-copy');
const notice = mapping('driving-licence', 'licence-notice');
const exchange = mapping('driving-licence', 'licence-exchange');

/** Every field the sources name (domain: driving-licence.md §2), written out by hand. */
const words = (list: string) => list.trim().split(/\s+/);
const under = (place: string, list: string) => words(list).map((name) => `${place}.${name}`);
const NAMED = {
  'licence-copy': [
    ...under(
      'ChiTiet',
      'MaTTHC MaDVC TenDVC MaHoSo HoTenNguoiNop MaTrangThai TrangThaiHoSo DonViXuLy MaDonViXuLy NgayNop NgayTiepNhan NgayHenTra HinhThucNhanKQ',
    ),
    ...under(
      'HoSoGPLX',
      'maDangKyCu maDangKyDvc maHoSo hoTen hoTenIn hoDem ten gioiTinh ngaySinh quocTich soCmndCu soCmnd noiCapCmnd ngayCapCmnd noiCuTru dvhcNoiCuTru noiThuongTru dvhcNoiThuongTru anhChanDung maDonVi ngayNhanHoSo nguoiNhanHoSo ngayHenTraGplx loaiHoSo noiHocLaiXe namHocLaiXe hangDaoTao soNamLaiXe soKmLxAnToan lyDoDoiGplx mucDichDoiGplx maDonViVpdk',
    ),
    ...under('HoSoGPLX.gplxDaCap.items', 'sogplx soserigplx noicapgplx ngaycapgplx ngayhethangplx hanggplxgplx ngaytrungtuyen'),
    ...under('HoSoGPLX.hoSoDinhKem.items', 'magiayto tengiayto filedinhkem'),
  ],
  'licence-notice': words(
    'MaHoSo MaTTHC TrichYeuHoSo KenhThucHien MaDoiTuong ChuHoSo MaTinh MaHuyen MaXa NgayGuiHoSo NgayTiepNhan NgayHenTra',
  ),
} as const;

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}
const has = (schema: Node, path: string): boolean =>
  path.split('.').reduce<Node | undefined>((here, name) => (name === 'items' ? here?.items : here?.properties?.[name]), schema) !==
  undefined;

test.each(Object.entries(NAMED))(
  'the record of a %s has every field that the sources name; the closed world demands a line or a reason of each',
  (kind, named) => {
    const schema = JSON.parse(readFileSync(`adapters/driving-licence/records/${kind}.schema.json`, 'utf8')) as Node;
    expect(named.filter((path) => !has(schema, path))).toEqual([]);
    expect(book.diagnostics.filter(({ file }) => file === `driving-licence/${kind}.yaml`)).toEqual([]);
  },
);

describe('a dossier that begins at the ministry', () => {
  /** What no feed states, and the one-stop’s copy begins with. SOURCED TD: a copied dossier enters in status 2. */
  const received = { status: 2, revision: null } as const;

  test.each([
    ['licence-copy', { holder: { fullName: 'Nguyễn Văn Mẫu L', gender: 'male', birthDate: '1991-02-03' }, licences: [{ class: 'B2' }] }],
    ['licence-notice', { dossier: { channel: 'online', summary: 'Đổi giấy phép lái xe' } }],
  ] as const)('a %s read from the feed builds a whole dossier of its form, which intake takes', async (kind, data) => {
    const world = await startWorld();
    const of = mapping('driving-licence', kind);
    try {
      const id = world.simulator.typeByHand(kind, await sample(kind, 1));
      const { read, changes } = world.kind(kind);
      let cursor: string | null = null;
      let sighting = (await read?.run([id], call()))?.get(id) ?? null;
      for (let page = 0; sighting === null && page < 9; page += 1) {
        const answer: Awaited<ReturnType<NonNullable<typeof changes>['run']>> | undefined = await changes?.run(cursor, call());
        sighting = answer?.touches.find((touch) => touch.id === id)?.sighting ?? null;
        cursor = answer?.cursor ?? null;
      }
      if (sighting === null) throw new Error('the feed does not tell of the dossier');
      const document = documentOf(of, sighting, 2);
      const admit = admissionOf(await loadForms(`${MAPPINGS}/forms`));
      const admitted = admit({ ...document, head: { ...document.head, ...received } });
      expect(admitted.head).toMatchObject({ code: id, procedure: '1.002809', agency: '000.00.18.H12', form: `${kind}@1`, status: 2 });
      expect(admitted.body.applicant).toMatchObject({ kind: 'citizen', fullName: expect.stringContaining('Mẫu') });
      expect(admitted.body.data).toMatchObject(data);
      expect(recordAtOneStop(kind, hubDocument(admitted.head, { ...admitted.body, results: {}, choices: [] }))).toEqual([]);
    } finally {
      await world.close();
    }
  });

  /** What the one-stop’s schema says of the record that its mapping would create there. */
  function recordAtOneStop(kind: string, document: JsonObject) {
    const there = mapping('one-stop', kind);
    const values = new Map<string, AgreedValue>();
    for (const [line, value] of there.ours(side(document, '2025-01-10')))
      if (value.is === 'value' && there.rule(line).owner !== 'take') values.set(line, value);
    const schema = JSON.parse(readFileSync(`adapters/one-stop/records/${kind}.schema.json`, 'utf8')) as JsonObject;
    return checkRecord(schema, there.write(values));
  }

  test('T17: has both its codes', () => {
    const { changes } = inwards(copy, { ChiTiet: { MaHoSo: 'G17.MAU-1' }, HoSoGPLX: { maDangKyDvc: '000.00.18.H12-250110-0021' } }, {});
    expect(changes.map(({ path }) => path)).toEqual(['nationalCode', 'dossier.code']);
  });

  test('T23: the ministry owns what it states, and the one-stop’s copy only receives it', () => {
    for (const [kind, of] of [['licence-copy', copy] as const, ['licence-notice', notice] as const]) {
      expect(of.rules.filter(({ owner }) => owner !== 'take').map(({ id }) => id)).toEqual([]);
      const taken = new Set(of.rules.map(({ hubPath }) => hubPath));
      const there = mapping('one-stop', kind).rules.filter(({ hubPath }) => taken.has(hubPath));
      expect(there.length).toBeGreaterThan(5);
      expect(there.filter(({ owner }) => owner !== 'give' && owner !== 'start').map(({ id }) => id)).toEqual([]);
    }
  });

  test('T18: a state that is in no list waits for a person', () => {
    expect(copy.phase({ ChiTiet: { MaTrangThai: '9' } }, 'all')).toMatchObject({ is: 'phase', phase: 'issued' });
    expect(copy.phase({ ChiTiet: { MaTrangThai: '11' } }, 'all')).toEqual({ is: 'unknown', code: '11' });
    expect(notice.phase({ TrangThaiHoSo: 'processing' }, 'all')).toMatchObject({ phase: 'assigned' });
    expect(notice.phase({ TrangThaiHoSo: 'posting' }, 'all')).toEqual({ is: 'unknown', code: 'posting' });
    expect(notice.phase({ TrangThaiHoSo: 'processing' }, ['MaHoSo'])).toEqual({ is: 'unseen' });
  });
});

describe('T1: gender of the feed', () => {
  test('M and F are read; any other number or word waits for a person', () => {
    const read = (gioiTinh: Json) => inwards(copy, { HoSoGPLX: { gioiTinh } }, {});
    expect(read('M').changes[0]?.value).toBe('male');
    expect(read('F').changes[0]?.value).toBe('female');
    for (const code of ['1', '0', '2', 'X']) expect(read(code).problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
  });
});

describe('T2: dates of three kinds', () => {
  const of = (record: JsonObject, line: string) => copy.theirs(record, 'all').get(line)?.is;

  test('moments with seconds, days and a birth date each have their own format', () => {
    const { changes } = inwards(
      copy,
      { ChiTiet: { NgayTiepNhan: '10/01/2025 00:30:00' }, HoSoGPLX: { ngaySinh: '03/02/1991', ngayCapCmnd: '10/06/2022' } },
      {},
    );
    expect(Object.fromEntries(changes.map(({ path, value }) => [path, value]))).toEqual({
      receivedAt: '2025-01-09T17:30:00.000Z',
      'holder.birthDate': '1991-02-03',
      'holder.idDate': '2022-06-10',
    });
  });

  test.each(['1991-02-03', '03.02.1991', '19910203', '31/02/1991', '03/02/91'])(
    'a birth date written %s is a problem, and no other day',
    (ngaySinh) => {
      expect(of({ HoSoGPLX: { ngaySinh } }, 'holder.birthDate')).toBe('invalid');
    },
  );

  test('a day where a moment is due, and a moment where a day is due, are problems', () => {
    expect(of({ ChiTiet: { NgayTiepNhan: '10/01/2025' } }, 'receivedAt')).toBe('invalid');
    expect(of({ HoSoGPLX: { ngaySinh: '03/02/1991 00:00:00' } }, 'holder.birthDate')).toBe('invalid');
  });

  test('T3: a birth year alone stays a year', () => {
    expect(inwards(copy, { HoSoGPLX: { ngaySinh: '1951' } }, {}).changes[0]?.value).toBe('1951');
  });
});

describe('T4: the place of residence', () => {
  test('keeps the old code with its list, and is not read as the unit that has that code today', () => {
    const { changes } = inwards(copy, { BoKetNoi: { NoiThuongTru: { Tinh: '95', Huyen: '954', Xa: '31825', DanhMuc: 'old' } } }, {});
    expect(changes.map(({ path, value }) => [path.replace('holder.permanentResidence.', ''), value])).toEqual([
      ['province', '95'],
      ['district', '954'],
      ['ward', '31825'],
      ['wardVersion', 'old'],
    ]);
  });
});

describe('T16: numbers of one person', () => {
  test('the old nine-digit number is kept beside the present one, and neither is given a kind by its length', () => {
    const { changes } = inwards(copy, { HoSoGPLX: { soCmnd: '099191000021', soCmndCu: '990000021' } }, {});
    expect(changes.map(({ path }) => path)).toEqual(['holder.identityNumber', 'holder.formerIdentity.number']);
    const old = inwards(copy, { HoSoGPLX: { soCmnd: '990000021' } }, {});
    expect(old.changes).toEqual([{ line: 'holder.identityNumber', path: 'holder.identityNumber', value: '990000021' }]);
  });
});

describe('T16: a dossier of the feed', () => {
  test('is found by the present number and by the old one', () => {
    const data = { holder: { identityNumber: '099191000021', formerIdentity: { number: '990000021' } } };
    const body = { applicant: {}, data, results: {}, files: [], choices: [] };
    const head = {
      code: 'G17.MAU-1',
      nationalCode: null,
      procedure: '',
      agency: '',
      status: 2,
      revision: null,
      receivedAt: 0,
      dueAt: null,
      form: 'licence-copy@1',
    } as const;
    const found = lookupsOf({ head, body, status: 2, hubVersion: 1, contentHash: null, createdAt: 0, updatedAt: 0 });
    expect(found.filter(({ kind }) => kind === 'identity').map(({ value }) => value)).toEqual(['099191000021', '990000021']);
  });
});

describe('KenhThucHien', () => {
  test('0 and 1 of the feed are the counter and online; 2 and 3 of the one-stop mean nothing there', () => {
    expect(inwards(notice, { KenhThucHien: '0' }, {}).changes[0]?.value).toBe('direct');
    expect(inwards(notice, { KenhThucHien: '1' }, {}).changes[0]?.value).toBe('online');
    for (const code of ['2', '3'])
      expect(inwards(notice, { KenhThucHien: code }, {}).problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
  });
});

describe('licences already issued', () => {
  test('are matched by their number, whatever the order, and keep the class as printed', () => {
    const licences = [
      { sogplx: '990900000021', hanggplxgplx: 'B2', ngaycapgplx: '01/03/2015' },
      { sogplx: '990900000022', hanggplxgplx: 'A1' },
    ];
    const hub = {
      licences: [
        { number: '990900000021', class: 'B2', issuedOn: '2015-03-01' },
        { number: '990900000022', class: 'A1' },
      ],
    };
    expect(inwards(copy, { HoSoGPLX: { gplxDaCap: licences.toReversed() } }, hub).changes).toEqual([]);
    const { changes } = inwards(copy, { HoSoGPLX: { gplxDaCap: [licences[0] ?? {}, { sogplx: '990900000022', hanggplxgplx: 'A' }] } }, hub);
    expect(changes).toEqual([{ line: expect.any(String), path: 'licences[number=990900000022].class', value: 'A' }]);
  });

  test('two under one number are nobody’s to choose from', () => {
    const twice = [
      { sogplx: '990900000021', hanggplxgplx: 'B2' },
      { sogplx: '990900000021', hanggplxgplx: 'C' },
    ];
    const values = [...copy.theirs({ HoSoGPLX: { gplxDaCap: twice } }, 'all')].filter(([line]) => line.startsWith('licences['));
    expect(values.length).toBeGreaterThan(0);
    expect(values.every(([, { is }]) => is === 'invalid')).toBe(true);
  });
});

describe('classes of licences', () => {
  const NEW = words('A1 A B1 B C1 C D1 D2 D BE C1E CE D1E D2E DE');
  const asked = (name: string, list: string, day = '2026-11-05') => outwards(exchange, { licence: { class: name, classList: list } }, day);
  const shown = (name: string, list: string, day?: string) => (asked(name, list, day).record.GiayPhep as JsonObject | undefined)?.Hang;

  test('of today go out as they are, and only those of the decree are known', () => {
    expect(NEW.map((name) => shown(name, '2025'))).toEqual(NEW);
    expect(new Set(crosswalk('licence-class').flatMap(({ theirs, until }) => (until === '' ? [theirs] : [])))).toEqual(new Set(NEW));
    expect(asked('B2', '2025').problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
  });

  test('of the old list become those of today, by name and list together', () => {
    const old = { A2: 'A', A3: 'B1', B1: 'B', C: 'C', D: 'D2', E: 'D', FB2: 'BE', FC: 'CE', FD: 'D2E', FE: 'DE' };
    expect(Object.fromEntries(Object.keys(old).map((name) => [name, shown(name, 'old')]))).toEqual(old);
    expect(shown('D', '2025')).toBe('D');
  });

  test('that became several are asked about, with the candidates by name', () => {
    const [problem] = asked('B2', 'old').problems;
    expect(problem?.hold).toBe('split-code');
    expect(problem?.choices?.map(({ value }) => value)).toEqual(['B', 'C1']);
  });

  test('of a dossier before 2025 stay what they were on that day', () => {
    expect(shown('D', 'old', '2024-12-30')).toBe('D');
    expect(shown('B2', 'old', '2024-12-30')).toBe('B2');
  });

  test('without their list are ambiguous, and wait', () => {
    expect(outwards(exchange, { licence: { class: 'D' } }).problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
  });
});

describe('T10: the police era', () => {
  test('one code has the ministry’s form until the end of February 2025 and the police’s from March', async () => {
    const { procedures } = await import('../mappings/given.ts');
    const rows = procedures().filter(({ code }) => code === '1.002809');
    expect(rows.map(({ form, from, until }) => [form, from, until])).toEqual([
      ['licence-copy@1', undefined, '2025-02-28'],
      ['licence-exchange@1', '2025-03-01', undefined],
    ]);
  });

  test('nothing of it can be read back: no line takes, and no phase is read', () => {
    expect(exchange.rules.filter(({ owner }) => owner !== 'give')).toEqual([]);
    expect(exchange.phase({ HoTen: 'Nguyễn Văn Mẫu' }, 'all')).toEqual({ is: 'unseen' });
  });
});
