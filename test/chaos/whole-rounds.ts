import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { typeBeforehand } from '../../src/demo/beforehand.ts';
import { compare } from '../../src/demo/compare.ts';
import { type Scene, sceneOf } from '../../src/demo/people.ts';
import { type PlayOptions, playAll, type Stage } from '../../src/demo/play.ts';
import type { Story } from '../../src/demo/story.ts';
import { openFeed } from '../../src/http/feed.ts';
import { seeded } from '../../src/kit/simulator.ts';
import { endAll } from './children.ts';
import { openPatient } from './patient.ts';
import { aimOf, auditShape, MOST_WAIT_MS, type Round } from './rounds.ts';
import { judgeWhole, type WholeVerdict } from './whole-judge.ts';
import { openWholeProvince, type WholeProvince } from './whole-province.ts';

/**
 * Rounds of kill -9 over every system at once: the demo's own dossiers come in, officials type from sheets, clerks work, motlan
 * dies at a named place or at any moment, and starts again. At the end each dossier must stand as its expectation says.
 */

export interface WholeSetting {
  readonly rounds: number;
  readonly seed: number;
  /** Answers lost, late, broken and doubled on top of the deaths. */
  readonly weather: boolean;
  /** Every n-th dossier of the demo. */
  readonly every: number;
  readonly tell: (round: Round) => void;
}

export interface WholeRun {
  readonly rounds: readonly Round[];
  readonly verdict: WholeVerdict;
  readonly dossiers: number;
  /** What people answered because nobody could be sure. */
  readonly answers: number;
  readonly calmMs: number;
}

interface Play {
  readonly setting: WholeSetting;
  readonly province: WholeProvince;
  readonly stage: Stage;
  readonly acknowledged: Set<string>;
  readonly random: () => number;
  readonly stopped: AbortController;
}

const SILENT = { line: () => undefined, seen: () => undefined, count: () => undefined, end: () => undefined };
/** How often all are played once more after the last death, each time until nothing moves. */
const MOST_ENDS = 4;

export async function runWholeRounds(setting: WholeSetting): Promise<WholeRun> {
  const folder = await mkdtemp(join(tmpdir(), 'motlan-chaos-'));
  const province = await openWholeProvince(folder, setting.seed, setting.weather);
  const stopped = new AbortController();
  try {
    const acknowledged = new Set<string>();
    const story = storyOf(province.story, setting.every);
    typeBeforehand({ ministries: province.ministries, story });
    const play: Play = {
      ...{ setting, province, acknowledged, stopped, random: seeded(setting.seed) },
      stage: stageOf(province, story, acknowledged, stopped.signal),
    };
    const batches = batchesOf([...play.stage.scenes.values()], setting.rounds);
    const acting: Promise<number>[] = [];
    const rounds: Round[] = [];
    for (let round = 1; round <= setting.rounds; round += 1) {
      acting.push(act(play, batches[round - 1] ?? []));
      const done = await playRound(play, round);
      rounds.push(done);
      setting.tell(done);
    }
    const run = await finish(play, rounds, acting);
    if (run.verdict.violations.length === 0) await rm(folder, { recursive: true, force: true });
    else process.stderr.write(`what was left: ${folder}\n`);
    return run;
  } finally {
    stopped.abort();
    await province.end();
    await endAll();
  }
}

/** A part of the story is a story: each dossier has its own people, papers and records. */
const storyOf = (story: Story, every: number): Story => ({ ...story, dossiers: story.dossiers.filter((_, at) => at % every === 0) });

const batchesOf = (scenes: readonly Scene[], rounds: number): readonly (readonly Scene[])[] =>
  Array.from({ length: rounds }, (_, at) => scenes.filter((_scene, index) => index % rounds === at));

