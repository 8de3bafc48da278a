import type { Simulator } from '../kit/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { SeenDossier } from './api.ts';
import type { People, Scene } from './people.ts';
import { type Clerk, clerkOf, nested, type Step, valueAt, within } from './story.ts';

/** What the clerk of a ministry system does: in that system's own words, knowing nothing of motlan. */

export type MinistryStep = Step & { readonly who: 'ministry' };

/** Who acts where: the clerk of one system, with what is typed there and how. */
interface Desk {
  readonly system: string;
  readonly ministry: Simulator;
  readonly clerk: Clerk;
  readonly kind: string;
  readonly result: JsonObject;
}

type Ministries = Pick<People, 'ministries' | 'story'>;

function deskOf({ ministries, story }: Ministries, scene: Scene, step: MinistryStep, seen: SeenDossier | null): Desk {
  const chapter = story.chapters.get(scene.code);
  const system = step.at ?? chapter?.system ?? '';
  const kind = step.kind ?? seen?.legs.find((one) => one.system === system)?.record ?? scene.kind;
  const ministry = ministries.get(system);
  const clerk = clerkOf(story, system, kind);
  if (ministry === undefined || clerk === undefined) throw new Error(`${scene.code}: the story has no clerk at ${system}`);
  return { system, ministry, clerk, kind, result: system === chapter?.system ? chapter.result : {} };
}

/** false = the record is not there yet, or not so far. A step done twice has no second effect. */
export function atMinistry(people: Ministries, scene: Scene, step: MinistryStep, seen: SeenDossier | null): boolean {
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
  if (stage === undefined) throw new Error(`${scene.code}: no clerk at ${desk.system} knows how to ${step.do}`);
  if (clerk.stage !== undefined && String(valueAt(held, clerk.stage)) === (clerk.shows[stage] ?? stage)) return true;
  ministry.advance(
    kind,
    id,
    stage,
    step.do === 'issue' ? resultOf(desk, step.with) : within(atStage(clerk, stage, held), nested(step.with)),
  );
  return true;
}

/** What is typed beside the stage, in the object that shows it, must not bring the old one back. */
const atStage = ({ stage: place, shows }: Clerk, stage: string, held: JsonObject): JsonObject =>
  place === undefined ? held : { ...held, ...within(held, nested({ [place]: shows[stage] ?? stage })) };

const resultOf = ({ clerk, result }: Desk, given: JsonObject): JsonObject => {
  const whole = { ...result, ...given };
  return clerk.result === undefined ? nested(whole as Record<string, Json>) : { [clerk.result]: whole };
};

/** What a clerk types who has not heard of motlan: the record, registered at once where a result is given. */
function typedRecord(desk: Desk, step: Step): JsonObject {
  const { record, result } = step.with as { readonly record: JsonObject; readonly result?: JsonObject };
  return result === undefined ? record : { ...record, ...resultOf(desk, result) };
}

/** Ids of records that hold just what this clerk types: the same entry of the same book. */
const typedIds = ({ ministry, clerk, kind }: Desk, typed: JsonObject): readonly string[] => {
  const entryOf = (record: JsonObject): string => JSON.stringify(clerk.entry.map((path) => valueAt(record, path) ?? null));
  return ministry.records(kind).flatMap(({ id, record }) => (entryOf(record) === entryOf(typed) ? [id] : []));
};

function recordId({ system, ministry, clerk, kind }: Desk, scene: Scene, seen: SeenDossier | null): string | null {
  const records = ministry.records(kind);
  const own = (seen?.legs ?? []).filter((leg) => leg.system === system).map((leg) => leg.externalId);
  const known = own.find((id) => id !== null && records.some((one) => one.id === id));
  const codes = [scene.code, seen?.nationalCode].filter((code) => typeof code === 'string');
  const isOurs = ({ key, record }: { readonly key: string | null; readonly record: JsonObject }): boolean =>
    (key !== null && codes.includes(key)) || clerk.code.some((path) => codes.includes(String(valueAt(record, path))));
  return known ?? records.find(isOurs)?.id ?? null;
}

/** Ids of the records typed by hand for this dossier, in the order of the story. */
export function typedBefore(people: People, scene: Scene, seen: SeenDossier | null): readonly string[] {
  return (people.story.steps.get(scene.code) ?? []).flatMap((step) => {
    if (step.who !== 'ministry' || step.do !== 'type') return [];
    const desk = deskOf(people, scene, step, seen);
    return typedIds(desk, typedRecord(desk, step)).slice(0, 1);
  });
}
