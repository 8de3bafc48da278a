import {
  element,
  elementAt,
  elementsIn,
  isTrouble,
  type JsonObject,
  type SimulatorAnswer,
  type SimulatorDesk,
  type SimulatorRequest,
  type XmlElement,
  type Xsd,
  xmlIn,
  xmlText,
  xmlTextAt,
} from '../../../src/kit/index.ts';
import { fromXml, schemaAt, toXml } from '../fields.ts';
import { DECLARATIONS, type DeclarationName, PARTS } from '../wire.ts';
import { listAt, stateOf, textAt } from './office.ts';

/** The two calls of the simulated gateway. */

export interface Office {
  readonly desk: SimulatorDesk;
  readonly namespace: string;
  readonly schemas: ReadonlyMap<DeclarationName, JsonObject>;
  readonly xsds: ReadonlyMap<DeclarationName, Xsd>;
  /** maTKhai → kind. */
  readonly codes: ReadonlyMap<string, DeclarationName>;
}

const answer = (root: XmlElement, status = 200): SimulatorAnswer => ({
  status,
  text: xmlText(root),
  headers: { 'content-type': 'application/xml; charset=utf-8' },
});
const leaf = (name: string, text: string): XmlElement => element(name, [text]);

/** The 102 of a message: 1 received, 2 not received. */
const told = (messageId: string, received: '1' | '2', code = '', words = ''): SimulatorAnswer =>
  answer(
    element('TDiep', [
      element('TTChung', [leaf('MLTDiep', '102'), leaf('MTDTChieu', messageId)]),
      element('DLieu', [element('TBao', [leaf('THop', received), leaf('MLoi', code), leaf('MTLoi', words)])]),
    ]),
  );

/** A declaration, or what was asked for. The second message of one code is told to be a double, except `unsafe`. */
export function submit(office: Office, request: SimulatorRequest): SimulatorAnswer {
  const letter = letterOf(request);
  if (letter === null) return { status: 400, text: 'not XML' };
  const messageId = xmlTextAt(letter, 'TTChung.MTDiep') ?? '';
  const refersTo = xmlTextAt(letter, 'TTChung.MTDTChieu');
  const document = elementAt(letter, 'DLieu.HSoThueDTu');
  const head = document === null ? null : elementAt(document, 'HSoKhaiThue.TTinChung.TTinTKhaiThue.TKhaiThue');
  const kind = office.codes.get(head === null ? '' : (xmlTextAt(head, 'maTKhai') ?? ''));
  if (document === null || kind === undefined || messageId === '') return told(messageId, '2', 'GOI', 'Thông điệp không hợp lệ');
  const { desk } = office;
  const known = desk.byKey(kind, refersTo ?? messageId);
  const repeated = refersTo === null ? known !== null : known?.acts.includes(messageId) === true;
  if (repeated && !desk.faults().unsafe) return told(messageId, '1', 'TRUNG', 'Mã thông điệp đã được tiếp nhận');
  if (document.namespace !== office.namespace || (office.xsds.get(kind)?.check(xmlText(document)).length ?? 1) > 0)
    return told(messageId, '2', 'LUOCDO', 'Tờ khai không đúng lược đồ');
  const record = recordOf(office, kind, document);
  const faults = faultsIn(kind, record);
  if (faults.length > 0) return told(messageId, '2', 'CHITIEU', faults.join('; '));
  if (refersTo === null) desk.add(kind, { key: messageId, record }, 'create');
  else if (known?.stage !== '6') return told(messageId, '2', 'BOSUNG', 'Tờ khai không ở trạng thái chờ bổ sung');
  else desk.change(kind, known.id, { record, stage: '3', act: messageId }, 'supplement');
  return told(messageId, '1');
}

function letterOf(request: SimulatorRequest): XmlElement | null {
  try {
    return xmlIn(request.body);
  } catch (error) {
    if (isTrouble(error)) return null;
    throw error;
  }
}

function recordOf({ schemas }: Office, kind: DeclarationName, document: XmlElement): JsonObject {
  const schema = schemas.get(kind) ?? {};
  const entries = PARTS.flatMap((name) => {
    const found = elementAt(document, name === 'CTieuTKhaiChinh' ? `HSoKhaiThue.${name}` : `HSoKhaiThue.TTinChung.TTinTKhaiThue.${name}`);
    const value = found === null ? undefined : fromXml(found, schemaAt(schema, name));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The office's own rules, beside the schema: in words, as officials read them. */
function faultsIn(kind: DeclarationName, record: JsonObject): readonly string[] {
  const faults: string[] = [];
  const papers = [
    ...listAt(record, 'CTieuTKhaiChinh.CT6.TTinGiayTo').map((paper) => paper.ct6_ma),
    ...listAt(record, 'CTieuTKhaiChinh.CT8.TTinGiayTo').map((paper) => paper.ct8_ma),
  ];
  if (papers.some((code) => !['2080', '1020', '1040', '1070', '3000'].includes(String(code))))
    faults.push('Loại giấy tờ không có trong danh mục');
  if (/\d/u.test(textAt(record, 'NNT.tenNNT'))) faults.push('Họ và tên người đăng ký không đúng định dạng');
  if (kind === 'dependant' && listAt(record, 'CTieuTKhaiChinh.DSachNPTDaCoMST').some((row) => row.tuThangGiamTru === '00/0000'))
    faults.push('Người phụ thuộc: tháng giảm trừ không đúng định dạng');
  return faults;
}

/** The state of each key asked for, with the declaration as it was taken; 0 where there is none. */
export function lookUp(office: Office, request: SimulatorRequest): SimulatorAnswer {
  const question = letterOf(request);
  if (question === null) return { status: 400, text: 'not XML' };
  const keys = elementsIn(question, 'MTDiep').map((each) => each.children.join(''));
  const states = keys.map((key) => stateFor(office, key));
  return answer(element('DSKQua', [leaf('KQTCuu', '1'), ...office.desk.answered(states)]));
}

function stateFor({ desk, schemas, namespace, codes }: Office, key: string): XmlElement {
  for (const kind of DECLARATIONS) {
    const row = desk.byKey(kind, key);
    const schema = schemas.get(kind);
    if (row === null || schema === undefined) continue;
    const inside = (name: string, children: readonly XmlElement[]) => element(name, children, { namespace });
    const part = (name: string) => toXml(name, row.record[name], schemaAt(schema, name), namespace);
    const named = [...codes].find(([, of]) => of === kind)?.[0] ?? '';
    const document = inside('HSoThueDTu', [
      inside('HSoKhaiThue', [
        inside('TTinChung', [
          inside('TTinDVu', []),
          inside('TTinTKhaiThue', [
            ...toXml('TKhaiThue', { maTKhai: named, ...(row.record.TKhaiThue as JsonObject) }, schemaAt(schema, 'TKhaiThue'), namespace),
            ...part('NNT'),
            ...part('DLyThue'),
          ]),
        ]),
        ...part('CTieuTKhaiChinh'),
      ]),
    ]);
    const state = Object.entries(stateOf(row)).map(([name, value]) => leaf(name, String(value)));
    return element('KQua', [leaf('MTDTChieu', key), ...state, element('TKhai', [document])]);
  }
  return element('KQua', [leaf('MTDTChieu', key), leaf('TThai', '0')]);
}
