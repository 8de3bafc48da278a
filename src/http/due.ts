import { z } from 'zod';
import type { Deadline } from '../model/deadline.ts';
import { deadlineSentence, explainDeadline, supplementWarning } from '../model/deadline-words.ts';
import type { DossierHead } from '../model/dossier.ts';
import type { At } from '../model/json.ts';
import { printDay, type WorkCalendar } from '../model/work-calendar.ts';
import type { Link } from '../store/contract.ts';
import { type DeadlineFacts, type DeadlineRules, dossierDeadline, expectedDeadline, legDeadline } from '../sync/deadlines.ts';
import type { DossierLook } from './looks.ts';

/** A deadline as it travels: when, how it stands, and every step of the reckoning. */

const moment = z.iso.datetime({ offset: true }).nullable();
const sentence = z.object({ vi: z.string(), en: z.string() });

export const deadlineShape = z.object({
  /** `waiting`: its clock has not started. `paused`: a supplement is awaited, and `dueAt` is as it stood when that was asked for. */
  state: z.enum(['waiting', 'running', 'paused', 'ended']),
  /** null: no term is known, so nothing is late. */
  verdict: z.enum(['on-time', 'late']).nullable(),
  /** `stated` by the one-stop, or reckoned from a `term`. */
  source: z.enum(['stated', 'term']).nullable(),
  startedAt: moment,
  dueAt: moment,
  endedAt: moment,
  /** Working time left, negative when over. */
  remainingMinutes: z.int().nullable(),
  supplements: z.int(),
  /** Days between start and due that do not count, or count though they are days of rest. */
  days: z.array(
    z.object({ day: z.iso.date(), works: z.boolean(), why: z.string(), basis: z.enum(['rule', 'decided', 'default']), ...sentence.shape }),
  ),
  /** Years whose days off stand by default until they are decided. */
  undecided: z.array(z.int()),
  sentence: sentence.nullable(),
  /** Read this before asking for another supplement. */
  warning: sentence.nullable(),
  explanation: z.array(sentence),
});
export type DeadlineTold = z.infer<typeof deadlineShape>;

const text = (at: At | null): string | null => (at === null ? null : new Date(at).toISOString());

export function deadlineTold(calendar: WorkCalendar, of: Deadline): DeadlineTold {
  const { state, verdict, source, remainingMs, supplements } = of;
  return {
    ...{ state, verdict, source, supplements },
    startedAt: text(of.startedAt),
    dueAt: text(of.dueAt),
    endedAt: text(of.endedAt),
    remainingMinutes: remainingMs === null ? null : Math.round(remainingMs / 60_000),
    days: of.days.map(({ day, ...told }) => ({ ...told, day: printDay(day) })),
    undecided: [...of.undecided],
    sentence: deadlineSentence(calendar, of),
    warning: supplementWarning(of),
    explanation: [...explainDeadline(calendar, of)],
  };
}

export interface DuePorts {
  readonly deadlines: DeadlineRules;
  /** Mapping id → hub paths its leg needs first. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

export const factsOf = ({ dossier, links, progress }: Pick<DossierLook, 'dossier' | 'links' | 'progress'>): DeadlineFacts => ({
  head: dossier.head,
  status: dossier.status,
  results: dossier.body.results,
  links,
  progress,
});

export const needsOf = ({ needs }: DuePorts, link: Pick<Link, 'mapping'>): readonly string[] => needs.get(link.mapping) ?? [];

/** The dossier's own deadline, told. */
export const dossierTold = (ports: DuePorts, facts: DeadlineFacts, now: At): DeadlineTold =>
  deadlineTold(ports.deadlines.calendar, dossierDeadline(ports.deadlines, facts, now));

/** One leg's, told. */
export const legTold = (ports: DuePorts, facts: DeadlineFacts, link: Link, now: At): DeadlineTold => {
  const told = deadlineTold(ports.deadlines.calendar, legDeadline(ports.deadlines, facts, link, needsOf(ports, link), now));
  // The warning is the dossier's: it is the dossier that a second supplement makes late.
  return { ...told, warning: null };
};

/** What a document that was only looked at would be due by; a leg that needs an earlier one's result waits for it. */
export function expectedTold(
  { deadlines }: DuePorts,
  head: DossierHead,
  leg: { readonly system: string; readonly record: string } | null,
  waits: boolean,
  now: At,
): DeadlineTold {
  return deadlineTold(deadlines.calendar, expectedDeadline(deadlines, head, leg, waits, now));
}
