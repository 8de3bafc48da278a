import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DATE_FORMATS } from '../../src/model/date-format.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { bookOf, giving, HEADER, lineBetween, mappingOf, object, outgoing, shown, side, text } from './small-book.ts';

const invalidCode = (of: { is: string } | undefined): string | undefined =>
  of?.is === 'invalid' ? (of as unknown as { problem: { code: string } }).problem.code : of?.is;

const word = fc.constantFrom('Nguyễn', 'Thị', 'Hòa', 'Đào', 'Ấp', 'Xuân', 'A', 'Khơ-me', '12');
const tidyText = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const day = fc
  .record({ year: fc.integer({ min: 1900, max: 2100 }), month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) })
  .map(({ year, month, day }) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
const partial = fc.tuple(day, fc.constantFrom(4, 7, 10)).map(([iso, length]) => iso.slice(0, length));

describe('text', () => {
  const line = lineBetween(text({ maxLength: 200 }), text({ maxLength: 100 }), 'x | text(100)');

  test('comes back as it went', () => {
    fc.assert(
      fc.property(tidyText, (x) => {
        expect(line.back(line.wire(x) ?? null)).toBe(x);
      }),
    );
  });
  test('goes out in NFC with single spaces', () => {
    expect(line.wire('  Nguyễn   Thị\u00a0Hòa '.normalize('NFD'))).toBe('Nguyễn Thị Hòa');
  });
  test('that is too long waits, and is never cut in silence', () => {
    expect(invalidCode(line.out('a'.repeat(101)))).toBe('text.too-long');
  });
  test('counts letters as people do, not code units', () => {
    expect(line.out('𠮷'.repeat(100))?.is).toBe('value');
  });
  test('in upper case equals the mixed case of the hub and changes nothing', () => {
    const upper = lineBetween(text({ maxLength: 100 }), text({ maxLength: 100 }), 'x | text(100, upper)');
    expect(upper.wire('Đào Thị Hoà')).toBe('ĐÀO THỊ HOÀ');
    const stated = upper.read('ĐÀO THỊ HOÀ');
    expect(stated === undefined ? null : upper.inverse(stated, { x: 'Đào Thị Hoà' }).changes).toEqual([]);
  });
  test('of digits only refuses letters on both ways', () => {
    const digits = lineBetween(text({ maxLength: 12 }), text({ maxLength: 12 }), 'x | text(12, digits)');
    expect(invalidCode(digits.out('09A'))).toBe('text.charset');
    expect(digits.inverse({ is: 'value', value: '09A' }).problems.map((problem) => problem.code)).toEqual(['text.charset']);
    expect(digits.wire('099000000001')).toBe('099000000001');
  });
  test('in plain letters refuses Vietnamese ones', () => {
    const ascii = lineBetween(text({ maxLength: 12 }), text({ maxLength: 12 }), 'x | text(12, ascii)');
    expect(invalidCode(ascii.out('Đào'))).toBe('text.charset');
  });
  test('keeps its lines only where the line says so', () => {
    const lines = lineBetween(text({ maxLength: 50 }), text({ maxLength: 50 }), 'x | text(50, lines)');
    expect(lines.wire('một \r\n hai')).toBe('một\nhai');
    expect(line.wire('một\nhai')).toBe('một hai');
  });
  test('is cut and reported where the loss is meant', () => {
    const cut = mappingOf({
      form: object({ x: text({ maxLength: 200 }) }),
      record: object({ ma: text(), y: text({ maxLength: 5 }) }),
      mapping: giving('y: { from: x | text(5), lossy: the system keeps five characters }'),
    });
    expect(outgoing(cut, side({ x: 'abcdefgh' }))).toMatchObject({ y: 'abcde' });
    expect(cut.losses(side({ x: 'abcdefgh' }))).toEqual([{ line: 'y', reason: 'the system keeps five characters' }]);
    expect(cut.losses(side({ x: 'abc' }))).toEqual([]);
  });
});

describe('number and money', () => {
  const line = lineBetween({ type: 'integer' }, text({ maxLength: 20 }), 'x | number(0, 999)');

  test('come back as they went, as text where the record keeps text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (x) => {
        expect(line.back(line.wire(x) ?? null)).toBe(x);
      }),
    );
    expect(line.wire(7)).toBe('7');
  });
  test('outside its range a number waits', () => expect(invalidCode(line.out(1000))).toBe('number.range'));
  test('words are no number', () => expect(invalidCode(line.read('hai'))).toBe('number.type'));
  test('zero is a value', () => expect(line.out(0)).toEqual({ is: 'value', value: 0 }));
  test('money is whole đồng and reads the usual grouping', () => {
    const money = lineBetween({ type: 'integer' }, text({ maxLength: 20 }), 'x | money');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e12 }), (x) => {
        expect(money.back(money.wire(x) ?? null)).toBe(x);
      }),
    );
    expect(money.back('1.500.000')).toBe(1_500_000);
    expect(invalidCode(money.read('1.5'))).toBe('money.type');
    expect(invalidCode(money.out(0.5))).toBe('money.type');
  });
});

