import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import nock from 'nock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isTrouble, type JsonObject, type RecordKind } from '../../src/kit/index.ts';
import { call, openOneStop } from './world.ts';

interface Pair {
  readonly kind: string;
  readonly verb: string;
  readonly given: never;
  readonly request: {
    readonly method: 'GET' | 'POST' | 'PATCH';
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly body?: JsonObject;
  };
  readonly answer: { readonly status: number; readonly body: JsonObject };
  readonly gives: JsonObject;
}

const FOLDER = 'adapters/one-stop/fixtures/pairs';

function run(kind: RecordKind, verb: string, given: never): Promise<unknown> {
  if (verb === 'read') return kind.read?.run(given, call()).then((found) => Object.fromEntries(found)) ?? Promise.reject(new Error(verb));
  const write = verb === 'create' ? kind.create : verb === 'update' ? kind.update : kind.acts?.[verb];
  return write?.run(given, call()) ?? Promise.reject(new Error(verb));
}

describe('each kept pair of request and answer', () => {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  test.each(readdirSync(FOLDER))('%s is asked and understood as written', async (file) => {
    const { kind, verb, given, request, answer, gives } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Pair;
    const { method, path, headers = {}, body } = request;
    const asked = nock('http://127.0.0.1:9', { reqheaders: headers }).intercept(path, method, body).reply(answer.status, answer.body);
    const system = await openOneStop({ baseUrl: 'http://127.0.0.1:9', token: 'mau-token', webhookKey: 'mau-khoa', retryReads: 0 });
    const opened = system.kinds[kind];
    if (opened === undefined) throw new Error(kind);
    const understood = await run(opened, verb, given).catch((error: unknown) => {
      if (!isTrouble(error)) throw error;
      return { trouble: error.detail };
    });
    await system.close();
    expect(understood).toMatchObject(gives);
    expect(asked.isDone()).toBe(true);
  });
});
