import { type AdapterPorts, type Call, type HttpClient, isTrouble, type Json, type JsonObject, Trouble } from '../../src/kit/index.ts';
import type { FeedA } from './config.ts';
import { isObject } from './wire.ts';

/** One service of feed A; the body of the answer, judged. A session that has ended is renewed once. */
export type Ask = (operation: 'list' | 'read', service: string, fields: JsonObject, call: Call) => Promise<JsonObject>;

interface Session {
  readonly text: string;
  readonly endsAt: number;
}

/**
 * The session stands in the body of each question (SOURCED TD), so it is kept here: one log-in for all callers, renewed before
 * it ends and once when the answer says that it has ended (INFERENCE: by its text).
 */
export function openFeedA(http: HttpClient, feed: FeedA, clock: AdapterPorts['clock']): Ask {
  let kept: Session | null = null;
  let coming: Promise<Session> | null = null;
  const logIn = async (call: Call): Promise<Session> => {
    const asked = clock.now();
    const json = { username: feed.username, password: feed.password.reveal() };
    const request = { operation: 'login', effect: 'read', method: 'POST', path: feed.loginPath, aim: 'system' } as const;
    const answer = await http.ask({ ...request, json, signal: call.signal });
    kept = { text: sessionIn(answer.body), endsAt: asked + feed.sessionLivesMs };
    return kept;
  };
  const session = async (call: Call): Promise<Session> => {
    if (kept !== null && clock.now() < kept.endsAt) return kept;
    coming ??= logIn(call).finally(() => {
      coming = null;
    });
    return coming;
  };
  const once: Ask = async (operation, service, fields, call) => {
    const json = { session: (await session(call)).text, service, ...fields };
    const request = { operation, effect: 'read', method: 'POST', path: feed.callPath } as const;
    const { body } = await http.ask({ ...request, json, signal: call.signal });
    return isObject(body) ? body : {};
  };
  return async (...given) => {
    const used = await session(given[3]);
    try {
      return await once(...given);
    } catch (error) {
      if (!hasEnded(error)) throw error;
      if (kept === used) kept = null;
    }
    return once(...given).catch((error: unknown) => Promise.reject(hasEnded(error) ? refused() : error));
  };
}

const hasEnded = (error: unknown): boolean => isTrouble(error) && error.detail.code.endsWith('.session-ended');

function sessionIn(body: Json): string {
  const text = isObject(body) ? body.session : undefined;
  if (typeof text === 'string' && text !== '') return text;
  throw refused();
}

const refused = (): Trouble =>
  new Trouble({
    kind: 'setup',
    scope: 'system',
    code: 'session.refused',
    vi: 'Hệ thống giấy phép lái xe không cấp hoặc không nhận phiên đăng nhập; cần kiểm tra tài khoản kết nối.',
    en: 'The driving-licence system gives no session, or refuses the one it gave; check the account of the connection.',
  });
