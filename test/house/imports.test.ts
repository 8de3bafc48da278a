import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textOf } from './files.ts';

const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');

/** Imports that the house forbids: from, to, and the rule that says so. */
const FORBIDDEN: readonly (readonly [from: string, to: string, rule: string])[] = [
  ['src/model/a.ts', 'src/kit/index.ts', 'model-imports-nothing'],
  ['src/kit/a.ts', 'src/mapping/a.ts', 'kit-knows-model'],
  ['src/kit/b.ts', 'src/sync/a.ts', 'kit-knows-model'],
  ['src/mapping/a.ts', 'src/store/a.ts', 'mapping-knows-model'],
  ['src/store/a.ts', 'src/kit/index.ts', 'store-knows-model'],
  ['src/store/b.ts', 'src/intake/a.ts', 'store-knows-model'],
  ['src/intake/a.ts', 'src/mapping/a.ts', 'intake-knows-model'],
  ['src/intake/b.ts', 'src/sync/b.ts', 'intake-knows-model'],
  ['src/intake/c.ts', 'src/assemble/a.ts', 'intake-knows-model'],
  ['src/sync/a.ts', 'src/intake/a.ts', 'sync-stands-on-the-three'],
  ['src/sync/b.ts', 'src/http/a.ts', 'sync-stands-on-the-three'],
  ['src/sync/c.ts', 'src/simulation/a.ts', 'sync-stands-on-the-three'],
  ['src/http/a.ts', 'src/assemble.ts', 'http-knows-no-house'],
  ['src/assemble.ts', 'src/cli/a.ts', 'commands-are-the-top'],
  ['src/demo/a.ts', 'src/simulation/a.ts', 'the-product-runs-without-its-proofs'],
  ['src/sync/d.ts', 'adapters/one/index.ts', 'no-room-imports-an-adapter'],
  ['src/main.ts', 'adapters/one/index.ts', 'no-room-imports-an-adapter'],
  ['adapters/one/a.ts', 'src/model/a.ts', 'adapters-know-the-kit-only'],
  ['adapters/one/b.ts', 'src/kit/a.ts', 'adapters-know-the-kit-only'],
  ['adapters/one/c.ts', 'adapters/two/index.ts', 'adapters-are-strangers'],
  ['src/kit/c.ts', 'src/ports.ts', 'real-time-comes-in-as-a-port'],
  ['src/sync/e.ts', 'src/ports.ts', 'real-time-comes-in-as-a-port'],
  ['src/sync/f.ts', 'test/sync/given.ts', 'src-never-imports-tests'],
  ['src/sync/g.ts', 'axios', 'http-clients-live-in-kit'],
  ['adapters/one/d.ts', 'p-retry', 'http-clients-live-in-kit'],
  ['src/sync/h.ts', 'kysely', 'sql-lives-in-store'],
  ['adapters/one/e.ts', 'better-sqlite3', 'sql-lives-in-store'],
  ['src/sync/i.ts', 'fastify', 'web-framework-lives-in-http'],
  ['src/sync/j.ts', '@fastify/swagger', 'web-framework-lives-in-http'],
  ['src/sync/k.ts', 'vitest', 'no-development-packages'],
  ['src/sync/l.ts', 'not-there', 'nothing-unresolved'],
];

const ALLOWED: readonly (readonly [from: string, to: string])[] = [
  ['src/sync/m.ts', 'src/kit/index.ts'],
  ['src/sync/n.ts', 'src/store/z.ts'],
  ['src/kit/simulator-process.ts', 'src/ports.ts'],
  ['src/intake/z.ts', 'src/model/z.ts'],
  ['src/http/z.ts', 'src/intake/z.ts'],
  ['src/cli/z.ts', 'src/assemble.ts'],
  ['src/cli/proving.ts', 'src/simulation/a.ts'],
  ['adapters/two/z.ts', 'src/kit/index.ts'],
  ['src/kit/z.ts', 'axios'],
  ['src/store/y.ts', 'kysely'],
  ['src/http/y.ts', 'fastify'],
];

const isPackage = (to: string): boolean => !to.includes('.') && !/^(src|adapters|test)\//.test(to);

/** A house of empty files that only import. */
function lay(folder: string): void {
  const imports = new Map<string, string>();
  for (const [from, to] of [...FORBIDDEN, ...ALLOWED]) {
    const up = '../'.repeat(from.split('/').length - 1) || './';
    imports.set(from, `import '${isPackage(to) ? to : `${up}${to}`}';\n`);
    if (!isPackage(to) && !imports.has(to)) imports.set(to, 'export {};\n');
  }
  imports.set('src/circle/a.ts', "import './b.ts';\n").set('src/circle/b.ts', "import './a.ts';\n");
  const packages = [...FORBIDDEN, ...ALLOWED].map(([, to]) => to).filter((to) => isPackage(to) && to !== 'not-there');
  for (const name of packages) {
    imports.set(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    imports.set(`node_modules/${name}/index.js`, '');
  }
  const dev = ['vitest'];
  const dependencies = Object.fromEntries(packages.filter((name) => !dev.includes(name)).map((name) => [name, '1.0.0']));
  imports.set('package.json', JSON.stringify({ name: 'house', dependencies, devDependencies: { vitest: '1.0.0' } }));
  imports.set('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'NodeNext', allowImportingTsExtensions: true, noEmit: true } }));
  for (const [file, text] of imports) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

const broken: { readonly rule: string; readonly from: string; readonly to: string }[] = [];
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'motlan-imports-'));
  lay(folder);
  const { output } = await cruise(['src', 'adapters'], {
    ...config.options,
    tsConfig: undefined,
    baseDir: folder,
    ruleSet: config,
    validate: true,
  });
  const { summary } = output as ICruiseResult;
  for (const { rule, from, to } of summary.violations) broken.push({ rule: rule.name, from, to });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the import rules', () => {
  test.each(FORBIDDEN)('%s may not import %s: %s', (from, _to, rule) => {
    expect(broken.filter((one) => one.from === from).map((one) => one.rule)).toContain(rule);
  });

  test.each(ALLOWED)('%s may import %s', (from) => {
    expect(broken.filter((one) => one.from === from)).toEqual([]);
  });

  test('know a circle when they see one', () => {
    expect(broken.filter(({ rule }) => rule === 'no-circles').map(({ from }) => from)).toContain('src/circle/a.ts');
  });

  test('leave no rule without an example that breaks it', () => {
    const shown = new Set([...FORBIDDEN.map(([, , rule]) => rule), 'no-circles']);
    expect(config.forbidden.map(({ name }: { readonly name: string }) => name).filter((name: string) => !shown.has(name))).toEqual([]);
  });

  test('are the ones the ordinary check applies to the whole house', () => {
    expect(JSON.parse(textOf('package.json')).scripts.layers).toBe('depcruise --config .dependency-cruiser.cjs src adapters');
  });
});
