import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../model/ports.ts';
import type { Simulator, SimulatorFaults, StartSimulator } from './contract.ts';
import type {
  RouteEffect,
  SimulatorAnswer,
  SimulatorDesk,
  SimulatorPlan,
  SimulatorRequest,
  SimulatorRoute,
  SimulatorRow,
} from './simulator-contract.ts';
import { changedRow, openSimulatorData, type SimulatorData } from './simulator-data.ts';
import { type FolderDesk, openFolderDesk } from './simulator-folder.ts';
import { bodyOf, findRoute, listen, patternOf, post, reopen, reply, shut } from './simulator-server.ts';

/** What all simulators share: a real HTTP server on loopback, seeded faults, counting, data that outlives the process. */

export const NO_FAULTS: SimulatorFaults = {
  seed: 1,
  delayMs: 0,
  loseAnswer: 0,
  landLate: 0,
  lateMs: 0,
  duplicate: 0,
  tooMany: 0,
  serverError: 0,
  htmlPage: 0,
  wrongJson: 0,
  shortAnswer: 0,
  shuffle: 0,
  halfFile: 0,
  badRow: 0,
  lateFile: 0,
  down: false,
  unsafe: false,
};

const MOST_BODY_BYTES = 40_000_000;

type Options = Parameters<StartSimulator>[0];

/** Starts the simulator: resolves when its port is open. */
export async function runSimulator(options: Options, plan: SimulatorPlan): Promise<Simulator> {
  const weather = { faults: { ...NO_FAULTS, ...options.faults }, random: seeded(options.faults?.seed ?? NO_FAULTS.seed) };
  const data = openSimulatorData(options.folder, plan);
  const counts = { calls: 0, inFlight: 0, mostInFlight: 0 };
  const told: { folder: FolderDesk | null } = { folder: null };
  const desk = openDesk(plan, data, options.clock, weather, (kind, row) => told.folder?.tell(kind, row));
  const folder = plan.folder === undefined ? null : openFolderDesk(options.folder, plan.folder, desk, () => weather.faults, options.clock);
  told.folder = folder;
  const routes = plan.routes(desk).map((route) => ({ route, pattern: patternOf(route.path) }));

  const server = createServer((incoming, response) => {
    counts.calls += 1;
    counts.inFlight += 1;
    counts.mostInFlight = Math.max(counts.mostInFlight, counts.inFlight);
    response.once('close', () => {
      counts.inFlight -= 1;
    });
    serve(incoming, response).catch(() => response.destroy());
  });
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming, plan.mostBodyBytes ?? MOST_BODY_BYTES);
    if (body === null) return reply(response, { status: 413, json: { message: 'too large' } });
    const found = findRoute(routes, incoming, body);
    if (found === null) return reply(response, { status: 404, json: { message: 'no such path' } });
    await underFaults(effectOf(found), () => runRoute(found.route, found.request), response, weather, options.clock);
  };

  const port = await listen(server, options.port ?? 0);
  const baseUrl = `http://127.0.0.1:${port}`;
  const stop = new AbortController();
  if (folder !== null) void lookNowAndThen(folder, stop.signal);
  /** Whoever looks at the system finds that it has taken what lay in its folder. */
  const looking = <T>(run: () => T): T => {
    folder?.look();
    return run();
  };
  return {
    config: plan.config(baseUrl, folder?.root ?? ''),
    baseUrl,
    setFaults: (faults) => {
      const wasDown = weather.faults.down;
      weather.faults = { ...weather.faults, ...faults };
      if (faults.seed !== undefined) weather.random = seeded(faults.seed);
      if (weather.faults.down && !wasDown) shut(server);
      if (!weather.faults.down && wasDown) reopen(server, port);
      folder?.setDown(weather.faults.down);
      folder?.look();
    },
    records: (kind) => looking(() => data.rows(kind).map(({ id, key, record, stage }) => ({ id, key, record, stage }))),
    received: () => looking(() => data.taken()),
    typeByHand: (kind, record) => looking(() => desk.add(kind, { key: null, record, byHand: true }, 'type-by-hand').id),
    edit: (kind, id, changes) => void looking(() => desk.change(kind, id, { record: changes }, null)),
    advance: (kind, id, stage, fields) => {
      const from = desk.get(kind, id)?.stage ?? '';
      const open = plan.kinds[kind]?.stages?.[from];
      if (open !== undefined && !open.includes(stage)) throw new RangeError(`${kind} cannot go from stage ${from} to ${stage}`);
      desk.change(kind, id, { stage, ...(fields === undefined ? {} : { record: fields }) }, null);
    },
    backup: data.backup,
    restore: data.restore,
    counted: () => looking(() => ({ calls: counts.calls + (folder?.taken() ?? 0), mostInFlight: counts.mostInFlight })),
    close: async () => {
      stop.abort();
      folder?.close();
      shut(server);
      data.close();
    },
  };
}

const LOOK_EVERY_MS = 300;

/** Files lie in a real folder, so it is looked into in real time, whatever the clock of the records says. */
async function lookNowAndThen(folder: FolderDesk, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await wait(LOOK_EVERY_MS, undefined, { ref: false });
    if (!signal.aborted) folder.look();
  }
}

