import type { Json, JsonObject } from '../model/json.ts';
import type { ShownSheet } from './api.ts';
import type { OfficialStep, People, Scene } from './people.ts';
import { clerkOf, nested, valueAt, within } from './story.ts';

/**
 * Assisted entry as it happens at a desk: the official opens the sheet, types what stands on it into the ministry's own
 * system, and types the number back. Only what the sheet shows is typed, so a wrong sheet makes a wrong record.
 */

/** false = no such sheet lies there yet. `open` leaves it open, as an official does who is called away. */
export async function atSheet(people: People, scene: Scene, step: OfficialStep): Promise<boolean> {
  const system = step.at ?? people.story.chapters.get(scene.code)?.system ?? '';
  const ministry = people.ministries.get(system);
  if (ministry === undefined) throw new Error(`${scene.code}: nobody types into ${system} here`);
  const waiting = (await people.api.sheets(scene.code)).find((one) => one.system === system && one.state !== 'entered');
  if (waiting === undefined) return false;
  const sheet = await people.api.openSheet(waiting.id, waiting.revision, waiting.state === 'opened');
  if (sheet === null) return false;
  if (step.do === 'open') return true;
  const { fields = {}, number } = step.with as { readonly fields?: JsonObject; readonly number?: string };
  const back = (given: string | null) => ({ revision: sheet.revision, number: given, typed: askedOn(sheet) });
  const record = recordOf(sheet, { ...codeOf(people, sheet), ...fields });
  if (sheet.what === 'supplement') {
    const held = ministry.records(sheet.record).find(({ id }) => id === sheet.number.known)?.record ?? {};
    ministry.edit(sheet.record, sheet.number.known ?? '', within(held, record));
    await people.api.numberBack(sheet.id, back(null));
    return true;
  }
  // A number given in the story is typed back without a record, as who reads it off another paper does.
  await people.api.numberBack(sheet.id, back(number ?? typedOnce(people, scene, sheet, record)));
  return true;
}

/** The dossier's code heads the sheet; who types copies it into the field where the system keeps such a remark. */
function codeOf({ story }: People, { system, record, code, what }: ShownSheet): JsonObject {
  const [path] = clerkOf(story, system, record)?.code ?? [];
  return path === undefined || what === 'supplement' ? {} : { [path]: code };
}

/** The record's number there; what this desk has typed before it broke off is recognised by the dossier's code. */
function typedOnce({ ministries, story }: People, scene: Scene, { system, record: kind }: ShownSheet, record: JsonObject): string {
  const ministry = ministries.get(system);
  const paths = clerkOf(story, system, kind)?.code ?? [];
  const known = ministry?.records(kind).find((one) => paths.some((path) => valueAt(one.record, path) === scene.code));
  return known?.id ?? ministry?.typeByHand(kind, record) ?? '';
}

const fieldsOf = ({ screens }: ShownSheet) => screens.flatMap(({ fields }) => fields);
const askedOn = (sheet: ShownSheet): readonly string[] => fieldsOf(sheet).flatMap(({ is, key }) => (is === 'asked' ? [key] : []));

/** What the hand types: the texts of the sheet by field, with what the story says is typed otherwise or from the papers. */
export function recordOf(sheet: ShownSheet, otherwise: JsonObject): JsonObject {
  const typed = fieldsOf(sheet).flatMap(({ key, is, text }): readonly (readonly [string, Json])[] =>
    is === 'asked' ? [] : [[key, is === 'cleared' ? null : text]],
  );
  const values: Record<string, Json> = { ...Object.fromEntries(typed), ...(otherwise as Record<string, Json>) };
  return withLists(nested(values));
}

const ENTRY = /^(.*)\[(\d+)\]$/u;

/** `{ 'rows[1]': a, 'rows[2]': b }` as `{ rows: [a, b] }`, at every depth. */
function withLists(record: JsonObject): JsonObject {
  const whole: Record<string, Json> = {};
  for (const [name, value] of Object.entries(record)) {
    const inner: Json = isObject(value) ? withLists(value) : ((value ?? null) as Json);
    const [, list, nth] = ENTRY.exec(name) ?? [];
    if (list === undefined) whole[name] = inner;
    else whole[list] = Object.assign([...((whole[list] ?? []) as readonly Json[])], { [Number(nth) - 1]: inner });
  }
  return whole;
}
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
