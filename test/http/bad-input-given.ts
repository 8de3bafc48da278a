import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { z } from 'zod';
import { type House, openHouse, startHouse } from '../../src/assemble.ts';
import { readConfig } from '../../src/config.ts';
import { masterOf } from '../../src/demo/key.ts';
import { pointedAt, startSimulators } from '../../src/demo/simulators.ts';
import { hashSecret } from '../../src/http/accounts.ts';
import { type ProblemDocument, problemShape } from '../../src/http/problems.ts';
import { sign } from '../../src/kit/hmac.ts';
import { secret } from '../../src/kit/secret.ts';
import { openLog } from '../../src/log.ts';
import { realClock } from '../../src/ports.ts';

/** The whole house on a socket, for whoever sends it what it must refuse: bytes in, bytes out, no client in between. */

export const TOKEN = 'a-token-for-bad-input-only';
const READER = 'a-token-that-may-only-read';
const WEBHOOK_KEY = 'a-key-shared-with-the-portal';
/** So short that a request which never ends is over within the test. */
const TIMEOUT_MS = 1000;

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  /** null = left out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | Uint8Array;
  /** Written as it stands, instead of all of the above. */
  readonly raw?: string | Uint8Array;
}

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface Target {
  readonly house: House;
  send(sent: Sent): Promise<Answered>;
  /** Rows of every table that says something of a dossier. */
  stored(): Readonly<Record<string, number>>;
  /** Every line that went to the log. */
  readonly logged: string[];
  close(): Promise<void>;
}

export async function openTarget(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'motlan-bad-'));
  await writeFile(
    join(folder, 'motlan.yaml'),
    `http: { port: 0, requestTimeoutMs: ${TIMEOUT_MS}, webhooks: { portal: { secret: ${WEBHOOK_KEY} } } }
systems:
  one-stop: { adapter: one-stop, role: one-stop, simulated: true, pollMs: 3600000 }
  civil-status: { adapter: civil-status, role: ministry, simulated: true, pollMs: 3600000, mode: shadow }
  memory: { adapter: memory, role: ministry, simulated: true, pollMs: 3600000 }
`,
  );
  const config = await readConfig(join(folder, 'motlan.yaml'), { env: { MOTLAN_DATA: folder }, workingFolder: folder });
  const simulators = await startSimulators(config, join(folder, 'simulators'), realClock);
  const logged: string[] = [];
  const log = openLog('debug', { write: (line: string) => void logged.push(line) });
  const house = await openHouse(pointedAt(config, simulators), { log, keys: masterOf(new Uint8Array(32).fill(9)) });
  const running = await startHouse(house);
  for (const [name, token, scopes] of [
    ['sender', TOKEN, ['intake', 'read', 'decide', 'personal', 'operate', 'audit']],
    ['reader', READER, ['read']],
  ] as const) {
    await house.store.write((tx) =>
      tx.tokens.insert({
        ...{ id: name, name, scopes, agencies: null, createdAt: 0, expiresAt: null, revokedAt: null },
        hash: hashSecret(token),
      }),
    );
  }
  const port = Number(new URL(running.url).port);
  return {
    house,
    logged,
    send: (sent) => exchange(port, bytesOf(sent)),
    stored: () => rowsIn(join(folder, 'motlan.db')),
    async close() {
      await running.stop();
      for (const simulator of simulators.values()) await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const TABLES = ['dossier', 'lookup', 'file', 'link', 'base', 'pushed', 'attempt', 'work', 'hold', 'progress', 'audit', 'chain'];

function rowsIn(file: string): Readonly<Record<string, number>> {
  const database = new Database(file, { readonly: true });
  try {
    return Object.fromEntries(TABLES.map((table) => [table, Number(database.prepare(`select count(*) from "${table}"`).pluck().get())]));
  } finally {
    database.close();
  }
}

function bytesOf({ method = 'POST', path = '/api/v1/dossiers', headers = {}, body = '', raw }: Sent): Buffer {
  if (raw !== undefined) return Buffer.from(raw);
  const bytes = Buffer.from(body);
  const all: Readonly<Record<string, string | null>> = {
    host: 'motlan.test',
    connection: 'close',
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\r\n`]));
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}

/** Writes and reads until the other side has said all it has to say. */
function exchange(port: number, bytes: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that has heard enough may close while we still write.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      try {
        resolve(answeredOf(Buffer.concat(chunks).toString('utf8')));
      } catch (error) {
        reject(error);
      }
    });
    socket.write(bytes);
  });
}

function answeredOf(text: string): Answered {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw new Error('the connection was closed without an answer');
  return { status: Number(status), type: /^content-type: *([^\r\n]*)/im.exec(head)?.[1] ?? '', text: rest.join('\r\n\r\n') };
}

/** The answer as a problem document: its own status, a stable code, both sentences, issues with a sentence each. */
export function problemIn({ status, type, text }: Answered): ProblemDocument {
  expect(type, text).toContain('application/problem+json');
  const problem = z.strictObject(problemShape.shape).parse(JSON.parse(text));
  expect(problem.status).toBe(status);
  expect(problem.type).toBe(`urn:motlan:problem:${problem.code}`);
  for (const { vi, en } of [problem, ...problem.issues]) {
    expect(vi.length).toBeGreaterThan(5);
    expect(en.length).toBeGreaterThan(5);
    expect(vi).not.toBe(en);
  }
  return problem;
}

export const reader = { authorization: `Bearer ${READER}` };

/** Headers of a message signed by the portal (a webhook) or by the one-stop (a callback). */
export const signedBy = (key: string, body: string | Uint8Array, nonce: string): Readonly<Record<string, string | null>> => ({
  authorization: null,
  ...sign(secret(key), { at: Date.now(), nonce, body: Buffer.from(body) }),
});
export const fromPortal = (body: string | Uint8Array, nonce: string) => ({
  'x-motlan-system': 'portal',
  ...signedBy(WEBHOOK_KEY, body, nonce),
});
