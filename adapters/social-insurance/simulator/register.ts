import type { Json, JsonObject, SimulatorDesk, SimulatorKind, SimulatorRow } from '../../../src/kit/index.ts';
import { FILINGS, type FilingKind, FORM, UNIT } from '../endpoint.ts';
import { folded, periodOf } from '../text.ts';

/** The simulated portal's files: how they are kept, their life cycle, and what is issued at the end. */

/** Saved → received → in hand → done, refused from any open stage. Status 4 stands at both ends: that is the trap. */
export const STAGES: Readonly<Record<string, readonly string[]>> = {
  luu: ['nhan', 'tu-choi'],
  nhan: ['xu-ly', 'tu-choi'],
  'xu-ly': ['xong', 'tu-choi'],
  xong: [],
  'tu-choi': [],
};
const STATUS: Readonly<Record<string, number>> = { luu: 4, nhan: 1, 'xu-ly': 2, xong: 4, 'tu-choi': 3 };
export const statusOf = (row: SimulatorRow): number => STATUS[row.stage] ?? 0;

const NATURAL: Readonly<Record<string, (record: JsonObject) => readonly (Json | undefined)[]>> = {
  'child-card': (record) => [record.cmnd, record.Hoten, record.Ngaysinh],
  'labour-change': (record) => [record.masobhxhuser, record.kyKeKhai, record.Masobhxh ?? record.Cmnd, record.pa, record.tuThang],
  'enterprise-unit': (record) => [record.MaSoThue],
  'household-unit': (record) => [record.MaSoThue],
  card: (record) => [record.maThe],
};

export const simulatorKind = (kind: string): SimulatorKind => ({
  naturalKey: (record) => (NATURAL[kind]?.(record) ?? []).map(folded).join('|'),
  firstStage: 'luu',
  id: (n) => String(100_000 + n),
  stages: STAGES,
});

export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** What the portal notes beside a form. A form typed by hand is filed in the month in which it was typed. */
export const besideOf = (kind: FilingKind, record: JsonObject, at: number, given: JsonObject): JsonObject => ({
  maToKhai: FORM[kind],
  maThuTuc: kind === 'child-card' ? '604' : '600',
  kyKeKhai: textOf(record.kyKeKhai) || periodOf(at),
  masobhxhuser: textOf(record.masobhxhuser) || 'XA96001',
  dot: 1,
  ...given,
});

const isFiling = (kind: string): kind is FilingKind => (FILINGS as readonly string[]).includes(kind);

/**
 * After every change: a file received gets its number, a card under 6 that is done gets insurance number and card, a unit its
 * own tax code as its unit code (SOURCED DX: they are the same).
 */
export function settle(desk: SimulatorDesk, kind: string, row: SimulatorRow): void {
  if (!isFiling(kind)) return;
  const { extra, record } = row;
  if (extra.maToKhai === undefined) {
    desk.change(kind, row.id, { extra: besideOf(kind, record, row.at, {}) }, null);
    return;
  }
  if (row.stage !== 'luu' && row.stage !== 'tu-choi' && extra.soHoSo === undefined) {
    const year = new Date(row.at + 7 * 3_600_000).getUTCFullYear();
    desk.change(kind, row.id, { extra: { soHoSo: `${row.id.padStart(5, '0')}/${year}/09600` } }, null);
    return;
  }
  if (row.stage !== 'xong') return;
  if (UNIT[kind] !== undefined) {
    if (record.MaDonVi === undefined) desk.change(kind, row.id, { record: { MaDonVi: textOf(record.MaSoThue) } }, null);
    return;
  }
  const Masobhxh = textOf(record.Masobhxh) || `99${row.id.padStart(8, '0')}`;
  if (kind === 'child-card' && extra.card === undefined)
    desk.change(kind, row.id, { record: { Masobhxh }, extra: { card: cardFor(record, Masobhxh), holder: record } }, null);
  else if (record.Masobhxh === undefined) desk.change(kind, row.id, { record: { Masobhxh } }, null);
}

/** From birth until the day before the sixth birthday; TE, benefit 1, province 96. */
function cardFor(record: JsonObject, Masobhxh: string): JsonObject {
  const [day = '', month = '', year = ''] = textOf(record.Ngaysinh).split('/');
  const ends = new Date(Date.UTC(Number(year) + 6, Number(month) - 1, Number(day) - 1)).toISOString().slice(0, 10);
  return {
    maThe: `TE196${Masobhxh}`,
    gtTheTu: textOf(record.Ngaysinh),
    gtTheDen: ends.split('-').reverse().join('/'),
    maDKBD: textOf(record.Mabenhvien),
    tenDKBD: textOf(record.Noidkkcb),
  };
}
