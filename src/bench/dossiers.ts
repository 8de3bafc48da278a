import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { z } from 'zod';
import { procedureRule, readCatalogue } from '../assemble/rules.ts';
import { clock } from '../assemble.ts';
import { HOUSE } from '../config.ts';
import { loadForms } from '../intake/forms.ts';
import type { JsonObject } from '../model/json.ts';
import { type BareLoop, type Carried, runBareLoop } from './bare-loop.ts';
import { birthByHand } from './birth-by-hand.ts';
import { birthTables } from './birth-tables.ts';
import { birthOf, demoBirths, numbered } from './births.ts';
import { type Child, startChild } from './children.ts';
import type { BenchReport } from './contract.ts';
import { type DossiersFigures, dossiersReport, LEAST_RATIO } from './dossiers-report.ts';
import { benchBook } from './house.ts';
import { addressShape, type Counts, costsShape, countsShape, systemsShape, type Work, workShape } from './processes.ts';
import type { Cost } from './profile.ts';
import { median } from './rounds.ts';
import { atMost, type Caller, openCaller } from './wire.ts';

/**
 * `bench dossiers`: from the accepted POST until the ministry's record was read back and nothing is left to do, durable at
 * every step, the systems in other processes; against a bare durable loop that makes the same calls, in turns with it.
 */

export interface DossiersOptions {
  /** In one round. */
  readonly dossiers?: number;
  readonly rounds?: number;
  /** Rounds before those that count. */
  readonly warmUp?: number;
  readonly connections?: number;
  /** Links in one visit batch, and dossiers in one commit of the bare loop. */
  readonly batch?: number;
}

interface Round {
  readonly motlanMs: number;
  readonly bareMs: number;
  readonly calls: Readonly<Record<string, number>>;
  readonly work: Pick<Work, 'commits' | 'statements' | 'cpuMs'>;
  readonly bareCpuMs: number;
  readonly systemsCpuMs: number;
}

/** Not caused by a dossier: the one-stop's list of changes is asked by the clock. */
const STANDING = 'GET /dossiers/changes';
const QUIET_MS = 1_000;
const LOOK_MS = 100;
const PATIENCE_MS = 120_000;

