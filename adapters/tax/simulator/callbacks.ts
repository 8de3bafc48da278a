import type { Clock, JsonObject, SimulatorDesk } from '../../../src/kit/index.ts';
import { bodyOf, headersOf } from './messages.ts';

/** What the office calls in to motlan: each message until a 2xx, so it may come twice or out of order. */
export interface Callbacks {
  to(url: string, key: string): void;
  tell(record: JsonObject): void;
  /** Resolves when nothing waits to be sent. */
  idle(): Promise<void>;
  close(): void;
}

const PAUSES_MS = [50, 100, 200, 500, 1_000, 2_000];

export function openCallbacks(desk: SimulatorDesk, clock: Clock): Callbacks {
  const stopped = new AbortController();
  const waiting = new Set<Promise<void>>();
  let target: { readonly url: string; readonly key: string } | null = null;
  let count = 0;

  const deliver = async (record: JsonObject): Promise<void> => {
    const body = bodyOf(record);
    if (desk.faults().shuffle > desk.random()) await clock.sleep(Math.ceil(desk.random() * 200), stopped.signal);
    for (let tries = 0; !stopped.signal.aborted && target !== null; tries += 1) {
      count += 1;
      const at = clock.now();
      const status = await desk.send(target.url, headersOf(target.key, at, `tax-${at}-${count}`, body), body);
      if (status !== null && status >= 200 && status < 300) return;
      await clock.sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 2_000, stopped.signal);
    }
  };
  return {
    to: (url, key) => {
      target = { url, key };
    },
    tell: (record) => {
      if (target === null) return;
      const sent = deliver(record).finally(() => waiting.delete(sent));
      waiting.add(sent);
    },
    idle: async () => {
      while (waiting.size > 0) await Promise.all(waiting);
    },
    close: () => stopped.abort(),
  };
}
