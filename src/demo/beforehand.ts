import { atMinistry } from './ministry.ts';
import { type People, sceneOf } from './people.ts';
import type { Step, Story } from './story.ts';

/** Dossiers that begin at a ministry: they were there before motlan looked for the first time, and nobody enters them here. */

const isBefore = ({ when }: Step): boolean => when === 'before';

export const beginsAtMinistry = ({ steps }: Pick<Story, 'steps'>, code: string): boolean => steps.get(code)?.some(isBefore) ?? false;

/** Types what the ministries took in. A feed that has been read beyond a day is never asked for it again, so this comes first. */
export function typeBeforehand(people: Pick<People, 'ministries' | 'story'>): void {
  for (const scene of people.story.dossiers.map(sceneOf))
    for (const step of people.story.steps.get(scene.code)?.filter(isBefore) ?? [])
      if (step.who === 'ministry') atMinistry(people, scene, step, null);
}
