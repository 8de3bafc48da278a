import type {
  ActVerb,
  CreateVerb,
  FindVerb,
  Heard,
  ListVerb,
  ReadVerb,
  Receipt,
  RecordKind,
  Sighting,
  Touch,
  UpdateVerb,
} from '../kit/index.ts';
import type { At, JsonObject } from '../model/json.ts';
import type { Phase } from '../model/words.ts';
import type { Capability } from './capability.ts';
import type { Edit } from './history.ts';
import { FIRST_STAGE, SCHEMAS } from './language.ts';
import { KEY_FIELD, linesOf, type Ministry, NATURAL, type SimLine, STAGE_FIELD } from './lines.ts';
import { type Network, readCall, refused, stale, writeCall } from './network.ts';
import { hashText } from './random.ts';
import type { Life } from './scheduler.ts';
import {
  addRecord,
  breaksRule,
  byKey,
  changeByEngine,
  codeByNature,
  editShown,
  isLocked,
  isThere,
  meddle,
  now,
  recordsOf,
  type State,
  stageOf,
  type World,
  type WorldRecord,
} from './world.ts';

const OPEN_PHASES: readonly Phase[] = ['sent', 'accepted', 'assigned', 'supplement'];

/** What edits a node was shown, so that covering one up can be judged. */
export type Shown = Set<Edit>;

export interface Desk {
  readonly world: World;
  readonly network: Network;
  readonly life: Life;
  readonly shown: Shown;
}

export const versionOf = (state: State): string => `${state.version}-${hashText(JSON.stringify(state.record)).toString(36)}`;

const coversOf = (capability: Capability, system: Ministry, record: JsonObject): Sighting['covers'] => {
  const phase = stageOf(system, record);
  if (!capability.partialUntilIssued || phase === 'issued' || phase === 'handed-over') return 'all';
  return [KEY_FIELD[system], STAGE_FIELD[system]];
};

/** A record as the system states it: a partial one says only what it covers. */
export const sightingOf = (world: World, system: Ministry, record: WorldRecord, state: State): Sighting => {
  const capability = world.capability[system];
  const covers = coversOf(capability, system, state.record);
  const stated = covers === 'all' ? state.record : Object.fromEntries(covers.map((field) => [field, state.record[field]]));
  return {
    id: record.id,
    key: record.key,
    version: capability.versioned ? versionOf(state) : null,
    sequence: capability.ordered ? state.version : null,
    covers,
    record: stated,
    statedAt: state.at,
  };
};

/** The state a read shows: for a while after a write of ours it may still be the one before. */
const stateRead = (world: World, capability: Capability, record: WorldRecord): State => {
  const last = now(record);
  const before = record.states.at(-2);
  const isFresh = last.by === 'engine' && world.scheduler.now() < last.at + capability.readLagMs;
  return isFresh && before !== undefined && world.dice.hit(0.5) ? before : last;
};

/** Remembers the edit a field of a stated record shows. */
export const showTo = (shown: Shown, world: World, line: SimLine, code: string, stated: JsonObject): void => {
  const edit = editShown(world, line, code, stated);
  if (edit !== null) shown.add(edit);
};

export const showAll = (shown: Shown, world: World, system: Ministry, record: WorldRecord, sighting: Sighting): void => {
  for (const line of linesOf(system)) showTo(shown, world, line, record.code, sighting.record);
};

const state = (desk: Desk, system: Ministry, record: WorldRecord): Sighting => {
  const sighting = sightingOf(desk.world, system, record, stateRead(desk.world, desk.world.capability[system], record));
  showAll(desk.shown, desk.world, system, record, sighting);
  return sighting;
};

const readVerb = (desk: Desk, system: Ministry, capability: Capability): ReadVerb | null => {
  const by = capability.readBy;
  if (by === null) return null;
  const one = (id: string): Sighting | null => {
    const found =
      by === 'id' ? desk.world.records.filter((record) => record.id === id && record.system === system) : byKey(desk.world, system, id);
    const record = found.find((candidate) => isThere(desk.world, candidate));
    return record === undefined ? null : state(desk, system, record);
  };
  return {
    by,
    most: capability.most,
    run: (ids, call) =>
      readCall(desk.world, desk.network, { life: desk.life, system, verb: 'read', signal: call.signal }, () => {
        const isShort = ids.length > 1 && desk.network.weather.now.refused > 0 && desk.world.dice.hit(0.1);
        return new Map((isShort ? ids.slice(1) : ids).map((id) => [id, one(id)]));
      }),
  };
};

const findVerb = (desk: Desk, system: Ministry, capability: Capability): FindVerb => ({
  by: [[NATURAL[system]]],
  unique: false,
  indexLagMs: capability.indexLagMs,
  run: (fields, call) =>
    readCall(desk.world, desk.network, { life: desk.life, system, verb: 'find', signal: call.signal }, () =>
      recordsOf(desk.world, system)
        .filter((record) => isThere(desk.world, record) && record.bornAt + capability.indexLagMs <= desk.world.scheduler.now())
        .filter((record) => now(record).record[NATURAL[system]] === fields[NATURAL[system]])
        .map((record) => state(desk, system, record)),
    ),
});

