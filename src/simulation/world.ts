import type { At, Json, JsonObject } from '../model/json.ts';
import type { Phase } from '../model/words.ts';
import type { Capability } from './capability.ts';
import { createHistory, type Edit, type History } from './history.ts';
import {
  fromField,
  isShared,
  linesOf,
  type Ministry,
  NATURAL,
  type SimLine,
  type SimPath,
  type SimSystem,
  STAGE_FIELD,
  STAGES,
  sameValue,
} from './lines.ts';
import { type Dice, hashText } from './random.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** One state a record was in. */
export interface State {
  readonly at: At;
  readonly version: number;
  readonly record: JsonObject;
  readonly by: 'engine' | 'person' | 'restore';
}

export interface WorldRecord {
  readonly id: string;
  readonly system: SimSystem;
  readonly code: string;
  /** Ours, given at create; null for a record typed by hand. */
  readonly key: string | null;
  readonly madeBy: 'engine' | 'hand' | 'official';
  readonly bornAt: At;
  /** A queued record is not there before. */
  readonly visibleAt: At;
  /** Latest last; a restore pushes an old record as a new state. */
  readonly states: State[];
}

/** An effect of ours that a system took. */
export interface Effect {
  readonly at: At;
  readonly system: SimSystem;
  readonly verb: 'create' | 'update' | 'act';
  readonly record: string;
  readonly code: string;
  readonly key: string;
  readonly detail: string;
  /** Nothing changed by it: the system had it already. */
  readonly repeated: boolean;
  /** When the call that caused it began. */
  readonly calledAt: At;
}

export interface Breach {
  readonly what: string;
  readonly code: string;
}

/** An official's or clerk's act, or a stage a record went through: evidence for progress. */
export interface Happening {
  readonly at: At;
  readonly code: string;
  readonly system: SimSystem;
  readonly record: string;
  readonly kind: 'stage' | 'act';
  readonly name: string;
}

export interface Step {
  readonly actKey: string;
  readonly code: string;
  readonly record: JsonObject;
  readonly at: At;
}

export interface Writer {
  readonly life: Life;
  readonly calledAt: At;
  readonly conditional: boolean;
}

/** The outside world: what all systems hold, what truly happened, and what people meant. */
export interface World {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly capability: Readonly<Record<Ministry, Capability>>;
  readonly history: History;
  readonly records: WorldRecord[];
  readonly effects: Effect[];
  readonly happenings: Happening[];
  readonly steps: Step[];
  readonly breaches: Breach[];
  readonly acknowledged: Map<string, number>;
  readonly restored: { readonly system: SimSystem; readonly at: At; readonly records: ReadonlySet<string> }[];
  readonly calm: { on: boolean };
  /** Somebody changes a record in the very moment a write of ours arrives. */
  readonly meddling: { by: (record: WorldRecord) => void; closes: (record: WorldRecord) => void };
  readonly outages: Map<SimSystem, At>;
  /** Files a clerk has or had open, and until when nobody else may change them. */
  readonly lockedUntil: Map<string, At>;
  /** Somebody is often at a record when a write arrives, and files are closed in that moment. */
  readonly thorny: boolean;
}

export const createWorld = (options: {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly capability: Readonly<Record<Ministry, Capability>>;
  readonly thorny: boolean;
}): World => ({
  ...options,
  history: createHistory(),
  records: [],
  effects: [],
  happenings: [],
  steps: [],
  breaches: [],
  acknowledged: new Map(),
  restored: [],
  calm: { on: false },
  meddling: { by: () => undefined, closes: () => undefined },
  outages: new Map(),
  lockedUntil: new Map(),
});

export const now = (record: WorldRecord): State => {
  const last = record.states.at(-1);
  if (last === undefined) throw new RangeError(`record without a state: ${record.id}`);
  return last;
};

