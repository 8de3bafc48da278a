import type { RecordKind, Sighting } from '../../src/kit/contract.ts';
import type { LineRule, Mapping } from '../../src/mapping/contract.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { ABSENT, type AgreedValue, EMPTY, type LineValue, type Problem, UNSEEN, value } from '../../src/model/line-value.ts';
import { type Owner, PHASES, type Phase } from '../../src/model/words.ts';
import type { Attempt, Base, Dossier, Hold, Link, ProgressEntry, Work } from '../../src/store/contract.ts';
import type { Case } from '../../src/sync/context.ts';
import type { Spoke } from '../../src/sync/contract.ts';
import type { Plan, PlanInput } from '../../src/sync/plan.ts';

/** A small language in code, so that the stations can be weighed without the big one: a line is a field of both sides. */

export const CODE = 'H12.31-261102-0901';
export const LINK = `${CODE}/registry/file`;
export const NOON = Date.parse('2026-11-02T05:00:00Z');

export const rule = (id: string, owner: Owner, more: Partial<LineRule> = {}): LineRule => ({
  id,
  owner,
  hubPath: id,
  until: null,
  clear: null,
  lossy: null,
  isKey: false,
  isFile: false,
  ...more,
});

const saysNothing = (of: LineValue) => of.is === 'absent' || of.is === 'empty';
const read = (record: JsonObject, name: string): LineValue => {
  const held = record[name];
  if (held === undefined || held === null) return ABSENT;
  return held === '' ? EMPTY : value(held);
};

/** Capitals are no difference; empty and absent are one; the stage stands under `stage`. */
export function mappingOf(rules: readonly LineRule[], more: Partial<Mapping> = {}): Mapping {
  const byId = new Map(rules.map((one) => [one.id, one]));
  const fold = (of: LineValue) => (of.is === 'value' && typeof of.value === 'string' ? value(of.value.toUpperCase()) : of);
  const fields = (record: JsonObject) => new Map(rules.map(({ id }) => [id, read(record, id)]));
  return {
    id: 'registry.file',
    version: 'v1',
    system: 'registry',
    record: 'file',
    form: 'permit@1',
    procedures: [],
    start: { status: [] },
    needs: [],
    acts: [],
    steps: null,
    rules,
    rule: (id) => {
      const found = byId.get(id);
      if (found === undefined) throw new RangeError(`no line ${id}`);
      return found;
    },
    ours: (hub) => fields(hub.document),
    theirs: (record, covers) => {
      const seen = fields(record);
      for (const id of seen.keys()) if (covers !== 'all' && !covers.includes(id)) seen.set(id, UNSEEN);
      return seen;
    },
    unlisted: (line, covers) => (covers === 'all' || covers.includes(line) ? ABSENT : UNSEEN),
    equal: (_line, a, b) => (saysNothing(a) && saysNothing(b)) || JSON.stringify(fold(a)) === JSON.stringify(fold(b)),
    write: (values) =>
      Object.fromEntries([...values].flatMap(([id, of]) => (of.is === 'absent' ? [] : [[id, of.is === 'value' ? of.value : '']]))),
    inverse: (values) => ({
      changes: [...values].map(([line, of]) => ({ line, path: line, value: of.is === 'value' ? of.value : null })),
      problems: [],
    }),
    losses: () => [],
    phase: ({ stage }) => {
      if (stage === undefined) return { is: 'unseen' };
      const phase = PHASES.find((one) => one === stage);
      return phase === undefined ? { is: 'unknown', code: String(stage) } : { is: 'phase', phase, code: phase, note: null };
    },
    findFields: () => null,
    explain: () => [],
    ...more,
  };
}

export const problem = (code: Problem['hold'] = 'unknown-code'): Problem => ({
  code: `test.${code}`,
  vi: 'Giá trị này không mang đi được.',
  en: 'This value cannot be carried.',
  path: 'x',
  hold: code,
  cause: `test:${code}`,
});
export const bad = (code: Problem['hold'] = 'unknown-code'): LineValue & { is: 'invalid' } => ({ is: 'invalid', problem: problem(code) });

export const baseOf = (
  lines: Readonly<Record<string, AgreedValue>>,
  ring: Readonly<Record<string, readonly AgreedValue[]>> = {},
): Base => ({
  link: LINK,
  lines: new Map(Object.entries(lines)),
  provisional: false,
  ring: new Map(Object.entries(ring)),
  snapshot: null,
  mappingVersion: 'v1',
});

export const planInput = (given: Partial<PlanInput> & Pick<PlanInput, 'mapping' | 'ours'>): PlanInput => ({
  theirs: null,
  covers: 'all',
  base: null,
  creating: false,
  phase: null,
  readOnly: false,
  adopted: false,
  answers: new Map(),
  shown: new Map(),
  ...given,
});

export const emptyPlan: Plan = {
  agreed: new Map(),
  outward: new Map(),
  inward: new Map(),
  holds: [],
  drift: [],
  vanished: [],
  ringHits: [],
  notices: [],
  answered: [],
  unseen: [],
};

export const link = (more: Partial<Link> = {}): Link => ({
  id: LINK,
  code: CODE,
  system: 'registry',
  record: 'file',
  mapping: 'registry.file',
  key: CODE,
  externalId: 'R-1',
  situation: 'linked',
  phase: 'sent',
  trust: 'sent',
  version: '1',
  sequence: 1,
  settledHubVersion: 1,
  actSeq: 0,
  statedAt: null,
  stepSeq: 0,
  missing: 0,
  polls: 0,
  hand: 'machine',
  impossible: null,
  since: NOON,
  updatedAt: NOON,
  ...more,
});

