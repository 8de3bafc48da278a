import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import fc from 'fast-check';
import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { readAnswers } from '../../src/kit/answers-file.ts';
import { type Auth, bearer, lgspHeader, oauth2, session } from '../../src/kit/auth.ts';
import { path } from '../../src/kit/body.ts';
import { type HttpClient, type HttpOptions, type HttpRequest, openHttp } from '../../src/kit/http.ts';
import { retryAfterMs } from '../../src/kit/http-trouble.ts';
import { openPace } from '../../src/kit/pace.ts';
import { fileOf, testClock } from '../../src/kit/proof/bench.ts';
import { secret } from '../../src/kit/secret.ts';
import { isTrouble, type TroubleDetail } from '../../src/kit/trouble.ts';
import { xmlRecords } from '../../src/kit/xml/read.ts';
import { xmlTextAt } from '../../src/kit/xml/tree.ts';

const answers = readAnswers({ op: [{ http: '200', body: 'json', is: 'done' }], file: [{ http: '200', is: 'done' }] });
const signal = new AbortController().signal;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  nock.cleanAll();
  nock.restore();
});

type Serve = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function listening(serve: Serve): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    serve(request, response, Buffer.concat(chunks).toString('utf8'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(baseUrl: string, options: Partial<HttpOptions> = {}): HttpClient {
  const limits = { concurrent: 8, perSecond: null, perDay: null };
  const made = openHttp({ system: 'mẫu', baseUrl, ports: { clock: testClock() }, answers, limits, retryReads: 0, ...options });
  closing.push(made.close);
  return made;
}
const read: HttpRequest = { operation: 'op', effect: 'read', method: 'GET', path: '/a', signal };
const write: HttpRequest = { operation: 'op', effect: 'write', method: 'POST', path: '/a', json: { hoTen: 'NGUYỄN VĂN MẪU' }, signal };

async function detailOf(call: Promise<unknown>): Promise<TroubleDetail> {
  const error: unknown = await call.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (isTrouble(error)) return error.detail;
  throw new Error('no trouble came', { cause: error });
}
const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};

describe('what HTTP says becomes trouble', () => {
  it.each([
    [301, 'setup', 'setup'],
    [400, 'refused', 'refused'],
    [401, 'setup', 'setup'],
    [403, 'setup', 'setup'],
    [404, 'setup', 'setup'],
    [409, 'stale', 'stale'],
    [412, 'stale', 'stale'],
    [413, 'refused', 'refused'],
    [422, 'refused', 'refused'],
    [429, 'unavailable', 'unavailable'],
    [500, 'unavailable', 'unsure'],
    [502, 'unavailable', 'unsure'],
    [503, 'unavailable', 'unsure'],
    [201, 'unknown', 'unknown'],
  ])('%i is %s for a read and %s for a write', async (status, forRead, forWrite) => {
    const url = await listening((_, response) => json(response, status, { any: 1 }));
    expect((await detailOf(client(url).ask(read))).kind).toBe(forRead);
    expect((await detailOf(client(url).ask(write))).kind).toBe(forWrite);
  });

  it('knows a refused connection and an unknown name: no byte has left', async () => {
    const url = await listening((_, response) => json(response, 200, {}));
    for (const close of closing.splice(0)) await close();
    expect(await detailOf(client(url).ask(write))).toMatchObject({ kind: 'unavailable', scope: 'system', code: 'http.refused' });
    nock.activate();
    nock('http://ministry.example.invalid')
      .post('/a')
      .replyWithError(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect((await detailOf(client('http://ministry.example.invalid').ask(read))).kind).toBe('unavailable');
  });

  it('calls a write unsure when its answer is cut, late or too large, and a read unavailable', async () => {
    const cut = await listening((_, response) => response.destroy());
    const late = await listening(() => undefined);
    const large = await listening((_, response) => json(response, 200, { text: 'x'.repeat(5_000) }));
    for (const [url, word] of [
      [cut, 'http.no-answer'],
      [late, 'http.timeout'],
      [large, 'http.too-large'],
    ] as const) {
      const small = () => client(url, { timeoutMs: 150, mostAnswerBytes: 1_000 });
      expect(await detailOf(small().ask(write))).toMatchObject({ kind: 'unsure', code: word });
      expect(await detailOf(small().ask(read))).toMatchObject({ kind: 'unavailable', code: word });
    }
  });

  it('reads Retry-After in seconds and as a date', () => {
    const now = Date.UTC(2026, 10, 24, 1, 0, 0);
    expect(retryAfterMs('7', now)).toBe(7_000);
    expect(retryAfterMs('Tue, 24 Nov 2026 01:01:00 GMT', now)).toBe(60_000);
    expect(retryAfterMs('Tue, 24 Nov 2026 00:00:00 GMT', now)).toBe(0);
    for (const odd of [undefined, '', 'soon', '-5', '1.5', '99999999999999999999']) expect(retryAfterMs(odd, now)).toBeNull();
  });
});

describe('T21: limits, back-off and an end', () => {
  it('holds further calls back until the time the system named has come', async () => {
    let calls = 0;
    const url = await listening((_, response) => {
      calls += 1;
      json(response, calls === 1 ? 429 : 200, {}, { 'retry-after': '30' });
    });
    const clock = testClock();
    const http = client(url, { ports: { clock } });
    expect(await detailOf(http.ask(read))).toMatchObject({ code: 'http.429', retryAfterMs: 30_000 });
    clock.advance(10_000);
    expect(await detailOf(http.ask(read))).toMatchObject({ code: 'http.paused', retryAfterMs: 20_000 });
    expect(calls).toBe(1);
    clock.advance(20_000);
    expect((await http.ask(read)).is).toBe('done');
  });

  it('repeats a read a few times and then ends, and never repeats a write', async () => {
    let calls = 0;
    const url = await listening((_, response) => {
      calls += 1;
      json(response, 500, {});
    });
    const http = client(url, { retryReads: 2, retryPauseMs: 1 });
    await detailOf(http.ask(read));
    expect(calls).toBe(3);
    await detailOf(http.ask(write));
    expect(calls).toBe(4);
  });

  it('opens the breaker on trouble of the system and on no other', async () => {
    let status = 422;
    const url = await listening((_, response) => json(response, status, {}));
    const http = client(url, { breaker: { failures: 3, openMs: 60_000 } });
    for (let n = 0; n < 6; n += 1) await detailOf(http.ask(read));
    expect(http.breaker().state).toBe('closed');
    status = 500;
    for (let n = 0; n < 3; n += 1) await detailOf(http.ask(read));
    expect(http.breaker()).toMatchObject({ state: 'open', openUntil: expect.any(Number) });
    expect(await detailOf(http.ask(read))).toMatchObject({ kind: 'unavailable', code: 'http.breaker-open', retryAfterMs: 60_000 });
  });

  it('leaves a failing system alone for as long as the configuration says', async () => {
    const url = await listening((_, response) => json(response, 500, {}));
    const http = client(url, { ports: { clock: testClock(), restMs: 2_000 } });
    for (let n = 0; n < 5; n += 1) await detailOf(http.ask(read));
    expect(await detailOf(http.ask(read))).toMatchObject({ code: 'http.breaker-open', retryAfterMs: 2_000 });
  });

  it('keeps to the daily budget of the Vietnamese day', async () => {
    const url = await listening((_, response) => json(response, 200, {}));
    const clock = testClock(Date.UTC(2026, 10, 24, 16, 59, 0));
    const http = client(url, { ports: { clock }, limits: { concurrent: 1, perSecond: null, perDay: 2 } });
    await http.ask(read);
    await http.ask(read);
    expect(await detailOf(http.ask(read))).toMatchObject({ code: 'http.per-day', retryAfterMs: 60_000 });
    clock.advance(60_000);
    expect((await http.ask(read)).is).toBe('done');
  });

  it('never lets more calls start in any second than allowed', async () => {
    const starts: number[] = [];
    const pace = openPace({ concurrent: 10, perSecond: 3, perDay: null }, testClock());
    await Promise.all(Array.from({ length: 7 }, () => pace.run(async () => starts.push(performance.now()), signal)));
    const spans = starts.slice(3).map((start, index) => start - (starts[index] ?? 0));
    expect(spans.every((span) => span >= 990)).toBe(true);
  });
});

describe('log-ins', () => {
  const guarded = async (login: (body: string) => unknown, accept: (request: IncomingMessage) => boolean) => {
    const seen = { logins: 0, calls: 0 };
    const url = await listening((request, response, body) => {
      if (request.url === '/token') {
        seen.logins += 1;
        return json(response, 200, login(body));
      }
      seen.calls += 1;
      return json(response, accept(request) ? 200 : 401, {});
    });
    return { url, seen };
  };
  const credentials = (): Auth =>
    oauth2({ tokenPath: '/token', clientId: 'motlan', clientSecret: secret('bí mật'), renewBeforeMs: 10_000 });

  it('fetches one token for many callers and renews it before it ends', async () => {
    const { url, seen } = await guarded(
      () => ({ access_token: 't1', expires_in: 60 }),
      (request) => request.headers.authorization === 'Bearer t1',
    );
    const clock = testClock();
    const http = client(url, { ports: { clock }, auth: credentials() });
    await Promise.all([http.ask(read), http.ask(read), http.ask(read)]);
    expect(seen.logins).toBe(1);
    clock.advance(49_000);
    await http.ask(read);
    expect(seen.logins).toBe(1);
    clock.advance(2_000);
    await http.ask(read);
    expect(seen.logins).toBe(2);
  });

  it('renews once after a 401, then says that the set-up is wrong', async () => {
    let token = 0;
    const { url, seen } = await guarded(
      () => {
        token += 1;
        return { session: `s${token}` };
      },
      (request) => request.headers['x-session'] === 's2',
    );
    const auth = () =>
      session({
        path: '/token',
        body: () => ({ username: 'motlan', password: secret('bí mật').reveal() }),
        token: (body) => (typeof body === 'object' && body !== null && 'session' in body ? String(body.session) : null),
        livesMs: 600_000,
        headers: (text) => ({ 'x-session': text }),
      });
    expect((await client(url, { auth: auth() }).ask(write)).is).toBe('done');
    expect(seen).toEqual({ logins: 2, calls: 2 });
    expect(await detailOf(client(url, { auth: auth() }).ask(write))).toMatchObject({ kind: 'setup', code: 'http.401' });
    expect(seen).toEqual({ logins: 4, calls: 4 });
  });

  it('logs in as a user where it has one, with his password and the client', async () => {
    const forms: string[] = [];
    const { url } = await guarded(
      (body) => {
        forms.push(body);
        return { access_token: 't1' };
      },
      (request) => request.headers.authorization === 'Bearer t1',
    );
    const user = { username: 'motlan', password: secret('mật khẩu') };
    await client(url, { auth: oauth2({ tokenPath: '/token', clientId: 'mc', clientSecret: secret('bí mật'), user }) }).ask(read);
    expect(forms.map((form) => Object.fromEntries(new URLSearchParams(form)))).toEqual([
      { grant_type: 'password', username: 'motlan', password: 'mật khẩu', client_id: 'mc', client_secret: 'bí mật' },
    ]);
  });

  it('writes the platform header as base64 of its JSON', async () => {
    const keys = { accessKey: 'ak', secretKey: secret('sk'), appName: 'motlan', partnerCode: '99', partnerCodeCus: '99.1' };
    const { lgspaccesstoken } = await lgspHeader(keys).headers(async () => null, testClock());
    expect(JSON.parse(Buffer.from(lgspaccesstoken ?? '', 'base64').toString('utf8'))).toEqual({
      AccessKey: 'ak',
      SecretKey: 'sk',
      AppName: 'motlan',
      PartnerCode: '99',
      PartnerCodeCus: '99.1',
    });
  });
});

describe('XML over HTTP', () => {
  const table = readAnswers({
    op: [
      { http: '200', field: { 'Ket.MaLoi': ['0', '00'] }, is: 'done' },
      { says: { 'Ket.MoTa': 'trùng' }, is: 'already' },
      { field: { 'Ket.MaLoi': '7' }, is: 'refused', code: 'seven', vi: 'Không nhận.', en: 'Not taken.' },
    ],
    page: [{ body: 'json', http: '401', is: 'setup', code: 'gate', vi: 'Cổng từ chối.', en: 'The gate refused.' }],
    list: [{ http: '200', is: 'done' }],
  });
  const xmlServer = async (status: number, text: string, type = 'text/xml') => {
    const seen: { type: string | undefined; accept: string | undefined; body: string }[] = [];
    const url = await listening((request, response, body) => {
      seen.push({ type: request.headers['content-type'], accept: request.headers.accept, body });
      response.writeHead(status, { 'content-type': type });
      response.end(text);
    });
    return { url, seen, http: client(url, { answers: table }) };
  };
  const send: HttpRequest = {
    operation: 'op',
    effect: 'write',
    method: 'POST',
    path: '/a',
    xml: '<HoSo>Đào</HoSo>',
    answer: 'xml',
    signal,
  };

  it('sends XML and reads the answer by the rows, with the tree and as JSON', async () => {
    const { http, seen } = await xmlServer(200, '<s:Ket xmlns:s="urn:s"><MaLoi loai="x">00</MaLoi><Ma>A1</Ma></s:Ket>');
    const answer = await http.ask(send);
    expect(answer).toMatchObject({ is: 'done', body: { Ket: { Ma: 'A1' } }, xml: { name: 'Ket', namespace: 'urn:s' } });
    expect(seen[0]).toEqual({ type: 'application/xml; charset=utf-8', accept: 'application/xml, text/xml', body: '<HoSo>Đào</HoSo>' });
  });

  it('knows its own sentences and codes, whatever the status', async () => {
    expect((await (await xmlServer(200, '<Ket><MaLoi>9</MaLoi><MoTa>Hồ sơ TRÙNG mã</MoTa></Ket>')).http.ask(send)).is).toBe('already');
    expect(await detailOf((await xmlServer(200, '<Ket><MaLoi>7</MaLoi></Ket>')).http.ask(send))).toMatchObject({
      kind: 'refused',
      code: 'answers.op.seven',
    });
    expect((await detailOf((await xmlServer(200, '<Ket><MaLoi>8</MaLoi></Ket>')).http.ask(send))).kind).toBe('unknown');
  });

  it.each([
    ['a page', '<html><body>Bảo trì</body></html>'],
    ['a page with a doctype', '<!DOCTYPE html><html><body>Bảo trì<br></body></html>'],
    ['JSON', '{"Ket":{"MaLoi":"0"}}'],
    ['XML that breaks off', '<Ket><MaLoi>0</MaLoi>'],
    ['XML with a DOCTYPE', '<!DOCTYPE Ket [<!ENTITY e "0">]><Ket><MaLoi>0</MaLoi></Ket>'],
    ['text', 'OK'],
  ])('never takes %s for an answer', async (_name, text) => {
    const { http } = await xmlServer(200, text);
    expect(await detailOf(http.ask(send))).toMatchObject({ kind: 'unsure', code: 'http.not-json' });
    expect((await detailOf(http.ask({ ...send, effect: 'read' }))).kind).toBe('unavailable');
  });

  it('gives a row that asks for JSON what came as JSON, and a status back where it passes', async () => {
    const { http } = await xmlServer(401, '{"loi":"token"}', 'application/json');
    expect((await detailOf(http.ask({ ...send, operation: 'page' }))).code).toBe('answers.page.gate');
    const passing = await xmlServer(404, '<Loi>khong co</Loi>');
    expect(await passing.http.ask({ ...send, operation: 'none', passes: [404] })).toMatchObject({ status: 404, body: { Loi: 'khong co' } });
  });

  it('streams a long list record by record', async () => {
    const url = await listening((_, response) => {
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.write('<DanhSach>');
      for (let n = 1; n <= 5_000; n += 1) response.write(`<HoSo><Ma>${n}</Ma></HoSo>`);
      response.end('</DanhSach>');
    });
    const http = client(url, { answers: table });
    const bytes = await http.download({ ...read, operation: 'list', answer: 'xml', mostBytes: 1_000_000 });
    let [count, last] = [0, ''];
    for await (const { element } of xmlRecords(bytes, ['DanhSach.HoSo'])) [count, last] = [count + 1, xmlTextAt(element, 'Ma') ?? ''];
    expect([count, last]).toEqual([5_000, '5000']);
  });
});

describe('files', () => {
  it('streams a file up and counts it against its mark', async () => {
    let got = '';
    const url = await listening((_, response, body) => {
      got = body;
      json(response, 200, {});
    });
    const order = { ...write, operation: 'file', method: 'PUT' as const, json: undefined };
    const { json: _none, ...bare } = order;
    const bytes = Buffer.from('giấy tờ mẫu', 'utf8');
    await client(url).upload({ ...bare, file: fileOf(bytes) });
    expect(got).toBe('giấy tờ mẫu');
    for (const sizeBytes of [bytes.byteLength - 1, bytes.byteLength + 1])
      expect((await detailOf(client(url).upload({ ...bare, file: fileOf(bytes, { sizeBytes }) }))).code).toBe('file.size');
  });

  it('stops a download that is larger than allowed', async () => {
    const url = await listening((_, response) => response.end(Buffer.alloc(100_000)));
    const get = { ...read, operation: 'file' };
    const sum = async (mostBytes: number) => {
      let bytes = 0;
      for await (const chunk of await client(url).download({ ...get, mostBytes })) bytes += chunk.byteLength;
      return bytes;
    };
    expect(await sum(100_000)).toBe(100_000);
    expect((await detailOf(sum(99_999))).code).toBe('http.too-large');
  });

  it('lets no id climb out of its path', () => {
    expect(path`/a/${'x/../y?z'}/b`).toBe('/a/x%2F..%2Fy%3Fz/b');
    for (const id of ['', '.', '..']) expect(() => path`/a/${id}`).toThrow();
  });
});

describe('T25: no value in any error', () => {
  it('shows neither body, query, header nor secret, whatever the system answers', async () => {
    const shapes = [
      (response: ServerResponse, echo: string) => json(response, 500, { echo }),
      (response: ServerResponse, echo: string) => json(response, 422, { errors: { [echo]: echo } }),
      (response: ServerResponse, echo: string) => response.end(`<html>${echo}</html>`),
      (response: ServerResponse, echo: string) => response.end(`{"broken": "${echo}`),
      (response: ServerResponse, echo: string) => response.writeHead(302, { location: `/${encodeURIComponent(echo)}` }).end(),
      (response: ServerResponse) => response.destroy(),
    ];
    let turn = 0;
    const url = await listening((_, response, body) => shapes[turn++ % shapes.length]?.(response, body));
    const http = client(url, { auth: bearer(secret('khoá-bí-mật-của-tỉnh')), breaker: { failures: 1_000_000, openMs: 1 } });
    const value = fc.string({ minLength: 6, maxLength: 30, unit: fc.constantFrom(...'ĐẶNGHOÀYẾNPQXZ0189') });
    await fc.assert(
      fc.asyncProperty(value, value, async (name, number) => {
        const request = {
          ...write,
          json: { hoTen: name, soDinhDanh: number },
          query: { so: number },
          headers: { 'x-so': encodeURIComponent(number) },
        };
        const error: unknown = await http.ask(request).catch((caught: unknown) => caught);
        const shown = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)}`;
        expect(isTrouble(error)).toBe(true);
        for (const text of [name, number, encodeURIComponent(name), 'khoá-bí-mật']) expect(shown).not.toContain(text);
      }),
      { numRuns: 60 },
    );
  });

  it('prints no secret', () => {
    const kept = secret('khoá-bí-mật');
    expect(`${kept} ${JSON.stringify({ kept })} ${inspect({ kept }, { showHidden: true })}`).not.toContain('khoá');
  });
});
