import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isTrouble, type Trouble } from '../trouble.ts';
import { type FilePlace, goOn, type PlacedFile, placeTrouble } from './place.ts';

/** A folder of this machine, or one mounted on it. Paths are below `root`, which must be there. */
export function openFolder(root: string): FilePlace {
  const at = (path: string): string => join(resolve(root), path);
  return {
    list: (folder, signal) =>
      tried(signal, async () => {
        const entries = await readdir(at(folder), { withFileTypes: true });
        const found = await Promise.all(entries.filter((entry) => entry.isFile()).map(({ name }) => lookAt(join(at(folder), name))));
        return found.filter((file) => file !== null);
      }),
    look: (path, signal) => tried(signal, async () => (await lookAt(at(path))) ?? nothing(root)),
    read: (path, mostBytes, signal) => tried(signal, async () => (await readWhole(at(path), mostBytes)) ?? nothing(root)),
    write: (path, bytes, signal) => tried(signal, () => writeWhole(at(path), bytes)),
    move: (from, to, signal) =>
      tried(signal, async () => {
        const isThere = (await lookAt(at(from))) !== null;
        if (!isThere) return (await nothing(root)) !== null;
        await rename(at(from), at(to));
        for (const folder of new Set([dirname(at(to)), dirname(at(from))])) await settle(folder);
        return true;
      }),
    makeFolder: (folder, signal) => tried(signal, () => makeBelow(resolve(root), folder)),
    close: async () => undefined,
  };
}

/** No such file, and the folder is there to say so: one that is away says nothing. */
async function nothing(root: string): Promise<null> {
  await lstat(resolve(root));
  return null;
}

/** The root itself is never made: where it is away, a folder of the same name would swallow what is put there. */
async function makeBelow(root: string, folder: string): Promise<void> {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.');
  for (const [last] of parts.entries())
    await mkdir(join(root, ...parts.slice(0, last + 1))).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
}

async function lookAt(path: string): Promise<PlacedFile | null> {
  const seen = await lstat(path).catch((error: unknown) => (codeOf(error) === 'ENOENT' ? null : Promise.reject(error)));
  if (seen === null || !seen.isFile()) return null;
  return { name: path.slice(dirname(path).length + 1), sizeBytes: seen.size, modifiedAt: seen.mtimeMs };
}

async function readWhole(path: string, mostBytes: number): Promise<Uint8Array | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) =>
    codeOf(error) === 'ENOENT' ? null : Promise.reject(error),
  );
  if (file === null) return null;
  try {
    if ((await file.stat()).size > mostBytes) throw placeTrouble('size');
    const bytes = await file.readFile();
    if (bytes.byteLength > mostBytes) throw placeTrouble('size');
    return bytes;
  } finally {
    await file.close();
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o660);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await settle(dirname(path));
}

/** A new name is only kept once its folder is on the disk. */
async function settle(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } catch (error) {
    // Some mounted file systems sync no folders; they keep names at once.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

async function tried<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  goOn(signal);
  try {
    return await run();
  } catch (error) {
    throw isTrouble(error) ? error : troubleOfCode(codeOf(error));
  }
}

function troubleOfCode(code: string): Trouble {
  if (['EACCES', 'EPERM', 'EROFS', 'ELOOP', 'ENOTDIR', 'EISDIR'].includes(code)) return placeTrouble('denied');
  return placeTrouble(code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'away');
}