/** Throws when a dossier does not arrive, a person is asked, or the bare loop made other calls than the product. */
export async function benchDossiers(options: DossiersOptions = {}): Promise<BenchReport<DossiersFigures>> {
  const { dossiers = 300, rounds = 5, warmUp = 1, connections = 16, batch = 50 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'motlan-bench-'));
  const simulators = await startChild('./simulators-process.ts');
  try {
    const systems = systemsShape.parse(simulators.ready);
    const motlan = await startChild('./motlan-process.ts', [JSON.stringify(givenTo(folder, systems, { connections, batch }))]);
    try {
      const stage = await openStage({ simulators, motlan, systems, folder, connections, batch });
      const kept: Round[] = [];
      for (let round = 0; round < warmUp + rounds; round += 1) {
        const made = await oneRound(stage, dossiers, round);
        if (round >= warmUp) kept.push(made);
      }
      const figures = figuresOf(kept, dossiers);
      const missed = figures.ratio < LEAST_RATIO || figures.cpuMsPerDossier > figures.aimedCpuMsPerDossier;
      return dossiersReport({ ...figures, costs: missed ? await costsOf(stage, dossiers, warmUp + rounds) : [] });
    } finally {
      await motlan.stop();
    }
  } finally {
    await simulators.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Systems = z.output<typeof systemsShape>;

function givenTo(folder: string, systems: Systems, { connections, batch }: { readonly connections: number; readonly batch: number }) {
  const behaviour = { pollMs: 3_600_000, concurrent: connections, batch };
  const settings = Object.entries(systems).map(([name, config]) => [name, { config, ...behaviour }] as const);
  return { data: folder, key: randomBytes(32).toString('hex'), systems: Object.fromEntries(settings) };
}

interface Stage {
  readonly simulators: Child;
  readonly motlan: Child;
  readonly caller: Caller;
  readonly push: (body: JsonObject) => Promise<void>;
  readonly connections: number;
  readonly bare: BareLoop;
  /** A fresh run of dossiers, as they are sent and as they are carried by hand. */
  readonly dossiers: (series: string, count: number) => readonly { readonly body: JsonObject; readonly carried: Carried }[];
}

interface Parts {
  readonly simulators: Child;
  readonly motlan: Child;
  readonly systems: Systems;
  readonly folder: string;
  readonly connections: number;
  readonly batch: number;
}

async function openStage({ simulators, motlan, systems, folder, connections, batch }: Parts): Promise<Stage> {
  const { url, token } = addressShape.parse(motlan.ready);
  const caller = openCaller(connections);
  const tables = birthTables((await benchBook()).crosswalks);
  const forms = await loadForms(join(HOUSE, 'mappings/forms'));
  const procedure = procedureRule(await readCatalogue(join(HOUSE, 'mappings')));
  const samples = (await demoBirths()).filter(({ document: { head, body }, hub }) => {
    const isTaken = head.status === 2 && body.files.length === 0 && procedure(head.procedure, head.receivedAt).is === 'valid';
    return isTaken && birthByHand(tables, hub).problems.length === 0;
  });
  return {
    ...{ simulators, motlan, caller, connections },
    push: async (body) =>
      void (await caller.call('POST', `${url}/api/v1/dossiers`, { body, headers: { authorization: `Bearer ${token}` } })),
    bare: { caller, oneStop: systems['one-stop'], ministry: systems['civil-status'], folder, batch, concurrent: connections },
    dossiers: (series, count) =>
      Array.from({ length: count }, (_, i) => {
        const body = numbered(samples[i % samples.length]?.body ?? {}, series, i + 1);
        const birth = birthOf(body, forms);
        if (birth === null) throw new RangeError('a sample birth is not taken by intake');
        return { body, carried: { code: String(body.code), record: birthByHand(tables, birth.hub).record } };
      }),
  };
}

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 10, 3);
/** Each run of dossiers has a day of its own in its codes. */
const seriesOf = (run: number): string => new Date(FIRST_DAY + run * DAY_MS).toISOString().slice(2, 10).replaceAll('-', '');

async function oneRound(stage: Stage, count: number, round: number): Promise<Round> {
  const ours = await throughMotlan(stage, count, seriesOf(2 * round));
  const bare = await throughBareLoop(stage, count, seriesOf(2 * round + 1), ours.calls);
  return { ...ours, ...bare };
}

async function throughMotlan(stage: Stage, count: number, series: string): Promise<Omit<Round, 'bareMs' | 'bareCpuMs'>> {
  const dossiers = stage.dossiers(series, count);
  await stage.simulators.ask({ ask: 'type', dossiers: dossiers.map(({ body }) => body) });
  const [before, idle] = [await counts(stage), await work(stage)];
  const from = sharedNowMs();
  await atMost(stage.connections, dossiers, ({ body }) => stage.push(body));
  const after = await quiet(stage);
  const done = await work(stage);
  if (done.busy > 0 || done.settled - idle.settled !== count || done.openHolds > 0)
    throw new Error(`of ${count} dossiers ${done.settled - idle.settled} arrived; ${done.openHolds} holds, ${done.busy} systems busy`);
  return {
    motlanMs: after.lastCallAtMs - from,
    calls: callsBetween(before, after),
    work: {
      commits: done.commits - idle.commits,
      statements: done.statements - idle.statements,
      cpuMs: done.cpuMs - idle.cpuMs,
    },
    systemsCpuMs: after.cpuMs - before.cpuMs,
  };
}

