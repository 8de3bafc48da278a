import { readFileSync } from 'node:fs';
import { admissionOf, procedureRule, readCatalogue, statusRule } from '../../src/assemble/rules.ts';
import { parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import type { Simulator, SimulatorFaults, System } from '../../src/kit/contract.ts';
import { adapterData, listAdapters, loadAdapter, openSystem } from '../../src/kit/load.ts';
import type { Mapping } from '../../src/mapping/contract.ts';
import { loadBook } from '../../src/mapping/index.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Clock } from '../../src/model/ports.ts';
import type { Attempt, Base, Dossier, Hold, Link, ProgressEntry } from '../../src/store/contract.ts';
import { type OpenStore, openStore } from '../../src/store/index.ts';
import type { DossierDocument, Engine, EngineLimits, Spoke } from '../../src/sync/contract.ts';
import type { DeadlineRules } from '../../src/sync/deadlines.ts';
import { createEngine } from '../../src/sync/index.ts';

/** One province in one process: the real engine, store, mappings and adapters, and its systems in miniature over loopback. */

const FOLDERS = ['adapters'];
const SYSTEMS: readonly string[] = ['one-stop', 'civil-status'];
const START = Date.parse('2026-11-02T01:30:00Z');

export const POLL_MS = 60_000;
const LIMITS: EngineLimits = {
  leaseMs: 60_000,
  backOffFirstMs: 1_000,
  backOffMostMs: 60_000,
  freshMs: 5_000,
  mostInwardChanges: 30,
  ringHits: 3,
  ringWindowMs: 60_000,
  mostFileBytes: 1_000_000,
};

const forms = await loadForms('mappings/forms');
const catalogue = await readCatalogue('mappings');
const schemas = new Map(listAdapters(FOLDERS).map((place) => [place.name, adapterData(place, null)] as const));

function schemaOf(system: string, record: string): JsonObject | null {
  const data = schemas.get(system);
  return data?.recordKinds().includes(record) === true ? data.recordSchema(record) : null;
}
const sample = JSON.parse(readFileSync('config/demo/civil-status/dossiers.ndjson', 'utf8').split('\n')[0] ?? '') as JsonObject & {
  readonly data: JsonObject;
};
export const CODE = 'H12.31-261102-0001';

/** The first demo dossier with other data or head fields; undefined leaves a field out. */
export function documentOf(data: JsonObject, head: JsonObject): JsonObject {
  const whole = merged(sample, { data, ...head });
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
}

/** The same as the one-stop would push it. */
export const pushed = (data: JsonObject = {}, head: JsonObject = {}): DossierDocument => parsedOf(documentOf(data, head));

/** A whole document as the API takes it. */
export function parsedOf(document: JsonObject): DossierDocument {
  const parsed = parseDocument(document, forms);
  if (!parsed.ok) throw new RangeError(JSON.stringify(parsed.issues));
  return parsed.document;
}

const isObject = (of: Json | undefined): of is JsonObject => typeof of === 'object' && of !== null && !Array.isArray(of);
const merged = (held: JsonObject, changes: JsonObject): JsonObject =>
  Object.entries(changes).reduce<JsonObject>((now, [name, change]) => {
    const before = now[name];
    return { ...now, [name]: isObject(change) && isObject(before) ? merged(before, change) : change };
  }, held);

export interface Options {
  readonly deadlines?: DeadlineRules;
  /** The first moment, where it is not the second of November 2026. */
  readonly startAt?: number;
  /** Ministries beside civil status. */
  readonly others?: readonly string[];
  readonly ministry?: JsonObject;
  readonly spoke?: Partial<Spoke>;
  readonly faults?: Partial<SimulatorFaults>;
  /** Looks in vain before an official is asked. */
  readonly pollsBeforeAsking?: number;
}

export interface Rows {
  readonly dossier: Dossier;
  readonly leg: Link;
  readonly oneStop: Link;
  readonly links: readonly Link[];
  readonly base: Base | null;
  readonly attempts: readonly Attempt[];
  readonly holds: readonly Hold[];
  readonly progress: readonly ProgressEntry[];
}

export interface Province {
  readonly engine: Engine;
  readonly store: OpenStore;
  readonly oneStop: Simulator;
  readonly ministry: Simulator;
  readonly mappings: readonly Mapping[];
  simulator(name: string): Simulator;
  /** An official types the dossier in the one-stop, which pushes it to motlan. */
  typed(data?: JsonObject, head?: JsonObject): Promise<void>;
  typedWhole(document: JsonObject): Promise<void>;
  /** Lets time pass, then visits until nothing is due. */
  later(ms?: number): Promise<void>;
  /** Visits until nothing is due now. */
  rest(): Promise<void>;
  rows(code?: string): Promise<Rows>;
  /** What the ministry took from motlan, in order. */
  taken(): readonly string[];
  close(): Promise<void>;
}

/** Compiling every mapping costs more than most tests; a compiled mapping is a value, so provinces share it. */
const books = new Map<string, ReturnType<typeof loadBook>>();
function bookOf(names: readonly string[], kindsOf: (name: string) => System['kinds'], setting: string): ReturnType<typeof loadBook> {
  const key = `${names.join()} ${setting}`;
  const known = books.get(key);
  if (known !== undefined) return known;
  const book = loadBook({
    folder: 'mappings',
    recordSchema: schemaOf,
    normalises: (system, record) => kindsOf(system)[record]?.normalises ?? {},
    lawRounds: 0,
  });
  books.set(key, book);
  return book;
}

export async function openProvince(options: Options = {}): Promise<Province> {
  const time = { now: options.startAt ?? START };
  const clock: Clock = {
    now: () => time.now,
    sleep: async (ms) => {
      time.now += ms;
    },
  };
  const counter = { next: 0 };
  const id = () => {
    counter.next += 1;
    return `id-${String(counter.next).padStart(6, '0')}`;
  };
  const chance = { random: () => 0.5, id };
  const simulators = new Map<string, Simulator>();
  const systems = new Map<string, System>();
  const names = [...SYSTEMS, ...(options.others ?? [])];
  for (const name of names) {
    const loaded = await loadAdapter(FOLDERS, name);
    if (loaded.start === null) throw new Error(`the adapter ${name} has no simulator`);
    const simulator = await loaded.start({
      folder: null,
      clock,
      ...(name === 'civil-status' ? { faults: options.faults ?? {} } : {}),
    });
    simulators.set(name, simulator);
    const config = { ...simulator.config, ...(name === 'civil-status' ? options.ministry : {}) };
    systems.set(name, await openSystem(loaded, config, { clock, chance }));
  }
  const kindsOf = (name: string) => systems.get(name)?.kinds ?? {};
  const book = await bookOf(names, kindsOf, JSON.stringify(options.ministry ?? {}));
  if (book.status === null) throw new Error('no status rules');
  const spokeOf = (name: string): Spoke => ({
    name,
    kinds: kindsOf(name),
    title: { vi: name, en: name },
    role: name === 'one-stop' ? 'one-stop' : 'ministry',
    pollMs: POLL_MS,
    pollsBeforeAsking: options.pollsBeforeAsking ?? 1_000,
    batch: 10,
    concurrent: 1,
    dailyCap: null,
    cutOffAt: null,
    mode: () => 'auto',
    ...(name === 'civil-status' ? options.spoke : {}),
  });
  const store = await openStore({
    engine: { kind: 'sqlite', file: ':memory:' },
    keys: { current: 1, keys: new Map([[1, new Uint8Array(32).fill(7)]]) },
    chance,
    clock,
  });
  const engine = createEngine({
    store,
    clock,
    chance,
    spokes: new Map(names.map((name) => [name, spokeOf(name)])),
    mappings: book.mappings.filter(({ system }) => names.includes(system)),
    limits: LIMITS,
    status: statusRule(book.status),
    procedure: procedureRule(catalogue),
    ...(options.deadlines === undefined ? {} : { deadlines: options.deadlines }),
    admit: admissionOf(forms),
    tell: () => undefined,
  });
  const simulator = (name: string): Simulator => {
    const found = simulators.get(name);
    if (found === undefined) throw new RangeError(`no simulator of ${name}`);
    return found;
  };
  const rest = async (): Promise<void> => {
    // A feed that tells the last days again wakes what it tells of each time.
    for (const name of options.others ?? []) while (await engine.pollChanges(name));
    for (let round = 0; round < 60; round += 1) {
      for (const name of SYSTEMS) await engine.pollChanges(name);
      let visited = 0;
      for (const name of [...names].reverse()) visited += await engine.visitDue(name);
      if (visited === 0) return;
    }
    throw new Error('the province does not come to rest');
  };
  return {
    engine,
    store,
    oneStop: simulator('one-stop'),
    ministry: simulator('civil-status'),
    mappings: book.mappings,
    simulator,
    rest,
    typedWhole: async ({ revision: _revision, ...document }) => {
      simulator('one-stop').typeByHand(String(document.form).split('@')[0] ?? '', document);
      await engine.intake(parsedOf(document));
    },
    typed: async (data = {}, head = {}) => {
      const { revision: _revision, ...record } = documentOf(data, head);
      simulator('one-stop').typeByHand('birth', record);
      await engine.intake(pushed(data, head));
    },
    later: async (ms = POLL_MS * 4) => {
      time.now += ms;
      await rest();
    },
    rows: (code = CODE) => store.read((tx) => rowsOf(tx, code)),
    taken: () =>
      simulator('civil-status')
        .received()
        .map(({ verb }) => verb),
    close: async () => {
      await store.close();
      for (const system of systems.values()) await system.close();
      for (const each of simulators.values()) await each.close();
    },
  };
}

async function rowsOf(tx: Parameters<Parameters<OpenStore['read']>[0]>[0], code: string): Promise<Rows> {
  const dossier = (await tx.dossiers.load([code])).get(code);
  const links = await tx.links.ofDossiers([code]);
  const of = (system: string) => links.find((link) => link.system === system);
  const [leg, oneStop] = [of('civil-status'), of('one-stop')];
  if (dossier === undefined || leg === undefined || oneStop === undefined) throw new RangeError(`${code} is not there`);
  return {
    dossier,
    leg,
    oneStop,
    links,
    base: (await tx.bases.load([leg.id])).get(leg.id) ?? null,
    attempts: await tx.attempts.ofDossier(code),
    holds: (await tx.holds.page({ code, open: true }, null, 100)).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    progress: await tx.progress.ofDossiers([code]),
  };
}

/** The clerk accepts, assigns and issues. */
export async function issue(of: Province): Promise<void> {
  for (const stage of ['3', '7', '4']) {
    of.ministry.advance('birth', CODE, stage);
    await of.later();
  }
}

/** The dossier as the one-stop holds it. */
export const atOneStop = (of: Province, code = CODE): JsonObject =>
  of.oneStop.records('birth').find((one) => one.id === code)?.record as JsonObject;
