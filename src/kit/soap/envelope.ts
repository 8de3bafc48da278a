import type { Json, JsonObject } from '../../model/json.ts';
import { type SeenAnswer, xmlAnswerOf } from '../body.ts';
import { xmlJson } from '../xml/json.ts';
import { elementsIn, type XmlElement, xmlTextAt, xmlTextOf } from '../xml/tree.ts';

/** SOAP envelopes that came in, 1.1 and 1.2 alike. */

export const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';

/**
 * What the bytes are where an envelope is due: rows see what stands in its Body, by name; a fault of either version is
 * `{ Fault: { code, subcode, reason, detail } }` with prefixes left out. XML without an envelope is another thing than was due.
 */
export function soapAnswerOf(status: number, bytes: Uint8Array): SeenAnswer {
  const seen = xmlAnswerOf(status, bytes);
  if (seen.xml === undefined) return seen;
  const body = bodyIn(seen.xml);
  if (body === null) return { ...seen, strange: true };
  const [fault] = elementsIn(body, 'Fault').filter(({ namespace }) => namespace === body.namespace);
  if (fault !== undefined) return { status, shape: 'fault', body: { Fault: faultIn(fault) } };
  return { status, shape: 'xml', xml: seen.xml, body: jsonOf(elementsIn(body)) };
}

function bodyIn(root: XmlElement): XmlElement | null {
  if (root.name !== 'Envelope' || ![SOAP_11, SOAP_12].includes(root.namespace)) return null;
  return elementsIn(root, 'Body').find(({ namespace }) => namespace === root.namespace) ?? null;
}

const jsonOf = (elements: readonly XmlElement[]): JsonObject => Object.assign({}, ...elements.map(xmlJson));

/** Which version it is does not matter to anybody. A language of several reasons is not chosen: the first stands. */
function faultIn(fault: XmlElement): JsonObject {
  const reason = elementsIn(fault, 'Reason')[0];
  const text = reason === undefined ? xmlTextAt(fault, 'faultstring') : xmlTextOf(elementsIn(reason, 'Text')[0] ?? reason);
  const detail = elementsIn(fault, 'detail')[0] ?? elementsIn(fault, 'Detail')[0];
  const subcode = xmlTextAt(fault, 'Code.Subcode.Value');
  return {
    code: localName(xmlTextAt(fault, 'Code.Value') ?? xmlTextAt(fault, 'faultcode') ?? ''),
    ...(subcode === null ? {} : { subcode: localName(subcode) }),
    reason: text ?? '',
    ...(detail === undefined ? {} : { detail: detailOf(detail) }),
  };
}

const detailOf = (detail: XmlElement): Json => (elementsIn(detail).length === 0 ? xmlTextOf(detail) : jsonOf(elementsIn(detail)));

const localName = (name: string): string => name.trim().slice(name.trim().lastIndexOf(':') + 1);
