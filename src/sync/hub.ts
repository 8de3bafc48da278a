import type { HubChange, HubSide } from '../mapping/contract.ts';
import { type Choice, type DossierHead, type FileMark, hubDocument, type NationalStatus } from '../model/dossier.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { fold, foldWords } from '../model/text.ts';
import type { Dossier, Lookup } from '../store/contract.ts';

/** The dossier as mapping paths walk it. */
export const hubSide = (dossier: Pick<Dossier, 'head' | 'body'>): HubSide => ({
  document: hubDocument(dossier.head, dossier.body),
  choices: dossier.body.choices,
  at: dossier.head.receivedAt,
});

/** Applies what a spoke's sighting asks of the hub; paths as in the hub document. Does not touch the version. */
export function changeHub(dossier: Dossier, changes: readonly HubChange[]): Dossier {
  return changes.reduce((now, change) => changeOne(now, splitPath(change.path), change.value), dossier);
}

type Step = { readonly name: string; readonly where: { readonly key: string; readonly value: string } | null };

/** `parents[role=mother].fullName` → steps; a list element is named by one of its fields. */
function splitPath(path: string): readonly Step[] {
  const steps: Step[] = [];
  for (const match of path.matchAll(/([^.[\]]+)(?:\[([^=\]]+)=([^\]]*)\])?\.?/g)) {
    const [, name, key, value] = match;
    if (name !== undefined) steps.push({ name, where: key === undefined || value === undefined ? null : { key, value } });
  }
  return steps;
}

/** Facts without which there is no dossier: an answer that leaves them empty is not believed. */
const NEEDED = new Set(['procedure', 'agency', 'status', 'receivedAt']);
const HEAD_TEXT = new Set(['nationalCode', 'procedure', 'agency']);

function changeOne(dossier: Dossier, path: readonly Step[], value: Json): Dossier {
  const [first, ...rest] = path;
  if (first === undefined) return dossier;
  const { head, body } = dossier;
  if (first.name === 'applicant' || first.name === 'results') {
    return { ...dossier, body: { ...body, [first.name]: put(body[first.name], rest, value) as JsonObject } };
  }
  if (first.name === 'files') {
    const files = put({ files: body.files as unknown as Json }, path, value) as unknown as { files?: readonly FileMark[] };
    return { ...dossier, body: { ...body, files: files.files ?? [] } };
  }
  const changed = changeHead(head, first.name, value);
  if (changed !== null) return { ...dossier, head: changed };
  return { ...dossier, body: { ...body, data: put(body.data, path, value) as JsonObject } };
}

/** Head facts are typed in the hub and text in documents; null where the name is none of the head's. */
function changeHead(head: DossierHead, name: string, value: Json): DossierHead | null {
  if (NEEDED.has(name) && (value === null || value === '')) return head;
  if (HEAD_TEXT.has(name)) return { ...head, [name]: value };
  if (name === 'status') return { ...head, status: Number(value) as NationalStatus };
  if (name === 'revision') return { ...head, revision: value === null ? null : Number(value) };
  if (name === 'supplements') return { ...head, supplements: Number(value ?? 0) };
  if (name === 'receivedAt') return { ...head, receivedAt: Date.parse(String(value)) };
  if (name === 'dueAt') return { ...head, dueAt: value === null || value === '' ? null : Date.parse(String(value)) };
  return name === 'code' || name === 'form' ? head : null;
}

/** A copy of `holder` with `value` at the path; null removes. Missing objects and list elements on the way are made. */
function put(holder: Json | undefined, path: readonly Step[], value: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const object: JsonObject = isObject(holder) ? holder : {};
  const held = object[step.name];
  const next = step.where === null ? put(held, rest, value) : putElement(held, step.where, rest, value);
  if (next === null && rest.length === 0) {
    const { [step.name]: _gone, ...others } = object;
    return others;
  }
  return { ...object, [step.name]: next };
}

function putElement(list: Json | undefined, where: { key: string; value: string }, rest: readonly Step[], value: Json): Json {
  const elements: readonly Json[] = Array.isArray(list) ? list : [];
  const isIt = (element: Json) => isObject(element) && String(element[where.key]) === where.value;
  if (rest.length === 0 && value === null) return elements.filter((element) => !isIt(element));
  if (!elements.some(isIt)) return [...elements, put({ [where.key]: where.value }, rest, value)];
  return elements.map((element) => (isIt(element) ? put(element, rest, value) : element));
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Choices die when their source value changed: those that no longer stand are left out. */
export function livingChoices(choices: readonly Choice[], document: JsonObject): readonly Choice[] {
  return choices.filter((choice) => JSON.stringify(valueAt(document, choice.path)) === JSON.stringify(choice.source));
}

/** The value at a hub path, undefined where nothing stands. */
export function valueAt(document: JsonObject, path: string): Json | undefined {
  let held: Json | undefined = document;
  for (const step of splitPath(path)) {
    if (!isObject(held)) return undefined;
    held = held[step.name];
    const { where } = step;
    if (where === null) continue;
    if (!Array.isArray(held)) return undefined;
    held = (held as readonly Json[]).find((element) => isObject(element) && String(element[where.key]) === where.value);
  }
  return held;
}

const IDENTITY_NAMES = /(^|\.)(personalId|identityNumber|identityNumbers|paperNumber|number)$/i;
const NAME_NAMES = /(^|\.)fullName$/;

/** What the dossier can be found by. Values arrive folded; the store keeps only keyed hashes of them. */
export function lookupsOf(dossier: Dossier): readonly Lookup[] {
  const found = new Map<string, Lookup>();
  const add = (kind: Lookup['kind'], value: string) => found.set(`${kind}:${value}`, { kind, value });
  if (dossier.head.nationalCode !== null) add('national-code', dossier.head.nationalCode);
  const walk = (value: Json | undefined, path: string): void => {
    if (Array.isArray(value)) for (const element of value as readonly Json[]) walk(element, path);
    else if (isObject(value)) for (const [name, inner] of Object.entries(value)) walk(inner, `${path}.${name}`);
    else if (typeof value === 'string') {
      if (NAME_NAMES.test(path)) for (const word of foldWords(value)) add('name-word', word);
      else if (/phone$/i.test(path)) add('phone', fold(value));
      else if (/taxCode$/i.test(path)) add('tax-code', fold(value));
      else if (IDENTITY_NAMES.test(path) && /^\d{9,12}$/.test(value)) add('identity', value);
    }
  };
  walk(dossier.body.applicant, 'applicant');
  walk(dossier.body.data, 'data');
  walk(dossier.body.results, 'results');
  return [...found.values()];
}
