import http, { type ClientRequest, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError, isCancel } from 'axios';
import { type HttpWord, wordOfCode } from './http-trouble.ts';

/** One exchange over the wire. The only place that knows axios. */
export interface Wire {
  send(request: WireRequest): Promise<WireAnswer | WireLoss>;
  close(): void;
}

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | Readable | null;
  readonly as: 'bytes' | 'stream';
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export type WireAnswer = { readonly is: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>> } & (
  | { readonly as: 'bytes'; readonly bytes: Uint8Array }
  | { readonly as: 'stream'; readonly stream: Readable }
);

/** No usable answer. `left`: bytes of the request may have reached the system. */
export interface WireLoss {
  readonly is: 'loss';
  readonly word: HttpWord;
  readonly left: boolean;
}

export interface WireOptions {
  readonly mostAnswerBytes: number;
  readonly mostSockets: number;
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** Keep-alive sockets, no redirects, no proxy from the environment, every status an answer. */
export function openWire(options: WireOptions): Wire {
  const sockets = { keepAlive: true, maxSockets: options.mostSockets };
  const agents = { http: new http.Agent(sockets), https: new https.Agent({ ...sockets, ...options.tls }) };
  const client = axios.create({
    httpAgent: agents.http,
    httpsAgent: agents.https,
    maxRedirects: 0,
    maxContentLength: options.mostAnswerBytes,
    maxBodyLength: Number.POSITIVE_INFINITY,
    proxy: false,
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
  });
  return {
    send: (request) => exchange(client, request),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

async function exchange(client: AxiosInstance, request: WireRequest): Promise<WireAnswer | WireLoss> {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const watch = watchedTransport();
  try {
    const response: AxiosResponse = await client.request({
      method: request.method,
      url: request.url,
      headers: { accept: 'application/json', 'user-agent': 'motlan', ...request.headers },
      data: request.body === null ? undefined : request.body instanceof Uint8Array ? Buffer.from(request.body) : request.body,
      responseType: request.as === 'bytes' ? 'arraybuffer' : 'stream',
      signal: AbortSignal.any([request.signal, deadline]),
      transport: watch.transport,
    });
    const head = { is: 'answer', status: response.status, headers: plainHeaders(response.headers) } as const;
    return request.as === 'bytes' ? { ...head, as: 'bytes', bytes: response.data } : { ...head, as: 'stream', stream: response.data };
  } catch (error) {
    return { is: 'loss', word: wordOf(error, request.signal, deadline), left: watch.left() };
  }
}

function wordOf(error: unknown, caller: AbortSignal, deadline: AbortSignal): HttpWord {
  if (caller.aborted) return 'aborted';
  if (deadline.aborted || isCancel(error)) return 'timeout';
  if (isAxiosError(error) && error.message.startsWith('maxContentLength')) return 'too-large';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return wordOfCode(code);
}

/** Node's own transport, watched: once a socket stands (TLS included), bytes may leave. */
function watchedTransport() {
  let left = false;
  const transport = {
    request: (options: RequestOptions, answered: (answer: http.IncomingMessage) => void): ClientRequest => {
      const secure = options.protocol === 'https:';
      const request = (secure ? https : http).request(options, answered);
      request.once('socket', (socket) => {
        if (socket.connecting) {
          socket.once(secure ? 'secureConnect' : 'connect', () => {
            left = true;
          });
        } else left = true;
      });
      return request;
    },
  };
  return { transport, left: () => left };
}

function plainHeaders(headers: AxiosResponse['headers']): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  return plain;
}
