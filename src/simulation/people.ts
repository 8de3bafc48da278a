import type { JsonObject } from '../model/json.ts';
import type { Edit } from './history.ts';
import { FIRST_STAGE } from './language.ts';
import { linesOf, type Ministry, NATURAL, type SimPath, toField } from './lines.ts';
import { addRecord, changeByPerson, isThere, now, recordsOf, seenAt, stageOf, type World, type WorldRecord } from './world.ts';

/** What officials and clerks do. Every value they type is new in the world, so that it can be recognised anywhere. */

const freshValue = (world: World, path: SimPath): string => {
  const n = world.history.edits.length + 1;
  if (path === 'birthDate') return new Date(Date.UTC(1960, 0, 1 + n)).toISOString().slice(0, 10);
  if (path === 'phone') return `0900 ${String(n).padStart(6, '0')}`;
  if (path === 'idNumber') return `0990${String(n).padStart(8, '0')}`;
  const words: Readonly<Partial<Record<SimPath, string>>> = {
    name: `Người Thứ ${n}`,
    address: `Số ${n} Đường Thử`,
    paper: `GIẤY ${n}`,
    'results.registry.number': `ĐK-${n}`,
    'results.registry.expires': `HẠN-${n}`,
    'results.insurer.card': `THẺ-${n}`,
  };
  return words[path] ?? `V-${n}`;
};

/** Types a new value on a path at a system and remembers what the person had in sight. */
export const typeValue = (world: World, record: WorldRecord, path: SimPath, why: Edit['why']): Edit => {
  const seen = seenAt(world, record, path);
  const value = freshValue(world, path);
  const edit = world.history.add({ code: record.code, path, value, at: world.scheduler.now(), side: record.system, why }, [seen]);
  const line = linesOf(record.system).find((candidate) => candidate.path === path);
  if (line !== undefined) changeByPerson(world, record, { [line.field]: toField(line, value) });
  return edit;
};

export const PROCEDURE = '9.000001';
export const AGENCY = 'H12.99.01';

const FIRST_PATHS: readonly SimPath[] = ['idNumber', 'name', 'birthDate', 'paper', 'phone', 'address'];

/** A citizen at the counter: an official types a new dossier into the one-stop. */
export const openDossier = (world: World, code: string): WorldRecord => {
  const record = addRecord(world, {
    system: 'one-stop',
    code,
    key: code,
    madeBy: 'official',
    record: { maHoSo: code, maThuTuc: PROCEDURE, maDonVi: AGENCY, trangThai: 2, soLanBoSung: 0 },
    visibleAt: 0,
  });
  for (const path of FIRST_PATHS) if (path !== 'address' || world.dice.hit(0.8)) typeValue(world, record, path, 'first');
  return record;
};

export const officialEdits = (world: World, record: WorldRecord): void => {
  typeValue(world, record, world.dice.pick(['phone', 'phone', 'address', 'name', 'birthDate'] as const), 'edit');
};

/** The official supplied what the registry had asked for. */
export const officialSupplies = (world: World, record: WorldRecord): void => {
  changeByPerson(world, record, { soLanBoSung: Number(now(record).record.soLanBoSung ?? 0) + 1 });
  world.happenings.push({
    at: world.scheduler.now(),
    code: record.code,
    system: 'one-stop',
    record: record.id,
    kind: 'act',
    name: 'supplied',
  });
};

/** A clerk at the ministry types the same citizen's file from paper; now and then a shared value differs. */
export const typeByHand = (world: World, system: Ministry, oneStop: WorldRecord): WorldRecord => {
  const given: JsonObject = Object.fromEntries(
    linesOf(system).flatMap((line) => {
      const edit = line.owner === 'take' ? null : seenAt(world, oneStop, line.path);
      return edit === null ? [] : [[line.field, toField(line, edit.value)]];
    }),
  );
  const record = addRecord(world, {
    system,
    code: oneStop.code,
    key: null,
    madeBy: 'hand',
    record: { ...given, ...FIRST_STAGE[system] },
    visibleAt: 0,
  });
  if (world.dice.hit(0.3)) typeValue(world, record, 'phone', 'hand-typed');
  return record;
};

