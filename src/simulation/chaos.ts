import { createHash } from 'node:crypto';
import type { Mapping } from '../mapping/contract.ts';
import { type OpenStore, openStore } from '../store/index.ts';
import { drawCapability, drawThornyCapability } from './capability.ts';
import { type Coverage, createCoverage } from './coverage.ts';
import { decideOne } from './decide.ts';
import { drawStorm, type Stage, type Storm, startWorld } from './events.ts';
import { createFleet, type Fleet } from './fleet.ts';
import type { Edit } from './history.ts';
import { MINISTRIES, type SimSystem } from './lines.ts';
import { DEAF, FAIR, FOUL, type Network } from './network.ts';
import { createNode, SYSTEMS, type Tampering } from './node.ts';
import { judge } from './oracle.ts';
import { createChance, createDice, type Dice } from './random.ts';
import { changedRows, fingerprint, type Rows, readRows } from './rows.ts';
import { createScheduler, type Fate, type Life, type Point, type Scheduler } from './scheduler.ts';
import { countCrash, keenness } from './stations.ts';
import { createTrace } from './trace.ts';
import type { Unavoidable, Violation } from './verdict.ts';
import { createWorld, type World } from './world.ts';

/** One seed, lived to its end. */
export interface Outcome {
  readonly seed: number;
  readonly hash: string;
  readonly violations: readonly Violation[];
  readonly unavoidable: readonly Unavoidable[];
  readonly coverage: Coverage;
  readonly steps: number;
  readonly effects: number;
  readonly holds: number;
  readonly trace: readonly string[];
  /** The province as it ended, and what the store held of it; null rows when the run stopped early. */
  readonly world: World;
  readonly rows: Rows | null;
}

const START_AT = Date.UTC(2026, 8, 1, 1);
/** Longer than any window, lag, lease or poll. */
const ROUND_MS = 45_000;
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 16;
const MASTER = { current: 1, keys: new Map([[1, createHash('sha256').update('simulated province').digest()]]) };

/** Where freezing would make a harmless pause into a write nothing could stop: just before bytes leave. */
const maySleepAt = (name: string): boolean => !/\.(create|update|act) before$/.test(name);

const fateOf = (storm: Storm, dice: Dice, isCalm: () => boolean, coverage: Coverage) => {
  return (point: Point): Fate => {
    const thought = coverage.thought.get(point.life.name) ?? [];
    coverage.thought.delete(point.life.name);
    if (!point.life.name.startsWith('node') || isCalm()) return 'go';
    const isPort = point.name.includes('.');
    if (isPort && dice.hit(Math.max(storm.crash, storm.keen ? keenness(point.name, thought, storm.thorny) : 0))) {
      countCrash(coverage, point.name, thought);
      return 'crash';
    }
    if (isPort && maySleepAt(point.name) && dice.hit(storm.freeze)) {
      coverage.count(point.name.replace(/ (before|after)$/, ''), 'frozen');
      return { freezeMs: dice.between(35_000, 80_000) };
    }
    return 'go';
  };
};

interface Run {
  readonly scheduler: Scheduler;
  readonly world: World;
  readonly store: OpenStore;
  readonly stage: Stage;
  readonly fleet: Fleet;
  readonly network: Network;
}

