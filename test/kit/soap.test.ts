import { passwordDigest } from 'soap';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secret } from '../../src/kit/secret.ts';
import { SetupFault } from '../../src/kit/setup-fault.ts';
import { soapTokenCheck } from '../../src/kit/soap/simulator-route.ts';
import { isTrouble, type TroubleDetail } from '../../src/kit/trouble.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { folderData, lookUp, openWorld, send, watchman } from './soap-world.ts';

let world = openWorld();
afterEach(async () => {
  await world.close();
  world = openWorld();
});

async function detailOf(call: Promise<unknown>): Promise<TroubleDetail> {
  const error: unknown = await call.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (isTrouble(error)) return error.detail;
  throw new Error('no trouble came', { cause: error });
}
const fault11 = (code: string, reason = 'Lỗi', statusCode = 500, detail?: object) => ({
  Fault: { faultcode: code, faultstring: reason, statusCode, ...(detail === undefined ? {} : { detail }) },
});
const fault12 = (code: string, subcode: string | null, reason = 'Lỗi') =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:${code}</e:Value>${
    subcode === null ? '' : `<e:Subcode><e:Value xmlns:w="urn:w">w:${subcode}</e:Value></e:Subcode>`
  }</e:Code><e:Reason><e:Text xml:lang="vi">${reason}</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`;
const envelope = (body: string) => `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
const xml = (status: number, text: string, headers: Record<string, string> = {}) => {
  const serve: Parameters<typeof world.answering>[0] = (_, response) => {
    response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8', ...headers });
    response.end(text);
  };
  return world.answering(serve);
};

