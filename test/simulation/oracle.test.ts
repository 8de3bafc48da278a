import { describe, expect, test } from 'vitest';
import { judge } from '../../src/simulation/oracle.ts';
import { typeByHand, typeValue } from '../../src/simulation/people.ts';
import type { Evidence } from '../../src/simulation/verdict.ts';
import { addRecord, changeByEngine, changeByPerson, now, type WorldRecord } from '../../src/simulation/world.ts';
import type { Hold } from '../../src/store/contract.ts';
import type { Risk } from '../../src/sync/risks.ts';
import { hubOf, rightWorld } from './right-world.ts';

const rulesBroken = (evidence: Evidence): readonly string[] => [
  ...new Set(judge(evidence, false).violations.map((violation) => violation.rule)),
];

const conflictOn = (path: string, link = 'D1/registry/file'): Hold => ({
  id: 'h1',
  code: 'D1',
  link,
  kind: 'conflict',
  desk: 'official',
  cause: 'conflict',
  path,
  vi: '',
  en: '',
  remedyVi: '',
  remedyEn: '',
  decisions: ['ours', 'theirs'],
  detail: {},
  openedAt: 0,
  closedAt: null,
  decision: null,
  applied: false,
});

const writer = (world: ReturnType<typeof rightWorld>['world'], conditional = true) => ({
  life: world.scheduler.life('node1'),
  calledAt: 5,
  conditional,
});

/** Carries the one-stop's phone to both ministries, as the engine would. */
const carryPhone = (right: ReturnType<typeof rightWorld>, from: WorldRecord = right.oneStop, field = 'dienThoai'): void => {
  const phone = now(from).record[field] ?? null;
  const to: readonly (readonly [WorldRecord, string])[] = [
    [right.oneStop, 'dienThoai'],
    [right.files.registry, 'soDienThoai'],
    [right.files.insurer, 'lienLac'],
  ];
  for (const [record, name] of to) changeByEngine(right.world, record, { [name]: phone }, writer(right.world), () => true);
};

/** The same evidence with an audit entry in which the engine told of a risk. */
const telling = (evidence: Evidence, system: 'registry' | 'insurer', risk: Risk): Evidence => {
  const [some] = evidence.rows.audit;
  if (some === undefined) throw new RangeError('a world without an audit');
  const told = { ...some, at: 0, detail: { ...some.detail, link: `${some.code}/${system}/file`, risks: [risk] } };
  return { ...evidence, rows: { ...evidence.rows, audit: [...evidence.rows.audit, told] } };
};

