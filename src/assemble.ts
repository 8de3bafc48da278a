import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { readCalendar } from './assemble/calendar.ts';
import { formsOf, MappingsRefused, mappingsOf } from './assemble/mappings.ts';
import { admissionOf, procedureRule, readCatalogue, statusRule } from './assemble/rules.ts';
import { type OpenedSystem, openSystems } from './assemble/systems.ts';
import { readTerms } from './assemble/terms.ts';
import { startTick } from './assemble/tick.ts';
import type { Config } from './config.ts';
import type { Failpoints } from './failpoints.ts';
import type { DuePorts } from './http/due.ts';
import { type EventFeed, openFeed } from './http/feed.ts';
import { type Metrics, openMetrics } from './http/health.ts';
import type { LookPorts } from './http/looks.ts';
import { Refusal } from './http/problems.ts';
import { openServer } from './http/server.ts';
import { parseDocument } from './intake/document.ts';
import type { FormBook } from './intake/forms.ts';
import { secret } from './kit/secret.ts';
import type { Book } from './mapping/index.ts';
import { realChance, realClock } from './ports.ts';
import { type MasterKeys, type OpenStore, openStore } from './store/index.ts';
import type { DossierDocument, Engine, EngineEvent, EnginePorts } from './sync/contract.ts';
import { createEngine } from './sync/index.ts';

/** Puts the rooms together: configuration in, a house that works out. The only place where real time and chance are chosen. */

export const clock = realClock;
export const chance = realChance(clock);

const MOST_SILENCE_MS = 10 * 60_000;
const WATCH_MS = 60_000;

export interface House {
  readonly config: Config;
  readonly log: Logger;
  readonly store: OpenStore;
  readonly systems: ReadonlyMap<string, OpenedSystem>;
  readonly book: Book;
  readonly forms: FormBook;
  readonly engine: Engine;
  readonly feed: EventFeed;
  readonly looks: LookPorts & DuePorts;
  close(): Promise<void>;
}

/** The configuration's sealing keys; null where it names none. */
export function keysOf(config: Config): MasterKeys | null {
  if (config.keys === undefined) return null;
  const keys = Object.entries(config.keys.ring).map(([version, key]) => [Number(version), key] as const);
  return { current: config.keys.current, keys: new Map(keys) };
}

/** Opens and migrates the store of the configuration. */
export async function openStoreOf(config: Config, keys: MasterKeys): Promise<OpenStore> {
  if (config.store !== 'embedded') {
    return openStore({ engine: { kind: 'postgres', url: config.store.postgres, poolSize: 10 }, keys, chance, clock });
  }
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  return openStore({ engine: { kind: 'sqlite', file: join(config.data, 'motlan.db') }, keys, chance, clock });
}

export interface HousePorts {
  readonly log: Logger;
  readonly keys: MasterKeys;
  /** Where a test lets the process die; null or absent: nowhere. */
  readonly failpoints?: Failpoints | null;
}

/** Opens store, systems, mappings, forms and engine. Nothing runs yet and nothing was sent. */
export async function openHouse(config: Config, { log, keys, failpoints = null }: HousePorts): Promise<House> {
  const { mappings: shipped, mappingsOverride: own } = config.folders;
  const forms = await formsOf(config);
  const systems = await openSystems(config, { clock, chance });
  const spokes = new Map([...systems].map(([name, { spoke }]) => [name, spoke]));
  const book = await mappingsOf(config, spokes);
  if (book.status === null) throw new MappingsRefused(noStatus(join(shipped, 'status.yaml')));
  const catalogue = await readCatalogue(shipped, own);
  const deadlines = { calendar: await readCalendar(config.calendar), terms: await readTerms(shipped, own) };
  const store = await openStoreOf(config, keys);
  const feed = openFeed();
  const ports: EnginePorts = {
    status: statusRule(book.status),
    procedure: procedureRule(catalogue),
    deadlines,
    admit: admissionOf(forms),
    store,
    clock,
    chance,
    spokes,
    mappings: book.mappings,
    limits: { ...config.engine, mostFileBytes: config.files.mostBytes },
    tell: (event) => {
      feed.tell(event);
      note(log, event);
    },
  };
  const engine = failpoints === null ? createEngine(ports) : failpoints.around(createEngine(ports, failpoints.stations));
  return {
    ...{ config, log, store, systems, book, forms, engine, feed },
    looks: {
      spokes,
      deadlines,
      titles: new Map([...spokes].map(([name, { title }]) => [name, title])),
      needs: new Map(book.mappings.map(({ id, needs }) => [id, needs])),
      desks: new Map(book.mappings.flatMap(({ id, desk }) => (desk === undefined ? [] : [[id, desk] as const]))),
    },
    async close() {
      for (const { system } of systems.values()) await system?.close();
      await store.close();
    },
  };
}

