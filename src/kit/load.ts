import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Json, JsonObject } from '../model/json.ts';
import type { Chance, Clock } from '../model/ports.ts';
import { parseAnswers } from './answers-file.ts';
import type { Adapter, AdapterPorts, RecordKind, StartSimulator, System } from './contract.ts';
import type { ContractFixture } from './contract-fixture.ts';
import { parseScreens } from './screens.ts';
import type { Screens } from './screens-contract.ts';
import { type Fault, SetupFault, wholeFault } from './setup-fault.ts';

/** The folder is the registry: whatever folder holds an `index.ts` is an adapter. */

export interface AdapterPlace {
  readonly name: string;
  /** Absolute path of the adapter's folder. */
  readonly folder: string;
}

export interface LoadedAdapter extends AdapterPlace {
  readonly adapter: Adapter;
  readonly start: StartSimulator | null;
}

export interface OpenPorts {
  readonly clock: Clock;
  readonly chance: Chance;
  /** How long a system that failed several times in a row is left alone. */
  readonly restMs?: number;
  /** Directory with `<name>/records/*` and `<name>/answers.yaml` that win over what ships. */
  readonly overrides?: string | null;
}

const NAME = /^[a-z][a-z0-9-]{0,40}$/u;
const ENTRY = ['index.ts', 'index.js'] as const;