/** Lives one seed: chaos, then calm, then judgement. Never throws for what the engine does; that is a violation. */
export const liveSeed = async (options: {
  readonly seed: number;
  /** By the systems that keep names in capitals. */
  readonly mappings: (upper: ReadonlySet<SimSystem>) => readonly Mapping[];
  readonly tampering: (coverage: Coverage, scheduler: Scheduler, life: Life) => Tampering;
  readonly keepTrace: boolean;
}): Promise<Outcome> => {
  const dice = createDice(options.seed);
  const trace = createTrace(options.keepTrace);
  const coverage = createCoverage();
  const storm = drawStorm(dice.fork('storm'));
  const errors: Violation[] = [];
  const calm = { on: false };
  let fleet: Fleet | null = null;
  let frozen = false;
  const fate = fateOf(storm, dice.fork('fate'), () => calm.on, coverage);
  const scheduler = createScheduler({
    startAt: START_AT,
    dice: dice.fork('order'),
    trace,
    fate: (point) => {
      const decided = fate(point);
      if (typeof decided === 'object') {
        frozen = true;
        fleet?.launch(1_000);
      }
      return decided;
    },
    onCrash: () => fleet?.launch(dice.between(100, 10_000)),
  });
  const draw = storm.thorny ? drawThornyCapability : drawCapability;
  const capability = { registry: draw(dice.fork('registry')), insurer: draw(dice.fork('insurer')) };
  const mappings = options.mappings(new Set(MINISTRIES.filter((system) => capability[system].upper)));
  const people: Life = scheduler.life('world');
  const world: World = { ...createWorld({ scheduler, dice: dice.fork('world'), capability, thorny: storm.thorny }), calm };
  const network: Network = {
    weather: { now: storm.thorny ? DEAF : FOUL },
    onCall: (_life, call, fortune) => coverage.count(call, fortune),
  };
  const store = await openStore({
    engine: { kind: 'sqlite', file: ':memory:' },
    keys: MASTER,
    chance: createChance(dice.fork('store'), 's'),
    clock: scheduler.clock(people),
    gather: async () => undefined,
  });
  const known = new Set<Edit>();
  fleet = createFleet({
    scheduler,
    store,
    world: people,
    pollEveryMs: (system) => (system !== 'one-stop' && !capability[system].changes ? null : calm.on ? 40_000 : 12_000),
    onError: (node, what, error) => errors.push(engineError(node.life.name, what, error)),
    make: (name) =>
      createNode({
        name,
        world,
        network,
        store,
        mappings,
        dice: dice.fork('node'),
        tampering: (life) => options.tampering(coverage, scheduler, life),
        known,
        tell: (event) => {
          if (event.detail.code === 'engine.fault')
            errors.push(engineError(name, `visit of ${event.link}`, new Error(String(event.detail.fault))));
          trace.note(`${scheduler.now()} ${name} tells ${event.event} ${event.link ?? event.code ?? ''} ${JSON.stringify(event.detail)}`);
        },
      }),
  });
  trace.note(`seed ${options.seed} ${JSON.stringify({ storm, capability })}`);
  const run: Run = {
    scheduler,
    world,
    store,
    fleet,
    network,
    stage: { world, fleet, storm, life: people, dice: dice.fork('people'), known },
  };
  try {
    return await live(run, options.seed, trace, coverage, errors, () => frozen);
  } finally {
    for (const node of fleet.nodes) scheduler.kill(node.life);
    await store.close();
  }
};

const engineError = (node: string, what: string, error: unknown): Violation => ({
  rule: 'engine-error',
  code: node,
  what: `${what}: ${error instanceof Error ? `${error.name}: ${error.message}` : 'threw no error'}`,
});

const live = async (
  run: Run,
  seed: number,
  trace: ReturnType<typeof createTrace>,
  coverage: Coverage,
  errors: Violation[],
  wasFrozen: () => boolean,
): Promise<Outcome> => {
  const { scheduler, world, store, stage, fleet } = run;
  const codes = Array.from({ length: stage.storm.dossiers }, (_, index) => `D${index + 1}`);
  const more: Violation[] = [];
  let unavoidable: readonly Unavoidable[] = [];
  let ending: Rows | null = null;
  try {
    for (let n = 0; n < stage.storm.nodes; n++) fleet.launch(n * 500);
    startWorld(stage);
    startDeciders(run);
    await scheduler.run(() => false, START_AT + stage.storm.lengthMs);
    calmDown(run);
    const restless = await rest(run, codes);
    if (restless.length > 0)
      more.push({ rule: 'not-at-rest', code: 'all', what: `the longest calm brought no rest: ${shorten(restless)}` });
    const strangers = await furtherPass(run, codes, more);
    const rows = await readRows(store, codes);
    ending = rows;
    const { broken } = await store.read((tx) => tx.audit.verify(null));
    const judgement = judge({ world, rows, strangers, brokenChains: broken }, wasFrozen());
    unavoidable = judgement.unavoidable;
    more.push(...judgement.violations);
  } catch (error) {
    more.push(engineError('run', 'the run stopped', error));
  }
  const violations = [...errors, ...more];
  for (const violation of violations) trace.note(`broken ${violation.rule} ${violation.code} ${violation.what}`);
  return {
    seed,
    hash: trace.hash(),
    violations,
    unavoidable,
    coverage,
    steps: scheduler.steps(),
    effects: world.effects.length,
    holds: ending?.holds.length ?? 0,
    world,
    rows: ending,
    trace: trace.lines(),
  };
};

