import type { Json, JsonObject } from '../model/json.ts';
import type { Clock } from '../model/ports.ts';
import type { Secret } from './secret.ts';
import { Trouble } from './trouble.ts';

/** Posts a log-in over the client's own transport; gives the JSON answer or throws Trouble. */
export type Login = (request: LoginRequest) => Promise<Json>;
export interface LoginRequest {
  /** Under the client's base URL, or a whole URL where the log-in lives elsewhere. */
  readonly path: string;
  readonly json?: Json;
  readonly form?: Readonly<Record<string, string>>;
}

/** What a log-in adds to each call. `forget` after a 401; false = there is nothing to renew. */
export interface Auth {
  headers(login: Login, clock: Clock): Promise<Readonly<Record<string, string>>>;
  forget(): boolean;
}

interface Token {
  readonly text: string;
  readonly endsAt: number;
}

/** One token for all callers: fetched by one of them, kept until shortly before it ends. */
function cachedToken(
  fetch: (login: Login) => Promise<{ text: string; livesMs: number }>,
  header: (token: string) => Readonly<Record<string, string>>,
  renewBeforeMs: number,
): Auth {
  let kept: Token | null = null;
  let coming: Promise<Token> | null = null;
  const renew = async (login: Login, clock: Clock): Promise<Token> => {
    const asked = clock.now();
    const { text, livesMs } = await fetch(login);
    kept = { text, endsAt: asked + Math.max(livesMs - renewBeforeMs, livesMs / 2) };
    return kept;
  };
  return {
    headers: async (login, clock) => {
      if (kept !== null && clock.now() < kept.endsAt) return header(kept.text);
      coming ??= renew(login, clock).finally(() => {
        coming = null;
      });
      return header((await coming).text);
    },
    forget: () => {
      kept = null;
      return true;
    },
  };
}

/** OAuth2: client credentials (RFC 6749 §4.4), or with `user` the user's password (§4.3). Form post, Bearer header. */
export const oauth2 = (options: {
  readonly tokenPath: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scope?: string;
  readonly user?: { readonly username: string; readonly password: Secret };
  /** Default one minute, at most half of the token's life. */
  readonly renewBeforeMs?: number;
}): Auth =>
  cachedToken(
    async (login) => {
      const form = {
        ...grantOf(options.user),
        client_id: options.clientId,
        client_secret: options.clientSecret.reveal(),
        ...(options.scope === undefined ? {} : { scope: options.scope }),
      };
      const answer = await login({ path: options.tokenPath, form });
      const token = textIn(answer, 'access_token');
      if (token === null) throw noToken();
      const seconds = Number((answer as JsonObject).expires_in ?? 300);
      return { text: token, livesMs: (Number.isFinite(seconds) && seconds > 0 ? seconds : 300) * 1_000 };
    },
    (token) => ({ authorization: `Bearer ${token}` }),
    options.renewBeforeMs ?? 60_000,
  );

const grantOf = (user: { readonly username: string; readonly password: Secret } | undefined) =>
  user === undefined
    ? { grant_type: 'client_credentials' }
    : { grant_type: 'password', username: user.username, password: user.password.reveal() };

/** A log-in session as ministry software has it: user and password in, a session text out. */
export const session = (options: {
  readonly path: string;
  /** The log-in body; called each time, so secrets are revealed only here. */
  readonly body: () => Json;
  readonly token: (answer: Json) => string | null;
  readonly livesMs: number;
  readonly headers: (token: string) => Readonly<Record<string, string>>;
  readonly renewBeforeMs?: number;
}): Auth =>
  cachedToken(
    async (login) => {
      const token = options.token(await login({ path: options.path, json: options.body() }));
      if (token === null) throw noToken();
      return { text: token, livesMs: options.livesMs };
    },
    options.headers,
    options.renewBeforeMs ?? 60_000,
  );

/** The provincial platform's header: base64 of JSON, keys as that platform writes them. Source: domain one-stop, transport. */
export const lgspHeader = (keys: {
  readonly accessKey: string;
  readonly secretKey: Secret;
  readonly appName: string;
  readonly partnerCode: string;
  readonly partnerCodeCus: string;
}): Auth => {
  const make = () => {
    const { accessKey, secretKey, appName, partnerCode, partnerCodeCus } = keys;
    const json = {
      AccessKey: accessKey,
      SecretKey: secretKey.reveal(),
      AppName: appName,
      PartnerCode: partnerCode,
      PartnerCodeCus: partnerCodeCus,
    };
    return { lgspaccesstoken: Buffer.from(JSON.stringify(json), 'utf8').toString('base64') };
  };
  return { headers: async () => make(), forget: () => false };
};

export const bearer = (token: Secret): Auth => ({
  headers: async () => ({ authorization: `Bearer ${token.reveal()}` }),
  forget: () => false,
});

/** Several log-ins at once, e.g. Bearer and the platform's header. */
export const together = (...all: readonly Auth[]): Auth => ({
  headers: async (login, clock) => Object.assign({}, ...(await Promise.all(all.map((one) => one.headers(login, clock))))),
  forget: () => all.map((one) => one.forget()).some(Boolean),
});

function textIn(answer: Json, name: string): string | null {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return null;
  const value = (answer as JsonObject)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

const noToken = (): Trouble =>
  new Trouble({
    kind: 'setup',
    scope: 'system',
    code: 'login.no-token',
    vi: 'Hệ thống đăng nhập không trả về phiên làm việc.',
    en: 'The log-in gave no token.',
  });
