import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { crosswalk, readCrosswalk } from '../../src/mapping/crosswalk.ts';
import { notes } from '../../src/mapping/tell.ts';
import type { Choice } from '../../src/model/dossier.ts';
import { AT, giving, HEADER, lineBetween, mappingOf, object, outgoing, side, text } from './small-book.ts';

const problem = (of: { is: string } | undefined) =>
  of?.is === 'invalid'
    ? (of as unknown as { problem: { code: string; cause: string; choices?: { value: string; label: string }[] } }).problem
    : null;

describe('T1: gender codes differ from system to system', () => {
  const tables = {
    btp: 'male,1,,,,\nfemale,2,,,,\nunknown,3,,,,\n',
    bhxh: 'male,1,,,,\nfemale,0,,,,\n',
    'tax.05': 'male,2,,,,\nfemale,1,,,,\n',
    'tax.03': 'male,1,,,,\nfemale,2,,,,\n',
    social: 'male,1034,,,,\nfemale,1035,,,,\n',
    school: 'male,M,,,,\nfemale,F,,,,\n',
    words: 'male,Nam,,,,\nfemale,Nữ,,,,\n',
  };
  test.each(Object.entries(tables))('%s round-trips, and what it does not know is held, never guessed', (name, rows) => {
    const line = lineBetween(text({ enum: ['male', 'female'] }), text(), `x | code(${name})`, { crosswalks: { [name]: rows } });
    for (const x of ['male', 'female']) expect(line.back(line.wire(x) ?? null)).toBe(x);
    expect(line.inverse({ is: 'value', value: '9' }).problems[0]).toMatchObject({ code: 'unknown-code', cause: `crosswalk:${name}:9` });
    expect(line.inverse({ is: 'value', value: '9' }).changes).toEqual([]);
  });
});

describe('T4: a ward code without its list names no place', () => {
  const place = object({ ward: text({ maxLength: 5 }), wardVersion: text({ enum: ['2025', 'old'] }) });
  const rows =
    '31825@2025,31825,Phường Bạc Liêu,<>,2025-07-01,\n31825@old,31825,Phường 1,<>,,2025-06-30\n31825@old,31837,Phường 1 cũ nay là,>,2025-07-01,\n';
  const mapping = mappingOf({
    form: object({ x: place }),
    record: object({ ma: text(), y: text({ maxLength: 5 }) }),
    mapping: giving('y: x.ward | code(ward, wardVersion)'),
    crosswalks: { ward: rows },
  });
  const out = (wardVersion: string | undefined, at = AT) =>
    mapping.ours(side({ x: { ward: '31825', ...(wardVersion === undefined ? {} : { wardVersion }) } }, { at })).get('y');
  test('31825 is one place in each list', () => {
    expect(out('2025')).toEqual({ is: 'value', value: '31825' });
    expect(out('old')).toEqual({ is: 'value', value: '31837' });
  });
  test('alone it is unknown', () => expect(problem(out(undefined))).toMatchObject({ code: 'unknown-code', cause: 'crosswalk:ward:31825' }));
  test('the row of the dossier’s day is used', () => expect(out('old', Date.UTC(2025, 4, 1))).toEqual({ is: 'value', value: '31825' }));
  test('a code that comes in brings its list with it', () => {
    const { changes } = mapping.inverse(new Map([['y', { is: 'value', value: '31825' }]]), side({}));
    expect(changes).toEqual([
      { line: 'y', path: 'x.ward', value: '31825' },
      { line: 'y', path: 'x.wardVersion', value: '2025' },
    ]);
  });
});

describe('T5: a split ward asks a person', () => {
  const rows = '32020,32025,Phường Tân Thành,>,,\n32020,32041,Phường Hòa Thành,>,,\n';
  const line = lineBetween(text(), text(), 'x | code(ward)', { crosswalks: { ward: rows } });
  const choice = (more: Partial<Choice> = {}): Choice => ({
    path: 'x',
    crosswalk: 'ward',
    source: '32020',
    value: '32041',
    by: 'official',
    at: 0,
    ...more,
  });
  test('with the wards it may be', () => {
    expect(problem(line.out('32020'))).toMatchObject({
      code: 'split-code',
      choices: [
        { value: '32025', label: 'Phường Tân Thành' },
        { value: '32041', label: 'Phường Hòa Thành' },
      ],
    });
  });
  test('a choice kept in the dossier decides', () => {
    expect(line.out('32020', { choices: [choice()] })).toEqual({ is: 'value', value: '32041' });
  });
  test('the choice dies when its source changes, and stands for its own field and table only', () => {
    for (const other of [choice({ source: '32017' }), choice({ path: 'z' }), choice({ crosswalk: 'other' }), choice({ value: '99999' })]) {
      expect(problem(line.out('32020', { choices: [other] }))?.code).toBe('split-code');
    }
  });
  test('all nineteen split units of Cà Mau ask, no other does', async () => {
    const csv = await readFile(new URL('../../mappings/crosswalks/ward.csv', import.meta.url), 'utf8');
    const told = notes();
    const wards = readCrosswalk('ward', csv, 'ward.csv', told);
    expect(told.all).toEqual([]);
    const old = [...new Set(wards.rows.filter((row) => row.ours.endsWith('@old')).map((row) => row.ours))];
    expect(old.filter((code) => wards.outward(code, AT).length > 1)).toHaveLength(19);
  });
});

