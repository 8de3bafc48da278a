import {
  type AdapterPorts,
  type Call,
  defineAdapter,
  type HttpClient,
  isTrouble,
  openHttp,
  type ProbeHop,
  type RecordKind,
  readAnswers,
} from '../../src/kit/index.ts';
import { type Config, config } from './config.ts';
import * as feedA from './feed-a.ts';
import * as feedB from './feed-b.ts';
import { openFeedA } from './session.ts';
import type { KindName } from './wire.ts';

/**
 * Driving licences. Until 02/2025 two feeds told of dossiers that the ministry had taken in; since then the police receive and
 * issue, and no interface is known: that kind has no verb, an official types and declares. Not an official specification.
 */
export default defineAdapter<Config>({
  name: 'driving-licence',
  title: { vi: 'Hệ thống giấy phép lái xe (Bộ Công an)', en: 'Driving-licence system (Ministry of Public Security)' },
  evidence: 'SOURCED',
  config,
  open: async (settings, ports) => {
    const http = openHttp({
      system: 'driving-licence',
      baseUrl: settings.baseUrl,
      ports,
      answers: readAnswers(ports.data.answers()),
      limits: settings.limits,
      timeoutMs: settings.timeoutMs,
      mostAnswerBytes: settings.mostAnswerBytes,
      retryReads: settings.retryReads,
    });
    const kinds = kindsOf(settings, ports, http);
    return { limits: settings.limits, kinds, probe: (call) => probe(Object.values(kinds), call), close: http.close };
  },
});

function kindsOf(settings: Config, ports: AdapterPorts, http: HttpClient): Readonly<Record<string, RecordKind>> {
  const bare = (name: KindName): RecordKind => ({
    name,
    schema: ports.data.recordSchema(name),
    normalises: {},
    readLagMs: 0,
    ordered: false,
  });
  const common = { config: settings, now: ports.clock.now };
  const copy = bare('licence-copy');
  const notice = bare('licence-notice');
  const a =
    settings.feedA === null
      ? null
      : { ...common, schema: copy.schema, feed: settings.feedA, ask: openFeedA(http, settings.feedA, ports.clock) };
  const b = settings.feedB === null ? null : { ...common, schema: notice.schema, feed: settings.feedB, http };
  return {
    ...(a === null ? {} : { 'licence-copy': { ...copy, read: feedA.read(a), changes: feedA.changes(a), list: feedA.list(a) } }),
    ...(b === null ? {} : { 'licence-notice': { ...notice, changes: feedB.changes(b), list: feedB.list(b) } }),
    'licence-exchange': bare('licence-exchange'),
  };
}

/** One page of each feed that is configured; nothing is written. With neither there is nothing to reach. */
async function probe(kinds: readonly RecordKind[], call: Call): Promise<readonly ProbeHop[]> {
  const feeds = kinds.filter(({ changes }) => changes !== undefined);
  if (feeds.length === 0)
    return [
      {
        hop: 'no-interface',
        ok: true,
        vi: 'Không có giao diện nào được cấu hình; cán bộ nhập tay.',
        en: 'No interface is configured; officials type by hand.',
      },
    ];
  const hops: ProbeHop[] = [];
  for (const feed of feeds) hops.push(await probeFeed(feed, call));
  return hops;
}

async function probeFeed({ name, changes }: RecordKind, call: Call): Promise<ProbeHop> {
  try {
    await changes?.run(null, call);
    return { hop: name, ok: true, vi: 'Nguồn hồ sơ trả lời đúng cấu trúc.', en: 'The feed answers in the known shape.' };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return { hop: name, ok: false, vi: error.detail.vi, en: error.detail.en };
  }
}
