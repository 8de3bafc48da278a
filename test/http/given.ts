import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { hashSecret, SCOPES } from '../../src/http/accounts.ts';
import { openFeed } from '../../src/http/feed.ts';
import { openMetrics } from '../../src/http/health.ts';
import type { HttpLimits, HttpPorts } from '../../src/http/ports.ts';
import { Refusal } from '../../src/http/problems.ts';
import { openServer } from '../../src/http/server.ts';
import { contentHash, parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import { secret } from '../../src/kit/secret.ts';
import { openLog } from '../../src/log.ts';
import { realChance, realClock } from '../../src/ports.ts';
import type { Hold, Link } from '../../src/store/contract.ts';
import { type OpenStore, openStore } from '../../src/store/index.ts';
import type { Engine, Spoke } from '../../src/sync/contract.ts';
import { NotPossible } from '../../src/sync/errors.ts';
import { shipped } from '../model/calendars.ts';

/** A listening API over the real store, with one invented form and one ministry. */

export const SENDER_KEY = 'a-key-shared-with-the-sender';
export const CIVIL: Spoke = {
  name: 'civil-status',
  title: { vi: 'phần mềm hộ tịch', en: 'the civil-status system' },
  kinds: {},
  role: 'ministry',
  pollMs: 1000,
  pollsBeforeAsking: 10,
  batch: 10,
  concurrent: 2,
  dailyCap: null,
  cutOffAt: null,
  mode: () => 'auto',
};

export interface House {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly ports: HttpPorts;
  readonly store: OpenStore;
  readonly logged: string[];
  token(scopes?: readonly string[], agencies?: readonly string[] | null): Promise<string>;
  call(path: string, options?: RequestInit & { readonly token?: string }): Promise<Response>;
  close(): Promise<void>;
}

const FORM = {
  type: 'object',
  properties: {
    child: {
      type: 'object',
      properties: { fullName: { type: 'string', maxLength: 100 } },
      required: ['fullName'],
      additionalProperties: false,
    },
  },
  required: ['child'],
  additionalProperties: false,
};
const APPLICANT = { type: 'object', properties: { fullName: { type: 'string' }, phone: { type: 'string' } }, additionalProperties: false };

export const document = (code = 'H12.15-261124-0001', more: Readonly<Record<string, unknown>> = {}) => ({
  code,
  procedure: '1.001193',
  agency: 'H12.15',
  status: 2,
  receivedAt: '2026-11-24T08:00:00+07:00',
  applicant: { fullName: 'Nguyễn Thị Thử' },
  form: 'note@1',
  data: { child: { fullName: 'Trần Văn Mẫu' } },
  ...more,
});

const LIMITS: HttpLimits = { mostBodyBytes: 1024 * 1024, requestTimeoutMs: 10_000, requestsPerMinute: 100_000, webhookWindowMs: 300_000 };

/** Systems behind the desk, where a test brings some. */
export interface Behind {
  readonly engine: (store: OpenStore) => Engine;
  readonly spokes: readonly Spoke[];
}

export async function openHouse(
  limits: Partial<HttpLimits> = {},
  behind: Behind | null = null,
  more: Partial<Pick<HttpPorts, 'clock' | 'deadlines' | 'needs' | 'spokes'>> = {},
): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'motlan-http-'));
  await mkdir(join(folder, 'forms'));
  await writeFile(join(folder, 'forms', 'note@1.schema.json'), JSON.stringify(FORM));
  await writeFile(join(folder, 'forms', 'applicant.schema.json'), JSON.stringify(APPLICANT));
  const chance = realChance(realClock);
  const store = await openStore({
    engine: { kind: 'sqlite', file: join(folder, 'motlan.db') },
    keys: { current: 1, keys: new Map([[1, new Uint8Array(32).fill(5)]]) },
    chance,
    clock: realClock,
  });
  const forms = await loadForms(join(folder, 'forms'));
  const logged: string[] = [];
  const spokes = behind?.spokes ?? [CIVIL];
  const ports: HttpPorts = {
    store,
    engine: behind === null ? deskEngine(store) : behind.engine(store),
    clock: realClock,
    log: openLog('debug', { write: (line: string) => void logged.push(line) }),
    spokes: new Map(spokes.map((spoke) => [spoke.name, spoke])),
    titles: new Map(spokes.map(({ name, title }) => [name, title])),
    needs: new Map(),
    deadlines: { calendar: shipped, terms: [] },
    parse: (body) => {
      const parsed = parseDocument(body, forms);
      if (parsed.ok) return parsed.document;
      throw new Refusal(422, 'invalid-dossier', { vi: 'Hồ sơ chưa hợp lệ.', en: 'The dossier is not valid.' }, parsed.issues);
    },
    feed: openFeed(),
    webhooks: new Map([['portal', { key: secret(SENDER_KEY), agencies: ['H12.15'] }]]),
    limits: { ...LIMITS, ...limits },
    beats: () => true,
    ...more,
  };
  const app = await openServer(ports, openMetrics(ports));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    app,
    ports,
    store,
    logged,
    async token(scopes = SCOPES, agencies = null) {
      const text = `${chance.id()}${chance.id()}`;
      const id = chance.id();
      await store.write((tx) =>
        tx.tokens.insert({
          id,
          hash: hashSecret(text),
          name: `desk-${id}`,
          scopes,
          agencies,
          createdAt: realClock.now(),
          expiresAt: null,
          revokedAt: null,
        }),
      );
      return text;
    },
    call: (path, { token, ...options } = {}) =>
      fetch(`${url}${path}`, {
        ...options,
        headers: {
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...options.headers,
        },
      }),
    async close() {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The engine's promises at the desk, without any system behind it: dossiers and decisions reach the store, nothing is sent. */
function deskEngine(store: OpenStore): Engine {
  const refuse = async (): Promise<never> => {
    throw new NotPossible('no-systems', 'Không có hệ thống nào.', 'There are no systems.');
  };
  return {
    async intake({ head, body, supplements }) {
      const hash = contentHash({ head, body, supplements });
      return store.write(async (tx) => {
        const known = (await tx.dossiers.load([head.code])).get(head.code);
        const link = linkTo(head.code);
        const legs = [{ link: link.id, system: link.system, record: link.record }];
        if (known !== undefined) return { is: known.contentHash === hash ? 'same' : 'changed', code: head.code, legs };
        await tx.dossiers.insert(
          {
            head,
            body: { ...body, results: {}, choices: [] },
            status: head.status,
            hubVersion: 1,
            contentHash: hash,
            createdAt: realClock.now(),
            updatedAt: realClock.now(),
          },
          [],
        );
        await tx.links.insert(link);
        return { is: 'new', code: head.code, legs };
      });
    },
    check: async () => [],
    visitDue: async () => 0,
    pollChanges: async () => false,
    hear: refuse,
    sweep: refuse,
    async decide({ hold, name, value, by }) {
      await store.write(async (tx) => {
        const found = await tx.holds.byId(hold);
        if (found !== null)
          await tx.holds.save({ ...found, decision: { name, value, by, at: realClock.now() }, closedAt: realClock.now() });
      });
    },
    byHand: async () => ({ unsureUntil: null }),
    sheets: { open: refuse, look: refuse, type: refuse, giveBack: refuse },
    wake: async () => undefined,
    run: async () => undefined,
  };
}

export const linkTo = (code: string): Link => ({
  id: `${code}/civil-status/birth`,
  code,
  system: 'civil-status',
  record: 'birth',
  mapping: 'civil-status.birth',
  key: `key-${code}`,
  externalId: null,
  situation: 'waiting',
  phase: null,
  trust: null,
  version: null,
  sequence: null,
  settledHubVersion: 0,
  actSeq: 0,
  statedAt: null,
  stepSeq: 0,
  missing: 0,
  polls: 0,
  hand: 'machine',
  impossible: null,
  since: realClock.now(),
  updatedAt: realClock.now(),
});

export const holdOn = (code: string, id: string, more: Partial<Hold> = {}): Hold => ({
  id,
  code,
  link: `${code}/civil-status/birth`,
  kind: 'conflict',
  desk: 'official',
  cause: 'conflict:birth',
  path: 'nksHoTen',
  vi: 'Hai hệ thống ghi khác nhau về "nksHoTen".',
  en: 'The two systems differ on "nksHoTen".',
  remedyVi: 'Kiểm tra giấy tờ rồi chọn bên đúng.',
  remedyEn: 'Check the papers, then choose the right side.',
  decisions: ['ours', 'theirs', 'retry'],
  detail: { ours: 'Trần Văn Mẫu', theirs: 'Trần Văn Mẩu' },
  openedAt: realClock.now(),
  closedAt: null,
  decision: null,
  applied: false,
  ...more,
});
