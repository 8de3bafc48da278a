import type { Json, JsonObject } from '../model/json.ts';
import type { ProbeHop, RecordKind, System } from './contract.ts';
import type { ContractFixture } from './contract-fixture.ts';
import { adapterData, type LoadedAdapter, loadFixture, type OpenPorts, openSystem } from './load.ts';
import { checkRecord } from './schema.ts';
import { isTrouble, type TroubleDetail } from './trouble.ts';

/** `motlan adapter check NAME`: a look at a real endpoint. Read-only, unless writes are allowed with a test key. */

export interface CheckOptions {
  readonly signal: AbortSignal;
  /** Creates one record a kind under this key, after `announce` has named it. */
  readonly allowWrites?: { readonly testKey: string; readonly announce: (vi: string, en: string) => void };
}

export interface CheckLine {
  readonly ok: boolean;
  /** `probe.<hop>`, `<kind>.<verb>`. */
  readonly what: string;
  readonly vi: string;
  readonly en: string;
}

/** One line per hop and verb, in order. Throws SetupFault when the adapter cannot be opened at all. */
export async function checkAdapter(
  loaded: LoadedAdapter,
  config: Json,
  ports: OpenPorts,
  options: CheckOptions,
): Promise<readonly CheckLine[]> {
  adapterData(loaded, ports.overrides ?? null).answers();
  const system = await openSystem(loaded, config, ports);
  try {
    const lines = await probeLines(system, options.signal);
    if (lines.some(({ ok }) => !ok)) return lines;
    for (const kind of Object.values(system.kinds)) lines.push(...(await readLines(kind, options.signal)));
    if (options.allowWrites !== undefined) lines.push(...(await writeLines(system, await loadFixture(loaded.folder), options)));
    return lines;
  } finally {
    await system.close();
  }
}

async function probeLines(system: System, signal: AbortSignal): Promise<CheckLine[]> {
  const hops = await tried(() => system.probe({ signal }));
  if (hops.is === 'trouble') return [troubleLine('probe', hops.detail)];
  return hops.value.map((hop: ProbeHop) => ({ ok: hop.ok, what: `probe.${hop.hop}`, vi: hop.vi, en: hop.en }));
}

/** Every verb that only reads, once: a page, a cursor, an id that nobody has. Records seen are held against the schema. */
async function readLines(kind: RecordKind, signal: AbortSignal): Promise<CheckLine[]> {
  const call = { signal };
  const lines: CheckLine[] = [];
  const { list, changes, read } = kind;
  if (list !== undefined) {
    const page = await tried(() => list.run(null, call));
    lines.push(
      page.is === 'trouble'
        ? troubleLine(`${kind.name}.list`, page.detail)
        : listed(
            kind,
            page.value.items.flatMap((item) => (item.sighting ? [item.sighting.record] : [])),
          ),
    );
  }
  if (changes !== undefined) lines.push(lineOf(`${kind.name}.changes`, await tried(() => changes.run(null, call))));
  if (read !== undefined) lines.push(lineOf(`${kind.name}.read`, await tried(() => read.run(['motlan-check-none'], call))));
  return lines;
}

function listed(kind: RecordKind, records: readonly JsonObject[]): CheckLine {
  const wrong = new Set(records.flatMap((record) => checkRecord(kind.schema, record).map(({ path, code }) => `${path} ${code}`)));
  const what = `${kind.name}.list`;
  if (wrong.size === 0)
    return {
      ok: true,
      what,
      vi: `Đọc được ${records.length} bản ghi, đúng cấu trúc.`,
      en: `${records.length} records read, all fit the schema.`,
    };
  const fields = [...wrong].slice(0, 20).join(', ');
  return { ok: false, what, vi: `Bản ghi không đúng cấu trúc ở: ${fields}.`, en: `Records break the schema at: ${fields}.` };
}

async function writeLines(system: System, fixture: ContractFixture | null, options: CheckOptions): Promise<CheckLine[]> {
  const { allowWrites, signal } = options;
  const lines: CheckLine[] = [];
  if (allowWrites === undefined) return lines;
  for (const kind of Object.values(system.kinds)) {
    const { create } = kind;
    const sample = fixture?.kinds[kind.name]?.record(1);
    if (create === undefined || sample === undefined) continue;
    const key = allowWrites.testKey;
    allowWrites.announce(
      `Sẽ tạo một bản ghi thử loại "${kind.name}" với khoá ${key}.`,
      `One test record of kind "${kind.name}" will be created under the key ${key}.`,
    );
    lines.push(lineOf(`${kind.name}.create`, await tried(() => create.run({ key, record: sample, files: [] }, { signal }))));
  }
  return lines;
}

type Tried<T> = { readonly is: 'value'; readonly value: T } | { readonly is: 'trouble'; readonly detail: TroubleDetail };

async function tried<T>(run: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { is: 'value', value: await run() };
  } catch (error) {
    if (isTrouble(error)) return { is: 'trouble', detail: error.detail };
    throw error;
  }
}

const lineOf = (what: string, outcome: Tried<unknown>): CheckLine =>
  outcome.is === 'trouble' ? troubleLine(what, outcome.detail) : { ok: true, what, vi: 'Trả lời đúng.', en: 'Answers as expected.' };

const troubleLine = (what: string, { code, vi, en }: TroubleDetail): CheckLine => ({
  ok: false,
  what,
  vi: `${vi} (${code})`,
  en: `${en} (${code})`,
});