interface Weather {
  faults: SimulatorFaults;
  random: () => number;
}

function openDesk(
  plan: SimulatorPlan,
  data: SimulatorData,
  clock: Clock,
  weather: Weather,
  told: (kind: string, row: SimulatorRow) => void,
): SimulatorDesk {
  const roll = (share: number) => share > 0 && weather.random() < share;
  const kindOf = (kind: string) => {
    const found = plan.kinds[kind];
    if (found === undefined) throw new RangeError(`no kind ${kind} in this simulator`);
    return found;
  };
  const put = (kind: string, row: SimulatorRow, verb: string | null) => {
    const naturalKey = kindOf(kind).naturalKey(row.record);
    data.put(kind, row, verb === null ? null : { verb, kind, key: row.key, naturalKey, at: row.at });
    plan.changed?.(desk, kind, row);
    told(kind, row);
    return row;
  };
  const keepsOf = (kind: string) => kindOf(kind).keeps ?? ((record) => record);
  const shuffled = <T>(list: readonly T[]) => (roll(weather.faults.shuffle) ? shuffle(list, weather.random) : list);
  const desk: SimulatorDesk = {
    rows: data.rows,
    get: data.get,
    byKey: data.byKey,
    twin: (kind, record) => data.byNaturalKey(kind, kindOf(kind).naturalKey(keepsOf(kind)(record))),
    add: (kind, entry, verb = 'create') => {
      const sequence = data.nextSequence();
      const row: SimulatorRow = {
        id: kindOf(kind).id(sequence),
        key: entry.key,
        record: keepsOf(kind)(entry.record),
        stage: kindOf(kind).firstStage,
        version: 1,
        sequence,
        at: clock.now(),
        byHand: entry.byHand ?? false,
        acts: [],
        extra: entry.extra ?? {},
      };
      return put(kind, row, verb);
    },
    change: (kind, id, change, verb) => {
      const row = data.get(kind, id);
      if (row === null) throw new RangeError(`no ${kind} with this id`);
      return put(kind, changedRow(row, change, data.nextSequence(), clock.now(), keepsOf(kind)), verb);
    },
    keepFile: data.keepFile,
    file: data.file,
    faults: () => weather.faults,
    random: () => weather.random(),
    now: () => clock.now(),
    answered: (list) => shuffled(list.filter(() => !roll(weather.faults.shortAnswer))),
    shuffled,
    repeated: (list) => list.flatMap((one) => (roll(weather.faults.duplicate) ? [one, one] : [one])),
    send: async (url, headers, body) => {
      if (roll(weather.faults.duplicate)) await post(url, headers, body);
      return post(url, headers, body);
    },
  };
  return desk;
}

/** A message that cannot be read is a write: nobody may believe it did nothing. */
function effectOf({ route, request }: { readonly route: SimulatorRoute; readonly request: SimulatorRequest }): RouteEffect {
  if (typeof route.effect !== 'function') return route.effect;
  try {
    return route.effect(request);
  } catch (error) {
    if (error instanceof SyntaxError) return 'write';
    throw error;
  }
}

/** Runs a route under the weather. A lost answer lands and is cut; a late one is cut and lands afterwards. */
async function underFaults(
  effect: RouteEffect,
  run: () => Promise<SimulatorAnswer>,
  response: ServerResponse,
  weather: Weather,
  clock: Clock,
): Promise<void> {
  if (effect === 'log-in') return reply(response, await run());
  const { faults } = weather;
  const roll = (share: number) => share > 0 && weather.random() < share;
  if (faults.delayMs > 0) await clock.sleep(faults.delayMs);
  if (roll(faults.tooMany)) return reply(response, { status: 429, json: { message: 'slow down' }, headers: { 'retry-after': '1' } });
  const spoiled = spoiledAnswer(faults, roll);
  if (spoiled !== null) {
    if (roll(0.5)) await run();
    return reply(response, spoiled);
  }
  if (effect === 'write' && roll(faults.landLate)) {
    response.destroy();
    await clock.sleep(faults.lateMs);
    await run();
    return;
  }
  const answer = await run();
  if (effect === 'write' && roll(faults.loseAnswer)) response.destroy();
  else reply(response, answer);
}

function spoiledAnswer(faults: SimulatorFaults, roll: (share: number) => boolean): SimulatorAnswer | null {
  if (roll(faults.serverError)) return { status: 500, json: { message: 'internal error' } };
  if (roll(faults.htmlPage))
    return { status: 200, text: '<html><body>Bảo trì hệ thống</body></html>', headers: { 'content-type': 'text/html' } };
  if (roll(faults.wrongJson)) return { status: 200, text: '{"status": "1", "val', headers: { 'content-type': 'application/json' } };
  return null;
}

async function runRoute(route: SimulatorRoute, request: SimulatorRequest): Promise<SimulatorAnswer> {
  try {
    return await route.run(request);
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400, json: { message: 'not JSON' } };
    throw error;
  }
}

/** mulberry32: a small seeded stream in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffle<T>(list: readonly T[], random: () => number): readonly T[] {
  return list
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
