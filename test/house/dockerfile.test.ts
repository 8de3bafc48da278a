import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HOUSE, textOf } from './files.ts';

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** The instructions of a Dockerfile, continued lines joined, comments left out. */
function instructionsOf(text: string): readonly Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '');
  return lines.split('\n').flatMap((line) => {
    const [, word, rest] = /^([A-Z]+)\s+(.+)$/.exec(line.trim()) ?? [];
    return word === undefined || rest === undefined ? [] : [{ word, rest }];
  });
}

const all = instructionsOf(textOf('Dockerfile'));
const last = all.slice(all.findLastIndex(({ word }) => word === 'FROM'));
const given = (word: string, among = all): readonly string[] => among.filter((one) => one.word === word).map(({ rest }) => rest);
const only = (word: string): string => {
  const found = given(word, last);
  expect(found, word).toHaveLength(1);
  return found[0] ?? '';
};

describe('the image', () => {
  test('is built from pinned images: the compiler stays behind in the first stage', () => {
    const images = given('FROM').map((from) => from.split(' ')[0] ?? '');
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^node:20\.\d+\.\d+-bookworm(-slim)?$/);
    expect(images[1]).toMatch(/-slim$/);
    expect(given('RUN', last).join(' ')).not.toMatch(/apt-get|npm /);
  });

  test('holds exactly what the lock file names, without development packages', () => {
    expect(given('RUN').filter((run) => /\bnpm ci --omit=dev\b/.test(run))).toHaveLength(1);
    expect(given('RUN').join(' ')).not.toMatch(/npm (install|i|update)\b/);
    expect(given('COPY', last)).toContain('--from=build /app/node_modules ./node_modules');
    expect(only('ENV')).toMatch(/\bNODE_ENV=production\b/);
  });

  test('fetches nothing from elsewhere and carries no secret', () => {
    expect(given('ADD')).toEqual([]);
    expect(given('ARG')).toEqual([]);
    expect(given('RUN').join(' ')).not.toMatch(/curl|wget|https?:/);
    expect(given('ENV').join(' ')).not.toMatch(/SECRET|PASSWORD|TOKEN|KEY/i);
  });

  test('runs as a user of its own, on a data folder that is a volume of that user alone', () => {
    const words = last.map(({ word }) => word);
    expect(only('USER')).toMatch(/^(?!root\b|0\b)\w+$/);
    expect(words.indexOf('USER')).toBeLessThan(words.indexOf('ENTRYPOINT'));
    expect(words.slice(words.indexOf('USER'))).not.toContain('RUN');
    const folder = /MOTLAN_DATA=(\S+)/.exec(only('ENV'))?.[1] ?? '';
    expect(JSON.parse(only('VOLUME'))).toEqual([folder]);
    expect(given('RUN', last).join(' ')).toContain(`install -d -o ${only('USER')} -g node -m 0700 ${folder}`);
  });

  test('is asked for its health where the product answers', () => {
    const check = only('HEALTHCHECK');
    expect(check).toMatch(/--interval=\d+s --timeout=\d+s/);
    expect(check).toContain('/healthz');
    expect(check).toContain('process.env.PORT');
    expect(only('EXPOSE')).toBe(/PORT=(\d+)/.exec(only('ENV'))?.[1]);
  });

  test('starts the command the package itself names, without a shell between it and the signals', () => {
    const [node, script] = JSON.parse(only('ENTRYPOINT'));
    const { bin, engines } = JSON.parse(textOf('package.json'));
    expect([node, script]).toEqual(['node', bin.motlan]);
    expect(JSON.parse(only('CMD'))[0]).toBe('serve');
    expect(engines.node).toMatch(/^>=20\./);
    expect(textOf('Dockerfile')).toContain(JSON.parse(only('CMD'))[2]);
  });

  test('copies only what is there, and the builder is let see it', () => {
    const sources = given('COPY')
      .filter((copy) => !copy.startsWith('--from'))
      .flatMap((copy) => copy.split(/\s+/).slice(0, -1));
    const seen = textOf('.dockerignore').split('\n');
    expect(seen).toContain('*');
    for (const source of sources) {
      expect(existsSync(join(HOUSE, source)), source).toBe(true);
      expect(seen, `.dockerignore lets ${source} through`).toContain(`!${source}`);
    }
    expect(seen.filter((line) => line.startsWith('!')).map((line) => line.slice(1))).toEqual([...new Set(sources)]);
    for (const kept of ['**/*.key', '**/*.db', '**/.env']) expect(seen).toContain(kept);
  });
});
