import { Trouble } from '../trouble.ts';
import type { XmlElement, XmlNode } from './tree.ts';

/** A tree as XML text: NFC, escaped, with as few namespace declarations as it takes. */

export interface XmlLayout {
  /** Prefix → namespace, declared at the root. A namespace without one is declared where it is first needed. */
  readonly prefixes?: Readonly<Record<string, string>>;
  /** Default true. */
  readonly declaration?: boolean;
}

const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}._\u00b7-]*$/u;
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const ATTRIBUTE: Readonly<Record<string, string>> = { ...TEXT, '"': '&quot;', '\t': '&#9;', '\n': '&#10;' };
const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

interface Scope {
  readonly prefixes: ReadonlyMap<string, string>;
  /** What an element without prefix is in here. */
  readonly plain: string;
}

/** Throws Trouble `refused` for a character XML cannot carry, `setup` for a name that is none. */
export function xmlText(root: XmlElement, layout: XmlLayout = {}): string {
  const prefixes = Object.entries(layout.prefixes ?? {});
  const declared = prefixes.map(([prefix, uri]) => ` xmlns:${nameOf(prefix)}="${escaped(uri, ATTRIBUTE)}"`).join('');
  const scope: Scope = {
    prefixes: new Map([[XML_NAMESPACE, 'xml'], ...prefixes.map(([prefix, uri]) => [uri, prefix] as const)]),
    plain: '',
  };
  const head = layout.declaration === false ? '' : '<?xml version="1.0" encoding="UTF-8"?>\n';
  return head + written(root, scope, declared);
}

function written(of: XmlElement, scope: Scope, declared: string): string {
  const prefix = of.namespace === scope.plain ? undefined : scope.prefixes.get(of.namespace);
  const tag = prefix === undefined ? nameOf(of.name) : `${prefix}:${nameOf(of.name)}`;
  const inside: Scope = prefix === undefined ? { ...scope, plain: of.namespace } : scope;
  const plain = inside.plain === scope.plain ? '' : ` xmlns="${escaped(of.namespace, ATTRIBUTE)}"`;
  const head = `<${tag}${declared}${plain}${attributes(of, scope)}`;
  if (of.children.length === 0) return `${head}/>`;
  return `${head}>${of.children.map((child) => node(child, inside)).join('')}</${tag}>`;
}

const node = (child: XmlNode, scope: Scope): string => (typeof child === 'string' ? escaped(child, TEXT) : written(child, scope, ''));

function attributes(of: XmlElement, scope: Scope): string {
  const parts = of.attributes.map(({ name, namespace, value }, index) => {
    const text = `="${escaped(value, ATTRIBUTE)}"`;
    if (namespace === '') return ` ${nameOf(name)}${text}`;
    const known = scope.prefixes.get(namespace);
    if (known !== undefined) return ` ${known}:${nameOf(name)}${text}`;
    return ` xmlns:a${index}="${escaped(namespace, ATTRIBUTE)}" a${index}:${nameOf(name)}${text}`;
  });
  return parts.join('');
}

function escaped(text: string, table: Readonly<Record<string, string>>): string {
  if (UNWRITABLE.test(text))
    throw new Trouble({
      kind: 'refused',
      scope: 'record',
      code: 'xml.character',
      vi: 'Có ký tự điều khiển không gửi được bằng XML.',
      en: 'A control character that XML cannot carry.',
    });
  return text.normalize('NFC').replace(/[&<>"\t\n\r]/gu, (sign) => table[sign] ?? sign);
}

function nameOf(name: string): string {
  if (NAME.test(name)) return name;
  throw new Trouble({
    kind: 'setup',
    scope: 'procedure',
    code: 'xml.name',
    vi: 'Tên phần tử XML không hợp lệ trong cấu trúc bản ghi.',
    en: 'A field name of the record is no XML name.',
  });
}
