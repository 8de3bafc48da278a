import {
  type Call,
  type FindVerb,
  isTrouble,
  type JsonObject,
  type ListVerb,
  type ReadVerb,
  type Sighting,
  Trouble,
} from '../../src/kit/index.ts';
import { cardOf } from './card.ts';
import type { Endpoint, FilingKind } from './endpoint.ts';
import { askPortal, type Detail, detailIn, pageIn, traceIn } from './portal.ts';
import { type Course, isOf, isProcessed, sightingOf } from './stated.ts';
import { folded, periodBefore, periodOf } from './text.ts';

const MOST_IDS = 10;

/** 090 for each id, then the trace 019: the number alone says nothing. One unreadable filing spoils no other. */
export const read = (endpoint: Endpoint): ReadVerb => ({
  by: 'id',
  most: MOST_IDS,
  run: async (ids, call) => {
    const found = new Map<string, Sighting | null>();
    const troubles: Trouble[] = [];
    for (const id of ids) {
      const looked = await lookAt(endpoint, id, call);
      if (looked instanceof Trouble) troubles.push(looked);
      else if (looked !== 'unanswered') found.set(id, looked);
      if (looked instanceof Trouble && looked.detail.scope === 'system') break;
    }
    const [first] = troubles;
    if (found.size === 0 && first !== undefined) throw first;
    return found;
  },
});

async function lookAt(endpoint: Endpoint, id: string, call: Call): Promise<Sighting | null | 'unanswered' | Trouble> {
  try {
    const detail = await detailOf(endpoint, id, call);
    if (detail === null || detail === 'unanswered') return detail;
    return sightingOf(endpoint.kind, endpoint.schema, detail, await courseOf(endpoint, detail, call));
  } catch (error) {
    if (isTrouble(error)) return error;
    throw error;
  }
}

async function detailOf(endpoint: Endpoint, id: string, call: Call): Promise<Detail | null | 'unanswered'> {
  try {
    const detail = detailIn((await askPortal(endpoint, 'detail', { id }, call)).body);
    return detail !== null && detail.id === id ? detail : 'unanswered';
  } catch (error) {
    if (isTrouble(error) && error.detail.code === 'answers.detail.not-there') return null;
    throw error;
  }
}

/** A file number may come later; without one there is nothing to trace. */
async function courseOf(endpoint: Endpoint, detail: Detail, call: Call): Promise<Course> {
  const soHoSo = detail.soHoSo ?? '';
  if (soHoSo === '') return { is: 'none' };
  const trace = await traceOf(endpoint, soHoSo, call);
  if (trace === null || trace.info.Tthoso.Sohoso !== soHoSo) return { is: 'none' };
  if (!isProcessed(trace)) return { is: 'open', trace };
  if (endpoint.gateway === null || endpoint.kind !== 'child-card') return { is: 'done', trace };
  const { cmnd, Hoten, Ngaysinh } = detail.toKhai;
  const card = await cardOf(
    endpoint.gateway,
    { maThe: String(cmnd ?? ''), hoTen: String(Hoten ?? ''), ngaySinh: String(Ngaysinh ?? '') },
    call,
  );
  return card === null ? { is: 'no-card', trace } : { is: 'card', trace, card };
}

async function traceOf(endpoint: Endpoint, soHoSo: string, call: Call) {
  try {
    return traceIn((await askPortal(endpoint, 'trace', { soHoSo }, call)).body);
  } catch (error) {
    if (isTrouble(error) && error.detail.code === 'answers.trace.not-there') return null;
    throw error;
  }
}

/** Which fields together mean one filing, best first. INFERENCE: the portal has no search, its history is looked through. */
const NATURAL_KEYS: Readonly<Record<FilingKind, readonly (readonly string[])[]>> = {
  'child-card': [['cmnd'], ['Hoten', 'Ngaysinh']],
  'labour-change': [
    ['masobhxhuser', 'kyKeKhai', 'Masobhxh', 'pa', 'tuThang'],
    ['masobhxhuser', 'kyKeKhai', 'Cmnd', 'pa', 'tuThang'],
  ],
  'enterprise-unit': [['MaSoThue']],
  'household-unit': [['MaSoThue']],
};

