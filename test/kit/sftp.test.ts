import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutbox } from '../../src/kit/files/outbox.ts';
import type { FilePlace } from '../../src/kit/files/place.ts';
import { openSftp, type SftpOptions } from '../../src/kit/files/sftp.ts';
import { secret } from '../../src/kit/secret.ts';
import { exchangeAt } from './exchange.ts';
import { detailOf, signal } from './files-at.ts';
import { ACCOUNT, type SftpServer, serveSftp } from './sftp-server.ts';

exchangeAt('at an SFTP server', async (root) => {
  const server = await serveSftp(root);
  const place = openSftp(optionsOf(server));
  const close = async () => {
    await place.close();
    await server.close();
  };
  return { ...place, close };
});

function optionsOf(server: SftpServer, more: Partial<SftpOptions> = {}): SftpOptions {
  const { username, password } = ACCOUNT;
  return {
    host: '127.0.0.1',
    port: server.port,
    username,
    password: secret(password),
    hostKey: server.hostKey,
    root: '/',
    timeoutMs: 5_000,
    ...more,
  };
}

describe('an SFTP server', () => {
  let root = '';
  let server: SftpServer;
  const open: FilePlace[] = [];
  const at = (more: Partial<SftpOptions> = {}): FilePlace => {
    const place = openSftp(optionsOf(server, more));
    open.push(place);
    return place;
  };
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'motlan-sftp-'));
    for (const folder of ['vao', 'ra']) mkdirSync(join(root, folder));
    server = await serveSftp(root);
  });
  afterEach(async () => {
    for (const place of open.splice(0)) await place.close();
    await server.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('is believed by its pinned key alone: under another key nothing is sent, not even the password', async () => {
    const wrong = `SHA256:${Buffer.alloc(32, 7).toString('base64')}`;
    for (const hostKey of [wrong, '', 'SHA256:x'])
      expect(await detailOf(at({ hostKey }).list('vao', signal))).toMatchObject({ kind: 'setup', code: 'place.key' });
    expect(server.steps).toEqual([]);
  });

  it('takes a log-in by password or by key, and calls a wrong one set-up', async () => {
    const byKey = optionsOf(server, { privateKey: secret(server.clientKey) });
    const { password: _none, ...keyOnly } = byKey;
    const place = openSftp(keyOnly);
    open.push(place);
    expect(await place.list('vao', signal)).toEqual([]);
    expect(await at().list('vao', signal)).toEqual([]);
    const error: unknown = await at({ password: secret('sai-mat-khau') })
      .list('vao', signal)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ detail: { kind: 'setup', code: 'place.login' } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('sai-mat-khau');
    expect(await detailOf(at({ privateKey: secret('không phải khoá') }).list('vao', signal))).toMatchObject({
      kind: 'setup',
      code: 'place.login',
    });
  });

  it('uses one connection for many steps, and a new one after it broke', async () => {
    const place = at();
    await Promise.all([place.list('vao', signal), place.list('ra', signal), place.look('vao/a', signal)]);
    expect(server.connections()).toBe(1);
    server.onStep = () => 'cut';
    expect(await detailOf(place.list('vao', signal))).toMatchObject({ kind: 'unavailable', scope: 'system' });
    server.onStep = () => 'go';
    expect(await place.list('vao', signal)).toEqual([]);
    expect(server.connections()).toBe(2);
  });

  it('is unavailable when its port is closed or it does not answer, and unsure when a rename was cut', async () => {
    server.onStep = (step) => (step === 'lstat' ? 'silent' : 'go');
    expect(await detailOf(at({ timeoutMs: 300 }).look('vao/a', signal))).toMatchObject({ kind: 'unavailable', code: 'place.timeout' });
    server.onStep = (step) => (step === 'rename' ? 'cut-after' : 'go');
    const place = at();
    await place.write('ra/a', Buffer.from('x'), signal);
    expect(await detailOf(place.move('ra/a', 'ra/b', signal))).toMatchObject({ kind: 'unsure', code: 'place.lost' });
    const gone = openSftp({ ...optionsOf(server), port: 1 });
    expect(await detailOf(gone.list('vao', signal))).toMatchObject({ kind: 'unavailable', code: 'place.away' });
  });

  it('lets a step be stopped', async () => {
    server.onStep = (step) => (step === 'opendir' ? 'silent' : 'go');
    const stop = new AbortController();
    const running = detailOf(at().list('vao', stop.signal));
    const watch = setInterval(() => server.steps.includes('opendir') && stop.abort(), 5);
    expect(await running).toMatchObject({ kind: 'unavailable', code: 'place.aborted' });
    clearInterval(watch);
  });

  it('gets a file whole and once though the connection is cut at every single step', async () => {
    const bytes = Buffer.from('x'.repeat(70_000));
    for (const how of ['cut', 'cut-after'] as const)
      for (let n = 1; n <= 30; n += 1) {
        let count = 0;
        server.onStep = () => {
          count += 1;
          return count === n ? how : 'go';
        };
        const name = `a-${how}-${n}.bin`;
        const put = () => openOutbox({ place: at(), folder: 'ra', sent: 'da-gui' }).put(name, bytes, signal);
        const first = await put().catch((error: unknown) => error);
        const again = first === 'done' ? 'done' : await put();
        server.onStep = () => 'go';
        expect([how, n, again === 'done' || again === 'already']).toEqual([how, n, true]);
        expect([how, n, Buffer.from((await at().read(`ra/${name}`, 100_000, signal)) ?? []).equals(bytes)]).toEqual([how, n, true]);
      }
    expect((await at().list('ra', signal)).filter(({ name }) => name.startsWith('.'))).toEqual([]);
  });

  it('stops a file that is larger than allowed', async () => {
    await at().write('vao/a', Buffer.alloc(2_000), signal);
    expect((await detailOf(at().read('vao/a', 1_000, signal))).code).toBe('place.size');
    expect(await at().read('vao/none', 1_000, signal)).toBeNull();
  });
});
