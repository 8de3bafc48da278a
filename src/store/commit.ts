import { CompiledQuery, type Kysely } from 'kysely';
import type { Tx } from './contract.ts';
import type { DatabaseEngine } from './engine.ts';
import { closed, StoreFault } from './errors.ts';
import { execute } from './prepared.ts';
import type { Schema } from './schema.ts';
import type { Unit } from './tables/unit.ts';
import { tablesOf } from './tx.ts';

/**
 * Group commit. Calls queue; the writer takes what is queued, runs each inside its own savepoint of one transaction, and
 * commits once. A call that throws is rolled back alone. Nobody is answered before the commit.
 */

type Connection = Kysely<Schema>;
type Work = (tx: Tx) => Promise<unknown>;

interface Call {
  readonly work: Work;
  readonly done: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
  races: number;
}

type Outcome = { readonly call: Call; readonly unit: Unit } & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown }
);

export interface WriterPorts {
  readonly engine: DatabaseEngine;
  readonly unitOf: (db: Connection) => Unit;
  /** Awaited before a batch begins, again while it brings more, so that neighbours join. */
  readonly gather: () => Promise<void>;
  readonly limits: { readonly queue: number; readonly batch: number };
}

export interface Writer {
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  commits(): number;
  /** Refuses further calls and resolves when those queued are settled. */
  close(): Promise<void>;
}

const MOST_RACES = 3;
const COMMIT = CompiledQuery.raw('commit');
const ROLLBACK = CompiledQuery.raw('rollback');
const SAVE = CompiledQuery.raw('savepoint unit');
const RELEASE = CompiledQuery.raw('release savepoint unit');
const UNDO = CompiledQuery.raw('rollback to savepoint unit');

export function openWriter({ engine, unitOf, gather, limits }: WriterPorts): Writer {
  const queue: Call[] = [];
  const begin = CompiledQuery.raw(engine.begin.write);
  let draining: Promise<void> | null = null;
  let isClosed = false;
  let commits = 0;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      // As long as each wait brings more, the commit that all of them share is put off.
      for (let waiting = 0; queue.length > waiting && waiting < limits.batch; ) {
        waiting = queue.length;
        await gather();
      }
      const batch = queue.splice(0, limits.batch);
      try {
        await engine.db.connection().execute((connection) => runBatch(connection, batch));
      } catch (error) {
        for (const call of batch) call.fail(error);
      }
    }
    draining = null;
  }

  async function runBatch(connection: Connection, batch: readonly Call[]): Promise<void> {
    engine.here?.(connection);
    await execute(connection, begin);
    let kept: readonly Unit[];
    try {
      const outcomes = await runAll(connection, batch);
      kept = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.unit] : []));
      if (kept.length > 0) await commit(connection, kept);
      else await execute(connection, ROLLBACK);
      outcomes.forEach(answer);
    } catch (error) {
      await abandon(connection, error);
      throw error;
    }
    engine.committed(wokenBy(kept));
    if (kept.some((unit) => unit.erased.size > 0)) await engine.forget(connection);
  }

  async function commit(connection: Connection, kept: readonly Unit[]): Promise<void> {
    await engine.announce(connection, wokenBy(kept));
    await execute(connection, COMMIT);
    commits += 1;
  }

  async function runAll(connection: Connection, batch: readonly Call[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    // A call on its own needs no savepoint: the transaction is its own.
    const alone = batch.length === 1;
    for (const call of batch) {
      if (!alone) await execute(connection, SAVE);
      const outcome = await runOne(call, unitOf(connection));
      outcomes.push(outcome);
      if (alone) continue;
      if (!outcome.ok) await execute(connection, UNDO);
      await execute(connection, RELEASE);
    }
    return outcomes;
  }

  function answer(outcome: Outcome): void {
    const { call } = outcome;
    if (outcome.ok) {
      call.done(outcome.value);
    } else if (engine.lostRace(outcome.error) && call.races < MOST_RACES) {
      call.races += 1;
      queue.unshift(call);
    } else {
      call.fail(outcome.error);
    }
  }

  return {
    write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      if (isClosed) return Promise.reject(closed());
      if (queue.length >= limits.queue) return Promise.reject(busy());
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, done: (value) => resolve(value as T), fail: reject, races: 0 });
        draining ??= drain();
      });
    },
    commits: () => commits,
    async close() {
      isClosed = true;
      await draining;
    },
  };
}

const wokenBy = (units: readonly Unit[]): readonly string[] => [...new Set(units.flatMap((unit) => [...unit.woken]))];

async function runOne(call: Call, unit: Unit): Promise<Outcome> {
  try {
    return { call, unit, ok: true, value: await call.work(tablesOf(unit)) };
  } catch (error) {
    return { call, unit, ok: false, error };
  }
}

/** After a failed commit the connection may still be in its transaction, or gone; either way the first error is the one to tell. */
async function abandon(connection: Connection, because: unknown): Promise<void> {
  try {
    await execute(connection, ROLLBACK);
  } catch (error) {
    if (because instanceof Error && because.cause === undefined) because.cause = error;
  }
}

/** A consistent look: one transaction that is never written in. */
export async function look<T>(engine: DatabaseEngine, unitOf: (db: Connection) => Unit, work: (tx: Tx) => Promise<T>): Promise<T> {
  return engine.db.connection().execute(async (connection) => {
    engine.here?.(connection);
    await execute(connection, CompiledQuery.raw(engine.begin.read));
    try {
      return await work(tablesOf(unitOf(connection)));
    } finally {
      await execute(connection, ROLLBACK);
    }
  });
}

const busy = (): StoreFault =>
  new StoreFault(
    'busy',
    'Kho dữ liệu đang quá tải; chưa lưu gì. Vui lòng gửi lại sau ít phút.',
    'The store is overloaded; nothing was stored. Send again in a few minutes.',
  );
