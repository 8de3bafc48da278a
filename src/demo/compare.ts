import type { Simulator } from '../kit/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { DemoApi, SeenDossier } from './api.ts';
import { type Scene, sceneOf } from './people.ts';
import type { SimulatedSystem } from './simulators.ts';
import { clerkOf, type Expectation, type Story, valueAt } from './story.ts';

/**
 * Holds what stands at the ministry and in the one-stop against what was written down by hand beforehand. It looks at the
 * simulators' own data and at the API; nothing of the engine is asked.
 */

export interface Difference {
  readonly code: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export interface Sides {
  readonly api: Pick<DemoApi, 'dossier' | 'refusal'>;
  readonly oneStop: Pick<Simulator, 'records'>;
  readonly ministries: ReadonlyMap<string, Pick<SimulatedSystem, 'records' | 'recordKinds'>>;
}

const ABSENT = 'absent';
const shown = (value: Json | undefined): string =>
  value === undefined || value === null ? ABSENT : typeof value === 'object' ? JSON.stringify(value) : String(value);

export async function compare(sides: Sides, story: Story): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  const attributed = new Set<string>();
  for (const document of story.dossiers) {
    const scene = sceneOf(document);
    const expected = story.expected.get(scene.code);
    const say = (what: string, wanted: string, is: string): void => {
      if (wanted !== is) found.push({ code: scene.code, what, expected: wanted, found: is });
    };
    if (expected === undefined) say('expectation', 'written down', ABSENT);
    else await compareOne(sides, { scene, expected, say, story, attributed });
  }
  for (const { system, kind, id } of allRecords(sides)) {
    if (!attributed.has(`${system}/${kind}/${id}`))
      found.push({ code: `${system}/${kind}/${id}`, what: 'ministry', expected: ABSENT, found: 'a record that belongs to no dossier' });
  }
  return found;
}

interface Comparison {
  readonly scene: Scene;
  readonly expected: Expectation;
  readonly say: (what: string, expected: string, found: string) => void;
  readonly story: Story;
  /** `system/kind/id` of ministry records that belong to a dossier. */
  readonly attributed: Set<string>;
}

async function compareOne(sides: Sides, comparison: Comparison): Promise<void> {
  const { scene, expected, say } = comparison;
  const seen = await sides.api.dossier(scene.code);
  const typed = sides.oneStop.records(scene.kind).find(({ id }) => id === scene.code)?.record;
  if (expected.intake !== undefined) {
    say('intake', expected.intake, (await sides.api.refusal(scene.document))?.code ?? 'taken');
    say('hub', ABSENT, seen === null ? ABSENT : 'there');
    say('one-stop', ABSENT, typed === undefined ? ABSENT : 'there');
    compareMinistry(sides, { ...comparison, expected: { ...expected, ministry: [] } }, null);
    return;
  }
  if (seen === null) {
    say('hub', 'there', ABSENT);
    return;
  }
  if (expected.status !== undefined) {
    say('status', expected.status, String(seen.status));
    say('one-stop status', expected.status, shown(typed?.status));
  }
  for (const [name, value] of Object.entries(expected['one-stop']?.results ?? {})) {
    const path = name.includes('.') ? name : `${systemOf(comparison)}.${name}`;
    say(`results.${path}`, value, shown(valueAt(typed, `results.${path}`)));
  }
  for (const [path, value] of Object.entries(expected['one-stop']?.data ?? {}))
    say(`data.${path}`, value, shown(valueAt(typed, `data.${path}`)));
  compareLegs(comparison, seen);
  compareMinistry(sides, comparison, seen);
}

/** The chapter's own system, meant where none is named. */
const systemOf = ({ story, scene }: Comparison): string => story.chapters.get(scene.code)?.system ?? '';

