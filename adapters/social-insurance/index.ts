import {
  type Auth,
  type Call,
  defineAdapter,
  type FilePlace,
  type HttpClient,
  isTrouble,
  openHttp,
  openPlace,
  type ProbeHop,
  type RecordKind,
  readAnswers,
  session,
} from '../../src/kit/index.ts';
import { cardOf, findCard, gatewayAuth } from './card.ts';
import { type Config, config } from './config.ts';
import { type Endpoint, FILINGS, type FilingKind, type Gateway } from './endpoint.ts';
import { fileKinds } from './files.ts';
import { create } from './filing.ts';
import { find, list, read } from './look.ts';
import { askPortal } from './portal.ts';

/** Social insurance (BHXH) with the health-insurance card. Built from reverse-engineered notes, not from a specification. */
export default defineAdapter<Config>({
  name: 'social-insurance',
  title: { vi: 'Bảo hiểm xã hội (cổng BHXH và thẻ BHYT)', en: 'Social insurance (portal and health-insurance card)' },
  evidence: 'SOURCED',
  config,
  open: async (settings, ports) => {
    const answers = readAnswers(ports.data.answers());
    const { timeoutMs, mostAnswerBytes, retryReads, card } = settings;
    const open = (baseUrl: string, limits: Config['limits'], auth: Auth | null): HttpClient =>
      openHttp({
        system: 'social-insurance',
        baseUrl,
        ports,
        answers,
        limits,
        timeoutMs,
        mostAnswerBytes,
        retryReads,
        ...(auth === null ? {} : { auth }),
      });
    const portal = open(settings.baseUrl, settings.limits, portalAuth(settings.login));
    const gateway = card === null ? null : openGateway(card, (auth) => open(card.baseUrl ?? settings.baseUrl, card.limits, auth));
    const endpointOf = (kind: FilingKind): Endpoint => ({
      kind,
      schema: ports.data.recordSchema(kind),
      config: settings,
      clock: ports.clock,
      portal,
      gateway,
    });
    const { transport, files } = settings;
    const place = transport === 'portal' || files === null ? null : openPlace(files.place);
    const filings =
      transport === 'portal' || files === null || place === null
        ? FILINGS.map((kind) => filingKind(endpointOf(kind)))
        : fileKinds(place, transport, files, ports);
    const cards = gateway === null ? [] : [cardKind(gateway, ports.data.recordSchema('card'))];
    return {
      limits: {
        concurrent: settings.limits.concurrent + (card?.limits.concurrent ?? 0),
        perSecond: settings.limits.perSecond,
        perDay: settings.limits.perDay,
      },
      kinds: Object.fromEntries([...filings, ...cards].map((kind) => [kind.name, kind])),
      probe: (call) =>
        probe(
          place === null ? () => probePortal(endpointOf('child-card'), call) : () => probeFolder(place, files?.in ?? '', call),
          gateway,
          call,
        ),
      close: async () => {
        await portal.close();
        await gateway?.http.close();
        await place?.close();
      },
    };
  },
});

/** There is no update, no withdrawal and no supplement: none is known. */
const filingKind = (endpoint: Endpoint): RecordKind => ({
  name: endpoint.kind,
  schema: endpoint.schema,
  normalises: {},
  readLagMs: endpoint.config.readLagMs,
  ordered: false,
  read: read(endpoint),
  find: find(endpoint),
  // The history is told per unit: only what this office files itself can be listed whole.
  ...(endpoint.kind === 'child-card' ? { list: list(endpoint) } : {}),
  create: create(endpoint),
});

const cardKind = (gateway: Gateway, schema: RecordKind['schema']): RecordKind => ({
  name: 'card',
  schema,
  normalises: {},
  readLagMs: 0,
  ordered: false,
  find: findCard(gateway, schema),
});

function portalAuth(login: Config['login']): Auth | null {
  if (login === null) return null;
  return session({
    path: login.path,
    body: () => ({ username: login.userName, password: login.password.reveal() }),
    token: (answer) => {
      const token =
        typeof answer === 'object' && answer !== null ? Object.entries(answer).find(([name]) => name === login.tokenField)?.[1] : null;
      return typeof token === 'string' && token !== '' ? token : null;
    },
    livesMs: login.livesMs,
    headers: (token) => ({ authorization: `Bearer ${token}` }),
  });
}

function openGateway(card: NonNullable<Config['card']>, open: (auth: Auth) => HttpClient): Gateway {
  const auth = gatewayAuth({ path: card.tokenPath, username: card.username, password: card.password, livesMs: card.tokenLivesMs });
  return { http: open(auth), auth, config: card };
}

const NOBODY = { maThe: '0000000000', hoTen: 'KIEM TRA KET NOI', ngaySinh: '1900' };

/** The way the forms go; after it, where a gateway is configured, one look-up of a card that cannot exist. */
async function probe(way: () => Promise<ProbeHop>, gateway: Gateway | null, call: Call): Promise<readonly ProbeHop[]> {
  const first = await way();
  if (gateway === null || !first.ok) return [first];
  const card = await hop('card', () => cardOf(gateway, NOBODY, call), {
    vi: 'Cổng giám định nhận đăng nhập và trả lời tra cứu thẻ.',
    en: 'The card gateway takes the log-in and answers a look-up.',
  });
  return [first, card];
}

/** 028, the list of procedures. */
const probePortal = (endpoint: Endpoint, call: Call): Promise<ProbeHop> =>
  hop('portal', () => askPortal(endpoint, 'procedures', {}, call), {
    vi: 'Cổng BHXH trả lời danh mục thủ tục.',
    en: 'The portal gives its list of procedures.',
  });

/** Whether the folder of results can be listed. Nothing is taken. */
const probeFolder = (place: FilePlace, folder: string, call: Call): Promise<ProbeHop> =>
  hop('folder', () => place.list(folder, call.signal), {
    vi: 'Thư mục kết quả mở được.',
    en: 'The folder of results can be listed.',
  });

async function hop(name: string, ask: () => Promise<unknown>, well: { readonly vi: string; readonly en: string }): Promise<ProbeHop> {
  try {
    await ask();
    return { hop: name, ok: true, ...well };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return { hop: name, ok: false, vi: error.detail.vi, en: error.detail.en };
  }
}
