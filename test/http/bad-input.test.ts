import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { birth, birthOf } from '../intake/given.ts';
import { fromPortal, openTarget, problemIn, reader, type Sent, signedBy, type Target } from './bad-input-given.ts';

/** What no sender should send, each over a socket of its own: a clear answer, and nothing of it in the store. */

let target: Target;
let empty: Readonly<Record<string, number>> = {};
beforeAll(async () => {
  target = await openTarget();
  empty = target.stored();
});
afterAll(() => target.close());

interface Bad extends Sent {
  readonly status: number;
  readonly code: string;
  /** `path code` of every issue, in order; not given = none. */
  readonly issues?: readonly string[];
}

const json = (document: JsonObject): string => JSON.stringify(document);
/** One text of the document replaced as raw JSON. */
const withRaw = (document: JsonObject, text: string, raw: string): string => json(document).replace(`"${text}"`, raw);
const invalid = (body: string | Uint8Array, ...issues: readonly string[]): Bad => ({ body, status: 422, code: 'invalid-dossier', issues });
const refused = (status: number, code: string, sent: Sent, ...issues: readonly string[]): Bad => ({ ...sent, status, code, issues });
const deep = (levels: number, inner = '1'): string => `${'{"a":'.repeat(levels)}${inner}${'}'.repeat(levels)}`;
const PATH = '/api/v1/dossiers';
const started = (headers: string): string =>
  `POST ${PATH} HTTP/1.1\r\nhost: motlan.test\r\nauthorization: Bearer a-token-for-bad-input-only\r\ncontent-type: application/json\r\n${headers}`;