async function throughBareLoop(
  stage: Stage,
  count: number,
  series: string,
  calls: Readonly<Record<string, number>>,
): Promise<Pick<Round, 'bareMs' | 'bareCpuMs'>> {
  const dossiers = stage.dossiers(series, count);
  await stage.simulators.ask({ ask: 'type', dossiers: dossiers.map(({ body }) => body) });
  const before = await counts(stage);
  const [from, cpu] = [sharedNowMs(), process.cpuUsage()];
  await runBareLoop(
    stage.bare,
    dossiers.map(({ carried }) => carried),
    calls,
  );
  const bareMs = sharedNowMs() - from;
  const { user, system } = process.cpuUsage(cpu);
  const made = callsBetween(before, await counts(stage));
  const differing = Object.keys({ ...calls, ...made }).filter((name) => calls[name] !== made[name]);
  if (differing.length > 0) throw new Error(`the bare loop made other calls than the product: ${differing.join(', ')}`);
  return { bareMs, bareCpuMs: (user + system) / 1000 };
}

const counts = async ({ simulators }: Stage): Promise<Counts> => countsShape.parse(await simulators.ask({ ask: 'counts' }));
const work = async ({ motlan }: Stage): Promise<Work> => workShape.parse(await motlan.ask({ ask: 'work' }));
const sharedNowMs = (): number => performance.timeOrigin + performance.now();

/** Asks the systems, not the product, so that waiting costs it nothing. */
async function quiet(stage: Stage): Promise<Counts> {
  const until = sharedNowMs() + PATIENCE_MS;
  for (;;) {
    const seen = await counts(stage);
    if (sharedNowMs() - seen.lastCallAtMs >= QUIET_MS && ((await work(stage)).busy === 0 || sharedNowMs() > until)) return seen;
    await clock.sleep(LOOK_MS);
  }
}

function callsBetween(before: Counts, after: Counts): Readonly<Record<string, number>> {
  const grown = Object.entries(after.calls).map(([name, count]) => [name, count - (before.calls[name] ?? 0)] as const);
  return Object.fromEntries(grown.filter(([name, count]) => count > 0 && name !== STANDING));
}

function figuresOf(rounds: readonly Round[], dossiers: number): Omit<DossiersFigures, 'costs'> {
  const each = (figure: (round: Round) => number): number => median(rounds.map(figure));
  const per = (figure: (round: Round) => number): number => each(figure) / dossiers;
  const callsPerDossier = per(({ calls }) => Object.values(calls).reduce((sum, count) => sum + count, 0));
  return {
    ratio: each(({ motlanMs, bareMs }) => bareMs / motlanMs),
    motlanPerSecond: each(({ motlanMs }) => (dossiers * 1000) / motlanMs),
    barePerSecond: each(({ bareMs }) => (dossiers * 1000) / bareMs),
    callsPerDossier,
    commitsPerDossier: per(({ work: { commits } }) => commits),
    statementsPerDossier: per(({ work: { statements } }) => statements),
    cpuMsPerDossier: per(({ work: { cpuMs } }) => cpuMs),
    aimedCpuMsPerDossier: 1 + 0.5 * callsPerDossier,
    bareCpuMsPerDossier: per(({ bareCpuMs }) => bareCpuMs),
    systemsCpuMsPerDossier: per(({ systemsCpuMs }) => systemsCpuMs),
    cpuShare: each(({ motlanMs, work: { cpuMs } }) => cpuMs / motlanMs),
    rounds: rounds.length,
    dossiersPerRound: dossiers,
    calls: rounds.at(-1)?.calls ?? {},
  };
}

/** One more round, sampled: what the product spends its time on. */
async function costsOf(stage: Stage, count: number, round: number): Promise<readonly Cost[]> {
  await stage.motlan.ask({ ask: 'profile' });
  await throughMotlan(stage, count, seriesOf(2 * round));
  return costsShape.parse(await stage.motlan.ask({ ask: 'costs' }));
}
