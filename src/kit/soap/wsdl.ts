import type { WSDL } from 'soap';
import type { AdapterPorts } from '../contract.ts';
import { SetupFault, wholeFault } from '../setup-fault.ts';
import { XmlFault } from '../xml/fault.ts';
import { readXml } from '../xml/read.ts';

/** A WSDL that ships in the adapter's folder. What it imports comes from that folder alone; nothing is fetched. */

const BASE = 'http://motlan-folder.invalid/';

/** Values stay text as the system writes them: no zero, digit or date is lost; zod makes types of them. */
const KEPT = Object.fromEntries(
  ['int', 'integer', 'short', 'long', 'double', 'float', 'decimal', 'bool', 'boolean', 'dateTime', 'date'].map((type) => [
    type,
    (text: string) => text,
  ]),
);

type Lib = typeof import('soap');

/** Reads `file` (`wsdl/tra-cuu.wsdl`). Throws SetupFault when it, or what it imports, cannot be used. */
export async function openWsdl(lib: Lib, data: Pick<AdapterPorts['data'], 'text'>, file: string): Promise<WSDL> {
  const loader = {
    request: (url: string, _body: unknown, done: (error: unknown, answer?: unknown, text?: string) => void) => {
      try {
        done(null, { status: 200 }, textIn(data, file, url));
      } catch (error) {
        done(error);
      }
      return new Promise<never>(() => undefined);
    },
  };
  const text = textIn(data, file, BASE + file);
  try {
    return await new Promise<WSDL>((resolve, reject) => {
      const wsdl = new lib.WSDL(text, BASE + file, { httpClient: loader, customDeserializer: KEPT, handleNilAsNull: true });
      wsdl.onReady((error) => (error ? reject(error) : resolve(wsdl)));
    });
  } catch (error) {
    if (error instanceof SetupFault) throw error;
    throw new SetupFault([wholeFault(file, 'wsdl.broken', 'tệp WSDL không dùng được', 'not a usable WSDL')]);
  }
}

/** The text at an address of the folder, once it has been read as XML without DOCTYPE. */
function textIn(data: Pick<AdapterPorts['data'], 'text'>, file: string, url: string): string {
  const [path, query] = url.startsWith(BASE) ? url.slice(BASE.length).split('?') : [undefined, undefined];
  if (path === undefined || query !== undefined) throw missing(file, url);
  const text = folderText(data, file, decodeURIComponent(path));
  try {
    readXml(text);
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    const { word, line, column } = error;
    throw new SetupFault([
      { file: path, line, column, code: `wsdl.${word}`, vi: 'tệp WSDL không dùng được', en: `not a usable WSDL: ${word}` },
    ]);
  }
  return text;
}

function folderText(data: Pick<AdapterPorts['data'], 'text'>, file: string, path: string): string {
  try {
    return data.text(path);
  } catch (error) {
    throw error instanceof SetupFault && path !== file ? missing(file, path) : error;
  }
}

const missing = (file: string, what: string): SetupFault =>
  new SetupFault([wholeFault(file, 'wsdl.import', `không có tệp ${what} trong thư mục`, `imports ${what}, which is not in the folder`)]);
