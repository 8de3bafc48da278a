import type { Json, JsonObject } from '../model/json.ts';

/** Paths of a document: `a.b`, `parents[role=mother].x`. No index, no wildcard. */
export interface Step {
  readonly name: string;
  /** The one element of the list `name` whose field has this value. */
  readonly where: { readonly field: string; readonly value: string } | null;
}
export interface Path {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** Several elements answered to a selector: nothing may be read or written there. */
export const TWO_HITS: unique symbol = Symbol('two hits');
export type Found = Json | undefined | typeof TWO_HITS;

const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
const STEP = /([^.[\]=|(){},;"\s/*]+)(?:\[([^.[\]=|(){},;"\s/*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\]"[]+))\])?/y;

/** A path from its text; null when it is not one. An index (`a[0]`) is none. */
export function parsePath(text: string): Path | null {
  const steps: Step[] = [];
  const reader = new RegExp(STEP);
  let at = 0;
  for (;;) {
    reader.lastIndex = at;
    const found = reader.exec(text);
    const name = found?.[1];
    if (found === null || name === undefined || FORBIDDEN_NAMES.has(name)) return null;
    const field = found[2];
    const quoted = found[3];
    const value = quoted === undefined ? (found[4] ?? '') : String(JSON.parse(`"${quoted}"`));
    if (field !== undefined && FORBIDDEN_NAMES.has(field)) return null;
    steps.push({ name, where: field === undefined ? null : { field, value } });
    at = reader.lastIndex;
    if (at === text.length) return { text: printPath(steps), steps };
    if (text[at] !== '.') return null;
    at += 1;
  }
}

export const printPath = (steps: readonly Step[]): string =>
  steps.map((step) => (step.where === null ? step.name : `${step.name}[${step.where.field}=${printKey(step.where.value)}]`)).join('.');

/** A selector's value or a list key as it stands in a path: quoted where it would be misread. */
export const printKey = (value: string): string => (/^[^[\]"\\]+$/.test(value) ? value : JSON.stringify(value));

/** The path below another; an empty base gives the path itself. */
export const below = (base: Path | null, path: Path): Path =>
  base === null ? path : { text: `${base.text}.${path.text}`, steps: [...base.steps, ...path.steps] };

/** The path without selectors, `[]` standing for any element: how schemas name it. */
export const schemaPath = (path: Path): string => path.steps.map((step) => (step.where === null ? step.name : `${step.name}[]`)).join('.');

const isObject = (json: Json | undefined): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json);

/** Whether `path` is `prefix` or lies below it. */
export const isWithin = (path: string, prefix: string): boolean =>
  path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '.' || path[prefix.length] === '[');

/** Reads a path; own fields only. */
export function readPath(from: Json | undefined, path: Path): Found {
  let here: Json | undefined = from;
  for (const step of path.steps) {
    if (!isObject(here)) return undefined;
    here = Object.hasOwn(here, step.name) ? here[step.name] : undefined;
    if (step.where === null) continue;
    const hit = pick(here, step.where);
    if (hit === TWO_HITS) return TWO_HITS;
    here = hit;
  }
  return here;
}

/** A reader made once; plain paths of one to three steps take the short way. */
export function reader(path: Path): (from: Json | undefined) => Found {
  if (path.steps.some((step) => step.where !== null) || path.steps.length > 3) return (from) => readPath(from, path);
  const [a, b, c] = path.steps.map((step) => step.name);
  if (a === undefined) return (from) => from;
  if (b === undefined) return (from) => field(from, a);
  if (c === undefined) return (from) => field(field(from, a), b);
  return (from) => field(field(field(from, a), b), c);
}

const field = (from: Json | undefined, name: string): Json | undefined => (isObject(from) ? from[name] : undefined);

function pick(list: Json | undefined, where: { readonly field: string; readonly value: string }): Found {
  if (!Array.isArray(list)) return undefined;
  let hit: Json | undefined;
  for (const element of list as readonly Json[]) {
    if (!isObject(element) || String(element[where.field] ?? '') !== where.value) continue;
    if (hit !== undefined) return TWO_HITS;
    hit = element;
  }
  return hit;
}

/** A document under construction. */
export type Draft = { [name: string]: Json | undefined };

/** A writer made once. It creates what lies between; a selector finds or creates its element. */
export function writer(path: Path): (into: Draft, value: Json) => void {
  const last = path.steps.at(-1);
  const way = path.steps.slice(0, -1);
  if (last === undefined) return () => undefined;
  if (way.length === 0 && last.where === null) {
    const name = last.name;
    return (into, value) => {
      into[name] = value;
    };
  }
  return (into, value) => {
    let here = into;
    for (const step of way) here = enter(here, step);
    if (last.where === null) here[last.name] = value;
    else Object.assign(enter(here, last), value);
  };
}

function enter(here: Draft, step: Step): Draft {
  if (step.where === null) {
    const next = here[step.name];
    if (isObject(next)) return next as Draft;
    const made: Draft = {};
    here[step.name] = made;
    return made;
  }
  const { field: name, value } = step.where;
  const kept = here[step.name];
  const list = Array.isArray(kept) ? (kept as Draft[]) : [];
  if (kept !== list) here[step.name] = list;
  const hit = list.find((element) => isObject(element) && String(element[name] ?? '') === value);
  if (hit !== undefined) return hit;
  const made: Draft = { [name]: value };
  list.push(made);
  return made;
}

/** A copy of the document with the value set, or removed where it is null; nothing that is not on the way is copied. */
export function withValue(document: JsonObject, path: Path, value: Json): JsonObject {
  return set(document, path.steps, value);
}

function set(document: JsonObject, steps: readonly Step[], value: Json): JsonObject {
  const [step, ...rest] = steps;
  if (step === undefined) return document;
  if (step.where !== null) return { ...document, [step.name]: setInList(document[step.name], step.where, rest, value) };
  if (rest.length === 0) {
    if (value !== null) return { ...document, [step.name]: value };
    const { [step.name]: _gone, ...kept } = document;
    return kept;
  }
  const next = document[step.name];
  if (value === null && !isObject(next)) return document;
  return { ...document, [step.name]: set(isObject(next) ? next : {}, rest, value) };
}

function setInList(list: Json | undefined, where: { field: string; value: string }, rest: readonly Step[], value: Json): Json {
  const elements = Array.isArray(list) ? (list as readonly Json[]) : [];
  const matches = (element: Json): boolean => isObject(element) && String(element[where.field] ?? '') === where.value;
  const lastIsKey = rest.length === 1 && rest[0]?.name === where.field && value === null;
  if (lastIsKey) return elements.filter((element) => !matches(element));
  const change = (element: JsonObject): Json =>
    rest.length === 0 ? { ...element, ...(isObject(value) ? value : {}) } : set(element, rest, value);
  if (elements.some(matches)) return elements.map((element) => (matches(element) && isObject(element) ? change(element) : element));
  return value === null ? elements : [...elements, change({ [where.field]: where.value })];
}

export { isObject };

/** What was found; two hits count as nothing. For lists, whose path names no element. */
export const json = (found: Found): Json | undefined => (found === TWO_HITS ? undefined : found);
