import type { Simulator } from '../kit/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { DemoApi, SeenDossier } from './api.ts';
import { nested, type Step, type Story } from './story.ts';

/** The clerk at the ministry and the official at the one-stop: they do each step when its time has come. */

export interface People {
  readonly api: DemoApi;
  readonly oneStop: Simulator;
  readonly ministry: Simulator;
  readonly story: Story;
}

export interface Scene {
  readonly document: JsonObject;
  readonly code: string;
  /** Record kind on both sides: `birth` of form `birth@1`. */
  readonly kind: string;
}

export const sceneOf = (document: JsonObject): Scene => ({
  document,
  code: String(document.code),
  kind: String(document.form).split('@')[0] ?? '',
});

const STAGES = { accept: '3', assign: '7', issue: '4', 'ask-supplement': '2', refuse: '6' } as const;
const STATUSES = { receive: '2', withdraw: '7', 'hand-over': '10' } as const;

/** Whether the step's time has come. `seen` null = motlan does not know the dossier yet. */
export function isTime(step: Step, seen: SeenDossier | null): boolean {
  if (step.when === 'start') return true;
  if (seen === null) return false;
  if (step.when === 'taken' || step.when === 'step') return true;
  if (step.when.startsWith('hold:')) return holdOfKind(seen, step.when.slice('hold:'.length)) !== undefined;
  return seen.legs.some((leg) => leg.phase === step.when);
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

function atMinistry({ ministry, story }: People, scene: Scene, step: Step & { who: 'ministry' }, seen: SeenDossier | null): boolean {
  if (step.do === 'type') {
    const { record, result } = step.with as { readonly record: JsonObject; readonly result: JsonObject };
    const typed = { ...record, ketQuaXuLy: { ...story.result, ...result } };
    if (typedIds(ministry, scene.kind, typed).length === 0) ministry.typeByHand(scene.kind, typed);
    return true;
  }
  const id = ministryId(ministry, scene, seen);
  if (id === null) return false;
  if (step.do === 'edit') {
    const held = ministry.records(scene.kind).find((one) => one.id === id)?.record ?? {};
    ministry.edit(scene.kind, id, within(held, nested(step.with)));
    return true;
  }
  const stage = STAGES[step.do];
  if (stageOf(ministry, scene.kind, id) === stage) return true;
  ministry.advance(scene.kind, id, stage, step.do === 'issue' ? { ketQuaXuLy: { ...story.result, ...step.with } } : step.with);
  return true;
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
const typedIds = (ministry: Simulator, kind: string, typed: JsonObject): readonly string[] =>
  ministry.records(kind).flatMap(({ id, record }) => (entryOf(record) === entryOf(typed) ? [id] : []));

const entryOf = (record: JsonObject): string => {
  const { quyenSo, soDangKy } = (record.ketQuaXuLy ?? {}) as JsonObject;
  return JSON.stringify([record.noiDangKy, quyenSo, soDangKy]);
};

function ministryId(ministry: Simulator, scene: Scene, seen: SeenDossier | null): string | null {
  const records = ministry.records(scene.kind);
  const known = seen?.legs.map((leg) => leg.externalId).find((id) => id !== null && records.some((one) => one.id === id));
  const codes = [scene.code, seen?.nationalCode].filter((code) => typeof code === 'string');
  return (
    known ??
    records.find(({ key, record }) => (key !== null && codes.includes(key)) || codes.includes(String(record.maHoSoMCDT)))?.id ??
    null
  );
}

const stageOf = (ministry: Simulator, kind: string, id: string): Json | undefined =>
  ministry.records(kind).find((one) => one.id === id)?.record.trangThai;

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

async function decide(
  { api, ministry, story }: People,
  scene: Scene,
  step: Step & { who: 'official' },
  seen: SeenDossier | null,
): Promise<boolean> {
  const hold = seen === null ? undefined : holdOfKind(seen, step.when.slice('hold:'.length));
  if (hold === undefined) return false;
  const { decision, value } = step.with;
  const typed = /^\$typed(\d+)$/.exec(String(value ?? ''))?.[1];
  const answer = typed === undefined ? value : typedBefore(ministry, story, scene)[Number(typed) - 1];
  return api.decide(hold.id, String(decision), answer === undefined || answer === null ? null : String(answer));
}

/** Ids of the records typed by hand for this dossier, in the order of the story. */
function typedBefore(ministry: Simulator, story: Story, scene: Scene): readonly string[] {
  const steps = (story.steps.get(scene.code) ?? []).filter((step) => step.do === 'type');
  return steps.flatMap((step) => {
    const { record, result } = step.with as { readonly record: JsonObject; readonly result: JsonObject };
    return typedIds(ministry, scene.kind, { ...record, ketQuaXuLy: { ...story.result, ...result } }).slice(0, 1);
  });
}
