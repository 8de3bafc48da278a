import {
  type Call,
  type ChangesVerb,
  type Json,
  type JsonObject,
  type ListVerb,
  type ReadVerb,
  readOneByOne,
  type Sighting,
  Trouble,
} from '../../src/kit/index.ts';
import type { Config, FeedA } from './config.ts';
import { dayAfter, dayOf, firstDay, windowFrom } from './days.ts';
import type { Ask } from './session.ts';
import { areaOf, sightingOf } from './stated.ts';
import { isObject, listAt, noList } from './wire.ts';

/** Feed A: dossiers by day of receipt, each read whole by its code. Pull only: the ministry's portal is the intake. SOURCED TD. */

export const MOST_IDS = 10;

export interface EndpointA {
  readonly schema: JsonObject;
  readonly config: Config;
  readonly feed: FeedA;
  readonly ask: Ask;
  readonly now: () => number;
}

/** `TraCuuHoSo`, one dossier a question. null only where the answer is an empty list. One unreadable dossier spoils no other. */
export const read = (endpoint: EndpointA): ReadVerb => ({
  by: 'id',
  most: MOST_IDS,
  run: (ids, call) => readOneByOne(ids, (id) => lookAt(endpoint, id, call)),
});

async function lookAt({ ask, schema }: EndpointA, id: string, call: Call): Promise<Sighting | null> {
  const elements = listAt(await ask('read', 'TraCuuHoSo', { mahoso: id }, call), 'result');
  if (elements === null) throw noList();
  const [element, ...others] = elements;
  if (element === undefined) return null;
  if (others.length > 0 || !isObject(element) || codeOf(element.ChiTiet) !== id) throw another();
  const licence = isObject(element.HoSoGPLX) ? element.HoSoGPLX : {};
  const [permanent, present] = [areaOf(licence.dvhcNoiThuongTru), areaOf(licence.dvhcNoiCuTru)];
  return sightingOf(schema, id, element, {
    DoiTuong: 'citizen',
    ...(permanent === null ? {} : { NoiThuongTru: permanent }),
    ...(present === null ? {} : { NoiCuTru: present }),
  });
}

const codeOf = (detail: Json | undefined): string | null => (isObject(detail) && typeof detail.MaHoSo === 'string' ? detail.MaHoSo : null);

const another = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'element.another',
    vi: 'Hệ thống giấy phép lái xe trả lời bằng hồ sơ khác với mã được hỏi.',
    en: 'The driving-licence system answered with another dossier than the one asked for.',
  });

/**
 * `DanhSachHoSo` from a day on. Tells of dossiers *received*; what changes later in them is seen when they are read. Days that
 * nobody asked for during an outage are caught up, and the last days are asked again each time.
 */
export const changes = (endpoint: EndpointA): ChangesVerb => ({
  overlapMs: endpoint.config.overlapDays * 86_400_000,
  run: async (cursor, call) => {
    const { ids, next, today } = await receivedFrom(endpoint, cursor, call);
    const touches = ids.map((id) => ({ kind: 'licence-copy', id, key: null, sighting: null }));
    const again = dayAfter(today, -endpoint.config.overlapDays);
    return { touches, cursor: next ?? (again > endpoint.config.since ? again : endpoint.config.since), more: next !== null };
  },
});

export const list = (endpoint: EndpointA): ListVerb => ({
  gives: 'id',
  run: async (cursor, call) => {
    const { ids, next } = await receivedFrom(endpoint, cursor, call);
    return { items: ids.map((id) => ({ id, key: null, version: null })), cursor: next };
  },
});

async function receivedFrom({ ask, config, feed, now }: EndpointA, cursor: string | null, call: Call) {
  const today = dayOf(now());
  const { from, until, next } = windowFrom(firstDay(cursor, config.since), config.windowDays, today);
  const fields = { donViXuLy: feed.unit, ngayNhan1: from, ngayNhan2: until };
  const elements = listAt(await ask('list', 'DanhSachHoSo', fields, call), 'result');
  if (elements === null) throw noList();
  const codes = elements.map(codeOf);
  if (codes.includes(null)) throw noList();
  return { ids: codes.filter((code) => code !== null), next, today };
}
