import { randomBytes } from 'node:crypto';
import { constants, copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { MappingsRefused } from '../assemble/mappings.ts';
import { keysOf, openStoreOf } from '../assemble.ts';
import { ConfigRefused, HOUSE } from '../config.ts';
import { SetupFault } from '../kit/setup-fault.ts';
import { StoreFault } from '../store/index.ts';
import type { Sentence } from '../zod-sentence.ts';
import { type Asked, type Cli, does, OK, textOption, WRONG } from './asked.ts';
import { CommandRefused, keysFor, withHouse } from './room.ts';

/** `init` and `doctor`: from nothing to a configuration that works. */
export function setupCommands(cli: Cli, program: Command): void {
  does(cli, program.command('init').description('tạo tệp cấu hình và khóa niêm phong · write a configuration and a sealing key'), init);
  does(
    cli,
    program.command('doctor').description('kiểm tra cấu hình, khóa, kho, bảng ánh xạ · check configuration, keys, store, mappings'),
    doctor,
  );
}

async function init(asked: Asked): Promise<number> {
  const file = resolve(asked.cli.workingFolder, textOption(asked, 'config') ?? 'motlan.yaml');
  const keyFile = join(dirname(file), 'motlan-sealing-1.key');
  try {
    await copyFile(join(HOUSE, 'config/production.example.yaml'), file, constants.COPYFILE_EXCL);
    await writeFile(keyFile, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new CommandRefused(
      `Không ghi đè: ${file} hoặc ${keyFile} đã có.`,
      `Nothing is overwritten: ${file} or ${keyFile} is there already.`,
    );
  }
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('$' + '{MOTLAN_SEALING_KEY_1}', `file:${relative(dirname(file), keyFile)}`));
  asked.screen.data({ config: file, key: keyFile });
  asked.screen.say({
    vi: `Đã tạo ${file} và khóa ${keyFile} (chỉ chủ tệp đọc được). Cất một bản khóa ở nơi khác: mất khóa là mất dữ liệu.`,
    en: `Wrote ${file} and the key ${keyFile} (0600). Keep a copy of the key elsewhere: without it the data cannot be read.`,
  });
  asked.screen.say({ vi: `Sửa tệp rồi chạy: motlan doctor --config ${file}`, en: `Edit it, then run: motlan doctor --config ${file}` });
  return OK;
}

interface Found extends Sentence {
  readonly check: string;
  readonly ok: boolean;
}

async function doctor(asked: Asked): Promise<number> {
  const found: Found[] = [];
  const look = async (check: string, work: () => Promise<Sentence>): Promise<boolean> => {
    try {
      found.push({ check, ok: true, ...(await work()) });
      return true;
    } catch (error) {
      found.push(...(complaintsOf(error) ?? rethrow(error)).map((one) => ({ check, ok: false, ...one })));
      return false;
    }
  };
  await look('node', async () => nodeVersion());
  const config = await look('config', async () => {
    const { file } = await asked.config();
    return { vi: `cấu hình hợp lệ: ${file}`, en: `the configuration is valid: ${file}` };
  });
  if (config) {
    await look('keys', () => lookAtKeys(asked));
    await look('house', () => lookAtHouse(asked));
  }
  asked.screen.data(found);
  for (const { ok, check, vi, en } of found) asked.screen.say({ vi: `${ok ? '✓' : '✗'} ${check}: ${vi}`, en });
  return found.every(({ ok }) => ok) ? OK : WRONG;
}

const OLDEST = [20, 19] as const;

function nodeVersion(): Sentence {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))
    return { vi: `Node ${process.versions.node}`, en: `Node ${process.versions.node}` };
  throw new CommandRefused(`cần Node ${OLDEST.join('.')} trở lên`, `Node ${OLDEST.join('.')} or newer is needed`);
}

async function lookAtKeys(asked: Asked): Promise<Sentence> {
  const config = await asked.config();
  const store = await openStoreOf(config, await keysFor(config));
  const seen = await store.verifyKeys().finally(() => store.close());
  const missing = seen.byMaster.filter(({ known }) => !known).map(({ master }) => master);
  if (missing.length + seen.broken.length > 0) {
    throw new CommandRefused(
      `thiếu khóa số ${missing.join(', ')}; ${seen.broken.length} hồ sơ không mở được`,
      `key ${missing.join(', ')} is missing; ${seen.broken.length} dossiers do not open`,
    );
  }
  const own = keysOf(config) === null ? { vi: ' (khóa của bản chạy thử)', en: " (the demo's key)" } : { vi: '', en: '' };
  return {
    vi: `kho mở được, khóa hiện hành số ${seen.current}${own.vi}`,
    en: `the store opens, the current key is ${seen.current}${own.en}`,
  };
}

async function lookAtHouse(asked: Asked): Promise<Sentence> {
  return withHouse(asked, async ({ systems, book, forms }) => ({
    vi: `${systems.size} hệ thống, ${book.mappings.length} bảng ánh xạ, ${forms.names.length} mẫu đơn`,
    en: `${systems.size} systems, ${book.mappings.length} mappings, ${forms.names.length} forms`,
  }));
}

/** What an error of setting up says to the person; null for an error that is our own. */
export function complaintsOf(error: unknown): readonly Sentence[] | null {
  const placed = (one: Sentence & { readonly file: string; readonly line: number; readonly column: number }): Sentence => ({
    vi: `${one.file}:${one.line}:${one.column}: ${one.vi}`,
    en: `${one.file}:${one.line}:${one.column}: ${one.en}`,
  });
  if (error instanceof ConfigRefused || error instanceof MappingsRefused) return error.diagnostics.map(placed);
  if (error instanceof SetupFault) return error.faults.map(placed);
  if (error instanceof CommandRefused || error instanceof StoreFault) return [{ vi: error.vi, en: error.en }];
  return null;
}

function rethrow(error: unknown): never {
  throw error;
}
