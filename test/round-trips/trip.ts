import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Call, RecordKind, Sighting, Simulator, System } from '../../src/kit/contract.ts';
import type { KindFixture } from '../../src/kit/contract-fixture.ts';
import { loadAdapter, loadFixture, openSystem } from '../../src/kit/load.ts';
import { isTrouble } from '../../src/kit/trouble.ts';
import type { Compiled } from '../../src/mapping/compile.ts';
import type { HubSide, LineId } from '../../src/mapping/contract.ts';
import { type Dice, dice, generate } from '../../src/mapping/generate.ts';
import { applyChanges, generateHub } from '../../src/mapping/laws.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { AgreedValue, LineValue } from '../../src/model/line-value.ts';
import { MANNERS, type Manner } from './manners.ts';
import { overSheet } from './sheet.ts';

/**
 * One dossier's way out over a system's real wire and back: generated in the hub, written by the mapping, sent by the adapter's
 * own verbs (or typed by hand where there is none), read by the adapter, and read back by the mapping.
 */

const ADAPTERS = [resolve(import.meta.dirname, '../../adapters')];
const call = (): Call => ({ signal: new AbortController().signal });

export interface Road {
  readonly compiled: Compiled;
  readonly kind: RecordKind;
  readonly simulator: Simulator;
  readonly fixture: KindFixture | undefined;
  readonly manner: Manner;
  readonly root: string;
  /** The dossier begins there: a person types it in, and it is taken in from there. */
  readonly beginsThere: boolean;
  close(): Promise<void>;
}

export async function openRoad(compiled: Compiled): Promise<Road> {
  const { system: name, record } = compiled.mapping;
  const loaded = await loadAdapter(ADAPTERS, name);
  if (loaded.start === null) throw new Error(`${name} has no simulator`);
  const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((go) => setTimeout(go, ms)) };
  const simulator = await loaded.start({ folder: null, clock });
  const root = await mkdtemp(join(tmpdir(), 'motlan-trips-'));
  const manner = MANNERS[compiled.mapping.id] ?? MANNERS[name] ?? {};
  let made = 0;
  const chance = { random: () => 0.5, id: () => `id-${++made}` };
  const system: System = await openSystem(loaded, { ...simulator.config, ...manner.config?.(root) }, { clock, chance });
  const kind = system.kinds[record];
  if (kind === undefined) throw new Error(`${name} gives no ${record}`);
  const fixture = (await loadFixture(loaded.folder))?.kinds[record];
  const close = async (): Promise<void> => {
    await system.close();
    await simulator.close();
    await rm(root, { recursive: true, force: true });
  };
  return { compiled, kind, simulator, fixture, manner, root, beginsThere: beginsThere(compiled), close };
}

/** What it takes in is not only a result, or there is nothing else than results. */
const beginsThere = ({ mapping: { rules } }: Compiled): boolean =>
  rules.some(({ owner, hubPath }) => owner === 'take' && !hubPath.startsWith('results.')) || isMessage(rules);

type Seen = Pick<Sighting, 'record' | 'covers'>;

export interface Tally {
  trips: number;
  /** Records made there by hand. */
  made: number;
  tries: number;
  /** Lines that held a value and came back equal; equal up to the loss they declare; not stated by the system. */
  equal: number;
  lossy: number;
  readonly unseen: Set<LineId>;
  readonly refused: Map<string, number>;
}

export interface Trip {
  readonly hub: HubSide;
  readonly sent: ReadonlyMap<LineId, AgreedValue>;
  readonly record: JsonObject;
}

/** A dossier that the form and the system would take; null where a die fell otherwise. */
export function departure(road: Road, roll: Dice, n: number, data?: JsonObject): Trip | null {
  const { compiled, beginsThere: all, manner } = road;
  const { mapping } = compiled;
  const made = generateHub(compiled, roll);
  const code = `H12.31-260901-${String(n).padStart(5, '0')}`;
  const document = distinct({
    ...(data === undefined ? made.document : { ...HEAD, ...data }),
    code,
    results: resultsOf(compiled, roll),
  }) as JsonObject;
  const hub: HubSide = { ...made, document, ...(manner.day === undefined ? {} : { at: Date.parse(`${manner.day}T02:00:00Z`) }) };
  if (isMessage(mapping.rules)) return message(road, roll, hub);
  const goes = [...mapping.ours(hub)].filter(([id]) => (all || mapping.rule(id).owner !== 'take') && !isDerived(manner, id, compiled));
  if (goes.some(([, { is }]) => is === 'invalid')) return null;
  const sent = new Map(goes.flatMap(([id, value]) => (value.is === 'value' ? [[id, value] as const] : [])));
  return { hub, sent, record: mapping.write(sent) };
}

