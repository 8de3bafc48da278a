import type { NationalStatus } from '../model/dossier.ts';
import type { At } from '../model/json.ts';
import type { OfficialActName } from '../model/words.ts';
import type { Dossier, Link, ProgressEntry } from '../store/contract.ts';
import { legLinks } from './context.ts';
import type { EnginePorts, StatusLeg } from './contract.ts';
import type { NewProgress } from './draft.ts';
import { isFinal } from './phases.ts';

/** What the official did, read off two statements of the one-stop. null: nothing but data changed. */
export function officialAct(
  before: { readonly status: NationalStatus; readonly supplements: number } | null,
  now: { readonly status: NationalStatus; readonly supplements: number },
  derived: NationalStatus | null,
): OfficialActName | null {
  if (before === null) return now.status === 2 || now.status === 4 ? 'received' : null;
  const ended = now.status !== before.status && now.status !== derived && ENDING.has(now.status);
  if (now.supplements > before.supplements && !ended) return 'supplied';
  if (now.status === before.status || now.status === derived) return null;
  if (before.status === 5 && (now.status === 1 || now.status === 2 || now.status === 4)) return 'supplied';
  return ACT_OF_STATUS[now.status] ?? null;
}

/**
 * The status the one-stop states is one of our own steps, acknowledged last or still on its way: no news. Either may have landed
 * after an official had moved on.
 */
export function isOwnStep(progress: readonly ProgressEntry[], oneStop: Link, status: number): boolean {
  const own = progress.filter((entry) => entry.kind === 'status' && entry.link !== oneStop.id);
  const last = own.filter((entry) => entry.seq <= oneStop.stepSeq).at(-1);
  return own.some((entry) => entry.name === String(status) && (entry.seq > oneStop.stepSeq || entry === last));
}

/** The one-stop has stated a status of its own since: told now, the older step would undo what an official did there. */
export const isOvertaken = (step: ProgressEntry, progress: readonly ProgressEntry[], oneStop: string): boolean =>
  progress.some((entry) => entry.kind === 'status' && entry.link === oneStop && entry.seq > step.seq);

/** An act that ends the dossier is not hidden by a supplement counted with it. */
const ENDING: ReadonlySet<NationalStatus> = new Set<NationalStatus>([3, 7, 8, 10]);

const ACT_OF_STATUS: Partial<Record<NationalStatus, OfficialActName>> = {
  2: 'received',
  3: 'refused',
  5: 'supplement-asked',
  7: 'withdrawn',
  8: 'stopped',
  10: 'handed-over',
};

/** The entries of an official's act: the act, and the status the one-stop itself stated. Nothing in between is made up. */
export function actEntries(
  act: OfficialActName | null,
  link: Link,
  stated: NationalStatus,
  derived: NationalStatus | null,
  at: At,
  evidence: NewProgress['evidence'],
): readonly NewProgress[] {
  const entry = { code: link.code, at, link: link.id, evidence, note: null };
  const entries: NewProgress[] = [];
  if (act !== null) entries.push({ ...entry, kind: 'act', name: act });
  if (stated !== derived) entries.push({ ...entry, kind: 'status', name: String(stated) });
  return entries;
}

export interface Derived {
  readonly status: NationalStatus;
  readonly entries: readonly NewProgress[];
  readonly held: { readonly vi: string; readonly en: string } | null;
}

const MOST_STEPS = 4;

/** Follows the legs' phases along the legal graph, each step with the phase entry that is its evidence. */
export function deriveFromLegs(
  ports: EnginePorts,
  dossier: Dossier,
  links: readonly Link[],
  progress: readonly ProgressEntry[],
  at: At,
): Derived {
  const lastPhase = progress.filter((entry) => entry.kind === 'phase').at(-1);
  const lastStatus = progress.filter((entry) => entry.kind === 'status').at(-1);
  const lastAct = progress.filter((entry) => entry.kind === 'act').at(-1);
  const isNews = lastPhase !== undefined && (lastStatus === undefined || lastStatus.seq < lastPhase.seq);
  const goesOn = lastAct?.name === 'supplied' || lastAct?.name === 'received';
  // What an official has ended is not moved by its legs any more.
  if (lastPhase === undefined || ENDING.has(dossier.status) || (!isNews && !goesOn))
    return { status: dossier.status, entries: [], held: null };
  const legs = legLinks(links, ports).map((link) => statusLeg(link, progress));
  let current = dossier.status;
  let before = statusBefore(progress, current);
  const entries: NewProgress[] = [];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = ports.status({ current, before, legs, act: null });
    if (next.is === 'none' || (next.is === 'step' && next.to === current)) break;
    if (next.is === 'hold') return { status: current, entries, held: next };
    entries.push({
      code: dossier.head.code,
      at,
      link: lastPhase.link,
      kind: 'status',
      name: String(next.to),
      evidence: lastPhase.evidence,
      note: lastPhase.note,
    });
    before = next.to === 5 || next.to === 6 ? current : null;
    current = next.to;
  }
  return { status: current, entries, held: null };
}

/** A supplement that the official has supplied since no longer pauses the dossier, though the ministry may still show it. */
function statusLeg(link: Link, progress: readonly ProgressEntry[]): StatusLeg {
  const asked = progress.filter((entry) => entry.link === link.id && entry.kind === 'phase').at(-1);
  const supplied = progress.filter((entry) => entry.kind === 'act' && entry.name === 'supplied').at(-1);
  const answered = link.phase === 'supplement' && asked !== undefined && supplied !== undefined && supplied.seq > asked.seq;
  return {
    system: link.system,
    record: link.record,
    phase: answered ? 'accepted' : link.phase,
    ended: link.situation === 'ended' || isFinal(link.phase),
    impossible: link.impossible !== null,
  };
}

function statusBefore(progress: readonly ProgressEntry[], current: NationalStatus): NationalStatus | null {
  if (current !== 5 && current !== 6) return null;
  const statuses = progress.filter((entry) => entry.kind === 'status').map((entry) => Number(entry.name) as NationalStatus);
  return statuses.filter((status) => status !== current).at(-1) ?? null;
}
