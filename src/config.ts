import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, LineCounter, parseDocument, type ScalarTag } from 'yaml';
import type { z } from 'zod';
import { offsetOf, resolveReferences } from './config/references.ts';
import { type ConfigFile, configShape } from './config/schema.ts';
import type { Diagnostic } from './mapping/contract.ts';
import { type Sentence, zodSentence } from './zod-sentence.ts';

export type { ConfigFile, SystemConfig } from './config/schema.ts';

/** The configuration as the house uses it: every place absolute, every secret resolved. */
export interface Config extends Omit<ConfigFile, 'data' | 'folders'> {
  readonly file: string;
  /** Folder of the embedded store and what belongs to it. */
  readonly data: string;
  readonly folders: { readonly adapters: readonly string[]; readonly mappings: string; readonly mappingsOverride: string | null };
}

/** What the environment contributes; `adapterConfig` gives the config schema of an adapter, null when there is none of that name. */
export interface ConfigPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly adapterConfig?: (folders: readonly string[], adapter: string) => Promise<z.ZodType | null>;
}

/** The configuration cannot be used; every problem is listed, each with its place. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((one) => `${one.file}:${one.line}:${one.column}: ${one.en}`).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** Where the product's own adapters, mappings and configuration lie. */
export const HOUSE = fileURLToPath(new URL('..', import.meta.url));

/** Only plain whole numbers are numbers: `01`, `1.001190` and identifiers of 16 digits stay text, as they were written. */
const wholeNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  identify: (value) => typeof value === 'number',
  default: true,
  test: /^(0|[1-9]\d{0,14})$/,
  resolve: (text) => Number(text),
};

type Report = (offset: number, code: string, sentence: Sentence) => void;

/** Reads and checks the whole file; throws ConfigRefused with all problems at once. */
export async function readConfig(file: string, ports: ConfigPorts): Promise<Config> {
  const path = resolve(ports.workingFolder, file);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ConfigRefused([
      {
        severity: 'error',
        code: 'config.unreadable',
        file,
        line: 1,
        column: 1,
        vi: 'không đọc được tệp cấu hình',
        en: 'the configuration file cannot be read',
      },
    ]);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: ['null', 'bool', wholeNumber],
    lineCounter: lines,
    prettyErrors: false,
  });
  const diagnostics: Diagnostic[] = [];
  const broken = new Set<number>();
  const report: Report = (offset, code, { vi, en }) => {
    if (code === 'config.reference') broken.add(offset);
    else if (broken.has(offset)) return;
    const { line, col } = lines.linePos(offset);
    diagnostics.push({ severity: 'error', code, file, line, column: col, vi, en });
  };
  const config = await checked(document, path, ports, report);
  if (config === null || diagnostics.length > 0) {
    throw new ConfigRefused(diagnostics.sort((a, b) => a.line - b.line || a.column - b.column));
  }
  return config;
}

async function checked(document: Document, path: string, ports: ConfigPorts, report: Report): Promise<Config | null> {
  for (const error of document.errors) {
    report(error.pos[0], `config.yaml.${error.code.toLowerCase()}`, {
      vi: `sai cú pháp YAML (${error.code})`,
      en: `not valid YAML (${error.code})`,
    });
  }
  if (document.errors.length > 0) return null;
  const folder = dirname(path);
  for (const broken of await resolveReferences(document, { folder, env: ports.env })) report(broken.offset, 'config.reference', broken);
  const given: unknown = document.toJS() ?? {};
  const parsed = configShape.safeParse(given);
  if (!parsed.success) reportIssues(document, [], parsed.error.issues, report);
  const adapters = adapterFolders(given, folder);
  await checkAdapterConfigs(document, given, { adapters, ports, report });
  if (parsed.success) await checkOverride(document, parsed.data.folders.mappingsOverride, folder, report);
  return parsed.success ? placed(parsed.data, path, ports, report) : null;
}

