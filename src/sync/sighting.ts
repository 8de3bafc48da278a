import type { Sighting } from '../kit/index.ts';
import type { LineId, PhaseReading } from '../mapping/contract.ts';
import type { LineValue } from '../model/line-value.ts';
import type { Case, Context } from './context.ts';
import { audit, type Draft, owned } from './draft.ts';
import type { Look } from './look.ts';
import { isBackFromResult, isFinal } from './phases.ts';

/** A record seen in this visit, read through its mapping. */
export interface Seen {
  readonly sighting: Sighting;
  readonly theirs: ReadonlyMap<LineId, LineValue>;
  readonly phase: PhaseReading;
}

/** What the look says of phase and version goes into the draft; the lines are weighed later. null: no single record was seen. */
export function takeSighting(context: Context, given: Case, draft: Draft, look: Look): Seen | null {
  if (look.is !== 'seen') return null;
  const { sighting } = look;
  const phase = given.mapping.phase(sighting.record, sighting.covers);
  const seen: Seen = { sighting, theirs: given.mapping.theirs(sighting.record, sighting.covers), phase };
  if (given.link.externalId === null && !adopt(given, draft, look)) return null;
  const now = context.clock.now();
  if (draft.base !== null && sighting.key === given.link.code) draft.base = owned(draft.base);
  // Met again under our own key: from now on it is asked for by that key.
  if (sighting.key === given.link.code && draft.link.key !== given.link.code) draft.link = { ...draft.link, key: given.link.code };
  const moved = sighting.version === null || sighting.version !== given.link.version;
  if (moved || given.link.missing > 0) {
    const counted = sighting.sequence === null ? {} : { sequence: sighting.sequence, statedAt: sighting.statedAt };
    draft.link = { ...draft.link, version: sighting.version, ...counted, missing: 0 };
  }
  if (phase.is === 'unknown') {
    draft.wishes.push({
      kind: 'unknown-phase',
      cause: `phase:${given.mapping.id}:${phase.code}`,
      path: null,
      what: given.spoke.title.vi,
      detail: { code: phase.code },
    });
  } else if (phase.is === 'phase' && phase.phase !== draft.link.phase && !isBackFromResult(draft.link.phase, phase.phase)) {
    const ended = isFinal(phase.phase);
    draft.link = { ...draft.link, phase: phase.phase, polls: 0, ...(ended ? { situation: 'ended' as const } : {}) };
    draft.progress.push({
      code: given.link.code,
      at: sighting.statedAt ?? now,
      link: given.link.id,
      kind: 'phase',
      name: phase.phase,
      evidence: { kind: 'sighting', ref: sighting.version ?? String(sighting.sequence ?? sighting.id) },
      note: null,
    });
    audit(draft, now, 'phase', { phase: phase.phase }, null, given.mapping.version);
    draft.wakeOthers = true;
  } else countPoll(given, draft);
  return seen;
}

/** A record met for the first time: ours by key, or typed by hand and found. One that another dossier's key claims is not ours. */
function adopt(given: Case, draft: Draft, look: Extract<Look, { is: 'seen' }>): boolean {
  const { sighting } = look;
  if (sighting.key !== null && sighting.key !== given.link.key) {
    draft.wishes.push({
      kind: 'twins',
      cause: `twins:${given.link.system}`,
      path: null,
      what: given.spoke.title.vi,
      detail: { ids: [sighting.id] },
    });
    draft.link = { ...draft.link, situation: 'disputed' };
    return false;
  }
  const ours = sighting.key === given.link.key;
  draft.link = {
    ...draft.link,
    externalId: sighting.id,
    situation: 'linked',
    trust: draft.link.trust ?? 'sent',
    ...(ours ? {} : { key: sighting.id }),
  };
  return true;
}

/** Nothing new for long: the official is asked whether it was typed by hand. Asking changes nothing else. */
function countPoll(given: Case, draft: Draft): void {
  const waits = given.spoke.role === 'ministry' && draft.link.phase !== null && AWAITED.has(draft.link.phase);
  if (!waits) return;
  const polls = Math.min(draft.link.polls + 1, given.spoke.pollsBeforeAsking);
  if (polls !== draft.link.polls) draft.link = { ...draft.link, polls };
  if (polls < given.spoke.pollsBeforeAsking) return;
  draft.wishes.push({ kind: 'no-result', cause: `no-result:${given.link.id}`, path: null, what: given.spoke.title.vi, detail: {} });
}

const AWAITED: ReadonlySet<string> = new Set(['sent', 'accepted', 'assigned']);
