import { Trouble } from '../kit/index.ts';
import type { At } from '../model/json.ts';
import type { TroubleKind, TroubleScope } from '../model/words.ts';
import type { SimSystem } from './lines.ts';
import type { Life } from './scheduler.ts';
import type { World } from './world.ts';

/** How one call fares; the sum of the shares is well below one. */
export interface Weather {
  readonly refused: number;
  readonly tooMany: number;
  readonly serverError: number;
  readonly lostBefore: number;
  readonly lostAfter: number;
  readonly late: number;
  readonly duplicated: number;
}

export const FAIR: Weather = { refused: 0, tooMany: 0, serverError: 0, lostBefore: 0, lostAfter: 0, late: 0, duplicated: 0 };
export const FOUL: Weather = {
  refused: 0.04,
  tooMany: 0.03,
  serverError: 0.04,
  lostBefore: 0.05,
  lostAfter: 0.07,
  late: 0.05,
  duplicated: 0.06,
};
/** Answers are lost most of all. */
export const DEAF: Weather = { ...FOUL, lostBefore: 0.09, lostAfter: 0.13 };

export type Fortune =
  | 'ok'
  | 'unavailable'
  | 'too-many'
  | 'server-error'
  | 'lost-before'
  | 'lost-after'
  | 'late'
  | 'duplicated'
  | 'aborted'
  | 'refused';

/** Counts how calls fared, by verb; the coverage table reads it. */
export interface Network {
  readonly weather: { now: Weather };
  /** Called at each end of a call. */
  readonly onCall: (life: Life, call: string, fortune: Fortune) => void;
}

const trouble = (kind: TroubleKind, scope: TroubleScope, code: string, retryAfterMs?: number): Trouble =>
  new Trouble({
    kind,
    scope,
    code,
    vi: 'Hệ thống mô phỏng trả lời như vậy.',
    en: 'The simulated system answered so.',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

export const unsure = (code: string): Trouble => trouble('unsure', 'record', code);
export const stale = (): Trouble => trouble('stale', 'record', 'sim.stale');
export const refused = (code: string): Trouble => trouble('refused', 'record', code);

const draw = (world: World, weather: Weather): Fortune => {
  let rest = world.dice.random();
  const shares: readonly (readonly [Fortune, number])[] = [
    ['unavailable', weather.refused],
    ['too-many', weather.tooMany],
    ['server-error', weather.serverError],
    ['lost-before', weather.lostBefore],
    ['lost-after', weather.lostAfter],
    ['late', weather.late],
    ['duplicated', weather.duplicated],
  ];
  for (const [fortune, share] of shares) {
    if (rest < share) return fortune;
    rest -= share;
  }
  return 'ok';
};

const isOut = (world: World, system: SimSystem): boolean => (world.outages.get(system) ?? 0) > world.scheduler.now();

export interface Called {
  readonly life: Life;
  readonly system: SimSystem;
  readonly verb: string;
  readonly signal: AbortSignal;
}

/** One reading call: it fails without harm or gives what the system shows at that moment. */
export const readCall = async <T>(world: World, network: Network, call: Called, look: () => T): Promise<T> => {
  const { scheduler } = world;
  const name = `${call.system}.${call.verb}`;
  await scheduler.point(call.life, `${name} before`, world.dice.between(1, 40));
  const fortune = call.signal.aborted ? 'aborted' : isOut(world, call.system) ? 'unavailable' : draw(world, network.weather.now);
  const answer = fortune === 'ok' || fortune === 'duplicated' ? look() : null;
  await scheduler.point(call.life, `${name} after`, world.dice.between(1, 40));
  network.onCall(call.life, name, fortune);
  if (answer !== null) return answer;
  if (fortune === 'too-many') throw trouble('unavailable', 'system', 'sim.429', 2_000);
  throw trouble('unavailable', 'system', `sim.${fortune}`);
};

export interface WriteCall<T> extends Called {
  readonly landsWithinMs: number;
  /** Harmless to deliver a second time, at once. */
  readonly mayRepeat: boolean;
  /** Takes effect; throws what the system would answer when it refuses. */
  readonly effect: (calledAt: At) => T;
}

const attempted = <T>(effect: () => T): { readonly answer: T } | { readonly error: unknown } => {
  try {
    return { answer: effect() };
  } catch (error) {
    return { error };
  }
};

/** One writing call: its effect may happen, not happen, happen twice or later, and its answer may be lost in each case. */
export const writeCall = async <T>(world: World, network: Network, call: WriteCall<T>): Promise<T> => {
  const { scheduler, dice } = world;
  const name = `${call.system}.${call.verb}`;
  const calledAt = scheduler.now();
  await scheduler.point(call.life, `${name} before`, dice.between(1, 60));
  const fortune = isOverdue(world, calledAt) ? 'lost-before' : fortuneOf(world, network, call);
  const effect = () => attempted(() => call.effect(calledAt));
  if (fortune === 'late') landLater(world, name, call, effect);
  const happens = fortune === 'ok' || fortune === 'duplicated' || fortune === 'lost-after';
  const outcome = happens ? effect() : null;
  if (fortune === 'duplicated' && call.mayRepeat) effect();
  await scheduler.point(call.life, `${name} after`, dice.between(1, 60));
  if (isOverdue(world, calledAt)) throw unsure('sim.timed-out');
  const isRefusal = outcome !== null && 'error' in outcome;
  network.onCall(call.life, name, isRefusal && fortune !== 'lost-after' ? 'refused' : fortune);
  if (fortune === 'unavailable' || fortune === 'aborted') throw trouble('unavailable', 'system', `sim.${fortune}`);
  if (fortune === 'too-many') throw trouble('unavailable', 'system', 'sim.429', 2_000);
  if (outcome === null || fortune === 'lost-after')
    throw fortune === 'server-error' ? trouble('unknown', 'record', 'sim.500') : unsure(`sim.${fortune}`);
  if ('error' in outcome) throw outcome.error;
  return outcome.answer;
};

/** As the transport does it: a node that stood still for longer gives its call up when it wakes, before any byte leaves. */
const CALL_TIMEOUT_MS = 30_000;
const isOverdue = (world: World, calledAt: At): boolean => world.scheduler.now() - calledAt > CALL_TIMEOUT_MS;

const fortuneOf = (world: World, network: Network, call: WriteCall<unknown>): Fortune => {
  if (call.signal.aborted) return 'aborted';
  if (isOut(world, call.system)) return 'unavailable';
  const fortune = draw(world, network.weather.now);
  return fortune === 'late' && call.landsWithinMs === 0 ? 'lost-after' : fortune;
};

const landLater = (world: World, name: string, call: WriteCall<unknown>, effect: () => unknown): void => {
  const network = { name: 'network', dead: false, frozenUntil: 0 };
  const delayMs = world.dice.between(1, Math.max(1, call.landsWithinMs - 1));
  world.scheduler.start(network, `${name} lands late`, async () => {
    await world.scheduler.clock(network).sleep(delayMs);
    effect();
  });
};
