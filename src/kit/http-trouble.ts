import type { TroubleKind, TroubleScope } from '../model/words.ts';
import { Trouble, type TroubleDetail } from './trouble.ts';

/** What HTTP itself says, turned into trouble: pure tables, no body, no header value, no address. */

export type Effect = 'read' | 'write';

const WORDS = {
  refused: ['Không kết nối được với hệ thống.', 'The system does not accept connections.'],
  dns: ['Không tìm thấy địa chỉ của hệ thống.', 'The name of the system cannot be resolved.'],
  tls: ['Chứng thư của hệ thống không hợp lệ.', 'The TLS certificate of the system is not acceptable.'],
  'no-answer': ['Hệ thống không trả lời.', 'The system gave no answer.'],
  timeout: ['Hệ thống trả lời quá chậm.', 'The system did not answer in time.'],
  aborted: ['Cuộc gọi đã bị dừng.', 'The call was stopped.'],
  'not-json': ['Hệ thống trả về một trang thay vì dữ liệu.', 'The system gave a page or broken text where data was due.'],
  'too-large': ['Câu trả lời vượt quá kích thước cho phép.', 'The answer is larger than allowed.'],
  'breaker-open': ['Hệ thống đang gián đoạn; tạm ngừng gọi.', 'The system is out of order; calls are held back.'],
  paused: ['Hệ thống yêu cầu chờ; tạm ngừng gọi.', 'The system asked us to wait; calls are held back.'],
  'per-day': ['Đã hết số lượt gọi trong ngày.', 'The calls allowed for today are used up.'],
  redirect: ['Địa chỉ của hệ thống đã chuyển đi nơi khác.', 'The system redirects to another address.'],
  unauthorised: ['Hệ thống không nhận thông tin đăng nhập.', 'The system does not accept our log-in.'],
  forbidden: ['Tài khoản không có quyền gọi chức năng này.', 'Our account may not call this function.'],
  'not-found': ['Không có đường dẫn hoặc bản ghi này ở hệ thống.', 'The system knows no such path or record.'],
  conflict: ['Bản ghi đã thay đổi ở hệ thống; cần đọc lại.', 'The record changed at the system; it must be read again.'],
  invalid: ['Hệ thống không nhận dữ liệu gửi sang.', 'The system refused the data sent.'],
  'too-many': ['Gọi quá nhiều; hệ thống yêu cầu chờ.', 'Too many calls; the system asked us to wait.'],
  'server-error': ['Hệ thống gặp lỗi nội bộ.', 'The system had an internal error.'],
  envelope: ['Hệ thống không nhận phiên bản thông điệp SOAP này.', 'The system does not take this version of a SOAP message.'],
  fault: ['Hệ thống báo lỗi bằng mã chưa biết; cần người xem xét.', 'The system reports a fault by a code that is not known.'],
} as const;
export type HttpWord = keyof typeof WORDS;

export function httpDetail(kind: TroubleKind, scope: TroubleScope, word: HttpWord, code: string, retryAfterMs?: number): TroubleDetail {
  const [vi, en] = WORDS[word];
  return { kind, scope, code, vi, en, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

export const httpTrouble = (kind: TroubleKind, scope: TroubleScope, word: HttpWord, retryAfterMs?: number): Trouble =>
  new Trouble(httpDetail(kind, scope, word, `http.${word}`, retryAfterMs));

/** Trouble of a call that got no usable answer. A write whose bytes may have left is `unsure`. */
export function lostTrouble(effect: Effect, left: boolean, word: HttpWord): Trouble {
  if (effect === 'write' && left) return httpTrouble('unsure', 'record', word);
  return httpTrouble('unavailable', word === 'aborted' ? 'record' : 'system', word);
}

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|UNABLE_TO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)/u;

/** The word for a network error's code. */
export function wordOfCode(code: string): HttpWord {
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  if (TLS_CODE.test(code)) return 'tls';
  return code === 'ETIMEDOUT' || code === 'ECONNABORTED' ? 'timeout' : 'no-answer';
}

/** What a status alone means; null for 2xx, which means nothing by itself. */
export function statusTrouble(status: number, effect: Effect, scope: TroubleScope, retryAfterMs: number | null): Trouble | null {
  const code = `http.${status}`;
  const make = (kind: TroubleKind, reach: TroubleScope, word: HttpWord, waitMs?: number) =>
    new Trouble(httpDetail(kind, reach, word, code, waitMs));
  if (status >= 200 && status < 300) return null;
  if (status < 400) return make('setup', 'system', 'redirect');
  if (status === 401) return make('setup', 'system', 'unauthorised');
  if (status === 403) return make('setup', 'system', 'forbidden');
  if (status === 404 || status === 405 || status === 410) return make('setup', scope, 'not-found');
  if (status === 409 || status === 412) return make('stale', scope, 'conflict');
  if (status === 429) return make('unavailable', 'system', 'too-many', retryAfterMs ?? 1_000);
  if (status === 408) return lostTrouble(effect, true, 'timeout');
  if (status < 500) return make('refused', scope, 'invalid');
  if (status === 503 && retryAfterMs !== null) return make('unavailable', 'system', 'server-error', retryAfterMs);
  return effect === 'write' ? make('unsure', 'record', 'server-error') : make('unavailable', 'system', 'server-error');
}

const MOST_WAIT_MS = 86_400_000;

/** `Retry-After` in seconds or as an HTTP date → ms from `now`; null when absent or unreadable. At most a day. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}$/u.test(text)) return Math.min(Number(text) * 1_000, MOST_WAIT_MS);
  const at = /[a-z]{3}/iu.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), MOST_WAIT_MS);
}