function compareLegs(comparison: Comparison, seen: SeenDossier): void {
  const { expected, say } = comparison;
  const wanted = { ...(expected.leg === undefined ? {} : { [systemOf(comparison)]: expected.leg }), ...expected.legs };
  const answered = new Set<SeenDossier['legs'][number]>();
  for (const [name, one] of Object.entries(wanted)) {
    const [system, record] = name.split('/');
    const leg = seen.legs.find((candidate) => candidate.system === system && (record === undefined || candidate.record === record));
    if (leg !== undefined) answered.add(leg);
    say(`${name} situation`, one.situation, leg?.situation ?? ABSENT);
    say(`${name} phase`, one.phase, leg?.phase ?? ABSENT);
    say(`${name} trust`, one.trust, leg?.trust ?? ABSENT);
  }
  for (const leg of seen.legs) if (!answered.has(leg)) say(`leg ${leg.system}/${leg.record}`, ABSENT, 'there');
  if (expected.holds === undefined) return;
  const open = [...seen.holds, ...seen.legs.flatMap(({ holds }) => holds)].filter(({ closedAt }) => closedAt === null);
  const listed = (holds: readonly { readonly kind: string; readonly desk: string }[]) =>
    holds
      .map(({ kind, desk }) => `${kind}@${desk}`)
      .sort()
      .join(', ');
  say('holds', listed(expected.holds), listed(open));
}

/** Every record at every ministry, of whatever kind it can hold. */
const allRecords = ({ ministries }: Sides) =>
  [...ministries].flatMap(([system, ministry]) =>
    ministry.recordKinds.flatMap((kind) => ministry.records(kind).map(({ id }) => ({ system, kind, id }))),
  );

const holds = (record: JsonObject, fields: Readonly<Record<string, string>>): boolean =>
  Object.entries(fields).every(([path, value]) => same(shown(valueAt(record, path)), value));

/** The ministry writes names in capitals where a clerk typed them; the natural key is the same. */
const same = (a: string, b: string): boolean => a.normalize('NFC').toLocaleLowerCase('vi') === b.normalize('NFC').toLocaleLowerCase('vi');

function compareMinistry(sides: Sides, comparison: Comparison, seen: SeenDossier | null): void {
  const { scene, expected } = comparison;
  if (expected.ministry === undefined) return;
  const places = new Map<string, { system: string; kind: string; wanted: Wanted[] }>();
  const at = (system: string, kind: string) => {
    const place = places.get(`${system}/${kind}`) ?? { system, kind, wanted: [] };
    places.set(`${system}/${kind}`, place);
    return place;
  };
  for (const leg of seen?.legs ?? []) at(leg.system, leg.record);
  for (const one of expected.ministry) at(one.at ?? systemOf(comparison), one.kind ?? scene.kind).wanted.push(one);
  for (const place of places.values()) comparePlace(sides, comparison, seen, place);
}

type Wanted = NonNullable<Expectation['ministry']>[number];

function comparePlace(
  { ministries }: Sides,
  { scene, say, story, attributed }: Comparison,
  seen: SeenDossier | null,
  { system, kind, wanted }: { readonly system: string; readonly kind: string; readonly wanted: readonly Wanted[] },
): void {
  const clerk = clerkOf(story, system, kind);
  const codes = [scene.code, seen?.nationalCode, scene.document.nationalCode].filter((code) => typeof code === 'string');
  const isOurs = (key: string | null, record: JsonObject): boolean =>
    (key !== null && codes.includes(key)) || (clerk?.code ?? []).some((path) => codes.includes(shown(valueAt(record, path))));
  const mine = (ministries.get(system)?.records(kind) ?? []).filter(
    ({ key, record }) => isOurs(key, record) || wanted.some((one) => holds(record, one.key)),
  );
  const stageOf = (record: JsonObject): string => (clerk?.stage === undefined ? ABSENT : shown(valueAt(record, clerk.stage)));
  for (const { id } of mine) attributed.add(`${system}/${kind}/${id}`);
  say(`${system}/${kind} records`, String(wanted.length), String(mine.length));
  for (const { key, stage = ABSENT, fields } of wanted) {
    const place = mine.findIndex(({ record }) => holds(record, key) && stageOf(record) === stage);
    const [record] = place < 0 ? mine.filter((one) => holds(one.record, key)) : mine.splice(place, 1);
    say(`${system}/${kind} record`, 'there', record === undefined ? ABSENT : 'there');
    if (record === undefined) continue;
    say(`${system}/${kind} stage`, stage, stageOf(record.record));
    for (const [path, value] of Object.entries(fields)) say(`${system}/${kind} ${path}`, value, shown(valueAt(record.record, path)));
  }
}
