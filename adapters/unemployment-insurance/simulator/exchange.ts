import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  csvBytes,
  csvRows,
  type JsonObject,
  type Simulator,
  type SimulatorDesk,
  type SimulatorRow,
  type TextRow,
  xlsxRows,
} from '../../../src/kit/index.ts';
import { PREFIX } from '../files.ts';

/** The simulated centre's side of the folders: takes each file once, whole, and puts a decision out at each stage. */

export function openExchange(base: Simulator, desk: SimulatorDesk, kinds: readonly string[], root: string): Simulator {
  for (const folder of ['ra', 'vao', 'centre']) mkdirSync(join(root, folder), { recursive: true });
  const take = (): void => {
    for (const kind of kinds) takeFiles(desk, kind, root);
  };
  const after = <T>(run: () => T): T => {
    take();
    return run();
  };
  return {
    ...base,
    records: (kind) => after(() => base.records(kind)),
    received: () => after(base.received),
    typeByHand: (kind, record) => after(() => base.typeByHand(kind, record)),
    edit: (kind, id, changes) => after(() => base.edit(kind, id, changes)),
    advance: (kind, id, stage, fields) =>
      after(() => {
        const row = desk.get(kind, id);
        const decision = stage === 'QUYET_DINH' && row !== null ? decided(kind, row) : {};
        base.advance(kind, id, stage, { ...decision, ...fields, TrangThai: stage });
        putDecision(desk, kind, id, root);
      }),
    backup: () => after(base.backup),
  };
}

function takeFiles(desk: SimulatorDesk, kind: string, root: string): void {
  const prefix = `${PREFIX[kind]?.out}-`;
  const files = readdirSync(join(root, 'ra')).filter((name) => name.startsWith(prefix) && /\.(csv|xlsx)$/u.test(name));
  for (const name of files.sort()) {
    const bytes = readFileSync(join(root, 'ra', name));
    for (const { value } of name.endsWith('.csv') ? csvRows(bytes) : xlsxRows(bytes)) {
      if (value === undefined) throw new RangeError(`a row of ${name} cannot be read`);
      desk.add(kind, { key: value.MaHoSo ?? null, record: recordOf(value) });
    }
    renameSync(join(root, 'ra', name), join(root, 'centre', name));
  }
}

const NUMBERS: ReadonlySet<string> = new Set(['SoThangBHTN', 'SoThangHuong', 'MucHuong']);
const recordOf = (row: TextRow): JsonObject =>
  Object.fromEntries(Object.entries(row).map(([name, text]) => [name, NUMBERS.has(name) ? Number(text) : text]));

/** Months by months paid: 12–36 give 3, each further 12 one more, at most 12 (SOURCED DX, old law). */
const monthsOf = (paid: number): number => (paid < 12 ? 0 : Math.min(12, 3 + Math.max(0, Math.floor((paid - 36) / 12))));

function decided(kind: string, row: SimulatorRow): JsonObject {
  const number = String(Number(row.id.slice(3)));
  const day = new Date(row.at + 7 * 3_600_000).toISOString().slice(0, 10).split('-').reverse().join('/');
  if (kind === 'suspension') return { SoQuyetDinh: `${number}/QĐ-TD`, NgayQuyetDinh: day, HieuLucTuNgay: row.record.TamDungTuNgay ?? day };
  const months = monthsOf(Number(row.record.SoThangBHTN ?? 0));
  return { SoQuyetDinh: `${number}/QĐ-TCTN`, NgayQuyetDinh: day, SoThangHuong: months, MucHuong: 3_600_000, HuongTuNgay: day };
}

const COLUMNS = [
  'MaHoSo',
  'TrangThai',
  'LyDo',
  'SoQuyetDinh',
  'NgayQuyetDinh',
  'SoThangHuong',
  'MucHuong',
  'HuongTuNgay',
  'HuongDenNgay',
  'HieuLucTuNgay',
];

/** One file a stage, whole before it has its name. A record typed by hand has no code of ours, and no file speaks of it. */
function putDecision(desk: SimulatorDesk, kind: string, id: string, root: string): void {
  const row = desk.get(kind, id);
  if (row === null || row.key === null) return;
  const held: JsonObject = { ...row.record, MaHoSo: row.key, TrangThai: row.stage };
  const cells = Object.fromEntries(COLUMNS.filter((name) => held[name] !== undefined).map((name) => [name, String(held[name])]));
  const columns = COLUMNS.filter((name) => cells[name] !== undefined);
  for (const copy of desk.repeated([''])) {
    const times = readdirSync(join(root, 'vao')).length;
    const name = `${PREFIX[kind]?.in}-${String(row.sequence).padStart(8, '0')}${copy}-${times}.csv`;
    writeFileSync(join(root, 'vao', `.${name}.part`), csvBytes(columns, [cells]));
    renameSync(join(root, 'vao', `.${name}.part`), join(root, 'vao', name));
  }
}
