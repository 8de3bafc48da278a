import type { SeenDossier } from './api.ts';
import type { People, Scene } from './people.ts';
import type { KindOf } from './rest.ts';
import { clerkOf, valueAt } from './story.ts';

/**
 * In bad weather an answer may be lost for good, and where a system takes twins the engine asks a person. This is that person:
 * looks at the ministry, and gives the number of what is there, or says that nothing is.
 */

const ASKED = new Set(['unsure', 'unknown-answer']);

/** How many questions of the weather were answered. What a story answers itself is left to it, and so are sheets: no weather loses a hand's work. */
export async function answerWeather(people: People, scene: Scene, seen: SeenDossier, kindOf: KindOf): Promise<number> {
  const steps = people.story.steps.get(scene.code) ?? [];
  let answered = 0;
  for (const leg of seen.legs.filter(({ system, record }) => kindOf(system, record)?.create !== undefined)) {
    const asked = leg.holds.filter(({ kind, cause, decisions }) => ASKED.has(kind) && decisions.includes('resend') && !goesOn(cause));
    for (const hold of asked.filter(({ kind }) => !steps.some(({ when }) => when === `hold:${kind}`))) {
      const there = found(people, scene, leg);
      const done = there === null ? await people.api.decide(hold.id, 'resend', null) : await people.api.decide(hold.id, 'link', there);
      if (done) answered += 1;
    }
  }
  return answered;
}

/** What is still being tried by itself is told to a person, not asked. */
const goesOn = (cause: string): boolean => cause.startsWith('stuck:');

/** The one record at the ministry that is this dossier's, as a person with both in front of them finds it. */
function found({ ministries, oneStop, story }: People, scene: Scene, leg: SeenDossier['legs'][number]): string | null {
  const clerk = clerkOf(story, leg.system, leg.record);
  const ours = oneStop.records(scene.kind).find(({ id }) => id === scene.code)?.record;
  const records = ministries.get(leg.system)?.records(leg.record) ?? [];
  const hit = records.find(
    ({ key, record }) =>
      key === scene.code ||
      (clerk?.code ?? []).some((path) => valueAt(record, path) === scene.code) ||
      Object.entries(clerk?.person ?? {}).some(([theirs, path]) => {
        const value = valueAt(record, theirs);
        return value !== undefined && value !== null && value === valueAt(ours, path);
      }),
  );
  return hit?.id ?? null;
}
