import { readFile, stat } from 'node:fs/promises';
import { chance, clock, type House, keysOf, openHouse, openStoreOf } from '../assemble.ts';
import type { Config } from '../config.ts';
import { demoKeyIn } from '../demo/key.ts';
import { openLog } from '../log.ts';
import type { MasterKeys, OpenStore } from '../store/index.ts';
import type { Asked } from './asked.ts';

/** Commands work on the store itself, so they work while the server is down. */

/** A command was asked for something it cannot do as things stand; the sentences say what to do. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly vi: string;
  readonly en: string;
  constructor(vi: string, en: string) {
    super(en);
    this.vi = vi;
    this.en = en;
  }
}

/** The text of a file named on the command line. */
export async function textOfFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandRefused(`Không đọc được tệp "${file}".`, `The file "${file}" cannot be read.`);
  }
}

/** Refuses a folder named on the command line that is none. */
export async function mustBeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) throw new CommandRefused(`Không có thư mục "${folder}".`, `There is no folder "${folder}".`);
}

/** Sealing keys of the configuration, else the demo's own where a demo has run on this data. */
export async function keysFor(config: Config): Promise<MasterKeys> {
  const keys = keysOf(config) ?? (await demoKeyIn(config.data));
  if (keys !== null) return keys;
  throw new CommandRefused(
    'Cấu hình chưa có khóa niêm phong (mục "keys"), và ở đây cũng chưa có dữ liệu chạy thử. Tạo khóa: `motlan init`.',
    'The configuration names no sealing key ("keys"), and no demo has run on this data. Make one: `motlan init`.',
  );
}

export async function withStore<T>(asked: Asked, work: (store: OpenStore, config: Config) => Promise<T>): Promise<T> {
  const config = await asked.config();
  const store = await openStoreOf(config, await keysFor(config));
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}

export async function withHouse<T>(asked: Asked, work: (house: House) => Promise<T>): Promise<T> {
  const config = await asked.config();
  const house = await openHouse(config, { log: openLog('warn'), keys: await keysFor(config) });
  try {
    return await work(house);
  } finally {
    await house.close();
  }
}

export { chance, clock };
