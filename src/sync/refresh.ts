import type { Case, Context } from './context.ts';
import { oneStopLink } from './context.ts';
import { attemptLook } from './observe.ts';

/**
 * Before an outward write: is what we are about to say still what the one-stop says? True when the one-stop's record
 * moved on since it was last taken in; its link is then to be visited first. One call, none while the last look is fresh.
 */
export async function refresh(context: Context, given: Case): Promise<boolean> {
  const link = oneStopLink(given.links, context);
  if (link === null || link.id === given.link.id || link.externalId === null) return false;
  const read = context.spokes.get(link.system)?.kinds[link.record]?.read;
  if (read === undefined) return false;
  const now = context.clock.now();
  const last = context.memory.refreshedAt.get(link.code);
  if (last !== undefined && now - last < context.limits.freshMs) return false;
  const id = read.by === 'key' ? link.key : link.externalId;
  const answer = await attemptLook((signal) => read.run([id], { signal }));
  if ('trouble' in answer) return false; // an unreachable one-stop must not stop what was acknowledged
  const sighting = answer.value.get(id);
  if (sighting === undefined || sighting === null || sighting.version === null || sighting.version === link.version) {
    context.memory.refreshedAt.set(link.code, now);
    return false;
  }
  return true;
}