export const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  id: 'a-1',
  link: LINK,
  code: CODE,
  verb: 'create',
  act: null,
  actSeq: null,
  state: 'open',
  sent: { lines: new Map([['name', value('An')]]), record: { name: 'An' } },
  hubVersion: 1,
  againstVersion: null,
  mappingVersion: 'v1',
  intendedAt: NOON,
  sentAt: NOON,
  sends: 1,
  ticket: null,
  trouble: null,
  endedAt: null,
  ...more,
});

const never = () => Promise.reject(new Error('a pure station reaches no system'));

export const kind = (more: Partial<RecordKind> = {}): RecordKind => ({
  name: 'file',
  schema: {},
  normalises: {},
  readLagMs: 0,
  ordered: false,
  ...more,
});
export const reads = (by: 'id' | 'key'): Pick<RecordKind, 'read'> => ({ read: { by, most: 5, run: never } });
export const creates = (repeat: 'same-key' | 'rejects-twin' | 'unsafe', landsWithinMs = 1_000): Pick<RecordKind, 'create'> => ({
  create: { repeat, landsWithinMs, run: never },
});
export const updates = (more: Partial<Omit<NonNullable<RecordKind['update']>, 'run'>> = {}): Pick<RecordKind, 'update'> => ({
  update: { phases: [], style: 'patch', ifMatch: false, landsWithinMs: 1_000, run: never, ...more },
});
export const act = (more: Partial<Omit<NonNullable<RecordKind['acts']>[string], 'run'>> = {}): NonNullable<RecordKind['acts']>[string] => ({
  phases: [],
  leadsTo: null,
  repeat: 'unsafe',
  landsWithinMs: 1_000,
  run: never,
  ...more,
});
export const finds = (indexLagMs: number): Pick<RecordKind, 'find'> => ({
  find: { by: [['name']], unique: true, indexLagMs, run: never },
});

export const sighting = (record: JsonObject = {}, more: Partial<Sighting> = {}): Sighting => ({
  id: 'R-1',
  key: CODE,
  version: '1',
  sequence: 1,
  covers: 'all',
  record,
  statedAt: null,
  ...more,
});

export const hold = (more: Partial<Hold> = {}): Hold => ({
  id: 'h-1',
  code: CODE,
  link: LINK,
  kind: 'conflict',
  desk: 'official',
  cause: 'conflict:registry:phone',
  path: 'phone',
  vi: 'Hai hệ thống ghi khác nhau.',
  en: 'The two systems differ.',
  remedyVi: 'Chọn bên đúng.',
  remedyEn: 'Choose a side.',
  decisions: ['ours', 'theirs', 'leave'],
  detail: {},
  openedAt: NOON,
  closedAt: null,
  decision: null,
  applied: false,
  ...more,
});
export const decided = (name: NonNullable<Hold['decision']>['name'], more: Partial<Hold> = {}): Hold =>
  hold({ closedAt: NOON, decision: { name, value: null, by: 'can-bo', at: NOON }, ...more });

export const dossier = (data: JsonObject = {}, more: Partial<Dossier> = {}): Dossier => ({
  head: {
    code: CODE,
    nationalCode: null,
    procedure: '1.001193',
    agency: 'H12.31',
    status: 2,
    revision: 1,
    receivedAt: NOON,
    dueAt: null,
    form: 'permit@1',
  },
  body: { applicant: {}, data, results: {}, files: [], choices: [] },
  status: 2,
  hubVersion: 1,
  contentHash: null,
  createdAt: NOON,
  updatedAt: NOON,
  ...more,
});

export const entry = (seq: number, of: ProgressEntry['kind'], name: string, more: Partial<ProgressEntry> = {}): ProgressEntry => ({
  code: CODE,
  seq,
  at: NOON + seq,
  link: LINK,
  kind: of,
  name,
  evidence: { kind: 'sighting', ref: String(seq) },
  note: null,
  ...more,
});

export const spoke = (more: Partial<Spoke> = {}): Spoke => ({
  name: 'registry',
  kinds: {},
  title: { vi: 'sở đăng ký', en: 'the registry' },
  role: 'ministry',
  pollMs: 60_000,
  pollsBeforeAsking: 10,
  batch: 10,
  concurrent: 2,
  dailyCap: null,
  cutOffAt: null,
  mode: () => 'auto',
  ...more,
});

const work: Work = { link: LINK, system: 'registry', dueAt: NOON, priority: 1, dirty: 0, fence: 1, leaseUntil: null, failures: 0 };

export const caseOf = (more: Partial<Case> & Pick<Case, 'mapping'>): Case => ({
  work,
  link: link(),
  dossier: dossier(),
  base: null,
  attempts: [],
  holds: [],
  links: [link()],
  progress: [],
  statements: [],
  spoke: spoke(),
  kind: kind(),
  ...more,
});

export const values = (of: Readonly<Record<string, LineValue | Json>>): Map<string, LineValue> =>
  new Map(Object.entries(of).map(([id, one]) => [id, isLineValue(one) ? one : value(one)]));
const isLineValue = (one: LineValue | Json): one is LineValue => typeof one === 'object' && one !== null && 'is' in one;

export const ANY_PHASE: readonly (Phase | null)[] = [null, ...PHASES];
