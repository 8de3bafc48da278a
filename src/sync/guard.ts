import type { RecordKind, Sighting } from '../kit/index.ts';
import type { LineId } from '../mapping/contract.ts';
import type { At } from '../model/json.ts';
import type { HoldKind, Mode, Phase } from '../model/words.ts';
import type { Base, Link } from '../store/contract.ts';
import type { EngineLimits } from './contract.ts';
import { isBackFromResult } from './phases.ts';
import type { Plan } from './plan.ts';

export interface GuardInput {
  readonly plan: Plan;
  readonly link: Link;
  readonly base: Base | null;
  readonly kind: RecordKind;
  readonly sighting: Sighting | null;
  readonly phase: Phase | null;
  readonly mode: Mode;
  readonly limits: Pick<EngineLimits, 'mostInwardChanges' | 'ringHits' | 'ringWindowMs'>;
  /** Links of this system whose shared lines went back to an earlier value within the window, this one included. */
  readonly ringHitsNow: number;
  /** When this link was first seen going back; null = not now. */
  readonly ringSince: At | null;
  readonly now: At;
  /** Guards a person has answered "confirm" for this very link. */
  readonly confirmed: ReadonlySet<HoldKind>;
  /** Guards a person is being asked about for this very link. */
  readonly asked: ReadonlySet<HoldKind>;
  readonly hasWrite: boolean;
  /** The sighting bears the number of the last one and says something else. */
  readonly isRewritten?: boolean;
}

export interface GuardHold {
  readonly kind: HoldKind;
  /** Holds with one cause become one incident. */
  readonly cause: string;
  readonly lines: readonly LineId[];
}

export type Ruling =
  | { readonly is: 'go' }
  /** Believe nothing yet: look again then. */
  | { readonly is: 'later'; readonly until: At }
  | { readonly is: 'hold'; readonly hold: GuardHold }
  /** Observe only: nothing of the outward half is sent. */
  | { readonly is: 'no-write'; readonly why: 'read' | 'shadow' };

/** Pure. Refuses what is not believable before anything is written on either side. */
export function guard(input: GuardInput): Ruling {
  const held = [wentBack, ringAnswer, vanishedFields, tooManyChanges].map((check) => check(input)).find((ruling) => ruling !== null);
  return held ?? modeOf(input);
}

const holdOf = (kind: HoldKind, cause: string, lines: readonly LineId[]): Ruling => ({ is: 'hold', hold: { kind, cause, lines } });

function wentBack(input: GuardInput): Ruling | null {
  const { link, sighting, kind, phase } = input;
  if (input.confirmed.has('version-back')) return null;
  const older = kind.ordered && sighting?.sequence != null && link.sequence !== null && sighting.sequence < link.sequence;
  const phaseBack = phase !== null && isBackFromResult(link.phase, phase);
  // One number for two contents: the system counted on from a backup.
  const recounted = kind.ordered && input.isRewritten === true;
  // Counting on past the number we had seen is no answer: while old values would come in, the question stands.
  const stands = input.asked.has('version-back') && input.plan.inward.size > 0;
  return older || recounted || phaseBack || stands ? holdOf('version-back', `restored:${link.system}`, []) : null;
}

function ringAnswer(input: GuardInput): Ruling | null {
  const { plan, link, limits } = input;
  if (plan.ringHits.length === 0 || input.confirmed.has('restored-backup')) return null;
  if (input.ringHitsNow >= limits.ringHits || input.asked.has('restored-backup'))
    return holdOf('restored-backup', `restored:${link.system}`, plan.ringHits);
  const until = (input.ringSince ?? input.now) + limits.ringWindowMs;
  return input.now < until ? { is: 'later', until } : null;
}

const MOST_EMPTIED = 3;

/** Fields that held agreed values and are no longer stated, or most of them turned empty at once: a broken answer is likelier than a wish. */
function vanishedFields(input: GuardInput): Ruling | null {
  const lines = input.plan.vanished.filter((line) => input.plan.inward.has(line));
  const emptied = [...input.plan.inward].filter(([line, value]) => value.is === 'empty' && input.base?.lines.get(line)?.is === 'value');
  const held = [...(input.base?.lines.values() ?? [])].filter((value) => value.is === 'value').length;
  if (emptied.length >= MOST_EMPTIED && emptied.length * 2 > held) lines.push(...emptied.map(([line]) => line));
  if (lines.length === 0 || input.confirmed.has('emptied')) return null;
  return holdOf('emptied', `emptied:${input.link.system}`, lines);
}

function tooManyChanges(input: GuardInput): Ruling | null {
  const { plan, base, limits, link } = input;
  if (base === null || base.provisional || input.confirmed.has('many-changes')) return null;
  const changed = [...plan.inward.keys()].filter((line) => base.lines.get(line)?.is === 'value');
  return changed.length > limits.mostInwardChanges ? holdOf('many-changes', `many-changes:${link.system}`, changed) : null;
}

function modeOf(input: GuardInput): Ruling {
  if (!input.hasWrite || input.mode === 'auto') return { is: 'go' };
  if (input.mode === 'confirm') {
    const lines = [...input.plan.outward.keys()];
    return input.confirmed.has('confirm') ? { is: 'go' } : holdOf('confirm', `confirm:${input.link.system}`, lines);
  }
  return { is: 'no-write', why: input.mode === 'shadow' ? 'shadow' : 'read' };
}
