import { afterEach, describe, expect, test } from 'vitest';
import type { Attempt, DossierFilter, Store, Tx } from '../../src/store/contract.ts';
import { CodeTaken } from '../../src/store/index.ts';
import { type Engine, engines } from './engines.ts';
import { attemptOf, auditOf, baseOf, codeOf, dossierOf, holdOf, linkOf, lookupsOf, NOW, stepOf } from './given.ts';

const { memory, disk, postgres } = engines();

describe.each([memory, disk, postgres])('a store, $name', (engine: Engine) => {
  const open: Store[] = [];
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });
  const fresh = async (): Promise<Store> => {
    const store = await (await engine.fresh()).open();
    open.push(store);
    return store;
  };
  /** A store that holds dossier 1 with its link. */
  const filled = async (then: (tx: Tx) => Promise<void> = async () => undefined): Promise<Store> => {
    const store = await fresh();
    await store.write(async (tx) => {
      await tx.dossiers.insert(dossierOf(codeOf(1)), lookupsOf('099000000001'));
      await tx.links.insert(linkOf(codeOf(1)));
      await then(tx);
    });
    return store;
  };
  const link = linkOf(codeOf(1));
  const work = { id: link.id, system: link.system };
  const take = { now: NOW, leaseMs: 1000, most: 10 };

  describe('dossiers', () => {
    test('come back as they were given, by either code', async () => {
      const store = await filled();
      await store.read(async (tx) => {
        expect((await tx.dossiers.load([codeOf(1), codeOf(2)])).get(codeOf(1))).toEqual(dossierOf(codeOf(1)));
        expect(await tx.dossiers.byCode(codeOf(1))).toBe(codeOf(1));
        expect(await tx.dossiers.byCode(`G-${codeOf(1)}`)).toBe(codeOf(1));
        expect(await tx.dossiers.byCode('G-0')).toBeNull();
        expect((await tx.dossiers.load([])).size).toBe(0);
      });
    });

    test('a code is taken once, and the first dossier stays', async () => {
      const store = await filled();
      await expect(store.write((tx) => tx.dossiers.insert(dossierOf(codeOf(1), 'Khác'), []))).rejects.toThrow(CodeTaken);
      const dossiers = await store.read((tx) => tx.dossiers.load([codeOf(1)]));
      expect(dossiers.get(codeOf(1))).toEqual(dossierOf(codeOf(1)));
    });

    test('a writer who read an older hub version changes nothing', async () => {
      const store = await filled();
      const mine = dossierOf(codeOf(1), 'Nguyễn Văn Mẫu', { contentHash: 'mine' });
      expect(await store.write((tx) => tx.dossiers.replace(mine, 1, null))).toBe(true);
      expect(await store.write((tx) => tx.dossiers.replace(dossierOf(codeOf(1), 'Muộn'), 1, []))).toBe(false);
      await store.read(async (tx) => {
        expect((await tx.dossiers.load([codeOf(1)])).get(codeOf(1))).toEqual({ ...mine, hubVersion: 2 });
        expect(await tx.dossiers.find({ kind: 'identity', value: '099000000001' }, 5)).toEqual([codeOf(1)]);
      });
    });

    test('look-ups are found by kind and value, and replaced as a whole', async () => {
      const store = await filled();
      await store.write((tx) => tx.dossiers.replace(dossierOf(codeOf(1)), 1, [{ kind: 'phone', value: '0900000001' }]));
      await store.read(async (tx) => {
        expect(await tx.dossiers.find({ kind: 'phone', value: '0900000001' }, 5)).toEqual([codeOf(1)]);
        expect(await tx.dossiers.find({ kind: 'identity', value: '0900000001' }, 5)).toEqual([]);
        expect(await tx.dossiers.find({ kind: 'identity', value: '099000000001' }, 5)).toEqual([]);
      });
    });

    test('pages go by code without gap or repeat, and filter by head', async () => {
      const store = await fresh();
      const codes = [5, 3, 1, 4, 2].map(codeOf);
      await store.write(async (tx) => {
        for (const code of codes) await tx.dossiers.insert(dossierOf(code, 'Ví Dụ', { status: code === codeOf(4) ? 9 : 2 }), []);
      });
      await store.read(async (tx) => {
        const first = await tx.dossiers.page({}, null, 3);
        const second = await tx.dossiers.page({}, first.at(-1)?.head.code ?? null, 3);
        expect([...first, ...second].map((row) => row.head.code)).toEqual([...codes].sort());
        expect(first[0]?.head).toEqual(dossierOf(codeOf(1)).head);
        expect((await tx.dossiers.page({ status: 9, agency: 'H12.99', dueBefore: NOW * 2 }, null, 9)).map((row) => row.head.code)).toEqual([
          codeOf(4),
        ]);
        expect(await tx.dossiers.page({ agency: 'khác' }, null, 9)).toEqual([]);
        await expect(tx.dossiers.page({}, null, 0)).rejects.toThrow('1 to 10000');
      });
    });

    test('pages of what is open, was received before a day, or moved since one', async () => {
      const store = await fresh();
      const of = (n: number, status: 4 | 9, updatedAt: number, receivedAt = NOW) => {
        const plain = dossierOf(codeOf(n), 'Ví Dụ', { status, updatedAt });
        return { ...plain, head: { ...plain.head, receivedAt } };
      };
      const ended = { situation: 'ended', phase: 'handed-over' } as const;
      await store.write(async (tx) => {
        for (const dossier of [of(1, 4, 5), of(2, 9, 5), of(3, 9, 5), of(4, 9, 5), of(5, 9, 50), of(6, 9, 5, NOW + 1)]) {
          await tx.dossiers.insert(dossier, []);
        }
        await tx.links.insert(linkOf(codeOf(2), 'tax', { ...ended, updatedAt: 5 }));
        await tx.links.insert(linkOf(codeOf(3), 'tax', { situation: 'linked', phase: 'assigned', updatedAt: 5 }));
        await tx.links.insert(linkOf(codeOf(4), 'tax', { ...ended, updatedAt: 60 }));
        await tx.links.insert(linkOf(codeOf(6), 'tax', { situation: 'waiting', impossible: 'source', updatedAt: 5 }));
      });
      const page = async (filter: DossierFilter) =>
        (await store.read((tx) => tx.dossiers.page(filter, null, 10))).map(({ head }) => Number(head.code.slice(-1)));
      expect(await page({ open: true })).toEqual([1, 3]);
      expect(await page({ activeSince: 50 })).toEqual([1, 3, 4, 5]);
      expect(await page({ activeSince: 61 })).toEqual([1, 3]);
      expect(await page({ receivedBefore: NOW + 1 })).toEqual([1, 2, 3, 4, 5]);
      expect(await page({ open: true, agency: 'khác' })).toEqual([]);
    });

    test('more codes than one statement takes are loaded all the same', async () => {
      const store = await fresh();
      const codes = Array.from({ length: 700 }, (_, n) => codeOf(n));
      await store.write(async (tx) => {
        for (const code of codes) await tx.dossiers.insert(dossierOf(code), []);
      });
      expect((await store.read((tx) => tx.dossiers.load(codes))).size).toBe(700);
    });
  });

  describe('links and bases', () => {
    test('a saved link comes back whole, found by its key and its external id', async () => {
      const store = await filled();
      const saved = linkOf(codeOf(1), 'civil-status', {
        externalId: 'KS-1',
        situation: 'linked',
        phase: 'accepted',
        trust: 'verified',
        version: 'v7',
        sequence: 7,
        hand: 'by-hand',
        impossible: 'chưa có',
      });
      await store.write((tx) => tx.links.save(saved));
      await store.read(async (tx) => {
        expect((await tx.links.load([link.id])).get(link.id)).toEqual(saved);
        expect(await tx.links.ofDossiers([codeOf(1)])).toEqual([saved]);
        expect(await tx.links.byExternalId('civil-status', 'birth', ['KS-0', 'KS-1'])).toEqual([saved]);
        expect(await tx.links.byExternalId('tax', 'birth', ['KS-1'])).toEqual([]);
        expect(await tx.links.byKey('civil-status', 'birth', [codeOf(1)])).toEqual([saved]);
        expect(await tx.links.count()).toEqual([
          { system: 'civil-status', situation: 'linked', phase: 'accepted', trust: 'verified', count: 1 },
        ]);
      });
    });

    test('pages go over the links of one system', async () => {
      const store = await filled(async (tx) => {
        await tx.links.insert(linkOf(codeOf(1), 'tax'));
        await tx.dossiers.insert(dossierOf(codeOf(2)), []);
        await tx.links.insert(linkOf(codeOf(2)));
      });
      await store.read(async (tx) => {
        const first = await tx.links.page('civil-status', 'birth', null, 1);
        const second = await tx.links.page('civil-status', 'birth', first[0]?.id ?? null, 5);
        expect([...first, ...second].map((each) => each.code)).toEqual([codeOf(1), codeOf(2)]);
      });
    });

    test('statements of a link wait in the order they came, each until it is dropped', async () => {
      const store = await filled(async (tx) => {
        await tx.statements.append(codeOf(1), link.id, { said: 'một' });
        await tx.statements.append(codeOf(1), link.id, { said: 'hai' });
      });
      const waiting = async () => (await store.read((tx) => tx.statements.load([link.id]))).get(link.id);
      expect(await waiting()).toEqual([
        { seq: 1, content: { said: 'một' } },
        { seq: 2, content: { said: 'hai' } },
      ]);
      await store.write((tx) => tx.statements.drop(link.id, [1]));
      await store.write((tx) => tx.statements.append(codeOf(1), link.id, { said: 'ba' }));
      expect((await waiting())?.map(({ content }) => content)).toEqual([{ said: 'hai' }, { said: 'ba' }]);
      await store.write((tx) => tx.statements.drop(link.id, [2, 3]));
      expect(await waiting()).toBeUndefined();
    });

    test('a base keeps its lines, ring and snapshot, and the later save wins', async () => {
      const store = await filled((tx) => tx.bases.save(codeOf(1), baseOf(link.id, 'cũ')));
      const later = { ...baseOf(link.id, 'mới'), provisional: false };
      await store.write((tx) => tx.bases.save(codeOf(1), later));
      expect((await store.read((tx) => tx.bases.load([link.id]))).get(link.id)).toEqual(later);
    });
  });

  test('attempts come back whole; only open and parked ones are unsettled', async () => {
    const trouble = { kind: 'unsure', scope: 'record', code: 'http.timeout' } as const;
    const parked = attemptOf(link, 'a2', 'x', { state: 'parked', trouble, ticket: 't', verb: 'act', act: 'supplement', actSeq: 3 });
    const store = await filled(async (tx) => {
      await tx.attempts.insert(attemptOf(link, 'a1', 'x'));
      await tx.attempts.insert(parked);
      await tx.attempts.insert(attemptOf(link, 'a3', 'x'));
      await tx.attempts.save(attemptOf(link, 'a3', 'x', { state: 'done', endedAt: NOW }));
    });
    await store.read(async (tx) => {
      expect(await tx.attempts.unsettled([link.id])).toEqual([attemptOf(link, 'a1', 'x'), parked]);
      expect((await tx.attempts.ofDossier(codeOf(1))).map((each) => each.state)).toEqual(['open', 'parked', 'done']);
      expect(await tx.attempts.byId('a2')).toEqual(parked);
      expect(await tx.attempts.byId('a9')).toBeNull();
    });
  });

  test('sheets that wait for a person are paged by id; closed ones, other attempts and erased dossiers are not among them', async () => {
    const other = linkOf(codeOf(2));
    const sheet = (id: string, change: Partial<Attempt> = {}) => attemptOf(link, id, 'x', { verb: 'by-hand', sends: 0, ...change });
    const gone = attemptOf(other, 's2', 'x', { verb: 'by-hand' });
    const store = await filled(async (tx) => {
      await tx.dossiers.insert(dossierOf(codeOf(2)), []);
      await tx.links.insert(other);
      for (const attempt of [sheet('s1'), gone, sheet('s3', { state: 'done', endedAt: NOW }), sheet('s4', { state: 'parked' })])
        await tx.attempts.insert(attempt);
      await tx.attempts.insert(attemptOf(link, 's5', 'x'));
      await tx.attempts.insert(sheet('s6'));
    });
    const page = (after: string | null, most: number) => store.read((tx) => tx.attempts.sheets(after, most));
    expect((await page(null, 2)).map(({ id }) => id)).toEqual(['s1', 's2']);
    await store.write((tx) => tx.dossiers.erase(codeOf(2)));
    expect((await page(null, 2)).map(({ id }) => id)).toEqual(['s1', 's4']);
    expect(await page('s4', 2)).toEqual([sheet('s6')]);
  });

  describe('work', () => {
    const wake = (store: Store, at: number, priority: 0 | 1 | 2 | 3) => store.write((tx) => tx.work.wake(work, { at, priority }));
    const claim = (store: Store, now = NOW) => store.write((tx) => tx.work.claim('civil-status', { ...take, now }));
    const end = { nextDueAt: null, failures: 0, priority: 2 } as const;

    test('many wakes fold into one row: earliest due, most urgent', async () => {
      const store = await filled();
      await wake(store, NOW, 2);
      await wake(store, NOW - 5, 3);
      await wake(store, NOW + 5, 0);
      expect(await claim(store)).toEqual([
        {
          ...{ link: link.id, system: 'civil-status', dueAt: NOW - 5, priority: 0, dirty: 2, fence: 1 },
          leaseUntil: NOW + 1000,
          failures: 0,
        },
      ]);
    });

    test('claims give due rows only, most urgent first, each to one holder', async () => {
      const store = await fresh();
      await store.write(async (tx) => {
        const rows = [
          ['a', NOW, 2],
          ['b', NOW - 9, 2],
          ['c', NOW, 0],
          ['d', NOW + 1, 0],
        ] as const;
        for (const [id, at, priority] of rows) await tx.work.wake({ id, system: 'civil-status' }, { at, priority });
      });
      const first = await store.write((tx) => tx.work.claim('civil-status', { ...take, most: 2 }));
      const second = await claim(store);
      expect([...first, ...second].map((row) => row.link)).toEqual(['c', 'b', 'a']);
      expect(await claim(store)).toEqual([]);
    });

    test('a finished row is gone, and one woken meanwhile is due at once', async () => {
      const store = await filled();
      await wake(store, NOW, 1);
      const [first] = await claim(store);
      await wake(store, NOW, 0);
      expect(await store.write(async (tx) => first !== undefined && tx.work.finish(first, end))).toBe(true);
      const [second] = await claim(store);
      expect(second?.priority).toBe(0);
      expect(await store.write(async (tx) => second !== undefined && tx.work.finish(second, end))).toBe(true);
      expect(await store.read((tx) => tx.work.backlog())).toEqual([]);
      expect(await store.read((tx) => tx.work.nextDue('civil-status'))).toBeNull();
      expect(await claim(store, NOW * 2)).toEqual([]);
    });

    test('a row with a next time waits for it, with its failures and priority', async () => {
      const store = await filled();
      await wake(store, NOW, 0);
      const [row] = await claim(store);
      expect(await store.read((tx) => tx.work.nextDue('civil-status'))).toBe(NOW + 1000);
      await store.write(async (tx) => row !== undefined && tx.work.finish(row, { nextDueAt: NOW + 50, failures: 3, priority: 2 }));
      expect(await claim(store)).toEqual([]);
      expect(await store.read((tx) => tx.work.nextDue('civil-status'))).toBe(NOW + 50);
      expect(await store.read((tx) => tx.work.backlog())).toEqual([{ system: 'civil-status', count: 1, oldestDueAt: NOW + 50 }]);
      expect(await store.read((tx) => tx.work.ofLinks([row?.link ?? '', 'no such link']))).toMatchObject([
        { dueAt: NOW + 50, failures: 3 },
      ]);
      expect(await claim(store, NOW + 50)).toMatchObject([{ failures: 3, priority: 2 }]);
    });

    test('waiting rows of links are seen without being taken', async () => {
      const store = await filled();
      await wake(store, NOW, 1);
      expect(await store.read((tx) => tx.work.ofLinks([link.id, 'khác']))).toMatchObject([{ link: link.id, dueAt: NOW, leaseUntil: null }]);
      const [row] = await claim(store);
      expect(await store.read((tx) => tx.work.ofLinks([link.id]))).toMatchObject([{ leaseUntil: NOW + 1000 }]);
      await store.write(async (tx) => row !== undefined && tx.work.finish(row, end));
      expect(await store.read((tx) => tx.work.ofLinks([link.id]))).toEqual([]);
    });

    test('a holder whose lease ran out is fenced off and changes nothing', async () => {
      const store = await filled();
      await wake(store, NOW, 1);
      const [zombie] = await claim(store);
      const [holder] = await claim(store, NOW + 1000);
      if (zombie === undefined || holder === undefined) throw new Error('both must have claimed the row');
      expect(holder.fence).toBeGreaterThan(zombie.fence);
      expect(await store.write((tx) => tx.work.holds(link.id, zombie.fence))).toBe(false);
      expect(await store.write((tx) => tx.work.finish(zombie, end))).toBe(false);
      expect(await store.write((tx) => tx.work.holds(link.id, holder.fence))).toBe(true);
    });

    test('a zombie stays fenced off after the row went and came again', async () => {
      const store = await filled();
      await wake(store, NOW, 1);
      const [zombie] = await claim(store);
      const [holder] = await claim(store, NOW + 1000);
      if (zombie === undefined || holder === undefined) throw new Error('both must have claimed the row');
      await store.write((tx) => tx.work.finish(holder, end));
      await wake(store, NOW, 1);
      const [next] = await claim(store, NOW + 2000);
      expect(next?.failures).toBe(0);
      expect(await store.write((tx) => tx.work.holds(link.id, zombie.fence))).toBe(false);
      expect(await store.write((tx) => tx.work.finish(holder, end))).toBe(false);
    });

    test('listeners hear of a wake after its commit, and not of one rolled back', async () => {
      const store = await filled();
      const heard: string[] = [];
      const stop = store.onWake((system) => heard.push(system));
      await expect(
        store.write(async (tx) => {
          await tx.work.wake({ id: 'x', system: 'tax' }, { at: NOW, priority: 1 });
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      await wake(store, NOW, 1);
      await expect.poll(() => heard).toEqual(['civil-status']);
      stop();
      await wake(store, NOW, 1);
      expect(heard).toEqual(['civil-status']);
    });
  });

  describe('holds', () => {
    test('the same reason again folds into the open hold and renews its words', async () => {
      const store = await filled(async (tx) => {
        await tx.holds.insert(holdOf(codeOf(1), 'h1', { detail: { ours: 'a' } }));
        await tx.holds.insert(holdOf(codeOf(1), 'h2', { detail: { ours: 'b' }, openedAt: NOW + 9 }));
        await tx.holds.insert(holdOf(codeOf(1), 'h3', { path: null, link: link.id }));
      });
      const holds = await store.read((tx) => tx.holds.page({ open: true }, null, 10));
      expect(holds.map((hold) => hold.id)).toEqual(['h1', 'h3']);
      expect(holds[0]).toEqual(holdOf(codeOf(1), 'h1', { detail: { ours: 'b' } }));
    });

    test('a question about a code that has no dossier yet is kept, and the dossier can come after it', async () => {
      const store = await fresh();
      await store.write((tx) => tx.holds.insertUnfiled(holdOf(codeOf(1), 'h1')));
      expect((await store.read((tx) => tx.holds.live([codeOf(1)]))).map((hold) => hold.id)).toEqual(['h1']);
      await store.write((tx) => tx.dossiers.insert(dossierOf(codeOf(1)), []));
      await expect(store.write((tx) => tx.dossiers.insert(dossierOf(codeOf(1)), []))).rejects.toThrow(CodeTaken);
      await store.read(async (tx) => {
        expect((await tx.dossiers.load([codeOf(1)])).get(codeOf(1))).toEqual(dossierOf(codeOf(1)));
        expect(await tx.holds.byId('h1')).toEqual(holdOf(codeOf(1), 'h1'));
      });
    });

    test('the code of an erased dossier takes no question and no dossier', async () => {
      const store = await filled();
      await store.write((tx) => tx.dossiers.erase(codeOf(1)));
      await expect(store.write((tx) => tx.holds.insertUnfiled(holdOf(codeOf(1), 'h1')))).rejects.toThrow('erased');
      await expect(store.write((tx) => tx.dossiers.insert(dossierOf(codeOf(1)), []))).rejects.toThrow(CodeTaken);
    });

    test('a closed reason may open again', async () => {
      const store = await filled((tx) => tx.holds.insert(holdOf(codeOf(1), 'h1')));
      const decision = { name: 'value', value: '099000000001', by: 'cán bộ', at: NOW } as const;
      const answered = holdOf(codeOf(1), 'h1', { closedAt: NOW, decision });
      await store.write(async (tx) => {
        await tx.holds.save(answered);
        await tx.holds.insert(holdOf(codeOf(1), 'h2'));
      });
      await store.read(async (tx) => {
        expect(await tx.holds.byId('h1')).toEqual(answered);
        expect((await tx.holds.live([codeOf(1)])).map((hold) => hold.id)).toEqual(['h1', 'h2']);
      });
      await store.write((tx) => tx.holds.save({ ...answered, applied: true }));
      expect((await store.read((tx) => tx.holds.live([codeOf(1)]))).map((hold) => hold.id)).toEqual(['h2']);
    });

    test('pages filter by desk, system, cause, kind and code', async () => {
      const store = await filled(async (tx) => {
        await tx.holds.insert(holdOf(codeOf(1), 'h1', { link: link.id }));
        await tx.holds.insert(holdOf(codeOf(1), 'h2', { kind: 'conflict', desk: 'official', cause: 'line:sex' }));
      });
      const ids = async (filter: Parameters<Tx['holds']['page']>[0]) =>
        (await store.read((tx) => tx.holds.page(filter, null, 10))).map((hold) => hold.id);
      expect(await ids({ desk: 'official' })).toEqual(['h2']);
      expect(await ids({ system: 'civil-status' })).toEqual(['h1']);
      expect(await ids({ cause: 'line:sex', kind: 'conflict', code: codeOf(1) })).toEqual(['h2']);
      expect(await ids({ open: false })).toEqual([]);
    });

    test('an incident counts open holds of one cause and names the nearest deadline', async () => {
      const store = await filled(async (tx) => {
        const soon = dossierOf(codeOf(2));
        await tx.dossiers.insert({ ...soon, head: { ...soon.head, dueAt: NOW + 5 } }, []);
        await tx.holds.insert(holdOf(codeOf(1), 'h1'));
        await tx.holds.insert(holdOf(codeOf(2), 'h2', { openedAt: NOW + 1 }));
        await tx.holds.insert(holdOf(codeOf(2), 'h3', { cause: 'khác', closedAt: NOW }));
      });
      const { vi, en } = holdOf(codeOf(1), 'h1');
      expect(await store.read((tx) => tx.holds.incidents())).toEqual([
        { cause: 'crosswalk:ethnic:khơ-me', kind: 'unknown-code', desk: 'integrator', count: 2, since: NOW, vi, en, nextDueAt: NOW + 5 },
      ]);
    });
  });

  test('progress is numbered within its dossier across transactions', async () => {
    const store = await fresh();
    await store.write((tx) => tx.progress.append([stepOf('a', 'sent'), stepOf('b', 'sent'), stepOf('a', 'accepted')]));
    await Promise.all(['assigned', 'issued'].map((name) => store.write((tx) => tx.progress.append([stepOf('a', name)]))));
    const entries = await store.read((tx) => tx.progress.ofDossiers(['a', 'b']));
    expect(entries.map((entry) => [entry.code, entry.seq, entry.name])).toEqual([
      ['a', 1, 'sent'],
      ['a', 2, 'accepted'],
      ['a', 3, 'assigned'],
      ['a', 4, 'issued'],
      ['b', 1, 'sent'],
    ]);
    expect(entries[0]).toEqual({ ...stepOf('a', 'sent'), seq: 1 });
  });

  test('nonces are taken once, cursors keep the last value, budgets add up by day', async () => {
    const store = await fresh();
    const item = { id: 'i', system: 'tax', nonce: 'n', receivedAt: NOW };
    expect(await store.write((tx) => tx.inbox.take(item))).toBe(true);
    expect(await store.write((tx) => tx.inbox.take({ ...item, id: 'j' }))).toBe(false);
    await store.write((tx) => tx.inbox.forgetBefore(NOW));
    expect(await store.write((tx) => tx.inbox.take(item))).toBe(false);
    await store.write((tx) => tx.inbox.forgetBefore(NOW + 1));
    expect(await store.write((tx) => tx.inbox.take(item))).toBe(true);
    await store.write(async (tx) => {
      await tx.cursors.save('tax', 'changes', '1');
      await tx.cursors.save('tax', 'changes', '2');
      expect(await tx.budgets.spend('tax', 'writes', '2026-06-01', 2)).toBe(2);
      expect(await tx.budgets.spend('tax', 'writes', '2026-06-01', 3)).toBe(5);
      expect(await tx.budgets.spend('tax', 'writes', '2026-06-02', 1)).toBe(1);
    });
    expect(await store.read((tx) => tx.cursors.load('tax', 'changes'))).toBe('2');
    expect(await store.read((tx) => tx.cursors.load('tax', 'khác'))).toBeNull();
  });

  test('a file is readable once complete, chunk by chunk', async () => {
    const store = await filled();
    const mark = { name: 'giấy.pdf', mime: 'application/pdf', sizeBytes: 5, chunks: 2 };
    const [one, two] = [Buffer.from([1, 2, 3]), Buffer.from([4, 5])];
    await store.write(async (tx) => {
      expect(await tx.files.putChunk(codeOf(1), 'ff', 0, one)).toBe(true);
      expect(await tx.files.putChunk(codeOf(1), 'ff', 0, one)).toBe(false);
      await tx.files.putChunk(codeOf(1), 'ff', 1, two);
      expect(await tx.files.chunk(codeOf(1), 'ff', 0)).toBeNull();
      expect(await tx.files.stat(codeOf(1), 'ff')).toBeNull();
      await tx.files.complete(codeOf(1), { hash: 'ff', ...mark });
      await expect(tx.files.putChunk(codeOf(1), 'ff', 2, new Uint8Array(256 * 1024 + 1))).rejects.toThrow('at most');
    });
    await store.read(async (tx) => {
      expect(await tx.files.stat(codeOf(1), 'ff')).toEqual(mark);
      expect(Buffer.from((await tx.files.chunk(codeOf(1), 'ff', 1)) ?? [])).toEqual(two);
    });
  });

  test('tokens are found by hash and revoked once; switches keep JSON', async () => {
    const store = await fresh();
    const token = {
      id: 't',
      hash: 'hh',
      name: 'một cửa',
      scopes: ['dossiers'],
      agencies: null,
      createdAt: NOW,
      expiresAt: null,
      revokedAt: null,
    };
    await store.write(async (tx) => {
      await tx.tokens.insert(token);
      await tx.tokens.revoke('t', NOW + 1);
      await tx.tokens.revoke('t', NOW + 2);
      await tx.switches.set('mode', { tax: 'read' }, 'vận hành', NOW);
      await tx.switches.set('mode', { tax: 'auto' }, 'vận hành', NOW);
    });
    await store.read(async (tx) => {
      expect(await tx.tokens.byHash('hh')).toEqual({ ...token, revokedAt: NOW + 1 });
      expect(await tx.tokens.byHash('h')).toBeNull();
      expect(await tx.tokens.all()).toHaveLength(1);
      expect(await tx.switches.get('mode')).toEqual({ tax: 'auto' });
      expect(await tx.switches.all()).toEqual(new Map([['mode', { tax: 'auto' }]]));
    });
  });

  test('what was erased cannot be read any more, and the audit chain still holds', async () => {
    const store = await filled(async (tx) => {
      await tx.links.save({ ...link, externalId: 'KS-1' });
      await tx.bases.save(codeOf(1), baseOf(link.id, 'x'));
      await tx.attempts.insert(attemptOf(link, 'a1', 'x'));
      await tx.holds.insert(holdOf(codeOf(1), 'h1'));
      await tx.work.wake(work, { at: NOW, priority: 1 });
      await tx.files.putChunk(codeOf(1), 'ff', 0, new Uint8Array(3));
      await tx.files.complete(codeOf(1), { hash: 'ff', name: 'a', mime: 'b', sizeBytes: 3, chunks: 1 });
      await tx.audit.append([auditOf(codeOf(1), 'intake')]);
    });
    await store.write((tx) => tx.dossiers.erase(codeOf(1)));
    await store.read(async (tx) => {
      expect((await tx.dossiers.load([codeOf(1)])).size).toBe(0);
      expect((await tx.bases.load([link.id])).size).toBe(0);
      expect(await tx.attempts.ofDossier(codeOf(1))).toEqual([]);
      expect(await tx.holds.page({}, null, 10)).toEqual([]);
      expect(await tx.files.stat(codeOf(1), 'ff')).toBeNull();
      expect(await tx.dossiers.find({ kind: 'identity', value: '099000000001' }, 5)).toEqual([]);
      expect((await tx.links.load([link.id])).get(link.id)?.externalId).toBeNull();
      expect(await tx.work.backlog()).toEqual([]);
      expect(await tx.audit.verify(null)).toEqual({ chains: 1, entries: 1, broken: [] });
    });
    await expect(store.write((tx) => tx.dossiers.insert(dossierOf(codeOf(1)), []))).rejects.toThrow(CodeTaken);
    expect(await store.write((tx) => tx.dossiers.replace(dossierOf(codeOf(1)), 1, null))).toBe(false);
    await expect(store.write((tx) => tx.bases.save(codeOf(1), baseOf(link.id, 'x')))).rejects.toThrow('erased');
  });
});
