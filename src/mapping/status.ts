import type { NationalStatus } from '../model/dossier.ts';
import type { Problem } from '../model/line-value.ts';
import { mayStep, NATIONAL_STEPS, type StatusStep, stepBetween } from '../model/status.ts';
import type { OfficialActName, Phase } from '../model/words.ts';
import type { StatusRules } from './status-file.ts';

/** A leg as its last sighting showed it. */
export interface StatusLeg {
  readonly system: string;
  /** null = nothing seen yet. */
  readonly phase: Phase | null;
  /** The ministry's reason, in its own words. */
  readonly reason: string | null;
}
export interface StatusInput {
  readonly current: NationalStatus;
  /** The status before the present pause, where there is one. */
  readonly before: NationalStatus | null;
  readonly legs: readonly StatusLeg[];
  /** What an official did in the one-stop since the present status was set, oldest first. */
  readonly acts: readonly OfficialActName[];
}
export type StatusAnswer =
  | { readonly is: 'same' }
  | { readonly is: 'next'; readonly status: NationalStatus; readonly because: StatusCause }
  | { readonly is: 'hold'; readonly problem: Problem };
/** What the step stands on: an official's act, or a leg. A refusal carries its reason. */
export type StatusCause =
  | { readonly is: 'act'; readonly act: OfficialActName }
  | { readonly is: 'leg'; readonly system: string; readonly phase: Phase; readonly reason: string | null };

const ENDED: ReadonlySet<Phase> = new Set(['issued', 'handed-over', 'refused', 'withdrawn', 'stopped']);
type Wish = { readonly status: NationalStatus; readonly because: StatusCause } | 'ask' | null;

/**
 * The dossier's next status from its legs and official acts, one legal step at a time: no rewrite, no step that did not happen.
 * Pure; the graph may come from the config.
 */
export function deriveStatus(rules: StatusRules, input: StatusInput, steps: readonly StatusStep[] = NATIONAL_STEPS): StatusAnswer {
  const wish = byAct(rules, input) ?? byLegs(rules, input, steps);
  if (wish === null) return { is: 'same' };
  if (wish === 'ask')
    return hold(
      'status-mixed',
      'Có nhánh bị từ chối, có nhánh đã có kết quả; đề nghị cán bộ quyết định trạng thái hồ sơ.',
      'Some legs were refused, others issued; an official must decide the status.',
    );
  if (wish.status === input.current) return { is: 'same' };
  const step = stepBetween(input.current, wish.status, input.before, steps);
  if (step !== null && !step.confirm) return { is: 'next', status: wish.status, because: wish.because };
  return hold(
    'status-step',
    `Không được chuyển hồ sơ từ trạng thái ${input.current} sang ${wish.status}: bước ở giữa chưa được ghi nhận.`,
    `The dossier must not go from status ${input.current} to ${wish.status}: a step in between was not recorded.`,
  );
}

const hold = (code: string, vi: string, en: string): StatusAnswer => ({
  is: 'hold',
  problem: { code, vi, en, path: 'status', hold: 'status-step', cause: code },
});

/** The last act that has a meaning decides. */
function byAct(rules: StatusRules, input: StatusInput): Wish {
  for (const act of [...input.acts].reverse()) {
    const target = rules.acts.get(act);
    const status = target === 'before' ? input.before : target;
    if (status !== undefined && status !== null) return { status, because: { is: 'act', act } };
  }
  return null;
}

function byLegs(rules: StatusRules, input: StatusInput, steps: readonly StatusStep[]): Wish {
  const seen = input.legs.filter((leg): leg is StatusLeg & { phase: Phase } => leg.phase !== null);
  const open = seen.filter((leg) => !ENDED.has(leg.phase));
  if (open.length > 0) return worstOf(rules, open);
  if (seen.length < input.legs.length) return begun(rules, input, seen, steps);
  const refused = seen.filter((leg) => leg.phase === 'refused');
  const [first] = refused;
  const isMixed = first !== undefined && refused.length < seen.length;
  // Nobody had looked while the legs were under way: the dossier was in process before there is anything to ask.
  const passedBy = isMixed && rules.mixed === 'ask' && input.current === RECEIVED ? begun(rules, input, seen, steps) : null;
  if (passedBy !== null) return passedBy;
  if (first !== undefined) return afterRefusal(rules, input, first, !isMixed);
  return worstOf(rules, seen);
}

/** National status 2: received, not yet in process (QCVN 120). */
const RECEIVED: NationalStatus = 2;

/** Some legs have ended and others have not begun: the dossier was sent, though nobody may have looked while a leg was open. */
function begun(
  rules: StatusRules,
  input: StatusInput,
  [leg]: readonly (StatusLeg & { phase: Phase })[],
  steps: readonly StatusStep[],
): Wish {
  const status = rules.phases.get('sent');
  if (leg === undefined || status === undefined || !mayStep(input.current, status, input.before, steps)) return null;
  return { status, because: { is: 'leg', system: leg.system, phase: leg.phase, reason: leg.reason } };
}

function afterRefusal(rules: StatusRules, input: StatusInput, leg: StatusLeg & { phase: Phase }, all: boolean): Wish {
  const because: StatusCause = { is: 'leg', system: leg.system, phase: leg.phase, reason: leg.reason };
  if (!all) return rules.mixed === 'ask' ? (input.current === 3 || input.current === 8 ? null : 'ask') : { status: rules.mixed, because };
  const target = rules.refused.get(input.current);
  return target === undefined ? null : { status: target, because };
}

/** Of what these legs ask for, the status that stands first in `worst`; a status named there by none goes last. */
function worstOf(rules: StatusRules, legs: readonly (StatusLeg & { phase: Phase })[]): Wish {
  const wishes = legs.flatMap((leg) => {
    const status = rules.phases.get(leg.phase);
    return status === undefined
      ? []
      : [{ status, because: { is: 'leg' as const, system: leg.system, phase: leg.phase, reason: leg.reason } }];
  });
  const rank = (status: NationalStatus): number => (rules.worst.includes(status) ? rules.worst.indexOf(status) : rules.worst.length);
  return [...wishes].sort((a, b) => rank(a.status) - rank(b.status))[0] ?? null;
}
