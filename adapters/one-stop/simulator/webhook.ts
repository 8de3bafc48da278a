import { type Clock, type SimulatorDesk, type SimulatorRow, secret, sign } from '../../../src/kit/index.ts';
import { documentOf } from './documents.ts';

/** Messages to motlan: each is sent until a 2xx comes back, so they may come twice or out of order. */
export interface Webhook {
  /** From now on changes are told to `url`, and what changed before it was named is told as well. */
  to(url: string, key: string): void;
  tell(row: SimulatorRow): void;
  /** Resolves when nothing waits to be sent. */
  idle(): Promise<void>;
  close(): void;
}

const PAUSES_MS = [50, 100, 200, 500, 1_000, 2_000];

export function openWebhook(desk: SimulatorDesk, clock: Clock, everything: () => readonly SimulatorRow[]): Webhook {
  const stopped = new AbortController();
  const waiting = new Set<Promise<void>>();
  let target: { readonly url: string; readonly key: string } | null = null;
  let count = 0;

  const deliver = async (row: SimulatorRow): Promise<void> => {
    const body = Buffer.from(JSON.stringify({ event: 'dossier.changed', document: documentOf(row) }), 'utf8');
    if (desk.faults().shuffle > desk.random()) await clock.sleep(Math.ceil(desk.random() * 200), stopped.signal);
    for (let tries = 0; !stopped.signal.aborted && target !== null; tries += 1) {
      count += 1;
      const at = clock.now();
      const nonce = `one-stop-${at}-${count}`;
      const headers = { 'content-type': 'application/json', ...sign(secret(target.key), { at, nonce, body }) };
      const status = await desk.send(target.url, headers, body);
      if (status !== null && status >= 200 && status < 300) return;
      await clock.sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 2_000, stopped.signal);
    }
  };
  const tell = (row: SimulatorRow): void => {
    if (target === null) return;
    const sent = deliver(row).finally(() => waiting.delete(sent));
    waiting.add(sent);
  };
  return {
    to: (url, key) => {
      target = { url, key };
      for (const row of everything()) tell(row);
    },
    tell,
    idle: async () => {
      while (waiting.size > 0) await Promise.all(waiting);
    },
    close: () => stopped.abort(),
  };
}
