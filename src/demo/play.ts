import { clock } from '../assemble.ts';
import type { SeenDossier } from './api.ts';
import { beginsAtMinistry } from './beforehand.ts';
import { isTime, play, type Scene } from './people.ts';
import { atRest } from './rest.ts';
import type { Live } from './screen.ts';
import type { Stage as WholeStage } from './stage.ts';
import { answerWeather } from './watch.ts';

/** Lets official and clerk do their steps, and watches each leg, until nothing happens by itself any more. */

/** What is played needs no forms: they are for dossiers from a file. */
export type Stage = Omit<WholeStage, 'forms'>;

const EVERY_MS = 100;
/** Dossiers no event spoke of are looked at this often. */
const ANYWAY_MS = 2_000;
const QUIET_MS = 4_000;
/** What was lost or late in bad weather is looked for again after a while. */
const QUIET_IN_WEATHER_MS = 10_000;
const MOST_MS = 5 * 60_000;

export interface PlayOptions {
  readonly live: Live;
  readonly lang: 'vi' | 'en';
  readonly signal: AbortSignal;
  /** Bad weather: a person answers what it leaves unsure; it clears when every step of every story is done. null: fair. */
  readonly weather: { clear(): void } | null;
}

export interface Played {
  /** Codes of dossiers still on their way when it stopped; empty when all have ended or wait for a person. */
  readonly unfinished: readonly string[];
  /** What the weather left unsure and a person answered. */
  readonly weatherAnswers: number;
}

export async function playAll(stage: Stage, options: PlayOptions): Promise<Played> {
  const startedAt = clock.now();
  for (const scene of stage.scenes.values()) await enter(stage, scene, options);
  const touched = new Set(stage.scenes.keys());
  const listening = listen(stage, touched, options.signal);
  const moving = new Set([...stage.scenes.keys()].filter((code) => !stage.refused.has(code)));
  let changedAt = clock.now();
  let anywayAt = changedAt;
  let weatherAnswers = 0;
  let isClear = false;
  while (!options.signal.aborted) {
    const now = clock.now();
    if (now >= anywayAt) {
      for (const code of moving) touched.add(code);
      anywayAt = now + ANYWAY_MS;
    }
    const turned = await playTouched(stage, { touched, moving }, options);
    weatherAnswers += turned.answered;
    if (turned.changed) changedAt = clock.now();
    if (options.weather !== null && !isClear && isPlayed(stage)) {
      isClear = true;
      changedAt = clock.now();
      options.weather.clear();
    }
    options.live.count(counted(stage, moving.size, options.lang));
    const quiet = clock.now() - changedAt > (options.weather === null ? QUIET_MS : QUIET_IN_WEATHER_MS);
    if ((moving.size === 0 && quiet) || clock.now() - startedAt > MOST_MS) break;
    await clock.sleep(EVERY_MS, options.signal);
  }
  listening.stop();
  return { unfinished: [...moving], weatherAnswers };
}

interface Codes {
  readonly touched: Set<string>;
  /** Not at rest when last looked at. */
  readonly moving: Set<string>;
}

async function playTouched(stage: Stage, { touched, moving }: Codes, options: PlayOptions) {
  let changed = false;
  let answered = 0;
  for (const code of [...touched]) {
    touched.delete(code);
    const scene = stage.scenes.get(code);
    if (scene === undefined || stage.refused.has(code)) continue;
    const turned = await turn(stage, scene, options);
    changed ||= turned.changed;
    answered += turned.answered;
    if (turned.rests) moving.delete(code);
    else moving.add(code);
    // Whoever did something looks again at once, to do what follows.
    if (turned.did) touched.add(code);
  }
  return { changed, answered };
}

/** Every event of the engine names the dossier it moved. */
function listen(stage: Stage, touched: Set<string>, signal: AbortSignal): { stop(): void } {
  const stopped = new AbortController();
  void (async () => {
    for await (const { event } of stage.feed.watch(null, AbortSignal.any([signal, stopped.signal])))
      if (event.code !== null) touched.add(event.code);
  })();
  return { stop: () => stopped.abort() };
}

/** The official types it, unless it began at a ministry, or motlan says at the counter that it cannot be taken, or it was typed at an earlier start. */
async function enter(stage: Stage, scene: Scene, options: PlayOptions): Promise<void> {
  const { people } = stage;
  await playDue(stage, scene, null);
  if (beginsAtMinistry(people.story, scene.code)) return;
  if (people.oneStop.records(scene.kind).some(({ id }) => id === scene.code)) return;
  const refusal = await people.api.refusal(scene.document);
  if (refusal !== null) {
    stage.refused.add(scene.code);
    const reasons = refusal.issues.map((issue) => issue[options.lang]).join(' ');
    options.live.line(`${scene.code}  ✗ ${refusal[options.lang]} ${reasons}`);
    return;
  }
  people.oneStop.typeByHand(scene.kind, scene.document);
}

interface Turn {
  readonly changed: boolean;
  readonly did: boolean;
  readonly rests: boolean;
  readonly answered: number;
}

async function turn(stage: Stage, scene: Scene, { live, weather }: PlayOptions): Promise<Turn> {
  const before = stage.seen.get(scene.code);
  const seen = await stage.people.api.dossier(scene.code);
  if (seen === null) return { changed: false, did: false, rests: false, answered: 0 };
  stage.seen.set(scene.code, seen);
  live.seen(seen);
  const answered = weather === null ? 0 : await answerWeather(stage.people, scene, seen, stage.kindOf);
  const did = (await playDue(stage, scene, seen)) || answered > 0;
  const left = (stage.people.story.steps.get(scene.code)?.length ?? 0) - stage.played.of(scene.code);
  return {
    did,
    answered,
    changed: did || before === undefined || marks(before) !== marks(seen),
    rests: left === 0 && atRest(seen, stage.kindOf),
  };
}

/** What of a dossier counts as movement. */
const marks = ({ status, hubVersion, legs, holds }: SeenDossier): string =>
  JSON.stringify([status, hubVersion, legs.map((leg) => [leg.situation, leg.phase, leg.trust, leg.holds.length]), holds.length]);

/** Steps whose time has come, in order; true when one was done. */
async function playDue(stage: Stage, scene: Scene, seen: SeenDossier | null): Promise<boolean> {
  const steps = stage.people.story.steps.get(scene.code) ?? [];
  const first = stage.played.of(scene.code);
  for (let next = first; next < steps.length; next += 1) {
    const step = steps[next];
    if (step === undefined || !isTime(step, seen) || !(await play(stage.people, scene, step, seen))) return next > first;
    await stage.played.done(scene.code, next + 1);
    // What was seen no longer holds once something was done; only `step` follows at once.
    if (steps[next + 1]?.when !== 'step' && steps[next + 1]?.when !== 'start') return true;
  }
  return steps.length > first;
}

const isPlayed = ({ scenes, refused, people, played }: Stage): boolean =>
  [...scenes.keys()].every((code) => refused.has(code) || (people.story.steps.get(code)?.length ?? 0) <= played.of(code));

function counted(stage: Stage, unfinished: number, lang: 'vi' | 'en'): string {
  const all = stage.scenes.size;
  const resting = all - unfinished - stage.refused.size;
  return lang === 'vi'
    ? `${all} hồ sơ: ${unfinished} đang xử lý, ${resting} đã xong hoặc chờ người xử lý, ${stage.refused.size} bị từ chối tại quầy`
    : `${all} dossiers: ${unfinished} on their way, ${resting} done or waiting for a person, ${stage.refused.size} refused at the counter`;
}
