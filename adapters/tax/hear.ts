import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { checkSigned, type HearVerb, jsonIn, SIGNATURE_HEADERS, type Touch, Trouble, type Xsd } from '../../src/kit/index.ts';
import type { Land } from './config.ts';
import { noticeShape, receiptShape, requestShape } from './messages.ts';
import { rowsOf } from './notice.ts';
import { paymentOpened, receiptTouch, requestTouch, statedNotices } from './touches.ts';

/**
 * Signed messages about land dossiers. The signature proves them and its nonce lets each be taken once; the shared key that
 * a body may carry as well is compared where the config knows it, and goes nowhere else.
 */
export const hear = (land: Land, xsd: Xsd): HearVerb => ({
  proof: 'hmac',
  run: async (heard) => {
    const nonce = checkSigned(land.callbackKey, heard, land.windowMs);
    if (heard.body.byteLength > land.mostMessageBytes) throw refusal('callback.too-large');
    const body = z.record(z.string(), z.unknown()).safeParse(jsonIn(heard.body));
    if (!body.success) throw refusal('callback.not-json');
    compareKeys(land, body.data.SecurityKey);
    return { touches: touchesOf(body.data, Number(heard.headers[SIGNATURE_HEADERS.at]), land, xsd), nonce };
  },
});

/** The three messages are told apart by the part that only one of them has. */
function touchesOf(body: Readonly<Record<string, unknown>>, statedAt: number, land: Land, xsd: Xsd): readonly Touch[] {
  if (body.Data !== undefined) {
    const notice = shapedBy(noticeShape, body);
    const rows = rowsOf(notice.Data.FileThongBaoThue, land.mostMessageBytes, xsd);
    return statedNotices(notice, rows, statedAt).flatMap((touch) => [touch, paymentOpened(touch)]);
  }
  if (body.ThongTinThanhToan !== undefined) return [receiptTouch(shapedBy(receiptShape, body), statedAt)];
  if (body.MauSo !== undefined) return [requestTouch(shapedBy(requestShape, body), statedAt)];
  throw refusal('callback.unknown-message');
}

function shapedBy<T>(shape: z.ZodType<T>, body: unknown): T {
  const read = shape.safeParse(body);
  if (read.success) return read.data;
  const issues = read.error.issues.slice(0, 20).map(({ path }) => ({
    path: path.map((part) => String(part).replace(/\W/gu, '?')).join('.'),
    code: 'callback.shape',
    vi: 'Thiếu, hoặc sai kiểu dữ liệu.',
    en: 'Missing, or of the wrong type.',
  }));
  throw refusal('callback.shape', issues);
}

const hashOf = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();

function compareKeys({ securityKey }: Land, given: unknown): void {
  if (securityKey === null) return;
  const same = typeof given === 'string' && timingSafeEqual(hashOf(given), hashOf(securityKey.reveal()));
  if (!same) throw refusal('callback.security-key');
}

const WORDS = {
  'callback.too-large': ['Thông báo lớn quá mức cho phép.', 'The message is larger than allowed.'],
  'callback.not-json': ['Thông báo không phải là JSON hợp lệ.', 'The message is not valid JSON.'],
  'callback.security-key': ['Khóa dùng chung trong thông báo không đúng.', 'The shared key in the message is wrong.'],
  'callback.unknown-message': ['Thông báo không thuộc loại nào đã biết.', 'The message is of no known kind.'],
  'callback.shape': ['Thông báo không đúng cấu trúc đã biết.', 'The message is not of the known shape.'],
} as const;

/** Refused for good: sending the same message again would not mend it. */
const refusal = (code: keyof typeof WORDS, issues: Trouble['detail']['issues'] = []): Trouble =>
  new Trouble({ kind: 'refused', scope: 'record', code, vi: WORDS[code][0], en: WORDS[code][1], issues });
