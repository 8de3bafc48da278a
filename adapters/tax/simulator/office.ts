import type { Json, JsonObject, SimulatorDesk, SimulatorKind, SimulatorRow } from '../../../src/kit/index.ts';
import type { DeclarationName } from '../wire.ts';

/** The register of the simulated tax office: how it keeps declarations, their life, and what it issues. */

/** 1 received → 3 in process → 4 accepted; 6 asks for more; 2 and 5 refuse. INFERENCE, after messages 102 and 103. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  '1': ['2', '3', '6'],
  '3': ['4', '5', '6'],
  '6': ['3', '5'],
  '2': [],
  '4': [],
  '5': [],
};

const objectAt = (value: Json | undefined, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>((at, name) => (typeof at === 'object' && at !== null ? (at as JsonObject)[name] : undefined), value);
export const textAt = (record: JsonObject, path: string): string => {
  const found = objectAt(record, path);
  return typeof found === 'string' ? found : '';
};
export const listAt = (record: JsonObject, path: string): readonly JsonObject[] => {
  const found = objectAt(record, path);
  return Array.isArray(found) ? (found as readonly JsonObject[]) : [];
};

const fold = (text: string): string => text.normalize('NFC').toLocaleLowerCase('vi').replace(/\s+/gu, ' ').trim();

/** The number the office knows the person by: the personal number among the papers, or of its own field. */
export const personalNumber = (record: JsonObject): string =>
  textAt(record, 'CTieuTKhaiChinh.CT8.soDinhDanh') ||
  textAt(listAt(record, 'CTieuTKhaiChinh.CT6.TTinGiayTo').find((paper) => paper.ct6_ma === '2080') ?? {}, 'ct6_soGiayTo');

/** Name and what tells the person apart: number, birth date or, for dependants, the payer's code. */
const naturalKey = (record: JsonObject): string =>
  [
    fold(textAt(record, 'NNT.tenNNT')),
    textAt(record, 'NNT.mst'),
    personalNumber(record),
    textAt(record, 'CTieuTKhaiChinh.ct3_namSinh') || textAt(record, 'CTieuTKhaiChinh.CT8.ct8a_ngaySinh'),
    listAt(record, 'CTieuTKhaiChinh.DSachNPTDaCoMST')
      .map((row) => row.soDinhDanh)
      .join('+'),
  ].join('|');

export const declarationKind: SimulatorKind = {
  naturalKey,
  firstStage: '1',
  id: (n) => `TK-${String(n).padStart(6, '0')}`,
  stages: STAGES,
};

/** Notices and payments of one dossier; the office tells motlan of each. */
export const landKind = (firstStage: string): SimulatorKind => ({
  naturalKey: (record) => textAt(record, 'MaHoSo'),
  firstStage,
  id: (n) => `NVTC-${String(n).padStart(6, '0')}`,
});

const DAY_MS = 7 * 3_600_000;
export const isoOf = (at: number): string => `${new Date(at + DAY_MS).toISOString().slice(0, 19)}+07:00`;

/** After every change: an accepted declaration has its code, its day and its office. A person's own number is the code only
 * where it has twelve digits; an old one of nine is none, so the office gives a code. */
export function settle(desk: SimulatorDesk, kind: DeclarationName, row: SimulatorRow): void {
  const result = (row.record.KQua ?? {}) as JsonObject;
  if (row.stage !== '4' || result.NgayCap !== undefined) return;
  const own = personalNumber(row.record);
  const number = /^\d{12}$/u.test(own) ? own : `099${String(row.sequence).padStart(9, '0')}`;
  const issued = {
    ...(kind === 'dependant' ? {} : { MST: number }),
    NgayCap: isoOf(row.at).slice(0, 10),
    maCQTQuanLy: '99901',
    tenCQTQuanLy: 'Thuế cơ sở Mẫu',
  };
  desk.change(kind, row.id, { record: { KQua: { ...issued, ...result } } }, null);
}

/** The state as a look-up tells it, in the order of its schema. */
export function stateOf(row: SimulatorRow): JsonObject {
  const kept = (row.record.KQua ?? {}) as JsonObject;
  const names = ['MST', 'NgayCap', 'maCQTQuanLy', 'tenCQTQuanLy', 'MLoi', 'MTLoi'] as const;
  const given = names.flatMap((name) => (kept[name] === undefined ? [] : [[name, kept[name]] as const]));
  const message = row.stage === '4' || row.stage === '5' ? '103' : '102';
  return { TThai: row.stage, MLTDiep: message, TGXLy: isoOf(row.at), ...Object.fromEntries(given) };
}
