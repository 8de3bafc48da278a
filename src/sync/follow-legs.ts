import { nationalStatus } from '../model/status.ts';
import type { Case, Context } from './context.ts';
import { audit, type Draft } from './draft.ts';
import { isConfirmed, openLegs } from './legs.ts';
import { deriveFromLegs, isOwnStep } from './progress.ts';
import { untilConfirmed } from './second-supplement.ts';
import type { Seen } from './sighting.ts';

/**
 * At the one-stop's visit the dossier's status follows its legs. It happens here and not at the legs, so that two legs
 * that move at once cannot each overlook the other.
 */
export function followLegs(context: Context, given: Case, draft: Draft, seen: Seen | null): void {
  if (statesOtherwise(given, seen)) return; // the official's word comes first; the legs are followed in the visit after
  const now = context.clock.now();
  const derived = untilConfirmed(given, draft, deriveFromLegs(context, draft.dossier, given.links, given.progress, now));
  if (derived.held !== null) {
    draft.wishes.push({
      kind: 'status-step',
      cause: `status-step:${given.link.code}`,
      path: null,
      vi: derived.held.vi,
      en: derived.held.en,
      what: '',
      detail: { status: draft.dossier.status },
    });
  }
  if (derived.entries.length === 0) return;
  draft.dossier = { ...draft.dossier, status: derived.status };
  draft.hubChanged = true;
  draft.progress.push(...derived.entries);
  audit(draft, now, 'status', { steps: derived.entries.map((entry) => entry.name) }, null, null);
}

/** The one-stop shows a status that is neither the one known nor a step of ours. */
function statesOtherwise({ mapping, dossier, progress, link }: Case, seen: Seen | null): boolean {
  const [, stated] = [...(seen?.theirs ?? [])].find(([line]) => mapping.rule(line).hubPath === 'status') ?? [];
  const status = stated?.is === 'value' ? nationalStatus(stated.value) : null;
  if (status === null || status === dossier.head.status || status === dossier.status) return false;
  return !isOwnStep(progress, link, status);
}

/**
 * The official has handed the dossier over: hand-over of one leg is not hand-over of the dossier, so whoever did it is asked
 * about legs that are still open. The question goes by itself when they have ended.
 */
export function askAboutOpenLegs(context: Context, given: Case, draft: Draft): void {
  const { head, status } = draft.dossier;
  // A question about the status before the one that was just stated has been overtaken.
  const overtaken = draft.wishes.findIndex(({ kind, detail }) => kind === 'status-step' && detail.status !== status);
  if (overtaken >= 0) draft.wishes.splice(overtaken, 1);
  if (status !== HANDED_OVER || given.holds.some(isConfirmed)) return;
  const systems = openLegs(context, given.links, head).map((link) => link.system);
  if (systems.length === 0) return;
  const what = systems.map((system) => context.spokes.get(system)?.title.vi ?? system).join(', ');
  const titlesEn = systems.map((system) => context.spokes.get(system)?.title.en ?? system).join(', ');
  draft.wishes.push({
    kind: 'legs-open',
    cause: `legs-open:${head.code}:${systems.join(',')}`,
    path: null,
    en: `Handed over while a leg is still open: ${titlesEn}.`,
    what,
    detail: { systems },
  });
}

const HANDED_OVER = 10;
