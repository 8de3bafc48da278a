import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import cron, { type ScheduledTask } from 'node-cron';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { At } from '../model/json.ts';
import type { Clock } from '../model/ports.ts';
import type { Store } from '../store/contract.ts';
import type { Engine } from '../sync/contract.ts';

/** What happens by the clock: one beat a minute looks at what is due. When it was last done stands in the store, not in memory. */

export interface TickPorts {
  readonly config: Pick<Config, 'systems' | 'anchor' | 'inboxDays'>;
  readonly store: Store;
  readonly engine: Pick<Engine, 'sweep'>;
  readonly clock: Clock;
  readonly log: Log;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const OWN = 'motlan';

/** Does everything that is due now; one trouble does not keep the others from their turn. */
export async function tick(ports: TickPorts): Promise<void> {
  for (const [name, { sweepEveryMs }] of Object.entries(ports.config.systems)) {
    await when(ports, { system: name, name: 'sweep-at', everyMs: sweepEveryMs }, async () => {
      const { by, links, woken, strangers } = await ports.engine.sweep(name);
      ports.log.info({ system: name, is: by, links, woken, count: strangers }, 'swept');
    });
  }
  await when(ports, { system: OWN, name: 'anchor-at', everyMs: ports.config.anchor.everyHours * HOUR_MS }, () => anchor(ports));
  await when(ports, { system: OWN, name: 'forget-at', everyMs: DAY_MS }, (now) =>
    ports.store.write((tx) => tx.inbox.forgetBefore(now - ports.config.inboxDays * DAY_MS)),
  );
}

/** Digest over all audit chains, kept in the store and, where a file is named, outside of it. */
async function anchor({ store, config, clock, log }: TickPorts): Promise<void> {
  const made = await store.write((tx) => tx.audit.anchor(clock.now()));
  log.info({ anchor: made.digest, chains: made.chains }, 'anchored');
  const { file } = config.anchor;
  if (file === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify({ ...made, at: new Date(made.at).toISOString() })}\n`);
}

interface Due {
  readonly system: string;
  readonly name: string;
  readonly everyMs: number;
}

async function when({ store, clock, log }: TickPorts, due: Due, work: (now: At) => Promise<void>): Promise<void> {
  const now = clock.now();
  // Claimed before it is done: of several nodes one does it.
  const before = await store.write(async (tx) => {
    const last = await tx.cursors.load(due.system, due.name);
    if (last !== null && Number(last) + due.everyMs > now) return null;
    await tx.cursors.save(due.system, due.name, String(now));
    // The first beat of a new house only starts the clock: there is nothing to sweep yet.
    return last;
  });
  if (before === null) return;
  try {
    await work(now);
  } catch (error) {
    log.error({ err: error, system: due.system, step: due.name }, 'what was due failed');
    await store.write((tx) => tx.cursors.save(due.system, due.name, before));
  }
}

export interface Beat {
  /** Last time the minute was noticed. */
  beatAt(): At;
  stop(): Promise<void>;
}

const STALE_MS = 5 * MINUTE_MS;

/** Beats once a minute. A task that fell silent is made anew by whoever asks for the beat. */
export function startTick(ports: TickPorts): Beat {
  let beatAt = ports.clock.now();
  let running: Promise<void> = Promise.resolve();
  const beat = (): Promise<void> => {
    beatAt = ports.clock.now();
    running = tick(ports).catch((error: unknown) => ports.log.error({ err: error }, 'the minute tick failed'));
    return running;
  };
  const logger = {
    info: () => undefined,
    debug: () => undefined,
    warn: () => ports.log.warn({ step: 'minute' }, 'the scheduler missed or skipped a minute'),
    error: () => ports.log.error({ step: 'minute' }, 'the scheduler failed'),
  };
  const begin = (): ScheduledTask =>
    cron.schedule('* * * * *', beat, { noOverlap: true, name: 'motlan-minute', timezone: 'Asia/Ho_Chi_Minh', logger });
  let task = begin();
  return {
    beatAt() {
      if (ports.clock.now() - beatAt > STALE_MS) {
        void task.destroy();
        task = begin();
      }
      return beatAt;
    },
    async stop() {
      await task.destroy();
      await running;
    },
  };
}
