import { parseProcedureCode } from '../model/codes.ts';
import type { At } from '../model/json.ts';
import type { DueItem } from './due-walk.ts';

/** The on-time rate (KPI766 2.1): of what was received or under way in a period, what ended in time or still has time. */

export const GROUPS = ['system', 'leg', 'procedure'] as const;
export type Group = (typeof GROUPS)[number];

export interface Tally {
  readonly key: string;
  /** Numerator. */
  onTime: number;
  late: number;
  /** Of both, those not ended by the end of the period: judged as of its last moment. */
  running: number;
  /** Neither numerator nor denominator: nothing says when they were due. */
  withoutTerm: number;
}

const newTally = (key: string): Tally => ({ key, onTime: 0, late: 0, running: 0, withoutTerm: 0 });

/** What a group counts: legs by system or record, dossiers by procedure; null where the item is not of that sort. */
function keyOf({ head, link }: DueItem, by: Group): string | null {
  if (by === 'procedure') return link === null ? (parseProcedureCode(head.procedure)?.base ?? head.procedure) : null;
  if (link === null) return null;
  return by === 'system' ? link.system : `${link.system}/${link.record}`;
}

/** Began before the period was over, and had not ended before it began. */
const isOfPeriod = ({ deadline }: DueItem, fromAt: At, untilAt: At): boolean =>
  deadline.startedAt !== null && deadline.startedAt <= untilAt && (deadline.endedAt === null || deadline.endedAt >= fromAt);

export interface Period {
  readonly by: Group;
  readonly fromAt: At;
  /** The last moment of the period, or now where that is earlier. */
  readonly untilAt: At;
}

/** Adds one item to its group. */
export function tallied(tallies: Map<string, Tally>, item: DueItem, { by, fromAt, untilAt }: Period): void {
  const key = keyOf(item, by);
  if (key === null || !isOfPeriod(item, fromAt, untilAt)) return;
  const tally = tallies.get(key) ?? newTally(key);
  tallies.set(key, tally);
  const { verdict, state } = item.deadline;
  if (verdict === null) tally.withoutTerm += 1;
  else if (verdict === 'late') tally.late += 1;
  else tally.onTime += 1;
  if (verdict !== null && state !== 'ended') tally.running += 1;
}

/** Everything in one. */
export const total = (tallies: Iterable<Tally>): Tally =>
  [...tallies].reduce(
    (sum, one) => ({
      key: sum.key,
      onTime: sum.onTime + one.onTime,
      late: sum.late + one.late,
      running: sum.running + one.running,
      withoutTerm: sum.withoutTerm + one.withoutTerm,
    }),
    newTally(''),
  );

/** Per cent with two decimals; null where there is nothing to divide by. */
export const rateOf = ({ onTime, late }: Tally): number | null =>
  onTime + late === 0 ? null : Math.round((onTime / (onTime + late)) * 10_000) / 100;
