import { describe, expect, test } from 'vitest';
import type { AgreedValue, LineValue } from '../../src/model/line-value.ts';
import { giving, mappingOf, object, outgoing, side, taking, text } from './small-book.ts';

const NAMES = {
  form: object({ name: text({ maxLength: 50 }), kind: text({ enum: ['a', 'b'] }), flag: { type: 'boolean' } }),
  record: object({ ma: text(), ten: text({ maxLength: 50 }) }),
};
const ignoring = (names: string): string => `ignore: { ours: [${names}] }\n`;
const agreed = (of: LineValue | undefined): AgreedValue => {
  if (of === undefined || of.is === 'unseen' || of.is === 'invalid') throw new Error(of?.is ?? 'missing');
  return of;
};

describe('the five states of a value', () => {
  const mapping = mappingOf({ mapping: giving('ten: { from: name, clear: "null" }') });
  test('missing is absent, null and no text are empty, both equal', () => {
    const absent = mapping.theirs({}, 'all').get('ten');
    const empty = [null, '', '  '].map((ten) => mapping.theirs({ ten }, 'all').get('ten'));
    expect(absent).toEqual({ is: 'absent' });
    expect(empty.map((each) => each?.is)).toEqual(['empty', 'empty', 'empty']);
    expect(mapping.equal('ten', agreed(absent), agreed(empty[0]))).toBe(true);
  });
  test('what the sighting does not cover is unseen, and unseen equals nothing', () => {
    const view = mapping.theirs({ ten: 'A' }, ['ma']);
    expect(view.get('ten')).toEqual({ is: 'unseen' });
    expect(mapping.equal('ten', { is: 'unseen' }, { is: 'unseen' })).toBe(false);
    expect(mapping.theirs({ ten: 'A' }, ['te']).get('ten')).toEqual({ is: 'unseen' });
  });
  test('absent is omitted, empty is written as the line says', () => {
    expect(mapping.write(new Map([['ten', { is: 'absent' }]]))).toEqual({});
    expect(mapping.write(new Map([['ten', { is: 'empty' }]]))).toEqual({ ten: null });
    const silent = mappingOf({ mapping: giving('ten: name') });
    expect(silent.write(new Map([['ten', { is: 'empty' }]]))).toEqual({});
    expect([mapping.rule('ten').clear, silent.rule('ten').clear]).toEqual(['null', null]);
  });
  test('an empty value taken in removes the field of the hub', () => {
    expect(mapping.inverse(new Map([['ten', { is: 'empty' }]]), side({ name: 'A' })).changes).toEqual([
      { line: 'ten', path: 'name', value: null },
    ]);
  });
});

describe('the reverse rule', () => {
  test('what already looks the same there changes nothing here', () => {
    const mapping = mappingOf({ mapping: giving('ten: name | text(50, upper)') });
    const stated = agreed(mapping.theirs({ ten: 'LÊ THỊ MẪU' }, 'all').get('ten'));
    expect(mapping.inverse(new Map([['ten', stated]]), side({ name: 'Lê Thị Mẫu' }))).toEqual({ changes: [], problems: [] });
    expect(mapping.inverse(new Map([['ten', stated]]), side({ name: 'Lê Thị Khác' })).changes).toEqual([
      { line: 'ten', path: 'name', value: 'LÊ THỊ MẪU' },
    ]);
  });
});

describe('a guard', () => {
  const give = mappingOf({ ...NAMES, mapping: giving('ten: { from: name, when: { kind: [a], flag: present } }') });
  test('that does not hold leaves a line of ours without a value', () => {
    expect(give.ours(side({ name: 'A', kind: 'b', flag: true })).get('ten')).toEqual({ is: 'absent' });
    expect(give.ours(side({ name: 'A', kind: 'a' })).get('ten')).toEqual({ is: 'absent' });
    expect(give.ours(side({ name: 'A', kind: 'a', flag: false })).get('ten')).toEqual({ is: 'value', value: 'A' });
  });
  test('that does not hold leaves a line of theirs alone', () => {
    const take = mappingOf({
      ...NAMES,
      mapping: taking('results.ministry.so: { from: ten, when: { kind: a } }') + ignoring('name, flag'),
    });
    const stated = agreed(take.theirs({ ten: 'S' }, 'all').get('results.ministry.so'));
    expect(take.ours(side({ kind: 'b' })).get('results.ministry.so')).toEqual({ is: 'unseen' });
    expect(take.inverse(new Map([['results.ministry.so', stated]]), side({ kind: 'b' })).changes).toEqual([]);
    expect(take.inverse(new Map([['results.ministry.so', stated]]), side({ kind: 'a' })).changes).toHaveLength(1);
  });
});

