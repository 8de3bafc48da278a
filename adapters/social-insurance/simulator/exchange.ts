import {
  element,
  elementsIn,
  type Json,
  type JsonObject,
  type SimulatorDesk,
  type SimulatorFolder,
  type SimulatorRow,
  xlsxRows,
  xmlIn,
  xmlJson,
  xmlText,
} from '../../../src/kit/index.ts';
import { FILINGS, type FilingKind, fileMark } from '../endpoint.ts';
import { elementOf, formIn, ITEM, LIST, nestedOf } from '../rows.ts';
import { besideOf, statusOf, textOf } from './register.ts';

/** The insurance office's side of the folders: takes each form once, and tells of every filing whenever something changes. */

export const exchange = (schemaOf: (kind: FilingKind) => JsonObject): SimulatorFolder => ({
  takes: (desk, name, bytes) => {
    const kind = FILINGS.find((one) => name.startsWith(`${fileMark(one)}-`));
    if (kind === undefined) return;
    for (const form of formsIn(name, bytes)) takeForm(desk, kind, formIn(schemaOf(kind), form));
  },
  tells: (_desk, kind, row) => {
    const filing = FILINGS.find((one) => one === kind);
    if (filing === undefined || !isNoted(row)) return null;
    const told = elementOf(ITEM, { ...row.record, ...stateOf(filing, row) });
    return { name: `KQ-${fileMark(filing)}-${row.id}.xml`, bytes: Buffer.from(xmlText(element(LIST, [told])), 'utf8') };
  },
  spoils: (bytes) =>
    Buffer.from(
      Buffer.from(bytes).toString('utf8').replace(`</${LIST}>`, `<${ITEM}><Hoten>Không có số</Hoten></${ITEM}></${LIST}>`),
      'utf8',
    ),
});

const formsIn = (name: string, bytes: Uint8Array): readonly JsonObject[] =>
  name.endsWith('.xml')
    ? elementsIn(xmlIn(bytes), ITEM).map((one) => xmlJson(one)[ITEM] as JsonObject)
    : [...xlsxRows(bytes)].flatMap(({ value }) => (value === undefined ? [] : [nestedOf(value)]));

function takeForm(desk: SimulatorDesk, kind: FilingKind, { maHoSoMCDT, ...form }: JsonObject): void {
  const key = textOf(maHoSoMCDT);
  if (desk.byKey(kind, key) === null) desk.add(kind, { key, record: form, extra: besideOf(kind, form, desk.now(), {}) });
}

/** What the office notes beside a form follows its change at once; it tells when that is done. */
const isNoted = ({ extra, stage }: SimulatorRow): boolean =>
  extra.maToKhai !== undefined && (stage === 'luu' || stage === 'tu-choi' || extra.soHoSo !== undefined);

function stateOf(kind: FilingKind, row: SimulatorRow): JsonObject {
  const { soHoSo, card } = row.extra;
  const isDone = row.stage === 'xong';
  return {
    id: row.id,
    ...(row.key === null ? {} : { maHoSoMCDT: row.key }),
    status: String(statusOf(row)),
    ...(soHoSo === undefined ? {} : { soHoSo: soHoSo as Json }),
    ...(isDone ? { Ngayxulyxong: dayOf(row.at) } : {}),
    ...(isDone && kind === 'child-card' && card !== undefined ? (card as JsonObject) : {}),
  };
}

const dayOf = (at: number): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 10).split('-').reverse().join('/');
