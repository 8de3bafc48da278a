/** XML as a small typed tree: names without prefixes, namespaces as they are, attributes and children in order. */
export interface XmlElement {
  /** The local name, as the system writes it. */
  readonly name: string;
  /** Empty = in no namespace. */
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
}
export interface XmlAttribute {
  readonly name: string;
  readonly namespace: string;
  readonly value: string;
}
export type XmlNode = XmlElement | string;

/** An element of `namespace` ('' = none) with attributes in no namespace. Children that are null are left out. */
export const element = (
  name: string,
  children: readonly (XmlNode | null)[] = [],
  more: { readonly namespace?: string; readonly attributes?: Readonly<Record<string, string>> } = {},
): XmlElement => ({
  name,
  namespace: more.namespace ?? '',
  attributes: Object.entries(more.attributes ?? {}).map(([attribute, value]) => ({ name: attribute, namespace: '', value })),
  children: children.filter((child) => child !== null),
});

/** The elements among the children; only those with the local name, where one is given. */
export const elementsIn = (parent: XmlElement, name?: string): readonly XmlElement[] =>
  parent.children.filter((child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name));

/** All text inside an element, at any depth, as it stands. */
export const xmlTextOf = (parent: XmlElement): string =>
  parent.children.map((child) => (typeof child === 'string' ? child : xmlTextOf(child))).join('');

/** The only element at a dotted path below `parent`; null when there is none, or more than one at any step. */
export function elementAt(parent: XmlElement, path: string): XmlElement | null {
  let at = parent;
  for (const name of path.split('.')) {
    const [found, another] = elementsIn(at, name);
    if (found === undefined || another !== undefined) return null;
    at = found;
  }
  return at;
}

/** The text of the only element at a dotted path; null when there is no such element. */
export function xmlTextAt(parent: XmlElement, path: string): string | null {
  const found = elementAt(parent, path);
  return found === null ? null : xmlTextOf(found);
}

export const attributeOf = (of: XmlElement, name: string, namespace = ''): string | null =>
  of.attributes.find((one) => one.name === name && one.namespace === namespace)?.value ?? null;
