import type { Json, JsonObject, SimulatorKind } from '../../../src/kit/index.ts';
import { CODE, type LookUpName } from '../wire.ts';

/** The register of the simulated registry: codes, dates and legal states it issues, and how it writes a record on the wire. */

const ZONE_MS = 7 * 3_600_000;

/** Legal states as the register words them. SOURCED DX. */
export const STATES = {
  active: 'Đang hoạt động',
  suspended: 'Tạm ngừng kinh doanh',
  ended: 'Đã giải thể, phá sản, chấm dứt tồn tại',
} as const;

export const registerKind = (which: LookUpName): SimulatorKind => ({
  naturalKey: (record) => String(record[CODE[which]]),
  firstStage: 'active',
  stages: { active: ['active', 'suspended', 'ended'], suspended: ['active', 'ended'], ended: [] },
  id: (n) => `${which === 'household' ? 'HKD' : 'DN'}-${String(n).padStart(6, '0')}`,
});

export const dayOf = (at: number): string => new Date(at + ZONE_MS).toISOString().slice(0, 10).split('-').reverse().join('/');

/** What the register writes itself into a new registration; what was typed of it stays. */
export function issued(which: LookUpName, record: JsonObject, n: number, at: number): JsonObject {
  const day = dayOf(at);
  const code = which === 'household' ? householdCode(record, n) : enterpriseCode(n);
  const number = which === 'household' ? { MaSoDangKyHKD: `96A8${String(n).padStart(6, '0')}` } : { SoGCNDKKD: code };
  return {
    MaNoiBo: String(700_000 + n),
    [CODE[which]]: code,
    ...number,
    NgayDangKyLanDau: day,
    SoLanDangKyThayDoi: 0,
    TinhTrangPhapLy: { TinhTrangPhapLy: STATES.active },
    ...record,
  };
}

/** Since 07/2025 a household's code is its owner's personal ID. */
function householdCode(record: JsonObject, n: number): string {
  const paper = String((record.ChuHoKinhDoanh as JsonObject | undefined)?.SoGiayChungThuc ?? '');
  return /^\d{12}$/u.test(paper) ? paper : enterpriseCode(n);
}

const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/** The n-th code of the invented range 99… whose check digit exists. */
function enterpriseCode(n: number): string {
  let found = 0;
  for (let serial = 0; ; serial += 1) {
    const base = `99${String(serial).padStart(7, '0')}`;
    const check = 10 - (WEIGHTS.reduce((sum, weight, index) => sum + weight * Number(base[index]), 0) % 11);
    if (check !== 10) found += 1;
    if (found === n) return `${base}${check}`;
  }
}

const NUMBERS: ReadonlySet<string> = new Set(['MaTinhThanh', 'MaQuanHuyen', 'MaPhuongXa', 'LaNganhChinh']);

/** A record as the registry writes it: lists around single things, codes as whole numbers; what was only typed is not stated. */
export function toWire(which: LookUpName, record: JsonObject): JsonObject {
  const { ToKhai: _typed, KetQuaTraCuu: _ours, ...stated } = record;
  const { DiaChiTruSo: place, ChuHoKinhDoanh: owner, DaiDienPhapLuat: persons, TinhTrangPhapLy: state, ...rest } = stated;
  const inner = (place as JsonObject | undefined)?.DiaChi;
  const people = ((persons ?? []) as readonly Json[]).map((block) => ({ ThongTinCaNhan: [block] }));
  return numbered({
    ...rest,
    ...(place === undefined ? {} : { DiaChiTruSo: [{ ...(inner === undefined ? {} : { DiaChi: [inner] }) }] }),
    ...(owner === undefined ? {} : { ChuHoKinhDoanh: [owner] }),
    ...(which === 'enterprise' && persons !== undefined ? { DaiDienPhapLuat: people } : {}),
    ...(state === undefined ? {} : { TinhTrangPhapLy: [state] }),
  }) as JsonObject;
}

function numbered(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(numbered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, below]) => [
      name,
      NUMBERS.has(name) && typeof below === 'string' ? Number(below) : numbered(below as Json),
    ]),
  );
}
