import {
  type Call,
  defineAdapter,
  gatewayAuth,
  isTrouble,
  openHttp,
  type ProbeHop,
  type RecordKind,
  readAnswers,
} from '../../src/kit/index.ts';
import { type Config, config } from './config.ts';
import { type Endpoint, read } from './read.ts';
import { type LookUp, overRest, overSoap } from './transport.ts';
import { KIND_NAMES } from './wire.ts';

/**
 * Business registration (Bộ Tài chính; communes for households). Reading by code is all that is known: there is no write
 * interface and no search, so officials type there and the number typed back is read. Not an official specification.
 */
export default defineAdapter<Config>({
  name: 'business-registration',
  title: { vi: 'Hệ thống đăng ký kinh doanh (Bộ Tài chính)', en: 'Business registry (Ministry of Finance)' },
  evidence: 'SOURCED',
  config,
  open: async (settings, ports) => {
    const auth = gatewayAuth(settings.auth);
    const http = openHttp({
      system: 'business-registration',
      baseUrl: settings.baseUrl,
      ports,
      answers: readAnswers(ports.data.answers()),
      limits: settings.limits,
      timeoutMs: settings.timeoutMs,
      mostAnswerBytes: settings.mostAnswerBytes,
      retryReads: settings.retryReads,
      ...(auth === null ? {} : { auth }),
    });
    const lookUp = settings.transport === 'soap' ? await overSoap(http, settings, ports) : overRest(http, settings);
    const kinds = KIND_NAMES.map((kind) => [kind, recordKind({ kind, schema: ports.data.recordSchema(kind), lookUp }, settings)] as const);
    return { limits: settings.limits, kinds: Object.fromEntries(kinds), probe: (call) => probe(lookUp, call), close: http.close };
  },
});

const recordKind = (endpoint: Endpoint, settings: Config): RecordKind => ({
  name: endpoint.kind,
  schema: endpoint.schema,
  normalises: {},
  readLagMs: settings.readLagMs,
  ordered: false,
  read: read(endpoint),
});

/** A base whose check digit would be 10: no enterprise has such a code. */
const NOBODY = '9912345640';

/** Gateway and log-in, then one look-up of a code that is never issued. */
async function probe(lookUp: LookUp, call: Call): Promise<readonly ProbeHop[]> {
  const gateway = { hop: 'gateway', ok: true, vi: 'Kết nối được tới trục.', en: 'The gateway answers.' };
  try {
    await lookUp('enterprise', NOBODY, call);
    return [gateway, { hop: 'look-up', ok: true, vi: 'Tra cứu trả lời đúng cấu trúc.', en: 'The look-up answers in the known shape.' }];
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { kind, scope, vi, en } = error.detail;
    if (kind === 'setup' || scope === 'system') return [{ hop: 'gateway', ok: false, vi, en }];
    return [gateway, { hop: 'look-up', ok: false, vi, en }];
  }
}
