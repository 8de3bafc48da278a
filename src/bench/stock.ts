import { join } from 'node:path';
import { HOUSE } from '../config.ts';
import type { Listed, RecordKind, Sighting } from '../kit/contract.ts';
import { adapterData, listAdapters } from '../kit/load.ts';
import type { HubSide, Mapping } from '../mapping/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { AgreedValue } from '../model/line-value.ts';
import type { Base, Dossier, Link, Store } from '../store/contract.ts';
import { type Birth, demoBirths } from './births.ts';

/** A province's worth of settled legs, and the ministry's side of them: all equal but for what is seeded. */

export interface Stock {
  readonly mapping: Mapping;
  readonly samples: readonly Sample[];
  readonly schema: JsonObject;
}

interface Sample {
  readonly birth: Birth;
  /** As the ministry states it once issued. */
  readonly record: JsonObject;
  /** The same, line by line. */
  readonly lines: ReadonlyMap<string, AgreedValue>;
}

export const SYSTEM = 'civil-status';
export const RECORD = 'birth';
/** One in a thousand differs: where the drift of each sweep is. */
const EVERY = 1000;
const VERSION_DRIFT = 499;
const RECORD_DRIFT = 77;
export const driftsByVersion = (number: number): boolean => number % EVERY === VERSION_DRIFT;
export const driftsByRecord = (number: number): boolean => number % EVERY === RECORD_DRIFT;

const AGREED_VERSION = 'agreed';
const AT = Date.UTC(2026, 10, 3);

export const codeOf = (number: number): string => `H12.31-261103-${String(number).padStart(6, '0')}`;
export const linkOf = (number: number): string => `${codeOf(number)}/${SYSTEM}/${RECORD}`;

/** The sample births as issued records. */
export async function readStock(mapping: Mapping): Promise<Stock> {
  const place = listAdapters([join(HOUSE, 'adapters')]).find(({ name }) => name === SYSTEM);
  if (place === undefined) throw new RangeError(`there is no adapter ${SYSTEM}`);
  const schema = adapterData(place, null).recordSchema(RECORD);
  const samples = (await demoBirths()).flatMap((birth) => sampleOf(mapping, schema, birth) ?? []);
  return { mapping, schema, samples };
}

function sampleOf(mapping: Mapping, schema: JsonObject, birth: Birth): Sample | null {
  const pushed = pushedOf(mapping, birth.hub);
  if (pushed === null) return null;
  const record = { ...pushed, trangThai: '4', ketQuaXuLy: resultOf(schema, pushed) };
  return {
    birth,
    record,
    lines: new Map([...mapping.theirs(record, 'all')].flatMap(([line, found]) => (isAgreed(found) ? [[line, found]] : []))),
  };
}

const isAgreed = (found: { readonly is: string }): found is AgreedValue => found.is !== 'unseen' && found.is !== 'invalid';

/** null where something in the dossier cannot be carried. */
function pushedOf(mapping: Mapping, hub: HubSide): JsonObject | null {
  const values = new Map<string, AgreedValue>();
  for (const [line, found] of mapping.ours(hub)) {
    if (found.is === 'invalid') return null;
    if (found.is !== 'unseen') values.set(line, found);
  }
  return mapping.write(values);
}

/** What the result repeats of the record, where its schema has the field. */
function resultOf(schema: JsonObject, pushed: JsonObject): JsonObject {
  const { ketQuaXuLy } = schema.properties as { readonly ketQuaXuLy?: { readonly properties?: JsonObject } };
  const names = Object.keys(ketQuaXuLy?.properties ?? {});
  return Object.fromEntries(names.flatMap((name) => (pushed[name] === undefined ? [] : [[name, pushed[name]]])));
}

const AT_ONCE = 250;

/** Stores dossiers 0 … count-1, each with its leg settled: read back, equal, its base kept. */
export async function fillStore(store: Store, stock: Stock, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => from + i);
    await store.write(async (tx) => {
      for (const number of numbers) {
        await tx.dossiers.insert(dossierOf(stock, number), []);
        await tx.links.insert(settledLink(stock.mapping, number));
        await tx.bases.save(codeOf(number), baseOf(stock, number));
      }
    });
  }
}

function sampleFor({ samples }: Stock, number: number): Sample {
  const sample = samples[number % samples.length];
  if (sample === undefined) throw new RangeError('no sample birth can be carried');
  return sample;
}

function dossierOf(stock: Stock, number: number): Dossier {
  const { head, body } = sampleFor(stock, number).birth.document;
  return {
    head: { ...head, code: codeOf(number), nationalCode: null },
    body: { ...body, results: {}, choices: [] },
    ...{ status: head.status, hubVersion: 1, contentHash: null, createdAt: AT, updatedAt: AT },
  };
}

const settledLink = (mapping: Mapping, number: number): Link => ({
  ...{ id: linkOf(number), code: codeOf(number), system: SYSTEM, record: RECORD, mapping: mapping.id },
  ...{ key: codeOf(number), externalId: codeOf(number), situation: 'linked', phase: 'issued', trust: 'verified' },
  ...{ version: AGREED_VERSION, sequence: null, statedAt: null, settledHubVersion: 1, actSeq: 0, stepSeq: 0, missing: 0, polls: 0 },
  ...{ hand: 'machine', impossible: null, since: AT, updatedAt: AT },
});

const KEY_FIELD = 'maHoSoMCDT';

function baseOf(stock: Stock, number: number): Base {
  const lines = new Map(sampleFor(stock, number).lines).set(KEY_FIELD, { is: 'value', value: codeOf(number) });
  return { link: linkOf(number), lines, provisional: false, ring: new Map(), snapshot: null, mappingVersion: stock.mapping.version };
}

/** The ministry's records as a kind that can only be listed; `seen` is called before each page. */
export function listedKind(
  stock: Stock,
  list: { readonly gives: 'id+version' | 'record'; readonly count: number; readonly page: number; readonly seen: () => void },
): RecordKind {
  const itemOf = list.gives === 'record' ? (number: number) => recordItem(stock, number) : versionItem;
  return {
    ...{ name: RECORD, schema: stock.schema, normalises: {}, readLagMs: 0, ordered: false },
    list: {
      gives: list.gives,
      run: async (cursor) => {
        list.seen();
        const from = Number(cursor ?? 0);
        const until = Math.min(from + list.page, list.count);
        const items = Array.from({ length: until - from }, (_, i) => itemOf(from + i));
        return { items, cursor: until < list.count ? String(until) : null };
      },
    },
  };
}

const versionItem = (number: number): Listed => ({
  id: codeOf(number),
  key: codeOf(number),
  version: driftsByVersion(number) ? 'moved on' : AGREED_VERSION,
});

/** The record as a fresh answer, one field of the result changed where it drifts. */
function recordItem(stock: Stock, number: number): Listed {
  const { record } = sampleFor(stock, number);
  const result = record.ketQuaXuLy as JsonObject;
  const shown: Json = driftsByRecord(number) ? { ...result, nksNgaySinh: '01.01.2001' } : { ...result };
  const code = codeOf(number);
  const sighting: Sighting = {
    ...{ id: code, key: code, version: AGREED_VERSION, sequence: null, covers: 'all', statedAt: null },
    record: { ...record, [KEY_FIELD]: code, ketQuaXuLy: shown },
  };
  return { id: code, key: code, version: AGREED_VERSION, sighting };
}
