import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemShape } from '../../src/http/problems.ts';
import { sign } from '../../src/kit/hmac.ts';
import { secret } from '../../src/kit/secret.ts';
import { document, type House, holdOn, openHouse, SENDER_KEY } from './given.ts';

let house: House;
let token = '';
beforeAll(async () => {
  house = await openHouse();
  token = await house.token();
});
afterAll(() => house.close());

const post = (path: string, body: unknown, more: { readonly token?: string; readonly headers?: Record<string, string> } = { token }) =>
  house.call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...more });

/** The answer as a checked problem document. */
async function problem(answer: Response) {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const read = z.strictObject(problemShape.shape).parse(await answer.json());
  expect(read.status).toBe(answer.status);
  expect(read.vi).not.toBe('');
  return read;
}

const storedCodes = () => house.store.read(async (tx) => (await tx.dossiers.page({}, null, 500)).map(({ head }) => head.code));

describe('a pushed dossier', () => {
  it('is durable when 202 comes back, and the same content again gives the same answer', async () => {
    const first = await post('/api/v1/dossiers', document('H12.15-261124-0101'));
    const again = await post('/api/v1/dossiers', document('H12.15-261124-0101'));
    expect(first.status).toBe(202);
    expect(await storedCodes()).toContain('H12.15-261124-0101');
    expect(await again.text()).toBe(await first.text());
    expect([first.headers.get('motlan-intake'), again.headers.get('motlan-intake')]).toEqual(['new', 'same']);
  });

  it('shows head, status, legs with a sentence and progress, and no personal data unless asked for', async () => {
    await post('/api/v1/dossiers', document('H12.15-261124-0102', { nationalCode: 'G22.99-20261124-0000102' }));
    const answer = await house.call('/api/v1/dossiers/H12.15-261124-0102', { token });
    const text = await answer.text();
    const seen = JSON.parse(text);
    expect(seen).toMatchObject({ code: 'H12.15-261124-0102', status: 2, progress: [] });
    expect(seen.legs[0]).toMatchObject({
      system: 'civil-status',
      situation: 'waiting',
      sentence: { vi: 'Chờ gửi sang phần mềm hộ tịch.' },
      desk: { code: 'H12.15', title: null },
    });
    expect(text).not.toContain('Thử');
    expect(text).not.toContain('Mẫu');
  });

  it('gives personal data only with the scope for it, and the look stands in the audit chain', async () => {
    const code = 'H12.15-261124-0103';
    await post('/api/v1/dossiers', document(code));
    const short = await house.token(['read']);
    expect((await problem(await house.call(`/api/v1/dossiers/${code}?include=personal`, { token: short }))).code).toBe('scope-missing');
    const seen = await (await house.call(`/api/v1/dossiers/${code}?include=personal`, { token })).json();
    expect(seen).toMatchObject({ personal: { data: { child: { fullName: 'Trần Văn Mẫu' } } } });
    const { entries } = (await (await house.call(`/api/v1/audit?code=${code}`, { token })).json()) as { entries: { action: string }[] };
    expect(entries.filter(({ action }) => action === 'look')).toHaveLength(1);
  });
});

describe('what cannot be taken', () => {
  const refused = async (body: string | Uint8Array, type = 'application/json') =>
    problem(
      await house.call('/api/v1/dossiers', {
        method: 'POST',
        token,
        body: typeof body === 'string' ? body : Buffer.from(body),
        headers: { 'content-type': type },
      }),
    );

  it('malformed JSON is named by its place, without the text around it', async () => {
    const read = await refused('{"applicant": {"fullName": "Nguyễn Thị Thử" "x"}}');
    expect(read.code).toBe('malformed-json');
    expect(JSON.stringify(read)).not.toContain('Thử');
  });
  it('broken UTF-8', async () => expect((await refused(new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]))).code).toBe('broken-utf8'));
  it('an empty body', async () => expect((await refused('')).status).toBeLessThan(500));
  it('another media type', async () => expect((await refused('<a/>', 'text/xml')).code).toBe('media-type'));
  it('a key that would change the object it stands in', async () =>
    expect((await refused('{"__proto__": {"admin": true}}')).code).toBe('forbidden-key'));
  it('a body of 20 MB, before it is read to the end', async () => {
    expect(await codeOfHugeBody(house.url, token)).toBe(413);
  });
  it('wrong types, unknown fields and missing ones are listed all at once, and nothing is stored', async () => {
    const before = await storedCodes();
    const answer = await post('/api/v1/dossiers', { ...document('H12.15-261124-0104'), status: 'two', colour: 'red', data: { child: {} } });
    const read = await problem(answer);
    const paths = read.issues.map(({ path }) => path);
    expect(answer.status).toBe(422);
    expect(paths).toEqual(expect.arrayContaining(['status', 'colour']));
    expect(paths.some((path) => path.startsWith('data.child'))).toBe(true);
    expect(await storedCodes()).toEqual(before);
  });
  it('an unknown address and a query that is not known', async () => {
    expect((await problem(await house.call('/api/v1/nothing', { token }))).code).toBe('not-found');
    const read = await problem(await house.call('/api/v1/dossiers?colour=red&most=0', { token }));
    expect(read.code).toBe('invalid-request');
    expect(read.issues.length).toBeGreaterThanOrEqual(2);
  });
});

