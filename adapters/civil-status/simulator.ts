import {
  controlRoutes,
  dataBeside,
  type JsonObject,
  runAlone,
  runSimulator,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorDesk,
  type SimulatorRoute,
  type SimulatorRow,
  type StartSimulator,
} from '../../src/kit/index.ts';
import { type Kind, readKinds } from './kinds.ts';
import { type Kinds, poll, push, search, stated } from './simulator/calls.ts';
import { restated, settle, simulatorKind } from './simulator/register.ts';
import { step } from './simulator/steps.ts';

/** The civil-status system and the linked service in miniature. Ids are what the adapter knows records by. */

const start: StartSimulator = async (options) => {
  const kinds = readKinds(dataBeside(import.meta.url, options.overrides ?? null));
  const held: { desk?: SimulatorDesk; simulator?: Simulator } = {};
  const simulator = () => {
    if (held.simulator === undefined) throw new RangeError('the simulator is still starting');
    return held.simulator;
  };
  const base = await runSimulator(options, {
    kinds: Object.fromEntries([...kinds].map(([name, kind]) => [name, simulatorKind(kind)])),
    config: (baseUrl) => ({
      baseUrl,
      searchPath: '/apiLienThongKSKT/1.0/timHoSo',
      dvclt: {},
      twins: options.faults?.unsafe === true ? 'accepted' : 'rejected',
      landsWithinMs: 2_000,
      timeoutMs: 5_000,
      limits: { concurrent: 16, perSecond: null, perDay: null },
    }),
    routes: (desk) => {
      held.desk = desk;
      const post = (
        path: string,
        effect: 'read' | 'write',
        run: (kinds: Kinds, desk: SimulatorDesk, body: JsonObject) => SimulatorAnswer,
      ): SimulatorRoute => ({
        method: 'POST',
        path,
        effect,
        run: (request) => run(kinds, desk, request.json() as JsonObject),
      });
      return [
        post('/apiLienThongKSKT/1.0/nhanHoSoDKHT', 'write', push),
        post('/apiLienThongKSKT/1.0/layKetQua', 'read', poll),
        post('/apiLienThongKSKT/1.0/timHoSo', 'read', search),
        post('/api/lienthongdvclt/capNhatTrangThai', 'write', step),
        ...controlRoutes(simulator, options.clock),
      ];
    },
    changed: (desk, kind, row) => settle(desk, kindOf(kinds, kind), row),
  });
  if (held.desk === undefined) throw new RangeError('the simulator has no desk');
  held.simulator = overRegister(base, held.desk, kinds);
  return held.simulator;
};

/** The same simulator with outside ids: our key, or the place in the register of what was typed by hand. */
function overRegister(base: Simulator, desk: SimulatorDesk, kinds: Kinds): Simulator {
  const rowOf = (kind: string, id: string) => desk.rows(kind).find((row) => row.id === id || outsideId(row) === id) ?? missing(kind);
  return {
    ...base,
    records: (kind) => {
      const seen = new Set<string>();
      return desk.rows(kind).map((row) => {
        const outside = outsideId(row);
        const id = seen.has(outside) ? row.id : outside;
        seen.add(outside);
        const { trangThai, thoiGianThucHien } = stated(kindOf(kinds, kind), row, false);
        const { key, stage } = row;
        return { id, key, stage, record: { ...row.record, trangThai: String(trangThai), thoiGianThucHien: thoiGianThucHien ?? '' } };
      });
    },
    typeByHand: (kind, record) => {
      const { maHoSoMCDT: _noKeyOfOurs, ...typed } = record;
      return outsideId(rowOf(kind, base.typeByHand(kind, typed)));
    },
    edit: (kind, id, changes) => {
      const row = rowOf(kind, id);
      base.edit(kind, row.id, corrected(kindOf(kinds, kind), row, changes));
    },
    advance: (kind, id, stage, fields) => {
      const row = rowOf(kind, id);
      base.advance(kind, row.id, stage, fields === undefined ? undefined : corrected(kindOf(kinds, kind), row, fields));
    },
  };
}

const kindOf = (kinds: Kinds, name: string): Kind => kinds.get(name) ?? missing(name);

function missing(kind: string): never {
  throw new RangeError(`no ${kind} with this id`);
}

function outsideId(row: SimulatorRow): string {
  const result = (row.record.ketQuaXuLy ?? {}) as JsonObject;
  return row.key ?? `${row.record.noiDangKy}/${result.quyenSo}/${result.soDangKy}`;
}

/** A clerk's correction: the result repeats what was corrected. */
function corrected(kind: Kind, row: SimulatorRow, changes: JsonObject): JsonObject {
  const result = row.record.ketQuaXuLy as JsonObject | undefined;
  if (result === undefined) return changes;
  return { ...changes, ketQuaXuLy: { ...result, ...restated(kind, changes), ...(changes.ketQuaXuLy as JsonObject | undefined) } };
}

export default start;

await runAlone(import.meta.url, start);