/** Adapters found in the folders, by name; the first folder that has a name wins. Missing folders are a fault. */
export function listAdapters(folders: readonly string[]): readonly AdapterPlace[] {
  const found = new Map<string, AdapterPlace>();
  for (const folder of folders) {
    if (!existsSync(folder)) throw new SetupFault([wholeFault(folder, 'adapters.folder', 'không có thư mục này', 'no such folder')]);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const place = resolve(folder, entry.name);
      const isAdapter = entry.isDirectory() && NAME.test(entry.name) && entryOf(place) !== null;
      if (isAdapter && !found.has(entry.name)) found.set(entry.name, { name: entry.name, folder: place });
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

const entryOf = (folder: string): string | null => ENTRY.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null;

const adapterShape = z.looseObject({
  name: z.string().regex(NAME),
  title: z.object({ vi: z.string().min(1), en: z.string().min(1) }),
  evidence: z.enum(['OURS', 'SOURCED', 'WEAK', 'MEMORY', 'INFERENCE']),
  config: z.custom<z.ZodType>((value) => value instanceof z.ZodType),
  open: z.custom<Adapter['open']>((value) => typeof value === 'function'),
});

/** Imports one adapter and its simulator, shapes checked. Throws SetupFault naming what is wrong. */
export async function loadAdapter(folders: readonly string[], name: string): Promise<LoadedAdapter> {
  const place = listAdapters(folders).find((one) => one.name === name);
  if (place === undefined)
    throw new SetupFault([
      wholeFault(folders.join(', '), 'adapters.unknown', `không có bộ kết nối "${name}"`, `no adapter named "${name}"`),
    ]);
  const file = entryOf(place.folder) ?? place.folder;
  const read = adapterShape.safeParse(await importDefault(file));
  if (!read.success)
    throw new SetupFault(
      read.error.issues.map((issue) =>
        wholeFault(
          file,
          'adapters.shape',
          `${issue.path.join('.')}: không đúng dạng`,
          `${issue.path.join('.') || 'default export'}: not of the right shape`,
        ),
      ),
    );
  if (read.data.name !== name)
    throw new SetupFault([wholeFault(file, 'adapters.name', 'tên khác với tên thư mục', 'the name is not the name of the folder')]);
  return { ...place, adapter: read.data as unknown as Adapter, start: await simulatorOf(place.folder) };
}

async function simulatorOf(folder: string): Promise<StartSimulator | null> {
  const file = fileIn(folder, 'simulator');
  if (file === null) return null;
  const start = await importDefault(file);
  if (typeof start === 'function') return start as StartSimulator;
  throw new SetupFault([wholeFault(file, 'adapters.simulator', 'phải xuất một hàm khởi động', 'must export a start function as default')]);
}

/** The sample records of an adapter's folder; null where it has none. */
export async function loadFixture(folder: string): Promise<ContractFixture | null> {
  const file = fileIn(join(folder, 'fixtures'), 'contract');
  return file === null ? null : ((await importDefault(file)) as ContractFixture);
}

const fileIn = (folder: string, name: string): string | null =>
  ['ts', 'js'].map((end) => join(folder, `${name}.${end}`)).find(existsSync) ?? null;

async function importDefault(file: string): Promise<unknown> {
  try {
    const module: unknown = await import(pathToFileURL(file).href);
    return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : 'unknown';
    throw new SetupFault([wholeFault(file, 'adapters.import', `không nạp được: ${why}`, `cannot be loaded: ${why}`)]);
  }
}

/** The shipped file, or the one of the same name in the override directory. Whole files: nothing is merged. */
export function overlay(shipped: string, overriding: string | null, file: string): string {
  const ours = overriding === null ? null : join(overriding, file);
  return ours !== null && existsSync(ours) ? ours : join(shipped, file);
}

/** Data of an adapter's folder after overrides, each file read and checked once. */
export function adapterData(place: AdapterPlace, overrides: string | null): AdapterPorts['data'] {
  const overriding = overrides === null ? null : join(overrides, place.name);
  const schemas = new Map<string, JsonObject>();
  let answers: Json | undefined;
  return {
    recordKinds: () => recordKinds([place.folder, ...(overriding === null ? [] : [overriding])]),
    recordSchema: (kind) => {
      const known = schemas.get(kind) ?? readSchema(overlay(place.folder, overriding, join('records', `${kind}.schema.json`)));
      schemas.set(kind, known);
      return known;
    },
    answers: () => {
      answers ??= readAnswersFile(overlay(place.folder, overriding, 'answers.yaml'));
      return answers;
    },
    text: (file) => readText(file, overlay(place.folder, overriding, file)),
  };
}

const SCHEMA_END = '.schema.json';

function recordKinds(folders: readonly string[]): readonly string[] {
  const places = folders.map((folder) => join(folder, 'records')).filter(existsSync);
  const files = places.flatMap((folder) => readdirSync(folder)).filter((file) => file.endsWith(SCHEMA_END));
  return [...new Set(files.map((file) => file.slice(0, -SCHEMA_END.length)))].sort();
}

/** For a simulator: the data of the adapter folder its file (`import.meta.url`) stands in, as the adapter sees it. */
export function dataBeside(fileUrl: string, overrides: string | null): AdapterPorts['data'] {
  const folder = dirname(fileURLToPath(fileUrl));
  return adapterData({ name: basename(folder), folder }, overrides);
}

const DATA_FILE = /^(?!.*(^|\/)\.)[\p{L}\p{N}._-]+(\/[\p{L}\p{N}._-]+)*$/u;

function readText(file: string, path: string): string {
  if (DATA_FILE.test(file) && existsSync(path)) return readFileSync(path, 'utf8');
  throw new SetupFault([wholeFault(file, 'adapters.data', 'không có tệp dữ liệu này trong thư mục', 'no such data file in the folder')]);
}

function readSchema(file: string): JsonObject {
  try {
    const data: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as JsonObject;
  } catch {
    // Falls through: a missing file, broken JSON and a wrong shape are told alike.
  }
  throw new SetupFault([wholeFault(file, 'adapters.schema', 'không đọc được cấu trúc bản ghi', 'no readable JSON Schema of the record')]);
}

function readAnswersFile(file: string): Json {
  if (!existsSync(file)) throw new SetupFault([wholeFault(file, 'answers.missing', 'thiếu bảng trả lời', 'the answers table is missing')]);
  const { data, faults } = parseAnswers(readFileSync(file, 'utf8'), file);
  if (faults.length > 0) throw new SetupFault(faults);
  return data;
}

/** Opens an adapter against one real system. Config faults come all at once and name keys, never values. */
export async function openSystem(loaded: LoadedAdapter, config: Json, ports: OpenPorts): Promise<System> {
  const read = loaded.adapter.config.safeParse(config);
  if (!read.success) throw new SetupFault(read.error.issues.map((issue) => configFault(loaded.name, issue)));
  const overrides = ports.overrides ?? null;
  const system = await loaded.adapter.open(read.data, {
    clock: ports.clock,
    chance: ports.chance,
    restMs: ports.restMs,
    data: adapterData(loaded, overrides),
  });
  return { ...system, kinds: withScreens(loaded, system.kinds, overrides) };
}

/** Each kind with its screens where the folder, or the override directory, has written them down. Throws SetupFault. */
function withScreens(place: AdapterPlace, kinds: System['kinds'], overrides: string | null): System['kinds'] {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => {
      const screens = screensAt(place, kind, overrides);
      return [name, screens === null ? kind : { ...kind, screens }];
    }),
  );
}

/** The screens written down for a record kind; null where nobody has. Throws SetupFault with every fault of the file. */
export function screensAt(
  place: AdapterPlace,
  { name, schema }: Pick<RecordKind, 'name' | 'schema'>,
  overrides: string | null,
): Screens | null {
  const file = overlay(place.folder, overrides === null ? null : join(overrides, place.name), join('screens', `${name}.yaml`));
  if (!existsSync(file)) return null;
  const { screens, faults } = parseScreens(readFileSync(file, 'utf8'), file, schema);
  if (faults.length > 0) throw new SetupFault(faults);
  return screens;
}

function configFault(name: string, issue: z.core.$ZodIssue): Fault {
  const keys = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : '';
  const where = issue.path.map(String).join('.') || 'config';
  return wholeFault(
    `systems.${name}`,
    `config.${issue.code}`,
    `${where}: cấu hình không đúng${keys}`,
    `${where}: wrong configuration${keys}`,
  );
}
