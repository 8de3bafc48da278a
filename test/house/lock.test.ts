import { describe, expect, test } from 'vitest';
import { textOf } from './files.ts';

interface Entry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Readonly<Record<string, Entry>>;

/** The places where Node looks for a package on behalf of the one at `owner`, nearest first. */
function placesOf(owner: string): readonly string[] {
  const parts = owner === '' ? [] : owner.split(/\/?node_modules\//).filter((part) => part !== '');
  const prefixes = parts.map((_, depth) => `node_modules/${parts.slice(0, parts.length - depth).join('/node_modules/')}/`);
  return [...prefixes, ''];
}

/** Optional packages that a lock names but does not hold: `npm ci` refuses such a lock on other machines. */
function missingFrom(packages: Packages): readonly string[] {
  return Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => placesOf(owner).every((place) => packages[`${place}node_modules/${name}`] === undefined))
      .map((name) => `${name}, needed by ${owner}`),
  );
}

const lock: { readonly lockfileVersion: number; readonly packages: Packages } = JSON.parse(textOf('package-lock.json'));
const manifest = JSON.parse(textOf('package.json'));

describe('the lock file', () => {
  test('holds every optional package it names, for every platform', () => {
    expect(missingFrom(lock.packages)).toEqual([]);
  });

  test('would be caught without one of them, wherever it may lie', () => {
    const nested = { '': {}, 'node_modules/a': { optionalDependencies: { b: '1' } }, 'node_modules/a/node_modules/b': {} };
    expect(missingFrom(nested)).toEqual([]);
    expect(missingFrom({ '': {}, 'node_modules/a': { optionalDependencies: { b: '1' } }, 'node_modules/b': {} })).toEqual([]);
    expect(missingFrom({ '': {}, 'node_modules/a': { optionalDependencies: { b: '1' } } })).toEqual(['b, needed by node_modules/a']);
    expect(
      missingFrom({ '': {}, 'node_modules/@s/a/node_modules/c': { optionalDependencies: { b: '1' } }, 'node_modules/@s/a': {} }),
    ).toEqual(['b, needed by node_modules/@s/a/node_modules/c']);
  });

  test('agrees with package.json, where every version is exact', () => {
    const wanted: Readonly<Record<string, string>> = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const [name, version] of Object.entries(wanted)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
    const { dependencies, devDependencies } = (lock.packages[''] ?? {}) as Record<string, unknown>;
    expect({ dependencies, devDependencies }).toEqual({ dependencies: manifest.dependencies, devDependencies: manifest.devDependencies });
  });
});
