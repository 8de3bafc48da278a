import type { Clock } from '../model/ports.ts';
import type { Login } from './auth.ts';
import { answerOf } from './body.ts';
import { httpTrouble, lostTrouble, retryAfterMs, statusTrouble } from './http-trouble.ts';
import type { Wire } from './wire.ts';

interface LoginOptions {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly ports: { readonly clock: Clock };
}

/** Log-ins travel outside pace and breaker: they are part of a call that already has its turn. */
export function loginOver(wire: Wire, options: LoginOptions): Login {
  return async ({ path, json, form }) => {
    const url = /^https?:\/\//u.test(path) ? path : `${options.baseUrl.replace(/\/+$/u, '')}${path}`;
    const type = form === undefined ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded';
    const text = form === undefined ? JSON.stringify(json ?? {}) : new URLSearchParams(form).toString();
    const body = Buffer.from(text, 'utf8');
    const signal = new AbortController().signal;
    const answer = await wire.send({
      method: 'POST',
      url,
      headers: { 'content-type': type },
      body,
      as: 'bytes',
      signal,
      timeoutMs: options.timeoutMs,
    });
    if (answer.is === 'loss') throw lostTrouble('read', answer.left, answer.word);
    const seen = answerOf(answer.status, answer.as === 'bytes' ? answer.bytes : new Uint8Array());
    if ([400, 401, 403, 404, 422].includes(seen.status)) throw httpTrouble('setup', 'system', 'unauthorised');
    const trouble = statusTrouble(seen.status, 'read', 'system', retryAfterMs(answer.headers['retry-after'], options.ports.clock.now()));
    if (trouble !== null) throw trouble;
    if (seen.shape !== 'json') throw lostTrouble('read', true, 'not-json');
    return seen.body;
  };
}
