import {
  type Call,
  type ChangesVerb,
  type HttpClient,
  type JsonObject,
  type ListVerb,
  type Sighting,
  Trouble,
} from '../../src/kit/index.ts';
import type { Config, FeedB } from './config.ts';
import { dayAfter, dayOf, firstDay, windowFrom } from './days.ts';
import { sightingOf } from './stated.ts';
import { isObject, listAt, noList } from './wire.ts';

/** Feed B: whole rows by day of receipt; nothing can be asked by code, so what a page states is the sighting. SOURCED TD. */

export interface EndpointB {
  readonly schema: JsonObject;
  readonly config: Config;
  readonly feed: FeedB;
  readonly http: HttpClient;
  readonly now: () => number;
}

/** As in feed A: rows *received* from a day on; a change is told while the row is in the days that are asked again. */
export const changes = (endpoint: EndpointB): ChangesVerb => ({
  overlapMs: endpoint.config.overlapDays * 86_400_000,
  run: async (cursor, call) => {
    const { sightings, next, today } = await receivedFrom(endpoint, cursor, call);
    const touches = sightings.map((sighting) => ({ kind: 'licence-notice', id: sighting.id, key: null, sighting }));
    const again = dayAfter(today, -endpoint.config.overlapDays);
    return { touches, cursor: next ?? (again > endpoint.config.since ? again : endpoint.config.since), more: next !== null };
  },
});

export const list = (endpoint: EndpointB): ListVerb => ({
  gives: 'record',
  run: async (cursor, call) => {
    const { sightings, next } = await receivedFrom(endpoint, cursor, call);
    return { items: sightings.map((sighting) => ({ id: sighting.id, key: null, version: sighting.version, sighting })), cursor: next };
  },
});

async function receivedFrom({ http, config, feed, schema, now }: EndpointB, cursor: string | null, call: Call) {
  const today = dayOf(now());
  const { from, until, next } = windowFrom(firstDay(cursor, config.since), config.windowDays, today);
  const answer = await http.ask({
    operation: 'notices',
    effect: 'read',
    method: 'GET',
    path: feed.path,
    query: {
      ...{ Start: -1, End: -1, GovAgencyCode: feed.govAgencyCode, APIKey: feed.apiKey.reveal() },
      ...{ ReceiveFromDate: from, ReceiveToDate: until },
    },
    signal: call.signal,
  });
  const rows = listAt(answer.body, feed.listAt);
  if (rows === null) throw noList();
  return { sightings: rows.map((row) => noticeOf(schema, feed, row)), next, today };
}

function noticeOf(schema: JsonObject, feed: FeedB, row: unknown): Sighting {
  if (!isObject(row) || typeof row.MaHoSo !== 'string' || row.MaHoSo === '') throw nameless();
  return sightingOf(schema, row.MaHoSo, row, { DoiTuong: 'citizen', DonVi: feed.govAgencyCode });
}

/** A page is taken whole or not at all: a cursor that passed a nameless row would lose it. */
const nameless = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'element.no-code',
    vi: 'Hệ thống giấy phép lái xe nêu một hồ sơ không có mã.',
    en: 'The driving-licence system states a dossier without a code.',
  });