describe('seen', () => {
  const mapping = mappingOf({
    form: object({ born: text({ format: 'date' }) }),
    record: object({ ma: text(), sinh: text(), kq: object({ sinh: text() }) }),
    mapping: giving('sinh: { from: born | date(dd.MM.yyyy), seen: kq.sinh | date(dd/MM/yyyy) }'),
  });
  test('reads elsewhere and in other words, and compares in the words that are written', () => {
    const view = mapping.theirs({ kq: { sinh: '17/05/2026' } }, 'all');
    expect(view.get('sinh')).toEqual({ is: 'value', value: '17.05.2026' });
    expect(outgoing(mapping, side({ born: '2026-05-17' }))).toEqual({ sinh: '17.05.2026' });
    expect(mapping.theirs({ sinh: '17.05.2026' }, ['sinh']).get('sinh')).toEqual({ is: 'unseen' });
  });
});

describe('lists', () => {
  const paper = object({ name: text(), note: text(), kind: text() }, ['name']);
  const mapping = mappingOf({
    form: object({ papers: { type: 'array', items: paper } }),
    record: object({ ma: text(), tep: { type: 'array', items: object({ ten: text(), loai: text(), ghiChu: text() }) } }),
    crosswalks: { paper: 'a,1,,,,\nb,2,,,,\n' },
    mapping: `${giving('')}each:\n  - left: tep\n    right: papers\n    key: { theirs: ten, ours: name }\n    give: { loai: kind | code(paper) }\n    take: { note: ghiChu }\n`,
  });
  const hub = side({ papers: [{ name: 'x.pdf', kind: 'a' }, { name: 'y [2].pdf' }] });

  test('are matched by key, in whatever order they stand', () => {
    const ours = mapping.ours(hub);
    const theirs = mapping.theirs({ tep: [{ ten: 'y [2].pdf' }, { ten: 'x.pdf', loai: '1', ghiChu: 'rõ' }] }, 'all');
    expect([...ours.keys()]).toEqual([
      'ma',
      'tep[x.pdf].ten',
      'tep[x.pdf].loai',
      'papers[x.pdf].note',
      'tep["y [2].pdf"].ten',
      'tep["y [2].pdf"].loai',
      'papers["y [2].pdf"].note',
    ]);
    expect(mapping.equal('tep[x.pdf].loai', agreed(ours.get('tep[x.pdf].loai')), agreed(theirs.get('tep[x.pdf].loai')))).toBe(true);
    expect(theirs.get('papers[x.pdf].note')).toEqual({ is: 'value', value: 'rõ' });
  });
  test('are written element by element, an element with nothing but its key too', () => {
    expect(outgoing(mapping, hub)).toEqual({ tep: [{ ten: 'x.pdf', loai: '1' }, { ten: 'y [2].pdf' }] });
  });
  test('come back to the element with the same key', () => {
    const stated = agreed(mapping.theirs({ tep: [{ ten: 'x.pdf', ghiChu: 'rõ' }] }, 'all').get('papers[x.pdf].note'));
    expect(mapping.inverse(new Map([['papers[x.pdf].note', stated]]), hub).changes).toEqual([
      { line: 'papers[x.pdf].note', path: 'papers[name=x.pdf].note', value: 'rõ' },
    ]);
    expect(mapping.rule('papers[x.pdf].note')).toMatchObject({ owner: 'take', hubPath: 'papers[name=x.pdf].note' });
  });
  test('two elements with one key, or an element without, are a problem', () => {
    const twice = mapping.ours(side({ papers: [{ name: 'x' }, { name: 'x' }] }));
    expect(twice.get('tep[x].ten')).toMatchObject({ is: 'invalid', problem: { code: 'two-hits' } });
    expect([...mapping.theirs({ tep: [{}] }, 'all').values()].filter((each) => each.is === 'invalid')).toMatchObject([
      { problem: { code: 'key-missing' } },
    ]);
  });
  test('an element that is not listed is absent, or unseen where the list is not covered', () => {
    expect(mapping.unlisted('tep[z].loai', 'all')).toEqual({ is: 'absent' });
    expect(mapping.unlisted('tep[z].loai', ['ma'])).toEqual({ is: 'unseen' });
  });
});