const noStatus = (file: string) => [
  {
    ...{ severity: 'error' as const, code: 'status.missing', file, line: 1, column: 1 },
    vi: 'thiếu tệp quy tắc trạng thái hồ sơ',
    en: 'the rules of the dossier status are missing',
  },
];

function note(log: Logger, { event, code, link, detail }: EngineEvent): void {
  log[event === 'trouble' ? 'warn' : 'debug']({ event, code, link, detail }, 'engine');
}

/** A pushed body as a document, or a refusal that lists everything wrong with it. */
export const parserOf =
  (forms: FormBook) =>
  (body: unknown): DossierDocument => {
    const parsed = parseDocument(body, forms);
    if (parsed.ok) return parsed.document;
    throw new Refusal(
      422,
      'invalid-dossier',
      { vi: 'Hồ sơ có thông tin chưa hợp lệ.', en: 'Something in the dossier is not valid.' },
      parsed.issues,
    );
  };

export interface Running {
  readonly url: string;
  /** Finishes the visits that have begun, answers what came in, then closes everything. */
  stop(): Promise<void>;
}

/** Lets the house work: the API answers, the engine visits, the minute beats. */
export async function startHouse(house: House): Promise<Running> {
  const { config, log, store, engine } = house;
  const stopping = new AbortController();
  const beat = startTick({ config, store, engine, clock, log });
  let runs = true;
  const beats = (): boolean => runs && clock.now() - beat.beatAt() < MOST_SILENCE_MS;
  const ports = {
    ...house.looks,
    ...{ store, engine, clock, log, beats },
    feed: house.feed,
    parse: parserOf(house.forms),
    webhooks: new Map(
      Object.entries(config.http.webhooks).map(([name, { secret: key, agencies }]) => [name, { key: secret(key), agencies }]),
    ),
    limits: config.http,
  };
  const metrics = openMetrics(ports);
  const server = await openServer(ports, metrics);
  await server.listen({ host: config.http.host, port: config.http.port });
  const works = [
    count(house.feed, metrics, stopping.signal),
    watch(beats, stopping.signal),
    engine.run(stopping.signal).catch((error: unknown) => {
      runs = false;
      log.fatal({ err: error }, 'the engine stopped');
    }),
  ];
  const [address] = server.addresses();
  const port = typeof address === 'object' ? address.port : config.http.port;
  log.info({ host: config.http.host, port }, 'listening');
  return {
    url: `http://${config.http.host}:${port}`,
    async stop() {
      stopping.abort();
      await server.close();
      await beat.stop();
      await Promise.all(works);
      await house.close();
    },
  };
}

async function count(feed: EventFeed, metrics: Metrics, signal: AbortSignal): Promise<void> {
  for await (const { event } of feed.watch(null, signal)) metrics.seen(event);
}

/** Asking for the beat is what mends a scheduler that fell silent. */
async function watch(beats: () => boolean, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(WATCH_MS, signal);
    beats();
  }
}