const startDeciders = ({ scheduler, stage, store }: Run): void => {
  scheduler.start(stage.life, 'deciders', async () => {
    for (;;) {
      await scheduler.clock(stage.life).sleep(stage.dice.between(6_000, 25_000));
      if (stage.world.calm.on) return;
      await decideOne(stage, store);
    }
  });
};

/** No more faults: the network is fair, outages end, the frozen go on, one node is there for certain. */
const calmDown = ({ world, network, fleet, scheduler }: Run): void => {
  world.calm.on = true;
  network.weather.now = FAIR;
  world.outages.clear();
  for (const node of fleet.nodes) node.life.frozenUntil = Math.min(node.life.frozenUntil, scheduler.now());
  if (!fleet.nodes.some((node) => !node.life.dead)) fleet.launch(0);
};

const MOST_NAMED = 6;
const shorten = (names: readonly string[]): string =>
  names.slice(0, MOST_NAMED).join('; ') + (names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '');

/** Runs until a whole round changed nothing; names what still changed when that never comes. */
const rest = async (run: Run, codes: readonly string[]): Promise<readonly string[]> => {
  const { scheduler, store, world } = run;
  let before = { effects: world.effects.length, rows: fingerprint(await readRows(store, codes)) };
  let changed: readonly string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (round === 1) await sweepAll(run);
    await scheduler.run(() => false, scheduler.now() + ROUND_MS);
    const after = { effects: world.effects.length, rows: fingerprint(await readRows(store, codes)) };
    changed = changedRows(before.rows, after.rows);
    if (round + 1 >= LEAST_ROUNDS && changed.length === 0 && after.effects === before.effects) return [];
    before = after;
  }
  return changed;
};

/** Looks at everything of every system once, to find what no event told; gives the records no link knows. */
const sweepAll = async ({ scheduler, stage, fleet }: Run): Promise<ReadonlyMap<SimSystem, number>> => {
  const strangers = new Map<SimSystem, number>();
  scheduler.start(stage.life, 'sweep all', async () => {
    for (const system of SYSTEMS) {
      const swept = await fleet.ask(60_000, (node) => node.engine.sweep(system));
      strangers.set(system, swept?.answer.strangers ?? 0);
    }
  });
  await scheduler.run(() => strangers.size === SYSTEMS.length, scheduler.now() + ROUND_MS);
  return strangers;
};

/** Sweeps and wakes everything once more: nothing may be written outside, and no row may change but clocks. */
const furtherPass = async (run: Run, codes: readonly string[], more: Violation[]): Promise<ReadonlyMap<SimSystem, number>> => {
  const { scheduler, store, world, fleet, stage } = run;
  const before = { effects: world.effects.length, rows: fingerprint(await readRows(store, codes)) };
  const strangers = await sweepAll(run);
  scheduler.start(stage.life, 'further pass', async () => {
    const { links } = await scheduler.during(() => readRows(store, codes));
    for (const link of links) await fleet.ask(60_000, (node) => node.engine.wake(link.id, 3));
  });
  await scheduler.run(() => false, scheduler.now() + ROUND_MS);
  const written = world.effects.length - before.effects;
  if (written > 0) more.push({ rule: 'not-at-rest', code: 'all', what: `a further pass wrote ${written} times outside` });
  const changed = changedRows(before.rows, fingerprint(await readRows(store, codes)));
  if (changed.length > 0) more.push({ rule: 'not-at-rest', code: 'all', what: `a further pass changed rows: ${shorten(changed)}` });
  return strangers;
};
