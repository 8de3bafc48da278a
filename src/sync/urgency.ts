import type { Deadline } from '../model/deadline.ts';
import type { At } from '../model/json.ts';
import { dayOf } from '../model/work-calendar.ts';
import type { Priority } from '../store/contract.ts';
import type { Case, Context } from './context.ts';
import { dossierDeadline, legDeadline } from './deadlines.ts';

/** Where a citizen waits nothing goes before; then what is due today or overdue; then the rest. */
const PRESSING: Priority = 1;
const ORDINARY: Priority = 2;

/** The case with the priority its next look has: the leg's work row keeps it when this visit ends. */
export function withUrgency(context: Pick<Context, 'deadlines' | 'clock'>, given: Case): Case {
  const { deadlines } = context;
  if (deadlines === undefined || given.spoke.role !== 'ministry' || given.work.priority === 0) return given;
  const now = context.clock.now();
  const { dossier, links, progress, link, mapping } = given;
  const facts = { head: dossier.head, status: dossier.status, results: dossier.body.results, links, progress };
  const presses =
    isPressing(legDeadline(deadlines, facts, link, mapping.needs, now), now) || isPressing(dossierDeadline(deadlines, facts, now), now);
  return { ...given, work: { ...given.work, priority: presses ? PRESSING : ORDINARY } };
}

/** Due before the day in Vietnam is over, or overdue. Nobody here can hurry a clock that stands. */
const isPressing = ({ state, dueAt }: Deadline, now: At): boolean => state === 'running' && dueAt !== null && dayOf(dueAt) <= dayOf(now);
