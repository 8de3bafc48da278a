import type { ActVerb, Call, CreateOrder, CreateVerb, Receipt, Repeat } from '../../src/kit/index.ts';
import type { Endpoint } from './endpoint.ts';
import { pushBody } from './wire.ts';

const repeatOf = (endpoint: Endpoint): Repeat => (endpoint.config.twins === 'rejected' ? 'rejects-twin' : 'unsafe');

/** `NhanDKHT`. The system states no id of its own: a pushed dossier is known by our key, maHoSoMCDT. */
export const create = (endpoint: Endpoint): CreateVerb => ({
  repeat: repeatOf(endpoint),
  landsWithinMs: endpoint.config.landsWithinMs,
  run: (order, call) => push(endpoint, order, call),
});

/** The same push again, while a supplement is asked for. INFERENCE: taken as the supplement, the dossier goes on. */
export const supplement = (endpoint: Endpoint): ActVerb => ({
  phases: ['supplement'],
  leadsTo: 'accepted',
  repeat: repeatOf(endpoint),
  landsWithinMs: endpoint.config.landsWithinMs,
  run: (order, call) => push(endpoint, order, call),
});

async function push(endpoint: Endpoint, order: CreateOrder, call: Call): Promise<Receipt> {
  const { kind, config, http } = endpoint;
  const answer = await http.ask({
    operation: 'send',
    effect: 'write',
    method: 'POST',
    path: config.pushPath,
    json: await pushBody(kind.module, order.key, order.record, order.files, config),
    signal: call.signal,
  });
  if (answer.is === 'already') return { is: 'already', id: order.key };
  return { is: 'done', id: order.key, version: null, sequence: null };
}
