import {
  element,
  elementAt,
  type FieldIssue,
  type Json,
  type JsonObject,
  Trouble,
  type XmlElement,
  type XsdIssue,
  xmlText,
} from '../../src/kit/index.ts';
import { fromXml, schemaAt, toXml } from './fields.ts';
import { type Endpoint, PARTS } from './wire.ts';

/**
 * The declaration as an XML document, and the envelope it travels in. Skeleton and names SOURCED HTKK; that a registration
 * travels in the envelope of the invoice messages (SOURCED TVAN) is INFERENCE.
 */

/** `first`: C, the declaration itself; `supplement`: B, another message that refers to the first one. */
export interface Letter {
  readonly messageId: string;
  readonly refersTo: string | null;
  readonly record: JsonObject;
}

/** The whole message as text. What our XSD does not admit is refused here, field by field, before anything leaves. */
export function letterText(endpoint: Endpoint, letter: Letter): string {
  const { gateway, kind } = endpoint;
  const document = declaration(endpoint, letter);
  refuse(endpoint.xsd.check(xmlText(document)));
  const head = {
    ...gateway.sender,
    MLTDiep: gateway.forms[kind].MLTDiep,
    MTDiep: letter.messageId,
    MTDTChieu: letter.refersTo,
    SLuong: '1',
  };
  const envelope = element('TDiep', [...toXml('TTChung', head, schemaAt(endpoint.schema, 'TTChung'), ''), element('DLieu', [document])]);
  return xmlText(envelope);
}

function declaration({ gateway, kind, schema }: Endpoint, { record, refersTo }: Letter): XmlElement {
  const { namespace } = gateway;
  const { MLTDiep: _ofTheEnvelope, ...named } = gateway.forms[kind];
  const type = refersTo === null ? { loaiTKhai: 'C', soLan: '0' } : { loaiTKhai: 'B' };
  const given = { ...record, TKhaiThue: { ...(record.TKhaiThue as JsonObject | undefined), ...named, ...type } };
  const part = (name: string) => toXml(name, (given as JsonObject)[name], schemaAt(schema, name), namespace);
  const inside = (name: string, children: readonly XmlElement[]) => element(name, children, { namespace });
  const service = toXml('TTinDVu', gateway.service, schemaAt(schema, 'TTinDVu'), namespace);
  const [main, ...head] = [...PARTS].reverse();
  return inside('HSoThueDTu', [
    inside('HSoKhaiThue', [
      inside('TTinChung', [
        ...(service.length === 0 ? [inside('TTinDVu', [])] : service),
        inside('TTinTKhaiThue', head.reverse().flatMap(part)),
      ]),
      ...(main === undefined ? [] : part(main)),
    ]),
  ]);
}

/** The parts of a declaration that a document states. One that our XSD does not admit is not believed. */
export function partsOf({ xsd, schema }: Pick<Endpoint, 'xsd' | 'schema'>, document: XmlElement): JsonObject {
  if (xsd.check(xmlText(document)).length > 0) throw unreadable();
  const entries = PARTS.flatMap((name) => {
    const at = name === 'CTieuTKhaiChinh' ? `HSoKhaiThue.${name}` : `HSoKhaiThue.TTinChung.TTinTKhaiThue.${name}`;
    const found = elementAt(document, at);
    const value: Json | undefined = found === null ? undefined : fromXml(found, schemaAt(schema, name));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

const unreadable = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'lookup.document',
    vi: 'Tờ khai do cơ quan thuế nêu lại không đúng lược đồ đã biết.',
    en: 'The declaration that the tax office states back is not of the known schema.',
  });

const WRAPPERS = new Set(['HSoThueDTu', 'HSoKhaiThue', 'TTinChung', 'TTinTKhaiThue']);

/** An issue of the document as one of the record. */
const issueOf = ({ path, code, vi, en }: XsdIssue): FieldIssue => ({
  path: path
    .split('.')
    .filter((name) => !WRAPPERS.has(name))
    .join('.'),
  code,
  vi,
  en,
});

function refuse(found: readonly XsdIssue[]): void {
  if (found.length === 0) return;
  throw new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'submit.schema',
    vi: 'Tờ khai thuế chưa đúng lược đồ; chưa gửi gì. Đề nghị sửa các mục được nêu.',
    en: 'The declaration breaks its schema; nothing was sent. Correct the fields named.',
    issues: found.map(issueOf),
  });
}
