import { CompiledQuery } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openWriter } from '../../src/store/commit.ts';
import { openStore } from '../../src/store/index.ts';
import { sqliteEngine } from '../../src/store/sqlite.ts';
import { keyCache, openVault } from '../../src/store/vault.ts';
import { type Engine, engines } from './engines.ts';
import { auditOf, codeOf, dossierOf, keysOf, linkOf, lookupsOf, NOW, ports, stepOf } from './given.ts';

const { memory, disk, postgres } = engines();

describe.each([memory, disk, postgres])('group commit, $name', (engine: Engine) => {
  test('neighbours share one commit, and one that throws takes nobody with it', async () => {
    const store = await (await engine.fresh()).open();
    const before = store.counted().commits;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) =>
        store.write(async (tx) => {
          await tx.cursors.save('tax', `n${n}`, 'x');
          if (n % 10 === 3) throw new Error(`no ${n}`);
          return n;
        }),
      ),
    );
    expect(store.counted().commits - before).toBeLessThanOrEqual(2);
    const kept = await store.read(async (tx) => {
      const found: number[] = [];
      for (let n = 0; n < 40; n += 1) if ((await tx.cursors.load('tax', `n${n}`)) !== null) found.push(n);
      return found;
    });
    const fulfilled = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(kept).toEqual(fulfilled);
    expect(outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => String(outcome.reason))).toEqual(
      [3, 13, 23, 33].map((n) => `Error: no ${n}`),
    );
    await store.close();
  });

  test('one alone that throws leaves nothing, and the next write goes on', async () => {
    const store = await (await engine.fresh()).open();
    const alone = store.write(async (tx) => {
      await tx.cursors.save('tax', 'a', 'x');
      throw new Error('no');
    });
    await expect(alone).rejects.toThrow('no');
    expect(await store.read((tx) => tx.cursors.load('tax', 'a'))).toBeNull();
    await store.write((tx) => tx.cursors.save('tax', 'a', 'y'));
    expect(await store.read((tx) => tx.cursors.load('tax', 'a'))).toBe('y');
    await store.close();
  });

  test('a full queue refuses, a closed store refuses, and what was queued is kept', async () => {
    const home = await engine.fresh();
    const store = await home.open({ limits: { queue: 2, batch: 1 } });
    const save = (name: string) => store.write((tx) => tx.cursors.save('tax', name, 'x'));
    const queued = Promise.all([save('a'), save('b')]);
    await expect(save('c')).rejects.toMatchObject({ code: 'busy' });
    await queued;
    const last = save('d');
    await store.close();
    await last;
    await expect(save('e')).rejects.toMatchObject({ code: 'closed' });
  });

  test('a dossier costs this many statements and one commit', async () => {
    const store = await (await engine.fresh()).open();
    const code = codeOf(1);
    const before = store.counted();
    await store.write(async (tx) => {
      await tx.dossiers.insert(dossierOf(code), lookupsOf('099000000001'));
      await tx.links.insert(linkOf(code));
      await tx.work.wake({ id: linkOf(code).id, system: 'civil-status' }, { at: NOW, priority: 1 });
      await tx.progress.append([stepOf(code, 'received')]);
      await tx.audit.append([auditOf(code, 'intake')]);
    });
    const after = store.counted();
    // begin, key, dossier, look-ups, link, work, 2 progress, 3 audit, commit; PostgreSQL also notifies.
    expect(after.statements - before.statements).toBe(store.dialect === 'postgres' ? 13 : 12);
    expect(after.commits - before.commits).toBe(1);
    await store.close();
  });
});

test('a commit that fails rejects everyone in it, and the next batch is not harmed', async () => {
  const engine = await sqliteEngine(':memory:', null);
  const writer = openWriter({
    engine,
    gather: () => Promise.resolve(),
    limits: { queue: 100, batch: 100 },
    unitOf: (db) => ({
      db,
      dialect: 'sqlite',
      vault: openVault(db, keysOf(1), keyCache(keysOf(1))),
      hash: (_, value) => value,
      woken: new Set(),
      erased: new Set(),
    }),
  });
  // The link of a dossier that is not there is found only at the commit.
  await engine.db.executeQuery(CompiledQuery.raw('pragma defer_foreign_keys = on'));
  const outcomes = await Promise.allSettled([
    writer.write((tx) => tx.links.insert(linkOf(codeOf(1)))),
    writer.write((tx) => tx.cursors.save('tax', 'a', 'x')),
  ]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  await writer.write((tx) => tx.cursors.save('tax', 'b', 'x'));
  expect(await writer.write((tx) => tx.cursors.load('tax', 'a'))).toBeNull();
  expect(await writer.write((tx) => tx.links.ofDossiers([codeOf(1)]))).toEqual([]);
  await writer.close();
  await engine.close();
});

test('a store in memory needs no turn of the event loop, so that a simulation over it repeats exactly', async () => {
  const store = await openStore({ engine: { kind: 'sqlite', file: ':memory:' }, ...ports() });
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  for (let n = 0; n < 50; n += 1) await store.write((tx) => tx.dossiers.insert(dossierOf(codeOf(n)), []));
  await store.read((tx) => tx.dossiers.load([codeOf(1)]));
  expect(turned).toBe(false);
  await store.close();
});