describe('date', () => {
  const line = lineBetween(text({ format: 'partial-date' }), text({ maxLength: 10 }), 'x | date(dd.MM.yyyy, MM.yyyy, yyyy)');

  test('comes back with the precision it went with', () => {
    fc.assert(
      fc.property(partial, (x) => {
        expect(line.back(line.wire(x) ?? null)).toBe(x);
      }),
    );
  });
  test('T3: no wire ever shows a made-up first of January', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2100 }), (year) => {
        expect(line.wire(String(year))).toBe(String(year));
        expect(line.wire(`${year}-01`)).toBe(`01.${year}`);
      }),
    );
  });
  test('T3: where only whole dates are taken, a year alone waits for a person', () => {
    const whole = lineBetween(text({ format: 'partial-date' }), text(), 'x | date(dd.MM.yyyy, full)');
    expect(invalidCode(whole.out('1950'))).toBe('date.precision');
    expect(whole.wire('1950-01-02')).toBe('02.01.1950');
  });
  test('T3: three fields keep what is known', () => {
    const mapping = mappingOf({
      form: object({ x: text({ format: 'partial-date' }) }),
      record: object({ ma: text(), nam: { type: 'integer' }, thang: { type: 'integer' }, ngay: { type: 'integer' } }),
      mapping: giving('sinh: "x | date({/nam, /thang, /ngay})"'),
    });
    fc.assert(
      fc.property(partial, (x) => {
        const record = outgoing(mapping, side({ x }));
        const stated = mapping.theirs(record, 'all').get('sinh');
        expect(stated).toEqual(mapping.ours(side({ x })).get('sinh'));
        if (stated?.is !== 'value') throw new Error('not written');
        expect(mapping.inverse(new Map([['sinh', stated]]), side({})).changes).toEqual([{ line: 'sinh', path: 'x', value: x }]);
      }),
    );
    expect(outgoing(mapping, side({ x: '1950' }))).toEqual({ nam: 1950 });
  });
  test.each(DATE_FORMATS.filter((format) => !format.includes('HH')))('T2: %s is read and written, anything else is an error', (format) => {
    const full = format.includes('dd');
    const one = lineBetween(text({ format: full ? 'date' : 'date' }), text(), `x | date(${format})`);
    const iso = full ? '2026-05-17' : format.includes('MM') ? '2026-05' : '2026';
    const wire = one.wire(iso);
    expect(typeof wire).toBe('string');
    expect(one.back(wire ?? null)).toBe(iso);
    expect(invalidCode(one.read('hôm nay'))).toBe('date.format');
    expect(invalidCode(one.read('31/02/2026'))).toBe('date.format');
  });
  test.each(DATE_FORMATS.filter((format) => format.includes('HH')))('T2: the moment %s is read and written in +07:00', (format) => {
    const one = lineBetween(text({ format: 'date-time' }), text(), `x | date("${format}")`);
    const wire = one.wire('2026-05-17T01:30:00.000Z');
    expect(String(wire)).toContain('08');
    expect(one.back(wire ?? null)).toBe('2026-05-17T01:30:00.000Z');
    expect(invalidCode(one.read('not a moment'))).toBe('date.format');
  });
  test('T2: minutes where months are meant are refused when the mapping is read', () => {
    const book = bookOf({
      form: object({ x: text({ format: 'date' }) }),
      record: object({ ma: text(), y: text() }),
      mapping: giving('y: x | date(dd/mm/yyyy)'),
    });
    expect(book.diagnostics.map(shown)).toEqual([expect.stringContaining('ministry/file.yaml:5:10 argument "mm" is minutes')]);
  });
});