const BODIES: Readonly<Record<string, Bad>> = {
  'no body at all': refused(400, 'empty-body', { body: '' }),
  'JSON that breaks off': refused(400, 'malformed-json', { body: '{"code": ' }),
  'JSON with a word it does not know': refused(400, 'malformed-json', { body: '{"code": tru}' }),
  'JSON followed by more': refused(400, 'malformed-json', { body: `${json(birth())}]` }),
  'a list': invalid('[]', ' field.type'),
  'a bare null': invalid('null', ' field.type'),
  'a name that stands twice': refused(
    400,
    'repeated-name',
    { body: json(birth()).replace('"sex":"male"', '"sex":"male","se\\u0078":"female"') },
    'data.child.sex repeated-name',
  ),
  'a dossier code that stands twice': refused(
    400,
    'repeated-name',
    { body: json(birth()).replace('{', '{"code":"H12.64-261124-0009",') },
    'code repeated-name',
  ),
  'a name that would change the object it stands in': refused(
    400,
    'forbidden-key',
    { body: json(birth()).replace('"child":{', '"child":{"__proto__":{"sex":"female"},') },
    'data.child.__proto__ forbidden-key',
  ),
  'the same name in disguise': refused(
    400,
    'forbidden-key',
    { body: '{"files":[{"\\u005F_proto__":{}}]}' },
    'files.0.__proto__ forbidden-key',
  ),
  'names every object has by birth': invalid(
    json(birth({ constructor: { prototype: {} }, toString: 1 })),
    'constructor field.unknown',
    'toString field.unknown',
  ),
  'objects 100,000 deep': invalid('['.repeat(100_000) + ']'.repeat(100_000), `${Array(33).fill(0).join('.')} body.too-deep`, ' field.type'),
  'a forbidden name 30,000 deep': refused(
    400,
    'forbidden-key',
    { body: deep(30_000, '{"__proto__":1}') },
    `${Array(33).fill('a').join('.')} forbidden-key`,
  ),
  'a number without end': invalid(withRaw(birth({ revision: '@' }), '@', '1e400'), 'revision body.number'),
  'a number JSON cannot carry': invalid(withRaw(birth({ revision: '@' }), '@', '9007199254740993'), 'revision body.number'),
  'a NUL character': invalid(json(birthOf({ fullName: 'An\u0000' })), 'data.child.fullName text.control'),
  'half of a surrogate pair': invalid(json(birthOf({ fullName: 'An\ud800' })), 'data.child.fullName text.broken'),
  'broken UTF-8': refused(400, 'broken-utf8', {
    body: Buffer.concat([Buffer.from('{"code":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
  }),
  'overlong UTF-8': refused(400, 'broken-utf8', {
    body: Buffer.concat([Buffer.from('{"code":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
  }),
  'UTF-16': refused(400, 'broken-utf8', { body: Buffer.from(`\ufeff${json(birth())}`, 'utf16le') }),
  'TCVN3 text in Unicode letters': invalid(
    json(birthOf({ fullName: iconv.decode(iconv.encode('Nguyễn Văn Đước', 'tcvn'), 'latin1') })),
    'data.child.fullName text.tcvn3',
  ),
  'VNI text in Unicode letters': invalid(json(birthOf({ fullName: 'Nguyeãn Vaên Ñöùc' })), 'data.child.fullName text.vni'),
  'TCVN3 bytes': refused(400, 'broken-utf8', { body: iconv.encode(json(birthOf({ fullName: 'Nguyễn Văn Đước' })), 'tcvn') }),
  'wrong types': invalid(
    json({ ...birthOf({ fullName: 7 }), status: '2', files: {}, applicant: [] }),
    'status field.type',
    'applicant field.type',
    'files field.type',
    'data.child.fullName form.type',
  ),
  'unknown fields': invalid(
    json({ ...birthOf({ nickName: 'Bi' }), colour: 'red' }),
    'colour field.unknown',
    'data.child.nickName form.unknown-field',
  ),
  'a tax code with a wrong check digit': invalid(
    json(
      birth({ applicant: { kind: 'enterprise', fullName: 'Công ty Thử', identityNumbers: [{ kind: 'tax-code', number: '0100109107' }] } }),
    ),
    'applicant.identityNumbers.0.number form.tax-code',
  ),
  'a day that is not in the calendar': invalid(json(birthOf({ birthDate: '2026-02-30' })), 'data.child.birthDate form.partial-date'),
  'a moment without a zone': invalid(json(birth({ receivedAt: '2026-11-24T08:00:00' })), 'receivedAt field.instant'),
  'a form nobody knows': invalid(json(birth({ form: 'birth@9' })), 'form form.unknown'),
  'a procedure code that has expired': refused(
    422,
    'expired-procedure',
    { body: json(birth({ procedure: '2.000986.000.00.00.H12' })) },
    'procedure expired-procedure',
  ),
  'a procedure code nobody knows': refused(
    422,
    'unknown-procedure',
    { body: json(birth({ procedure: '9.999999' })) },
    'procedure unknown-procedure',
  ),
};

const REQUESTS: Readonly<Record<string, Bad>> = {
  'another media type': refused(415, 'media-type', { body: '<a/>', headers: { 'content-type': 'text/xml' } }),
  'no media type': refused(415, 'media-type', { body: json(birth()), headers: { 'content-type': null } }),
  'a media type that is none': refused(415, 'media-type', { body: json(birth()), headers: { 'content-type': 'a/////' } }),
  'JSON said to be Latin-1': refused(415, 'charset', {
    body: json(birth()),
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
  }),
  'a gzip bomb, which is never unpacked': refused(415, 'content-encoding', {
    body: gzipSync(Buffer.alloc(100_000_000)),
    headers: { 'content-encoding': 'gzip' },
  }),
  'a packing nobody knows': refused(415, 'content-encoding', { body: json(birth()), headers: { 'content-encoding': 'zip' } }),
  '20 MB': refused(413, 'body-too-large', { body: `{"code":"${'x'.repeat(20_000_000)}"}` }),
  'chunks beyond the limit, without end': refused(413, 'body-too-large', {
    raw: `${started('transfer-encoding: chunked\r\n\r\n')}${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(40)}`,
  }),
  'chunks that stop coming': refused(408, 'request-too-slow', { raw: started('transfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n') }),
  'a body shorter than it says': refused(408, 'request-too-slow', { raw: started('content-length: 100\r\n\r\n{') }),
  'headers that never end': refused(408, 'request-too-slow', { raw: started('') }),
  'huge headers': refused(431, 'headers-too-large', { headers: { 'x-long': 'y'.repeat(20_000) } }),
  'thousands of headers': refused(431, 'headers-too-large', {
    headers: Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`x-${n}`, 'y'])),
  }),
  'two lengths at once': refused(400, 'malformed-request', {
    raw: started('content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
  }),
  'what is no HTTP': refused(400, 'malformed-request', { raw: Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]) }),
  'an unknown method': refused(400, 'malformed-request', { method: 'BREW' }),
  'a method this address does not take': refused(404, 'not-found', { method: 'PUT' }),
  'an address that is no text': refused(400, 'bad-url', { method: 'GET', path: `${PATH}/%ff`, headers: { 'content-type': null } }),
  'an address longer than any code': refused(414, 'url-too-long', { method: 'GET', path: `${PATH}/${'a'.repeat(400)}` }),
  'a NUL in the address': refused(400, 'invalid-request', { method: 'GET', path: `${PATH}/%00` }, 'params.code invalid-format'),
  'a NUL in a query': refused(400, 'invalid-request', { method: 'GET', path: `${PATH}?after=%00` }, 'querystring.after invalid-format'),
  'a query that asks twice': refused(
    400,
    'invalid-request',
    { method: 'GET', path: `${PATH}?most=1&most=2` },
    'querystring.most invalid-type',
  ),
  'no token': refused(401, 'not-signed-in', { body: json(birth()), headers: { authorization: null } }),
  'a wrong token': refused(401, 'not-signed-in', { body: json(birth()), headers: { authorization: `Bearer ${'x'.repeat(40)}` } }),
  'a token of another kind': refused(401, 'not-signed-in', { body: json(birth()), headers: { authorization: 'Basic dGh1OnRodQ==' } }),
  'a token without the scope': refused(403, 'scope-missing', { body: json(birth()), headers: reader }),
};

const said = (problem: { readonly issues: readonly { readonly path: string; readonly code: string }[] }) =>
  problem.issues.map(({ path, code }) => `${path} ${code}`);

async function isRefused({ status, code, issues = [], ...sent }: Bad): Promise<void> {
  const answered = await target.send(sent);
  expect(answered.status, answered.text).toBe(status);
  const problem = problemIn(answered);
  expect(problem.code).toBe(code);
  expect([...said(problem)].sort()).toEqual([...issues].sort());
  expect(target.stored()).toEqual(empty);
}

describe('a pushed body is refused with a clear answer and leaves nothing behind', () => {
  it.each(Object.entries(BODIES))('%s', (_, bad) => isRefused(bad));

  it('and a check of the same body says the same', async () => {
    for (const [name, bad] of Object.entries(BODIES)) {
      const { body = '' } = bad;
      const problem = problemIn(await target.send({ body, path: `${PATH}/check` }));
      expect([name, problem.status, problem.code, said(problem)]).toEqual([name, bad.status, bad.code, bad.issues ?? []]);
    }
    expect(target.stored()).toEqual(empty);
  });

  it('and so does a webhook, which must sign anew', async () => {
    for (const [at, [name, bad]] of Object.entries(BODIES).entries()) {
      const { body = '' } = bad;
      const headers = fromPortal(body, `nonce-${1000 + at}`);
      const problem = problemIn(await target.send({ body, headers }));
      expect([name, problem.status, problem.code, said(problem)]).toEqual([name, bad.status, bad.code, bad.issues ?? []]);
    }
    expect(target.stored()).toEqual(empty);
  });

  it('malformed JSON is named by its place', async () => {
    const places = [];
    for (const body of ['{"code": ', '{"code": tru}', '{"a":1,}', '{"a":"b" "c":1}', '{"a":"x\ny"}', '[1 2]', '{"a":01}', '"\\u00g0"']) {
      places.push(/\d+/.exec(problemIn(await target.send({ body })).en)?.[0]);
    }
    expect(places).toEqual(['9', '9', '7', '9', '7', '3', '5', '1']);
  });

  it('thousands of issues are told in a hundred and a number', async () => {
    const data = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`field${n}`, n]));
    const problem = problemIn(await target.send({ body: json(birth({ data })) }));
    expect(problem.issues).toHaveLength(101);
    expect(problem.issues.at(-1)?.code).toBe('issues.more');
    expect(target.stored()).toEqual(empty);
  });

  it('no answer and no line of the log repeats a value that was sent', async () => {
    const secret = 'Bí Mật 099099000001';
    const sent: readonly Sent[] = [
      { body: json(birthOf({ fullName: `${secret}\u0000`, sex: secret, birthDate: secret })) },
      { body: `{"applicant": {"fullName": "${secret}" "x"}}` },
      { body: `{"applicant": {"fullName": ${secret}}}` },
      {
        body: '{}',
        headers: {
          authorization: `Bearer ${secret
            .replaceAll(' ', '')
            .normalize('NFD')
            .replace(/[^\x21-\x7e]/g, '')}`,
        },
      },
      { method: 'GET', path: `${PATH}/${encodeURIComponent(secret)}` },
      { method: 'GET', path: `${PATH}/${encodeURIComponent(secret)}%ff` },
    ];
    for (const one of sent) expect((await target.send(one)).text).not.toMatch(/Bí Mật|099099000001|B%C3%AD/);
    expect(target.logged.join('')).not.toMatch(/Bí Mật|099099000001|B%C3%AD/);
  });
});

