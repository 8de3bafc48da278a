import type { RecordKind } from '../kit/index.ts';
import type { LineId, Mapping } from '../mapping/contract.ts';
import type { At } from '../model/json.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { Phase } from '../model/words.ts';
import type { Attempt } from '../store/contract.ts';
import type { Look } from './look.ts';
import { admitsUpdate } from './phases.ts';

export interface SettleInput {
  readonly attempt: Attempt;
  readonly look: Look;
  readonly kind: RecordKind;
  readonly mapping: Mapping;
  /** Lines as the sighting states them; null when nothing was seen. */
  readonly theirs: ReadonlyMap<LineId, LineValue> | null;
  readonly phase: Phase | null;
  readonly now: At;
}

/** What becomes of an effect whose answer is not known. */
export type Settlement =
  /** It happened: these of its lines are there now. */
  | { readonly to: 'seen'; readonly lines: ReadonlyMap<LineId, AgreedValue> }
  /** It certainly did not happen, or did and was undone: plan anew. */
  | { readonly to: 'failed' }
  /** Harmless to send the same order again. */
  | { readonly to: 'resend' }
  /** Too early to tell. */
  | { readonly to: 'wait'; readonly until: At }
  /** Nobody but a person can tell. */
  | { readonly to: 'park' }
  /** Several records answer to it. */
  | { readonly to: 'disputed'; readonly ids: readonly string[] };

/** Pure. Open attempts come first in every visit: nothing new is planned beside an effect that may still land. */
export function settle(input: SettleInput): Settlement {
  if (input.look.is === 'several') return { to: 'disputed', ids: input.look.sightings.map((sighting) => sighting.id) };
  if (input.attempt.verb === 'create') return settleCreate(input);
  return input.attempt.verb === 'act' ? settleAct(input) : settleUpdate(input);
}

/** Until when the effect may still land and show. Infinity is never returned: a window always ends. */
export function windowEnd(attempt: Attempt, kind: RecordKind): At {
  const byFind = kind.read === undefined || kind.read.by === 'id' ? (kind.find?.indexLagMs ?? 0) : 0;
  return attempt.sentAt + landsWithinMs(attempt, kind) + Math.max(kind.readLagMs, byFind);
}

function landsWithinMs(attempt: Attempt, kind: RecordKind): number {
  if (attempt.verb === 'by-hand') return 0; // a person types it, or not: no window says which
  if (attempt.verb === 'create') return kind.create?.landsWithinMs ?? 0;
  if (attempt.verb === 'act') return kind.acts?.[attempt.act ?? '']?.landsWithinMs ?? 0;
  return kind.update?.landsWithinMs ?? 0;
}

function settleCreate(input: SettleInput): Settlement {
  const { attempt, look, kind, now } = input;
  if (look.is === 'seen') return { to: 'seen', lines: look.sighting.key === attempt.code ? attempt.sent.lines : believed(input) };
  if (look.is === 'too-early') return { to: 'wait', until: look.until };
  if (look.is === 'unanswered' || look.is === 'trouble') return { to: 'wait', until: now };
  const end = windowEnd(attempt, kind);
  if (attempt.ticket !== null) return now < end ? { to: 'wait', until: end } : { to: 'park' };
  return unseenEffect(kind.create?.repeat ?? 'unsafe', now, end);
}

/**
 * A record that answers to what was sent and does not state our key may have been typed by hand: what is ours alone and not to
 * be seen there is not taken for sent, as long as it can be sent again.
 */
function believed({ attempt, kind, mapping, theirs, phase }: SettleInput): ReadonlyMap<LineId, AgreedValue> {
  if (!admitsUpdate(kind, phase)) return attempt.sent.lines;
  const isSeen = (line: LineId): boolean => (theirs?.get(line) ?? { is: 'unseen' }).is !== 'unseen';
  return new Map([...attempt.sent.lines].filter(([line]) => mapping.rule(line).owner !== 'give' || isSeen(line)));
}

/** Looked and found nothing, or cannot look at all: the trait decides what is harmless. */
function unseenEffect(repeat: 'same-key' | 'rejects-twin' | 'unsafe', now: At, end: At): Settlement {
  if (repeat === 'same-key') return { to: 'resend' };
  if (now < end) return { to: 'wait', until: end };
  return repeat === 'rejects-twin' ? { to: 'resend' } : { to: 'park' };
}

function settleUpdate(input: SettleInput): Settlement {
  const { attempt, look, kind, now } = input;
  const end = windowEnd(attempt, kind);
  if (look.is === 'seen') {
    const { landed, seen } = compare(input);
    const cannotLand = kind.update?.ifMatch === true && attempt.againstVersion !== null && look.sighting.version !== attempt.againstVersion;
    return landed || cannotLand || now >= end ? { to: 'seen', lines: seen } : { to: 'wait', until: end };
  }
  if (look.is === 'too-early') return { to: 'wait', until: look.until };
  if (look.is === 'unanswered' || look.is === 'trouble') return { to: 'wait', until: now };
  return now >= end ? { to: 'failed' } : { to: 'wait', until: end };
}

/** Which of the sent lines the fresh sighting shows; landed = at least one is visible and all visible ones are there. */
function compare(input: SettleInput): { readonly landed: boolean; readonly seen: ReadonlyMap<LineId, AgreedValue> } {
  const seen = new Map<LineId, AgreedValue>();
  let visible = 0;
  for (const [line, sent] of input.attempt.sent.lines) {
    const there = input.theirs?.get(line);
    if (there === undefined || there.is === 'unseen') continue;
    visible += 1;
    if (there.is !== 'invalid' && input.mapping.equal(line, sent, there)) seen.set(line, there);
  }
  return { landed: visible > 0 && seen.size === visible, seen };
}

function settleAct(input: SettleInput): Settlement {
  const { attempt, look, kind, phase, now } = input;
  const act = kind.acts?.[attempt.act ?? ''];
  if (look.is === 'seen') {
    if (act?.leadsTo !== null && act?.leadsTo !== undefined && phase === act.leadsTo) return { to: 'seen', lines: attempt.sent.lines };
    const hasLeft = phase !== null && act !== undefined && act.phases.length > 0 && !act.phases.includes(phase);
    const { landed, seen } = compare(input);
    if (landed || hasLeft) return { to: 'seen', lines: seen };
  }
  if (look.is === 'too-early') return { to: 'wait', until: look.until };
  if (look.is === 'trouble') return { to: 'wait', until: now };
  return unseenEffect(act?.repeat ?? 'unsafe', now, windowEnd(attempt, kind));
}
