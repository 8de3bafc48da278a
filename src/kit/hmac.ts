import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Heard } from './contract.ts';
import type { Secret } from './secret.ts';
import { Trouble } from './trouble.ts';

/** Signed callbacks: HMAC-SHA256 over `timestamp "\n" nonce "\n" raw body`. */

export const SIGNATURE_HEADERS = {
  at: 'x-motlan-timestamp',
  nonce: 'x-motlan-nonce',
  signature: 'x-motlan-signature',
} as const;

const digest = (key: Secret, at: string, nonce: string, body: Uint8Array): Buffer =>
  createHmac('sha256', key.reveal()).update(`${at}\n${nonce}\n`, 'utf8').update(body).digest();

/** Headers that prove a message. `at` in ms; `nonce` unique per message, without line breaks. */
export function sign(
  key: Secret,
  message: { readonly at: number; readonly nonce: string; readonly body: Uint8Array },
): Readonly<Record<string, string>> {
  const at = String(message.at);
  return {
    [SIGNATURE_HEADERS.at]: at,
    [SIGNATURE_HEADERS.nonce]: message.nonce,
    [SIGNATURE_HEADERS.signature]: digest(key, at, message.nonce, message.body).toString('hex'),
  };
}

/**
 * The nonce of a rightly signed message. A wrong signature, a missing header or a clock more than `windowMs` away
 * throws Trouble `refused`; whoever calls must refuse a nonce it has seen.
 */
export function checkSigned(key: Secret, heard: Heard, windowMs: number): string {
  const at = heard.headers[SIGNATURE_HEADERS.at] ?? '';
  const nonce = heard.headers[SIGNATURE_HEADERS.nonce] ?? '';
  const given = heard.headers[SIGNATURE_HEADERS.signature] ?? '';
  if (!/^\d{1,16}$/u.test(at) || !/^[\x21-\x7e]{8,128}$/u.test(nonce) || !/^[0-9a-f]{64}$/u.test(given)) throw unproved('callback.headers');
  if (!timingSafeEqual(digest(key, at, nonce, heard.body), Buffer.from(given, 'hex'))) throw unproved('callback.signature');
  if (Math.abs(heard.receivedAt - Number(at)) > windowMs) throw unproved('callback.clock');
  return nonce;
}

function unproved(code: 'callback.headers' | 'callback.signature' | 'callback.clock'): Trouble {
  const clock = code === 'callback.clock';
  return new Trouble({
    kind: 'refused',
    scope: 'record',
    code,
    vi: clock ? 'Thời điểm của thông báo lệch quá mức cho phép.' : 'Thông báo không có chữ ký hợp lệ.',
    en: clock ? 'The message is too old or from a wrong clock.' : 'The message is not rightly signed.',
  });
}
