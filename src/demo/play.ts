import { clock } from '../assemble.ts';
import type { SeenDossier } from './api.ts';
import { isTime, play, type Scene } from './people.ts';
import type { Live } from './screen.ts';
import type { Stage } from './stage.ts';
import { atRest } from './summary.ts';

/** Lets official and clerk do their steps, and watches each leg, until nothing happens by itself any more. */

const EVERY_MS = 250;
const QUIET_MS = 4_000;
const MOST_MS = 10 * 60_000;

export interface PlayOptions {
  readonly live: Live;
  readonly lang: 'vi' | 'en';
  readonly signal: AbortSignal;
}

/** Codes of dossiers still on their way when it stopped; empty when all have ended or wait for a person. */
export async function playAll(stage: Stage, options: PlayOptions): Promise<readonly string[]> {
  const startedAt = clock.now();
  let changedAt = startedAt;
  for (const scene of stage.scenes.values()) await enter(stage, scene, options);
  while (!options.signal.aborted) {
    let unfinished: string[] = [];
    for (const scene of stage.scenes.values()) {
      if (stage.refused.has(scene.code)) continue;
      const { changed, rests } = await turn(stage, scene, options);
      if (changed) changedAt = clock.now();
      if (!rests) unfinished = [...unfinished, scene.code];
    }
    options.live.count(counted(stage, unfinished.length, options.lang));
    const quiet = clock.now() - changedAt > QUIET_MS;
    if ((unfinished.length === 0 && quiet) || clock.now() - startedAt > MOST_MS) return unfinished;
    await clock.sleep(EVERY_MS, options.signal);
  }
  return [];
}

/** The official types it, unless motlan says at the counter that it cannot be taken, or it was typed at an earlier start. */
async function enter(stage: Stage, scene: Scene, options: PlayOptions): Promise<void> {
  const { people } = stage;
  await playDue(stage, scene, null);
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
  readonly rests: boolean;
}

async function turn(stage: Stage, scene: Scene, { live }: PlayOptions): Promise<Turn> {
  const before = stage.seen.get(scene.code);
  const seen = await stage.people.api.dossier(scene.code);
  if (seen === null) return { changed: false, rests: false };
  stage.seen.set(scene.code, seen);
  live.seen(seen);
  const did = await playDue(stage, scene, seen);
  const left = (stage.people.story.steps.get(scene.code)?.length ?? 0) - stage.played.of(scene.code);
  return { changed: did || before === undefined || marks(before) !== marks(seen), rests: left === 0 && atRest(seen) };
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

function counted(stage: Stage, unfinished: number, lang: 'vi' | 'en'): string {
  const all = stage.scenes.size;
  const resting = all - unfinished - stage.refused.size;
  return lang === 'vi'
    ? `${all} hồ sơ: ${unfinished} đang xử lý, ${resting} đã xong hoặc chờ người xử lý, ${stage.refused.size} bị từ chối tại quầy`
    : `${all} dossiers: ${unfinished} on their way, ${resting} done or waiting for a person, ${stage.refused.size} refused at the counter`;
}
