import type { Context } from './context.ts';
import type { Spoke } from './contract.ts';
import { pollChanges } from './hear.ts';
import { visitDue } from './visit-due.ts';

const IDLE_MS = 30_000;

/** Runs every system side by side until `signal` aborts: one that is down does not slow another. */
export async function run(context: Context, signal: AbortSignal): Promise<void> {
  await Promise.all([...context.spokes.values()].flatMap((spoke) => [visits(context, spoke, signal), polls(context, spoke, signal)]));
}

async function visits(context: Context, spoke: Spoke, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const visited = await visitDue(context, spoke.name);
    if (visited === 0) await untilDue(context, spoke.name, signal);
  }
}

/** Sleeps until work is due or something wakes the system; a wake during the look-up is not missed. */
async function untilDue(context: Context, system: string, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const stop = context.store.onWake((name) => {
    if (name === system) woken.abort();
  });
  try {
    const dueAt = await context.store.read((tx) => tx.work.nextDue(system));
    const waitMs = dueAt === null ? IDLE_MS : Math.min(IDLE_MS, dueAt - context.clock.now());
    if (waitMs > 0) await context.clock.sleep(waitMs, AbortSignal.any([signal, woken.signal]));
    else await context.clock.sleep(1, signal);
  } finally {
    stop();
  }
}

async function polls(context: Context, spoke: Spoke, signal: AbortSignal): Promise<void> {
  if (!Object.values(spoke.kinds).some((kind) => kind.changes !== undefined)) return;
  while (!signal.aborted) {
    const more = await pollChanges(context, spoke.name);
    if (!more) await context.clock.sleep(spoke.pollMs, signal);
  }
}
