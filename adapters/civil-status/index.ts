import {
  type Auth,
  type Call,
  defineAdapter,
  gatewayAuth,
  type HttpClient,
  isTrouble,
  openHttp,
  type ProbeHop,
  type RecordKind,
  readAnswers,
  session,
} from '../../src/kit/index.ts';
import { type Config, config } from './config.ts';
import type { Endpoint } from './endpoint.ts';
import { type Kind, readKinds } from './kinds.ts';
import { getFile } from './papers.ts';
import { poll, read } from './poll.ts';
import { create, supplement } from './push.ts';
import { find } from './search.ts';
import { handOver, step } from './status.ts';

/** Civil status (hộ tịch) of Bộ Tư pháp. Built from code of one province's one-stop, not from an official specification. */
export default defineAdapter<Config>({
  name: 'civil-status',
  title: { vi: 'Phần mềm hộ tịch (Bộ Tư pháp)', en: 'Civil-status software (Ministry of Justice)' },
  evidence: 'SOURCED',
  config,
  open: async (settings, ports) => {
    const answers = readAnswers(ports.data.answers());
    const open = (baseUrl: string, auth: Auth | null): HttpClient =>
      openHttp({
        system: 'civil-status',
        baseUrl,
        ports,
        answers,
        limits: settings.limits,
        timeoutMs: settings.timeoutMs,
        mostAnswerBytes: settings.mostAnswerBytes,
        retryReads: settings.retryReads,
        ...(auth === null ? {} : { auth }),
      });
    const http = open(settings.baseUrl, gatewayAuth(settings.auth));
    const dvclt = settings.dvclt === null ? null : open(settings.dvclt.baseUrl ?? settings.baseUrl, dvcltAuth(settings.dvclt));
    const endpointOf = (kind: Kind): Endpoint => ({
      kind,
      config: settings,
      answers,
      http,
      dvclt,
    });
    const endpoints = [...readKinds(ports.data).values()].map(endpointOf);
    return {
      kinds: Object.fromEntries(endpoints.map((endpoint) => [endpoint.kind.name, recordKind(endpoint)])),
      probe: (call) => probe(endpoints[0], call),
      close: async () => {
        await http.close();
        await dvclt?.close();
      },
    };
  },
});

/** The verbs that are known. There is no update and no withdrawal: outside a supplement a second push changes nothing. */
function recordKind(endpoint: Endpoint): RecordKind {
  const { kind, config, dvclt } = endpoint;
  return {
    name: kind.name,
    schema: kind.schema,
    normalises: Object.fromEntries(kind.capitals.map((name) => [`ketQuaXuLy.${name}`, 'upper' as const])),
    readLagMs: config.readLagMs,
    ordered: false,
    read: read(endpoint),
    ...(config.searchPath === null ? {} : { find: find(endpoint) }),
    create: create(endpoint),
    acts: {
      supplement: supplement(endpoint),
      ...(dvclt === null ? {} : { step: step(endpoint, dvclt), 'hand-over': handOver(endpoint, dvclt) }),
    },
    getFile: getFile(endpoint),
  };
}

function dvcltAuth({ login }: NonNullable<Config['dvclt']>): Auth | null {
  if (login === undefined) return null;
  return session({
    path: login.path,
    body: () => ({ userName: login.userName, password: login.password.reveal() }),
    token: (answer) => {
      const token = typeof answer === 'object' && answer !== null && 'token' in answer ? answer.token : null;
      return typeof token === 'string' && token !== '' ? token : null;
    },
    livesMs: login.livesMs,
    headers: (token) => ({ authorization: `Bearer ${token}` }),
  });
}

/** Gateway and log-in, then one poll for a dossier code that cannot exist. Nothing is written. */
async function probe(endpoint: Endpoint | undefined, call: Call): Promise<readonly ProbeHop[]> {
  if (endpoint === undefined) return [];
  try {
    await poll(endpoint, ['MOTLAN-000000-0000'], call);
    return [
      { hop: 'gateway', ok: true, vi: 'Kết nối được tới trục và phần mềm hộ tịch.', en: 'The gateway and the civil-status system answer.' },
      { hop: 'poll', ok: true, vi: 'Tra cứu kết quả trả lời đúng cấu trúc.', en: 'The result poll answers in the known shape.' },
    ];
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { kind, scope, vi, en } = error.detail;
    const hop = kind === 'setup' || scope === 'system' ? 'gateway' : 'poll';
    const reached = { hop: 'gateway', ok: true, vi: 'Kết nối được tới trục.', en: 'The gateway answers.' };
    return hop === 'gateway' ? [{ hop, ok: false, vi, en }] : [reached, { hop, ok: false, vi, en }];
  }
}