/** How often somebody is at the record when a write of ours arrives. */
const MEDDLES = 0.08;
/** The same in a thorny storm, where the write bears a condition. */
const MEDDLES_OFTEN = 0.4;
/** How often, in a thorny storm, the file is brought to its end in that moment. */
const CLOSES = 0.25;

export const meddle = (world: World, record: WorldRecord, isConditional: boolean): void => {
  const share = world.thorny && isConditional ? MEDDLES_OFTEN : MEDDLES;
  if (!world.calm.on && world.dice.hit(share)) world.meddling.by(record);
  if (!world.calm.on && world.thorny && world.dice.hit(CLOSES)) world.meddling.closes(record);
};

/** How often, in a thorny storm, a clerk has the file open when our first change of it arrives; once a file. */
const LOCKS = 0.5;
const LOCK_MS = 500;

/** A ministry refuses our change of a file that a clerk has open. */
export const isLocked = (world: World, record: WorldRecord): boolean => {
  const until = world.lockedUntil.get(record.id);
  if (until !== undefined) return world.scheduler.now() < until;
  if (!world.thorny || world.calm.on) return false;
  const locks = world.dice.hit(LOCKS);
  world.lockedUntil.set(record.id, locks ? world.scheduler.now() + LOCK_MS : 0);
  return locks;
};

/** One value in so many breaks a rule of the ministry's own. */
const BREAKS_ONE_IN = 5;

/**
 * In a thorny storm a ministry takes not every phone number and every address: always the same ones, so that a refusal stands
 * until a person types another value.
 */
export const breaksRule = (world: World, system: Ministry, sent: JsonObject): boolean =>
  world.thorny &&
  linesOf(system).some((line) => {
    const value = isShared(line.path) ? textOf(sent[line.field]) : null;
    return value !== null && hashText(`${system} ${value}`) % BREAKS_ONE_IN === 0;
  });

export const isThere = (world: World, record: WorldRecord): boolean => record.visibleAt <= world.scheduler.now();

export const recordsOf = (world: World, system: SimSystem, code?: string): readonly WorldRecord[] =>
  world.records.filter((record) => record.system === system && (code === undefined || record.code === code));

export const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

export const stageOf = (system: Ministry, record: JsonObject): Phase | null =>
  STAGES[system][textOf(record[STAGE_FIELD[system]]) ?? ''] ?? null;

/** The edit a field shows now, found by its value. */
export const editShown = (world: World, line: SimLine, code: string, record: JsonObject): Edit | null => {
  const value = textOf(record[line.field]);
  return value === null ? null : world.history.of(code, line.path, fromField(line, value));
};

/** What the system makes of a record it is given. */
const normalised = (world: World, system: SimSystem, record: JsonObject): JsonObject => {
  if (system === 'one-stop' || !world.capability[system].upper) return record;
  const name = linesOf(system).find((line) => line.path === 'name')?.field ?? '';
  const text = textOf(record[name]);
  return text === null ? record : { ...record, [name]: text.toUpperCase() };
};

const push = (world: World, record: WorldRecord, fields: JsonObject, by: State['by']): void => {
  const at = world.scheduler.now();
  const before = now(record);
  const after = normalised(world, record.system, fields);
  if (JSON.stringify(before.record) === JSON.stringify(after)) return;
  record.states.push({ at, version: before.version + 1, record: after, by });
  if (record.system !== 'one-stop') noteStage(world, record, before.record, after);
};

const noteStage = (world: World, record: WorldRecord, before: JsonObject | null, after: JsonObject): void => {
  if (record.system === 'one-stop') return;
  const phase = stageOf(record.system, after);
  if (phase === null || (before !== null && stageOf(record.system, before) === phase)) return;
  world.happenings.push({
    at: world.scheduler.now(),
    code: record.code,
    system: record.system,
    record: record.id,
    kind: 'stage',
    name: phase,
  });
};

