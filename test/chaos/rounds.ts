import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { FAILPOINTS } from '../../src/failpoints.ts';
import { seeded } from '../../src/kit/simulator.ts';
import { calmDown } from './calm.ts';
import { endAll } from './children.ts';
import { type Invented, invented } from './dossiers.ts';
import { judge, type Verdict } from './judge.ts';
import { type Motlan, openMotlan } from './motlan.ts';
import { type Counter, clerksWork, openCounter } from './people.ts';
import { openProvince, type Province } from './province.ts';

/** Rounds of kill -9: dossiers come in, clerks work, motlan dies at a named place or at any moment, and starts again. */

export interface Setting {
  readonly rounds: number;
  readonly seed: number;
  readonly unsafe: boolean;
  readonly tell: (round: Round) => void;
}

export interface Round {
  readonly round: number;
  /** `name:count`, or `random` with the moment after it was up. */
  readonly aim: string;
  /** Died at the named place; else it was killed from outside. */
  readonly hit: boolean;
  readonly entered: number;
  readonly acknowledged: number;
  /** Acknowledged before this death and not in the store after it. */
  readonly lost: readonly string[];
}

export interface Run {
  readonly rounds: readonly Round[];
  readonly verdict: Verdict;
  /** Open holds at the end, by kind. */
  readonly holds: Readonly<Record<string, number>>;
  readonly calmMs: number;
}

const A_ROUND = 3;
/** How long a named place may take to be reached. */
export const MOST_WAIT_MS = 6_000;

interface Stage {
  readonly setting: Setting;
  readonly province: Province;
  readonly motlan: Motlan;
  readonly counter: Counter;
  readonly dossiers: Invented[];
  readonly random: () => number;
}

export async function runRounds(setting: Setting): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'motlan-chaos-'));
  const province = await openProvince(folder, setting);
  try {
    const motlan = await openMotlan(folder, province);
    const stage: Stage = {
      ...{ setting, province, motlan, dossiers: [] },
      counter: openCounter(motlan),
      random: seeded(setting.seed),
    };
    const rounds: Round[] = [];
    for (let round = 1; round <= setting.rounds; round += 1) {
      const done = await playRound(stage, round);
      rounds.push(done);
      setting.tell(done);
    }
    const run = await finish(stage, rounds);
    if (run.verdict.violations.length === 0) await rm(folder, { recursive: true, force: true });
    else process.stderr.write(`what was left: ${folder}\n`);
    return run;
  } finally {
    await province.end();
    await endAll();
  }
}

/** Every third death comes at a random moment, the others at the named places in turn. */
export function aimOf({ random }: Pick<Stage, 'random'>, round: number): { readonly failpoint: string | null; readonly afterMs: number } {
  const turn = round - 1 - Math.floor(round / 3);
  const count = 1 + Math.floor(random() * 4);
  const name = FAILPOINTS[turn % FAILPOINTS.length];
  const afterMs = Math.floor(random() * 1_200);
  return { failpoint: round % 3 === 0 || name === undefined ? null : `${name}:${count}`, afterMs };
}

async function playRound(stage: Stage, round: number): Promise<Round> {
  const { counter, motlan, province, random } = stage;
  const aim = aimOf(stage, round);
  for (let i = 0; i < A_ROUND; i += 1) await enter(stage);
  const child = motlan.start(aim.failpoint);
  const clerks = clerksWork(province.ministry, 4, random);
  if (await motlan.isUp(child)) await Promise.race([child.gone, wait(aim.failpoint === null ? aim.afterMs : MOST_WAIT_MS)]);
  await clerks;
  const hit = aim.failpoint !== null && child.isGone();
  const before = new Set(counter.acknowledged);
  const how = await child.end('SIGKILL');
  if (how !== 'SIGKILL') throw new Error(`motlan ended by itself with ${how} in round ${round}`);
  const { codes } = await motlan.kept();
  return {
    ...{ round, hit, aim: aim.failpoint ?? `random ${aim.afterMs} ms` },
    entered: stage.dossiers.length,
    acknowledged: before.size,
    lost: [...before].filter((code) => !codes.has(code)),
  };
}

/** One in ten was typed at the ministry before; with an unsafe ministry, another one in ten was typed there twice. */
async function enter({ dossiers, province, counter, setting, random }: Stage): Promise<void> {
  const lot = random();
  const typed = lot < 0.1 ? 1 : lot < 0.2 && setting.unsafe ? 2 : 0;
  const dossier = invented(dossiers.length, typed);
  dossiers.push(dossier);
  for (let i = 0; i < typed; i += 1) await province.ministry.typeByHand(dossier.kind, dossier.natural);
  await province.oneStop.typeByHand(dossier.kind, dossier.body);
  counter.enter(dossier);
}

export const auditShape = z.object({ broken: z.array(z.unknown()) });

async function finish({ setting, province, motlan, counter, dossiers, random }: Stage, rounds: readonly Round[]): Promise<Run> {
  await province.calm();
  const child = motlan.start(null);
  if (!(await motlan.isUp(child))) throw new Error('motlan does not start again');
  const calm = await calmDown({ province, motlan, counter, dossiers, random });
  await counter.close();
  const how = await child.end('SIGTERM');
  if (how !== 0) throw new Error(`motlan did not stop in order: ${how}`);
  if (counter.refusals.length > 0) throw new Error(`motlan refused a dossier of the demo: ${counter.refusals[0]}`);
  const audit = auditShape.parse(JSON.parse(await motlan.command('audit', 'verify')));
  const { openEffects } = await motlan.kept();
  const verdict = judge({
    ...{ unsafe: setting.unsafe, acknowledged: counter.acknowledged, openEffects, brokenAudit: audit.broken.length },
    lostAtDeath: rounds.flatMap(({ lost }) => lost),
    ...calm.facts,
  });
  return { rounds, verdict, holds: calm.holds, calmMs: calm.tookMs };
}