const listVerb = (desk: Desk, system: Ministry, gives: ListVerb['gives']): ListVerb => ({
  gives,
  run: (cursor, call) =>
    readCall(desk.world, desk.network, { life: desk.life, system, verb: 'list', signal: call.signal }, () => {
      const from = cursor === null ? 0 : Number(cursor);
      const all = recordsOf(desk.world, system).filter((record) => isThere(desk.world, record));
      const items = all.slice(from, from + 3).map((record) => {
        const sighting = sightingOf(desk.world, system, record, now(record));
        const head = { id: record.id, key: sighting.key, version: gives === 'id' ? null : sighting.version };
        if (gives !== 'record') return head;
        showAll(desk.shown, desk.world, system, record, sighting);
        return { ...head, sighting };
      });
      return { items, cursor: from + 3 < all.length ? String(from + 3) : null };
    }),
});

/** Touches since the cursor (a time); a page may repeat the last five seconds. */
export const touchedSince = (world: World, system: Ministry, since: At): readonly Touch[] =>
  recordsOf(world, system)
    .filter((record) => isThere(world, record) && (record.visibleAt >= since || record.states.some((past) => past.at >= since)))
    .map((record) => ({ kind: 'file', id: record.id, key: record.key, sighting: null }));

const createVerb = (desk: Desk, system: Ministry, capability: Capability): CreateVerb => ({
  repeat: capability.repeat,
  landsWithinMs: capability.landsWithinMs,
  run: (order, call) =>
    writeCall<Receipt>(desk.world, desk.network, {
      life: desk.life,
      system,
      verb: 'create',
      signal: call.signal,
      landsWithinMs: capability.landsWithinMs,
      mayRepeat: capability.repeat !== 'unsafe' || capability.find,
      effect: (calledAt) => takeCreate(desk.world, system, capability, order.key, order.record, calledAt),
    }),
});

const takeCreate = (world: World, system: Ministry, capability: Capability, key: string, sent: JsonObject, calledAt: At): Receipt => {
  if (breaksRule(world, system, sent)) throw refused('sim.against-a-rule');
  const at = world.scheduler.now();
  const same = byKey(world, system, key)[0];
  const natural = recordsOf(world, system).find((record) => now(record).record[NATURAL[system]] === sent[NATURAL[system]]);
  const known = capability.repeat === 'same-key' ? same : capability.repeat === 'rejects-twin' ? (same ?? natural) : undefined;
  const effect = { at, system, verb: 'create' as const, key, code: codeByNature(world, system, sent), detail: 'create', calledAt };
  if (known !== undefined) {
    world.effects.push({ ...effect, record: known.id, repeated: true });
    if (capability.repeat === 'rejects-twin') return { is: 'already', id: world.dice.hit(0.5) || !capability.find ? known.id : null };
    return capability.queued ? { is: 'queued', ticket: `t-${known.id}` } : { is: 'done', id: known.id, version: null, sequence: null };
  }
  const record = addRecord(world, {
    system,
    code: effect.code,
    key,
    madeBy: 'engine',
    record: { ...sent, ...FIRST_STAGE[system] },
    visibleAt: capability.queued ? at + world.dice.between(100, 15_000) : at,
  });
  world.effects.push({ ...effect, record: record.id, repeated: false });
  if (capability.queued) return { is: 'queued', ticket: `t-${record.id}` };
  const version = capability.versioned ? versionOf(now(record)) : null;
  return { is: 'done', id: record.id, version, sequence: capability.ordered ? now(record).version : null };
};

const updateVerb = (desk: Desk, system: Ministry, capability: Capability): UpdateVerb => ({
  phases: OPEN_PHASES,
  style: capability.style,
  ifMatch: capability.ifMatch,
  landsWithinMs: capability.landsWithinMs,
  run: (order, call) => {
    const shownBefore = new Set(desk.shown);
    return writeCall<Receipt>(desk.world, desk.network, {
      life: desk.life,
      system,
      verb: 'update',
      signal: call.signal,
      landsWithinMs: capability.landsWithinMs,
      mayRepeat: true,
      effect: (calledAt) => takeUpdate(desk, system, order, calledAt, shownBefore),
    });
  },
});

const writable = (system: Ministry): readonly string[] =>
  linesOf(system)
    .filter((line) => line.owner === 'give' || line.owner === 'share')
    .map((line) => line.field);

