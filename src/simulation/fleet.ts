import type { At } from '../model/json.ts';
import type { Store } from '../store/contract.ts';
import type { SimSystem } from './lines.ts';
import type { Node } from './node.ts';
import { SYSTEMS } from './node.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** The nodes that run now, and how each goes about its work: as a supervisor would keep them. */
export interface Fleet {
  readonly nodes: Node[];
  /** A node that is alive and not frozen, or null. */
  awake(): Node | null;
  /** Starts another node on the same database after a while. */
  launch(afterMs: number): void;
  /** Runs `ask` against an awake node until one answers; gives null when it took longer than `patienceMs`. */
  ask<T>(patienceMs: number, ask: (node: Node) => Promise<T>): Promise<{ readonly answer: T } | null>;
}

const IDLE_MS = 45_000;

export const createFleet = (options: {
  readonly scheduler: Scheduler;
  readonly store: Store;
  readonly world: Life;
  readonly make: (name: string) => Node;
  readonly onError: (node: Node, what: string, error: unknown) => void;
  /** How often a system's changes are asked for now; null = it tells none. */
  readonly pollEveryMs: (system: SimSystem) => number | null;
}): Fleet => {
  const { scheduler, store, world } = options;
  const nodes: Node[] = [];
  let made = 0;

  const guarded = async (node: Node, what: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      options.onError(node, what, error);
    }
  };

  const sleepUntilWoken = async (node: Node, system: SimSystem, due: At | null): Promise<void> => {
    const woken = new AbortController();
    const stop = store.onWake((name) => {
      if (name === system) woken.abort();
    });
    const waitMs = due === null ? IDLE_MS : Math.min(IDLE_MS, Math.max(20, due - scheduler.now()));
    await scheduler.clock(node.life).sleep(waitMs, woken.signal);
    stop();
  };

  const visit = async (node: Node, system: SimSystem): Promise<void> => {
    for (;;) {
      const due = await scheduler.during(() => store.read((tx) => tx.work.nextDue(system)));
      if (due === null || due > scheduler.now()) await sleepUntilWoken(node, system, due);
      else await guarded(node, `visit ${system}`, () => node.engine.visitDue(system));
    }
  };

  const poll = async (node: Node, system: SimSystem): Promise<void> => {
    for (;;) {
      await guarded(node, `poll ${system}`, () => node.engine.pollChanges(system));
      await scheduler.clock(node.life).sleep(options.pollEveryMs(system) ?? IDLE_MS);
    }
  };

  const launch = (afterMs: number): void => {
    const name = `node${++made}`;
    scheduler.start(world, `launch ${name}`, async () => {
      await scheduler.clock(world).sleep(afterMs);
      const node = options.make(name);
      nodes.push(node);
      for (const system of SYSTEMS) {
        scheduler.start(node.life, `visits ${system}`, () => visit(node, system));
        if (options.pollEveryMs(system) !== null) scheduler.start(node.life, `polls ${system}`, () => poll(node, system));
      }
    });
  };

  const awake = (): Node | null => nodes.find((node) => !node.life.dead && node.life.frozenUntil <= scheduler.now()) ?? null;

  return {
    nodes,
    awake,
    launch,
    ask: async (patienceMs, ask) => {
      const node = awake();
      if (node === null) {
        await scheduler.clock(world).sleep(1_000);
        return null;
      }
      const answered = ask(node).then((answer) => ({ answer }));
      return await Promise.race([
        answered,
        scheduler
          .clock(world)
          .sleep(patienceMs)
          .then(() => null),
      ]);
    },
  };
};
