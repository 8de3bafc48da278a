import { posix } from 'node:path';
import type { AdapterPorts } from '../contract.ts';
import { SetupFault, wholeFault } from '../setup-fault.ts';
import type { FieldIssue } from '../trouble.ts';
import { XML_LIMITS } from './parse.ts';
import { readXml } from './read.ts';
import { elementsIn, type XmlElement } from './tree.ts';

/** XML against an XSD that ships in the adapter's folder. Imports come from that folder alone; nothing is fetched. */
export interface Xsd {
  /** Empty when the document is right; at most 50 issues, with line and path, never a value. Throws XmlFault when it is no XML. */
  check(xml: string): readonly XsdIssue[];
  /** Frees what the checker holds outside the JavaScript heap. */
  close(): void;
}
export interface XsdIssue extends FieldIssue {
  readonly line: number;
}

const MOST_ISSUES = 50;
const BASE = 'motlan-folder://';

type Lib = typeof import('libxml2-wasm');

/** Opens `file` (`schemas/ho-so.xsd`) of the adapter's folder. Throws SetupFault when it, or what it imports, cannot be used. */
export async function openXsd(data: Pick<AdapterPorts['data'], 'text'>, file: string): Promise<Xsd> {
  const lib = await import('libxml2-wasm');
  const schema = compiled(lib, data, file);
  return { check: (xml) => checked(lib, schema, xml), close: () => schema.dispose() };
}

type Compiled = ReturnType<Lib['XsdValidator']['fromDoc']>;

function compiled(lib: Lib, data: Pick<AdapterPorts['data'], 'text'>, file: string): Compiled {
  const missed: string[] = [];
  const bytes = (url: string): Uint8Array | null => {
    const path = url.startsWith(BASE) ? posix.normalize(url.slice(BASE.length)) : null;
    try {
      if (path !== null) return Buffer.from(data.text(path), 'utf8');
    } catch (error) {
      if (!(error instanceof SetupFault)) throw error;
    }
    missed.push(url.startsWith(BASE) ? url.slice(BASE.length) : url);
    return null;
  };
  const text = data.text(file);
  lib.xmlRegisterInputProvider({
    match: () => true,
    open: (url) => {
      const found = bytes(url);
      return found === null ? undefined : lib.openBuffer(found);
    },
    read: (handle, into) => lib.readBuffer(handle, into),
    close: (handle) => {
      lib.closeBuffer(handle);
      return true;
    },
  });
  const free: { dispose(): void }[] = [];
  try {
    const document = lib.XmlDocument.fromString(text, { url: `${BASE}${file}`, option: options(lib) });
    free.push(document);
    const validator = lib.XsdValidator.fromDoc(document);
    if (missed.length === 0) return validator;
    validator.dispose();
  } catch (error) {
    if (!(error instanceof lib.XmlLibError)) throw error;
    if (missed.length === 0) {
      const faults = error.details.slice(0, MOST_ISSUES).map(({ message, line, col }) => {
        const why = message.trim().slice(0, 300);
        return { file, line, column: col, code: 'xsd.broken', vi: `lược đồ XSD không dùng được: ${why}`, en: `not a usable XSD: ${why}` };
      });
      throw new SetupFault(faults);
    }
  } finally {
    lib.xmlCleanupInputProvider();
    for (const one of free) one.dispose();
  }
  throw new SetupFault(
    missed.map((one) => wholeFault(file, 'xsd.import', `không có tệp ${one} trong thư mục`, `imports ${one}, which is not in the folder`)),
  );
}

/** No network, no entities from outside, no catalogue; the text is decoded already. */
const options = ({ ParseOption }: Lib): number =>
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NO_SYS_CATALOG | ParseOption.XML_PARSE_IGNORE_ENC;

function checked(lib: Lib, schema: Compiled, xml: string): readonly XsdIssue[] {
  // Refuses DOCTYPE and whatever is too large, and gives the names for the paths of issues.
  const root = readXml(xml, { ...XML_LIMITS, mostBytes: 64_000_000 });
  // A document may name schemas of its own (xsi:schemaLocation): none is ever opened.
  lib.xmlRegisterInputProvider({ match: () => true, open: () => undefined, read: () => -1, close: () => true });
  const document = lib.XmlDocument.fromString(xml, { option: options(lib) });
  try {
    schema.validate(document);
    return [];
  } catch (error) {
    if (!(error instanceof lib.XmlValidateError)) throw error;
    return error.details.slice(0, MOST_ISSUES).map(({ message, line, xpath }) => ({
      path: pathIn(root, xpath ?? '', attributeIn(message)),
      line,
      ...reasonOf(message),
    }));
  } finally {
    document.dispose();
    lib.xmlCleanupInputProvider();
  }
}

const attributeIn = (message: string): string | null => /^Element '[^']*', attribute '(?:\{[^}]*\})?([^']*)'/u.exec(message)?.[1] ?? null;

/** libxml2's path has `*` for names in a default namespace; the tree knows the names. Lists keep their number from 1. */
function pathIn(root: XmlElement, xpath: string, attribute: string | null): string {
  let at: XmlElement | undefined;
  const names: string[] = [];
  for (const step of xpath.split('/').slice(1)) {
    const [, name = '', nth] = /^(?:[^:@]*:)?([^[]*)(?:\[(\d+)\])?$/u.exec(step) ?? [];
    if (name === '' || step.startsWith('@')) break;
    const among = at === undefined ? [root] : elementsIn(at, name === '*' ? undefined : name);
    at = among[Number(nth ?? 1) - 1];
    if (at === undefined) break;
    names.push(nth === undefined || name === '*' ? at.name : `${at.name}[${nth}]`);
  }
  return [...names, ...(attribute === null ? [] : [`@${attribute}`])].join('.');
}

const REASONS: readonly (readonly [sign: RegExp, code: string, vi: string, en: string])[] = [
  [/No matching global/u, 'root', 'phần tử gốc không có trong lược đồ', 'the root element is not in the schema'],
  [/Missing child element|attribute .* is required/u, 'required', 'còn thiếu phần bắt buộc', 'lacks something that is required'],
  [/not expected|not allowed/u, 'order', 'thừa hoặc không đúng thứ tự', 'is not expected here'],
  [/\[facet 'enumeration'\]/u, 'enum', 'không thuộc danh mục', 'is not in the list'],
  [/\[facet 'pattern'\]/u, 'pattern', 'không đúng khuôn dạng', 'is not of the required form'],
  [/\[facet '(?:maxLength|length|minLength)'\]/u, 'length', 'có độ dài không đúng quy định', 'is of the wrong length'],
  [/\[facet '/u, 'range', 'nằm ngoài khoảng cho phép', 'is out of range'],
  [/not a valid value/u, 'type', 'không đúng kiểu dữ liệu', 'is of another type'],
];

function reasonOf(message: string): { readonly code: string; readonly vi: string; readonly en: string } {
  const known = REASONS.find(([sign]) => sign.test(message));
  if (known === undefined) return { code: 'xsd.rule', vi: 'không đúng lược đồ', en: 'breaks a rule of the schema' };
  return { code: `xsd.${known[1]}`, vi: known[2], en: known[3] };
}
