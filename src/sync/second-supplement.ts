import { nationalStatus } from '../model/status.ts';
import type { ProgressEntry } from '../store/contract.ts';
import type { Case } from './context.ts';
import type { Draft } from './draft.ts';
import type { Derived } from './progress.ts';

/**
 * A second request for a supplement makes a dossier overdue whatever the days say (KPI766 2.1). So where a ministry asks once
 * more, the dossier's second step to 5 waits until an official has confirmed it; the steps before it are taken.
 */
export function untilConfirmed(given: Case, draft: Draft, derived: Derived): Derived {
  const at = derived.entries.findIndex((entry) => entry.name === ASKED);
  if (at < 0 || !given.progress.some(isRequest)) return derived;
  const cause = `second-supplement:${given.link.code}:${lastRequest(given.progress)}`;
  const answered = given.holds.find(
    (hold) => hold.kind === 'second-supplement' && hold.cause === cause && hold.decision?.name === 'confirm',
  );
  if (answered !== undefined) {
    draft.answered.add(answered.id);
    return derived;
  }
  draft.wishes.push({ kind: 'second-supplement', cause, path: null, what: '', detail: {} });
  const entries = derived.entries.slice(0, at);
  const last = entries.at(-1);
  return { held: null, entries, status: nationalStatus(last?.name) ?? draft.dossier.status };
}

const ASKED = '5';
const isRequest = (entry: ProgressEntry): boolean =>
  (entry.kind === 'status' && entry.name === ASKED) || (entry.kind === 'act' && entry.name === 'supplement-asked');

/** Names the ministry's request, so that a third one is asked about afresh. */
const lastRequest = (progress: readonly ProgressEntry[]): number =>
  progress.filter((entry) => entry.kind === 'phase' && entry.name === 'supplement').at(-1)?.seq ?? 0;
