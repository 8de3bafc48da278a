import { element, elementsIn, type Json, type JsonObject, type XmlElement, xmlTextOf } from '../../src/kit/index.ts';

/** A record and its XML, both ways, as the record's schema says: names, order, lists, flags. What is missing stays missing. */

const isObject = (json: Json | undefined): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json);
const propertiesOf = (schema: JsonObject): readonly (readonly [string, JsonObject])[] =>
  Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonObject>>);

/** The elements of one field: several for a list, none for what is absent, empty or without a child. */
export function toXml(name: string, value: Json | undefined, schema: JsonObject, namespace: string): readonly XmlElement[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((each) => toXml(name, each, (schema.items ?? {}) as JsonObject, namespace));
  if (!isObject(value)) return [element(name, [String(value)], { namespace })];
  const children = propertiesOf(schema).flatMap(([inner, below]) => toXml(inner, value[inner], below, namespace));
  return children.length === 0 ? [] : [element(name, children, { namespace })];
}

/** What an element says, in the form its schema names; undefined when it says nothing. Text stays text, zeros and all. */
export function fromXml(of: XmlElement, schema: JsonObject): Json | undefined {
  if (schema.type === 'object') {
    const entries = propertiesOf(schema).flatMap(([name, below]) => {
      const value = fieldOf(elementsIn(of, name), below);
      return value === undefined ? [] : [[name, value] as const];
    });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  const text = xmlTextOf(of).trim().normalize('NFC');
  if (text === '') return undefined;
  return schema.type === 'boolean' ? text === 'true' || text === '1' : text;
}

function fieldOf(found: readonly XmlElement[], schema: JsonObject): Json | undefined {
  if (schema.type !== 'array') return found[0] === undefined ? undefined : fromXml(found[0], schema);
  const items = found.flatMap((each) => fromXml(each, (schema.items ?? {}) as JsonObject) ?? []);
  return items.length === 0 ? undefined : items;
}

/** The schema of a field by its dotted path. */
export const schemaAt = (schema: JsonObject, path: string): JsonObject =>
  path.split('.').reduce<JsonObject>((at, name) => ((at.properties ?? {}) as Readonly<Record<string, JsonObject>>)[name] ?? {}, schema);
