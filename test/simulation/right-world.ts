import type { JsonObject } from '../../src/model/json.ts';
import { type Capability, drawCapability } from '../../src/simulation/capability.ts';
import { FIRST_STAGE } from '../../src/simulation/language.ts';
import { linesOf, MINISTRIES, type Ministry, toField } from '../../src/simulation/lines.ts';
import { openDossier } from '../../src/simulation/people.ts';
import { createDice } from '../../src/simulation/random.ts';
import type { Rows } from '../../src/simulation/rows.ts';
import { createScheduler } from '../../src/simulation/scheduler.ts';
import { createTrace } from '../../src/simulation/trace.ts';
import type { Evidence } from '../../src/simulation/verdict.ts';
import { addRecord, createWorld, now, seenAt, type World, type WorldRecord } from '../../src/simulation/world.ts';
import type { Attempt, AuditEntry, Dossier, Link } from '../../src/store/contract.ts';

/** A small province at rest in which everything is as it should be: tests break one thing each. */
export interface Right {
  readonly world: World;
  readonly oneStop: WorldRecord;
  readonly files: Readonly<Record<Ministry, WorldRecord>>;
  readonly evidence: (change?: Partial<Rows>) => Evidence;
  readonly dossier: () => Dossier;
  readonly links: readonly Link[];
}

const CAPABILITY: Capability = {
  ...drawCapability(createDice(1)),
  repeat: 'same-key',
  find: true,
  indexLagMs: 0,
  ifMatch: true,
  readBy: 'id',
  partialUntilIssued: false,
  queued: false,
  list: 'record',
  upper: false,
};

const linkOf = (system: string, externalId: string): Link => ({
  id: `D1/${system}/file`,
  code: 'D1',
  system,
  record: 'file',
  mapping: `${system}.file`,
  key: `D1-${system}`,
  externalId,
  situation: 'linked',
  phase: 'sent',
  trust: 'verified',
  version: null,
  sequence: null,
  settledHubVersion: 1,
  actSeq: 0,
  statedAt: null,
  stepSeq: 0,
  missing: 0,
  polls: 0,
  hand: 'machine',
  impossible: null,
  since: 0,
  updatedAt: 0,
});

const attemptOf = (system: Ministry): Attempt => ({
  id: `a-${system}`,
  link: `D1/${system}/file`,
  code: 'D1',
  verb: 'create',
  act: null,
  actSeq: null,
  state: 'done',
  sent: { lines: new Map(), record: {} },
  hubVersion: 1,
  againstVersion: null,
  mappingVersion: 'm',
  intendedAt: 0,
  sentAt: 0,
  sends: 1,
  ticket: null,
  trouble: null,
  endedAt: 10,
});

const auditOf = (attempt: Attempt): AuditEntry => ({
  code: 'D1',
  seq: 1,
  at: 0,
  actor: 'engine',
  action: 'intended',
  attempt: attempt.id,
  mappingVersion: 'm',
  detail: {},
  hash: '',
});

const sentTo = (world: World, system: Ministry, oneStop: WorldRecord): WorldRecord => {
  const given: JsonObject = Object.fromEntries(
    linesOf(system).flatMap((line) => {
      const edit = line.owner === 'take' ? null : seenAt(world, oneStop, line.path);
      return edit === null ? [] : [[line.field, toField(line, edit.value)]];
    }),
  );
  const record = addRecord(world, {
    system,
    code: 'D1',
    key: `D1-${system}`,
    madeBy: 'engine',
    record: { ...given, ...FIRST_STAGE[system] },
    visibleAt: 0,
  });
  const effect = { at: 0, system, verb: 'create' as const, record: record.id, code: 'D1', key: `D1-${system}`, detail: 'create' };
  world.effects.push({ ...effect, repeated: false, calledAt: 5 });
  return record;
};

/** The hub as it must stand when it agrees with the one-stop. */
export const hubOf = (oneStop: WorldRecord): Dossier => {
  const fields = now(oneStop).record;
  const data = Object.fromEntries(
    linesOf('one-stop')
      .filter((line) => line.owner !== 'give' && fields[line.field] !== undefined)
      .map((line) => [line.path, fields[line.field] ?? null]),
  );
  return {
    head: {
      code: 'D1',
      nationalCode: null,
      procedure: '9.000001',
      agency: 'H12.99.01',
      status: 2,
      revision: null,
      receivedAt: 0,
      dueAt: null,
      form: 'permit@1',
    },
    body: { applicant: {}, data, results: {}, files: [], choices: [] },
    status: 2,
    hubVersion: 1,
    contentHash: null,
    createdAt: 0,
    updatedAt: 0,
  };
};

export const rightWorld = (capability: Partial<Capability> = {}): Right => {
  const dice = createDice(7);
  const scheduler = createScheduler({ startAt: 1_000, dice, trace: createTrace(false), fate: () => 'go', onCrash: () => undefined });
  const mine = { ...CAPABILITY, ...capability };
  const world = createWorld({ scheduler, dice, capability: { registry: mine, insurer: mine }, thorny: false });
  const oneStop = openDossier(world, 'D1');
  const files = { registry: sentTo(world, 'registry', oneStop), insurer: sentTo(world, 'insurer', oneStop) };
  const attempts = MINISTRIES.map(attemptOf);
  const links = [linkOf('one-stop', oneStop.id), ...MINISTRIES.map((system) => linkOf(system, files[system].id))];
  const dossier = () => hubOf(oneStop);
  const evidence = (change: Partial<Rows> = {}): Evidence => ({
    world,
    strangers: new Map(),
    brokenChains: [],
    rows: {
      dossiers: new Map([['D1', dossier()]]),
      links,
      bases: new Map(),
      attempts,
      holds: [],
      progress: [],
      audit: attempts.map(auditOf),
      ...change,
    },
  });
  return { world, oneStop, files, evidence, dossier, links };
};