describe('the oracle on worlds made by hand', () => {
  test('a world in which all sides agree breaks nothing', () => {
    expect(judge(rightWorld().evidence(), false).violations).toEqual([]);
  });

  test('an edit that reached one side only is seen as not converged', () => {
    const right = rightWorld();
    typeValue(right.world, right.oneStop, 'name', 'edit');
    expect(rulesBroken(right.evidence())).toEqual(['not-converged']);
  });

  test('a difference that an open hold names is no break', () => {
    const right = rightWorld();
    typeValue(right.world, right.files.registry, 'phone', 'edit');
    typeValue(right.world, right.oneStop, 'phone', 'edit');
    const held = [conflictOn('soDienThoai'), { ...conflictOn('lienLac', 'D1/insurer/file'), id: 'h2' }];
    expect(rulesBroken(right.evidence({ holds: held }))).toEqual([]);
  });

  test('an edit carried everywhere is in order', () => {
    const right = rightWorld();
    typeValue(right.world, right.files.registry, 'phone', 'edit');
    carryPhone(right, right.files.registry, 'soDienThoai');
    expect(rulesBroken(right.evidence())).toEqual([]);
  });

  test('of two edits made apart, the one overwritten without a word is lost', () => {
    const right = rightWorld();
    typeValue(right.world, right.files.registry, 'phone', 'edit');
    typeValue(right.world, right.oneStop, 'phone', 'edit');
    carryPhone(right);
    expect(rulesBroken(right.evidence())).toEqual(['lost-edit']);
  });

  test('an edit made in sight of the other supersedes it', () => {
    const right = rightWorld();
    typeValue(right.world, right.files.registry, 'phone', 'edit');
    carryPhone(right, right.files.registry, 'soDienThoai');
    typeValue(right.world, right.oneStop, 'phone', 'edit');
    carryPhone(right);
    expect(rulesBroken(right.evidence())).toEqual([]);
  });

  test('an edit a system without conditions could not protect is counted, not blamed', () => {
    const right = rightWorld({ ifMatch: false });
    typeValue(right.world, right.files.registry, 'phone', 'edit');
    typeValue(right.world, right.oneStop, 'phone', 'edit');
    const { dienThoai } = now(right.oneStop).record;
    for (const [record, name] of [
      [right.files.registry, 'soDienThoai'],
      [right.files.insurer, 'lienLac'],
    ] as const)
      changeByEngine(right.world, record, { [name]: dienThoai ?? null }, writer(right.world, false), () => false);
    expect(rulesBroken(right.evidence())).toContain('lost-edit');
    const judgement = judge(telling(right.evidence(), 'registry', 'blind'), false);
    expect(judgement.violations).toEqual([]);
    expect(judgement.unavoidable.map((one) => one.what)).toEqual(['blind-overwrite']);
  });

  test('two records of ours for one dossier are a duplicate', () => {
    const right = rightWorld();
    addRecord(right.world, {
      system: 'registry',
      code: 'D1',
      key: 'other',
      madeBy: 'engine',
      record: now(right.files.registry).record,
      visibleAt: 0,
    });
    expect(rulesBroken(right.evidence())).toContain('duplicate-record');
  });

  test('a twin that an unsafe system let in is in order only when somebody was told', () => {
    const right = rightWorld({ repeat: 'unsafe' });
    addRecord(right.world, {
      system: 'registry',
      code: 'D1',
      key: null,
      madeBy: 'engine',
      record: now(right.files.registry).record,
      visibleAt: 0,
    });
    expect(rulesBroken(right.evidence())).toContain('duplicate-record');
    const found = { ...right.evidence(), strangers: new Map([['registry' as const, 1]]) };
    expect(rulesBroken(found)).toContain('duplicate-record');
    const told = judge(telling(found, 'registry', 'twin'), false);
    expect(told.violations).toEqual([]);
    expect(told.unavoidable).toEqual([{ what: 'twin', code: 'D1', system: 'registry' }]);
  });

  test('a create beside a record long since typed by hand is a duplicate', () => {
    const right = rightWorld();
    typeByHand(right.world, 'registry', right.oneStop);
    const effects = right.world.effects.map((effect) => ({ ...effect, calledAt: 90_000 }));
    right.world.effects.splice(0, right.world.effects.length, ...effects);
    const attempts = right.evidence().rows.attempts.map((attempt) => ({ ...attempt, endedAt: 100_000 }));
    expect(rulesBroken(right.evidence({ attempts }))).toEqual(['duplicate-record']);
  });

  test('a result written by us is against its owner', () => {
    const right = rightWorld();
    changeByEngine(right.world, right.files.registry, { soDangKy: 'ĐK-0' }, writer(right.world), () => true);
    expect(rulesBroken(right.evidence())).toContain('against-owner');
  });

  test('a clerk’s change of our line that crept into the hub is against its owner', () => {
    const right = rightWorld();
    const drift = typeValue(right.world, right.files.registry, 'name', 'drift');
    const hub = right.dossier();
    const dossiers = new Map([['D1', { ...hub, body: { ...hub.body, data: { ...hub.body.data, name: drift.value } } }]]);
    expect(rulesBroken(right.evidence({ dossiers }))).toContain('against-owner');
  });

  test('a hub value nobody ever gave is seen', () => {
    const right = rightWorld();
    const hub = right.dossier();
    const dossiers = new Map([['D1', { ...hub, body: { ...hub.body, data: { ...hub.body.data, phone: '0900 999999' } } }]]);
    expect(rulesBroken(right.evidence({ dossiers }))).toContain('against-owner');
  });

  test('a conflict where only one side changed is spurious', () => {
    const right = rightWorld();
    typeValue(right.world, right.oneStop, 'phone', 'edit');
    carryPhone(right);
    const closed = { ...conflictOn('soDienThoai'), closedAt: 1, applied: true };
    expect(rulesBroken(right.evidence({ holds: [closed] }))).toEqual(['spurious-conflict']);
  });

  test('a phase the ministry never reached is an invented step', () => {
    const right = rightWorld();
    const entry = { code: 'D1', seq: 1, at: 9_000, link: 'D1/registry/file', kind: 'phase' as const, name: 'issued', note: null };
    const evidence = { kind: 'sighting' as const, ref: 'x' };
    expect(rulesBroken(right.evidence({ progress: [{ ...entry, evidence }] }))).toEqual(['invented-step']);
  });

  test('steps that reach the one-stop in the wrong order are seen', () => {
    const right = rightWorld();
    right.world.steps.push({ actKey: 'b', code: 'D1', record: { at: '2026-09-01T02:00:00.000Z' }, at: 1 });
    right.world.steps.push({ actKey: 'a', code: 'D1', record: { at: '2026-09-01T01:00:00.000Z' }, at: 2 });
    expect(rulesBroken(right.evidence())).toEqual(['step-order']);
  });

  test('an effect that no attempt announced is unexplained', () => {
    const right = rightWorld();
    expect(rulesBroken(right.evidence({ attempts: [], audit: [] }))).toEqual(['unexplained']);
  });

  test('an attempt the audit is silent about, and a broken chain, are unexplained', () => {
    const right = rightWorld();
    expect(rulesBroken(right.evidence({ audit: [] }))).toEqual(['unexplained']);
    expect(rulesBroken({ ...right.evidence(), brokenChains: [{ code: 'D1', seq: 1 }] })).toEqual(['unexplained']);
  });

  test('an acknowledged dossier that is not there is seen', () => {
    const right = rightWorld();
    right.world.acknowledged.set('D2', 1);
    expect(rulesBroken(right.evidence())).toEqual(['acknowledged-lost']);
  });

  test('an acknowledged revision that went back is seen', () => {
    const right = rightWorld();
    right.world.acknowledged.set('D1', 5);
    const hub = hubOf(right.oneStop);
    const dossiers = new Map([['D1', { ...hub, head: { ...hub.head, revision: 4 } }]]);
    expect(rulesBroken(right.evidence({ dossiers }))).toEqual(['acknowledged-lost']);
  });

  test('a leg that could be served and is not, without a hold, is seen', () => {
    const right = rightWorld();
    const links = right.links.map((link) =>
      link.system === 'registry' ? { ...link, externalId: null, situation: 'waiting' as const } : link,
    );
    expect(rulesBroken(right.evidence({ links }))).toEqual(['not-converged']);
  });

  test('a clerk’s correction after the result belongs to the ministry', () => {
    const right = rightWorld();
    changeByPerson(right.world, right.files.registry, { tinhTrang: '4' });
    typeValue(right.world, right.files.registry, 'name', 'drift');
    expect(rulesBroken(right.evidence())).toEqual([]);
  });
});
