import { sameProcedure } from '../model/codes.ts';
import { type Clock, type Deadline, deadlineOf, type Pause, type Term } from '../model/deadline.ts';
import type { DossierHead, NationalStatus } from '../model/dossier.ts';
import type { At, JsonObject } from '../model/json.ts';
import { dayOf, printDay, type WorkCalendar } from '../model/work-calendar.ts';
import type { Link, ProgressEntry } from '../store/contract.ts';
import { valueAt } from './hub.ts';
import { giverOf } from './legs.ts';
import { hasResult } from './phases.ts';

/** Deadlines of dossiers and legs, derived from what happened and from the terms in data; nothing of them is stored. */

/** One row of `deadlines.yaml`. `leg` null: the whole dossier; else `system` or `system/record`. Days in +07:00, both included. */
export interface TermRow {
  readonly procedure: string;
  readonly leg: string | null;
  readonly term: Term;
  readonly from: string;
  readonly until: string;
}

export interface DeadlineRules {
  readonly calendar: WorkCalendar;
  readonly terms: readonly TermRow[];
}

/** What a deadline is derived from. `results` null: not looked at, and then no leg is taken to wait for one. */
export interface DeadlineFacts {
  readonly head: DossierHead;
  readonly status: NationalStatus;
  readonly results: JsonObject | null;
  readonly links: readonly Link[];
  readonly progress: readonly ProgressEntry[];
}

/** The term of a procedure on its day of receipt; of a leg the row that names its record goes before the one of its system. */
export function termOf(
  { terms }: DeadlineRules,
  head: Pick<DossierHead, 'procedure' | 'receivedAt'>,
  leg: Pick<Link, 'system' | 'record'> | null,
): Term | null {
  const day = printDay(dayOf(head.receivedAt));
  const named = leg === null ? [null] : [`${leg.system}/${leg.record}`, leg.system];
  const rows = terms.filter((row) => row.from <= day && day <= row.until && sameProcedure(row.procedure, head.procedure));
  for (const name of named) {
    const found = rows.find((row) => row.leg === name);
    if (found !== undefined) return found.term;
  }
  return null;
}

/** The whole dossier by one-stop.md §15: the day of return the one-stop stated, else the procedure's own term. */
export function dossierDeadline(rules: DeadlineRules, facts: DeadlineFacts, now: At): Deadline {
  const { head, status, progress } = facts;
  return deadlineOf(
    rules.calendar,
    {
      startedAt: receivedAt(facts),
      term: termOf(rules, head, null),
      statedDueAt: head.dueAt,
      pauses: dossierPauses(progress),
      endedAt: dossierEnd(status, progress),
      secondIsLate: true,
    },
    now,
  );
}

/** One leg by its own clock: it runs from receipt, or from when the last result it needs was there. */
export function legDeadline(rules: DeadlineRules, facts: DeadlineFacts, link: Link, needs: readonly string[], now: At): Deadline {
  const clock: Clock = {
    startedAt: link.impossible === null ? legStart(facts, link, needs) : null,
    term: termOf(rules, facts.head, link),
    statedDueAt: null,
    pauses: legPauses(facts.progress, link.id),
    endedAt: legEnd(link, facts.progress),
    secondIsLate: false,
  };
  return deadlineOf(rules.calendar, clock, now);
}

/** What a document that was only looked at would be due by. */
export function expectedDeadline(
  rules: DeadlineRules,
  head: DossierHead,
  leg: Pick<Link, 'system' | 'record'> | null,
  waits: boolean,
  now: At,
): Deadline {
  return deadlineOf(
    rules.calendar,
    {
      startedAt: waits ? null : head.receivedAt,
      term: termOf(rules, head, leg),
      statedDueAt: leg === null ? head.dueAt : null,
      pauses: [],
      endedAt: null,
      secondIsLate: false,
    },
    now,
  );
}

/** An online dossier is only received once an official has accepted it; null until then. */
function receivedAt({ head, status, progress }: DeadlineFacts): At | null {
  const first = progress.find((entry) => entry.kind === 'status');
  if (first === undefined) return status === 1 ? null : head.receivedAt;
  if (first.name !== '1') return head.receivedAt;
  return progress.find((entry) => entry.kind === 'act' && entry.name === 'received')?.at ?? null;
}

