import type { Command } from 'commander';
import { type Asked, type Cli, does, misused, OK, textOption, WRONG } from './asked.ts';
import { plain } from './screen.ts';

/** `simulate` and `bench`: proofs of the engine. Loaded only when asked for. */
export function provingCommands(cli: Cli, program: Command): void {
  const simulate = program
    .command('simulate')
    .description('mô phỏng tất định với lỗi gieo hạt · deterministic simulation with seeded faults')
    .option('--seeds <n>', 'số hạt · how many seeds', '100')
    .option('--from <seed>', 'hạt đầu · first seed', '1')
    .option('--replay <seed>', 'chạy lại một hạt · run one seed again')
    .option('--sabotage <feature>', 'bỏ một cơ chế an toàn; mô phỏng phải phát hiện · leave one safety feature out; it must be caught');
  does(cli, simulate, runSimulation);
  const bench = program
    .command('bench <what>')
    .description('đo và so với mục tiêu · measure against the goals: mapping | dossiers | sweep');
  does(cli, bench, runBench);
}

const BENCHES = {
  mapping: async () => (await import('../bench/mapping.ts')).benchMapping(),
  dossiers: async () => (await import('../bench/dossiers.ts')).benchDossiers(),
  sweep: async () => (await import('../bench/sweep.ts')).benchSweep(),
} as const;

const isBench = (what: string): what is keyof typeof BENCHES => Object.hasOwn(BENCHES, what);

async function runBench(asked: Asked, what = ''): Promise<number> {
  if (!isBench(what)) {
    const names = Object.keys(BENCHES).join(', ');
    return misused(asked, { vi: `bench nhận: ${names}.`, en: `bench takes: ${names}.` });
  }
  const report = await BENCHES[what]();
  asked.screen.data(report);
  asked.screen.say(report);
  return report.met ? OK : WRONG;
}

async function runSimulation(asked: Asked): Promise<number> {
  const { replay, reportText, simulate, isSabotage, SABOTAGE_NAMES } = await import('../simulation/index.ts');
  const number = (name: string): number => Number(textOption(asked, name) ?? Number.NaN);
  const sabotage = textOption(asked, 'sabotage');
  if (sabotage !== null && !isSabotage(sabotage)) {
    return misused(asked, { vi: `--sabotage nhận: ${SABOTAGE_NAMES.join(', ')}.`, en: `--sabotage takes: ${SABOTAGE_NAMES.join(', ')}.` });
  }
  for (const name of ['seeds', 'from', 'replay'])
    if (textOption(asked, name) !== null && !/^[1-9]\d{0,8}$/.test(textOption(asked, name) ?? ''))
      return misused(asked, { vi: `--${name} phải là số nguyên dương.`, en: `--${name} must be a whole number above 0.` });
  if (textOption(asked, 'replay') !== null) {
    const seen = await replay(number('replay'), sabotage);
    asked.screen.data(seen);
    for (const line of seen.lines) asked.screen.say(plain(line));
    for (const { rule, code, what } of seen.violations) asked.screen.say(plain(`${rule} ${code}: ${what}`));
    return seen.violations.length === 0 ? OK : WRONG;
  }
  const report = await simulate({ seeds: number('seeds'), from: number('from'), ...(sabotage === null ? {} : { sabotage }) });
  asked.screen.data({
    seeds: report.seeds,
    failed: report.failed,
    unavoidable: report.unavoidable,
    steps: report.steps,
    effects: report.effects,
    holds: report.holds,
  });
  asked.screen.say(plain(reportText(report, sabotage)));
  return report.failed.length === 0 ? OK : WRONG;
}
