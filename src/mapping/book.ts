import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { JsonObject } from '../model/json.ts';
import { build, type Source } from './build.ts';
import { checkCases } from './cases.ts';
import { check } from './check.ts';
import { type Compiled, compile } from './compile.ts';
import type { MappingBook } from './contract.ts';
import { crossCheck, type Member } from './cross-check.ts';
import { type Crosswalk, readCrosswalk } from './crosswalk.ts';
import type { Normalises } from './equal.ts';
import { readField } from './fields.ts';
import { type Form, readForm } from './hub-fields.ts';
import { checkLaws, type LawRun } from './laws.ts';
import { isObject } from './paths.ts';
import { type Standing, standings } from './standing.ts';
import { readStatusRules, type StatusRules } from './status-file.ts';
import { readMapping } from './syntax.ts';
import { type Notes, notes } from './tell.ts';

/** All mappings of a folder, read and checked at once. The only place of this room that touches the disk. */
export interface BookSource {
  readonly folder: string;
  /** Files here stand over those of the same name in `folder`, and may add to them. */
  readonly overrideFolder?: string | null;
  /** JSON Schema of a record kind, or null where there is no such system or kind. */
  recordSchema(system: string, record: string): JsonObject | null;
  /** What the system does to the values of a record kind; nothing unless said. */
  normalises?(system: string, record: string): Readonly<Record<string, Normalises>>;
  /** Generated records per mapping for the laws; 0 leaves laws and cases out. */
  readonly lawRounds?: number;
}
export interface Book extends MappingBook {
  readonly compiled: readonly Compiled[];
  /** Of each mapping file that could be read, by its id and errors or not: how it leaves a path of the record. */
  readonly standings: ReadonlyMap<string, (path: string) => Standing>;
  readonly crosswalks: ReadonlyMap<string, Crosswalk>;
  /** Paths of the files that came from the override folder; true: in the place of a shipped one. Diagnostics name files by these paths. */
  readonly overrides: ReadonlyMap<string, boolean>;
  /** From status.yaml; null where the file is missing or wrong. */
  readonly status: StatusRules | null;
}

const MOST_FILES = 5000;
const DEFAULT_ROUNDS = 5;

/**
 * Reads `forms/*.schema.json`, `crosswalks/*.csv`, `status.yaml` and `<system>/<record>.yaml`. Every problem of every file is
 * in `diagnostics`; a mapping stands in `mappings` only when its file has no error.
 */
export async function loadBook(from: BookSource): Promise<Book> {
  const shipped = await readFolder(from.folder);
  const own = from.overrideFolder === undefined || from.overrideFolder === null ? [] : await readFolder(from.overrideFolder);
  const overrides = new Map([...own].map(([path]) => [path, shipped.has(path)]));
  return { ...readBook(new Map([...shipped, ...own]), from), overrides };
}

/** A book from texts by relative path, none over another; pure. */
export function readBook(files: ReadonlyMap<string, string>, from: Omit<BookSource, 'folder' | 'overrideFolder'>): Book {
  const told = notes();
  const forms = readForms(files, told);
  const crosswalks = new Map<string, Crosswalk>();
  for (const [path, text] of files) {
    const name = /^crosswalks\/(.+)\.csv$/.exec(path)?.[1];
    if (name !== undefined) crosswalks.set(name, readCrosswalk(name, text, path, told));
  }
  const statusText = files.get('status.yaml');
  const status = statusText === undefined ? null : readStatusRules(statusText, 'status.yaml', told);
  const read = [...files.keys()].sort().flatMap((path) => readOne(path, files, { forms, crosswalks, from, told }) ?? []);
  crossCheck(read, told);
  const compiled = read.filter((each) => !hasError(told, each.path)).map((each) => compile(each));
  const rounds = from.lawRounds ?? DEFAULT_ROUNDS;
  if (rounds > 0) checkDeeply(compiled, told, { seed: 1, rounds });
  const good = compiled.filter((each) => !hasError(told, each.source.node.spot.file));
  return {
    mappings: good.map((each) => each.mapping),
    compiled: good,
    standings: new Map(read.map(({ source, built }) => [source.node.id.text, standings(source, built)])),
    ...{ crosswalks, overrides: new Map(), status, diagnostics: inOrder(told) },
  };
}