/** What is typed at the one-stop is pushed to motlan as well, until it is acknowledged. */
function stageOf(province: WholeProvince, story: Story, acknowledged: Set<string>, signal: AbortSignal): Stage {
  const api = openPatient(province.motlan, signal);
  const scenes = new Map(story.dossiers.map((document) => [sceneOf(document).code, sceneOf(document)]));
  const isTyped = ({ kind, code }: Scene): boolean => province.oneStop.records(kind).some(({ id }) => id === code);
  const oneStop: WholeProvince['oneStop'] = {
    ...province.oneStop,
    typeByHand: (kind, record) => (isTyped(sceneOf(record)) ? sceneOf(record).code : province.oneStop.typeByHand(kind, record)),
  };
  const refusal: typeof api.refusal = async (document) => {
    const refused = await api.refusal(document);
    const scene = scenes.get(sceneOf(document).code);
    if (refused !== null || scene === undefined) return refused;
    oneStop.typeByHand(scene.kind, document);
    if (await api.push(document)) acknowledged.add(scene.code);
    return null;
  };
  const played = new Map<string, number>();
  return {
    people: { api: { ...api, refusal }, oneStop, ministries: province.ministries, story },
    feed: openFeed(),
    played: { of: (code) => played.get(code) ?? 0, done: async (code, steps) => void played.set(code, steps) },
    ...{ seen: new Map(), scenes, refused: new Set<string>(), kindOf: province.kindOf },
  };
}

/** Lets the people of some dossiers act until nothing moves; they go on through every death. Gives how often they were asked. */
async function act({ stage, stopped }: Play, scenes: readonly Scene[]): Promise<number> {
  const options: PlayOptions = { live: SILENT, lang: 'en', signal: stopped.signal, weather: { clear: () => undefined } };
  const part = { ...stage, scenes: new Map(scenes.map((scene) => [scene.code, scene])) };
  return (await playAll(part, options)).weatherAnswers;
}

async function playRound({ province: { motlan }, acknowledged, random }: Play, round: number): Promise<Round> {
  const aim = aimOf({ random }, round);
  const child = motlan.start(aim.failpoint);
  if (await motlan.isUp(child)) await Promise.race([child.gone, wait(aim.failpoint === null ? aim.afterMs : MOST_WAIT_MS)]);
  const hit = aim.failpoint !== null && child.isGone();
  const before = new Set(acknowledged);
  const how = await child.end('SIGKILL');
  if (how !== 'SIGKILL') throw new Error(`motlan ended by itself with ${how} in round ${round}`);
  const { codes } = await motlan.kept();
  return {
    ...{ round, hit, aim: aim.failpoint ?? `random ${aim.afterMs} ms` },
    entered: before.size,
    acknowledged: before.size,
    lost: [...before].filter((code) => !codes.has(code)),
  };
}

async function finish(play: Play, rounds: readonly Round[], acting: readonly Promise<number>[]): Promise<WholeRun> {
  const { province, stage, acknowledged } = play;
  province.calm();
  const { motlan } = province;
  const startedAt = performance.now();
  const child = motlan.start(null);
  if (!(await motlan.isUp(child))) throw new Error('motlan does not start again');
  let answers = (await Promise.all(acting)).reduce((sum, each) => sum + each, 0);
  const all = [...stage.scenes.values()];
  let unfinished: readonly string[] = all.map(({ code }) => code);
  for (let end = 0; end < MOST_ENDS && unfinished.length > 0; end += 1) {
    const options: PlayOptions = { live: SILENT, lang: 'en', signal: play.stopped.signal, weather: { clear: () => undefined } };
    const played = await playAll(stage, options);
    answers += played.weatherAnswers;
    unfinished = played.unfinished;
  }
  const calmMs = Math.round(performance.now() - startedAt);
  const differences = await compare(stage.people, stage.people.story);
  const how = await child.end('SIGTERM');
  if (how !== 0) throw new Error(`motlan did not stop in order: ${how}`);
  const audit = auditShape.parse(JSON.parse(await motlan.command('audit', 'verify')));
  const kept = await motlan.kept();
  const systems = [['one-stop', province.oneStop] as const, ...province.ministries];
  const verdict = judgeWhole({
    acknowledged,
    kept: kept.codes,
    lostAtDeath: rounds.flatMap(({ lost }) => lost),
    received: systems.flatMap(([system, one]) => one.received().map((taken) => ({ system, ...taken }))),
    differences,
    unfinished,
    openEffects: kept.openEffects,
    brokenAudit: audit.broken.length,
  });
  return { rounds, verdict, dossiers: all.length, answers, calmMs };
}
