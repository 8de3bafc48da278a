import type { Receipt, RecordKind, Sighting } from '../kit/index.ts';
import { SCHEMAS } from './language.ts';
import { linesOf } from './lines.ts';
import { type Desk, showTo } from './ministry.ts';
import { readCall, refused, stale, writeCall } from './network.ts';
import { changeByEngine, meddle, now, recordsOf, type State, type World, type WorldRecord } from './world.ts';

/** The one-stop counts its revisions, in pushed documents and in reads alike. */
const versionOf = (state: State): string => String(state.version);

const sightingOf = (record: WorldRecord): Sighting => {
  const last = now(record);
  return {
    id: record.id,
    key: record.code,
    version: versionOf(last),
    sequence: last.version,
    covers: 'all',
    record: { ...last.record, lanSua: last.version },
    statedAt: last.at,
  };
};

const show = (desk: Desk, record: WorldRecord): Sighting => {
  const sighting = sightingOf(record);
  for (const line of linesOf('one-stop')) showTo(desk.shown, desk.world, line, record.code, sighting.record);
  return sighting;
};

const one = (world: World, id: string): WorldRecord | undefined =>
  recordsOf(world, 'one-stop').find((record) => record.id === id || record.code === id);

const receiptOf = (record: WorldRecord): Receipt => ({
  is: 'done',
  id: record.id,
  version: versionOf(now(record)),
  sequence: now(record).version,
});

/** The one-stop as an adapter would give it: read whole by its code, If-Match on update, steps by act key. */
export const oneStopKind = (desk: Desk): RecordKind => {
  const { world, network, life } = desk;
  const system = 'one-stop' as const;
  return {
    name: 'file',
    schema: SCHEMAS[system],
    normalises: {},
    readLagMs: 0,
    ordered: true,
    read: {
      by: 'key',
      most: 5,
      run: (ids, call) =>
        readCall(world, network, { life, system, verb: 'read', signal: call.signal }, () => {
          const seen = ids.map((id) => [id, one(world, id)] as const);
          return new Map(seen.map(([id, record]) => [id, record === undefined ? null : show(desk, record)]));
        }),
    },
    changes: {
      overlapMs: 5_000,
      run: (cursor, call) =>
        readCall(world, network, { life, system, verb: 'changes', signal: call.signal }, () => {
          const since = cursor === null ? 0 : Number(cursor) - 5_000;
          const touched = recordsOf(world, system).filter((record) => now(record).at >= since);
          const touches = touched.map((record) => ({ kind: 'file', id: record.id, key: record.code, sighting: null }));
          return { touches, cursor: String(world.scheduler.now()), more: false };
        }),
    },
    update: {
      phases: [],
      style: 'patch',
      ifMatch: true,
      landsWithinMs: 10_000,
      run: (order, call) => {
        const shownBefore = new Set(desk.shown);
        return writeCall<Receipt>(world, network, {
          life,
          system,
          verb: 'update',
          signal: call.signal,
          landsWithinMs: 10_000,
          mayRepeat: true,
          effect: (calledAt) => {
            const record = one(world, order.id);
            if (record === undefined) throw refused('sim.no-such-record');
            meddle(world, record, order.version !== null);
            if (order.version !== null && order.version !== versionOf(now(record))) throw stale();
            const before = now(record).version;
            changeByEngine(world, record, order.record, { life, calledAt, conditional: true }, (edit) => shownBefore.has(edit));
            const repeated = now(record).version === before;
            const detail = Object.keys(order.record).join(',');
            world.effects.push({
              at: world.scheduler.now(),
              system,
              verb: 'update',
              record: record.id,
              code: record.code,
              key: order.key,
              detail,
              repeated,
              calledAt,
            });
            return receiptOf(record);
          },
        });
      },
    },
    acts: {
      step: {
        phases: [],
        leadsTo: null,
        repeat: 'same-key',
        landsWithinMs: 10_000,
        run: (order, call) =>
          writeCall<Receipt>(world, network, {
            life,
            system,
            verb: 'act',
            signal: call.signal,
            landsWithinMs: 10_000,
            mayRepeat: true,
            effect: (calledAt) => {
              const record = one(world, order.id);
              if (record === undefined) throw refused('sim.no-such-record');
              const at = world.scheduler.now();
              const repeated = world.steps.some((step) => step.code === record.code && step.actKey === order.actKey);
              if (!repeated) {
                world.steps.push({ actKey: order.actKey, code: record.code, record: order.record, at });
                changeByEngine(
                  world,
                  record,
                  { trangThai: Number(order.record.status) },
                  { life, calledAt, conditional: false },
                  () => false,
                );
              }
              world.effects.push({
                at,
                system,
                verb: 'act',
                record: record.id,
                code: record.code,
                key: order.key,
                detail: order.actKey,
                repeated,
                calledAt,
              });
              return receiptOf(record);
            },
          }),
      },
    },
  };
};
