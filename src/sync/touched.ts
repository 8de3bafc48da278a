import type { Sighting, Touch } from '../kit/index.ts';
import type { Json } from '../model/json.ts';
import type { Link, Priority, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import { tellTwin } from './twins.ts';

/** Wakes the links that touches speak of; gives the touches no link knows. */
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
      if (!isNews(link, touch)) continue;
      const { sighting } = touch;
      // Where nothing can be read the message is the sighting: kept, in its order, until a visit has taken it in.
      const isStatement = sighting !== null && context.spokes.get(system)?.kinds[touch.kind]?.read === undefined;
      const isBehind = sighting?.sequence != null && link.sequence !== null && sighting.sequence < link.sequence;
      // Stated after we took in a higher number: not late, but a record that went back. The guard asks about it.
      const isOld = isBehind && !(sighting?.statedAt != null && sighting.statedAt > link.updatedAt);
      if (isStatement && !isOld) await keepStatement(tx, link, sighting);
      await tx.work.wake(link, { at: now, priority });
    }
    if (links.length === 0) strangers.push(touch);
  }
  return strangers;
}

/** The last statement waits for a visit. One with a lower number that was stated later is of a record that counts anew, not a late one. */
async function keepStatement(tx: Tx, link: Link, sighting: Sighting): Promise<void> {
  const isKept = await tx.pushed.put(link.code, link.id, sighting.sequence, sighting as unknown as Json);
  if (isKept || sighting.statedAt === null) return;
  const waiting = (await tx.pushed.load([link.id])).get(link.id) as unknown as Sighting | undefined;
  if (waiting?.statedAt == null || waiting.statedAt >= sighting.statedAt) return;
  await tx.pushed.drop(link.id, waiting.sequence);
  await tx.pushed.put(link.code, link.id, sighting.sequence, sighting as unknown as Json);
}

/** A message that states the version we already hold tells nothing. */
const isNews = (link: Link, touch: Touch): boolean => touch.sighting?.version == null || touch.sighting.version !== link.version;

async function linksOf(tx: Tx, system: string, touch: Touch): Promise<readonly Link[]> {
  const byId = touch.id === null ? [] : await tx.links.byExternalId(system, touch.kind, [touch.id]);
  if (byId.length > 0 || touch.key === null) return byId;
  return tx.links.byKey(system, touch.kind, [touch.key]);
}
