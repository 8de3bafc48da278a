import type { ActOrder, ActVerb, Call, HttpClient, Json, JsonObject, Receipt } from '../../src/kit/index.ts';
import type { Endpoint } from './endpoint.ts';
import { readStamp, writeStamp } from './time.ts';

/** Steps of the dossier reported to the national linked service (DVCLT): 1 → 3 → 7 → 4 → 5, order kept by the server. SOURCED IGATE. */

const HANDED_OVER = '5';

/** Fields of the status message that a step may carry besides `status`, `at`, `text` and `actor`. SOURCED TD. */
const EXTRA = [
  'maTTHC',
  'soHoSoLT',
  'ghiChu',
  'ketQuaXuLy',
  'chucDanh',
  'phongBanXuLy',
  'ngayBatDau',
  'ngayKetThucTheoQuyDinh',
  'ngayHenTraTruoc',
  'ngayHenTraMoi',
  'hanBoSungHoSo',
] as const;

/** One step: `{ status, at, text, actor }`, at in ms or ISO. A repeated step is answered "already there". */
export const step = (endpoint: Endpoint, dvclt: HttpClient): ActVerb => ({
  phases: [],
  leadsTo: null,
  repeat: 'rejects-twin',
  landsWithinMs: endpoint.config.landsWithinMs,
  run: (order, call) => report(endpoint, dvclt, order, String(order.record.status ?? ''), call),
});

/** The result was handed to the citizen; nothing may follow. */
export const handOver = (endpoint: Endpoint, dvclt: HttpClient): ActVerb => ({
  phases: ['issued'],
  leadsTo: 'handed-over',
  repeat: 'rejects-twin',
  landsWithinMs: endpoint.config.landsWithinMs,
  run: (order, call) => report(endpoint, dvclt, order, HANDED_OVER, call),
});

async function report(endpoint: Endpoint, dvclt: HttpClient, order: ActOrder, status: string, call: Call): Promise<Receipt> {
  const { config } = endpoint;
  const answer = await dvclt.ask({
    operation: 'status',
    effect: 'write',
    method: 'POST',
    path: config.dvclt?.statusPath ?? '',
    json: statusBody(order, status, config.dvclt?.coQuanXuLy ?? 5),
    signal: call.signal,
  });
  if (answer.is === 'already') return { is: 'already', id: order.id };
  return { is: 'done', id: order.id, version: null, sequence: null };
}

/** Only what is known: a time, an official or a due date that nobody stated is left out. */
function statusBody({ key, record }: ActOrder, status: string, coQuanXuLy: number): JsonObject {
  const at = stampOf(record.at);
  const given = EXTRA.filter((name) => record[name] !== undefined).map((name) => [name, record[name]] as const);
  return {
    ...Object.fromEntries(given),
    maHoSo: key,
    coQuanXuLy,
    trangThai: Number(status),
    ...(at === null ? {} : { thoiGianThucHien: at }),
    ...(record.text === undefined ? {} : { noiDungXuLy: record.text }),
    ...(record.actor === undefined ? {} : { nguoiXuLy: record.actor }),
  };
}

function stampOf(at: Json | undefined): string | null {
  if (typeof at === 'number') return writeStamp(at);
  if (typeof at !== 'string') return null;
  if (readStamp(at) !== null) return at;
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? null : writeStamp(ms);
}
