import type { LineId } from '../mapping/contract.ts';
import type { JsonObject } from '../model/json.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import { nationalStatus, statusWord } from '../model/status.ts';
import type { Link, ProgressEntry } from '../store/contract.ts';
import type { Case } from './context.ts';
import { admitsUpdate } from './phases.ts';
import type { Plan } from './plan.ts';
import { isOvertaken } from './progress.ts';
import { whole } from './whole.ts';

/** The one write a visit makes; the next one waits for the next visit. */
export type Write =
  | { readonly verb: 'create' | 'update'; readonly lines: ReadonlyMap<LineId, AgreedValue>; readonly record: JsonObject }
  | {
      readonly verb: 'act';
      readonly act: string;
      readonly seq: number;
      readonly lines: ReadonlyMap<LineId, AgreedValue>;
      readonly record: JsonObject;
    };

export interface Choice {
  readonly write: Write | null;
  /** Changes the record's phase does not admit, and no act will carry. */
  readonly closed: readonly LineId[];
  /** Progress passed over because this system needs no word of it. */
  readonly stepSeq: number;
  readonly actSeq: number;
}

type Lines = ReadonlyMap<LineId, LineValue>;

/** `theirs` null: no record was seen in this visit. `barred`: a hand-over of the dossier is not told on yet. */
export function choose(given: Case, link: Link, plan: Plan, ours: Lines, theirs: Lines | null, isThere: boolean, barred = false): Choice {
  const everything = () => whole({ ...given, plan, ours, theirs });
  const step = nextStep(given, link);
  const act = nextAct(given, link, barred);
  const skipped = { stepSeq: step.seq, actSeq: act.seq };
  if (!isThere) return { write: createOf(given, plan), closed: [], ...skipped };
  if (step.entry !== null) return { write: stepWrite(step.entry, step.code), closed: [], ...skipped };
  const isHeld = act.name === 'supplement' && plan.holds.some((held) => held.ours.is === 'invalid');
  if (act.entry !== null && isHeld) return { write: null, closed: [], ...skipped }; // the supplement waits for what it is to carry
  if (act.entry !== null) return { write: actWrite(given, act.name, act.entry, plan, everything), closed: [], ...skipped };
  if (plan.outward.size === 0) return { write: null, closed: [], ...skipped };
  if (admitsUpdate(given.kind, link.phase)) return { write: updateOf(given, plan, everything), closed: [], ...skipped };
  const carried = given.mapping.acts.some((later) => link.phase !== null && later.in.includes(link.phase) && later.on === 'supplied');
  return { write: null, closed: carried ? [] : [...plan.outward.keys()], ...skipped };
}

/** The record as a write that replaces it would leave it; null: not known well enough to be replaced. */
type Everything = () => ReadonlyMap<LineId, AgreedValue> | null;

function createOf(given: Case, plan: Plan): Write | null {
  if (given.kind.create === undefined || plan.outward.size === 0) return null;
  return { verb: 'create', lines: plan.outward, record: given.mapping.write(plan.outward) };
}

function updateOf(given: Case, plan: Plan, everything: Everything): Write | null {
  const lines = plan.outward;
  const stated = given.kind.update?.style === 'replace' ? everything() : lines;
  if (stated === null) return null;
  const record = given.mapping.write(stated);
  return { verb: 'update', lines, record };
}

/**
 * The next progress entry this system wants reported, in order; what it does not list, or told us itself, is passed over.
 * A list of phases goes to the national platform and so only for dossiers that have a code there (domain: TD).
 */
function nextStep(given: Case, link: Link): { readonly entry: ProgressEntry | null; readonly code: string; readonly seq: number } {
  const { steps } = given.mapping;
  let seq = link.stepSeq;
  if (steps === null || given.kind.acts?.step === undefined) return { entry: null, code: '', seq };
  const isLinkedService = steps.of === 'phase';
  // A record typed by hand was never the linked service's: it knows no dossier to put steps to.
  if (isLinkedService && (given.dossier.head.nationalCode === null || link.key !== link.code)) return { entry: null, code: '', seq };
  for (const entry of given.progress) {
    if (entry.seq <= seq) continue;
    const own =
      steps.of === 'status'
        ? entry.kind === 'status' && entry.link !== link.id && !isOvertaken(entry, given.progress, link.id)
        : entry.kind === 'phase' && entry.link === link.id;
    const code = own ? steps.map[entry.name] : undefined;
    if (code !== undefined) return { entry, code, seq };
    seq = entry.seq;
  }
  return { entry: null, code: '', seq };
}

function nextAct(
  given: Case,
  link: Link,
  barred: boolean,
): { readonly entry: ProgressEntry | null; readonly name: string; readonly seq: number } {
  let seq = link.actSeq;
  for (const entry of given.progress) {
    if (entry.seq <= seq) continue;
    const act = entry.kind === 'act' ? given.mapping.acts.find((known) => known.on === entry.name) : undefined;
    const verb = act === undefined ? undefined : given.kind.acts?.[act.name];
    if (act !== undefined && verb !== undefined) {
      if (barred && act.on === 'handed-over') return { entry: null, name: '', seq };
      const admitted = link.phase !== null && act.in.includes(link.phase) && (verb.phases.length === 0 || verb.phases.includes(link.phase));
      if (admitted) return { entry, name: act.name, seq };
      if (mayComeYet(act.in, link)) return { entry: null, name: '', seq };
    }
    seq = entry.seq;
  }
  return { entry: null, name: '', seq };
}

/** An act whose phase the ministry has not reached waits; one whose phase is over is passed. */
const mayComeYet = (phases: readonly string[], link: Link): boolean =>
  phases.includes('issued') && (link.phase === null || !['issued', 'handed-over', 'refused', 'withdrawn', 'stopped'].includes(link.phase));

function stepWrite(entry: ProgressEntry, code: string): Write {
  const status = entry.kind === 'status' ? nationalStatus(entry.name) : null;
  const text = entry.note ?? (status === null ? null : statusWord(status).vi);
  const record = { status: code, at: new Date(entry.at).toISOString(), ...(text === null ? {} : { text }), actor: 'motlan' };
  return { verb: 'act', act: 'step', seq: entry.seq, lines: new Map(), record };
}

function actWrite(given: Case, act: string, entry: ProgressEntry, plan: Plan, everything: Everything): Write | null {
  const lines = act === 'supplement' ? everything() : new Map<LineId, AgreedValue>();
  if (lines === null) return null;
  const record = act === 'supplement' ? given.mapping.write(lines) : { at: new Date(entry.at).toISOString() };
  return { verb: 'act', act, seq: entry.seq, lines: act === 'supplement' ? plan.outward : lines, record };
}