function codeOfHugeBody(url: string, bearer: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${url}/api/v1/dossiers`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': 20 * 1024 * 1024, authorization: `Bearer ${bearer}` },
      },
      (answer) => {
        resolve(answer.statusCode ?? 0);
        sent.destroy();
      },
    );
    sent.once('error', reject);
    sent.write('{"data":"');
  });
}

describe('who may', () => {
  it('nobody without a token, with a revoked one or with one that ended', async () => {
    expect((await problem(await house.call('/api/v1/dossiers'))).code).toBe('not-signed-in');
    expect((await problem(await house.call('/api/v1/dossiers', { token: 'x'.repeat(30) }))).code).toBe('not-signed-in');
    const gone = await house.token();
    const { id } = await house.store.read(async (tx) => (await tx.tokens.all()).at(-1) ?? { id: '' });
    await house.store.write((tx) => tx.tokens.revoke(id, 1));
    expect((await house.call('/api/v1/dossiers', { token: gone })).status).toBe(401);
  });

  it('one agency neither pushes, lists, opens nor decides the dossiers of another', async () => {
    const code = 'H12.15-261124-0105';
    await post('/api/v1/dossiers', document(code));
    await house.store.write((tx) => tx.holds.insert(holdOn(code, 'hold-0105')));
    const other = await house.token(undefined, ['H12.99']);
    expect((await problem(await post('/api/v1/dossiers', document(code), { token: other }))).code).toBe('other-agency');
    expect(((await (await house.call('/api/v1/dossiers', { token: other })).json()) as { dossiers: unknown[] }).dossiers).toEqual([]);
    for (const path of [
      `/api/v1/dossiers/${code}`,
      `/api/v1/audit?code=${code}`,
      `/api/v1/attempts?code=${code}`,
      '/api/v1/holds/hold-0105',
    ]) {
      expect((await house.call(path, { token: other })).status).toBe(404);
    }
    const decided = await post('/api/v1/holds/hold-0105/decision', { decision: 'ours' }, { token: other });
    expect(decided.status).toBe(404);
    expect((await post(`/api/v1/links/${encodeURIComponent(`${code}/civil-status/birth`)}/by-hand`, '', { token: other })).status).toBe(
      404,
    );
    const holds = (await (await house.call('/api/v1/holds', { token: other })).json()) as { holds: unknown[] };
    expect(holds.holds).toEqual([]);
    expect((await problem(await post('/api/v1/systems/civil-status/pause', '', { token: other }))).code).toBe('all-agencies-needed');
  });
});

describe('a signed webhook', () => {
  const body = new TextEncoder().encode(JSON.stringify(document('H12.15-261124-0106')));
  const signed = (nonce: string, at = Date.now(), key = SENDER_KEY) => ({
    'x-motlan-system': 'portal',
    ...sign(secret(key), { at, nonce, body }),
  });
  const push = (headers: Record<string, string>) => house.call('/api/v1/dossiers', { method: 'POST', body, headers });

  it('is taken once; the same message again is refused and changes nothing', async () => {
    const headers = signed('nonce-0001');
    expect((await push(headers)).status).toBe(202);
    expect((await problem(await push(headers))).code).toBe('replayed');
  });
  it('is refused when forged, old or of a sender nobody knows', async () => {
    expect((await push(signed('nonce-0002', Date.now(), 'another-key-entirely'))).status).toBe(401);
    expect((await push(signed('nonce-0003', Date.now() - 3_600_000))).status).toBe(401);
    expect((await push({ ...signed('nonce-0004'), 'x-motlan-system': 'stranger' })).status).toBe(401);
  });
});

describe('the desks', () => {
  it('answer a hold only in a way it offers, and the answer is kept with the name', async () => {
    const code = 'H12.15-261124-0107';
    await post('/api/v1/dossiers', document(code));
    await house.store.write((tx) => tx.holds.insert(holdOn(code, 'hold-0107')));
    expect((await problem(await post('/api/v1/holds/hold-0107/decision', { decision: 'link' }))).code).toBe('decision-not-offered');
    const list = await (await house.call(`/api/v1/holds?code=${code}`, { token })).text();
    expect(list).toContain('hold-0107');
    expect(list).not.toContain('Mẩu');
    const asked = { ...holdOn(code, 'hold-0117'), link: `${code}/one-stop/note` };
    await house.store.write((tx) => tx.holds.insert(asked));
    const told = (await (await house.call(`/api/v1/dossiers/${code}`, { token })).json()) as { holds: { id: string }[] };
    expect(told.holds.map(({ id }) => id)).toContain('hold-0117');
    expect((await post('/api/v1/holds/hold-0107/decision', { decision: 'ours' })).status).toBe(200);
    expect((await house.store.read((tx) => tx.holds.byId('hold-0107')))?.decision?.name).toBe('ours');
  });

  it('replay an incident: every hold with its cause that takes "retry" is answered, the others are left', async () => {
    const code = 'H12.15-261124-0108';
    await post('/api/v1/dossiers', document(code));
    await house.store.write(async (tx) => {
      for (const n of [1, 2, 3])
        await tx.holds.insert(
          holdOn(code, `hold-0108-${n}`, { path: `line${n}`, cause: 'setup:a', decisions: n === 3 ? ['leave'] : ['retry'] }),
        );
    });
    expect(await (await post('/api/v1/incidents/setup%3Aa/replay', '')).json()).toEqual({ retried: 2, left: 1 });
    expect((await post('/api/v1/incidents/no-such/replay', '')).status).toBe(404);
  });

  it('pause and resume a system; an unknown one is not found', async () => {
    expect((await post('/api/v1/systems/civil-status/pause', '')).status).toBe(200);
    expect(await house.store.read((tx) => tx.switches.get('paused:civil-status'))).toBe(true);
    expect((await post('/api/v1/systems/civil-status/resume', '')).status).toBe(200);
    expect((await post('/api/v1/systems/ghost/pause', '')).status).toBe(404);
  });
});

describe('files', () => {
  it('come back byte for byte, with their name, and each fetch leaves a trace', async () => {
    const { createHash } = await import('node:crypto');
    const code = 'H12.15-261124-0109';
    await post('/api/v1/dossiers', document(code));
    const bytes = Buffer.alloc(300_000, 'giấy khai sinh ');
    const hash = createHash('sha256').update(bytes).digest('hex');
    await house.store.write(async (tx) => {
      await tx.files.putChunk(code, hash, 0, bytes.subarray(0, 200_000));
      await tx.files.putChunk(code, hash, 1, bytes.subarray(200_000));
      await tx.files.complete(code, { hash, name: 'giấy khai sinh.pdf', mime: 'application/pdf', sizeBytes: bytes.length, chunks: 2 });
    });
    const answer = await house.call(`/api/v1/dossiers/${code}/files/${hash}`, { token });
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('giấy khai sinh.pdf'));
    expect((await house.call(`/api/v1/dossiers/${code}/files/${'0'.repeat(64)}`, { token })).status).toBe(404);
    const entries = await house.store.read((tx) => tx.audit.ofDossier(code));
    expect(entries.map(({ detail }) => detail.what)).toEqual(['file']);
  });
});

describe('what watches over it', () => {
  it('health, readiness and numbers answer without a token', async () => {
    expect((await house.call('/healthz')).status).toBe(200);
    expect(await (await house.call('/readyz')).json()).toEqual({ ready: true, store: true, engine: true });
    expect(await (await house.call('/metrics')).text()).toContain('motlan_http_request_seconds');
  });

  it('OpenAPI 3.1 describes the routes from the schemas they check with', async () => {
    const read = (await (await house.call('/api/v1/openapi.json')).json()) as { openapi: string; paths: Record<string, unknown> };
    expect(read.openapi).toBe('3.1.0');
    expect(Object.keys(read.paths)).toEqual(
      expect.arrayContaining(['/api/v1/dossiers', '/api/v1/dossiers/{code}', '/api/v1/holds/{id}/decision']),
    );
    expect(JSON.stringify(read.paths['/api/v1/dossiers'])).toContain('receivedAt');
  });

  it('events come as they happen, after the last one seen, and only of agencies the account may see', async () => {
    const code = 'H12.15-261124-0110';
    await post('/api/v1/dossiers', document(code));
    const other = await house.token(['read'], ['H12.99']);
    const stop = new AbortController();
    const open = (bearer: string) =>
      house.call('/api/v1/events', { token: bearer, signal: stop.signal, headers: { accept: 'text/event-stream', 'last-event-id': '0' } });
    house.ports.feed.tell({ event: 'sent', at: 1, code, link: null, detail: {} });
    const mine = await firstEvent(await open(token));
    expect(mine).toContain(code);
    const theirs = await open(other);
    house.ports.feed.tell({ event: 'sent', at: 1, code, link: null, detail: {} });
    const nothing = await Promise.race([firstEvent(theirs), new Promise((resolve) => setTimeout(() => resolve('silence'), 200))]);
    stop.abort();
    expect(nothing).toBe('silence');
  });

  it('the log of all this holds no value of a dossier (T25)', () => {
    const text = house.logged.join('');
    for (const value of ['Thử', 'Mẫu', 'Mẩu', SENDER_KEY, token]) expect(text).not.toContain(value);
  });
});

async function firstEvent(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  for (let text = ''; reader !== undefined; ) {
    const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
    text += new TextDecoder().decode(value);
    if (done || text.includes('data:')) return text;
  }
  return '';
}

describe('limits', () => {
  it('too many requests of one account are refused with 429', async () => {
    const small = await openHouse({ requestsPerMinute: 5 });
    const bearer = await small.token();
    const answers = [];
    for (let n = 0; n < 7; n += 1) answers.push(await small.call('/api/v1/dossiers', { token: bearer }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect((await problem(answers[6] ?? Response.error())).code).toBe('too-many-requests');
    await small.close();
  });
});
