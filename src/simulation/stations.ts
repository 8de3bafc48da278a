import type { Look } from '../sync/look.ts';
import { STATIONS, type Stations } from '../sync/stations.ts';
import type { Coverage } from './coverage.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** The engine's stations, each with a point before and after it where the scheduler may let the node die; counted by what came of it. */

const PURE = ['settle', 'plan', 'guard'] as const;

type Any = (...args: never[]) => unknown;

/** What came of a station, in one word. */
const OUTCOMES: {
  readonly [Name in keyof Stations]: (answer: Awaited<ReturnType<Stations[Name]>>, ...args: Parameters<Stations[Name]>) => string;
} = {
  observe: (looks) => looksWord([...looks.values()]),
  settle: (settlement) => settlement.to,
  plan: (plan) => {
    if (plan.holds.length > 0) return 'holds';
    if (plan.outward.size > 0) return 'out';
    return plan.inward.size > 0 ? 'in' : 'nothing';
  },
  guard: (ruling) => ruling.is,
  refresh: (isMoved) => (isMoved ? 'moved' : 'same'),
  intend: (_done, _context, _given, _draft, attempt) => attempt.verb,
  deliver: (delivery) => (delivery.is === 'receipt' ? delivery.receipt.is : delivery.trouble.kind),
  record: (_done, _context, _given, _draft, _attempt, delivery) =>
    delivery.is === 'receipt' ? delivery.receipt.is : delivery.trouble.kind,
};

const looksWord = (looks: readonly Look[]): string => {
  const kinds = new Set(looks.map((look) => look.is));
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? only : 'mixed';
};

export const watchedStations = (coverage: Coverage, scheduler: Scheduler, life: Life, given: Stations = STATIONS): Stations => {
  const waiting = (name: keyof Stations, run: Any): Any =>
    (async (...args: never[]) => {
      await scheduler.point(life, `station.${name} before`);
      const answer = await run(...args);
      const place = `station.${name}:${(OUTCOMES[name] as Any)(answer as never, ...args)}`;
      coverage.count(place, 'ok');
      await scheduler.point(life, `${place} after`);
      return answer;
    }) as Any;
  const pure = (name: keyof Stations, run: Any): Any =>
    ((...args: never[]) => {
      const answer = run(...args);
      const place = `station.${name}:${(OUTCOMES[name] as Any)(answer as never, ...args)}`;
      coverage.count(place, 'ok');
      coverage.thought.set(life.name, [...(coverage.thought.get(life.name) ?? []), place]);
      return answer;
    }) as Any;
  const isPure = (name: string): boolean => (PURE as readonly string[]).includes(name);
  const watched = (Object.keys(OUTCOMES) as readonly (keyof Stations)[]).map((name) => {
    const run = given[name] as unknown as Any;
    return [name, isPure(name) ? pure(name, run) : waiting(name, run)];
  });
  return { ...given, ...Object.fromEntries(watched) };
};

/**
 * A crash at a point: before a station, or after one with what came of it. Pure stations run between two points: a crash at
 * the next one is a crash after each of them, one right after the look before any.
 */
export const countCrash = (coverage: Coverage, point: string, thought: readonly string[]): void => {
  const place = point.replace(/ (before|after)$/, '');
  coverage.count(place, point.endsWith('before') ? 'crash-before' : 'crash-after');
  if (/^station\.observe:.* after$/.test(point)) for (const name of PURE) coverage.count(`station.${name}`, 'crash-before');
  for (const after of thought) coverage.count(after, 'crash-after');
};

/** How likely a keen storm lets a node die after what is rare; by the outcome of any station, and for what is common by the last. */
const KEENNESS: Readonly<Record<string, number>> = {
  failed: 0.6,
  refused: 0.6,
  stale: 0.5,
  already: 0.4,
  queued: 0.4,
  unknown: 0.3,
  hold: 0.3,
  mixed: 0.3,
  wait: 0.2,
  park: 0.2,
  seen: 0.1,
  resend: 0.1,
  unavailable: 0.15,
  unsure: 0.1,
  'too-early': 0.1,
  moved: 0.1,
  act: 0.05,
  create: 0.05,
  update: 0.05,
  in: 0.05,
};
const COMMON = 0.02;

/** The same for a thorny storm, which is there for these: the later of two stations dies more often, since it is reached less often. */
const THORNS: Readonly<Record<string, number>> = {
  'station.observe:several': 0.6,
  'station.settle:failed': 0.9,
  'station.plan:holds': 0.1,
  'station.guard:hold': 0.8,
  'station.deliver:refused': 0.45,
  'station.deliver:stale': 0.4,
  'station.deliver:already': 0.5,
  'station.record:refused': 0.9,
  'station.record:stale': 0.9,
  'station.record:already': 0.9,
};

const keennessOf = (place: string, thorny: boolean): number =>
  (thorny ? THORNS[place] : undefined) ?? KEENNESS[place.split(':')[1] ?? ''] ?? COMMON;

/** The chance of a crash a keen storm gives a point, from what happened just before it. */
export const keenness = (point: string, thought: readonly string[], thorny: boolean): number => {
  const places = [...(point.endsWith('after') ? [point.replace(/ after$/, '')] : []), ...thought];
  const rare = places.map((place) => (place.startsWith('station.') ? keennessOf(place, thorny) : 0));
  return Math.max(point.startsWith('station.') ? COMMON : 0, ...rare);
};
