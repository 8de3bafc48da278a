import {
  type Call,
  defineAdapter,
  gatewayAuth,
  isTrouble,
  type JsonObject,
  openHttp,
  openXsd,
  type ProbeHop,
  type RecordKind,
  readAnswers,
  type Xsd,
} from '../../src/kit/index.ts';
import { type Config, config } from './config.ts';
import { hear } from './hear.ts';
import { ask, read } from './lookup.ts';
import { create, supplement } from './submit.ts';
import { taxpayer, taxpayerKind } from './taxpayers.ts';
import { DECLARATIONS, type DeclarationName, type Endpoint, LAND, TAXPAYERS } from './wire.ts';

/** The tax office (Cục Thuế). Formats from HTKK files and one province's one-stop; the gateway is a configured shape, not a specification. */
export default defineAdapter<Config>({
  name: 'tax',
  title: { vi: 'Thuế (Cục Thuế)', en: 'Tax (tax office)' },
  evidence: 'INFERENCE',
  config,
  open: async (settings, ports) => {
    const { data } = ports;
    const { gateway, land, baseUrl, taxpayers } = settings;
    const schemas: Xsd[] = [];
    const xsdOf = async (file: string, namespace: string): Promise<Xsd> => {
      const named = { text: (name: string) => data.text(name).replaceAll('{namespace}', escaped(namespace)) };
      const xsd = await openXsd(named, `schemas/${file}.xsd`);
      schemas.push(xsd);
      return xsd;
    };
    const answers = readAnswers(data.answers());
    const client = (login: Login) => ({ ...clientOf(settings, login), answers, ports });
    const http = gateway === null || baseUrl === undefined ? null : openHttp({ ...client(gateway.auth), baseUrl });
    const looks =
      taxpayers === null || baseUrl === undefined ? null : { taxpayers, http: openHttp({ ...client(taxpayers.auth), baseUrl }) };
    const endpoints = new Map<DeclarationName, Endpoint>();
    if (gateway !== null && http !== null) {
      const answerXsd = await xsdOf('answer', '');
      for (const kind of DECLARATIONS) {
        const xsd = await xsdOf(kind, gateway.namespace);
        endpoints.set(kind, { kind, schema: data.recordSchema(kind), gateway, answers, http, xsd, answerXsd });
      }
    }
    const taxpayerEndpoints =
      looks === null
        ? []
        : TAXPAYERS.map((name) => ({ name, schema: data.recordSchema(name), settings: looks.taxpayers, http: looks.http }));
    const ear = land === null ? null : hear(land, await xsdOf('notice', ''));
    const deaf = (kind: string): RecordKind => silent(kind, data.recordSchema(kind));
    return {
      ...(http === null && looks === null ? {} : { limits: settings.limits }),
      kinds: {
        ...Object.fromEntries(DECLARATIONS.map((kind) => [kind, declarationKind(deaf(kind), endpoints.get(kind))])),
        ...Object.fromEntries(LAND.map((kind) => [kind, { ...deaf(kind), ordered: true, ...(ear === null ? {} : { hear: ear }) }])),
        ...Object.fromEntries(taxpayerEndpoints.map((endpoint) => [endpoint.name, taxpayerKind(endpoint)])),
      },
      probe: async (call) => {
        const gatewayHops = await probe(endpoints.get('first-tax-code'), call);
        const [endpoint] = taxpayerEndpoints;
        return endpoint === undefined ? gatewayHops : [...gatewayHops, await probeTaxpayers(() => taxpayer(endpoint, NOBODY, call))];
      },
      close: async () => {
        await http?.close();
        await looks?.http.close();
        for (const xsd of schemas) xsd.close();
      },
    };
  },
});

const escaped = (text: string): string => text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/"/gu, '&quot;');

/** A kind nobody can ask or tell anything: typed by hand, or heard of. */
const silent = (name: string, schema: JsonObject): RecordKind => ({ name, schema, normalises: {}, readLagMs: 0, ordered: false });

/** There is no update and no withdrawal known; a form without a code of its own cannot be sent. */
function declarationKind(kind: RecordKind, endpoint: Endpoint | undefined): RecordKind {
  if (endpoint === undefined || endpoint.gateway.forms[endpoint.kind].maTKhai === null) return kind;
  return {
    ...kind,
    readLagMs: endpoint.gateway.readLagMs,
    read: read(endpoint),
    create: create(endpoint),
    acts: { supplement: supplement(endpoint) },
  };
}

type Login = Parameters<typeof gatewayAuth>[0];

function clientOf(settings: Config, login: Login): Omit<Parameters<typeof openHttp>[0], 'baseUrl' | 'answers' | 'ports'> {
  const { timeoutMs, mostAnswerBytes, retryReads, limits } = settings;
  const auth = gatewayAuth(login);
  return { system: 'tax', limits, timeoutMs, mostAnswerBytes, retryReads, ...(auth === null ? {} : { auth }) };
}

/** One look-up of a key that cannot exist. Nothing is written; without a gateway there is nothing to ask. */
async function probe(endpoint: Endpoint | undefined, call: Call): Promise<readonly ProbeHop[]> {
  if (endpoint === undefined)
    return [
      {
        hop: 'gateway',
        ok: true,
        vi: 'Không cấu hình trục: tờ khai thuế được nhập tay, thông báo được nghe nếu có khóa.',
        en: 'No gateway is configured: declarations are typed by hand; notices are heard where a key is set.',
      },
    ];
  try {
    await ask(endpoint, ['MOTLAN-000000-0000'], call);
    return [
      { hop: 'gateway', ok: true, vi: 'Trục trả lời tra cứu thuế đúng cấu trúc.', en: 'The gateway answers a tax look-up as described.' },
    ];
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { vi, en } = error.detail;
    return [{ hop: 'gateway', ok: false, vi, en }];
  }
}

/** A base whose check digit would be 10: nobody has such a code. */
const NOBODY = '9912345640';

async function probeTaxpayers(look: () => Promise<unknown>): Promise<ProbeHop> {
  try {
    await look();
    return {
      hop: 'taxpayers',
      ok: true,
      vi: 'Tra cứu người nộp thuế trả lời đúng cấu trúc.',
      en: 'The look-up of taxpayers answers in the known shape.',
    };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { vi, en } = error.detail;
    return { hop: 'taxpayers', ok: false, vi, en };
  }
}