describe('T12: codes lose their zeros on the way', () => {
  const line = lineBetween(text(), { type: 'integer' }, 'x | code(t)', { crosswalks: { t: '05,05,,,,\n12,12,,,,\n' } });
  test('a number, its text and a float are the same code', () => {
    for (const stated of [5, '5', '05', '5.0']) expect(line.read(stated)).toEqual({ is: 'value', value: '05' });
    expect(line.back(5)).toBe('05');
  });
  test('it goes out as the record types it and stays text in the hub', () => expect(line.wire('05')).toBe(5));
  test('an unquoted 01 in YAML stays 01', () => {
    const mapping = mappingOf({ form: object({}), record: object({ ma: text(), loai: text() }), mapping: giving('loai: constant(01)') });
    expect(outgoing(mapping, side({}))).toEqual({ loai: '01' });
  });
});

describe('T14: names are matched folded, and stored as they are', () => {
  const ethnic = '01,Kinh,,,,\n05,Khơ Me,,,,\nKhơ-me,Khơ Me,alias,>,,\n05,Khơ Me (Khmer),alias,<,,\nhoa,Hoà,,,,\n';
  const line = lineBetween(text(), text(), 'x | code(ethnic)', { crosswalks: { ethnic } });
  test('an alias of ours goes out as the main name', () => expect(line.wire('khơ-ME')).toBe('Khơ Me'));
  test('an alias of theirs is the same code, and no difference', () => {
    expect(line.back('KHƠ ME (KHMER)')).toBe('05');
    const stated = line.read('Khơ Me (Khmer)');
    expect(line.mapping.equal('y', stated ?? { is: 'absent' }, line.out('05') ?? { is: 'absent' })).toBe(true);
  });
  test('tone position does not count, marks do', () => {
    expect(line.back('Hòa')).toBe('hoa');
    expect(line.inverse({ is: 'value', value: 'Hoa' }).problems[0]?.code).toBe('unknown-code');
  });
  test('the cause of an unknown name is the same for every spelling of it', () => {
    expect(problem(line.out('Khơ-Mú '))?.cause).toBe('crosswalk:ethnic:khơ-mú');
    expect(problem(line.out('KHƠ-MÚ'.normalize('NFD')))?.cause).toBe('crosswalk:ethnic:khơ-mú');
  });
});

describe('T18: no code crosses from one list into another without a map', () => {
  test('a record code outside the map of phases has no meaning, whatever the national list says', () => {
    const mapping = mappingOf({
      record: object({ ma: text(), ten: text({ maxLength: 50 }), tt: text() }),
      mapping: `${giving('ten: name')}phase: { from: tt, map: { 6: refused } }\n`,
    });
    expect(mapping.phase({ tt: '6' }, 'all')).toMatchObject({ phase: 'refused' });
    for (const code of ['1', '2', '5', '7', '9', '10', '0']) expect(mapping.phase({ tt: code }, 'all')).toEqual({ is: 'unknown', code });
  });
  test('every code that looks like a row of another list is unknown', () => {
    const table = crosswalk('t', '', []);
    expect(table.outward('1', AT)).toEqual([]);
    expect(table.inward('1', AT)).toEqual([]);
  });
});

describe('T19: nothing is invented', () => {
  const mapping = mappingOf({
    form: object({
      name: text({ maxLength: 50 }),
      kind: text({ enum: ['a'] }),
      born: text({ format: 'partial-date' }),
      seen: { type: 'boolean' },
    }),
    record: object({ ma: text(), ten: text({ maxLength: 50 }), loai: text(), sinh: text({ maxLength: 10 }), xacThuc: text() }),
    mapping: giving('ten: name\nloai: kind | code(t)\nsinh: born | date(dd.MM.yyyy, MM.yyyy, yyyy)\nxacThuc: seen | flag(1, 0)'),
    crosswalks: { t: 'a,1,,,,\n' },
  });
  test('a hub that knows nothing writes nothing', () => {
    expect(outgoing(mapping, side({}))).toEqual({});
    expect([...mapping.ours(side({})).values()].every((each) => each.is === 'absent')).toBe(true);
  });
  test('a record that says nothing, or zero for nothing, changes nothing', () => {
    const view = mapping.theirs({ loai: '0', sinh: '', xacThuc: null }, 'all');
    expect(mapping.inverse(new Map([['loai', { is: 'value', value: '0' }]]), side({})).changes).toEqual([]);
    expect([view.get('sinh')?.is, view.get('xacThuc')?.is]).toEqual(['empty', 'empty']);
  });
});

describe('a crosswalk file', () => {
  test('may start with a byte order mark and hold commas in quotes', () => {
    const told = notes();
    const table = readCrosswalk('t', `\ufeff${HEADER}a,1,"Bản án, quyết định",,,\n`, 't.csv', told);
    expect(told.all).toEqual([]);
    expect(table.rows[0]?.label).toBe('Bản án, quyết định');
  });
  test('a row holds on its first and its last day, in Vietnam', () => {
    const table = readCrosswalk('t', `${HEADER}a,1,,,2026-07-01,2026-07-31\n`, 't.csv', notes());
    const known = (at: number): boolean => table.outward('a', at).length === 1;
    const first = Date.UTC(2026, 5, 30, 17);
    const after = Date.UTC(2026, 6, 31, 17);
    expect([first - 1, first, after - 1, after].map(known)).toEqual([false, true, true, false]);
  });
  test('inward the row that goes both ways wins over merged ones', () => {
    const table = readCrosswalk('t', `${HEADER}a,1,,>,,\nb,1,,<>,,\n`, 't.csv', notes());
    expect(table.inward('1', AT).map((each) => each.code)).toEqual(['b']);
    expect(table.outward('a', AT).map((each) => each.code)).toEqual(['1']);
  });
});
