import pRetry from 'p-retry';
import type { At, Json } from '../model/json.ts';
import type { Clock } from '../model/ports.ts';
import type { TroubleScope } from '../model/words.ts';
import { type Answer, type AnswerTable, outcomeOf, rowFor, unknownAnswer } from './answers.ts';
import type { Auth, Login } from './auth.ts';
import { answerOf, countedDownload, fileStream, queryOf, type SeenAnswer, xmlAnswerOf } from './body.ts';
import { type Breaker, type BreakerState, openBreaker } from './breaker.ts';
import type { AdapterLimits, FileSource } from './contract.ts';
import { type Effect, httpTrouble, lostTrouble, retryAfterMs, statusTrouble } from './http-trouble.ts';
import { loginOver } from './login.ts';
import { openPace, type Pace } from './pace.ts';
import { soapAnswerOf } from './soap/envelope.ts';
import { faultTrouble } from './soap/fault.ts';
import { isTrouble, Trouble } from './trouble.ts';
import { openWire, type Wire, type WireAnswer, type WireRequest } from './wire.ts';
import type { XmlElement } from './xml/tree.ts';

/** The one HTTP transport for adapters. What each answer means stands in src/kit/README.md. */

export interface HttpOptions {
  readonly system: string;
  readonly baseUrl: string;
  readonly ports: { readonly clock: Clock; readonly restMs?: number | undefined };
  readonly answers: AnswerTable;
  readonly limits: AdapterLimits;
  readonly auth?: Auth;
  readonly timeoutMs?: number;
  readonly mostAnswerBytes?: number;
  /** How often a read is repeated inside one call; writes never are. */
  readonly retryReads?: number;
  readonly retryPauseMs?: number;
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface HttpRequest {
  /** The table in answers.yaml. */
  readonly operation: string;
  readonly effect: Effect;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: Json;
  /** A function is asked anew for each sending, e.g. for a fresh nonce. */
  readonly text?: { readonly body: string | (() => string); readonly type: string };
  /** A whole XML document, sent as `application/xml`. */
  readonly xml?: string;
  /** What is due back; default JSON. Anything else is a page. */
  readonly answer?: 'json' | 'xml' | 'soap';
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** How far a refusal of this call reaches; default `record`. */
  readonly aim?: TroubleScope;
  /** Statuses given back as they are when the body is what was due or empty, e.g. 404 of a look-up by id. */
  readonly passes?: readonly number[];
}

export interface HttpAnswer {
  readonly is: 'done' | 'already';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** XML is shown as JSON; see `xmlJson`. */
  readonly body: Json;
  /** The tree of an XML answer. */
  readonly xml?: XmlElement;
}

export interface HttpClient {
  ask(request: HttpRequest): Promise<HttpAnswer>;
  download(request: HttpRequest & { readonly mostBytes: number }): Promise<AsyncIterable<Uint8Array>>;
  upload(request: HttpRequest & { readonly file: FileSource }): Promise<HttpAnswer>;
  breaker(): BreakerState;
  /** Until when the system asked us to wait. */
  pausedUntil(): At | null;
  close(): Promise<void>;
}

const DEFAULTS = {
  timeoutMs: 30_000,
  mostAnswerBytes: 10_000_000,
  retryReads: 1,
  retryPauseMs: 200,
  breaker: { failures: 5, openMs: 30_000 },
} as const;

/** What stands behind one client. */
interface Desk {
  readonly options: HttpOptions & Required<Pick<HttpOptions, keyof typeof DEFAULTS>>;
  readonly wire: Wire;
  readonly pace: Pace;
  readonly breaker: Breaker;
  readonly login: Login;
}

/** Opens the transport to one system. Nothing is sent yet. */
export function openHttp(given: HttpOptions): HttpClient {
  const { failures, openMs } = DEFAULTS.breaker;
  const options = { ...DEFAULTS, breaker: { failures, openMs: given.ports.restMs ?? openMs }, ...given };
  const wire = openWire({ mostAnswerBytes: options.mostAnswerBytes, mostSockets: options.limits.concurrent, tls: options.tls ?? {} });
  const pace = openPace(options.limits, options.ports.clock);
  const desk: Desk = { options, wire, pace, breaker: openBreaker(options.breaker, options.ports.clock), login: loginOver(wire, options) };
  return {
    ask: (request) => repeated(desk, request, () => askOnce(desk, request, null)),
    download: (request) => repeated(desk, request, () => downloadOnce(desk, request)),
    upload: (request) => askOnce(desk, request, request.file),
    breaker: desk.breaker.state,
    pausedUntil: pace.pausedUntil,
    close: async () => {
      pace.close();
      wire.close();
    },
  };
}

/** p-retry for reads alone, inside one visit; whatever asks us to wait is left to the engine. */
function repeated<T>(desk: Desk, request: HttpRequest, task: () => Promise<T>): Promise<T> {
  if (request.effect === 'write' || desk.options.retryReads === 0) return task();
  return pRetry(task, {
    retries: desk.options.retryReads,
    minTimeout: desk.options.retryPauseMs,
    randomize: true,
    shouldRetry: ({ error }) =>
      isTrouble(error) && error.detail.kind === 'unavailable' && error.detail.retryAfterMs === undefined && !request.signal.aborted,
  });
}

async function askOnce(desk: Desk, request: HttpRequest, file: FileSource | null): Promise<HttpAnswer> {
  return guarded(desk, request, async () => {
    const sent = file === null ? null : fileStream;
    const answer = await authorised(desk, request, (headers) => {
      const body = sent === null || file === null ? null : sent(file);
      return carry(
        desk,
        request,
        { headers: { ...headers, ...fileHeaders(file) }, body: body?.stream ?? bodyOf(request), as: 'bytes' },
        body?.fault,
      );
    });
    if (answer.as !== 'bytes') throw lostTrouble(request.effect, true, 'not-json');
    const seen: SeenAnswer = seenAs(request)(answer.status, answer.bytes);
    const is = outcome(desk, request, seen, answer.headers);
    const tree = seen.xml === undefined ? {} : { xml: seen.xml };
    return { is, status: answer.status, headers: answer.headers, body: seen.body, ...tree };
  });
}

async function downloadOnce(desk: Desk, request: HttpRequest & { readonly mostBytes: number }): Promise<AsyncIterable<Uint8Array>> {
  return guarded(desk, request, async () => {
    const answer = await authorised(desk, request, (headers) => carry(desk, request, { headers, body: bodyOf(request), as: 'stream' }));
    if (answer.as !== 'stream') throw lostTrouble('read', true, 'no-answer');
    const page = (answer.headers['content-type'] ?? '').includes('text/html');
    if (answer.status >= 200 && answer.status < 300 && !page) return countedDownload(answer.stream, request.mostBytes, request.signal);
    const chunks: Uint8Array[] = [];
    for await (const chunk of countedDownload(answer.stream, 64_000, request.signal)) chunks.push(chunk);
    outcome(desk, request, seenAs(request)(answer.status, Buffer.concat(chunks)), answer.headers);
    throw lostTrouble('read', true, 'not-json');
  });
}

/** Waits for its turn, then goes through the breaker. */
function guarded<T>(desk: Desk, request: HttpRequest, task: () => Promise<T>): Promise<T> {
  if (request.signal.aborted) return Promise.reject(httpTrouble('unavailable', 'record', 'aborted'));
  return desk.pace.run(() => desk.breaker.run(task), request.signal);
}

/** With log-in headers; a 401 renews the log-in and is asked again once: the system did nothing yet. */
async function authorised(
  desk: Desk,
  request: HttpRequest,
  send: (headers: Readonly<Record<string, string>>) => Promise<WireAnswer>,
): Promise<WireAnswer> {
  const { auth, ports } = desk.options;
  if (auth === undefined) return send({ ...request.headers });
  const first = await send({ ...request.headers, ...(await auth.headers(desk.login, ports.clock)) });
  if (first.status !== 401 || !auth.forget()) return first;
  if (first.as === 'stream') first.stream.destroy();
  return send({ ...request.headers, ...(await auth.headers(desk.login, ports.clock)) });
}

async function carry(
  desk: Desk,
  request: HttpRequest,
  sent: Pick<WireRequest, 'headers' | 'body' | 'as'>,
  fault: () => Trouble | null = () => null,
): Promise<WireAnswer> {
  const { baseUrl, timeoutMs } = desk.options;
  const url = `${baseUrl.replace(/\/+$/u, '')}${request.path}${queryOf(request.query ?? {})}`;
  const type = typeOf(request);
  const accept = ACCEPTS[request.answer ?? 'json'];
  const answer = await desk.wire.send({
    method: request.method,
    url,
    headers: { ...(type === null ? {} : { 'content-type': type }), ...accept, ...sent.headers },
    body: sent.body,
    as: sent.as,
    signal: request.signal,
    timeoutMs: request.timeoutMs ?? timeoutMs,
  });
  if (answer.is === 'answer') return answer;
  throw fault() ?? lostTrouble(request.effect, answer.left, answer.word);
}

function typeOf(request: HttpRequest): string | null {
  if (request.xml !== undefined) return 'application/xml; charset=utf-8';
  return request.text?.type ?? (request.json === undefined ? null : 'application/json; charset=utf-8');
}

function bodyOf(request: HttpRequest): Uint8Array | null {
  if (request.xml !== undefined) return Buffer.from(request.xml, 'utf8');
  if (request.text !== undefined)
    return Buffer.from(typeof request.text.body === 'string' ? request.text.body : request.text.body(), 'utf8');
  return request.json === undefined ? null : Buffer.from(JSON.stringify(request.json), 'utf8');
}

const ACCEPTS = {
  json: {},
  xml: { accept: 'application/xml, text/xml' },
  soap: { accept: 'application/soap+xml, text/xml' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

const seenAs = ({ answer = 'json' }: HttpRequest): ((status: number, bytes: Uint8Array) => SeenAnswer) =>
  ({ json: answerOf, xml: xmlAnswerOf, soap: soapAnswerOf })[answer];

const fileHeaders = (file: FileSource | null): Readonly<Record<string, string>> =>
  file === null ? {} : { 'content-type': file.mark.mime, 'content-length': String(file.mark.sizeBytes) };

/** Rows first, then what HTTP says, then `unknown`. */
function outcome(desk: Desk, request: HttpRequest, seen: Answer, headers: Readonly<Record<string, string>>): 'done' | 'already' {
  const due = request.answer === 'soap' ? 'xml' : (request.answer ?? 'json');
  const known = seen.shape === 'empty' || (seen.shape === due && seen.strange !== true);
  const waitMs = retryAfterMs(headers['retry-after'], desk.options.ports.clock.now());
  if (seen.status === 429 || (seen.status === 503 && waitMs !== null)) desk.pace.pause(waitMs ?? 1_000);
  const row = rowFor(desk.options.answers, request.operation, seen);
  if (row !== null) {
    const said = outcomeOf(row, request.operation, seen);
    if (said.is !== 'trouble') return said.is;
    throw new Trouble(said.detail);
  }
  if (known && request.passes?.includes(seen.status)) return 'done';
  const aim = request.aim ?? 'record';
  const trouble = faultTrouble(seen, request.effect, aim, waitMs) ?? statusTrouble(seen.status, request.effect, aim, waitMs);
  if (trouble !== null) throw trouble;
  throw known ? new Trouble(unknownAnswer(request.operation)) : lostTrouble(request.effect, true, 'not-json');
}