describe('a request that is no request is answered all the same', () => {
  it.each(Object.entries(REQUESTS))('%s', (_, bad) => isRefused(bad));
});

describe('a callback', () => {
  const key = (name = 'webhookKey', system = 'one-stop'): string => {
    const held = target.house.config.systems[system]?.config[name];
    if (typeof held !== 'string') throw new Error(`the simulator of ${system} has no ${name}`);
    return held;
  };
  const callback = { path: '/callbacks/one-stop' };
  const dossier = json(birth());
  const message = (document: string): string =>
    `{"event":"dossier.changed","document":{"key":null,"revision":1,"changedAt":"2026-11-24T08:00:00+07:00","dossier":${document}}}`;
  const signed: Readonly<Record<string, readonly [body: string | Uint8Array, code: string, issues: readonly string[]]>> = {
    'that is not JSON': ['<html>', 'callback.not-json', []],
    'that is empty': ['', 'callback.not-json', []],
    'of broken UTF-8': [Buffer.from([0x7b, 0xc3, 0x28]), 'callback.not-json', []],
    'of another event': ['{"event":"x"}', 'callback.shape', ['event callback.shape', 'document callback.shape']],
    'with wrong types, an unknown field and a status no list has': [
      message(json({ ...birthOf({ fullName: 7, sex: 'x' }), files: [], status: 77, colour: 'red' })),
      'callback.record',
      [
        'document.dossier schema.additionalProperties',
        'document.dossier.data.child.fullName schema.type',
        'document.dossier.data.child.sex schema.enum',
        'document.dossier.status schema.maximum',
      ],
    ],
    'without a status and with a time that is none, neither of which is made up': [
      message(json({ ...birth({ files: [] }), status: null, receivedAt: 'yesterday' })),
      'callback.record',
      ['document.dossier.receivedAt schema.format', 'document.dossier.status schema.type'],
    ],
    'with a code that is none': [
      message(json(birth({ code: '../x', files: [] }))),
      'callback.record',
      ['document.dossier.code schema.format'],
    ],
    'without a dossier': [message('7'), 'callback.shape', ['document.dossier callback.shape']],
  };

  it.each(Object.entries(signed))('rightly signed %s is refused for good and stores nothing', async (name, [body, code, issues]) => {
    const headers = signedBy(key(), body, `callback-${name.length}`);
    await isRefused({ ...callback, body, headers, status: 422, code, issues });
  });

  it('of any adapter that cannot be read is refused for good, whatever the adapter calls it', async () => {
    for (const body of ['', '<html>', '[1]']) {
      const headers = signedBy(key('callbackKey', 'memory'), body, `memory-${body.length}00`);
      await isRefused({ path: '/callbacks/memory', body, headers, status: 422, code: 'shape.hear' });
    }
  });

  it('one door serves the kinds that listen with one ear', async () => {
    const body = message(json({ ...birth(), form: 'other@1' }));
    const answered = await target.send({ ...callback, body, headers: signedBy(key(), body, 'callback-door') });
    expect([answered.status, answered.text]).toEqual([200, '{"touches":0,"replayed":false}']);
    expect(target.stored()).toEqual(empty);
  });

  it.each([
    ['unsigned', () => ({ authorization: null }), 'callback.headers'],
    ['forged', () => signedBy('another-key-entirely', message(dossier), 'callback-f'), 'callback.signature'],
    ['signed over other bytes', () => signedBy(key(), `${message(dossier)} `, 'callback-o'), 'callback.signature'],
  ] as const)('%s is refused and stores nothing', async (_, headers, code) => {
    await isRefused({ ...callback, body: message(dossier), headers: headers(), status: 401, code, issues: [] });
  });

  it('to a system that has no callbacks, or to none at all, is not found', async () => {
    await isRefused({ path: '/callbacks/civil-status', status: 404, code: 'not-found' });
    await isRefused({ path: '/callbacks/ghost', status: 404, code: 'not-found' });
    await isRefused({ path: '/callbacks/one-stop?kind=ghost', status: 404, code: 'not-found' });
  });
});

