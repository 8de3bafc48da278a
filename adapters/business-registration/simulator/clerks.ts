import type { Json, JsonObject, Simulator, SimulatorDesk, SimulatorRow } from '../../../src/kit/index.ts';
import { CODE, KINDS, type KindName } from '../wire.ts';
import { dayOf, issued, STATES } from './register.ts';

/** What officials do in the registry: they type registrations, changes, suspensions and ends into one register. */

/** The registry's own way to name what a kind speaks of; null where the row is none of that kind. */
function outsideId(kind: KindName, row: SimulatorRow): string | null {
  const code = String(row.record[CODE[KINDS[kind]]]);
  const count = Number(row.record.SoLanDangKyThayDoi ?? 0);
  if (kind === 'household-change') return count > 0 ? `${code}/${count}` : null;
  if (kind === 'household-suspension') return row.stage === 'suspended' ? [code, ...startDay(row)].join('/') : null;
  if (kind === 'household-end') return row.stage === 'ended' ? code : null;
  return code;
}

const startDay = ({ record }: SimulatorRow): readonly string[] => {
  const from = (record.TinhTrangPhapLy as JsonObject | undefined)?.NgayBatDauTamNgung;
  return typeof from === 'string' ? [from.replaceAll('/', '')] : [];
};

/** The same simulator with outside ids: the code an official reads off the certificate. */
export function overRegister(base: Simulator, desk: SimulatorDesk): Simulator {
  const rows = (kind: string) => desk.rows(KINDS[kind as KindName]);
  const rowOf = (kind: string, id: string): SimulatorRow => {
    const code = id.split('/')[0];
    const row = rows(kind).find(({ record }) => record[CODE[KINDS[kind as KindName]]] === code);
    if (row === undefined) throw new RangeError(`no ${kind} with this id`);
    return row;
  };
  return {
    ...base,
    records: (kind) =>
      rows(kind).flatMap((row) => {
        const id = outsideId(kind as KindName, row);
        return id === null ? [] : [{ id, key: null, record: { ...row.record, KetQuaTraCuu: 'co-ban-ghi' } }];
      }),
    typeByHand: (kind, record) => type(desk, kind as KindName, record),
    edit: (kind, id, changes) => void desk.change(KINDS[kind as KindName], rowOf(kind, id).id, { record: changes }, null),
    advance: (kind, id, stage, fields = {}) => {
      const row = rowOf(kind, id);
      base.advance(KINDS[kind as KindName], row.id, stage, { ...stateOf(stage), ...fields });
    },
  };
}

const stateOf = (stage: string): JsonObject => {
  const state = STATES[stage as keyof typeof STATES];
  return state === undefined ? {} : { TinhTrangPhapLy: { TinhTrangPhapLy: state } };
};

/** Types what the form says. With the fault `landLate` the look-up shows it only `lateMs` later. */
function type(desk: SimulatorDesk, kind: KindName, typed: JsonObject): string {
  const which = KINDS[kind];
  const known = desk.rows(which).find(({ record }) => record[CODE[which]] === typed[CODE[which]] && typed[CODE[which]] !== undefined);
  const { landLate, lateMs } = desk.faults();
  const hidden = landLate > 0 && desk.random() < landLate ? { visibleAt: desk.now() + lateMs } : {};
  const row =
    known === undefined
      ? desk.add(which, { key: null, record: asRecorded(desk, kind, typed), byHand: true, extra: hidden }, 'type-by-hand')
      : desk.change(which, known.id, { record: whatChanges(desk, kind, known, typed), extra: hidden }, 'type-by-hand');
  const stage = STAGE[kind];
  if (stage !== undefined && row.stage !== stage) return String(outsideId(kind, desk.change(which, row.id, { stage }, null)));
  return String(outsideId(kind, row));
}

const STAGE: Readonly<Partial<Record<KindName, keyof typeof STATES>>> = { 'household-suspension': 'suspended', 'household-end': 'ended' };

function asRecorded(desk: SimulatorDesk, kind: KindName, typed: JsonObject): JsonObject {
  const record = issued(KINDS[kind], typed, desk.rows(KINDS[kind]).length + 1, desk.now());
  if (kind === 'household-change') return { ...record, SoLanDangKyThayDoi: Math.max(1, Number(record.SoLanDangKyThayDoi)) };
  return withState(kind, record, typed);
}

/** A change raises the number of changes; a suspension or an end turns the legal state. */
function whatChanges(desk: SimulatorDesk, kind: KindName, known: SimulatorRow, typed: JsonObject): JsonObject {
  if (kind !== 'household-change') return withState(kind, typed, typed);
  const count = Number(known.record.SoLanDangKyThayDoi ?? 0) + 1;
  const merged = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, within(known.record[name], value as Json)]));
  return { ...merged, SoLanDangKyThayDoi: count, NgayDangKyThayDoi: dayOf(desk.now()) };
}

function withState(kind: KindName, record: JsonObject, typed: JsonObject): JsonObject {
  const stage = STAGE[kind];
  if (stage === undefined) return record;
  return { ...record, TinhTrangPhapLy: { ...(typed.TinhTrangPhapLy as JsonObject | undefined), TinhTrangPhapLy: STATES[stage] } };
}

/** The typed fields inside the object they stand in; its other fields stay. */
function within(held: Json | undefined, typed: Json): Json {
  if (!isObject(held) || !isObject(typed)) return typed;
  return { ...held, ...Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, within(held[name], value as Json)])) };
}
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