describe('a client made from a WSDL', () => {
  it('carries Vietnamese text there and back, and keeps every value as it was written', async () => {
    const heard: unknown[] = [];
    const url = await world.serving({
      TraCuu: (args: { SoDinhDanh: string }) => ({
        MaLoi: '0',
        Nguoi: [
          {
            HoTen: 'Đỗ Thị Ngọc & <Ánh>',
            SoDinhDanh: args.SoDinhDanh,
            MaXa: '00123',
            SoTien: '10.50',
            NgaySinh: '2026-02-30',
          },
        ],
      }),
      Gui: (args: unknown) => {
        heard.push(args);
        return { MaLoi: '0' };
      },
    });
    const client = await world.client(url);
    expect((await client.call(lookUp('099000000007'))).body).toEqual({
      MaLoi: '0',
      Nguoi: [
        {
          HoTen: 'Đỗ Thị Ngọc & <Ánh>',
          SoDinhDanh: '099000000007',
          MaXa: '00123',
          SoTien: '10.50',
          NgaySinh: '2026-02-30',
        },
      ],
    });
    expect((await client.call(send(' Hoà\u0300 "Bình" '))).is).toBe('done');
    expect(heard).toEqual([{ Nguoi: { HoTen: expect.stringContaining('"Bình"'), SoDinhDanh: '099000000001' } }]);
  });

  it('gives a list where the WSDL allows several, though one came, and none where none came', async () => {
    const people: unknown[] = [];
    const url = await world.serving({ TraCuu: () => ({ MaLoi: '0', ...(people.length === 0 ? {} : { Nguoi: people }) }) });
    const client = await world.client(url);
    expect((await client.call(lookUp())).body).toEqual({ MaLoi: '0' });
    people.push({ HoTen: 'Mẫu', SoDinhDanh: '1', Con: [{ HoTen: 'Con Mẫu', SoDinhDanh: '2' }] });
    expect((await client.call(lookUp())).body?.Nguoi).toMatchObject([{ HoTen: 'Mẫu', Con: [{ HoTen: 'Con Mẫu' }] }]);
  });

  it('keeps XML inside a text as text, of any length, and tells nil from missing', async () => {
    const inner = `<?xml version="1.0"?><a>${'đ '.repeat(60_000)}</a>`;
    const url = await xml(
      200,
      envelope(
        `<r:TraCuuResponse xmlns:r="urn:motlan:mau"><r:MaLoi>0</r:MaLoi><r:Nguoi><HoTen><![CDATA[${inner}]]></HoTen><SoDinhDanh>1</SoDinhDanh><GhiChu xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/></r:Nguoi></r:TraCuuResponse>`,
      ),
    );
    const answer = await (await world.client(url)).call(lookUp());
    expect(answer.body?.Nguoi?.[0]?.HoTen === inner).toBe(true);
    expect(answer.body?.Nguoi?.[0]).toMatchObject({ GhiChu: null });
    expect(answer.body?.Nguoi?.[0]).not.toHaveProperty('MaXa');
  });

  it.each([
    ['1.1', 'text/xml; charset=utf-8', '"urn:motlan:mau/TraCuu"', 'http://schemas.xmlsoap.org/soap/envelope/'],
    ['1.2', 'application/soap+xml; charset=utf-8; action="urn:motlan:mau/TraCuu"', undefined, 'http://www.w3.org/2003/05/soap-envelope'],
  ] as const)('speaks SOAP %s by its own headers and envelope', async (version, type, action, namespace) => {
    const heard: { type?: string | undefined; action?: unknown; body?: string } = {};
    const url = await world.answering((request, response, body) => {
      Object.assign(heard, { type: request.headers['content-type'], action: request.headers.soapaction, body });
      response.end(
        `<e:Envelope xmlns:e="${namespace}"><e:Body><TraCuuResponse xmlns="urn:motlan:mau"><MaLoi>0</MaLoi><Nguoi><HoTen>Mẫu</HoTen><SoDinhDanh>1</SoDinhDanh></Nguoi></TraCuuResponse></e:Body></e:Envelope>`,
      );
    });
    const answer = await (await world.client(url, { version })).call(lookUp());
    expect(heard).toMatchObject({ type, action });
    expect(heard.body).toContain(namespace);
    expect(answer.body?.Nguoi).toEqual([{ HoTen: 'Mẫu', SoDinhDanh: '1' }]);
  });

  it('reads the WSDL and what it imports from the folder alone', async () => {
    const wsdl = folderData().text('mau.wsdl');
    const opened = (files: Record<string, string>, more = {}) =>
      world.client('http://127.0.0.1:9', { ports: { clock: world.clock, data: folderData(files) }, ...more });
    const faultOf = async (call: Promise<unknown>) => {
      const error: unknown = await call.catch((caught: unknown) => caught);
      return error instanceof SetupFault ? error.faults[0]?.code : error;
    };
    let fetched = 0;
    const url = await world.answering((_, response) => {
      fetched += 1;
      response.end(folderData().text('kieu.xsd'));
    });
    expect(await faultOf(opened({ 'mau.wsdl': wsdl.replace('kieu.xsd', `${url}/kieu.xsd`) }))).toBe('wsdl.import');
    expect(await faultOf(opened({ 'mau.wsdl': wsdl.replace('kieu.xsd', 'khong-co.xsd') }))).toBe('wsdl.import');
    expect(await faultOf(opened({ 'mau.wsdl': '<html/>' }))).toBe('wsdl.broken');
    expect(await faultOf(opened({ 'mau.wsdl': wsdl.replace('?>', '?><!DOCTYPE a>') }))).toBe('wsdl.doctype');
    expect(await faultOf(opened({}, { port: 'Khac' }))).toBe('wsdl.port');
    expect(fetched).toBe(0);
  });

  it('refuses to send what would go out unescaped, and operations the WSDL has not', async () => {
    const client = await world.client('http://127.0.0.1:9');
    expect(await detailOf(client.call(send('<![CDATA[a]]></HoTen><Them/>]]>')))).toMatchObject({ kind: 'refused', code: 'soap.character' });
    expect(await detailOf(client.call(send('a\u0001b')))).toMatchObject({ kind: 'refused' });
    for (const name of ['$xml', '$value', '_xml', 'attributes', 'a:b', 'a b'])
      expect(await detailOf(client.call({ ...send(), args: { Nguoi: { [name]: '<x/>' } } }))).toMatchObject({ kind: 'setup' });
    expect(await detailOf(client.call({ ...send(), operation: 'Xoa' }))).toMatchObject({ kind: 'setup', code: 'soap.operation' });
  });

  it('says so when the answer is not of the shape, and holds no value of it', async () => {
    const url = await world.serving({ TraCuu: () => ({ MaLoi: '0', Nguoi: [{ HoTen: 'Bí Mật' }] }), Gui: () => ({ MaLoi: '0' }) });
    const client = await world.client(url);
    const read = await detailOf(client.call(lookUp()));
    expect(read).toMatchObject({ kind: 'unknown', code: 'shape.TraCuu' });
    expect(JSON.stringify(read)).not.toContain('Bí Mật');
    const write = await detailOf(client.call({ ...send(), shape: z.object({ SoHoSo: z.string() }) as never }));
    expect(write).toMatchObject({ kind: 'unsure', code: 'shape.Gui' });
  });
});

