import { Session } from 'node:inspector/promises';

/** Where the time of a stretch of work goes, by package or room: what bounds a figure. */

export interface Cost {
  /** `src/store`, `adapters/one-stop`, `kysely`, `node:crypto`, `gc`; `native` is outside of any function; a built-in one stands by its name. */
  readonly place: string;
  /** Share of the time that was not idle, 0..1; time inside a native call counts where it was called. */
  readonly share: number;
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string } }[];
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

const MOST_COSTS = 6;

/** Begins to sample this process; the returned function ends it and tells the dearest places first. */
export async function beginProfile(): Promise<() => Promise<readonly Cost[]>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return costsOf(profile);
  };
}

/** Self time by place, idle time left out. */
export function costsOf({ nodes, samples = [], timeDeltas = [] }: Profile): readonly Cost[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const spent = new Map<string, number>();
  samples.forEach((node, i) => {
    const place = places.get(node) ?? null;
    if (place !== null) spent.set(place, (spent.get(place) ?? 0) + (timeDeltas[i] ?? 0));
  });
  const whole = [...spent.values()].reduce((sum, us) => sum + us, 0);
  return [...spent]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_COSTS)
    .map(([place, us]) => ({ place, share: whole === 0 ? 0 : us / whole }));
}

function placeOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string | null {
  // Beginning and ending a profile is no work of what is profiled.
  if (functionName === '(idle)' || (functionName === 'dispatch' && url === '')) return null;
  if (functionName === '(garbage collector)') return 'gc';
  if (functionName === '(program)') return 'native';
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)|\/((?:src|adapters)\/[^/]+)|^(node:[^/]+)/u.exec(url);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? (functionName === '' ? 'runtime' : functionName);
}

/** `kysely 31 %, src/store 12 %` */
export const costsText = (costs: readonly Cost[]): string =>
  costs.map(({ place, share }) => `${place} ${Math.round(share * 100)} %`).join(', ');
