import { type Sighting, Trouble } from '../kit/index.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Json } from '../model/json.ts';
import type { Covers } from '../model/line-value.ts';
import type { Link, Statement, Tx } from '../store/contract.ts';

/**
 * What a system states about a record that nobody can read: each statement was acknowledged, so each is weighed by a visit of
 * its own, in the order in which the system made them.
 */
export interface Waiting {
  readonly seq: number;
  readonly sighting: Sighting;
}

/** For one record; the visits take in far more than a system says, so more is a system gone wrong. */
const MOST_WAITING = 100;

/** Keeps a statement for the visits to come; false when it repeats what was said last. Throws Trouble when too many wait. */
export async function keepStatement(tx: Tx, link: Link, sighting: Sighting): Promise<boolean> {
  const waiting = (await tx.statements.load([link.id])).get(link.id) ?? [];
  const content = sighting as unknown as Json;
  const last = waiting.at(-1)?.content;
  if (last === undefined ? !isNews(link, sighting) : canonicalJson(last) === canonicalJson(content)) return false;
  if (waiting.length >= MOST_WAITING) throw tooMany();
  await tx.statements.append(link.code, link.id, content);
  return true;
}

/** A message that states the version we already hold tells nothing. */
export const isNews = (link: Link, sighting: Sighting | null): boolean => sighting?.version == null || sighting.version !== link.version;

const tooMany = (): Trouble =>
  new Trouble({
    kind: 'unavailable',
    scope: 'record',
    code: 'statements.full',
    vi: `Đã có ${MOST_WAITING} thông báo về hồ sơ này đang chờ xử lý. Hãy gửi lại sau.`,
    en: `${MOST_WAITING} statements about this record wait to be taken in. Send this one again later.`,
  });

/** As they were made: by their number where they bear one, else as they came. A lower number stated later belongs to a record that counts anew. */
export function inOrder(statements: readonly Statement[]): readonly Waiting[] {
  const ordered: Waiting[] = [];
  for (const { seq, content } of statements) {
    const sighting = content as unknown as Sighting;
    const place = ordered.findIndex((other) => isBefore(sighting, other.sighting));
    ordered.splice(place === -1 ? ordered.length : place, 0, { seq, sighting });
  }
  return ordered;
}

function isBefore(one: Sighting, other: Sighting): boolean {
  if (one.sequence === null || other.sequence === null || one.sequence >= other.sequence) return false;
  return one.statedAt === null || other.statedAt === null || one.statedAt <= other.statedAt;
}

/** Whether the later speaks of all the earlier spoke of: then nothing is lost with the earlier. */
export function coversAll(later: Covers, earlier: Covers): boolean {
  if (later === 'all') return true;
  return earlier !== 'all' && earlier.every((path) => later.some((prefix) => path === prefix || path.startsWith(`${prefix}.`)));
}
