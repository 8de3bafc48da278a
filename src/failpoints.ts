import type { Clock } from './model/ports.ts';
import type { Engine } from './sync/contract.ts';
import { NotPossible } from './sync/errors.ts';
import { STATIONS, type Stations } from './sync/index.ts';

/**
 * Named places where a test lets the process die as a power cut would: no handler runs, nothing is flushed. Off unless both
 * MOTLAN_FAILPOINT=name:count and MOTLAN_FAILPOINTS=allowed are set; the count-th passing of that place is the last thing done.
 */

const WAITING = ['observe', 'intend', 'deliver', 'record'] as const;

/** `deliver.during`: the request is under way, its answer is not there. `intake.after`: committed, not yet acknowledged. */
export const FAILPOINTS = [
  'intake.before',
  'intake.after',
  ...WAITING.flatMap((station) => [`${station}.before`, `${station}.after`]),
  'deliver.during',
] as const;

/** How long a request may travel before `deliver.during` strikes. */
const UNDER_WAY_MS = 10;

export interface Failpoints {
  readonly stations: Stations;
  /** The same engine, dying around its intake. */
  around(engine: Engine): Engine;
}

export interface FailpointPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Ends the process at once. */
  readonly die: () => void;
}

/** The failpoint that the environment asks for; null where it asks for none. Throws NotPossible. */
export function failpointsOf({ env, clock, die }: FailpointPorts): Failpoints | null {
  const asked = env.MOTLAN_FAILPOINT;
  if (asked === undefined || asked === '') return null;
  if (env.MOTLAN_FAILPOINTS !== 'allowed') {
    throw new NotPossible(
      'failpoint.not-allowed',
      'MOTLAN_FAILPOINT chỉ dùng khi kiểm thử; bỏ biến này khi vận hành.',
      'MOTLAN_FAILPOINT is for tests only (MOTLAN_FAILPOINTS=allowed); remove it in production.',
    );
  }
  const [name = '', count = '1'] = asked.split(':');
  if (!FAILPOINTS.some((known) => known === name) || !/^[1-9]\d{0,5}$/.test(count)) {
    throw new NotPossible(
      'failpoint.unknown',
      `Không có điểm dừng ${asked}.`,
      `There is no failpoint ${asked}; known: ${FAILPOINTS.join(', ')}.`,
    );
  }
  let left = Number(count);
  const pass = (place: string): void => {
    if (place !== name) return;
    left -= 1;
    if (left === 0) die();
  };
  return dyingAt(pass, clock);
}

type Pass = (place: string) => void;
type Work<Args extends unknown[], Answer> = (...args: Args) => Promise<Answer>;

const between = <Args extends unknown[], Answer>(name: string, pass: Pass, run: Work<Args, Answer>): Work<Args, Answer> => {
  return async (...args) => {
    pass(`${name}.before`);
    const answer = await run(...args);
    pass(`${name}.after`);
    return answer;
  };
};

function dyingAt(pass: Pass, clock: FailpointPorts['clock']): Failpoints {
  return {
    stations: {
      ...STATIONS,
      observe: between('observe', pass, STATIONS.observe),
      intend: between('intend', pass, STATIONS.intend),
      record: between('record', pass, STATIONS.record),
      deliver: between('deliver', pass, async (...given) => {
        const answer = STATIONS.deliver(...given);
        await Promise.race([answer, clock.sleep(UNDER_WAY_MS)]);
        pass('deliver.during');
        return answer;
      }),
    },
    around: (engine) => ({ ...engine, intake: between('intake', pass, engine.intake) }),
  };
}