describe('flag', () => {
  const line = lineBetween({ type: 'boolean' }, text({ maxLength: 5 }), 'x | flag(True, False)');
  test('false is a value and comes back false', () => {
    for (const x of [true, false]) expect(line.back(line.wire(x) ?? null)).toBe(x);
    expect(line.wire(false)).toBe('False');
  });
  test('anything but the two agreed texts is a problem, never a no', () => expect(invalidCode(line.read('có lẽ'))).toBe('flag.unknown'));
  test('digits travel as numbers where the record keeps numbers', () => {
    const numbers = lineBetween({ type: 'boolean' }, { type: 'integer' }, 'x | flag(1, 0)');
    expect(numbers.wire(false)).toBe(0);
    expect(numbers.back(1)).toBe(true);
  });
});

describe('code', () => {
  const gender = lineBetween(text({ enum: ['male', 'female'] }), text({ maxLength: 1 }), 'x | code(sex)', {
    crosswalks: { sex: 'male,1,Nam,<>,,\nfemale,2,Nữ,<>,,\n' },
  });
  test('goes through its table both ways', () => {
    for (const x of ['male', 'female']) expect(gender.back(gender.wire(x) ?? null)).toBe(x);
  });
  test('without a row waits, under one cause for all records', () => {
    const unknown = gender.inverse({ is: 'value', value: '3' });
    expect(unknown.problems).toEqual([expect.objectContaining({ code: 'unknown-code', hold: 'unknown-code', cause: 'crosswalk:sex:3' })]);
  });
  test('stated as a number is the same code', () => expect(gender.read(2)).toEqual({ is: 'value', value: '2' }));
});

describe('join', () => {
  const mapping = mappingOf({
    form: object({ x: object({ hour: text({ maxLength: 2 }), minute: text({ maxLength: 2 }) }) }),
    record: object({ ma: text(), y: text() }),
    mapping: giving('y: x | join(":", hour, minute)'),
  });
  const wire = (x: JsonObject) => outgoing(mapping, side({ x })).y;
  test('is taken apart into the same parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), (hour, minute) => {
        const x = { hour: String(hour), minute: String(minute) };
        const stated = mapping.theirs({ y: wire(x) ?? null }, 'all').get('y');
        if (stated?.is !== 'value') throw new Error('not written');
        expect(mapping.inverse(new Map([['y', stated]]), side({})).changes).toEqual([
          { line: 'y', path: 'x.hour', value: x.hour },
          { line: 'y', path: 'x.minute', value: x.minute },
        ]);
      }),
    );
  });
  test('a part that holds the separator waits', () => {
    expect(invalidCode(mapping.ours(side({ x: { hour: '1:2', minute: '3' } })).get('y'))).toBe('join.ambiguous');
  });
  test('text that does not come apart is a problem', () => {
    expect(mapping.inverse(new Map([['y', { is: 'value', value: '1:2:3' }]]), side({})).problems.map((each) => each.code)).toEqual([
      'join.parts',
    ]);
  });
});

