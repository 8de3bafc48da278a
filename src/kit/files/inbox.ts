import { createHash } from 'node:crypto';
import type { JsonObject } from '../../model/json.ts';
import type { Clock } from '../../model/ports.ts';
import type { ChangesPage, RefusedRow, Touch } from '../contract.ts';
import { type FieldIssue, isTrouble } from '../trouble.ts';
import { cursorText, type InboxCursor, readCursor } from './inbox-cursor.ts';
import { writeWhole } from './outbox.ts';
import { type FilePlace, goOn, isFileName, type PlacedFile } from './place.ts';
import { FILE_LIMITS, FileFault, type FileLimits, type FileRow, fileIssue } from './row.ts';
import { openWholeness, type Wholeness } from './whole.ts';

/**
 * Files from a system, as pages of changes. A file is archived only when a later call shows by its cursor that the engine kept
 * all of it: a fall in between reads it again. One that was taken under any name is not taken again.
 */
export interface Inbox {
  changes(cursor: string | null, signal: AbortSignal): Promise<ChangesPage>;
}

export interface InboxOptions<T = JsonObject> {
  readonly place: FilePlace;
  readonly folder: string;
  /** Our own folder: `<day>/` what was taken, `<day>/refused/`, `<day>/again/`, `taken/` a note for each content taken. */
  readonly archive: string;
  /** Whether a file of this name is one of this kind. */
  readonly accepts: (name: string) => boolean;
  readonly whole: Wholeness;
  /** Reads the rows of one file; FileFault for what cannot be read. */
  rows(bytes: Uint8Array, name: string): Iterable<FileRow<T>> | AsyncIterable<FileRow<T>>;
  /** What a good row says; issues where it is no record after all. */
  touch(value: T, from: { readonly file: string; readonly line: number }): Touch | readonly FieldIssue[];
  readonly clock: Clock;
  readonly limits?: Partial<FileLimits>;
  /** Most rows in one page; default 200. */
  readonly rowsACall?: number;
}

const DEFAULT_ROWS_A_CALL = 200;
const DAY_SHIFT_MS = 7 * 3_600_000;

/** A file being read: the next row it will give, and what it still holds. */
interface Reading<T> {
  readonly name: string;
  readonly hash: string;
  readonly rows: AsyncIterator<FileRow<T>>;
  next: number;
}

interface Taking<T> {
  readonly options: InboxOptions<T>;
  readonly limits: FileLimits;
  reading: Reading<T> | null;
}

