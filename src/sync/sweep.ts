import type { Listed, RecordKind, Sighting } from '../kit/index.ts';
import type { Mapping } from '../mapping/contract.ts';
import type { Base, Link } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { Spoke, SweepReport } from './contract.ts';
import { NotPossible } from './errors.ts';
import { pollChanges } from './hear.ts';
import { attemptLook } from './observe.ts';
import { saysOther } from './snapshot.ts';
import { tellTwin } from './twins.ts';

const PAGE = 500;

/** Looks at everything of one system the cheapest way it offers, and wakes the links whose record differs from what was last seen. */
export async function sweep(context: Context, system: string): Promise<SweepReport> {
  const spoke = context.spokes.get(system);
  if (spoke === undefined) throw new NotPossible('system.unknown', 'Không có hệ thống này.', 'There is no such system.');
  const counted = { links: 0, woken: 0, strangers: 0 };
  let by: SweepReport['by'] = 'read';
  for (const [name, kind] of Object.entries(spoke.kinds)) {
    if (kind.list !== undefined) await sweepList(context, spoke, name, kind.list, counted);
    if (kind.list !== undefined && kind.list.gives !== 'id') by = kind.list.gives === 'record' ? 'list' : 'list+version';
    else {
      if (kind.changes !== undefined) {
        by = 'changes';
        while (await pollChanges(context, system));
      }
      await wakeAll(context, spoke, name, counted);
    }
  }
  return { system, by, ...counted, ...sentences(spoke, by, counted) };
}

/** A record there under our key that is not the one we are linked to: two records stand for one dossier. */
async function askOfTwin(context: Context, spoke: Spoke, name: string, { key, id }: Listed): Promise<void> {
  if (key === null || spoke.role === 'one-stop') return;
  await context.store.write(async (tx) => {
    const [link] = await tx.links.byKey(spoke.name, name, [key]);
    if (link !== undefined) await tellTwin(tx, context, link, id);
  });
}

type Page = Awaited<ReturnType<typeof attemptLook<Awaited<ReturnType<NonNullable<RecordKind['list']>['run']>>>>>;

interface Counted {
  links: number;
  woken: number;
  strangers: number;
}

const sentences = (spoke: Spoke, by: SweepReport['by'], counted: Counted) => ({
  vi: `Đã rà soát ${counted.links} liên kết của ${spoke.title.vi} (${WORDS[by].vi}); ${counted.woken} cần xem lại, ${counted.strangers} bản ghi chưa có liên kết.`,
  en: `Swept ${counted.links} links of ${spoke.title.en} (${WORDS[by].en}); ${counted.woken} to be looked at, ${counted.strangers} records without a link.`,
});
const WORDS = {
  changes: { vi: 'theo danh sách thay đổi', en: 'by its list of changes' },
  list: { vi: 'theo danh sách bản ghi', en: 'by its list of records' },
  'list+version': { vi: 'theo danh sách phiên bản', en: 'by its list of versions' },
  read: { vi: 'đọc từng bản ghi', en: 'by reading each record' },
} as const;

/** One page of the list against the links it speaks of. A record in a page is judged by version, or by its lines where pages carry records. */
async function sweepList(
  context: Context,
  spoke: Spoke,
  name: string,
  list: NonNullable<RecordKind['list']>,
  counted: Counted,
): Promise<void> {
  const mapping = context.mappings.find((candidate) => candidate.system === spoke.name && candidate.record === name);
  let cursor: string | null = null;
  do {
    const from: string | null = cursor;
    const answer: Page = await attemptLook((signal) => list.run(from, { signal }));
    if ('trouble' in answer) throw new NotPossible('sweep.trouble', answer.trouble.vi, answer.trouble.en);
    const { items } = answer.value;
    cursor = answer.value.cursor;
    const ids = items.map((item) => item.id);
    const known = await context.store.read((tx) => tx.links.versions(spoke.name, name, ids));
    const same = list.gives === 'record' && mapping !== undefined ? await equalRecords(context, mapping, items, known) : null;
    const differing: { readonly id: string; readonly system: string }[] = [];
    for (const item of items) {
      const link = known.get(item.id);
      if (link === undefined) {
        counted.strangers += 1;
        await askOfTwin(context, spoke, name, item);
      } else if (list.gives !== 'id') {
        counted.links += 1;
        if (same === null ? item.version === null || item.version !== link.version : !same.has(link.id))
          differing.push({ id: link.id, system: spoke.name });
      }
    }
    counted.woken += differing.length;
    await wake(context, differing);
  } while (cursor !== null);
}

/** Links whose record in the page says what was last agreed on. */
async function equalRecords(
  context: Context,
  mapping: Mapping,
  items: readonly Listed[],
  known: ReadonlyMap<string, { readonly id: string }>,
): Promise<ReadonlySet<string>> {
  const sightings = new Map(
    items.flatMap(({ id, sighting }) => {
      const link = known.get(id);
      return link === undefined || sighting === undefined ? [] : [[link.id, sighting] as const];
    }),
  );
  const same = new Set<string>();
  await context.store.read((tx) =>
    tx.bases.each([...sightings.keys()], (base) => {
      const sighting = sightings.get(base.link);
      if (sighting !== undefined && !differs(mapping, sighting, base)) same.add(base.link);
    }),
  );
  return same;
}

/** Not what was agreed; or, where nothing was, not what the record said when it was last looked at. */
function differs(mapping: Mapping, sighting: Sighting, base: Base): boolean {
  for (const [line, value] of mapping.theirs(sighting.record, sighting.covers)) {
    const agreed = base.lines.get(line);
    if (value.is === 'unseen') continue;
    if (agreed === undefined && saysOther(mapping, sighting, base)) return true;
    if (agreed === undefined) continue;
    if (!mapping.equal(line, value, agreed)) return true;
  }
  return false;
}

async function wake(context: Context, links: readonly { readonly id: string; readonly system: string }[]): Promise<void> {
  if (links.length === 0) return;
  const now = context.clock.now();
  await context.store.write(async (tx) => {
    for (const link of links) await tx.work.wake(link, { at: now, priority: 3 });
  });
}

async function wakeAll(context: Context, spoke: Spoke, name: string, counted: Counted): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const from: string | null = after;
    const page: readonly Link[] = await context.store.read((tx) => tx.links.page(spoke.name, name, from, PAGE));
    const there = page.filter((link) => link.externalId !== null);
    counted.links += page.length;
    counted.woken += there.length;
    await wake(context, there);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    after = last.id;
  }
}
