import type { Json } from '../model/json.ts';
import type { Link, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import { openHold } from './holds.ts';

/**
 * Another record under the key of a link that follows one already: a person picks, and until then nothing it says is taken
 * in. Each record is told of once; one that was left so stays so.
 */
export async function tellTwin(tx: Tx, context: Context, link: Link, id: string): Promise<void> {
  if (link.externalId === null || link.externalId === id) return;
  const told = (await tx.holds.live([link.code]))
    .filter((hold) => hold.kind === 'twins' && hold.link === link.id)
    .flatMap((hold) => idsOf(hold.detail.ids));
  if (told.includes(id)) return;
  const what = context.spokes.get(link.system)?.title.vi ?? link.system;
  const ids = [...new Set([link.externalId, ...told, id])];
  const wish = { kind: 'twins' as const, cause: `twins:${link.id}`, path: null, what, detail: { ids } };
  await tx.holds.insert(openHold(wish, link, link.code, { id: context.chance.id(), now: context.clock.now() }));
}

const idsOf = (ids: Json | undefined): readonly string[] => (Array.isArray(ids) ? (ids as readonly Json[]).map(String) : []);
