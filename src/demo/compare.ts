import type { Simulator } from '../kit/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { DemoApi, SeenDossier } from './api.ts';
import { type Scene, sceneOf } from './people.ts';
import { type Expectation, type Story, valueAt } from './story.ts';

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
  readonly ministry: Pick<Simulator, 'records'>;
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
    else await compareOne(sides, { scene, expected, say, attributed });
  }
  for (const { id, kind } of allRecords(sides.ministry, story)) {
    if (!attributed.has(`${kind}/${id}`))
      found.push({ code: `${kind}/${id}`, what: 'ministry', expected: ABSENT, found: 'a record that belongs to no dossier' });
  }
  return found;
}

interface Comparison {
  readonly scene: Scene;
  readonly expected: Expectation;
  readonly say: (what: string, expected: string, found: string) => void;
  /** `kind/id` of ministry records that belong to a dossier. */
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
    say(`results.${name}`, value, shown(valueAt(typed, `results.civil-status.${name}`)));
  }
  for (const [path, value] of Object.entries(expected['one-stop']?.data ?? {}))
    say(`data.${path}`, value, shown(valueAt(typed, `data.${path}`)));
  compareLeg(comparison, seen);
  compareMinistry(sides, comparison, seen);
}

function compareLeg({ expected, say }: Comparison, seen: SeenDossier): void {
  const leg = seen.legs.find(({ system }) => system === 'civil-status');
  if (expected.leg !== undefined) {
    say('leg.situation', expected.leg.situation, leg?.situation ?? ABSENT);
    say('leg.phase', expected.leg.phase, leg?.phase ?? ABSENT);
    say('leg.trust', expected.leg.trust, leg?.trust ?? ABSENT);
  }
  if (expected.holds === undefined) return;
  const open = [...seen.holds, ...seen.legs.flatMap(({ holds }) => holds)].filter(({ closedAt }) => closedAt === null);
  const listed = (holds: readonly { readonly kind: string; readonly desk: string }[]) =>
    holds
      .map(({ kind, desk }) => `${kind}@${desk}`)
      .sort()
      .join(', ');
  say('holds', listed(expected.holds), listed(open));
}

function allRecords(ministry: Sides['ministry'], story: Story) {
  const kinds = new Set(story.dossiers.map((document) => sceneOf(document).kind));
  return [...kinds].flatMap((kind) => ministry.records(kind).map((one) => ({ ...one, kind })));
}

const holds = (record: JsonObject, fields: Readonly<Record<string, string>>): boolean =>
  Object.entries(fields).every(([path, value]) => same(shown(valueAt(record, path)), value));

/** The ministry writes names in capitals where a clerk typed them; the natural key is the same. */
const same = (a: string, b: string): boolean => a.normalize('NFC').toLocaleLowerCase('vi') === b.normalize('NFC').toLocaleLowerCase('vi');

function compareMinistry(sides: Sides, { scene, expected, say, attributed }: Comparison, seen: SeenDossier | null): void {
  if (expected.ministry === undefined) return;
  const codes = [scene.code, seen?.nationalCode, scene.document.nationalCode].filter((code) => typeof code === 'string');
  const wanted = [...expected.ministry];
  const mine = sides.ministry
    .records(scene.kind)
    .filter(
      ({ key, record }) =>
        (key !== null && codes.includes(key)) || codes.includes(shown(record.maHoSoMCDT)) || wanted.some((one) => holds(record, one.key)),
    );
  for (const { id } of mine) attributed.add(`${scene.kind}/${id}`);
  say('ministry records', String(wanted.length), String(mine.length));
  for (const { key, stage, fields } of wanted) {
    const place = mine.findIndex(({ record }) => holds(record, key) && shown(record.trangThai) === stage);
    const [record] = place < 0 ? mine.filter((one) => holds(one.record, key)) : mine.splice(place, 1);
    say('ministry record', 'there', record === undefined ? ABSENT : 'there');
    if (record === undefined) continue;
    say('ministry stage', stage, shown(record.record.trangThai));
    for (const [path, value] of Object.entries(fields)) say(`ministry ${path}`, value, shown(valueAt(record.record, path)));
  }
}