describe('what only looks bad', () => {
  const stands = async (body: string | Uint8Array): Promise<void> => {
    const answered = await target.send({ body, path: `${PATH}/check` });
    expect([answered.status, answered.text]).toEqual([200, expect.stringContaining('"legs"')]);
  };
  it('a byte order mark is read over', () => stands(`\ufeff${json(birth())}`));
  it('one name in two objects is no repetition, nor is a name inside a text', () =>
    stands(json(birthOf({ fullName: 'An "fullName": "B", \\" {[,' }))));
  it('letters apart from their marks are composed', () => stands(json(birthOf({ fullName: 'Nguyễn Thị Hoà'.normalize('NFD') }))));

  it('an older revision is answered, and changes nothing of what stands', async () => {
    const send = async (document: JsonObject) => {
      const answered = await target.send({ body: json(document) });
      return [answered.status, JSON.parse(answered.text).taken];
    };
    const code = 'H12.64-261124-0777';
    const newer = { ...birthOf({ fullName: 'Nguyễn Văn Sau' }), code, nationalCode: null, revision: 5 };
    expect(await send(newer)).toEqual([202, true]);
    const before = await target.house.store.read(async (tx) => (await tx.dossiers.load([code])).get(code));
    expect(await send({ ...newer, ...{ data: birthOf({ fullName: 'Nguyễn Văn Trước' }).data ?? null }, revision: 4 })).toEqual([
      202,
      false,
    ]);
    const after = await target.house.store.read(async (tx) => (await tx.dossiers.load([code])).get(code));
    expect(after).toEqual(before);
    expect(after?.body.data.child).toMatchObject({ fullName: 'Nguyễn Văn Sau' });
  });
});
