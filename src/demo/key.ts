import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MasterKeys } from '../store/index.ts';

const FILE = 'demo-sealing.key';

export interface DemoKey {
  readonly file: string;
  readonly key: Uint8Array;
  /** Made at this start. */
  readonly fresh: boolean;
}

/** The demo's own sealing key: kept in the data folder, readable by its owner only. Production keys never lie beside the data. */
export async function demoKey(folder: string): Promise<DemoKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, FILE);
  try {
    const made = await open(file, 'wx', 0o600);
    const key = randomBytes(32);
    await made.writeFile(`${key.toString('hex')}\n`);
    await made.sync();
    await made.close();
    return { file, key: new Uint8Array(key), fresh: true };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return { file, key: new Uint8Array(Buffer.from((await readFile(file, 'utf8')).trim(), 'hex')), fresh: false };
}

/** The key of a demo that ran on this data folder; null where none did. */
export async function demoKeyIn(folder: string): Promise<MasterKeys | null> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => null);
  return text === null ? null : masterOf(new Uint8Array(Buffer.from(text.trim(), 'hex')));
}

export const masterOf = (key: Uint8Array): MasterKeys => ({ current: 1, keys: new Map([[1, key]]) });
