import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { type FormBook, loadForms } from '../intake/forms.ts';
import { type AdapterPlace, adapterData, listAdapters, screensAt } from '../kit/load.ts';
import type { Diagnostic } from '../mapping/contract.ts';
import { type Book, type Compiled, loadBook, writtenPaths } from '../mapping/index.ts';
import type { Spoke } from '../sync/contract.ts';

/** The mappings cannot be used; every problem with its place. */
export class MappingsRefused extends Error {
  override readonly name = 'MappingsRefused';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ file, line, column, en }) => `${file}:${line}:${column}: ${en}`).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** All mappings with every diagnostic, read against the record schemas of the configured systems. `lawRounds` 0 leaves laws and cases out. */
export async function readMappings(config: Config, spokes: ReadonlyMap<string, Spoke>, lawRounds: number): Promise<Book> {
  const places = listAdapters(config.folders.adapters);
  const book = await loadBook({
    folder: config.folders.mappings,
    overrideFolder: config.folders.mappingsOverride,
    recordSchema: (system, record) => {
      const settings = config.systems[system];
      const place = places.find(({ name }) => name === (settings?.adapter ?? system));
      return place === undefined ? null : schemaOf(place, record, settings?.overrides ?? null);
    },
    normalises: (system, record) => spokes.get(system)?.kinds[record]?.normalises ?? {},
    lawRounds,
  });
  return { ...book, diagnostics: [...book.diagnostics, ...book.compiled.flatMap((each) => notOnScreens(config, places, each))] };
}

/** What a mapping writes and the ministry's screens, where they are written down, have no place for. */
function notOnScreens(config: Config, places: readonly AdapterPlace[], compiled: Compiled): readonly Diagnostic[] {
  const { system, record } = compiled.mapping;
  const settings = config.systems[system];
  const place = places.find(({ name }) => name === (settings?.adapter ?? system));
  const overrides = settings?.overrides ?? null;
  const schema = place === undefined ? null : schemaOf(place, record, overrides);
  const screens = place === undefined || schema === null ? null : screensAt(place, { name: record, schema }, overrides);
  if (screens === null) return [];
  const shown = new Set(screens.screens.flatMap(({ fields }) => fields.map(({ field }) => field)));
  const { file, line, column } = compiled.source.node.id.spot;
  return writtenPaths(compiled)
    .filter((path) => !shown.has(path))
    .map((path) => ({
      ...{ severity: 'error' as const, code: 'not-on-screen', file, line, column },
      vi: `Trường "${path}" được ghi ở bảng này nhưng không có trong screens/${record}.yaml, nên phiếu nhập liệu sẽ thiếu.`,
      en: `Field "${path}" is written by this mapping but stands on no screen of screens/${record}.yaml: the sheet would lack it.`,
    }));
}

function schemaOf(place: AdapterPlace, record: string, overrides: string | null) {
  try {
    return adapterData(place, overrides).recordSchema(record);
  } catch (error) {
    if (error instanceof Error && error.name === 'SetupFault') return null;
    throw error;
  }
}

/** The mappings the house works with: one with an error stops the start, so that nothing is sent by half a book. */
export async function mappingsOf(config: Config, spokes: ReadonlyMap<string, Spoke>): Promise<Book> {
  const book = await readMappings(config, spokes, 0);
  const errors = book.diagnostics.filter(({ severity, file }) => severity === 'error' && isOurs(config, file));
  if (errors.length > 0) throw new MappingsRefused(errors.map((one) => ({ ...one, file: placeOf(config, book, one.file) })));
  return { ...book, mappings: book.mappings.filter(({ system }) => config.systems[system] !== undefined) };
}

/** Where a file of the book lies: the province's folder before the one that ships. */
export const placeOf = ({ folders }: Config, { overrides }: Pick<Book, 'overrides'>, file: string): string =>
  join(folders.mappingsOverride !== null && overrides.has(file) ? folders.mappingsOverride : folders.mappings, file);

/** The forms that ship with the province's own over them. */
export const formsOf = ({ folders: { mappings, mappingsOverride: own } }: Config): Promise<FormBook> =>
  loadForms(join(mappings, 'forms'), own === null ? null : join(own, 'forms'));

/** Mappings of systems that are not configured may stand in the folder unused. */
function isOurs(config: Config, file: string): boolean {
  const folder = dirname(file);
  return folder === '.' || folder === 'forms' || folder === 'crosswalks' || config.systems[folder] !== undefined;
}
