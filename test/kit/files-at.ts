import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangesPage } from '../../src/kit/contract.ts';
import { csvRows } from '../../src/kit/files/csv.ts';
import { type Inbox, type InboxOptions, openInbox } from '../../src/kit/files/inbox.ts';
import type { FilePlace } from '../../src/kit/files/place.ts';
import type { TextRow } from '../../src/kit/files/table.ts';
import { type TestClock, testClock } from '../../src/kit/proof/bench.ts';
import { isTrouble, type TroubleDetail } from '../../src/kit/trouble.ts';

/** A folder that both sides see: the adapter through a place, the counterpart by hand. */
export interface Shared {
  readonly root: string;
  readonly place: FilePlace;
  readonly clock: TestClock;
  drop(name: string, text: string | Uint8Array): void;
  names(folder: string): readonly string[];
  text(path: string): string;
  close(): Promise<void>;
}

export const signal = new AbortController().signal;
export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

export async function share(open: (root: string) => Promise<FilePlace>): Promise<Shared> {
  const root = mkdtempSync(join(tmpdir(), 'motlan-files-'));
  for (const folder of ['vao', 'ra']) mkdirSync(join(root, folder));
  const place = await open(root);
  return {
    root,
    place,
    clock: testClock(Date.UTC(2026, 10, 24, 3)),
    drop: (name, text) => {
      writeFileSync(join(root, 'vao', `.${name}.x`), text);
      renameSync(join(root, 'vao', `.${name}.x`), join(root, 'vao', name));
    },
    names: (folder) => (existsSync(join(root, folder)) ? below(join(root, folder)).sort() : []),
    text: (path) => readFileSync(join(root, path), 'utf8'),
    close: async () => {
      await place.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const below = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? below(join(folder, entry.name)).map((name) => `${entry.name}/${name}`) : [entry.name],
  );

export function inboxOf(shared: Shared, more: Partial<InboxOptions<TextRow>> = {}): Inbox {
  return openInbox<TextRow>({
    place: shared.place,
    folder: 'vao',
    archive: 'luu',
    accepts: (name) => name.endsWith('.csv'),
    whole: { by: 'rename' },
    rows: (bytes) => csvRows(bytes, { columns: ['ma'] }),
    touch: (row) =>
      row.ten === 'xấu'
        ? [{ path: 'ten', code: 'ten.bad', vi: 'sai', en: 'wrong' }]
        : { kind: 'item', id: row.ma ?? '', key: null, sighting: null },
    clock: shared.clock,
    ...more,
  });
}

export interface Taken {
  readonly ids: readonly (string | null)[];
  readonly refused: readonly string[];
  readonly cursor: string;
}

/** Pages until nothing more is said to come, as the engine reads them. */
export async function takeAll(inbox: Inbox, from: string | null = null): Promise<Taken> {
  const ids: (string | null)[] = [];
  const refused: string[] = [];
  let cursor = from;
  for (let turn = 0; turn < 50; turn += 1) {
    const page: ChangesPage = await inbox.changes(cursor, signal);
    ids.push(...page.touches.map(({ id }) => id));
    for (const { file, line, issues } of page.refused ?? []) refused.push(`${file}:${line} ${issues.map(({ code }) => code).join(' ')}`);
    cursor = page.cursor;
    if (!page.more) return { ids, refused, cursor };
  }
  throw new Error('the pages do not end');
}

export async function detailOf(run: Promise<unknown>): Promise<TroubleDetail> {
  const error: unknown = await run.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (isTrouble(error)) return error.detail;
  throw new Error('no trouble came', { cause: error });
}

/** A place that breaks at its n-th operation: before the operation is done, or after it was done and its answer lost. */
export function breaking(place: FilePlace, at: number, after: boolean): FilePlace {
  let count = 0;
  const broken =
    <A extends unknown[], R>(run: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      count += 1;
      if (count === at && !after) throw new Error('broken off');
      const done = await run(...given);
      if (count >= at) throw new Error('broken off');
      return done;
    };
  return {
    list: broken(place.list),
    look: broken(place.look),
    read: broken(place.read),
    write: broken(place.write),
    move: broken(place.move),
    makeFolder: broken(place.makeFolder),
    close: place.close,
  };
}
