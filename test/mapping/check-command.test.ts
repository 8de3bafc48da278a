import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { filesOf, giving, object, recordOf, type SmallBook, text } from './small-book.ts';
import { ALL, GOOD, SMALL, type Wrong } from './wrong-mappings.ts';

/** `motlan mapping check` on files that lie on a disk: what a person at a screen is told of each kind of error. */

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motlan-check-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CONFIG = `folders: { mappings: mappings }
systems:
  ministry: { adapter: memory, role: ministry, simulated: true, overrides: overrides }
  registry: { adapter: memory, role: ministry, simulated: true, overrides: overrides }
`;

/** Lays the book out as files, in a folder of its own, and asks the command about it. */
async function check(book: SmallBook & { readonly screens?: string }, ...options: readonly string[]) {
  const here = await mkdtemp(join(folder, 'book-'));
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(here, path)), { recursive: true });
    await writeFile(join(here, path), content);
  };
  for (const [path, content] of filesOf(book)) await write(join('mappings', path), content);
  await write('overrides/memory/records/file.schema.json', JSON.stringify(recordOf(book)));
  if (book.screens !== undefined) await write('overrides/memory/screens/file.yaml', book.screens);
  await write('motlan.yaml', CONFIG);
  let said = '';
  const code = await runCli(['--config', 'motlan.yaml', ...options, 'mapping', 'check'], {
    env: { MOTLAN_DATA: join(here, 'data') },
    workingFolder: here,
    write: (line) => {
      said += line;
    },
    complain: (line) => {
      said += line;
    },
  });
  return { code, said, lines: said.split('\n') };
}

const VIETNAMESE = /[ăâđêôơưáàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵ]/i;

/** What needs a second mapping, or generated records, to go wrong. */
const FURTHER: readonly (readonly [string, Wrong])[] = [
  [
    'two-owners',
    {
      ...SMALL,
      code: 'two-owners',
      at: '4:9',
      mapping: 'mapping: ministry.file\nfor: { form: demo@1 }\ngive: { ma: code | key }\ntake: { name: ten }\n',
      others: { 'registry/file.yaml': 'mapping: registry.file\nfor: { form: demo@1 }\ngive: { ma: code | key }\ntake: { name: ten }\n' },
    },
  ],
  [
    'law-correctness',
    {
      code: 'law-correctness',
      at: '6:3',
      form: object({ x: text() }),
      record: object({ ma: text(), y: text() }),
      mapping: `${giving('')}share:\n  y: x | code(t)\n`,
      crosswalks: { t: 'a,1,,>,,\nb,1,,<,,\nb,2,,>,,\nc,2,,<>,,\n' },
    },
  ],
  [
    'law-stability',
    {
      code: 'law-stability',
      at: '5:3',
      form: object({ x: text({ enum: ['a', 'b'] }) }),
      record: object({ ma: text(), y: text(), z: text() }),
      mapping: giving('y: { from: x | code(t), seen: z | code(u) }'),
      crosswalks: { t: 'a,1,,,,\nb,2,,,,\n', u: 'a,2,,,,\nb,1,,<,,\nb,3,,>,,\n' },
    },
  ],
];

describe('each kind of error is told with file, line and column, in Vietnamese and then in English', () => {
  test.each([...ALL, ...FURTHER].map(([code, each]) => [`${code} at ${each.at}`, each] as const))('%s', async (_, each) => {
    const { code, said, lines } = await check(each);
    const at = lines.findIndex((line) => line.includes(`:${each.at} [${each.code}] `));
    const [vi, en] = [lines[at] ?? '', lines[at + 1] ?? ''];
    expect(vi, said).toMatch(/^[✗!] (?:ministry|nobody|registry|crosswalks|forms)\/[a-z@0-9.]+\.(?:yaml|csv|json):\d+:\d+ \[[a-z-]+\] /);
    expect(vi.replace(/"[^"]*"/g, '')).toMatch(VIETNAMESE);
    expect(en).toMatch(/^ {2}[A-Z"']/);
    expect(en.replace(/"[^"]*"/g, '')).not.toMatch(VIETNAMESE);
    if (vi.startsWith('✗')) expect(code).toBe(1);
  });
});

test('a good book is good, and says so', async () => {
  const { code, said } = await check({ ...SMALL, mapping: GOOD });
  expect([code, said]).toEqual([0, '1 bảng dùng được, 0 thông báo.\n  1 mappings are good, 0 messages.\n']);
});

test('errors of several files stand together, and as data with `--json`', async () => {
  const book = { ...SMALL, mapping: GOOD.replace('name', 'names'), crosswalks: { bad: 'a,,,,,\n' } };
  const { said } = await check(book);
  expect(said).toMatch(/crosswalks\/bad\.csv:2:1[\s\S]*ministry\/file\.yaml:5:8/);
  const { code, said: json } = await check(book, '--json');
  const found = JSON.parse(json) as { diagnostics: { file: string; line: number; column: number; vi: string; en: string }[] };
  expect(code).toBe(1);
  expect(found.diagnostics.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual(
    expect.arrayContaining(['crosswalks/bad.csv:2:1', 'ministry/file.yaml:5:8']),
  );
  for (const { vi, en } of found.diagnostics) expect([vi, en]).toEqual([expect.stringMatching(VIETNAMESE), expect.any(String)]);
});

test('a field that is written but stands on no screen of the ministry is told; one that stands there is not', async () => {
  const screens = (field: string) => `screens: [{ title: Hồ sơ, fields: [{ field: ${field}, label: Ô nhập }] }]\n`;
  const lacking = await check({ ...SMALL, mapping: GOOD, screens: screens('ma') });
  expect(lacking.code).toBe(1);
  expect(lacking.said).toContain('ministry/file.yaml:1:10 [not-on-screen] Trường "ten"');
  const whole = await check({ ...SMALL, mapping: GOOD, screens: screens('ten') });
  expect([whole.code, whole.said]).toEqual([0, '1 bảng dùng được, 0 thông báo.\n  1 mappings are good, 0 messages.\n']);
});
