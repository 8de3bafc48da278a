import type { Work } from '../store/contract.ts';
import { backOff } from './back-off.ts';
import { HubMoved } from './commit.ts';
import { type Case, type Context, loadCases } from './context.ts';
import { eachOf } from './each-of.ts';
import { FencedOff } from './errors.ts';
import type { Look } from './look.ts';
import { withUrgency } from './urgency.ts';
import { visit } from './visit.ts';

/** One round for a system: claim, load, observe together, then visit each link by itself. How many links were claimed. */
export async function visitDue(context: Context, system: string): Promise<number> {
  const spoke = context.spokes.get(system);
  if (spoke === undefined || (await isPaused(context, system))) return 0;
  const now = context.clock.now();
  const works = await context.store.write((tx) => tx.work.claim(system, { now, leaseMs: context.limits.leaseMs, most: spoke.batch }));
  if (works.length === 0) return 0;
  const cases = (await loadCases(context, works)).map((given) => withUrgency(context, given));
  await dropOrphans(context, works, cases);
  const looks = await context.stations.observe(context, cases);
  await eachOf(cases, spoke.concurrent, (given) => visitOne(context, given, looks.get(given.link.id) ?? { is: 'not-looked' }));
  return works.length;
}

async function isPaused(context: Context, system: string): Promise<boolean> {
  return (await context.store.read((tx) => tx.switches.get(`paused:${system}`))) === true;
}

/** One record's trouble ends with its own visit: the others of the batch go on. */
async function visitOne(context: Context, given: Case, look: Look): Promise<void> {
  try {
    await visit(context, given, look);
  } catch (error) {
    if (error instanceof FencedOff) return; // another worker holds it: its visit counts
    if (error instanceof HubMoved) return letGo(context, given.work, context.clock.now());
    context.tell({
      event: 'trouble',
      at: context.clock.now(),
      code: given.link.code,
      link: given.link.id,
      detail: { code: 'engine.fault', fault: error instanceof Error ? error.name : 'unknown' },
    });
    await letGo(context, given.work, backOff(context, given.work.failures), given.work.failures + 1);
  }
}

const letGo = async (context: Context, work: Work, dueAt: number, failures = work.failures): Promise<void> => {
  await context.store.write((tx) => tx.work.finish(work, { nextDueAt: dueAt, failures, priority: work.priority }));
};

/** Work whose mapping or system is no longer configured rests until it is: it is looked at again in an hour. */
async function dropOrphans(context: Context, works: readonly Work[], cases: readonly Case[]): Promise<void> {
  const known = new Set(cases.map((given) => given.link.id));
  for (const work of works) if (!known.has(work.link)) await letGo(context, work, context.clock.now() + 3_600_000);
}
