import type { Case, Context } from './context.ts';
import { audit, type Draft } from './draft.ts';
import { deriveFromLegs } from './progress.ts';

/**
 * At the one-stop's visit the dossier's status follows its legs. It happens here and not at the legs, so that two legs
 * that move at once cannot each overlook the other.
 */
export function followLegs(context: Context, given: Case, draft: Draft): void {
  const now = context.clock.now();
  const derived = deriveFromLegs(context, draft.dossier, given.links, given.progress, now);
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
