import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface DemoKey {
  readonly file: string;
  readonly key: Uint8Array;
  /** Made at this start. */
  readonly fresh: boolean;
}

/** The demo's own sealing key: kept in the data folder, readable by its owner only. Production keys never lie beside the data. */
export async function demoKey(folder: string): Promise<DemoKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'demo-sealing.key');
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
