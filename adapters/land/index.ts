import { type Call, defineAdapter, isTrouble, oauth2, openHttp, type ProbeHop, type RecordKind, readAnswers } from '../../src/kit/index.ts';
import { create, getFile, handOver, supplement } from './calls.ts';
import { type Config, config } from './config.ts';
import { hear } from './hear.ts';
import { type Endpoint, KIND } from './wire.ts';

/** Land registration (hồ sơ đất đai): sent once, heard from then on. Built from code of one province, not from a specification. */
export default defineAdapter<Config>({
  name: 'land',
  title: { vi: 'Phần mềm đất đai', en: 'Land registration software' },
  evidence: 'SOURCED',
  config,
  open: async (settings, ports) => {
    const { clientId, clientSecret, username, password, tokenPath, baseUrl, limits, timeoutMs, mostAnswerBytes } = settings;
    const answers = readAnswers(ports.data.answers());
    const auth = oauth2({ tokenPath, clientId, clientSecret, user: { username, password } });
    const shared = { system: 'land', ports, answers, limits, timeoutMs, mostAnswerBytes };
    const http = openHttp({ ...shared, baseUrl, auth });
    // Another address is another host: it is asked without the log-in of this one.
    const files = settings.filesBelow === undefined ? http : openHttp({ ...shared, baseUrl: settings.filesBelow });
    const endpoint: Endpoint = { schema: ports.data.recordSchema(KIND), config: settings, http, files };
    /** There is no read, no search, no list and no update that is known: those verbs are not here. */
    const registration: RecordKind = {
      ...{ name: KIND, schema: endpoint.schema, normalises: {}, readLagMs: 0, ordered: true },
      hear: hear(endpoint),
      create: create(endpoint),
      acts: { supplement: supplement(endpoint), 'hand-over': handOver(endpoint) },
      getFile: getFile(endpoint),
    };
    return {
      limits,
      kinds: { [KIND]: registration },
      probe: (call) => probe(endpoint, call),
      close: async () => {
        await http.close();
        if (files !== http) await files.close();
      },
    };
  },
});

/** Reachable, and the log-in is taken. Nothing is written. */
async function probe({ http, config: { probePath } }: Endpoint, { signal }: Call): Promise<readonly ProbeHop[]> {
  try {
    await http.ask({ operation: 'probe', effect: 'read', method: 'GET', path: probePath, passes: [404, 405], signal });
    return [{ hop: 'log-in', ok: true, vi: 'Phần mềm đất đai nhận đăng nhập.', en: 'The land system takes the log-in.' }];
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { kind, vi, en } = error.detail;
    return [{ hop: kind === 'setup' ? 'log-in' : 'connection', ok: false, vi, en }];
  }
}