const NEXT: Readonly<Record<Ministry, Readonly<Record<string, readonly JsonObject[]>>>> = {
  registry: {
    sent: [{ tinhTrang: '3' }, { tinhTrang: '3' }, { tinhTrang: '2' }],
    accepted: [{ tinhTrang: '7' }, { tinhTrang: '7' }, { tinhTrang: '7' }, { tinhTrang: '6' }],
    assigned: [{ tinhTrang: '4' }],
    issued: [{ tinhTrang: '5' }],
  },
  insurer: {
    sent: [{ trangThai: 'xuly' }],
    accepted: [{ trangThai: 'xong' }, { trangThai: 'xong' }, { trangThai: 'xong' }, { trangThai: 'tuchoi' }],
  },
};

const RESULTS: Readonly<Record<Ministry, readonly SimPath[]>> = {
  registry: ['results.registry.number', 'results.registry.expires'],
  insurer: ['results.insurer.card'],
};

/** The ministry moves a file on; at `issued` its results are written in the same stroke. */
export const moveOn = (world: World, record: WorldRecord): void => {
  if (record.system === 'one-stop') return;
  const { system } = record;
  const phase = stageOf(system, now(record).record);
  const next = NEXT[system][phase ?? ''];
  if (next === undefined) return;
  const step = world.dice.pick(next);
  const isIssuing = stageOf(system, step) === 'issued';
  const results = isIssuing ? RESULTS[system].map((path) => resultOf(world, record, path)) : [];
  changeByPerson(world, record, { ...step, ...Object.fromEntries(results) });
};

/** No file goes through more stages than these. */
const MOST_STAGES = 4;

/** The ministry brings a file to its result, or refuses it, without a pause. */
export const closeFile = (world: World, record: WorldRecord): void => {
  for (let stage = 0; stage < MOST_STAGES; stage++) if (!isClosed(record)) moveOn(world, record);
};

const isClosed = ({ system, states }: WorldRecord): boolean => {
  const phase = system === 'one-stop' ? null : stageOf(system, states.at(-1)?.record ?? {});
  return phase === 'issued' || phase === 'handed-over' || phase === 'refused';
};

const resultOf = (world: World, record: WorldRecord, path: SimPath): readonly [string, string] => {
  const line = linesOf(record.system).find((candidate) => candidate.path === path);
  const edit = world.history.add(
    { code: record.code, path, value: freshValue(world, path), at: world.scheduler.now(), side: record.system, why: 'result' },
    [seenAt(world, record, path)],
  );
  return [line?.field ?? path, edit.value];
};

/** A clerk changes a field: a shared one, one of ours (to be repaired), or a result that was wrong. */
export const clerkEdits = (world: World, record: WorldRecord): void => {
  if (record.system === 'one-stop') return;
  const phase = stageOf(record.system, now(record).record);
  if (phase === 'refused') return;
  const isIssued = phase === 'issued' || phase === 'handed-over';
  const what = world.dice.between(1, 10);
  if (isIssued && what <= 3) typeValue(world, record, world.dice.pick(RESULTS[record.system]), 'result');
  else if (record.system === 'registry' && what <= 5) typeValue(world, record, 'address', isIssued ? 'edit' : 'drift');
  else if (!isIssued && what <= 6) typeValue(world, record, 'name', 'drift');
  else typeValue(world, record, 'phone', 'edit');
};

/** Ministry files that are there and whose natural key is known. */
export const openFiles = (world: World, system: Ministry): readonly WorldRecord[] =>
  recordsOf(world, system).filter((record) => isThere(world, record) && now(record).record[NATURAL[system]] !== undefined);
