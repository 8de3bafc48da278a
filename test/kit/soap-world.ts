import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { type IServicePort, listen, passwordDigest } from 'soap';
import { z } from 'zod';
import { readAnswers } from '../../src/kit/answers-file.ts';
import { type HttpClient, type HttpOptions, openHttp } from '../../src/kit/http.ts';
import { type TestClock, testClock } from '../../src/kit/proof/bench.ts';
import { SetupFault, wholeFault } from '../../src/kit/setup-fault.ts';
import { openSoap, type SoapCall, type SoapClient, type SoapOptions } from '../../src/kit/soap/client.ts';

/** A real SOAP server on loopback, of the package's own making, and a client of ours against it. */

export const WSDL_FOLDER = resolve(import.meta.dirname, 'soap');
export const folderData = (files: Readonly<Record<string, string>> = {}) => ({
  text: (file: string): string => {
    const given = files[file];
    if (given !== undefined) return given;
    try {
      return readFileSync(resolve(WSDL_FOLDER, file), 'utf8');
    } catch {
      throw new SetupFault([wholeFault(file, 'folder.missing', 'không có tệp', 'no such file')]);
    }
  },
});

const rows = [
  { field: { 'TraCuuResponse.MaLoi': 0 }, is: 'done' },
  { body: 'fault', says: { 'Fault.reason': 'đã được tiếp nhận' }, is: 'already' },
];
export const ANSWERS = readAnswers({
  TraCuu: rows,
  Gui: [
    { field: { 'GuiResponse.MaLoi': 0 }, is: 'done' },
    ...rows,
    { body: 'fault', says: { 'Fault.detail.LoiDuLieu': 'mã xã' }, is: 'refused', code: 'fields', vi: 'Sai mã xã.', en: 'Wrong ward.' },
  ],
});

const person = z.object({
  HoTen: z.string(),
  SoDinhDanh: z.string(),
  MaXa: z.string().optional(),
  SoTien: z.string().optional(),
  NgaySinh: z.string().optional(),
  GhiChu: z.string().nullish(),
  Con: z.array(z.object({ HoTen: z.string() })).optional(),
});
export const found = z.object({ MaLoi: z.string(), Nguoi: z.array(person).optional() });
export const taken = z.object({ MaLoi: z.string() });
const signal = new AbortController().signal;

export const lookUp = (SoDinhDanh = '099000000001'): SoapCall<z.output<typeof found>> => ({
  operation: 'TraCuu',
  effect: 'read',
  args: { SoDinhDanh },
  shape: found,
  signal,
});
export const send = (HoTen = 'Nguyễn Văn Mẫu'): SoapCall<z.output<typeof taken>> => ({
  operation: 'Gui',
  effect: 'write',
  args: { Nguoi: { HoTen, SoDinhDanh: '099000000001' } },
  shape: taken,
  signal,
});

export interface World {
  readonly clock: TestClock;
  readonly closing: (() => Promise<unknown>)[];
  client(url: string, more?: Partial<SoapOptions>, http?: Partial<HttpOptions>): Promise<SoapClient & { readonly http: HttpClient }>;
  /** A SOAP server made by the package. */
  serving(operations: Readonly<Record<string, (args: never, headers: never) => unknown>>, wsdl?: string): Promise<string>;
  /** Any HTTP server. */
  answering(serve: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<string>;
  close(): Promise<void>;
}

export function openWorld(): World {
  const clock = testClock();
  const closing: (() => Promise<unknown>)[] = [];
  const opened = async (server: Server): Promise<string> => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return {
    clock,
    closing,
    client: async (baseUrl, more = {}, http = {}) => {
      const limits = { concurrent: 8, perSecond: null, perDay: null };
      const carrier = openHttp({ system: 'mẫu', baseUrl, ports: { clock }, answers: ANSWERS, limits, retryReads: 0, ...http });
      closing.push(carrier.close);
      const ports = { clock, data: folderData() };
      return { ...(await openSoap({ http: carrier, ports, wsdl: 'mau.wsdl', path: '/mau', ...more })), http: carrier };
    },
    serving: async (operations, file = 'mau.wsdl') => {
      const server = createServer((_, response) => response.writeHead(404).end());
      const url = await opened(server);
      await new Promise<void>((ready, fail) => {
        listen(server, {
          path: '/mau',
          uri: resolve(WSDL_FOLDER, file),
          xml: readFileSync(resolve(WSDL_FOLDER, file), 'utf8'),
          services: { MauService: { Mau: wrapped(operations) } },
          callback: (error) => (error ? fail(error) : ready()),
        });
      });
      return url;
    },
    answering: (serve) =>
      opened(
        createServer(async (request, response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of request) chunks.push(chunk);
          serve(request, response, Buffer.concat(chunks).toString('utf8'));
        }),
      ),
    close: async () => {
      for (const close of closing.splice(0)) await close();
    },
  };
}

const wrapped = (operations: Readonly<Record<string, (args: never, headers: never) => unknown>>): IServicePort =>
  Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [name, (args, _done, headers) => run(args as never, headers as never)]),
  );

/** A server's own look at a token: the digest by the package's formula, a nonce once, a time not too old. */
export function watchman(username: string, password: string, now: () => number) {
  const seen = new Set<string>();
  const refuse = (code: string) => {
    throw { Fault: { faultcode: `wsse:${code}`, faultstring: 'The security token could not be authenticated', statusCode: 500 } };
  };
  return (headers: { readonly Security?: { readonly UsernameToken?: Record<string, unknown> } }): void => {
    const token = headers?.Security?.UsernameToken ?? {};
    const text = (name: string) => {
      const value = token[name];
      return String(typeof value === 'object' && value !== null ? (value as { $value?: unknown }).$value : value);
    };
    const digest = passwordDigest(text('Nonce'), text('Created'), password);
    if (text('Username') !== username || ![digest, password].includes(text('Password'))) refuse('FailedAuthentication');
    if (Math.abs(now() - Date.parse(text('Created'))) > 300_000) refuse('MessageExpired');
    if (seen.has(text('Nonce'))) refuse('InvalidSecurity');
    seen.add(text('Nonce'));
  };
}