function checkDeeply(compiled: readonly Compiled[], told: Notes, run: LawRun): void {
  for (const each of compiled) {
    checkLaws(each, told, run);
    checkCases(each, told);
  }
}

const hasError = (told: Notes, file: string): boolean => told.all.some((each) => each.severity === 'error' && each.file === file);

const inOrder = (told: Notes): MappingBook['diagnostics'] =>
  [...told.all].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));

interface Shelf {
  readonly forms: ReadonlyMap<string, Form>;
  readonly crosswalks: ReadonlyMap<string, Crosswalk>;
  readonly from: Omit<BookSource, 'folder' | 'overrideFolder'>;
  readonly told: Notes;
}
interface Read extends Member {
  readonly path: string;
  readonly source: Source;
  readonly text: string;
  readonly recordText: string;
  readonly normalises: Readonly<Record<string, Normalises>>;
}

function readOne(path: string, files: ReadonlyMap<string, string>, shelf: Shelf): Read | null {
  const [, system, record] = /^([^/]+)\/([^/]+)\.ya?ml$/.exec(path) ?? [];
  const text = files.get(path);
  if (system === undefined || record === undefined || text === undefined) return null;
  const { told } = shelf;
  const node = readMapping(text, path, told);
  if (node === null) return null;
  if (node.id.text !== `${system}.${record}`) {
    told.error(
      node.id.spot,
      'argument',
      `Tên ánh xạ phải là "${system}.${record}" như thư mục và tên tệp.`,
      `The mapping must be named "${system}.${record}", as folder and file say.`,
    );
  }
  const form = shelf.forms.get(node.for.form.text);
  const schema = shelf.from.recordSchema(system, record);
  if (form === undefined)
    told.error(
      node.for.form.spot,
      'unknown-form',
      `Không có mẫu đơn "${node.for.form.text}".`,
      `There is no form "${node.for.form.text}".`,
    );
  if (schema === null)
    told.error(
      node.id.spot,
      'unknown-record',
      `Không có loại bản ghi "${record}" ở hệ thống "${system}".`,
      `There is no record kind "${record}" at system "${system}".`,
    );
  if (form === undefined || schema === null) return null;
  const source: Source = { node, form, record: readField(schema), crosswalks: shelf.crosswalks };
  const built = build(source, told);
  check(source, built, told);
  return { path, source, built, text, recordText: JSON.stringify(schema), normalises: shelf.from.normalises?.(system, record) ?? {} };
}

function readForms(files: ReadonlyMap<string, string>, told: Notes): ReadonlyMap<string, Form> {
  const schemas = new Map<string, { text: string; schema: JsonObject }>();
  for (const [path, text] of files) {
    const name = /^forms\/(.+)\.schema\.json$/.exec(path)?.[1];
    if (name === undefined) continue;
    try {
      const schema: unknown = JSON.parse(text);
      if (isObject(schema as JsonObject)) schemas.set(name, { text, schema: schema as JsonObject });
    } catch {
      told.error({ file: path, line: 1, column: 1 }, 'wrong-shape', 'Tệp không phải JSON đúng.', 'Not valid JSON.');
    }
  }
  const applicant = schemas.get('applicant');
  const forms = new Map<string, Form>();
  for (const [name, { text, schema }] of schemas) {
    if (name !== 'applicant') forms.set(name, readForm(name, text + (applicant?.text ?? ''), schema, applicant?.schema ?? {}));
  }
  return forms;
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
  if (names.length > MOST_FILES) throw new RangeError(`more than ${MOST_FILES} files in ${folder}`);
  const files = new Map<string, string>();
  for (const each of names) {
    if (!/\.(ya?ml|csv|schema\.json)$/.test(each.name) || each.name === 'mapping.schema.json') continue;
    const path = join(each.parentPath, each.name);
    files.set(path.slice(folder.length).split(sep).join('/').replace(/^\/+/, ''), await readFile(path, 'utf8'));
  }
  return files;
}
