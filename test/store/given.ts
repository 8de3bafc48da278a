import type { Attempt, Base, Dossier, Hold, Link, Lookup, ProgressEntry } from '../../src/store/contract.ts';
import type { MasterKeys, StoreOptions } from '../../src/store/index.ts';

/** Invented dossiers and what hangs on them. Everything personal carries the word of `secret`, so that a leak is found by it. */

export const NOW = 1_780_000_000_000;

export const keysOf = (current: number, ...versions: readonly number[]): MasterKeys => ({
  current,
  keys: new Map([current, ...versions].map((version) => [version, new Uint8Array(32).fill(version)])),
});

export const ports = (): Pick<StoreOptions, 'keys' | 'chance' | 'clock' | 'gather'> => {
  let ids = 0;
  return {
    keys: keysOf(1),
    gather: () => Promise.resolve(),
    chance: { random: () => 0.5, id: () => `id-${String(++ids).padStart(6, '0')}` },
    clock: { now: () => NOW, sleep: (ms, signal) => sleep(ms, signal) },
  };
};

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

export const codeOf = (n: number): string => `H12.99-260601-${String(n).padStart(5, '0')}`;

export function dossierOf(code: string, secret = 'Trần Thị Ví Dụ', change: Partial<Dossier> = {}): Dossier {
  return {
    head: {
      code,
      nationalCode: `G-${code}`,
      procedure: '1.001193.000.00.00.H12',
      agency: 'H12.99',
      status: 2,
      revision: 1,
      receivedAt: NOW,
      dueAt: NOW + 86_400_000,
      form: 'birth@1',
    },
    body: {
      applicant: { fullName: secret },
      data: { child: { fullName: `${secret} con`, birthDate: '2026-05-30' } },
      results: {},
      files: [{ name: `${secret}.pdf`, mime: 'application/pdf', sizeBytes: 3, hash: 'ab', remoteId: null, kind: null }],
      choices: [],
    },
    status: 2,
    hubVersion: 1,
    contentHash: 'c0ffee',
    createdAt: NOW,
    updatedAt: NOW,
    ...change,
  };
}

export const lookupsOf = (secret: string): readonly Lookup[] => [
  { kind: 'identity', value: secret },
  { kind: 'name-word', value: secret },
];

export function linkOf(code: string, system = 'civil-status', change: Partial<Link> = {}): Link {
  return {
    id: `${code}/${system}/birth`,
    code,
    system,
    record: 'birth',
    mapping: `${system}.birth`,
    key: code,
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
    since: NOW,
    updatedAt: NOW,
    ...change,
  };
}

export const baseOf = (link: string, secret: string): Base => ({
  link,
  lines: new Map([
    ['nksHoTen', { is: 'value', value: secret }],
    ['__proto__', { is: 'absent' }],
    ['nksGioiTinh', { is: 'empty' }],
  ]),
  provisional: true,
  ring: new Map([['nksHoTen', [{ is: 'value', value: secret }, { is: 'empty' }]]]),
  snapshot: { nksHoTen: secret },
  mappingVersion: 'm1',
});

export const attemptOf = (link: Link, id: string, secret: string, change: Partial<Attempt> = {}): Attempt => ({
  id,
  link: link.id,
  code: link.code,
  verb: 'create',
  act: null,
  actSeq: null,
  state: 'open',
  sent: { lines: new Map([['nksHoTen', { is: 'value', value: secret }]]), record: { nksHoTen: secret } },
  hubVersion: 1,
  againstVersion: null,
  mappingVersion: 'm1',
  intendedAt: NOW,
  sentAt: NOW,
  sends: 1,
  ticket: null,
  trouble: null,
  endedAt: null,
  ...change,
});

export const holdOf = (code: string, id: string, change: Partial<Hold> = {}): Hold => ({
  id,
  code,
  link: null,
  kind: 'unknown-code',
  desk: 'integrator',
  cause: 'crosswalk:ethnic:khơ-me',
  path: 'child.ethnic',
  vi: 'Dân tộc chưa có trong bảng đối chiếu mã.',
  en: 'The ethnic group has no row in the crosswalk.',
  remedyVi: 'Thêm một dòng vào bảng đối chiếu.',
  remedyEn: 'Add a row to the crosswalk.',
  decisions: ['retry', 'leave'],
  detail: {},
  openedAt: NOW,
  closedAt: null,
  decision: null,
  applied: false,
  ...change,
});

export const stepOf = (code: string, name: string): Omit<ProgressEntry, 'seq'> => ({
  code,
  at: NOW,
  link: null,
  kind: 'phase',
  name,
  evidence: { kind: 'sighting', ref: 'v1' },
  note: null,
});

export const auditOf = (code: string, action: string) => ({
  code,
  at: NOW,
  actor: 'engine',
  action,
  attempt: null,
  mappingVersion: null,
  detail: { fields: ['child.fullName'] },
});
