import type { Json, JsonObject } from '../model/json.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { Compiled } from './compile.ts';
import type { HubChange, HubSide } from './contract.ts';
import { type Field, fieldAt } from './fields.ts';
import { type Dice, dice, generate, generateValue } from './generate.ts';
import { isEmpty, type Line, oursOf } from './lines.ts';
import { below, type Draft, parsePath, withValue } from './paths.ts';
import type { Notes } from './tell.ts';

/** The laws of a two-way mapping (design §6), tried on generated records. */
export interface LawRun {
  readonly seed: number;
  readonly rounds: number;
}

/** The day of the generated dossiers: 2026-09-01 in +07:00. */
const AT = Date.UTC(2026, 8, 1, 2);

export function checkLaws(compiled: Compiled, notes: Notes, run: LawRun = { seed: 1, rounds: 20 }): void {
  const broken = new Set<string>();
  const tell = (line: Line, law: 'law-stability' | 'law-correctness' | 'law-put-twice', vi: string, en: string): void => {
    if (broken.has(`${line.id} ${law}`)) return;
    broken.add(`${line.id} ${law}`);
    notes.error(line.node.spot, law, `Dòng "${line.id}": ${vi}`, `Line "${line.id}": ${en}`);
  };
  const roll = dice(run.seed);
  for (let round = 0; round < run.rounds; round += 1) {
    const hub = generateHub(compiled, roll);
    stability(compiled, hub, tell);
    for (const line of compiled.built.plain) putting(compiled, line, hub, roll, tell);
  }
}

type Tell = (line: Line, law: 'law-stability' | 'law-correctness' | 'law-put-twice', vi: string, en: string) => void;

/** A hub document of the form, with codes that the crosswalks know in most places. */
export function generateHub(compiled: Compiled, roll: Dice): HubSide {
  const { form } = compiled.source;
  let document: JsonObject = {
    ...generate(form.data, roll),
    code: `H12.99-260901-${String(roll.below(10_000)).padStart(4, '0')}`,
    nationalCode: null,
    procedure: '1.001193.000.00.00.H12',
    agency: 'H12.99',
    status: 2,
    revision: roll.below(5),
    supplements: 0,
    receivedAt: new Date(AT).toISOString(),
    dueAt: null,
    form: form.name,
    applicant: generate(form.applicant, roll),
    results: {},
    files: [],
  };
  for (const line of compiled.built.plain) {
    const sample = roll.next() < 0.8 ? roll.pick(line.ready.hubSamples ?? []) : undefined;
    if (sample !== undefined) document = placeSample(document, line, sample);
  }
  return { document, choices: [], at: AT };
}

function placeSample(document: JsonObject, line: Line, sample: Json): JsonObject {
  const values = Array.isArray(sample) && line.hub.length > 1 ? (sample as readonly Json[]) : [sample];
  return line.hub.reduce((now, slot, i) => withValue(now, slot.path, values[i] ?? null), document);
}

/** What the hub says, written and read back, is equal and changes nothing. */
function stability(compiled: Compiled, hub: HubSide, tell: Tell): void {
  const { mapping, built } = compiled;
  const ours = mapping.ours(hub);
  const record = echo(compiled, ours, hub);
  const theirs = mapping.theirs(record, 'all');
  const scope = { root: hub.document, here: hub.document };
  const stated = new Map<string, AgreedValue>();
  for (const line of built.plain) {
    const own = ours.get(line.id);
    const back = theirs.get(line.id);
    if (own?.is !== 'value' || back === undefined || !line.holds(scope) || sharesReading(line, built.plain)) continue;
    if (!mapping.equal(line.id, own, back))
      tell(line, 'law-stability', 'ghi ra rồi đọc về không còn bằng nhau.', 'written and read back it is no longer equal.');
    else if (back.is === 'value') stated.set(line.id, back);
  }
  for (const change of mapping.inverse(stated, hub).changes) {
    const line = built.plain.find((each) => each.id === change.line);
    if (line !== undefined)
      tell(line, 'law-stability', 'đọc về điều vừa ghi lại làm đổi hồ sơ gốc.', 'reading back what was just written changes the hub.');
  }
}