function reportIssues(document: Document, under: readonly PropertyKey[], issues: readonly z.core.$ZodIssue[], report: Report): void {
  for (const issue of issues) {
    const path = [...under, ...issue.path];
    const dotted = path.map(String).join('.');
    const say = (sentence: Sentence): Sentence =>
      dotted === '' ? sentence : { vi: `${dotted}: ${sentence.vi}`, en: `${dotted}: ${sentence.en}` };
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys)
        report(offsetOf(document, path, key), 'config.unknown-key', say(zodSentence({ ...issue, keys: [key] })));
      continue;
    }
    report(offsetOf(document, path), `config.${issue.code.replaceAll('_', '-')}`, say(zodSentence(issue)));
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function adapterFolders(given: unknown, folder: string): readonly string[] {
  const folders = isRecord(given) && isRecord(given.folders) ? given.folders.adapters : undefined;
  const further = Array.isArray(folders) ? folders.filter((one) => typeof one === 'string') : [];
  return [resolve(HOUSE, 'adapters'), ...further.map((one) => resolve(folder, one))];
}

async function checkAdapterConfigs(
  document: Document,
  given: unknown,
  { adapters, ports, report }: { readonly adapters: readonly string[]; readonly ports: ConfigPorts; readonly report: Report },
): Promise<void> {
  const systems = isRecord(given) && isRecord(given.systems) ? given.systems : {};
  for (const [name, system] of Object.entries(systems)) {
    if (ports.adapterConfig === undefined || !isRecord(system) || typeof system.adapter !== 'string') continue;
    const schema = await ports.adapterConfig(adapters, system.adapter);
    if (schema === null) {
      const { adapter } = system;
      const at = offsetOf(document, ['systems', name, 'adapter']);
      report(at, 'config.unknown-adapter', {
        vi: `systems.${name}.adapter: không có bộ kết nối tên ${adapter}`,
        en: `systems.${name}.adapter: there is no adapter named ${adapter}`,
      });
      continue;
    }
    // What a simulator adds is checked when the system is opened.
    if (system.simulated === true) continue;
    const parsed = schema.safeParse(system.config ?? {});
    if (!parsed.success) reportIssues(document, ['systems', name, 'config'], parsed.error.issues, report);
  }
}

/** A folder misspelt would leave the province with what ships, unseen. */
async function checkOverride(document: Document, named: string | undefined, folder: string, report: Report): Promise<void> {
  if (named === undefined || (await stat(resolve(folder, named)).catch(() => null))?.isDirectory() === true) return;
  report(offsetOf(document, ['folders', 'mappingsOverride']), 'config.no-folder', {
    vi: `folders.mappingsOverride: không có thư mục ${named}`,
    en: `folders.mappingsOverride: there is no folder ${named}`,
  });
}

function placed(given: ConfigFile, path: string, ports: ConfigPorts, report: Report): Config {
  const folder = dirname(path);
  const { PORT, MOTLAN_DATA } = ports.env;
  const port = PORT === undefined || PORT === '' ? given.http.port : Number(PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    report(0, 'config.port', {
      vi: 'biến môi trường PORT phải là số từ 0 đến 65535',
      en: 'environment variable PORT must be a number from 0 to 65535',
    });
  }
  const data =
    MOTLAN_DATA !== undefined && MOTLAN_DATA !== ''
      ? resolve(ports.workingFolder, MOTLAN_DATA)
      : resolve(given.data === undefined ? ports.workingFolder : folder, given.data ?? 'data');
  const overridden = Object.entries(given.systems).map(([name, system]) => [
    name,
    { ...system, overrides: system.overrides === null ? null : resolve(folder, system.overrides) },
  ]);
  return {
    ...given,
    file: path,
    data,
    http: { ...given.http, port },
    systems: Object.fromEntries(overridden),
    folders: {
      adapters: [resolve(HOUSE, 'adapters'), ...given.folders.adapters.map((one) => resolve(folder, one))],
      mappings: given.folders.mappings === undefined ? resolve(HOUSE, 'mappings') : resolve(folder, given.folders.mappings),
      mappingsOverride: given.folders.mappingsOverride === undefined ? null : resolve(folder, given.folders.mappingsOverride),
    },
    ...(given.calendar === undefined ? {} : { calendar: resolve(folder, given.calendar) }),
    anchor: { ...given.anchor, ...(given.anchor.file === undefined ? {} : { file: resolve(folder, given.anchor.file) }) },
  };
}
