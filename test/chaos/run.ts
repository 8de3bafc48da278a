import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type Round, type Run, runRounds } from './rounds.ts';
import { runWholeRounds } from './whole-rounds.ts';

/**
 * `npm run chaos -- --rounds 100 [--unsafe] [--seed S]`: exit code 0 when nothing acknowledged was lost and nothing doubled unreported.
 * `npm run chaos -- --systems all --rounds 100 [--weather] [--every N]`: the demo's dossiers over every system at once; `--weather`
 * adds lost, late and broken answers, `--every 3` takes each third dossier.
 */

const { values } = parseArgs({
  options: {
    ...{ rounds: { type: 'string' }, seed: { type: 'string' }, unsafe: { type: 'boolean' } },
    ...{ systems: { type: 'string' }, weather: { type: 'boolean' }, every: { type: 'string' } },
  },
});
const rounds = Number(values.rounds ?? 100);
const seed = Number(values.seed ?? 1);
const every = Number(values.every ?? 1);
const isAll = values.systems === 'all';
const areWhole = [rounds, seed, every].every(Number.isInteger) && rounds >= 1 && rounds <= 500 && every >= 1;
if (!areWhole || (values.systems !== undefined && !isAll) || (isAll && values.unsafe === true)) {
  process.stderr.write('usage: npm run chaos -- --rounds 1..500 [--seed S] [--unsafe | --systems all [--weather] [--every N]]\n');
  process.exit(2);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = ({ round, aim, hit, entered, acknowledged, lost }: Round): void =>
  say(
    `${String(round).padStart(3)}  ${aim.padEnd(18)} ${hit ? 'hit' : 'killed'}  entered ${entered}, acknowledged ${acknowledged}, lost ${lost.length}`,
  );

const startedAt = performance.now();
const took = (calmMs: number): string =>
  `seed ${seed}: ${Math.round((performance.now() - startedAt) / 1000)} s, calm after ${Math.round(calmMs / 1000)} s`;
const violations = isAll ? await runAll() : await runTwo();
for (const violation of violations) say(`✗ ${violation}`);
process.exitCode = violations.length === 0 ? 0 : 1;

async function runTwo(): Promise<readonly string[]> {
  const run = await runRounds({ rounds, seed, unsafe: values.unsafe === true, tell });
  say(tableOf(run));
  say(`${values.unsafe === true ? 'unsafe' : 'safe'}, ${took(run.calmMs)}`);
  return run.verdict.violations;
}

async function runAll(): Promise<readonly string[]> {
  const {
    verdict,
    dossiers,
    answers,
    calmMs,
    rounds: played,
  } = await runWholeRounds({ rounds, seed, every, weather: values.weather === true, tell });
  say(deathsTable(played));
  const ends = new Table({ style: { head: [], border: [] } });
  ends.push(
    { rounds: played.length },
    { dossiers },
    { acknowledged: verdict.acknowledged },
    { lost: verdict.lost.length },
    { doubled: verdict.doubled.length },
    {
      'creates received': Object.entries(verdict.creates)
        .map(([system, count]) => `${system} ${count}`)
        .join(', '),
    },
    { 'asked of a person, and answered': answers },
  );
  say(ends.toString());
  say(`all systems, ${took(calmMs)}`);
  return verdict.violations;
}

function deathsTable(played: readonly Round[]): string {
  const places = new Map<string, { deaths: number; hits: number }>();
  for (const { aim, hit } of played) {
    const name = aim.split(/[: ]/)[0] ?? aim;
    const so = places.get(name) ?? { deaths: 0, hits: 0 };
    places.set(name, { deaths: so.deaths + 1, hits: so.hits + (hit ? 1 : 0) });
  }
  const deaths = new Table({ head: ['death at', 'rounds', 'hit'], style: { head: [], border: [] } });
  for (const [name, { deaths: count, hits }] of places) deaths.push([name, count, name === 'random' ? count : hits]);
  return deaths.toString();
}

function tableOf({ rounds: played, verdict, holds }: Run): string {
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
  return `${deathsTable(played)}\n${ends.toString()}`;
}