const sharesReading = (line: Line, lines: readonly Line[]): boolean =>
  lines.some((other) => other !== line && other.seen.some((slot) => line.seen.some((own) => own.path.text === slot.path.text)));

/** The record as the system would state it after our write: what is read elsewhere stands there too. */
function echo(compiled: Compiled, ours: ReadonlyMap<string, LineValue>, hub: HubSide): JsonObject {
  const values = new Map<string, AgreedValue>();
  for (const [id, own] of ours) if (own.is === 'value') values.set(id, own);
  const record: Draft = { ...compiled.mapping.write(values) };
  const scope = { root: hub.document, here: hub.document };
  for (const line of compiled.built.plain) {
    if (line.node.seen === null) continue;
    const seen = line.seenReady === null ? ours.get(line.id) : oursOf({ ...line, ready: line.seenReady }, scope, hub);
    if (seen?.is !== 'value') continue;
    const of = seen.value;
    for (const slot of line.seen) {
      const part = slot.name === '' ? of : ((of as JsonObject)[slot.name] ?? null);
      if (part !== null) slot.write(record, slot.cast(part));
    }
  }
  return record;
}

/** A value taken in is then the one we would send; taking it in again changes nothing. */
function putting(compiled: Compiled, line: Line, hub: HubSide, roll: Dice, tell: Tell): void {
  const { mapping } = compiled;
  const scope = { root: hub.document, here: hub.document };
  if (line.hub.length === 0 || line.node.lossy !== null || !line.holds(scope)) return;
  const raw = sampleOf(line, compiled.source.record, roll);
  const stated = raw === undefined || isEmpty(raw) ? null : line.ready.normal(raw);
  if (stated?.is !== 'value') return;
  const values = new Map<string, AgreedValue>([[line.id, stated]]);
  const first = mapping.inverse(values, hub);
  if (first.problems.length > 0) return;
  const after: HubSide = { ...hub, document: applyChanges(hub.document, first.changes) };
  const back = oursOf(line, { root: after.document, here: after.document }, after);
  const comesIn = line.owner === 'take' || line.owner === 'share';
  if (back.is === 'invalid' && !comesIn) return;
  if (!mapping.equal(line.id, back, stated)) {
    tell(line, 'law-correctness', 'điều nhận về không gửi đi lại được như cũ.', 'what was taken in cannot be sent again as it was.');
    return;
  }
  if (mapping.inverse(values, after).changes.length > 0) {
    tell(
      line,
      'law-put-twice',
      'nhận cùng một giá trị hai lần lại đổi hồ sơ gốc hai lần.',
      'taking the same value in twice changes the hub twice.',
    );
  }
}

function sampleOf(line: Line, record: Field, roll: Dice): Json | undefined {
  const samples = line.ready.recordSamples;
  if (samples !== undefined) return roll.pick(samples);
  if (line.ready.recordParts !== undefined) {
    const parts = line.ready.recordParts.flatMap((part) => {
      const field = fieldAt(record, part.where === 'root' ? part.path : below(line.recordPath, part.path));
      const made = field === undefined ? undefined : generateValue(field, roll);
      return made === undefined ? [] : [[part.path.text, made] as const];
    });
    return Object.fromEntries(parts);
  }
  const field = fieldAt(record, line.recordPath);
  return field === undefined ? undefined : generateValue(field, roll);
}

/** The hub document with these changes. */
export const applyChanges = (document: JsonObject, changes: readonly HubChange[]): JsonObject =>
  changes.reduce((now, change) => {
    const path = parsePath(change.path);
    return path === null ? now : withValue(now, path, change.value);
  }, document);
