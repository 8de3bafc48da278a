import type { Phase } from '../../model/words.ts';
import type { ActVerb } from '../contract.ts';
import { isTrouble } from '../trouble.ts';
import { answers, type Bench, must, only, proves, seed, troubleOf, until } from './bench.ts';
import type { Check } from './checks.ts';
import { bringTo, walk } from './walk.ts';

/** What acts must keep: effects that are no fields. */

const taken = (bench: Bench) => bench.simulator.received().length;

const actOrder = (bench: Bench, name: string, actKey: string) => {
  const { id, key } = only(bench);
  return { id, key: key ?? bench.key(1), actKey, record: bench.fixture.acts?.[name]?.record ?? {}, files: [] };
};

/** How an act that comes too early or too late may end: `unavailable` where an earlier step must land first. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['refused', 'already', 'unavailable']);

/** Acts to try: name, verb. */
const actsOf = (bench: Bench): readonly (readonly [string, ActVerb])[] =>
  Object.entries(bench.kind.acts ?? {}).filter(([name]) => bench.fixture.acts?.[name] !== undefined);

/** The phase the system shows of the only record, by the stages the fixture knows. */
function phaseNow(bench: Bench): Phase | null {
  const { stage } = only(bench);
  const { stages = [], phases = {} } = bench.fixture;
  return stages.find((one) => one.stage === stage)?.phase ?? phases[stage ?? ''] ?? null;
}

/** Runs once for each act, with one record that was brought to where the act is allowed. */
async function eachAct(bench: Bench, run: (name: string, verb: ActVerb) => Promise<void>): Promise<void> {
  for (const [name, verb] of actsOf(bench)) {
    bench.simulator.backup();
    await seed(bench, 1);
    if (await bringTo(bench, verb.phases)) await run(name, verb);
    else bench.reports.push(`no stage of the fixture leads to a phase of the act ${name}`);
    bench.simulator.restore();
  }
}

export const ACT_CHECKS: readonly Check[] = [
  {
    name: 'an act is taken once however often it is sent',
    applies: (bench) => actsOf(bench).length > 0,
    run: (bench) =>
      eachAct(bench, async (name, verb) => {
        const before = taken(bench);
        await verb.run(actOrder(bench, name, `${name}-1`), bench.call);
        const once = taken(bench);
        must(once === before + 1, `the act ${name} was taken ${once - before} times`);
        proves(bench, `acts.${name}`);
        if (verb.repeat === 'unsafe') return;
        await verb.run(actOrder(bench, name, `${name}-1`), bench.call).catch(() => null);
        must(taken(bench) === once, `the act ${name} was taken twice`);
        proves(bench, `acts.${name}.repeat`);
      }),
  },
  {
    name: 'an act leaves the record in the phase it leads to',
    applies: (bench) => actsOf(bench).some(([, { leadsTo }]) => leadsTo !== null),
    run: (bench) =>
      eachAct(bench, async (name, verb) => {
        if (verb.leadsTo === null) return;
        await verb.run(actOrder(bench, name, `${name}-1`), bench.call);
        const phase = phaseNow(bench);
        must(
          phase === verb.leadsTo,
          `the act ${name} is declared to lead to ${verb.leadsTo} and left the record in ${phase ?? 'a stage of no known phase'}`,
        );
        proves(bench, `acts.${name}.leadsTo`);
      }),
  },
  {
    name: 'an act whose answer is lost is unsure, and has landed within the declared window',
    applies: (bench) => actsOf(bench).length > 0 && answers(bench),
    run: (bench) =>
      eachAct(bench, async (name, verb) => {
        must(verb.landsWithinMs > 0 && Number.isFinite(verb.landsWithinMs), 'landsWithinMs is a span of time');
        const before = taken(bench);
        bench.faults({ landLate: 1, lateMs: verb.landsWithinMs });
        const trouble = await troubleOf(verb.run(actOrder(bench, name, `${name}-1`), bench.call));
        bench.faults({ landLate: 0 });
        must(trouble.detail.kind === 'unsure', `a lost answer is unsure, not ${trouble.detail.kind}`);
        bench.clock.advance(verb.landsWithinMs);
        await until(() => taken(bench) > before, `the act ${name} did not land within its window`);
        proves(bench, `acts.${name}.landsWithinMs`);
      }),
  },
  {
    name: 'an act outside its phases is refused and changes nothing',
    applies: (bench) => actsOf(bench).some(([, verb]) => verb.phases.length > 0),
    run: async (bench) => {
      await seed(bench, 1);
      const tryAll = async (phase: Phase) => {
        for (const [name, verb] of actsOf(bench)) {
          if (verb.phases.length === 0 || verb.phases.includes(phase)) continue;
          const before = taken(bench);
          const ended = await verb.run(actOrder(bench, name, `${name}-${phase}`), bench.call).then(
            (receipt) => receipt.is,
            (error: unknown) => (isTrouble(error) ? error.detail.kind : Promise.reject(error)),
          );
          must(NOT_TAKEN.has(ended), `the act ${name} in phase ${phase} is refused, not ${ended}`);
          must(taken(bench) === before, `the act ${name} in phase ${phase} went through`);
        }
      };
      await tryAll('sent');
      await walk(bench, tryAll);
      for (const [name] of actsOf(bench)) proves(bench, `acts.${name}.phases`);
    },
  },
];
