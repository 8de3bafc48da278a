import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type Round, type Run, runRounds } from './rounds.ts';

/** `npm run chaos -- --rounds 100 [--unsafe] [--seed S]`: exit code 0 when nothing acknowledged was lost and nothing doubled unreported. */

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' }, unsafe: { type: 'boolean' } } });
const rounds = Number(values.rounds ?? 100);
const seed = Number(values.seed ?? 1);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 500 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run chaos -- --rounds 1..500 [--unsafe] [--seed S]\n');
  process.exit(2);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = ({ round, aim, hit, entered, acknowledged, lost }: Round): void =>
  say(
    `${String(round).padStart(3)}  ${aim.padEnd(18)} ${hit ? 'hit' : 'killed'}  entered ${entered}, acknowledged ${acknowledged}, lost ${lost.length}`,
  );

const startedAt = performance.now();
const run = await runRounds({ rounds, seed, unsafe: values.unsafe === true, tell });
say(tableOf(run));
say(
  `${values.unsafe === true ? 'unsafe' : 'safe'}, seed ${seed}: ${Math.round((performance.now() - startedAt) / 1000)} s, calm after ${Math.round(run.calmMs / 1000)} s`,
);
for (const violation of run.verdict.violations) say(`✗ ${violation}`);
process.exitCode = run.verdict.violations.length === 0 ? 0 : 1;

function tableOf({ rounds: played, verdict, holds }: Run): string {
  const places = new Map<string, { deaths: number; hits: number }>();
  for (const { aim, hit } of played) {
    const name = aim.split(/[: ]/)[0] ?? aim;
    const so = places.get(name) ?? { deaths: 0, hits: 0 };
    places.set(name, { deaths: so.deaths + 1, hits: so.hits + (hit ? 1 : 0) });
  }
  const deaths = new Table({ head: ['death at', 'rounds', 'hit'], style: { head: [], border: [] } });
  for (const [name, { deaths: count, hits }] of places) deaths.push([name, count, name === 'random' ? count : hits]);
  const ends = new Table({ style: { head: [], border: [] } });
  ends.push(
    { rounds: played.length },
    { acknowledged: verdict.acknowledged },
    { lost: verdict.lost.length + played.flatMap(({ lost }) => lost).length },
    { doubled: verdict.doubled.length },
    { reported: verdict.reported.length },
    { 'creates received → natural keys': [...verdict.creates].map(([count, keys]) => `${count} → ${keys}`).join(', ') },
    { 'steps that end early, untold': verdict.stepless.length },
    {
      'open holds':
        Object.entries(holds)
          .map(([kind, count]) => `${kind} ${count}`)
          .join(', ') || 'none',
    },
  );
  return `${deaths.toString()}\n${ends.toString()}`;
}
