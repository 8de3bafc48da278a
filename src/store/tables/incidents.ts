import type { Desk, HoldKind } from '../../model/words.ts';
import type { HoldTable } from '../contract.ts';
import { inParts } from '../lists.ts';
import type { Db } from '../schema.ts';

const MOST_INCIDENTS = 1_000;

/** Open holds by cause, widest reach first; the sentences are those of the oldest hold. At most 1,000. */
export async function incidents(db: Db): ReturnType<HoldTable['incidents']> {
  const groups = await db
    .selectFrom('hold')
    .leftJoin('dossier', 'dossier.code', 'hold.code')
    .select((row) => [
      'cause',
      'kind',
      'desk',
      row.fn.countAll<number>().as('count'),
      row.fn.min('opened_at').as('since'),
      row.fn.min('hold.id').as('first'),
      row.fn.min('dossier.due_at').as('nextDueAt'),
    ])
    .where('closed_at', 'is', null)
    .groupBy(['cause', 'kind', 'desk'])
    .orderBy('count', 'desc')
    .orderBy('cause')
    .limit(MOST_INCIDENTS)
    .execute();
  const firsts = await inParts(
    groups.map((group) => group.first),
    (some) => db.selectFrom('hold').select(['id', 'vi', 'en']).where('id', 'in', some).execute(),
  );
  const words = new Map(firsts.map((row) => [row.id, row]));
  return groups.map((group) => ({
    cause: group.cause,
    kind: group.kind as HoldKind,
    desk: group.desk as Desk,
    count: group.count,
    since: group.since,
    vi: words.get(group.first)?.vi ?? '',
    en: words.get(group.first)?.en ?? '',
    nextDueAt: group.nextDueAt ?? null,
  }));
}
