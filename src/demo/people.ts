import type { Simulator } from '../kit/contract.ts';
import type { JsonObject } from '../model/json.ts';
import type { DemoApi, SeenDossier } from './api.ts';
import { type Clerk, nested, type Step, type Story, valueAt } from './story.ts';

/** The clerks at the ministries and the official at the one-stop: they do each step when its time has come. */

export interface People {
  readonly api: DemoApi;
  readonly oneStop: Simulator;
  /** By the name of the system. */
  readonly ministries: ReadonlyMap<string, Simulator>;
  readonly story: Story;
}

export interface Scene {
  readonly document: JsonObject;
  readonly code: string;
  /** Record kind at the one-stop: `birth` of form `birth@1`. */
  readonly kind: string;
}

export const sceneOf = (document: JsonObject): Scene => ({
  document,
  code: String(document.code),
  kind: String(document.form).split('@')[0] ?? '',
});

const STATUSES = { receive: '2', withdraw: '7', 'hand-over': '10' } as const;

/** Whether the step's time has come. `seen` null = motlan does not know the dossier yet. */
export function isTime(step: Step, seen: SeenDossier | null): boolean {
  if (step.when === 'start') return true;
  if (seen === null) return false;
  if (step.when === 'taken' || step.when === 'step') return true;
  if (step.when.startsWith('hold:')) return holdOfKind(seen, step.when.slice('hold:'.length)) !== undefined;
  const [first = '', second] = step.when.split(':');
  const system = second === undefined ? (step.who === 'ministry' ? step.at : undefined) : first;
  return seen.legs.some((leg) => leg.phase === (second ?? first) && (system === undefined || leg.system === system));
}

const holdOfKind = (seen: SeenDossier, kind: string) =>
  [...seen.holds, ...seen.legs.flatMap((leg) => leg.holds)].find((hold) => hold.kind === kind);

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

/** Who acts where: the clerk of one system, with what is typed there and how. */
interface Desk {
  readonly ministry: Simulator;
  readonly clerk: Clerk;
  readonly kind: string;
  readonly result: JsonObject;
}

function deskOf({ ministries, story }: People, scene: Scene, step: Step & { who: 'ministry' }, seen: SeenDossier | null): Desk {
  const chapter = story.chapters.get(scene.code);
  const system = step.at ?? chapter?.system ?? '';
  const ministry = ministries.get(system);
  const clerk = story.clerks.get(system);
  if (ministry === undefined || clerk === undefined) throw new Error(`${scene.code}: the story has no clerk at ${system}`);
  const leg = seen?.legs.find((one) => one.system === system);
  return { ministry, clerk, kind: step.kind ?? leg?.record ?? scene.kind, result: chapter?.result ?? {} };
}

function atMinistry(people: People, scene: Scene, step: Step & { who: 'ministry' }, seen: SeenDossier | null): boolean {
  const desk = deskOf(people, scene, step, seen);
  const { ministry, clerk, kind } = desk;
  if (step.do === 'type') {
    const typed = typedRecord(desk, step);
    if (typedIds(desk, typed).length === 0) ministry.typeByHand(kind, typed);
    return true;
  }
  const id = recordId(desk, scene, seen);
  if (id === null) return false;
  const held = ministry.records(kind).find((one) => one.id === id)?.record ?? {};
  if (step.do === 'edit') {
    ministry.edit(kind, id, within(held, nested(step.with)));
    return true;
  }
  const stage = clerk.stages[step.do];
  if (stage === undefined) throw new Error(`${scene.code}: no clerk knows how to ${step.do}`);
  if (String(valueAt(held, clerk.stage)) === stage) return true;
  ministry.advance(kind, id, stage, step.do === 'issue' ? resultOf(desk, step.with) : step.with);
  return true;
}

const resultOf = ({ clerk, result }: Desk, given: JsonObject): JsonObject => {
  const whole = { ...result, ...given };
  return clerk.result === undefined ? whole : { [clerk.result]: whole };
};

/** What a clerk types who has not heard of motlan: the record, registered at once where a result is given. */
function typedRecord(desk: Desk, step: Step): JsonObject {
  const { record, result } = step.with as { readonly record: JsonObject; readonly result?: JsonObject };
  return result === undefined ? record : { ...record, ...resultOf(desk, result) };
}

/** The changed fields inside the objects they stand in, whose other fields stay as they are. */
const within = (held: JsonObject, changes: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(changes).map(([name, value]) => {
      const inner = held[name];
      return isObject(value) && isObject(inner) ? [name, { ...inner, ...within(inner, value) }] : [name, value];
    }),
  );
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ids of records that hold just what this clerk types: the same entry of the same book. */
const typedIds = ({ ministry, clerk, kind }: Desk, typed: JsonObject): readonly string[] => {
  const entryOf = (record: JsonObject): string => JSON.stringify(clerk.entry.map((path) => valueAt(record, path) ?? null));
  return ministry.records(kind).flatMap(({ id, record }) => (entryOf(record) === entryOf(typed) ? [id] : []));
};

function recordId({ ministry, clerk, kind }: Desk, scene: Scene, seen: SeenDossier | null): string | null {
  const records = ministry.records(kind);
  const known = seen?.legs.map((leg) => leg.externalId).find((id) => id !== null && records.some((one) => one.id === id));
  const codes = [scene.code, seen?.nationalCode].filter((code) => typeof code === 'string');
  const isOurs = ({ key, record }: { readonly key: string | null; readonly record: JsonObject }): boolean =>
    (key !== null && codes.includes(key)) || clerk.code.some((path) => codes.includes(String(valueAt(record, path))));
  return known ?? records.find(isOurs)?.id ?? null;
}

async function atOneStop(people: People, scene: Scene, step: Step & { who: 'official' }, seen: SeenDossier | null): Promise<boolean> {
  const { oneStop } = people;
  switch (step.do) {
    case 'edit':
      oneStop.edit(scene.kind, scene.code, nested(step.with));
      return true;
    case 'supply':
      oneStop.advance(scene.kind, scene.code, statusBeforePause(seen), nested(step.with));
      return true;
    case 'decide':
      return decide(people, scene, step, seen);
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

async function decide(people: People, scene: Scene, step: Step & { who: 'official' }, seen: SeenDossier | null): Promise<boolean> {
  const hold = seen === null ? undefined : holdOfKind(seen, step.when.slice('hold:'.length));
  if (hold === undefined) return false;
  const { decision, value } = step.with;
  const typed = /^\$typed(\d+)$/.exec(String(value ?? ''))?.[1];
  const answer = typed === undefined ? value : typedBefore(people, scene, seen)[Number(typed) - 1];
  return people.api.decide(hold.id, String(decision), answer === undefined || answer === null ? null : String(answer));
}

/** Ids of the records typed by hand for this dossier, in the order of the story. */
function typedBefore(people: People, scene: Scene, seen: SeenDossier | null): readonly string[] {
  return (people.story.steps.get(scene.code) ?? []).flatMap((step) => {
    if (step.who !== 'ministry' || step.do !== 'type') return [];
    const desk = deskOf(people, scene, step, seen);
    return typedIds(desk, typedRecord(desk, step)).slice(0, 1);
  });
}
