import { describe, expect, test } from 'vitest';
import { bookOf, giving, shown } from './small-book.ts';
import { ALL, GOOD, SMALL } from './wrong-mappings.ts';

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
