import { giving, object, type SmallBook, taking, text } from './small-book.ts';

/** One wrong mapping for each diagnostic; `at` is line:column in the file named first. */
export interface Wrong extends SmallBook {
  readonly code: string;
  readonly at: string;
  readonly says?: string;
}

const FORM = object({ name: text({ maxLength: 50 }) });
const RECORD = object({ ma: text(), ten: text({ maxLength: 50 }) });
export const SMALL = { form: FORM, record: RECORD };
const wrong = (code: string, at: string, mapping: string, more: Partial<SmallBook> & { says?: string } = {}): [string, Wrong] => [
  code,
  { ...SMALL, code, at, mapping, ...more },
];
export const GOOD = giving('ten: name');
const PARTIAL = object({ name: text({ format: 'partial-date' }) });

export const ALL: readonly [string, Wrong][] = [
  wrong('yaml', '2:1', 'mapping: "ministry.file\n'),
  wrong('yaml', '1:1', ''),
  wrong('duplicate-key', '6:3', giving('ten: name\nten: name')),
  wrong('anchor', '5:11', giving('ten: &a name')),
  wrong('anchor', '6:8', giving('ten: &a name\nlop: *a')),
  wrong('tag', '5:8', giving('ten: !!int name')),
  wrong('unknown-key', '6:1', `${GOOD}gives: {}\n`),
  wrong('unknown-key', '5:22', giving('ten: { from: name, form: name }')),
  wrong('unknown-key', '6:9', `${GOOD}acts: { fly: { on: supplied, in: [] } }\n`),
  wrong('unknown-key', '6:29', `${GOOD}steps: { of: status, map: { 11: 4 } }\n`),
  wrong('missing-key', '1:1', 'mapping: ministry.file\n'),
  wrong('missing-key', '5:8', giving('ten: { seen: name }')),
  wrong('missing-key', '7:5', `${GOOD}cases:\n  - { name: nothing to run }\n`),
  wrong('wrong-shape', '6:8', `${GOOD}share: [name]\n`),
  wrong('wrong-shape', '6:8', `${GOOD}needs: { name: name }\n`),
  wrong('path-syntax', '5:8', giving('ten: na[me')),
  wrong('index-path', '5:8', giving('ten: parents[0].name')),
  wrong('index-path', '6:9', `${GOOD}needs: [parents*]\n`),
  wrong('pipe-syntax', '5:15', giving('ten: name | | fold')),
  wrong('pipe-syntax', '5:14', giving('ten: name text(5)').replace('name text', 'name  text')),
  wrong('unknown-conversion', '5:15', giving('ten: name | upper(5)')),
  wrong('argument', '5:15', giving('ten: name | text(a)')),
  wrong('argument', '5:15', giving('ten: name | number(1)'), { form: object({ name: { type: 'integer' } }) }),
  wrong('argument', '5:29', giving('ten: { from: name, until: done }')),
  wrong('argument', '2:35', `mapping: ministry.file\nfor: { form: demo@1, procedures: [1.1193] }\ngive: { ma: code | key, ten: name }\n`),
  wrong('argument', '1:10', GOOD.replace('ministry.file', 'ministry.files'), { says: 'ministry.file' }),
  wrong('unknown-form', '2:14', GOOD.replace('demo@1', 'demo@2')),
  wrong('unknown-record', '1:10', GOOD.replace('ministry.file', 'nobody.file'), {
    mapping: GOOD,
    others: { 'nobody/file.yaml': GOOD.replace('ministry.file', 'nobody.file') },
  }),
  wrong('unknown-path', '5:8', giving('ten: names')),
  wrong('unknown-path', '5:3', giving('tem: name')),
  wrong('unknown-path', '5:28', giving('ten: { from: name, seen: kq.ten }')),
  wrong('unknown-path', '6:9', `${GOOD}needs: [nobody]\n`),
  wrong('unknown-path', '6:16', `${GOOD}phase: { from: tt, map: { 1: sent } }\n`),
  wrong('unknown-path', '6:21', `${GOOD}ignore: { theirs: { tt: no } }\n`),
  wrong('unknown-path', '5:8', giving('ten: results.other.number')),
  wrong('unknown-path', '6:3', taking('results.other.number: ten'), { form: object({}) }),
  wrong('unmapped-ours', '1:10', GOOD, { form: object({ name: text({ maxLength: 50 }), more: text() }), says: '"more"' }),
  wrong('unmapped-ours', '1:10', GOOD, { applicant: object({ phone: text() }), says: '"applicant.phone"' }),
  wrong('unmapped-theirs', '1:10', GOOD, {
    record: object({ ma: text(), ten: text({ maxLength: 50 }), ghiChu: text() }),
    says: '"ghiChu"',
  }),
  wrong('mapped-and-ignored', '6:19', `${GOOD}ignore: { ours: { name: no } }\n`),
  wrong('type-mismatch', '5:8', giving('ten: name'), { form: object({ name: { type: 'integer' } }) }),
  wrong('type-mismatch', '5:8', giving('ten: name | number'), {}),
  wrong('type-mismatch', '5:8', giving('ten: name | flag(1, 0)'), {}),
  wrong('type-mismatch', '5:8', giving('ten: constant(hai)'), {
    form: object({}),
    record: object({ ma: text(), ten: { type: 'integer' } }),
  }),
  wrong('unknown-crosswalk', '5:15', giving('ten: name | code(sex)')),
  wrong('enum-without-row', '5:8', giving('ten: name | code(sex)'), {
    form: object({ name: text({ enum: ['male', 'female', 'unknown'] }) }),
    crosswalks: { sex: 'male,1,,,,\nfemale,2,,,,\n' },
    says: 'unknown',
  }),
  wrong('enum-without-row', '5:8', giving('ten: name'), {
    form: object({ name: text({ enum: ['a', 'b'] }) }),
    record: object({ ma: text(), ten: text({ enum: ['a'] }) }),
  }),
  wrong('row-outside-enum', '5:8', giving('ten: name | code(sex)'), {
    record: object({ ma: text(), ten: text({ enum: ['1'] }) }),
    crosswalks: { sex: 'male,1,,,,\nfemale,2,,,,\n' },
  }),
  wrong('code-merges', '6:8', `${giving('')}share:\n  ten: name | code(ward)\n`, { crosswalks: { ward: 'a,1,,,,\nb,1,,,,\n' } }),
  wrong('required-without-source', '1:10', giving(''), { form: object({}), record: object({ ma: text(), ten: text() }, ['ten']) }),
  wrong('required-from-optional', '5:3', giving('ten: name'), { record: object({ ma: text(), ten: text({ maxLength: 50 }) }, ['ten']) }),
  wrong('narrowing-length', '5:8', giving('ten: name'), { form: object({ name: text({ maxLength: 60 }) }) }),
  wrong('narrowing-length', '5:8', giving('ten: name | text(60)')),
  wrong('narrowing-length', '5:8', giving('ten: name | code(t)'), {
    record: object({ ma: text(), ten: text({ maxLength: 1 }) }),
    crosswalks: { t: 'a,12,,,,\n' },
  }),
  wrong('narrowing-charset', '5:8', giving('ten: name'), {
    record: object({ ma: text(), ten: text({ maxLength: 50, pattern: '^[0-9]+$' }) }),
  }),
  wrong('narrowing-precision', '5:8', giving('ten: name | date(dd.MM.yyyy)'), { form: PARTIAL }),
  wrong('key-missing', '1:10', 'mapping: ministry.file\nfor: { form: demo@1 }\ngive: { ten: name, ma: code }\n'),
  wrong('guard-reads-own', '5:30', giving('ten: { from: name, when: { name: present } }')),
  wrong('argument', '5:30', giving('ten: { from: name, when: { kind: c } }'), {
    form: object({ name: text({ maxLength: 50 }), kind: text({ enum: ['a', 'b'] }) }),
  }),
  wrong('two-writers', '7:3', `${GOOD}share:\n  ten: name\n`),
  wrong('two-writers', '6:3', giving('ten: name\nso: code | key'), {
    record: object({ ma: text(), ten: text({ maxLength: 50 }), so: text() }),
  }),
  wrong('crosswalk-header', '1:1', GOOD, { others: { 'crosswalks/bad.csv': 'ours;theirs\n' } }),
  wrong('crosswalk-row', '3:1', GOOD, { crosswalks: { bad: 'a,1,,,,\nb,,,,,\n' } }),
  wrong('crosswalk-row', '2:1', GOOD, { crosswalks: { bad: 'a,1,,=,,\n' } }),
  wrong('crosswalk-row', '2:1', GOOD, { crosswalks: { bad: 'a,1,,,2026-02-30,\n' } }),
  wrong('crosswalk-row', '3:1', GOOD, { crosswalks: { bad: 'a,1,,,,\na,1,again,,,\n' } }),
  wrong('case-failed', '7:5', `${GOOD}cases:\n  - { name: c, given: { name: A }, out: { ten: B } }\n`, { lawRounds: 1, says: 'ten' }),
];