/**
 * Looks through the filings of the period, or of this month and the one before where the form has none. Throws Trouble
 * rather than say "nothing" of filings it could not see.
 */
export const find = (endpoint: Endpoint): FindVerb => ({
  by: NATURAL_KEYS[endpoint.kind],
  unique: false,
  indexLagMs: endpoint.config.readLagMs,
  run: async (fields, call) => {
    const wanted = NATURAL_KEYS[endpoint.kind].find((names) => names.every((name) => folded(fields[name]) !== ''));
    if (wanted === undefined) return [];
    const now = periodOf(endpoint.clock.now());
    const periods = fields.kyKeKhai === undefined ? [now, periodBefore(now)] : [String(fields.kyKeKhai)];
    const unit = fields.masobhxhuser === undefined ? {} : { masobhxhuser: fields.masobhxhuser };
    const found: Sighting[] = [];
    for (const kyKeKhai of periods)
      for (const id of await filingsOf(endpoint, { ...unit, kyKeKhai }, call)) {
        const sighting = await seen(endpoint, id, call);
        if (sighting !== null && wanted.every((name) => folded(sighting.record[name]) === folded(fields[name]))) found.push(sighting);
      }
    return found;
  },
});

async function seen(endpoint: Endpoint, id: string, call: Call): Promise<Sighting | null> {
  const detail = await detailOf(endpoint, id, call);
  if (detail === 'unanswered') throw notAllSeen();
  if (detail === null || !isOf(endpoint.kind, detail)) return null;
  return sightingOf(endpoint.kind, endpoint.schema, detail, await courseOf(endpoint, detail, call));
}

/** Ids of all filings of a period; a page that comes short, or more filings than may be looked through, is trouble. */
async function filingsOf(endpoint: Endpoint, about: JsonObject, call: Call): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (let page = endpoint.config.firstPage; ; page += 1) {
    const { ids: some, rows, total } = await history(endpoint, about, page, call);
    for (const id of some) ids.add(id);
    if (total > endpoint.config.mostFilings) throw tooMany();
    if (ids.size >= total) return [...ids];
    if (rows === 0 || some.length < rows) throw notAllSeen();
  }
}

async function history(endpoint: Endpoint, about: JsonObject, page: number, call: Call) {
  const { config, kind } = endpoint;
  const period = typeof about.kyKeKhai === 'string' ? { thangKeKhai: about.kyKeKhai.slice(0, 2), namKeKhai: about.kyKeKhai.slice(2) } : {};
  const data = { ...about, ...period, maThuTuc: config.maThuTuc[kind], PageSize: String(config.pageSize), PageIndex: String(page) };
  return pageIn((await askPortal(endpoint, 'history', data, call)).body);
}

/** Every filing of the procedure, page by page; whether it is of this kind is seen when it is read. */
export const list = (endpoint: Endpoint): ListVerb => ({
  gives: 'id',
  run: async (cursor, call) => {
    const page = cursor === null ? endpoint.config.firstPage : Number(cursor);
    const { ids, rows, total } = await history(endpoint, {}, page, call);
    const reached = (page - endpoint.config.firstPage) * endpoint.config.pageSize + rows;
    const items = ids.map((id) => ({ id, key: null, version: null }));
    return { items, cursor: reached >= total || rows === 0 ? null : String(page + 1) };
  },
});

const notAllSeen = (): Trouble =>
  new Trouble({
    kind: 'unavailable',
    scope: 'record',
    code: 'history.short',
    vi: 'Cổng BHXH chưa trả đủ danh sách hồ sơ của kỳ; sẽ hỏi lại trước khi kết luận.',
    en: 'The portal left filings of the period out; it will be asked again before anything is concluded.',
  });

const tooMany = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'history.too-many',
    vi: 'Kỳ kê khai có quá nhiều hồ sơ để dò tự động; cần người tra cứu trên cổng BHXH.',
    en: 'The period holds more filings than may be looked through; a person must search at the portal.',
  });
