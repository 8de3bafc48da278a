import { describe, expect, test } from 'vitest';
import { bookOf, giving, object, type SmallBook, shown, taking, text } from './small-book.ts';

/** One wrong mapping for each diagnostic; `at` is line:column in the file named first. */
interface Wrong extends SmallBook {
  readonly code: string;
  readonly at: string;
  readonly says?: string;
}

const FORM = object({ name: text({ maxLength: 50 }) });
const RECORD = object({ ma: text(), ten: text({ maxLength: 50 }) });
const SMALL = { form: FORM, record: RECORD };
const wrong = (code: string, at: string, mapping: string, more: Partial<SmallBook> & { says?: string } = {}): [string, Wrong] => [
  code,
  { ...SMALL, code, at, mapping, ...more },
];
const GOOD = giving('ten: name');
const PARTIAL = object({ name: text({ format: 'partial-date' }) });

const ALL: readonly [string, Wrong][] = [
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

describe('a wrong mapping is told at its place, in both languages', () => {
  test.each(ALL.map(([code, each]) => [`${code} at ${each.at}`, each] as const))('%s', (_, each) => {
    const book = bookOf(each);
    const hits = book.diagnostics.filter((found) => found.code === each.code);
    const told = book.diagnostics.map(shown).join('\n');
    expect(
      hits.map((found) => `${found.line}:${found.column}`),
      told,
    ).toContain(each.at);
    for (const hit of hits) {
      expect(hit.vi.length).toBeGreaterThan(10);
      expect(hit.en.length).toBeGreaterThan(10);
      expect(hit.vi).not.toBe(hit.en);
    }
    if (each.says !== undefined)
      expect(
        hits.some((hit) => hit.en.includes(each.says ?? '')),
        told,
      ).toBe(true);
  });
});

test('all problems of all files are told at once', () => {
  const book = bookOf({ ...SMALL, mapping: giving('ten: names\nso: name | fly'), crosswalks: { bad: 'a,,,,,\n' } });
  expect(book.diagnostics.map((each) => each.code)).toEqual(
    ['crosswalk-row', 'unknown-path', 'unknown-conversion'].map((code) => expect.stringMatching(code)),
  );
  expect(book.mappings).toEqual([]);
});

test('one wrong file does not take the others with it', () => {
  const book = bookOf({ ...SMALL, mapping: giving('ten: names'), others: { 'registry/file.yaml': GOOD.replace('ministry', 'registry') } });
  expect(book.mappings.map((mapping) => mapping.id)).toEqual(['registry.file']);
});

describe('two owners', () => {
  const other = (owner: string) =>
    `mapping: registry.file\nfor: { form: demo@1 }\ngive: { ma: code | key }\n${owner}: ${owner === 'take' ? '{ name: ten }' : '{ ten: name }'}\n`;
  test.each([
    ['take', 'take', true],
    ['take', 'share', true],
    ['share', 'take', true],
    ['share', 'share', false],
    ['take', 'give', false],
  ] as const)('%s here and %s there: wrong = %s', (here, there, isWrong) => {
    const mine = other(here).replace('registry', 'ministry');
    const book = bookOf({
      ...SMALL,
      mapping: mine,
      others: { 'registry/file.yaml': there === 'give' ? GOOD.replace('ministry', 'registry') : other(there) },
    });
    expect(book.diagnostics.map(shown)).toEqual(isWrong ? [expect.stringMatching(/registry\/file\.yaml:4:\d+ two-owners/)] : []);
  });
});

test('what a system returns may be needed by another of the same form', () => {
  const registry =
    'mapping: registry.file\nfor: { form: demo@1 }\ngive: { ma: code | key }\ntake: { results.registry.number: ten }\nignore: { ours: [name] }\n';
  const book = bookOf({
    ...SMALL,
    mapping: GOOD.replace('for:', 'needs: [results.registry.number]\nfor:'),
    others: { 'registry/file.yaml': registry },
  });
  expect(book.diagnostics.map(shown)).toEqual([]);
});

test('every code the page promises is told by some wrong mapping here or in the tests of laws', async () => {
  const { readFile } = await import('node:fs/promises');
  const page = await readFile(new URL('../../src/mapping/README.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## 11.'), page.indexOf('## 12.'));
  const promised = [...section.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map((found) => found[1] ?? '');
  const elsewhere = [
    'law-stability',
    'law-correctness',
    'law-put-twice',
    'two-owners',
    'lossy',
    'needs',
    'digits',
    'ascii',
    'full',
    'phase',
    'ignore',
    'data',
    'applicant',
  ];
  const told = new Set([...ALL.map(([code]) => code), ...elsewhere]);
  expect(promised.filter((code) => !told.has(code))).toEqual([]);
});