describe('split-name', () => {
  const record = object({
    ma: text(),
    nks: object({ Ho: text(), ChuDem: text(), Ten: text() }),
    nksHo: text(),
    nksDem: text(),
    nksTen: text(),
  });
  const form = object({ x: text({ maxLength: 100 }) });
  const ignore = (names: string) => `ignore: { theirs: [${names}] }\n`;
  const nested = mappingOf({ form, record, mapping: giving('nks: x | split-name({Ho, ChuDem, Ten})') + ignore('nksHo, nksDem, nksTen') });
  const flat = mappingOf({ form, record, mapping: giving('hoTen: x | split-name({/nksHo, /nksDem, /nksTen})') + ignore('nks') });
  const name = fc
    .tuple(word, fc.array(word, { maxLength: 3 }), word)
    .map(([family, middle, given]) => [family, ...middle, given].join(' '));
  test.each([
    ['in an object', nested, 'nks'],
    ['in fields at the root', flat, 'hoTen'],
  ] as const)('%s comes back as the whole name', (_, mapping, id) => {
    fc.assert(
      fc.property(name, (x) => {
        const stated = mapping.theirs(outgoing(mapping, side({ x })), 'all').get(id);
        if (stated?.is !== 'value') throw new Error('not written');
        expect(mapping.inverse(new Map([[id, stated]]), side({})).changes).toEqual([{ line: id, path: 'x', value: x }]);
      }),
    );
  });
  test('family name first, given name last, no middle name invented', () => {
    expect(outgoing(nested, side({ x: 'Nguyễn Thị Giả Định' }))).toEqual({ nks: { Ho: 'Nguyễn', ChuDem: 'Thị Giả', Ten: 'Định' } });
    expect(outgoing(flat, side({ x: 'Lý Sơn' }))).toEqual({ nksHo: 'Lý', nksTen: 'Sơn' });
  });
  test('one word alone waits for a person', () => expect(invalidCode(nested.ours(side({ x: 'Mẫu' })).get('nks'))).toBe('name.one-word'));
});

describe('address', () => {
  const place = object({
    country: text(),
    province: text({ maxLength: 2 }),
    district: text({ maxLength: 3 }),
    ward: text({ maxLength: 5 }),
    detail: text({ maxLength: 50 }),
  });
  const there = object({ maTinh: text(), maHuyen: text(), maXa: text(), dcChiTiet: text(), quocGia: text() });
  const crosswalks = { ward: '31825,31825,Phường Bạc Liêu,<>,,\n31999,31825,Phường cũ,>,,\n32041,32041,Phường Hòa Thành,<>,,\n' };
  const both = {
    'with districts': 'y: x | address({maTinh = province, maHuyen = district, maXa = ward | code(ward), dcChiTiet = detail | text(50)})',
    'of 2025': 'y: x | address({dcChiTiet = detail, quocGia = country, maTinh = province, maXa = ward | code(ward)})',
  };
  const ignored = {
    'with districts': '{ ours: [x.country], theirs: [y.quocGia] }',
    'of 2025': '{ ours: [x.district], theirs: [y.maHuyen] }',
  };
  const build = (shape: keyof typeof both) =>
    mappingOf({
      form: object({ x: place }),
      record: object({ ma: text(), y: there }),
      crosswalks,
      mapping: `${giving(both[shape])}ignore: ${ignored[shape]}\n`,
    });
  test.each(['with districts', 'of 2025'] as const)('%s comes back part by part', (shape) => {
    const mapping = build(shape);
    const part = fc.constantFrom('96', '95');
    fc.assert(
      fc.property(fc.record({ province: part, ward: fc.constantFrom('31825', '32041'), detail: tidyText }, { requiredKeys: [] }), (x) => {
        const hub = side({ x });
        const stated = mapping.theirs(outgoing(mapping, hub), 'all').get('y');
        if (stated === undefined || stated.is === 'unseen' || stated.is === 'invalid') throw new Error('not stated');
        expect(mapping.inverse(new Map([['y', stated]]), hub).changes).toEqual([]);
        const fresh = mapping.inverse(new Map([['y', stated]]), side({})).changes;
        expect(Object.fromEntries(fresh.filter((each) => each.value !== null).map((each) => [each.path.slice(2), each.value]))).toEqual(x);
      }),
    );
  });
  test('a change of one part changes that part only, though another part has no inverse of its own', () => {
    const mapping = build('of 2025');
    const hub = side({ x: { ward: '31999', detail: 'Ấp 1' } });
    const stated = mapping.theirs({ y: { maXa: '31825', dcChiTiet: 'Ấp 2' } }, 'all').get('y');
    if (stated?.is !== 'value') throw new Error('not stated');
    expect(mapping.inverse(new Map([['y', stated]]), hub).changes).toEqual([{ line: 'y', path: 'x.detail', value: 'Ấp 2' }]);
  });
  test('nothing known is absent, never an empty shell', () => {
    expect(outgoing(build('of 2025'), side({ x: {} }))).toEqual({});
  });
});