export function openInbox<T>(options: InboxOptions<T>): Inbox {
  const taking: Taking<T> = { options, limits: { ...FILE_LIMITS, ...options.limits }, reading: null };
  const isWhole = openWholeness(options.whole, options.clock);
  return {
    changes: async (text, signal) => {
      goOn(signal);
      const cursor = readCursor(text);
      if (cursor !== null && cursor.next === 'end') await archive(options, cursor, signal);
      const listed = await options.place.list(options.folder, signal);
      const mine = listed.filter(({ name }) => isFileName(name) && options.accepts(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
      const whole = isWhole(mine, listed);
      if (cursor !== null && cursor.next !== 'end') return goOnReading(taking, cursor, mine, whole, signal);
      return nextFile(taking, text ?? '', whole, signal);
    },
  };
}

/** The rest of a file that an earlier page began. */
async function goOnReading<T>(
  taking: Taking<T>,
  cursor: InboxCursor & { readonly next: number },
  mine: readonly PlacedFile[],
  whole: readonly PlacedFile[],
  signal: AbortSignal,
): Promise<ChangesPage> {
  const here = cursorText(cursor);
  const isThere = mine.some(({ name }) => name === cursor.name);
  if (isThere && !whole.some(({ name }) => name === cursor.name)) return { touches: [], cursor: here, more: false };
  const reading = isThere ? await readingAt(taking, cursor, signal) : null;
  if (reading !== null) return page(taking, reading, whole.length > 1);
  taking.reading = null;
  const gone: RefusedRow = { file: cursor.name, hash: cursor.hash, line: 0, issues: [fileIssue('changed')] };
  return { touches: [], cursor: '', more: whole.length > 0, refused: [gone] };
}

async function nextFile<T>(taking: Taking<T>, here: string, whole: readonly PlacedFile[], signal: AbortSignal): Promise<ChangesPage> {
  const { options, limits } = taking;
  const refused: RefusedRow[] = [];
  for (const [index, file] of whole.entries()) {
    const more = index + 1 < whole.length;
    if (file.sizeBytes > limits.mostBytes) {
      const issue: RefusedRow = { file: file.name, hash: null, line: 0, issues: [fileIssue('too-large')] };
      return {
        touches: [],
        cursor: cursorText({ name: file.name, hash: null, next: 'end', refused: true }),
        more,
        refused: [...refused, issue],
      };
    }
    const bytes = await readFile(taking, file, signal);
    if (bytes === 'unreadable') refused.push({ file: file.name, hash: null, line: 0, issues: [fileIssue('unreadable')] });
    if (bytes === null || bytes === 'unreadable') continue;
    const hash = hashOf(bytes);
    if ((await options.place.look(noteOf(options, hash), signal)) !== null) {
      await put(options, file.name, hash, 'again', signal);
      continue;
    }
    const found = await page(taking, openReading(taking, file.name, hash, bytes), more);
    return refused.length === 0 ? found : { ...found, refused: [...refused, ...(found.refused ?? [])] };
  }
  return { touches: [], cursor: here, more: false, ...(refused.length === 0 ? {} : { refused }) };
}

/** null: it changed while it was read, so it was not whole. One file that cannot be read stops no other. */
async function readFile<T>(
  { options, limits }: Taking<T>,
  file: PlacedFile,
  signal: AbortSignal,
): Promise<Uint8Array | 'unreadable' | null> {
  const path = `${options.folder}/${file.name}`;
  try {
    const bytes = await options.place.read(path, limits.mostBytes, signal);
    const after = await options.place.look(path, signal);
    const isSame = after?.sizeBytes === file.sizeBytes && after.modifiedAt === file.modifiedAt;
    return bytes !== null && isSame && bytes.byteLength === file.sizeBytes ? bytes : null;
  } catch (error) {
    if (isTrouble(error) && error.detail.kind === 'setup') return 'unreadable';
    throw error;
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function openReading<T>(taking: Taking<T>, name: string, hash: string, bytes: Uint8Array): Reading<T> {
  const rows = lazily(() => taking.options.rows(bytes, name));
  taking.reading = { name, hash, rows, next: 0 };
  return taking.reading;
}

/** What goes wrong at the very start is met where rows are read. */
async function* lazily<T>(rows: () => Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* rows();
}

/** The file where the cursor stands in it; null when it holds something else by now. */
async function readingAt<T>(
  taking: Taking<T>,
  cursor: InboxCursor & { readonly next: number },
  signal: AbortSignal,
): Promise<Reading<T> | null> {
  const { options, limits, reading: held } = taking;
  if (held !== null && held.name === cursor.name && held.hash === cursor.hash && held.next === cursor.next) return held;
  const bytes = await options.place.read(`${options.folder}/${cursor.name}`, limits.mostBytes, signal);
  if (bytes === null || hashOf(bytes) !== cursor.hash) return null;
  const reading = openReading(taking, cursor.name, cursor.hash, bytes);
  while (reading.next < cursor.next) {
    if ((await reading.rows.next()).done === true) break;
    reading.next += 1;
  }
  return reading;
}

async function page<T>(taking: Taking<T>, reading: Reading<T>, others: boolean): Promise<ChangesPage> {
  const { options, limits } = taking;
  const touches: Touch[] = [];
  const refused: RefusedRow[] = [];
  const { name, hash } = reading;
  const refuse = (line: number, issues: readonly FieldIssue[]) => refused.push({ file: name, hash, line, issues });
  const given = (next: number | 'end', isRefused = false): ChangesPage => ({
    touches,
    cursor: cursorText({ name, hash, next, refused: isRefused }),
    more: next !== 'end' || others,
    ...(refused.length === 0 ? {} : { refused }),
  });
  try {
    while (touches.length + refused.length < (options.rowsACall ?? DEFAULT_ROWS_A_CALL)) {
      const step = await reading.rows.next();
      if (step.done === true) return given('end');
      reading.next += 1;
      const { line, value, issues } = step.value;
      if (reading.next > limits.mostRows) {
        refuse(line, [fileIssue('too-many-rows')]);
        return given('end');
      }
      const said = issues ?? options.touch(value, { file: name, line });
      if (isTouch(said)) touches.push(said);
      else refuse(line, said);
    }
    return given(reading.next);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    refuse(error.line, error.issues);
    return given('end', error.line === 0);
  }
}

const isTouch = (said: Touch | readonly FieldIssue[]): said is Touch => !Array.isArray(said);

const noteOf = <T>(options: InboxOptions<T>, hash: string): string => `${options.archive}/taken/${hash}`;

/** The engine has it: the note first, so that no fall in between lets the content be taken again. */
async function archive<T>(options: InboxOptions<T>, { name, hash, refused }: InboxCursor, signal: AbortSignal): Promise<void> {
  if (hash !== null && refused !== true && (await options.place.look(noteOf(options, hash), signal)) === null) {
    await options.place.makeFolder(`${options.archive}/taken`, signal);
    await writeWhole(options.place, `${options.archive}/taken`, hash, Buffer.from(name, 'utf8'), signal);
  }
  const bytes =
    hash === null
      ? null
      : await options.place.read(`${options.folder}/${name}`, options.limits?.mostBytes ?? FILE_LIMITS.mostBytes, signal);
  // Another content under the same name is another file, and still to be taken.
  if (hash !== null && (bytes === null || hashOf(bytes) !== hash)) return;
  await put(options, name, hash, refused === true ? 'refused' : '', signal);
}

async function put<T>(
  options: InboxOptions<T>,
  name: string,
  hash: string | null,
  where: 'refused' | 'again' | '',
  signal: AbortSignal,
): Promise<void> {
  const now = options.clock.now();
  const day = new Date(now + DAY_SHIFT_MS).toISOString().slice(0, 10);
  const folder = [options.archive, day, ...(where === '' ? [] : [where])].join('/');
  await options.place.makeFolder(folder, signal);
  const to = await freeName(options.place, folder, `${(hash ?? String(now)).slice(0, 12)}-${name}`, signal);
  await options.place.move(`${options.folder}/${name}`, to, signal);
  if (options.whole.by !== 'marker') return;
  await options.place.move(`${options.folder}/${name}${options.whole.suffix}`, `${to}${options.whole.suffix}`, signal);
}

/** The same file may come several times a day: no copy replaces another. */
async function freeName(place: FilePlace, folder: string, name: string, signal: AbortSignal): Promise<string> {
  for (let n = 1; ; n += 1) {
    const path = `${folder}/${n === 1 ? '' : `${n}-`}${name}`;
    if ((await place.look(path, signal)) === null) return path;
  }
}
