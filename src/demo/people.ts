import type { Simulator } from '../kit/contract.ts';
import type { JsonObject } from '../model/json.ts';
import type { DemoApi, SeenDossier } from './api.ts';
import { atSheet } from './assisted.ts';
import { atMinistry, typedBefore } from './ministry.ts';
import type { SimulatedSystem } from './simulators.ts';
import { emptied, nested, type Step, type Story } from './story.ts';

/** The clerks at the ministries and the official at the one-stop: they do each step when its time has come. */

export interface People {
  readonly api: DemoApi;
  readonly oneStop: Simulator;
  /** By the name of the system. */
  readonly ministries: ReadonlyMap<string, SimulatedSystem>;
  readonly story: Story;
}

export interface Scene {
  readonly document: JsonObject;
  readonly code: string;
  /** Record kind at the one-stop: `birth` of form `birth@1`. */
  readonly kind: string;
}

export type OfficialStep = Step & { readonly who: 'official' };

export const sceneOf = (document: JsonObject): Scene => ({
  document,
  code: String(document.code),
  kind: String(document.form).split('@')[0] ?? '',
});

const PAUSED = '5';
const STATUSES = { receive: '2', withdraw: '7', finish: '9', 'hand-over': '10' } as const;

/** Whether the step's time has come. `seen` null = motlan does not know the dossier yet. */
export function isTime(step: Step, seen: SeenDossier | null): boolean {
  if (step.when === 'start' || step.when === 'before') return true;
  if (seen === null) return false;
  if (step.when === 'taken' || step.when === 'step' || step.when === 'sheet') return true;
  if (step.when.startsWith('hold:')) return holdOfKind(seen, step.when.slice('hold:'.length)) !== undefined;
  const [first = '', second] = step.when.split(':');
  const system = second === undefined ? (step.who === 'ministry' ? step.at : undefined) : first;
  return seen.legs.some(
    (leg) => leg.phase === (second ?? first) && (system === undefined || leg.system === system || `${leg.system}/${leg.record}` === system),
  );
}

/** The open hold of a kind, or of `kind/line` and `kind/crosswalk` where several are open. */
function holdOfKind(seen: SeenDossier, asked: string) {
  const [kind, ...rest] = asked.split('/');
  const which = rest.join('/');
  return [...seen.holds, ...seen.legs.flatMap((leg) => leg.holds)].find(
    (hold) => hold.kind === kind && (which === '' || hold.path === which || hold.cause.startsWith(`crosswalk:${which}:`)),
  );
}

/**
 * Does one step; false = it cannot be done yet (the other side is not so far), to be tried again. A step done twice has no
 * second effect, so a demo that was broken off may be taken up again.
 */
export async function play(people: People, scene: Scene, step: Step, seen: SeenDossier | null): Promise<boolean> {
  try {
    if (step.who === 'ministry') return atMinistry(people, scene, step, seen);
    return await atOneStop(people, scene, step, seen);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

async function atOneStop(people: People, scene: Scene, step: OfficialStep, seen: SeenDossier | null): Promise<boolean> {
  const { oneStop } = people;
  switch (step.do) {
    case 'edit':
      oneStop.edit(scene.kind, scene.code, emptied(nested(step.with)) as JsonObject);
      return true;
    case 'supply':
      // Nobody supplies what the one-stop has not asked the citizen for yet.
      if (String(oneStop.records(scene.kind).find((one) => one.id === scene.code)?.record.status) !== PAUSED) return false;
      oneStop.advance(scene.kind, scene.code, statusBeforePause(seen), emptied(nested(step.with)) as JsonObject);
      return true;
    case 'decide':
      return decide(people, scene, step, seen);
    case 'type-in':
    case 'open':
      return atSheet(people, scene, step);
    default: {
      const status = STATUSES[step.do];
      const record = oneStop.records(scene.kind).find((one) => one.id === scene.code)?.record;
      if (String(record?.status) !== status) oneStop.advance(scene.kind, scene.code, status);
      return true;
    }
  }
}

/** As motlan saw it go: the last status before the supplement was asked for. */
function statusBeforePause(seen: SeenDossier | null): string {
  const names = (seen?.progress ?? []).filter(({ kind, name }) => kind === 'status' && name !== '5').map(({ name }) => name);
  return names.at(-1) ?? '2';
}

async function decide(people: People, scene: Scene, step: OfficialStep, seen: SeenDossier | null): Promise<boolean> {
  const hold = seen === null ? undefined : holdOfKind(seen, step.when.slice('hold:'.length));
  if (hold === undefined) return false;
  const { decision, value } = step.with;
  const typed = /^\$typed(\d+)$/.exec(String(value ?? ''))?.[1];
  const answer = typed === undefined ? value : typedBefore(people, scene, seen)[Number(typed) - 1];
  return people.api.decide(hold.id, String(decision), answer === undefined || answer === null ? null : String(answer));
}