const HEAD: JsonObject = {
  nationalCode: null,
  procedure: '',
  agency: 'H12.31',
  status: 2,
  receivedAt: '2025-06-01T02:00:00.000Z',
  applicant: {},
  files: [],
};

/** A line that the adapter itself fills, from what no wire carries. */
const isDerived = ({ derived = [] }: Manner, line: LineId, { built }: Compiled): boolean =>
  derived.length > 0 &&
  built.plain.some(
    (each) =>
      each.id === line && each.record.some(({ path }) => derived.some((name) => path.text === name || path.text.startsWith(`${name}.`))),
  );

/** A message of results only: made by the record's schema, since nothing of it comes from us. */
function message({ compiled, manner }: Road, roll: Dice, hub: HubSide): Trip | null {
  const { mapping, source } = compiled;
  const key = mapping.write(
    new Map(
      [...mapping.ours(hub)].flatMap(([id, value]) => (mapping.rule(id).isKey && value.is === 'value' ? [[id, value] as const] : [])),
    ),
  );
  const record = { ...(manner.message?.(roll) ?? generate(source.record, roll)), ...key };
  const stated = [...mapping.theirs(record, 'all')];
  if (stated.some(([, { is }]) => is === 'invalid')) return null;
  return { hub, sent: new Map(stated.flatMap(([id, value]) => (value.is === 'value' ? [[id, value] as const] : []))), record };
}

/** Results that earlier legs would have given. */
function resultsOf({ source }: Compiled, roll: Dice): JsonObject {
  const digits = (length: number): string => Array.from({ length }, () => String(roll.below(10))).join('');
  const needed = source.node.needs.flatMap(({ path }) => {
    const [root, system, field] = path.text.split('.');
    return root === 'results' && system !== undefined && field !== undefined ? [[system, field] as const] : [];
  });
  const results: Record<string, Record<string, Json>> = {};
  for (const [system, field] of needed) {
    const value = field === 'personalId' ? `099226${digits(6)}` : /code$/iu.test(field) ? `99${digits(8)}` : String(1 + roll.below(999));
    results[system] = { ...results[system], [field]: value };
  }
  return results;
}

/** Entries of one list are told apart by every value they have: generated lists hold no twins. */
function distinct(value: Json): Json {
  if (Array.isArray(value)) {
    const list = (value as readonly Json[]).map(distinct);
    const marks = new Set<string>();
    return list.filter((entry) => {
      const texts = typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? Object.entries(entry) : [];
      const keys = texts.flatMap(([name, each]) => (KEYS.has(name) && typeof each !== 'object' ? [`${name}=${String(each)}`] : []));
      const isNew = keys.every((key) => !marks.has(key));
      for (const key of keys) marks.add(key);
      return isNew;
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([name, each]) => [name, distinct(each as Json)]));
}
const KEYS: ReadonlySet<string> = new Set(['number', 'code', 'key', 'personalId', 'kind', 'id']);

/** Sends one; its id there, or null where the system refuses what a die threw. */
export async function send(road: Road, trip: Trip, tally: Tally): Promise<string | null> {
  const { kind, simulator, compiled, manner, beginsThere: there } = road;
  const { record } = compiled.mapping;
  const adds = manner.adds ?? ((one: JsonObject) => one);
  if (isByHand(kind)) return simulator.typeByHand(record, overSheet(road, trip));
  if (kind.create === undefined || there) {
    tally.made += 1;
    return simulator.typeByHand(record, adds(trip.record, tally.made));
  }
  const key = String(trip.hub.document.code);
  try {
    const said = await kind.create.run({ key, record: trip.record, files: [] }, call());
    if (manner.sendBack !== undefined) return key;
    const row =
      simulator.records(record).find((one) => one.key === key || (said.is === 'done' && one.id === said.id)) ??
      simulator.records(record).at(-1);
    return row?.id ?? null;
  } catch (error) {
    if (!isTrouble(error) || error.detail.kind !== 'refused') throw error;
    const code = (error.detail.issues ?? []).map((issue) => `${issue.path} ${issue.code}`).join(', ') || error.detail.code;
    tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1);
    return null;
  }
}

