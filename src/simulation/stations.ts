import { STATIONS, type Stations } from '../sync/stations.ts';
import type { Coverage } from './coverage.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** The engine's stations, each with a point before and after it where the scheduler may let the node die, and counted. */

const WAITING = ['observe', 'refresh', 'intend', 'deliver', 'record'] as const;
const PURE = ['settle', 'plan', 'guard'] as const;

type Any = (...args: never[]) => unknown;

const outcomeOf = (answer: unknown): string => {
  if (typeof answer !== 'object' || answer === null) return 'ok';
  if ('to' in answer) return String(answer.to);
  if ('is' in answer) return String(answer.is);
  return 'ok';
};

export const watchedStations = (coverage: Coverage, scheduler: Scheduler, life: Life, given: Stations = STATIONS): Stations => {
  const waiting = (name: string, run: Any): Any =>
    (async (...args: never[]) => {
      await scheduler.point(life, `station.${name} before`);
      const answer = await run(...args);
      coverage.count(`station.${name}`, 'ok');
      await scheduler.point(life, `station.${name} after`);
      return answer;
    }) as Any;
  const pure = (name: string, run: Any): Any =>
    ((...args: never[]) => {
      const answer = run(...args);
      coverage.count(`station.${name}`, 'ok');
      coverage.count(`outcome.${name}`, outcomeOf(answer));
      return answer;
    }) as Any;
  const watched = [
    ...WAITING.map((name) => [name, waiting(name, given[name] as unknown as Any)]),
    ...PURE.map((name) => [name, pure(name, given[name] as unknown as Any)]),
  ];
  return { ...given, ...Object.fromEntries(watched) };
};

/** Pure stations run between the look and what follows it: a crash there is a crash before or after each of them. */
export const countCrash = (coverage: Coverage, point: string): void => {
  const place = point.replace(/ (before|after)$/, '');
  coverage.count(place, point.endsWith('before') ? 'crash-before' : 'crash-after');
  if (point === 'station.observe after') for (const name of PURE) coverage.count(`station.${name}`, 'crash-before');
  if (point === 'station.refresh before' || point === 'station.intend before')
    for (const name of PURE) coverage.count(`station.${name}`, 'crash-after');
};