/** From each request (status 5) until the official supplied, or the dossier went on. */
function dossierPauses(progress: readonly ProgressEntry[]): readonly Pause[] {
  return pausesOf(progress, (entry) => {
    if (entry.kind === 'act') return entry.name === 'supplement-asked' ? 'asked' : entry.name === 'supplied' ? 'over' : null;
    if (entry.kind !== 'status') return null;
    return entry.name === '5' ? 'asked' : 'over';
  });
}

/** From the ministry's own request until the official supplied, or the leg went on. */
function legPauses(progress: readonly ProgressEntry[], link: string): readonly Pause[] {
  return pausesOf(progress, (entry) => {
    if (entry.kind === 'act') return entry.name === 'supplied' ? 'over' : null;
    if (entry.kind !== 'phase' || entry.link !== link) return null;
    return entry.name === 'supplement' ? 'asked' : 'over';
  });
}

function pausesOf(progress: readonly ProgressEntry[], says: (entry: ProgressEntry) => 'asked' | 'over' | null): readonly Pause[] {
  const pauses: Pause[] = [];
  for (const entry of progress) {
    const said = says(entry);
    const last = pauses.at(-1);
    const isOpen = last?.until === null;
    if (said === 'asked' && !isOpen) pauses.push({ from: entry.at, until: null });
    // Two systems tell their times: one that lies before the request closes it without a span.
    if (said === 'over' && isOpen) pauses.splice(-1, 1, { from: last.from, until: Math.max(last.from, entry.at) });
  }
  return pauses;
}

/** Which status entry is the end, most telling first (KPI766 2.1). */
const ENDS: readonly string[] = ['9', '10', '8', '3', '7'];

function dossierEnd(status: NationalStatus, progress: readonly ProgressEntry[]): At | null {
  if (!ENDS.includes(String(status))) return null;
  return lastOf(
    ENDS,
    progress.filter((entry) => entry.kind === 'status'),
  );
}

const LEG_ENDS: readonly string[] = ['issued', 'handed-over', 'stopped', 'refused', 'withdrawn'];

function legEnd(link: Link, progress: readonly ProgressEntry[]): At | null {
  if (!hasResult(link.phase)) return null;
  return lastOf(
    LEG_ENDS,
    progress.filter((entry) => entry.kind === 'phase' && entry.link === link.id),
  );
}

function lastOf(names: readonly string[], entries: readonly ProgressEntry[]): At | null {
  for (const name of names) {
    const found = entries.filter((entry) => entry.name === name).at(-1);
    if (found !== undefined) return found.at;
  }
  return null;
}

/** When the other legs at a system had issued; a leg that was refused there gave nothing to wait for. */
function issuedBy({ links, progress }: DeadlineFacts, link: Link, giver: string | null): At | undefined {
  const sources = links.filter((other) => other.id !== link.id && other.system === giver).map(({ id }) => id);
  const issued = sources.flatMap(
    (id) => progress.find((entry) => entry.kind === 'phase' && entry.link === id && entry.name === 'issued') ?? [],
  );
  return issued.length === 0 ? undefined : Math.max(...issued.map(({ at }) => at));
}

function legStart(facts: DeadlineFacts, link: Link, needs: readonly string[]): At | null {
  const received = receivedAt(facts);
  const waited = needs.filter((path) => giverOf(path) !== null);
  if (received === null || waited.length === 0) return received;
  if (!waited.every((path) => isThere(facts.results, path))) return null;
  // A result nobody saw being issued (typed by hand, say) is there since the leg itself moved, if it did.
  const own = facts.progress.find((entry) => entry.kind === 'phase' && entry.link === link.id)?.at;
  const times = [...new Set(waited.map(giverOf))].map((giver) => issuedBy(facts, link, giver) ?? own);
  return times.includes(undefined) ? null : Math.max(received, ...times.map((at) => at ?? 0));
}

function isThere(results: JsonObject | null, path: string): boolean {
  if (results === null) return true;
  const held = valueAt({ results }, path);
  return held !== undefined && held !== null && held !== '';
}
