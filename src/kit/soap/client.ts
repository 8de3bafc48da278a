import type { Client } from 'soap';
import type { z } from 'zod';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Clock } from '../../model/ports.ts';
import type { TroubleScope } from '../../model/words.ts';
import { misshapen, shaped } from '../body.ts';
import type { AdapterPorts } from '../contract.ts';
import type { HttpClient } from '../http.ts';
import type { Effect } from '../http-trouble.ts';
import { SetupFault, wholeFault } from '../setup-fault.ts';
import { Trouble } from '../trouble.ts';
import type { XmlElement } from '../xml/tree.ts';
import { xmlText } from '../xml/write.ts';
import { SOAP_11 } from './envelope.ts';
import { securityHeader, type UsernameToken } from './token.ts';
import { openWsdl } from './wsdl.ts';

/**
 * SOAP over the one HTTP transport: the WSDL writes the envelope and reads the answer, `http` carries it, so that log-in,
 * limits, breaker and trouble are those of every other call.
 */

export interface SoapOptions {
  readonly http: HttpClient;
  readonly ports: { readonly clock: Clock; readonly data: Pick<AdapterPorts['data'], 'text'> };
  /** A file of the adapter's folder. The address it names is not used: `path` below the client's base URL is. */
  readonly wsdl: string;
  readonly path: string;
  readonly version?: '1.1' | '1.2';
  /** The WSDL's port, where it has more than one. */
  readonly port?: string;
  readonly token?: UsernameToken;
}

export interface SoapCall<T> {
  /** The WSDL's operation; also the table in answers.yaml, unless `answers` names another. */
  readonly operation: string;
  readonly answers?: string;
  readonly effect: Effect;
  /** Values by the names of the WSDL. No attributes. */
  readonly args: JsonObject;
  /** What is due back: elements that may be repeated are lists even where there is one, a nil element is null, values are text. */
  readonly shape: z.ZodType<T>;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly aim?: TroubleScope;
}

export interface SoapAnswer<T> {
  readonly is: 'done' | 'already';
  /** null where a row of answers.yaml accepts a fault, or an answer without an envelope. */
  readonly body: T | null;
}

export interface SoapClient {
  call<T>(call: SoapCall<T>): Promise<SoapAnswer<T>>;
}

/** Opens a client over `http`. Nothing is sent yet; SetupFault where the WSDL cannot be used. */
export async function openSoap(options: SoapOptions): Promise<SoapClient> {
  const lib = await import('soap');
  const wsdl = await openWsdl(lib, options.ports.data, options.wsdl);
  const caught: { exchange: Exchange | null } = { exchange: null };
  const client = new lib.Client(wsdl, 'http://motlan-folder.invalid/', {
    preserveWhitespace: true,
    forceSoap12Headers: options.version === '1.2',
    // The package sends nothing: what it would send is taken from it here, and handed to `http`.
    httpClient: {
      request: (_url, envelope, done, headers) => {
        caught.exchange = { envelope: String(envelope), headers: { ...headers }, done };
        return new Promise<never>(() => undefined);
      },
    },
  });
  const { token } = options;
  if (token !== undefined) client.setSecurity({ toXML: () => securityHeader(token, options.ports.clock) });
  const methods = methodsOf(client, options);
  return {
    call: async (call) => {
      const method = methods[call.operation];
      if (method === undefined) throw noOperation();
      sendable(call.args);
      return exchanged(options, call, () => written(caught, method, call.args));
    },
  };
}

type Method = (args: JsonObject, done: (error: unknown, result: unknown) => void) => void;

interface Exchange {
  readonly envelope: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The package's own reader of an answer. */
  readonly done: (error: unknown, answer: { status: number; headers: object }, body: string) => void;
  readonly result?: () => unknown;
}

