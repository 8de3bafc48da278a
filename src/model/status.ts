import type { NationalStatus } from './dossier.ts';

/** The national dossier statuses and the steps between them (one-stop.md §4; the list is one system's, the graph is inferred: data, not law). */
type StatusGroup = 'open' | 'paused' | 'done' | 'end';

export interface StatusWord {
  readonly status: NationalStatus;
  readonly vi: string;
  readonly en: string;
  readonly group: StatusGroup;
}

export const STATUSES: readonly StatusWord[] = [
  { status: 1, vi: 'Mới đăng ký', en: 'Newly submitted', group: 'open' },
  { status: 2, vi: 'Được tiếp nhận', en: 'Accepted', group: 'open' },
  { status: 3, vi: 'Không được tiếp nhận', en: 'Not accepted', group: 'end' },
  { status: 4, vi: 'Đang xử lý', en: 'In process', group: 'open' },
  { status: 5, vi: 'Yêu cầu bổ sung giấy tờ', en: 'Supplement requested', group: 'paused' },
  { status: 6, vi: 'Yêu cầu thực hiện nghĩa vụ tài chính', en: 'Payment requested', group: 'paused' },
  { status: 7, vi: 'Công dân yêu cầu rút hồ sơ', en: 'Withdrawn by the citizen', group: 'end' },
  { status: 8, vi: 'Dừng xử lý', en: 'Stopped', group: 'paused' },
  { status: 9, vi: 'Đã xử lý xong', en: 'Processed', group: 'done' },
  { status: 10, vi: 'Đã trả kết quả', en: 'Result handed over', group: 'done' },
];

/** One legal step. `to: 'before'` leads back to the status that stood before. `confirm`: only when a person says so. */
export interface StatusStep {
  readonly from: NationalStatus | null;
  readonly to: NationalStatus | 'before';
  readonly trigger: string;
  readonly confirm: boolean;
}

const from = (
  sources: readonly (NationalStatus | null)[],
  to: NationalStatus | 'before',
  trigger: string,
  confirm = false,
): readonly StatusStep[] => sources.map((source) => ({ from: source, to, trigger, confirm }));

/** The graph that holds unless the config brings another. */
export const NATIONAL_STEPS: readonly StatusStep[] = [
  ...from([null], 1, 'submitted-online'),
  ...from([null], 2, 'received-at-counter'),
  ...from([1], 2, 'accepted'),
  ...from([1], 3, 'refused-with-reason'),
  ...from([1, 2, 4], 5, 'supplement-asked'),
  ...from([5], 'before', 'supplement-sent'),
  ...from([5], 2, 'supplement-complete'),
  ...from([5], 3, 'supplement-deadline-passed'),
  ...from([2], 4, 'assigned'),
  ...from([2, 4], 6, 'payment-asked'),
  ...from([6], 4, 'paid'),
  ...from([2, 4], 9, 'finished'),
  ...from([4], 3, 'ministry-refused'),
  ...from([1, 2, 4, 5, 6], 7, 'citizen-withdrew'),
  ...from([2, 4, 5, 6], 8, 'official-stopped'),
  ...from([9], 10, 'handed-over'),
  ...from([4, 6, 8, 9], 'before', 'returned-inside-office', true),
];

/**
 * The legal step between two statuses, or null. `from` null = the dossier begins. `before` is the status that stood before
 * `from`, needed where a step leads back. Staying where one is is no step. Never rewrites, never finds a way over several steps.
 */
export function stepBetween(
  from: NationalStatus | null,
  to: NationalStatus,
  before: NationalStatus | null = null,
  steps: readonly StatusStep[] = NATIONAL_STEPS,
): StatusStep | null {
  if (from === to) return null;
  // One leads back only to where one can have come from: a dossier in 5 was never in 9 (T18).
  const cameFrom = before === to && steps.some((step) => step.from === before && step.to === from);
  const matching = steps.filter((step) => step.from === from && (step.to === 'before' ? cameFrom : step.to === to));
  return matching.find((step) => !step.confirm) ?? matching[0] ?? null;
}

/** Whether the step is legal without a person's confirmation. */
export function mayStep(
  from: NationalStatus | null,
  to: NationalStatus,
  before: NationalStatus | null = null,
  steps: readonly StatusStep[] = NATIONAL_STEPS,
): boolean {
  return stepBetween(from, to, before, steps)?.confirm === false;
}

/** Whether no step at all leads on from here (3, 7 and 10 in the national graph). */
export const isEnd = (status: NationalStatus, steps: readonly StatusStep[] = NATIONAL_STEPS): boolean =>
  !steps.some((step) => step.from === status);

/** A status from a number or its text; null when it is none of the ten. */
export function nationalStatus(raw: unknown): NationalStatus | null {
  const text = String(raw);
  return STATUSES.find((word) => String(word.status) === text)?.status ?? null;
}

/** The word of a status. */
export function statusWord(status: NationalStatus): StatusWord {
  const word = STATUSES.find((each) => each.status === status);
  if (word === undefined) throw new RangeError('not a national status');
  return word;
}
