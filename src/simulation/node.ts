import type { RecordKind } from '../kit/index.ts';
import type { Mapping } from '../mapping/contract.ts';
import { mayStep } from '../model/status.ts';
import type { Store } from '../store/contract.ts';
import type { Engine, EngineEvent, EngineLimits, EnginePorts, Spoke, StatusRule } from '../sync/contract.ts';
import type { Edit } from './history.ts';
import { MINISTRIES, type Ministry, type SimSystem } from './lines.ts';
import { type Desk, ministryKind, type Shown } from './ministry.ts';
import type { Network } from './network.ts';
import { oneStopKind } from './one-stop.ts';
import { createChance, type Dice } from './random.ts';
import type { Life, Scheduler } from './scheduler.ts';
import type { World } from './world.ts';

export const SYSTEMS: readonly SimSystem[] = ['one-stop', ...MINISTRIES];

export const LIMITS: EngineLimits = {
  leaseMs: 30_000,
  backOffFirstMs: 1_000,
  backOffMostMs: 30_000,
  freshMs: 5_000,
  mostInwardChanges: 20,
  ringHits: 1,
  ringWindowMs: 30_000,
  mostFileBytes: 1_000_000,
};

/** Changes what the engine is given before it is built: how a safety feature is taken away. */
export interface Tampering {
  readonly ports: (ports: EnginePorts) => EnginePorts;
  readonly build: (ports: EnginePorts) => Engine;
}

/** One engine in one process, as far as the world can tell. */
export interface Node {
  readonly life: Life;
  readonly engine: Engine;
  /** Edits this node was shown so far. */
  readonly shown: Shown;
}

/** The store as one node reaches it: a point before each call and one after its commit. */
const storeOf = (store: Store, life: Life, scheduler: Scheduler): Store => {
  const around = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    await scheduler.point(life, `${name} before`);
    try {
      return await scheduler.during(run);
    } finally {
      await scheduler.point(life, `${name} after`);
    }
  };
  return {
    ...store,
    write: (work) => around('store.write', () => store.write(work)),
    read: (work) => around('store.read', () => store.read(work)),
  };
};

const spokeOf = (name: SimSystem, kind: RecordKind): Spoke => ({
  name,
  kinds: { file: kind },
  role: name === 'one-stop' ? 'one-stop' : 'ministry',
  pollMs: 40_000,
  pollsBeforeAsking: 3,
  batch: 4,
  concurrent: 2,
  dailyCap: null,
  cutOffAt: null,
  title: { vi: name, en: name },
  mode: () => 'auto',
});

/** The province's rule for the dossier's status, small enough to follow by hand. */
const status: StatusRule = ({ current, before, legs, act }) => {
  if (act !== null) return { is: 'none' };
  const open = legs.filter((leg) => !leg.ended && !leg.impossible);
  const begun = legs.filter((leg) => leg.phase !== null);
  const isDone = begun.length === legs.length && legs.every((leg) => leg.phase === 'issued' || leg.phase === 'handed-over');
  const to = open.some((leg) => leg.phase === 'supplement') ? 5 : isDone ? 9 : begun.length > 0 ? 4 : current;
  return to === current || !mayStep(current, to, before) ? { is: 'none' } : { is: 'step', to };
};

export interface NodeOptions {
  readonly name: string;
  readonly world: World;
  readonly network: Network;
  readonly store: Store;
  readonly mappings: readonly Mapping[];
  readonly dice: Dice;
  readonly tampering: (life: Life) => Tampering;
  readonly tell: (event: EngineEvent) => void;
  /** What the store may already know: edits in messages that were acknowledged. */
  readonly known: ReadonlySet<Edit>;
}

/** A fresh engine on the same database; whatever an earlier one kept in memory is gone. */
export const createNode = (options: NodeOptions): Node => {
  const { world, network } = options;
  const life = world.scheduler.life(options.name);
  const tampering = options.tampering(life);
  const shown: Shown = new Set(options.known);
  const desk: Desk = { world, network, life, shown };
  const kinds: readonly (readonly [SimSystem, RecordKind])[] = [
    ['one-stop', oneStopKind(desk)],
    ...MINISTRIES.map((system: Ministry) => [system, ministryKind(desk, system)] as const),
  ];
  const ports: EnginePorts = {
    store: storeOf(options.store, life, world.scheduler),
    clock: world.scheduler.clock(life),
    chance: createChance(options.dice.fork(options.name), `${options.name}-`),
    spokes: new Map(kinds.map(([system, kind]) => [system, spokeOf(system, kind)])),
    mappings: options.mappings,
    limits: LIMITS,
    status,
    procedure: () => ({ is: 'valid' }),
    // The simulated forms have no rules of their own; a record that states no time of receipt was received when it was first read.
    admit: (document) => ({ ...document, head: { ...document.head, receivedAt: document.head.receivedAt || world.scheduler.now() } }),
    tell: options.tell,
  };
  return { life, shown, engine: tampering.build(tampering.ports(ports)) };
};
