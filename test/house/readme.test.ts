import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commandsOf } from '../../src/cli.ts';
import { filesBelow, HOUSE, textOf } from './files.ts';

const pages = filesBelow().filter((path) => path.endsWith('.md'));
const scripts: Readonly<Record<string, string>> = JSON.parse(textOf('package.json')).scripts;

/** Links to files of the house, without the anchor. */
function linksOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => (link ?? '').split('#')[0] ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link));
}

/**
 * Paths named in code marks that begin with a folder of the house. Patterns and placeholders are no paths, and a line that
 * cites a commit speaks of another house.
 */
function pathsOf(page: string): readonly string[] {
  const own = textOf(page)
    .split('\n')
    .filter((line) => !/commit [0-9a-f]{7}/.test(line))
    .join('\n');
  return [...own.matchAll(/`((?:src|test|adapters|mappings|config|bin|\.ci)\/[^`\s]*)`/g)]
    .map(([, path]) => path ?? '')
    .filter((path) => !/[<>{}*|…]/.test(path));
}

const codeOf = (page: string): string =>
  [...textOf(page).matchAll(/^```\w*\n([\s\S]*?)^```$|`([^`\n]+)`/gm)].map(([all]) => all).join('\n');

/** `motlan …` as typed in a page, word by word: `['dossier', 'show', 'CODE']`. */
function commandWords(page: string): readonly (readonly string[])[] {
  return [...codeOf(page).matchAll(/^`?(?:npx )?motlan +([a-z-][^`\n|#]*)/gm)].map(([, words]) => (words ?? '').trim().split(/\s+/));
}

/** What is wrong with these words as a command; null when the command and each of its options exist. */
function faultOf(words: readonly string[]): string | null {
  const program = commandsOf({ env: {}, workingFolder: HOUSE, write: () => undefined, code: 0 });
  let command: Command = program;
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
  }
  if (words.join(' ') === '--help') return null;
  if (command === program) return `no command ${words[0]}`;
  if (command.commands.length > 0) return `${command.name()} needs one of its own commands`;
  const options = [program, command].flatMap((one) => one.options.flatMap(({ long, short }) => [long, short]));
  const unknown = words.filter((word) => word.startsWith('-') && word !== '--help').find((word) => !options.includes(word));
  return unknown === undefined ? null : `${command.name()} has no option ${unknown}`;
}

describe('the pages', () => {
  test('begin at the top', () => {
    expect(pages).toContain('README.md');
  });

  test.each(pages)('%s links only to what is there', (page) => {
    const broken = linksOf(page).filter((link) => !existsSync(join(HOUSE, dirname(page), link)));
    expect(broken).toEqual([]);
  });

  test.each(pages)('%s names only files that are there', (page) => {
    const broken = pathsOf(page).filter((path) => !existsSync(join(HOUSE, path)) && !existsSync(join(HOUSE, dirname(page), path)));
    expect(broken).toEqual([]);
  });

  test.each(pages)('%s tells only commands that exist', (page) => {
    const faults = commandWords(page).map(faultOf);
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
    const unknown = [...codeOf(page).matchAll(/npm run ([\w:-]+)/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => scripts[name] === undefined);
    expect(unknown).toEqual([]);
  });

  test('see a command that does not exist, and an option that does not', () => {
    expect(faultOf(['dossier', 'devour', 'file'])).not.toBeNull();
    expect(faultOf(['fly'])).toBe('no command fly');
    expect(faultOf(['demo', '--twice'])).toBe('demo has no option --twice');
    expect(faultOf(['demo', '--once'])).toBeNull();
  });
});

describe('the scripts of package.json', () => {
  test.each(Object.entries(scripts))('%s: %s names only files that are there', (_name, line) => {
    const files = line.split(' ').filter((word) => /^[\w./-]+\.(ts|mjs|cjs)$/.test(word));
    expect(files.filter((file) => !existsSync(join(HOUSE, file)))).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = textOf('README.md');

  test('opens with the two commands, and both are real', () => {
    const opening = readme.split('\n').slice(0, 12).join('\n');
    expect(opening).toContain('npm ci && npm start');
    expect(opening).toContain('npm ci && npm test');
    expect([scripts.start, scripts.test]).toEqual(['node --import tsx src/main.ts demo', 'vitest run']);
  });

  test('follows a dossier through stations that all lie in src/sync', () => {
    const stations = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map(([, file]) => file ?? '');
    expect(stations.length).toBeGreaterThan(9);
    for (const file of stations) expect(existsSync(join(HOUSE, 'src/sync', file)) || existsSync(join(HOUSE, 'src', file)), file).toBe(true);
  });

  test('shows every room of the house and none that is not there', () => {
    const house = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const rooms = [...house.matchAll(/^ {2}([a-z-]+)\//gm)].map(([, room]) => room ?? '');
    const real = [
      ...new Set(
        filesBelow('src')
          .map((path) => path.split('/'))
          .filter((parts) => parts.length > 2)
          .map((parts) => parts[1] ?? ''),
      ),
    ];
    expect([...rooms].sort()).toEqual(real.sort());
    for (const top of [...house.matchAll(/^([a-z-]+)\//gm)].map(([, name]) => name ?? '')) {
      expect(statSync(join(HOUSE, normalize(top))).isDirectory(), top).toBe(true);
    }
  });

  test('is two pages at most: one in Vietnamese, one in English', () => {
    expect(readme.split('\n').length).toBeLessThan(260);
    expect(readme.indexOf('# motlan')).toBe(0);
    expect(readme).toMatch(/\n## English\b/);
  });

  test('says that nothing here is an official specification, and that the image was not built', () => {
    expect(readme).toMatch(/không phải (là )?đặc tả chính thức/);
    expect(readme).toMatch(/not? an? official specification|Nothing here is an official specification/);
    expect(readme).toMatch(/image .*not (been )?built/);
  });
});
