import { SaxesParser, type SaxesTagNS } from 'saxes';
import { XmlFault, type XmlWord } from './fault.ts';
import type { XmlElement, XmlNode } from './tree.ts';

/** Text in, trees out, over a streaming parser. DOCTYPE is refused; so is whatever is larger than its limit. */

export interface XmlLimits {
  readonly mostBytes: number;
  readonly mostDepth: number;
  /** Of one tree. */
  readonly mostElements: number;
  /** Characters of text, or of one attribute, in one element. */
  readonly mostText: number;
}

export const XML_LIMITS: XmlLimits = { mostBytes: 10_000_000, mostDepth: 64, mostElements: 200_000, mostText: 4_000_000 };

/** A tree that was wanted, the dotted path it stands at and the line it begins on. */
export interface XmlRecord {
  readonly path: string;
  readonly line: number;
  readonly element: XmlElement;
}

export interface XmlParser {
  /** The trees that ended within this piece of text. */
  write(text: string): readonly XmlRecord[];
  /** Throws when the document is not whole. */
  end(): readonly XmlRecord[];
}

interface Growing {
  readonly tag: SaxesTagNS;
  readonly children: XmlNode[];
  textLength: number;
}

/** `paths`: dotted paths from the root whose elements are wanted as trees; null = the root itself. */
export function openXmlParser(paths: readonly string[] | null, limits: XmlLimits): XmlParser {
  const parser = new SaxesParser({ xmlns: true });
  const roots = paths === null ? null : new Set(paths.map((path) => path.split('.')[0]));
  const names: string[] = [];
  const growing: Growing[] = [];
  let [elements, quiet, line, column] = [0, 0, 1, 1];
  let ready: XmlRecord[] = [];
  let begin = 1;

  const place = () => {
    [line, column] = [parser.line, parser.column + 1];
  };
  const fail = (word: XmlWord): never => {
    place();
    throw new XmlFault(word, line, column);
  };
  const wanted = (path: string) => (paths === null ? names.length === 1 : paths.includes(path));

  parser.on('error', () => fail('broken'));
  parser.on('doctype', () => fail('doctype'));
  parser.on('opentagstart', () => place());
  parser.on('opentag', (tag) => {
    quiet = 0;
    names.push(tag.local);
    if (names.length > limits.mostDepth) fail('too-deep');
    if (names.length === 1 && roots !== null && !roots.has(tag.local)) fail('other-root');
    if (growing.length === 0) {
      if (!wanted(names.join('.'))) return;
      [elements, begin] = [0, line];
    }
    elements += 1;
    if (elements > limits.mostElements) fail('too-many');
    if (Object.values(tag.attributes).some(({ value }) => value.length > limits.mostText)) fail('text-too-long');
    growing.push({ tag, children: [], textLength: 0 });
  });
  const text = (piece: string) => {
    quiet = 0;
    const top = growing.at(-1);
    if (top === undefined) return;
    top.textLength += piece.length;
    if (top.textLength > limits.mostText) fail('text-too-long');
    const last = top.children.at(-1);
    if (typeof last === 'string') top.children[top.children.length - 1] = last + piece;
    else top.children.push(piece);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => {
    quiet = 0;
    const grown = growing.pop();
    if (grown !== undefined) {
      const whole = elementOf(grown);
      const parent = growing.at(-1);
      if (parent !== undefined) parent.children.push(whole);
      else ready.push({ path: names.join('.'), line: begin, element: whole });
    }
    names.pop();
  });

  const taken = () => {
    const given = ready;
    ready = [];
    return given;
  };
  return {
    write: (piece) => {
      parser.write(piece);
      // The parser keeps what has not ended yet: a comment or a name without an end must not fill the memory.
      quiet += piece.length;
      if (quiet > limits.mostText + 2 * piece.length) fail('text-too-long');
      return taken();
    },
    end: () => {
      parser.close();
      return taken();
    },
  };
}

const DECLARATIONS = 'http://www.w3.org/2000/xmlns/';

/** Between elements, white space is layout. */
function elementOf({ tag, children }: Growing): XmlElement {
  const layout = children.some((child) => typeof child !== 'string');
  return {
    name: tag.local,
    namespace: tag.uri,
    attributes: Object.values(tag.attributes)
      .filter(({ uri }) => uri !== DECLARATIONS)
      .map(({ local, uri, value }) => ({ name: local, namespace: uri, value })),
    children: layout ? children.filter((child) => typeof child !== 'string' || child.trim() !== '') : children,
  };
}