describe('file, constant, key', () => {
  const mark = { name: 'a.pdf', mime: 'application/pdf', sizeBytes: 3, hash: 'a'.repeat(64), remoteId: 'r1', kind: null };
  const markSchema = object({ name: text(), mime: text(), sizeBytes: { type: 'integer' }, hash: text(), remoteId: text(), kind: text() });
  const file = lineBetween(markSchema, markSchema, 'x | file(pdf, certificate)');
  test('a file is the same by remote id, else by hash', () => {
    const a = file.read(mark);
    const regenerated = file.read({ ...mark, hash: 'b'.repeat(64), sizeBytes: 4 });
    const moved = file.read({ ...mark, remoteId: 'r2' });
    const other = file.read({ ...mark, hash: 'b'.repeat(64), remoteId: 'r2' });
    if (a === undefined || regenerated === undefined || moved === undefined || other === undefined) throw new Error('not read');
    expect([regenerated, moved, other].map((each) => file.mapping.equal('y', a, each))).toEqual([true, true, false]);
  });
  test('a file gets its kind on the way in and must be of the agreed type', () => {
    expect(file.back(mark)).toEqual({ ...mark, kind: 'certificate' });
    expect(invalidCode(file.read({ ...mark, mime: 'image/png' }))).toBe('file.type');
    expect(invalidCode(file.read({ name: 'a' }))).toBe('file.mark');
  });
  test('a constant stands in every record, typed as the record types it, and never changes the hub', () => {
    const mapping = mappingOf({
      form: object({}),
      record: object({ ma: text(), loai: { type: 'integer' } }),
      mapping: giving('loai: constant(2)'),
    });
    expect(outgoing(mapping, side({}))).toEqual({ loai: 2 });
    const stated = mapping.theirs({ loai: 3 }, 'all').get('loai');
    if (stated?.is !== 'value') throw new Error('not stated');
    expect(mapping.inverse(new Map([['loai', stated]]), side({})).changes).toEqual([]);
    expect(mapping.equal('loai', stated, mapping.ours(side({})).get('loai') ?? stated)).toBe(false);
  });
  test('the key is known as such', () => {
    expect(
      mappingOf({ mapping: giving('ten: name') })
        .rules.filter((rule) => rule.isKey)
        .map((rule) => rule.id),
    ).toEqual(['ma']);
  });
});

describe('fold', () => {
  const line = lineBetween(text({ maxLength: 50 }), text({ maxLength: 50 }), 'x | text(50) | fold');
  const same = (a: Json, b: Json): boolean => line.mapping.equal('y', line.read(a) ?? { is: 'absent' }, line.read(b) ?? { is: 'absent' });
  test('T14: case, tone position, i/y and spaces do not count; the stored text does not change', () => {
    expect(same('Hòa Bình', 'HOÀ BÌNH')).toBe(true);
    expect(same('Mỹ Lý', 'mĩ lí')).toBe(true);
    expect(same('Hòa', 'Hoa')).toBe(false);
    expect(line.wire('Hoà Bình')).toBe('Hoà Bình');
  });
  test('T14: composed and decomposed letters are one text everywhere, folded or not', () => {
    const plain = lineBetween(text({ maxLength: 50 }), text({ maxLength: 50 }), 'x');
    expect(plain.read('Đào'.normalize('NFD'))).toEqual({ is: 'value', value: 'Đào' });
    expect(plain.wire('Nguyễn'.normalize('NFD'))).toBe('Nguyễn'.normalize('NFC'));
  });
});

test('a chain of conversions runs outward in order and inward in reverse', () => {
  const line = lineBetween(text({ enum: ['a'] }), text({ maxLength: 3 }), 'x | code(t) | text(3, upper)', {
    crosswalks: { t: 'a,kh,KH,<>,,\n' },
  });
  expect(line.wire('a')).toBe('KH');
  expect(line.back('KH')).toBe('a');
  expect(HEADER).toContain('ours,theirs');
});