const takeUpdate = (
  desk: Desk,
  system: Ministry,
  order: { readonly id: string; readonly key: string; readonly version: string | null; readonly record: JsonObject },
  calledAt: At,
  shownBefore: ReadonlySet<Edit>,
): Receipt => {
  const { world } = desk;
  const capability = world.capability[system];
  const record = world.records.find((candidate) => candidate.id === order.id && candidate.system === system);
  if (record === undefined) throw refused('sim.no-such-record');
  meddle(world, record, capability.ifMatch && order.version !== null);
  const phase = stageOf(system, now(record).record);
  if (phase === null || !OPEN_PHASES.includes(phase)) throw refused('sim.closed');
  if (isLocked(world, record)) throw refused('sim.locked');
  if (capability.ifMatch && order.version !== null && order.version !== versionOf(now(record))) throw stale();
  if (breaksRule(world, system, order.record)) throw refused('sim.against-a-rule');
  const whole = Object.fromEntries(writable(system).map((field) => [field, order.record[field] ?? null]));
  const { loai: _, ...sent } = order.record;
  const before = now(record).version;
  changeByEngine(
    world,
    record,
    capability.style === 'replace' ? { ...sent, ...whole } : sent,
    // A condition helps only where one can read what changed: behind a mere stage every change looks alike.
    { life: desk.life, calledAt, conditional: capability.ifMatch && !capability.partialUntilIssued },
    (edit) => shownBefore.has(edit),
  );
  const repeated = now(record).version === before;
  world.effects.push({
    at: world.scheduler.now(),
    system,
    verb: 'update',
    record: record.id,
    code: record.code,
    key: order.key,
    detail: Object.keys(sent).join(','),
    repeated,
    calledAt,
  });
  return {
    is: 'done',
    id: record.id,
    version: capability.versioned ? versionOf(now(record)) : null,
    sequence: capability.ordered ? now(record).version : null,
  };
};

/** `supplement` tells the registry that what was missing has been supplied. */
const supplementAct = (desk: Desk, capability: Capability): ActVerb => ({
  phases: ['supplement'],
  leadsTo: 'accepted',
  repeat: 'same-key',
  landsWithinMs: capability.landsWithinMs,
  run: (order, call) => {
    const shownBefore = new Set(desk.shown);
    return writeCall<Receipt>(desk.world, desk.network, {
      life: desk.life,
      system: 'registry',
      verb: 'act',
      signal: call.signal,
      landsWithinMs: capability.landsWithinMs,
      mayRepeat: true,
      effect: (calledAt) => {
        const { world } = desk;
        const record = world.records.find((candidate) => candidate.id === order.id);
        if (record === undefined) throw refused('sim.no-such-record');
        const repeated = world.effects.some((effect) => effect.verb === 'act' && effect.detail === order.actKey);
        const isOpen = stageOf('registry', now(record).record) === 'supplement';
        if (!repeated && !isOpen) throw refused('sim.closed');
        world.effects.push({
          at: world.scheduler.now(),
          system: 'registry',
          verb: 'act',
          record: record.id,
          code: record.code,
          key: order.key,
          detail: order.actKey,
          repeated,
          calledAt,
        });
        const { loai: _, ...carried } = order.record;
        const changes = { ...carried, tinhTrang: '3' };
        if (!repeated)
          changeByEngine(world, record, changes, { life: desk.life, calledAt, conditional: false }, (edit) => shownBefore.has(edit));
        return {
          is: 'done',
          id: record.id,
          version: capability.versioned ? versionOf(now(record)) : null,
          sequence: capability.ordered ? now(record).version : null,
        };
      },
    });
  },
});

/** A pushed message: JSON of touches with sightings, proved by a word both sides know. */
export const decodePush = (request: Heard): { readonly touches: readonly Touch[]; readonly nonce: string } => {
  const body: unknown = JSON.parse(new TextDecoder().decode(request.body));
  if (typeof body !== 'object' || body === null || !('nonce' in body) || !('touches' in body)) throw refused('sim.bad-push');
  if (request.headers['x-proof'] !== 'agreed') throw refused('sim.bad-proof');
  return body as { touches: readonly Touch[]; nonce: string };
};

/** One ministry system as an adapter would give it, seen by one node. */
export const ministryKind = (desk: Desk, system: Ministry): RecordKind => {
  const capability = desk.world.capability[system];
  const read = readVerb(desk, system, capability);
  return {
    name: 'file',
    schema: SCHEMAS[system],
    normalises: capability.upper ? { [linesOf(system).find((line) => line.path === 'name')?.field ?? '']: 'upper' } : {},
    readLagMs: capability.readLagMs,
    ordered: capability.ordered,
    ...(read === null ? {} : { read }),
    ...(capability.find ? { find: findVerb(desk, system, capability) } : {}),
    ...(capability.list === null ? {} : { list: listVerb(desk, system, capability.list) }),
    ...(capability.changes
      ? {
          changes: {
            overlapMs: 5_000,
            run: (cursor, call) =>
              readCall(desk.world, desk.network, { life: desk.life, system, verb: 'changes', signal: call.signal }, () => ({
                touches: touchedSince(desk.world, system, cursor === null ? 0 : Number(cursor) - 5_000),
                cursor: String(desk.world.scheduler.now()),
                more: false,
              })),
          },
        }
      : {}),
    ...(capability.pushes ? { hear: { proof: 'hmac' as const, run: async (request) => decodePush(request) } } : {}),
    create: createVerb(desk, system, capability),
    update: updateVerb(desk, system, capability),
    ...(system === 'registry' ? { acts: { supplement: supplementAct(desk, capability) } } : {}),
  };
};