/** A new record; the caller has decided that it is one. */
export const addRecord = (
  world: World,
  born: {
    readonly system: SimSystem;
    readonly code: string;
    readonly key: string | null;
    readonly madeBy: WorldRecord['madeBy'];
    readonly record: JsonObject;
    readonly visibleAt: At;
  },
): WorldRecord => {
  const at = world.scheduler.now();
  const { record: fields, ...head } = born;
  const record: WorldRecord = {
    ...head,
    id: born.system === 'one-stop' ? born.code : `${born.system}-${recordsOf(world, born.system).length + 1}`,
    bornAt: at,
    states: [{ at, version: 1, record: normalised(world, born.system, fields), by: born.madeBy === 'engine' ? 'engine' : 'person' }],
  };
  world.records.push(record);
  noteStage(world, record, null, fields);
  return record;
};

/** A person changes fields. */
export const changeByPerson = (world: World, record: WorldRecord, changes: JsonObject): void =>
  push(world, record, { ...now(record).record, ...changes }, 'person');

/** A write of ours takes effect: ownership is judged against what was there, and what it covers up is remembered. */
export const changeByEngine = (
  world: World,
  record: WorldRecord,
  changes: JsonObject,
  writer: Writer,
  shown: (edit: Edit) => boolean,
): void => {
  const before = now(record).record;
  for (const line of linesOf(record.system)) {
    if (!(line.field in changes) || changes[line.field] === before[line.field]) continue;
    if (line.owner === 'take') world.breaches.push({ what: `${record.system}.${line.field} is theirs and was written`, code: record.code });
    if (line.owner === 'start') world.breaches.push({ what: `${record.system}.${line.field} was written after create`, code: record.code });
    noteOverwrite(world, record, line, changes, writer, shown);
  }
  push(world, record, { ...before, ...changes }, 'engine');
};

const noteOverwrite = (
  world: World,
  record: WorldRecord,
  line: SimLine,
  changes: JsonObject,
  writer: Writer,
  shown: (edit: Edit) => boolean,
): void => {
  const old = editShown(world, line, record.code, now(record).record);
  const fresh = editShown(world, line, record.code, changes);
  if (old === null || !isShared(line.path) || old.why === 'drift') return;
  if (fresh !== null && (world.history.knows(fresh, old) || sameValue(fresh.value, old.value))) return;
  world.history.overwritten({
    edit: old.id,
    system: record.system,
    at: world.scheduler.now(),
    avoidable: shown(old) || writer.conditional,
  });
};

/** The dossier a ministry record is about, by its natural key: the truth no key of ours can bend. */
export const codeByNature = (world: World, system: Ministry, record: JsonObject): string => {
  const natural = textOf(record[NATURAL[system]]);
  return world.history.edits.find((edit) => edit.path === 'idNumber' && edit.value === natural)?.code ?? 'nobody';
};

/** By our key; a record typed by hand has none and answers to its own id. */
export const byKey = (world: World, system: Ministry, key: string): readonly WorldRecord[] =>
  recordsOf(world, system).filter((record) => (record.key ?? record.id) === key);

/** The latest edit on a path at a system, as a person there sees it. */
export const seenAt = (world: World, record: WorldRecord, path: SimPath): Edit | null => {
  const line = linesOf(record.system).find((candidate) => candidate.path === path);
  return line === undefined ? null : editShown(world, line, record.code, now(record).record);
};

/** Backup and restore of one system: every record of it goes back to how it was at `since`, records born later vanish from view. */
export const restoreTo = (world: World, system: Ministry, since: At): void => {
  const touched = new Set<string>();
  for (const record of recordsOf(world, system)) {
    const old = record.states.filter((state) => state.at <= since).at(-1);
    if (old === undefined || old.version === now(record).version) continue;
    touched.add(record.id);
    record.states.push({ at: world.scheduler.now(), version: old.version, record: old.record, by: 'restore' });
  }
  world.restored.push({ system, at: world.scheduler.now(), records: touched });
};
