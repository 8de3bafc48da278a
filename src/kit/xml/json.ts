import type { Json, JsonObject } from '../../model/json.ts';
import { elementsIn, type XmlElement, xmlTextOf } from './tree.ts';

/**
 * A tree as JSON, so that rows of `answers.yaml` and zod shapes can look at it: `{ root: … }`, an element without attributes
 * and elements is its text, others are objects with `@attribute`, `#text` and their elements; repeated elements are a list.
 * All values are text, prefixes and namespaces are left out.
 */
export const xmlJson = (root: XmlElement): JsonObject => Object.fromEntries([[root.name, jsonOf(root)]]);

function jsonOf(of: XmlElement): Json {
  const inside = elementsIn(of);
  if (inside.length === 0 && of.attributes.length === 0) return xmlTextOf(of);
  const members = new Map<string, Json>(of.attributes.map(({ name, value }) => [`@${name}`, value]));
  const text = of.children.filter((child) => typeof child === 'string').join('');
  if (text.trim() !== '') members.set('#text', text);
  for (const name of new Set(inside.map((one) => one.name))) {
    const values = elementsIn(of, name).map(jsonOf);
    members.set(name, values.length === 1 ? (values[0] ?? null) : values);
  }
  return Object.fromEntries(members);
}
