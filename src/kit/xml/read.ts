import { textOfBytes, textOfSource, type XmlSource } from './decode.ts';
import { XmlFault, xmlTrouble } from './fault.ts';
import { openXmlParser, XML_LIMITS, type XmlLimits, type XmlRecord } from './parse.ts';
import type { XmlElement } from './tree.ts';

/** XML that came in, as a tree, or record by record. */

/** A whole document in memory. Throws XmlFault. */
export function readXml(source: string | Uint8Array, limits: XmlLimits = XML_LIMITS): XmlElement {
  if ((typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength) > limits.mostBytes)
    throw new XmlFault('too-large', 1, 1);
  const text = typeof source === 'string' ? source : textOfBytes(source);
  const parser = openXmlParser(null, limits);
  const [root] = [...parser.write(text.replace(/^\ufeff/u, '')), ...parser.end()];
  if (root === undefined) throw new XmlFault('broken', 1, 1);
  return root.element;
}

/** As `readXml`, for a message or a small file: what is wrong with it is trouble `refused` with line and column. */
export function xmlIn(source: string | Uint8Array, limits: Partial<XmlLimits> = {}): XmlElement {
  try {
    return readXml(source, { ...XML_LIMITS, ...limits });
  } catch (error) {
    throw error instanceof XmlFault ? xmlTrouble(error) : error;
  }
}

const STREAM_LIMITS: XmlLimits = { ...XML_LIMITS, mostBytes: 256_000_000, mostElements: 10_000 };

/**
 * The elements at these dotted paths from the root (`DanhSach.HoSo`), one by one as they end: a list of any length is held
 * one record at a time. `mostElements` counts inside one record. Throws XmlFault where the document breaks; what came before stands.
 */
export async function* readXmlRecords(
  source: XmlSource,
  paths: readonly string[],
  limits: Partial<XmlLimits> = {},
): AsyncGenerator<XmlRecord> {
  const kept = { ...STREAM_LIMITS, ...limits };
  const parser = openXmlParser(paths, kept);
  for await (const text of textOfSource(source, kept.mostBytes)) yield* parser.write(text);
  yield* parser.end();
}

/** As `readXmlRecords`; a fault is trouble `refused` with line and column. */
export async function* xmlRecords(source: XmlSource, paths: readonly string[], limits: Partial<XmlLimits> = {}): AsyncGenerator<XmlRecord> {
  try {
    yield* readXmlRecords(source, paths, limits);
  } catch (error) {
    throw error instanceof XmlFault ? xmlTrouble(error) : error;
  }
}
