import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangesPage } from '../../src/kit/contract.ts';
import { openOutbox } from '../../src/kit/files/outbox.ts';
import type { FilePlace } from '../../src/kit/files/place.ts';
import { breaking, detailOf, inboxOf, type Shared, sha, share, signal, takeAll } from './files-at.ts';

/** What inbox and outbox must keep at any place; run over a folder here and over a real SFTP server. */
export function exchangeAt(name: string, open: (root: string) => Promise<FilePlace>): void {
  let shared: Shared;
  beforeEach(async () => {
    shared = await share(open);
  });
  afterEach(() => shared.close());
  const inFolder = () => shared.names('vao');

  describe(`files in, ${name}`, () => {
    it('gives the rows of each file in the order of names, in pages, and ends', async () => {
      shared.drop('b.csv', 'ma\n4\n5\n');
      shared.drop('a.csv', 'ma\n1\n2\n3\n');
      expect(await takeAll(inboxOf(shared, { rowsACall: 2 }))).toMatchObject({ ids: ['1', '2', '3', '4', '5'], refused: [] });
    });

    it('archives a file only once a later call shows that the engine kept it', async () => {
      const text = 'ma\n1\n';
      shared.drop('a.csv', text);
      const inbox = inboxOf(shared);
      const first = await inbox.changes(null, signal);
      expect([first.touches.length, inFolder()]).toEqual([1, ['a.csv']]);
      expect((await inbox.changes(null, signal)).touches).toEqual(first.touches);
      expect((await inboxOf(shared).changes(first.cursor, signal)).touches).toEqual([]);
      expect(inFolder()).toEqual([]);
      expect(shared.names('luu')).toEqual([`2026-11-24/${sha(text).slice(0, 12)}-a.csv`, `taken/${sha(text)}`]);
      expect(shared.text(`luu/2026-11-24/${sha(text).slice(0, 12)}-a.csv`)).toBe(text);
    });

    it('goes on in the middle of a file from a kept cursor, in another process too', async () => {
      shared.drop('a.csv', 'ma\n1\n2\n3\n4\n5\n');
      const first = await inboxOf(shared, { rowsACall: 2 }).changes(null, signal);
      expect((await takeAll(inboxOf(shared, { rowsACall: 2 }), first.cursor)).ids).toEqual(['3', '4', '5']);
    });

    it('takes no content twice, under whatever name it comes again', async () => {
      const inbox = inboxOf(shared);
      shared.drop('a.csv', 'ma\n1\n');
      const { cursor } = await takeAll(inbox);
      shared.drop('b.csv', 'ma\n1\n');
      shared.drop('c.csv', 'ma\n2\n');
      shared.drop('a.csv', 'ma\n1\n');
      expect(await takeAll(inbox, cursor)).toMatchObject({ ids: ['2'], refused: [] });
      expect(shared.names('luu').filter((path) => path.includes('again'))).toHaveLength(1);
      expect(inFolder()).toEqual(['c.csv']);
    });

    it('takes another content under a name that was there before', async () => {
      const inbox = inboxOf(shared);
      shared.drop('a.csv', 'ma\n1\n');
      const first = await inbox.changes(null, signal);
      shared.drop('a.csv', 'ma\n2\n');
      expect((await takeAll(inbox, first.cursor)).ids).toEqual(['2']);
    });

    it('tells bad rows with file, line and reason, and takes the good ones', async () => {
      shared.drop('a.csv', 'ma,ten\n1,A\n2,xấu\n3,"B\n4,C\n');
      expect(await takeAll(inboxOf(shared))).toMatchObject({ ids: ['1', '4'], refused: ['a.csv:3 ten.bad', 'a.csv:4 file.row-damaged'] });
    });

    it('refuses a file that is none, puts it aside, and takes the next one', async () => {
      shared.drop('a.csv', 'khác\n1\n');
      shared.drop('b.csv', 'ma\n1\n');
      const inbox = inboxOf(shared);
      const { ids, refused, cursor } = await takeAll(inbox);
      expect([ids, refused]).toEqual([['1'], ['a.csv:0 file.column-missing']]);
      await inbox.changes(cursor, signal);
      expect(inFolder()).toEqual([]);
      expect(shared.names('luu').filter((path) => path.includes('/refused/'))).toHaveLength(1);
      // Mended and put back under its name, it is taken.
      shared.drop('a.csv', 'ma\n7\n');
      expect((await takeAll(inbox, cursor)).ids).toEqual(['7']);
    });

    it('keeps to its limits of bytes and rows, and stops at no such file', async () => {
      shared.drop('a.csv', `ma\n${'1'.repeat(200)}\n`);
      shared.drop('b.csv', 'ma\n1\n2\n3\n');
      const inbox = inboxOf(shared, { limits: { mostBytes: 100, mostRows: 2 } });
      const { ids, refused, cursor } = await takeAll(inbox);
      expect([ids, refused]).toEqual([
        ['1', '2'],
        ['a.csv:0 file.too-large', 'b.csv:4 file.too-many-rows'],
      ]);
      await inbox.changes(cursor, signal);
      expect(inFolder()).toEqual([]);
    });

    it('reads no file that is still being written', async () => {
      for (const part of ['.a.csv', 'a.csv.part', '~$a.csv', 'a.csv.filepart']) writeFileSync(join(shared.root, 'vao', part), 'ma\n1\n');
      mkdirSync(join(shared.root, 'vao', 'thu-muc.csv'));
      expect((await takeAll(inboxOf(shared, { accepts: () => true }))).ids).toEqual([]);
    });

    it('waits until size and time of a file stand still, where that is the rule', async () => {
      const inbox = inboxOf(shared, { whole: { by: 'quiet', ms: 60_000 } });
      shared.drop('a.csv', 'ma\n1\n');
      const ids = async () => (await inbox.changes('', signal)).touches.map(({ id }) => id);
      expect(await ids()).toEqual([]);
      shared.clock.advance(59_000);
      shared.drop('a.csv', 'ma\n1\n2\n');
      expect(await ids()).toEqual([]);
      shared.clock.advance(59_000);
      expect(await ids()).toEqual([]);
      shared.clock.advance(1_000);
      expect(await ids()).toEqual(['1', '2']);
    });

    it('waits for the marker, where that is the rule, and archives both', async () => {
      const inbox = inboxOf(shared, { whole: { by: 'marker', suffix: '.xong' } });
      shared.drop('a.csv', 'ma\n1\n');
      expect((await takeAll(inbox)).ids).toEqual([]);
      shared.drop('a.csv.xong', '');
      const { ids, cursor } = await takeAll(inbox);
      expect(ids).toEqual(['1']);
      await inbox.changes(cursor, signal);
      expect(inFolder()).toEqual([]);
    });

    it('tells when a file it was in the middle of is replaced or gone, and skips nothing of what came instead', async () => {
      for (const replaced of [true, false]) {
        shared.drop('a.csv', `ma\n1\n2\n3\n${replaced}\n`);
        const first = await inboxOf(shared, { rowsACall: 2 }).changes(null, signal);
        if (replaced) shared.drop('a.csv', 'ma\n8\n9\n');
        else unlinkSync(join(shared.root, 'vao', 'a.csv'));
        const rest = await takeAll(inboxOf(shared, { rowsACall: 2 }), first.cursor);
        expect(rest.refused).toEqual(['a.csv:0 file.changed']);
        expect(rest.ids).toEqual(replaced ? ['8', '9'] : []);
        for (const file of inFolder()) unlinkSync(join(shared.root, 'vao', file));
      }
    });

    it('follows no link out of the folder', async () => {
      writeFileSync(join(shared.root, 'bi-mat.csv'), 'ma\n1\n');
      symlinkSync(join(shared.root, 'bi-mat.csv'), join(shared.root, 'vao', 'a.csv'));
      expect((await takeAll(inboxOf(shared))).ids).toEqual([]);
    });

    it('is unavailable while the folder is away, and goes on when it is back', async () => {
      shared.drop('a.csv', 'ma\n1\n');
      renameSync(join(shared.root, 'vao'), join(shared.root, 'xa'));
      expect(await detailOf(inboxOf(shared).changes(null, signal))).toMatchObject({ kind: 'unavailable', scope: 'system' });
      renameSync(join(shared.root, 'xa'), join(shared.root, 'vao'));
      expect((await takeAll(inboxOf(shared))).ids).toEqual(['1']);
    });

    it('reads nothing once the signal has aborted', async () => {
      expect(await detailOf(inboxOf(shared).changes(null, AbortSignal.abort()))).toMatchObject({
        kind: 'unavailable',
        code: 'place.aborted',
      });
    });

    it('loses nothing and takes nothing twice wherever it breaks off', async () => {
      for (const after of [false, true])
        for (let at = 1; at <= 14; at += 1) {
          for (const folder of ['vao', 'luu']) rmSync(join(shared.root, folder), { recursive: true, force: true });
          mkdirSync(join(shared.root, 'vao'));
          shared.drop('a.csv', 'ma\n1\n2\n3\n');
          shared.drop('b.csv', 'ma\n4\n');
          shared.drop('c.csv', 'ma\n4\n');
          const kept: (string | null)[] = [];
          let cursor: string | null = null;
          // The engine keeps the touches and the cursor of a page that came whole, and calls again after a fall.
          for (let turn = 0; turn < 30; turn += 1) {
            const place = turn === 1 ? breaking(shared.place, at, after) : shared.place;
            const page: ChangesPage | null = await inboxOf({ ...shared, place }, { rowsACall: 2 })
              .changes(cursor, signal)
              .catch(() => null);
            if (page === null) continue;
            kept.push(...page.touches.map(({ id }) => id));
            if (page.cursor === cursor && !page.more) break;
            cursor = page.cursor;
          }
          expect([after, at, kept]).toEqual([after, at, ['1', '2', '3', '4']]);
          expect([after, at, inFolder()]).toEqual([after, at, []]);
        }
    });
  });

  describe(`files out, ${name}`, () => {
    const outbox = (place = shared.place, marker?: string) =>
      openOutbox({ place, folder: 'ra', sent: 'da-gui', ...(marker === undefined ? {} : { marker }) });
    const bytes = Buffer.from('<HoSo>Đào</HoSo>', 'utf8');

    it('stand under their name only when they are whole, and once', async () => {
      expect(await outbox().look('a.xml', signal)).toBe('none');
      expect(await outbox().put('a.xml', bytes, signal)).toBe('done');
      expect([shared.names('ra'), shared.text('ra/a.xml')]).toEqual([['a.xml'], '<HoSo>Đào</HoSo>']);
      expect(await outbox().look('a.xml', signal)).toBe('waiting');
      expect(await outbox().put('a.xml', bytes, signal)).toBe('already');
      unlinkSync(join(shared.root, 'ra', 'a.xml'));
      expect(await outbox().put('a.xml', bytes, signal)).toBe('already');
      expect([shared.names('ra'), await outbox().look('a.xml', signal)]).toEqual([[], 'taken']);
    });

    it('are put once wherever the putting breaks off, and taken once by a counterpart that takes at once', async () => {
      for (const after of [false, true])
        for (let at = 1; at <= 12; at += 1) {
          const file = `k-${after}-${at}.xml`;
          await outbox(breaking(shared.place, at, after), '.xong')
            .put(file, bytes, signal)
            .catch(() => null);
          const taken = takeReady();
          await outbox(shared.place, '.xong').put(file, bytes, signal);
          expect([after, at, [...taken, ...takeReady()]]).toEqual([after, at, [file]]);
          expect(shared.names('ra')).toEqual([]);
        }
    });

    /** The counterpart: takes whole files that have their marker, as soon as it looks. */
    function takeReady(): readonly string[] {
      const names = readdirSync(join(shared.root, 'ra'));
      const ready = names.filter((one) => !one.startsWith('.') && names.includes(`${one}.xong`));
      for (const one of ready) {
        expect(shared.text(`ra/${one}`)).toBe('<HoSo>Đào</HoSo>');
        for (const path of [one, `${one}.xong`]) unlinkSync(join(shared.root, 'ra', path));
      }
      return ready;
    }

    it('never overwrite a file of somebody else, and have plain names', async () => {
      writeFileSync(join(shared.root, 'ra', 'a.xml'), 'của người khác');
      expect(await detailOf(outbox().put('a.xml', bytes, signal))).toMatchObject({ kind: 'refused', code: 'place.exists' });
      expect(shared.text('ra/a.xml')).toBe('của người khác');
      for (const odd of ['../a.xml', 'a/b.xml', '.a', '', 'a\u0000', 'a:b', 'a.'])
        expect(await detailOf(outbox().put(odd, bytes, signal))).toMatchObject({ kind: 'setup', code: 'place.name' });
    });

    it('are not put once the signal has aborted', async () => {
      expect((await detailOf(outbox().put('a.xml', bytes, AbortSignal.abort()))).kind).toBe('unavailable');
      expect(shared.names('.')).toEqual([]);
    });
  });
}