describe('one element of a list by its field', () => {
  const parents = { type: 'array', items: object({ role: text(), name: text({ maxLength: 50 }) }) };
  const mapping = mappingOf({
    form: object({ parents }),
    record: object({ ma: text(), me: text({ maxLength: 50 }) }),
    mapping: `${giving('me: parents[role=mother].name')}ignore: { ours: ["parents[role=mother].role"] }\n`,
  });
  test('is read and written by that field', () => {
    const hub = side({
      parents: [
        { role: 'father', name: 'B' },
        { role: 'mother', name: 'A' },
      ],
    });
    expect(outgoing(mapping, hub)).toEqual({ me: 'A' });
    expect(mapping.inverse(new Map([['me', { is: 'value', value: 'C' }]]), hub).changes).toEqual([
      { line: 'me', path: 'parents[role=mother].name', value: 'C' },
    ]);
  });
  test('two hits wait for a person', () => {
    const view = mapping.ours(
      side({
        parents: [
          { role: 'mother', name: 'A' },
          { role: 'mother', name: 'B' },
        ],
      }),
    );
    expect(view.get('me')).toMatchObject({
      is: 'invalid',
      problem: { code: 'two-hits', hold: 'invalid', path: 'parents[role=mother].name' },
    });
  });
});

describe('the stage of a record', () => {
  const mapping = mappingOf({
    record: object({ ma: text(), ten: text({ maxLength: 50 }), tt: text(), ghiChu: text(), noiDung: text() }),
    mapping: `${giving('ten: name')}phase: { from: tt, map: { 1: sent, 6: refused }, note: [ghiChu, noiDung] }\n`,
  });
  test('is read through the map alone; an unlisted code has no meaning', () => {
    expect(mapping.phase({ tt: '1' }, 'all')).toEqual({ is: 'phase', phase: 'sent', code: '1', note: null });
    expect(mapping.phase({ tt: 6, ghiChu: ' ', noiDung: 'Thiếu giấy' }, 'all')).toEqual({
      is: 'phase',
      phase: 'refused',
      code: '6',
      note: 'Thiếu giấy',
    });
    expect(mapping.phase({ tt: '9' }, 'all')).toEqual({ is: 'unknown', code: '9' });
  });
  test('is unseen where it is not covered or not stated', () => {
    expect(mapping.phase({ tt: '1' }, ['ten'])).toEqual({ is: 'unseen' });
    expect(mapping.phase({}, 'all')).toEqual({ is: 'unseen' });
    expect(mapping.phase({ tt: '6', ghiChu: 'x' }, ['tt'])).toMatchObject({ note: null });
  });
});