/** No verb gives its records: a person types, and looks. */
const isByHand = (kind: RecordKind): boolean =>
  [kind.create, kind.read, kind.changes, kind.hear, kind.list].every((verb) => verb === undefined);

/** What the adapter reads of these records, by the first verb that gives records. */
export async function arrivals(road: Road, ids: readonly string[]): Promise<ReadonlyMap<string, Seen>> {
  const { kind, simulator, compiled, fixture } = road;
  await road.manner.sendBack?.(road.root);
  const rows = simulator.records(compiled.mapping.record).filter(({ id }) => ids.includes(id));
  const found = new Map<string, Seen>();
  if (isByHand(kind)) for (const { id, record } of rows) found.set(id, { record, covers: 'all' });
  else if (kind.read !== undefined) {
    const { by, most } = kind.read;
    for (let from = 0; from < rows.length; from += most) {
      const some = rows.slice(from, from + most);
      const name = (row: (typeof rows)[number]): string => (by === 'key' ? (row.key ?? '') : row.id);
      const seen = await kind.read.run(some.map(name), call());
      for (const row of some) {
        const sighting = seen.get(name(row));
        if (sighting !== undefined && sighting !== null) found.set(row.id, sighting);
      }
    }
  } else if (kind.hear !== undefined && fixture?.hear !== undefined) {
    for (const [n, row] of rows.entries()) {
      const { touches } = await kind.hear.run(fixture.hear(row, Date.now(), `nonce-${row.id}-${n}`), call());
      for (const touch of touches) if (touch.kind === compiled.mapping.record && touch.sighting !== null) found.set(row.id, touch.sighting);
    }
  } else if (kind.changes !== undefined) {
    for (let cursor: string | null = null, more = true; more; ) {
      const page: Awaited<ReturnType<typeof kind.changes.run>> = await kind.changes.run(cursor, call());
      for (const { id, key, sighting } of page.touches) {
        const row = rows.find((one) => one.id === id || (key !== null && one.key === key));
        const name = row?.id ?? key;
        if (name !== null && sighting !== null) found.set(name, sighting);
      }
      more = page.more;
      cursor = page.cursor;
    }
  }
  return found;
}

/** Judges what came back against what went; throws the lines that are otherwise without saying so. */
export function compare({ compiled, kind }: Pick<Road, 'compiled' | 'kind'>, trip: Trip, back: Seen, tally: Tally): void {
  const { mapping } = compiled;
  const theirs = mapping.theirs(back.record, back.covers);
  const wrong: string[] = [];
  const stated = new Map<LineId, AgreedValue>();
  for (const [line, value] of trip.sent) {
    const seen: LineValue = theirs.get(line) ?? mapping.unlisted(line, back.covers);
    if (seen.is === 'unseen') tally.unseen.add(bare(line));
    else if (mapping.equal(line, value, seen)) {
      tally.equal += 1;
      if (seen.is === 'value') stated.set(line, seen);
    } else if (mapping.rule(line).lossy !== null) tally.lossy += 1;
    else wrong.push(`${line}: ${JSON.stringify(value)} came back as ${JSON.stringify(seen)}`);
  }
  const { changes, problems } = mapping.inverse(stated, trip.hub);
  const after: HubSide = { ...trip.hub, document: applyChanges(trip.hub.document, changes) };
  if (!isMessage(mapping.rules)) wrong.push(...changes.map(({ line }) => `${line} would change the hub`));
  wrong.push(
    ...mapping.inverse(stated, after).changes.map(({ line }) => `${line} changes the hub twice`),
    ...problems.map(({ code }) => code),
  );
  const strangers = [...theirs].filter(([line, { is }]) => is === 'value' && mapping.rule(line).owner === 'give' && !trip.sent.has(line));
  wrong.push(...strangers.map(([line]) => `${line} was never sent`));
  if (wrong.length > 0) throw new Error(`${mapping.id}:\n${wrong.join('\n')}\n${String(kind.name)}`);
}

/** What only tells results. */
const isMessage = (rules: Compiled['mapping']['rules']): boolean =>
  rules.every(({ owner, isKey, hubPath }) => isKey || (owner === 'take' && hubPath.startsWith('results.')));
const bare = (line: LineId): string => line.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g, '[]');

export const tallied = (): Tally => ({ trips: 0, made: 0, tries: 0, equal: 0, lossy: 0, unseen: new Set(), refused: new Map() });
export const seeded = (mapping: string): Dice => dice([...mapping].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 20_261_124));
