import {
  bearer,
  type Call,
  defineAdapter,
  type HearVerb,
  type HttpClient,
  isTrouble,
  openHttp,
  type ProbeHop,
  type RecordKind,
  readAnswers,
} from '../../src/kit/index.ts';
import { type Config, config } from './config.ts';
import { getFile, putFile } from './files.ts';
import { hear } from './hear.ts';
import { changes, find, list, read } from './look.ts';
import type { Endpoint } from './wire.ts';
import { create, step, update } from './write.ts';

/** The one-stop as motlan asks it to be: an interface of our own that any vendor can serve (README.md). */
export default defineAdapter<Config>({
  name: 'one-stop',
  title: { vi: 'Hệ thống một cửa (giao diện motlan)', en: 'One-stop system (motlan interface)' },
  evidence: 'OURS',
  config,
  open: async (settings, ports) => {
    const http = openHttp({
      system: 'one-stop',
      baseUrl: settings.baseUrl,
      ports,
      answers: readAnswers(ports.data.answers()),
      limits: settings.limits,
      auth: bearer(settings.token),
      timeoutMs: settings.timeoutMs,
      mostAnswerBytes: settings.mostAnswerBytes,
      retryReads: settings.retryReads,
    });
    const kinds = ports.data.recordKinds();
    const endpointOf = (kind: string): Endpoint => {
      const schema = ports.data.recordSchema(kind);
      return { kind, kinds, form: formOf(kind, schema), schema, config: settings, http };
    };
    const ear = hear(settings, new Map(kinds.map((kind) => [kind, ports.data.recordSchema(kind)])));
    return {
      kinds: Object.fromEntries(kinds.map((kind) => [kind, recordKind(endpointOf(kind), ear)])),
      probe: (call) => probe(http, call),
      close: http.close,
    };
  },
});

/** The record schema names the one form it holds. */
function formOf(kind: string, schema: { readonly [name: string]: unknown }): string {
  const properties = schema.properties as { readonly form?: { readonly enum?: readonly string[] } } | undefined;
  return properties?.form?.enum?.[0] ?? `${kind}@1`;
}

const recordKind = (endpoint: Endpoint, ear: HearVerb): RecordKind => ({
  name: endpoint.kind,
  schema: endpoint.schema as RecordKind['schema'],
  normalises: {},
  readLagMs: endpoint.config.readLagMs,
  ordered: true,
  read: read(endpoint),
  find: find(endpoint),
  changes: changes(endpoint),
  list: list(endpoint),
  hear: ear,
  create: create(endpoint),
  update: update(endpoint),
  acts: { step: step(endpoint) },
  putFile: putFile(endpoint),
  getFile: getFile(endpoint),
});

/** Reachable, logged in, and one page of one dossier. Nothing is written. */
async function probe(http: HttpClient, call: Call): Promise<readonly ProbeHop[]> {
  const query = { limit: 1 };
  try {
    await http.ask({ operation: 'list', effect: 'read', method: 'GET', path: '/dossiers', query, signal: call.signal });
    return [{ hop: 'one-stop', ok: true, vi: 'Hệ thống một cửa trả lời đúng giao diện.', en: 'The one-stop answers as described.' }];
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { kind, vi, en } = error.detail;
    return [{ hop: kind === 'setup' ? 'log-in' : 'one-stop', ok: false, vi, en }];
  }
}