describe('about a mapping', () => {
  const make = (more = '') => mappingOf({ mapping: giving('ten: { from: name | text(50), until: issued, was: cu }') + more });
  test('dates of procedures are days in Vietnam, the last one included', () => {
    const dated = mappingOf({
      mapping: giving('ten: name').replace(
        'form: demo@1',
        'form: demo@1, procedures: [1.001193, { code: 3.000722, from: 2026-09-01, until: 2026-09-30 }], start: { status: [2, 4] }',
      ),
    });
    expect(dated.procedures).toEqual([
      { code: '1.001193', from: null, until: null },
      { code: '3.000722', from: Date.UTC(2026, 7, 31, 17), until: Date.UTC(2026, 8, 30, 17) },
    ]);
    expect(dated.start.status).toEqual([2, 4]);
  });
  test('the version follows the text, the form, the record and the crosswalks used', () => {
    const base = make().version;
    expect(make().version).toBe(base);
    const others = [
      mappingOf({ mapping: giving('ten: name | text(50)') }),
      mappingOf({
        form: object({ name: text({ maxLength: 49 }) }),
        mapping: giving('ten: { from: name | text(50), until: issued, was: cu }'),
      }),
    ].map((each) => each.version);
    const coded = (rows: string) =>
      mappingOf({ form: object({ name: text() }), mapping: giving('ten: name | code(t)'), crosswalks: { t: rows, other: rows } }).version;
    expect(new Set([base, ...others, coded('a,1,,,,\n'), coded('a,2,,,,\n')]).size).toBe(5);
  });
  test('acts and steps are as written', () => {
    const mapping = make('acts: { supplement: { on: supplied, in: [supplement] } }\nsteps: { of: phase, map: { accepted: 3 } }\n');
    expect(mapping.acts).toEqual([{ name: 'supplement', on: 'supplied', in: ['supplement'] }]);
    expect(mapping.steps).toEqual({ of: 'phase', map: { accepted: '3' } });
  });
  test('every line has a sentence in Vietnamese', () => {
    const words = make().explain();
    expect(words.map((each) => each.line)).toEqual(['ma', 'ten']);
    expect(words[1]?.vi).toBe('"ten" ghi theo "name": chữ, tối đa 50 ký tự; theo hồ sơ một cửa; từ khi có kết quả thì theo hệ thống kia.');
  });
  test('fields to find by are the first set that the hub can fill', () => {
    const mapping = mappingOf({
      form: object({ name: text({ maxLength: 50 }), day: text({ format: 'date' }) }),
      record: object({ ma: text(), ten: text({ maxLength: 50 }), ngay: text() }),
      mapping: giving('ten: name\nngay: day | date(dd.MM.yyyy)'),
    });
    const by = [['ten', 'ngay'], ['ten']];
    expect(mapping.findFields(side({ name: 'A', day: '2026-05-17' }), by)).toEqual({ ten: 'A', ngay: '17.05.2026' });
    expect(mapping.findFields(side({ name: 'A' }), by)).toEqual({ ten: 'A' });
    expect(mapping.findFields(side({}), by)).toBeNull();
  });
  test('a problem names line and field and holds no value', () => {
    const mapping = mappingOf({ mapping: giving('ten: name | text(3)') });
    const found = mapping.ours(side({ name: 'Nguyễn Bí Mật' })).get('ten');
    expect(found).toMatchObject({ is: 'invalid', problem: { path: 'name', cause: 'ministry.file:ten:text.too-long', hold: 'invalid' } });
    expect(JSON.stringify(found)).not.toContain('Bí Mật');
  });
  test('what must not be kept is left out of the snapshot', () => {
    const mapping = mappingOf({
      record: object({ ma: text(), ten: text({ maxLength: 50 }), tep: object({ noiDung: text() }) }),
      mapping: `${giving('ten: name')}ignore: { drop: { tep.noiDung: bytes } }\n`,
    });
    expect(mapping.kept?.({ ten: 'A', tep: { noiDung: 'JVBERi0=', so: 1 } })).toEqual({ ten: 'A', tep: { so: 1 } });
  });
  test('a former id stays known', () => {
    expect(make().rule('ten').was).toBe('cu');
    expect(make().rule('ma').was).toBeUndefined();
  });
  test('what the system does to a value it keeps is no edit', () => {
    const mapping = mappingOf({ mapping: giving('ten: name'), normalises: { ten: 'upper' } });
    const stated = agreed(mapping.theirs({ ten: 'ĐÀO MẪU' }, 'all').get('ten'));
    expect(mapping.equal('ten', agreed(mapping.ours(side({ name: 'Đào Mẫu' })).get('ten')), stated)).toBe(true);
  });
});
