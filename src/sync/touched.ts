import type { Touch } from '../kit/index.ts';
import type { Link, Priority, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import { isNews, keepStatement } from './statements.ts';
import { tellTwin } from './twins.ts';

/** Wakes the links that touches speak of; gives the touches no link knows. Throws Trouble when a record has too much waiting. */
export async function wakeTouched(
  tx: Tx,
  context: Context,
  system: string,
  touches: readonly Touch[],
  priority: Priority,
): Promise<readonly Touch[]> {
  const now = context.clock.now();
  const strangers: Touch[] = [];
  for (const touch of touches) {
    const links = await linksOf(tx, system, touch);
    for (const link of links) {
      if (link.externalId !== null && touch.id !== null && touch.id !== link.externalId) {
        await tellTwin(tx, context, link, touch.id);
        continue;
      }
      const { sighting } = touch;
      // Where nothing can be read the message is the sighting: kept until a visit has taken it in.
      const isStatement = sighting !== null && context.spokes.get(system)?.kinds[touch.kind]?.read === undefined;
      const isBehind = sighting?.sequence != null && link.sequence !== null && sighting.sequence < link.sequence;
      // Stated after we took in a higher number: not late, but a record that went back. The guard asks about it.
      const isOld = isBehind && !(sighting?.statedAt != null && link.statedAt !== null && sighting.statedAt > link.statedAt);
      const isNew = isStatement && !isOld ? await keepStatement(tx, link, sighting) : isNews(link, sighting);
      if (!isNew) continue;
      await tx.work.wake(link, { at: now, priority });
    }
    if (links.length === 0) strangers.push(touch);
  }
  return strangers;
}

async function linksOf(tx: Tx, system: string, touch: Touch): Promise<readonly Link[]> {
  const byId = touch.id === null ? [] : await tx.links.byExternalId(system, touch.kind, [touch.id]);
  if (byId.length > 0 || touch.key === null) return byId;
  return tx.links.byKey(system, touch.kind, [touch.key]);
}
