import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Heard, secret, sign } from '../../src/kit/index.ts';
import { call, heard, readOne, startWorld, typed, type World } from './world.ts';

const KEY = secret('one-stop-webhook-key');
const NOW = Date.UTC(2026, 10, 24, 3);

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

async function message(code: string, more: object = {}): Promise<Buffer> {
  const sighting = await readOne(world, code);
  const document = { key: null, revision: 1, changedAt: new Date(NOW).toISOString(), dossier: sighting?.record, ...more };
  return Buffer.from(JSON.stringify({ event: 'dossier.changed', document }), 'utf8');
}
const listen = (request: Heard) => world.kind().hear?.run(request, call()) ?? Promise.reject(new Error('deaf'));

describe('a webhook', () => {
  test('rightly signed states the whole dossier and its nonce', async () => {
    const code = await typed(world, 1);
    const body = await message(code);
    const said = await listen(heard(sign(KEY, { at: NOW, nonce: 'nonce-0001', body }), body, NOW));
    expect(said.nonce).toBe('nonce-0001');
    expect(said.touches).toMatchObject([{ kind: 'birth', id: code, sighting: { covers: 'all', version: '1', record: { code } } }]);
  });

  test('about another form is heard through any door', async () => {
    await typed(world, 1, 'death');
    const record = world.simulator.records('death')[0]?.record;
    const document = { key: null, revision: 1, changedAt: new Date(NOW).toISOString(), dossier: record };
    const body = Buffer.from(JSON.stringify({ event: 'dossier.changed', document }), 'utf8');
    expect((await listen(heard(sign(KEY, { at: NOW, nonce: 'nonce-0002', body }), body, NOW))).touches[0]?.kind).toBe('death');
  });

  test.each([
    ['a forged signature', (headers: Record<string, string>) => ({ ...headers, 'x-motlan-signature': '0'.repeat(64) })],
    ['another nonce', (headers: Record<string, string>) => ({ ...headers, 'x-motlan-nonce': 'nonce-9999' })],
    ['no signature', ({ 'x-motlan-signature': _gone, ...headers }: Record<string, string>) => headers],
  ])('with %s is refused', async (_what, spoil) => {
    const body = await message(await typed(world, 1));
    const headers = spoil({ ...sign(KEY, { at: NOW, nonce: 'nonce-0003', body }) });
    await expect(listen(heard(headers, body, NOW))).rejects.toMatchObject({ detail: { kind: 'refused' } });
  });

  test('with changed bytes, an old clock or a foreign key is refused', async () => {
    const body = await message(await typed(world, 1));
    const headers = sign(KEY, { at: NOW, nonce: 'nonce-0004', body });
    await expect(listen(heard(headers, Buffer.concat([body, Buffer.from(' ')]), NOW))).rejects.toMatchObject({
      detail: { kind: 'refused' },
    });
    await expect(listen(heard(headers, body, NOW + 600_000))).rejects.toMatchObject({ detail: { code: 'callback.clock' } });
    const foreign = sign(secret('khóa khác'), { at: NOW, nonce: 'nonce-0004', body });
    await expect(listen(heard(foreign, body, NOW))).rejects.toMatchObject({ detail: { kind: 'refused' } });
  });

  test.each([
    ['not JSON', '<html>'],
    ['another shape', '{"event":"dossier.changed"}'],
    ['another event', '{"event":"x","document":{}}'],
  ])('that is signed but %s is told as trouble without its content', async (_what, text) => {
    const body = Buffer.from(text, 'utf8');
    const error = await listen(heard(sign(KEY, { at: NOW, nonce: 'nonce-0005', body }), body, NOW)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'Trouble', detail: { scope: 'record' } });
  });
});

describe('the simulated one-stop', () => {
  test('tells each act until it is taken, each message under a nonce of its own', async () => {
    const taken: Heard[] = [];
    let refusals = 3;
    const motlan = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        refusals -= 1;
        if (refusals >= 0) return response.writeHead(503).end();
        const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
        taken.push(heard(headers, Buffer.concat(chunks), Date.now()));
        return response.writeHead(202).end();
      });
    });
    await new Promise<void>((resolve) => motlan.listen(0, '127.0.0.1', resolve));
    const { port } = motlan.address() as { readonly port: number };
    world.simulator.setFaults({ seed: 4, duplicate: 0.5 });
    world.simulator.webhook(`http://127.0.0.1:${port}/callbacks/one-stop`);
    const code = await typed(world, 1);
    world.simulator.advance('birth', code, '5');
    world.simulator.advance('birth', code, '2');
    world.simulator.advance('birth', code, '7');
    await world.simulator.told();
    const said = await Promise.all(taken.map(listen));
    const revisions = said.flatMap(({ touches }) => touches.map((touch) => Number(touch.sighting?.version)));
    expect(new Set(revisions)).toEqual(new Set([1, 2, 3, 4]));
    await new Promise((resolve) => motlan.close(resolve));
  });
});
