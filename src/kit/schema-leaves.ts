import type { Json, JsonObject } from '../model/json.ts';

export interface SchemaLeaf {
  /** Dotted; lists as `list[].field`. */
  readonly path: string;
  readonly title: string | null;
  readonly required: boolean;
}

const MOST_DEPTH = 24;
/** An object with these fields is one file, not six values. */
const FILE_FIELDS = ['name', 'mime', 'sizeBytes', 'hash', 'remoteId', 'kind'];

/** Every path of a record schema that ends in a value, in the schema's order; local `$ref` are followed. */
export const schemaLeaves = (schema: JsonObject): readonly SchemaLeaf[] => leaves(schema, { root: schema, path: '', required: true }, 0);

interface Place {
  readonly root: JsonObject;
  readonly path: string;
  readonly required: boolean;
}

function leaves(given: JsonObject, place: Place, depth: number): readonly SchemaLeaf[] {
  const schema = followed(given, place.root);
  if (depth > MOST_DEPTH) return [];
  const fields = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const isFile = FILE_FIELDS.every((name) => fields.some(([field]) => field === name));
  if (fields.length > 0 && !isFile) {
    const required = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
    return fields.flatMap(([name, field]) => {
      const path = place.path === '' ? name : `${place.path}.${name}`;
      return isObject(field) ? leaves(field, { ...place, path, required: place.required && required.includes(name) }, depth + 1) : [];
    });
  }
  if (isObject(schema.items) && isObject(followed(schema.items, place.root).properties))
    return leaves(schema.items, { ...place, path: `${place.path}[]` }, depth + 1);
  const { path, required } = place;
  return path === '' ? [] : [{ path, title: typeof schema.title === 'string' ? schema.title : null, required }];
}

function followed(schema: JsonObject, root: JsonObject): JsonObject {
  let here = schema;
  for (let hops = 0; hops < MOST_DEPTH && typeof here.$ref === 'string'; hops += 1) {
    const steps = here.$ref.startsWith('#/') ? here.$ref.slice(2).split('/') : [];
    const target = steps.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), root);
    if (!isObject(target) || steps.length === 0) return {};
    here = target;
  }
  return here;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
