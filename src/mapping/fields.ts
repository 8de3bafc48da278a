import type { Json, JsonObject } from '../model/json.ts';
import { isObject, type Path } from './paths.ts';

/** A JSON Schema read as fields: what a path holds, what is required, what the leaves are. */
export type FieldType = 'text' | 'integer' | 'number' | 'boolean' | 'object' | 'list' | 'any';
export interface Field {
  readonly type: FieldType;
  readonly nullable: boolean;
  readonly format: string | null;
  readonly maxLength: number | null;
  readonly pattern: string | null;
  readonly enum: readonly string[] | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly title: string | null;
  /** Of an object. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly required: ReadonlySet<string>;
  /** Of a list. */
  readonly item: Field | null;
}

const MOST_DEPTH = 24;

/** Reads a schema; local `$ref` are followed. A schema that says nothing is `any`. */
export function readField(schema: JsonObject): Field {
  return read(schema, schema, 0);
}

export const ANY: Field = {
  type: 'any',
  nullable: true,
  format: null,
  maxLength: null,
  pattern: null,
  enum: null,
  minimum: null,
  maximum: null,
  title: null,
  fields: new Map(),
  required: new Set(),
  item: null,
};

function read(schema: JsonObject, root: JsonObject, depth: number): Field {
  const here = follow(schema, root);
  if (depth > MOST_DEPTH) return ANY;
  const types = [here.type].flat().filter((type) => typeof type === 'string');
  const values = Array.isArray(here.enum) ? (here.enum as readonly Json[]) : here.const === undefined ? null : [here.const];
  const numberAt = (name: string): number | null => (typeof here[name] === 'number' ? here[name] : null);
  const textAt = (name: string): string | null => (typeof here[name] === 'string' ? here[name] : null);
  const properties = isObject(here.properties) ? Object.entries(here.properties) : [];
  const type = typeOf(types, properties.length > 0, values);
  return {
    type,
    nullable: types.includes('null') || type === 'any',
    format: textAt('format'),
    maxLength: numberAt('maxLength'),
    pattern: textAt('pattern'),
    enum: values === null ? null : values.filter((value) => value !== null).map(String),
    minimum: numberAt('minimum'),
    maximum: numberAt('maximum'),
    title: textAt('title'),
    fields: new Map(properties.flatMap(([name, each]) => (isObject(each) ? [[name, read(each, root, depth + 1)] as const] : []))),
    required: new Set(Array.isArray(here.required) ? (here.required as readonly Json[]).map(String) : []),
    item: isObject(here.items) ? read(here.items, root, depth + 1) : null,
  };
}

function typeOf(types: readonly Json[], hasFields: boolean, values: readonly Json[] | null): FieldType {
  const type = types.find((each) => each !== 'null');
  if (type === 'string') return 'text';
  if (type === 'array') return 'list';
  if (type === 'integer' || type === 'number' || type === 'boolean' || type === 'object') return type;
  if (hasFields) return 'object';
  const sample = values?.find((value) => value !== null);
  if (typeof sample === 'string') return 'text';
  return typeof sample === 'number' ? 'number' : typeof sample === 'boolean' ? 'boolean' : 'any';
}

function follow(schema: JsonObject, root: JsonObject): JsonObject {
  let here = schema;
  for (let hops = 0; hops < MOST_DEPTH && typeof here.$ref === 'string'; hops += 1) {
    const target = here.$ref.startsWith('#/') ? at(root, here.$ref.slice(2).split('/')) : undefined;
    if (!isObject(target)) return {};
    const { $ref: _followed, ...beside } = here;
    here = { ...target, ...beside };
  }
  return here;
}

const at = (root: JsonObject, names: readonly string[]): Json | undefined =>
  names.reduce<Json | undefined>(
    (here, name) => (isObject(here) ? here[name.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
    root,
  );

/** The field at a path; a selector enters the list's element. undefined where there is none. */
export function fieldAt(from: Field | undefined, path: Path | null): Field | undefined {
  let here = from;
  for (const step of path?.steps ?? []) {
    if (here?.type === 'any') return ANY;
    here = here?.fields.get(step.name);
    if (step.where === null) continue;
    const element: Field | undefined = here?.type === 'any' ? ANY : (here?.item ?? undefined);
    if (element !== undefined && element.type !== 'any' && !element.fields.has(step.where.field)) return undefined;
    here = element;
  }
  return here;
}

/** Whether every step of the path must be there in every valid document. */
export function isRequired(from: Field, path: Path): boolean {
  let here: Field | undefined = from;
  for (const step of path.steps) {
    if (here === undefined || step.where !== null || !here.required.has(step.name)) return false;
    here = here.fields.get(step.name);
  }
  return true;
}

export const MARK_FIELDS = ['name', 'mime', 'sizeBytes', 'hash', 'remoteId', 'kind'] as const;

/** An object that is a file mark is one value, not six. */
export const isMark = (field: Field): boolean => field.type === 'object' && MARK_FIELDS.every((name) => field.fields.has(name));

/** Every path that ends in a value, lists as `list[]`, in schema order. */
export function leaves(field: Field, prefix = ''): readonly string[] {
  if (field.type === 'object' && field.fields.size > 0 && !isMark(field)) {
    return [...field.fields].flatMap(([name, each]) => leaves(each, prefix === '' ? name : `${prefix}.${name}`));
  }
  if (field.type === 'list' && field.item?.type === 'object' && field.item.fields.size > 0) return leaves(field.item, `${prefix}[]`);
  return prefix === '' ? [] : [prefix];
}

/** Whether a value of `from` fits `to` as it is: same types all the way down. */
export function sameShape(from: Field, to: Field): boolean {
  if (from.type === 'any' || to.type === 'any') return true;
  if (from.type !== to.type) return from.type === 'integer' && to.type === 'number';
  if (from.type === 'list') return from.item === null || to.item === null || sameShape(from.item, to.item);
  if (from.type !== 'object') return true;
  return [...from.fields].every(([name, each]) => {
    const there = to.fields.get(name);
    return there === undefined ? to.fields.size === 0 : sameShape(each, there);
  });
}
