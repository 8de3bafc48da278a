import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS, type Migrations } from '../../src/store/migrations/index.ts';
import { type Engine, engines, type Home } from './engines.ts';
import { auditOf, baseOf, codeOf, dossierOf, holdOf, linkOf, lookupsOf } from './given.ts';

const { disk, postgres } = engines();

/** Columns of `link` that a later migration added: the program of today writes them, one of those days did not. */
const ADDED = { '0004-stated-at': 'stated_at' } as const;

/** A store as the program left it that knew these migrations only, with something in it. */
async function leftLongAgo(engine: Engine, migrations: Migrations): Promise<Home> {
  const lacking = Object.entries(ADDED).flatMap(([name, column]) => (name in migrations ? [] : [column]));
  return leftBehind(engine, migrations, lacking);
}

/** A store as this version leaves it, with something in it. */
async function leftBehind(engine: Engine, migrations: Migrations, lacking: readonly string[] = []): Promise<Home> {
  const home = await engine.fresh();
  if (lacking.length > 0) await (await home.open({ migrations })).close();
  for (const column of lacking) await home.run(`alter table link add column ${column} bigint`);
  const store = await home.open({ migrations });
  await store.write(async (tx) => {
    await tx.dossiers.insert(dossierOf(codeOf(1)), lookupsOf('099000000001'));
    await tx.links.insert(linkOf(codeOf(1)));
    await tx.bases.save(codeOf(1), baseOf(linkOf(codeOf(1)).id, 'x'));
    await tx.holds.insert(holdOf(codeOf(1), 'h1'));
    await tx.audit.append([auditOf(codeOf(1), 'intake')]);
  });
  await store.close();
  for (const column of lacking) await home.run(`alter table link drop column ${column}`);
  return home;
}

async function expectIntact(home: Home, migrations: Migrations): Promise<void> {
  const store = await home.open({ migrations });
  await store.read(async (tx) => {
    expect((await tx.dossiers.load([codeOf(1)])).get(codeOf(1))).toEqual(dossierOf(codeOf(1)));
    expect(await tx.dossiers.find({ kind: 'identity', value: '099000000001' }, 5)).toEqual([codeOf(1)]);
    expect(await tx.links.ofDossiers([codeOf(1)])).toEqual([linkOf(codeOf(1))]);
    expect((await tx.bases.load([linkOf(codeOf(1)).id])).size).toBe(1);
    expect(await tx.holds.live([codeOf(1)])).toEqual([holdOf(codeOf(1), 'h1')]);
    expect((await tx.audit.verify(null)).broken).toEqual([]);
  });
  await store.close();
}

const next: Migrations = {
  ...MIGRATIONS,
  '9998-next': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('link').addColumn('note', 'text').execute();
      await db.schema.createTable('later').addColumn('id', 'text').execute();
    },
  },
};

const failing: Migrations = {
  ...MIGRATIONS,
  '9998-next': {
    async up(db: Kysely<unknown>) {
      await db.schema.createTable('later').addColumn('id', 'text').execute();
      await sql`select * from nowhere`.execute(db);
    },
  },
};

describe.each([disk, postgres])('migrations, $name', (engine: Engine) => {
  test.each(Object.keys(MIGRATIONS))('a store as of %s opens under all later ones, its data intact', async (last) => {
    const names = Object.keys(MIGRATIONS);
    const until = Object.fromEntries(Object.entries(MIGRATIONS).slice(0, names.indexOf(last) + 1));
    const home = await leftLongAgo(engine, until);
    await expectIntact(home, MIGRATIONS);
    await expectIntact(home, next);
    await expectIntact(home, next);
  });

  test('an older program refuses a newer store and says what to do', async () => {
    const home = await leftBehind(engine, next);
    await expect(home.open({ migrations: MIGRATIONS })).rejects.toMatchObject({
      code: 'migrations',
      en: expect.stringContaining('newer one, or restore a backup'),
      vi: expect.stringContaining('phục hồi bản sao lưu'),
    });
    await expectIntact(home, next);
  });

  test('a renamed migration is refused', async () => {
    const home = await leftBehind(engine, next);
    const renamed = { ...MIGRATIONS, '9998-other': { up: async () => undefined } };
    await expect(home.open({ migrations: renamed })).rejects.toMatchObject({ code: 'migrations' });
  });

  test('a migration that fails half-way leaves the store as it was', async () => {
    const home = await leftBehind(engine, MIGRATIONS);
    await expect(home.open({ migrations: failing })).rejects.toThrow('9998-next failed');
    await expectIntact(home, MIGRATIONS);
    await expectIntact(home, next);
  });
});

test('migrations that shipped are as they shipped', () => {
  const folder = new URL('../../src/store/migrations/', import.meta.url);
  const shipped = readdirSync(folder).filter((file) => /^\d/.test(file));
  const sums = shipped.map(
    (file) =>
      `${file} ${createHash('sha256')
        .update(readFileSync(new URL(file, folder)))
        .digest('hex')
        .slice(0, 16)}`,
  );
  // A new migration adds a line; a line that changes means that stores already out there would differ.
  expect(sums).toMatchInlineSnapshot(`
    [
      "0001-spine.ts 7e9111d16cf55584",
      "0002-sheets.ts a9a9f8307b80a456",
      "0003-statements.ts a93b9750cce4ce8b",
      "0004-stated-at.ts 093d5081d10572e3",
    ]
  `);
  expect(shipped.map((file) => file.replace('.ts', ''))).toEqual(Object.keys(MIGRATIONS));
});