describe('faults become trouble', () => {
  it.each([
    ['soap:Client', 'refused', 'refused'],
    ['soap:Server', 'unavailable', 'unsure'],
    ['Server.Busy', 'unavailable', 'unsure'],
    ['Client.Authentication', 'setup', 'setup'],
    ['wsse:FailedAuthentication', 'setup', 'setup'],
    ['soap:VersionMismatch', 'setup', 'setup'],
    ['soap:MustUnderstand', 'setup', 'setup'],
    ['ns1:E0042', 'unknown', 'unknown'],
  ])('1.1 %s is %s for a read and %s for a write, whatever the status', async (code, forRead, forWrite) => {
    for (const status of [200, 500]) {
      const fail = () => {
        throw fault11(code, 'Lỗi', status);
      };
      const client = await world.client(await world.serving({ TraCuu: fail, Gui: fail }));
      expect((await detailOf(client.call(lookUp()))).kind).toBe(forRead);
      expect((await detailOf(client.call(send()))).kind).toBe(forWrite);
    }
  });

  it.each([
    ['Sender', null, 'refused', 'refused'],
    ['Sender', 'InvalidSecurity', 'setup', 'setup'],
    ['Receiver', null, 'unavailable', 'unsure'],
    ['DataEncodingUnknown', null, 'setup', 'setup'],
    ['Khac', null, 'unknown', 'unknown'],
  ])('1.2 %s %s is %s for a read and %s for a write', async (code, subcode, forRead, forWrite) => {
    const client = await world.client(await xml(500, fault12(code, subcode)), { version: '1.2' });
    expect((await detailOf(client.call(lookUp()))).kind).toBe(forRead);
    expect((await detailOf(client.call(send()))).kind).toBe(forWrite);
  });

  it('lets a row of answers.yaml explain a fault by its words and its detail, and never quotes them', async () => {
    const faults = { detail: { LoiDuLieu: 'Mã xã 99999 của NGUYỄN VĂN MẪU sai' } };
    const url = await world.serving({
      TraCuu: () => {
        throw fault11('Server', 'Hồ sơ đã được tiếp nhận');
      },
      Gui: () => {
        throw fault11('Server', 'Lỗi', 500, faults.detail);
      },
    });
    const client = await world.client(url);
    expect(await client.call(lookUp())).toEqual({ is: 'already', body: null });
    const detail = await detailOf(client.call(send()));
    expect(detail).toMatchObject({ kind: 'refused', scope: 'record', code: 'answers.Gui.fields' });
    expect(JSON.stringify(detail)).not.toContain('MẪU');
  });

  it('does not let a row for success take a fault, a page, JSON or another XML for one', async () => {
    const odd = [fault12('Receiver', null), '<html><body>Bảo trì</body></html>', '{"MaLoi": "0"}', '<MaLoi>0</MaLoi>', '<a', 'MaLoi 0'];
    for (const text of odd) {
      const client = await world.client(await xml(200, text));
      expect((await detailOf(client.call(lookUp()))).kind, text).toBe('unavailable');
      expect((await detailOf(client.call(send()))).kind, text).toBe('unsure');
    }
  });

  it('waits as the status says: 429, and 503 with Retry-After, also around a fault', async () => {
    for (const status of [429, 503]) {
      const client = await world.client(await xml(status, fault12('Receiver', null), { 'retry-after': '30' }));
      expect(await detailOf(client.call(send()))).toMatchObject({ kind: 'unavailable', scope: 'system', retryAfterMs: 30_000 });
      expect(await detailOf(client.call(send()))).toMatchObject({ code: 'http.paused' });
    }
    const broken = await world.client(await xml(502, '<html/>'));
    expect((await detailOf(broken.call(send()))).kind).toBe('unsure');
    expect((await detailOf(broken.call(lookUp()))).kind).toBe('unavailable');
  });

  it('refuses a DOCTYPE and an answer larger than its limit', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "x">]>${envelope('<TraCuuResponse xmlns="urn:motlan:mau"><MaLoi>0</MaLoi></TraCuuResponse>')}`;
    expect((await detailOf((await world.client(await xml(200, bomb))).call(lookUp()))).code).toBe('http.not-json');
    const large = envelope(`<TraCuuResponse xmlns="urn:motlan:mau"><MaLoi>0</MaLoi>${' '.repeat(9_000)}</TraCuuResponse>`);
    const small = await world.client(await xml(200, large), {}, { mostAnswerBytes: 5_000 });
    expect(await detailOf(small.call(lookUp()))).toMatchObject({ kind: 'unavailable', code: 'http.too-large' });
    expect(await detailOf(small.call(send()))).toMatchObject({ kind: 'unsure', code: 'http.too-large' });
  });
});

describe('what is lost on the way', () => {
  it('is unavailable while no byte has left, and unsure for a write after that', async () => {
    const gone = await world.answering(() => undefined);
    await world.close();
    expect(await detailOf((await world.client(gone)).call(send()))).toMatchObject({
      kind: 'unavailable',
      scope: 'system',
      code: 'http.refused',
    });
    const cut = await world.answering((_, response) => response.destroy());
    expect(await detailOf((await world.client(cut)).call(send()))).toMatchObject({ kind: 'unsure', scope: 'record' });
    const late = await world.client(await world.answering(() => undefined), {}, { timeoutMs: 150 });
    expect(await detailOf(late.call(send()))).toMatchObject({ kind: 'unsure', code: 'http.timeout' });
    expect(await detailOf(late.call(lookUp()))).toMatchObject({ kind: 'unavailable', code: 'http.timeout' });
  });

  it('is unsure when a write is stopped after its bytes left, unavailable before', async () => {
    const stop = new AbortController();
    const client = await world.client(await world.answering(() => stop.abort()));
    expect(await detailOf(client.call({ ...send(), signal: stop.signal }))).toMatchObject({ kind: 'unsure', code: 'http.aborted' });
    expect(await detailOf(client.call({ ...send(), signal: stop.signal }))).toMatchObject({ kind: 'unavailable', code: 'http.aborted' });
  });

  it('opens the breaker of the one transport', async () => {
    const client = await world.client(await xml(500, fault12('Receiver', null)), {}, { breaker: { failures: 2, openMs: 60_000 } });
    for (let n = 0; n < 2; n += 1) await detailOf(client.call(lookUp()));
    expect(client.http.breaker().state).toBe('open');
    expect((await detailOf(client.call(lookUp()))).code).toBe('http.breaker-open');
  });
});

describe('WS-Security', () => {
  const token = (password: string, as?: 'digest' | 'text') => ({
    username: 'motlan <tỉnh>',
    password: secret(password),
    ...(as === undefined ? {} : { as }),
  });
  const guarded = async (heard: string[] = []) => {
    const check = watchman('motlan <tỉnh>', 'mật-khẩu&', () => world.clock.now());
    return world.serving({
      TraCuu: (_: unknown, headers: Parameters<typeof check>[0]) => {
        heard.push(JSON.stringify(headers));
        check(headers);
        return { MaLoi: '0' };
      },
    });
  };

  it('lets a digest of the right password in, each call with a nonce of its own', async () => {
    const heard: string[] = [];
    const client = await world.client(await guarded(heard), { token: token('mật-khẩu&') });
    for (let n = 0; n < 3; n += 1) expect((await client.call(lookUp())).is).toBe('done');
    expect(heard.join()).not.toContain('mật-khẩu');
    const text = await world.client(await guarded(heard), { token: token('mật-khẩu&', 'text') });
    expect((await text.call(lookUp())).is).toBe('done');
  });

  it('is a matter of setup when the password is wrong, the clock is off or there is no token', async () => {
    const url = await guarded();
    expect(await detailOf((await world.client(url, { token: token('sai') })).call(lookUp()))).toMatchObject({
      kind: 'setup',
      scope: 'system',
      code: 'soap.log-in',
    });
    expect((await detailOf((await world.client(url)).call(lookUp()))).kind).toBe('setup');
    const early = { now: () => world.clock.now() - 3_600_000, sleep: world.clock.sleep };
    const off = await world.client(url, { token: token('mật-khẩu&'), ports: { clock: early, data: folderData() } });
    expect((await detailOf(off.call(lookUp()))).code).toBe('soap.log-in');
  });

  it('shows a repeated read with a fresh nonce, since the server refuses one it has seen', async () => {
    const bodies: string[] = [];
    const check = watchman('motlan <tỉnh>', 'mật-khẩu&', () => world.clock.now());
    let failed = false;
    const url = await world.serving({
      TraCuu: (_: unknown, headers: Parameters<typeof check>[0]) => {
        bodies.push(JSON.stringify(headers));
        check(headers);
        if (failed) return { MaLoi: '0' };
        failed = true;
        throw fault11('Server');
      },
    });
    const client = await world.client(url, { token: token('mật-khẩu&') }, { retryReads: 1, retryPauseMs: 1 });
    expect((await client.call(lookUp())).is).toBe('done');
    expect(new Set(bodies).size).toBe(2);
  });

  it('is refused by the server when an overheard message is played again', async () => {
    const url = await guarded();
    const overheard: string[] = [];
    const tap = await world.answering(async (request, response, body) => {
      overheard.push(body);
      const answer = await fetch(`${url}${request.url}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/xml', soapaction: '"urn:motlan:mau/TraCuu"' },
      });
      response.writeHead(answer.status, { 'content-type': 'text/xml' });
      response.end(await answer.text());
    });
    const client = await world.client(tap, { token: token('mật-khẩu&') });
    expect((await client.call(lookUp())).is).toBe('done');
    const again = await fetch(`${url}/mau`, {
      method: 'POST',
      body: overheard[0] ?? '',
      headers: { 'content-type': 'text/xml', soapaction: '"urn:motlan:mau/TraCuu"' },
    });
    expect(await again.text()).toContain('InvalidSecurity');
  });

  it('is looked at by a simulator as by a real server: name, digest, time, and a nonce once', () => {
    const check = soapTokenCheck({ username: 'motlan', password: 'mật-khẩu', clock: world.clock });
    const told = (nonce: string, at: number, password = 'mật-khẩu', Username = 'motlan') => {
      const Created = new Date(at).toISOString();
      return {
        UsernameToken: { Username, Password: { $value: passwordDigest(nonce, Created, password) }, Nonce: { $value: nonce }, Created },
      };
    };
    const codeOf = (security: JsonObject | undefined) => {
      try {
        check(security);
        return null;
      } catch (error) {
        return (error as { Fault: { faultcode: string } }).Fault.faultcode;
      }
    };
    const now = world.clock.now();
    expect(codeOf(told('AAAA', now))).toBeNull();
    expect(codeOf(told('AAAA', now))).toBe('wsse:InvalidSecurity');
    expect(codeOf(told('BBBB', now, 'sai'))).toBe('wsse:FailedAuthentication');
    expect(codeOf(told('BBBB', now, 'mật-khẩu', 'ai đó'))).toBe('wsse:FailedAuthentication');
    expect(codeOf(told('BBBB', now - 600_000))).toBe('wsse:MessageExpired');
    expect(codeOf(undefined)).toBe('wsse:FailedAuthentication');
    expect(codeOf(told('BBBB', now))).toBeNull();
  });
});
