import { subscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { HOUSE } from '../config.ts';
import type { Simulator } from '../kit/contract.ts';
import { loadAdapter } from '../kit/load.ts';
import type { JsonObject } from '../model/json.ts';
import { realClock } from '../ports.ts';
import type { Counts } from './processes.ts';

/** The outside systems of `bench dossiers`, in a process of their own; they count what they are asked. */

const fields = z.record(z.string(), z.json());
const asked = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('type'), id: z.number(), dossiers: z.array(fields) }),
  z.object({ ask: z.literal('counts'), id: z.number() }),
  z.object({ ask: z.literal('stop'), id: z.number() }),
]);

const calls = new Map<string, number>();
let lastCallAtMs = 0;
subscribe('http.server.request.start', (message) => {
  const { request } = message as { readonly request: { readonly method?: string; readonly url?: string } };
  const path = (request.url ?? '').replace(/\?.*$/u, '').replace(/\/H12[^/]*/u, '/:code');
  const name = `${request.method} ${path}`;
  calls.set(name, (calls.get(name) ?? 0) + 1);
  lastCallAtMs = performance.timeOrigin + performance.now();
});

const simulators = new Map<string, Simulator>();
for (const name of ['one-stop', 'civil-status']) {
  const { start } = await loadAdapter([join(HOUSE, 'adapters')], name);
  if (start !== null) simulators.set(name, await start({ folder: null, clock: realClock }));
}
process.on('message', (message) => {
  const order = asked.parse(message);
  process.send?.({ id: order.id, answer: answer(order) });
  if (order.ask === 'stop') process.disconnect();
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, answer: Object.fromEntries([...simulators].map(([name, { config }]) => [name, config])) });

function answer(order: z.output<typeof asked>): Counts | null {
  if (order.ask === 'type') for (const dossier of order.dossiers) simulators.get('one-stop')?.typeByHand('birth', dossier as JsonObject);
  if (order.ask !== 'counts') return null;
  const { user, system } = process.cpuUsage();
  return { calls: Object.fromEntries(calls), lastCallAtMs, cpuMs: (user + system) / 1000 };
}
