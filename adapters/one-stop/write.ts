import {
  type ActVerb,
  type Call,
  type CreateVerb,
  type FileSource,
  type Json,
  path,
  shaped,
  type UpdateVerb,
} from '../../src/kit/index.ts';
import { keepFile } from './files.ts';
import { documentShape, type Endpoint, receiptOf } from './wire.ts';

/** Writing: a dossier begun elsewhere, results and sentences into it, steps of its progress. */

/** `POST /dossiers`: the same `Idempotency-Key` again gives the same dossier. */
export const create = (endpoint: Endpoint): CreateVerb => ({
  repeat: 'same-key',
  landsWithinMs: endpoint.config.landsWithinMs,
  run: async (order, call) => {
    const answer = await endpoint.http.ask({
      operation: 'create',
      effect: 'write',
      method: 'POST',
      path: '/dossiers',
      headers: { 'idempotency-key': order.key },
      json: { dossier: order.record },
      signal: call.signal,
    });
    if (answer.is === 'already') return { is: 'already', id: codeOf(order.record.code) };
    const document = shaped(documentShape, answer.body, 'create', 'write');
    await keepFiles(endpoint, String(document.dossier.code), order.files, call);
    return receiptOf(document);
  },
});

/** `PATCH /dossiers/{code}` (RFC 7396 merge patch) on the revision we planned against. */
export const update = (endpoint: Endpoint): UpdateVerb => ({
  phases: ['sent', 'accepted', 'assigned', 'supplement', 'payment', 'issued', 'handed-over', 'refused', 'withdrawn', 'stopped'],
  style: 'patch',
  ifMatch: true,
  landsWithinMs: endpoint.config.landsWithinMs,
  run: async (order, call) => {
    await keepFiles(endpoint, order.id, order.files, call);
    const answer = await endpoint.http.ask({
      operation: 'update',
      effect: 'write',
      method: 'PATCH',
      path: path`/dossiers/${order.id}`,
      headers: order.version === null ? {} : { 'if-match': `"${order.version}"` },
      json: order.record,
      signal: call.signal,
    });
    return receiptOf(shaped(documentShape, answer.body, 'update', 'write'));
  },
});

/** `POST /dossiers/{code}/progress`: one step; the same key again changes nothing. */
export const step = (endpoint: Endpoint): ActVerb => ({
  phases: [],
  leadsTo: null,
  repeat: 'same-key',
  landsWithinMs: endpoint.config.landsWithinMs,
  run: async (order, call) => {
    const { status, at, ...rest } = order.record;
    const answer = await endpoint.http.ask({
      operation: 'step',
      effect: 'write',
      method: 'POST',
      path: path`/dossiers/${order.id}/progress`,
      headers: { 'idempotency-key': order.actKey },
      json: { ...rest, key: order.actKey, status: Number(status), ...(at === undefined ? {} : { at: isoOf(at) }) },
      signal: call.signal,
    });
    return receiptOf(shaped(documentShape, answer.body, 'step', 'write'));
  },
});

const isoOf = (at: Json): Json => (typeof at === 'number' ? new Date(at).toISOString() : at);
const codeOf = (code: Json | undefined): string | null => (typeof code === 'string' ? code : null);

async function keepFiles(endpoint: Endpoint, code: string, files: readonly FileSource[], call: Call): Promise<void> {
  for (const file of files) await keepFile(endpoint, code, file, call);
}