/** The one port that is meant. */
function methodsOf(client: Client, { wsdl, port }: SoapOptions): Readonly<Record<string, Method>> {
  const services = Object.keys(client.wsdl.definitions.services);
  const ports = services.flatMap((service) => Object.entries(client[service] as Record<string, Record<string, Method>>));
  const meant = ports.filter(([name]) => port === undefined || name === port);
  const [found, another] = meant;
  if (found !== undefined && another === undefined) return found[1];
  const names = ports.map(([name]) => name).join(', ');
  throw new SetupFault([
    wholeFault(wsdl, 'wsdl.port', `cần chỉ rõ một cổng trong: ${names}`, `one port must be named, of: ${names || 'none'}`),
  ]);
}

/** The envelope as the package writes it; each call has a token of its own. */
function written(caught: { exchange: Exchange | null }, method: Method, args: JsonObject): Exchange {
  const outcome: { error: unknown; result: unknown } = { error: null, result: null };
  caught.exchange = null;
  method(structuredClone(args) as JsonObject, (error, result) => Object.assign(outcome, { error, result }));
  if (caught.exchange === null) throw noOperation();
  const result = () => {
    if (outcome.error !== null && outcome.error !== undefined) throw outcome.error;
    return outcome.result;
  };
  return { ...(caught.exchange as Exchange), result };
}

async function exchanged<T>(options: SoapOptions, call: SoapCall<T>, write: () => Exchange): Promise<SoapAnswer<T>> {
  let exchange = write();
  const { 'Content-Type': type = 'text/xml; charset=utf-8', ...headers } = exchange.headers;
  const fresh = () => {
    exchange = write();
    return exchange.envelope.normalize('NFC');
  };
  const answer = await options.http.ask({
    operation: call.answers ?? call.operation,
    effect: call.effect,
    method: 'POST',
    path: options.path,
    headers,
    text: { body: fresh, type },
    answer: 'soap',
    signal: call.signal,
    ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
    ...(call.aim === undefined ? {} : { aim: call.aim }),
  });
  if (answer.xml === undefined) return { is: answer.is, body: null };
  return { is: answer.is, body: shaped(call.shape, understood(exchange, answer.xml, call), call.operation, call.effect) };
}

/** Read by the WSDL from the tree that passed: without DOCTYPE, comments and CDATA, within its limits, under one prefix. */
function understood(exchange: Exchange, tree: XmlElement, call: { readonly operation: string; readonly effect: Effect }): Json {
  try {
    exchange.done(null, { status: 200, headers: {} }, xmlText(asSoap11(tree), { prefixes: { soap: SOAP_11 } }));
    return (exchange.result?.() ?? null) as Json;
  } catch (error) {
    throw error instanceof Trouble ? error : misshapen(call.operation, call.effect, ['body']);
  }
}

/** The package finds its messages in an envelope of version 1.1 only. */
const asSoap11 = (tree: XmlElement): XmlElement => ({
  ...tree,
  namespace: SOAP_11,
  children: tree.children.map((child) =>
    typeof child !== 'string' && child.namespace === tree.namespace ? { ...child, namespace: SOAP_11 } : child,
  ),
});

const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}._\u00b7-]*$/u;
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** The package gives these names and this beginning of a text a meaning of their own: they would go out unescaped. */
const ITS_OWN: ReadonlySet<string> = new Set(['attributes', '_xml', '_xmlns']);

function sendable(value: Json): void {
  if (typeof value === 'string') {
    if (UNWRITABLE.test(value) || value.startsWith('<![CDATA[')) throw unwritable();
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, below] of Object.entries(value)) {
    if (!Array.isArray(value) && (!NAME.test(name) || ITS_OWN.has(name))) throw noOperation();
    sendable(below as Json);
  }
}

const unwritable = (): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'soap.character',
    vi: 'Có ký tự không gửi được bằng SOAP.',
    en: 'A text that SOAP cannot carry.',
  });

const noOperation = (): Trouble =>
  new Trouble({
    kind: 'setup',
    scope: 'procedure',
    code: 'soap.operation',
    vi: 'Tệp WSDL không có chức năng hoặc trường cần gọi.',
    en: 'The WSDL has no such operation, or a field of it has no XML name.',
  });
