import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DemoEnd, runDemo } from '../demo/run.ts';
import { figures, waiting } from '../demo/summary.ts';
import { type Asked, type Cli, does, OK, textOption, WRONG } from './asked.ts';
import { plain, type Screen } from './screen.ts';
import { askedToStop } from './serve.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** `demo`: what `npm start` runs. */
export function demoCommand(cli: Cli, program: Command): void {
  const demo = program
    .command('demo')
    .description('chạy thử với hệ thống mô phỏng · the whole way with simulated systems')
    .option('--input <file>', 'thêm hồ sơ từ tệp JSON, NDJSON, CSV, XLSX · more dossiers from a file')
    .option('--faults <seed>', 'mọi hệ thống mô phỏng đều trục trặc · bad weather over all simulated systems', seedOf)
    .option('--once', 'dừng khi xong; mã thoát 0 nếu đúng như mong đợi · stop at the end; exit 0 when all is as expected')
    .addOption(new Option('--log <level>', 'mức nhật ký · log level').choices(LEVELS).default('error'));
  does(cli, demo, demoOnce);
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError('a whole number from 0 on');
  return seed;
}

async function demoOnce(asked: Asked): Promise<number> {
  const { cli, screen } = asked;
  const stopped = askedToStop();
  const end = await runDemo({
    config: await asked.config({ running: false }),
    input: textOption(asked, 'input'),
    faults: typeof asked.options.faults === 'number' ? asked.options.faults : null,
    lang: asked.options.lang === 'en' ? 'en' : 'vi',
    tty: !screen.json && process.stdout.isTTY === true,
    write: screen.json ? () => undefined : cli.write,
    signal: stopped,
    logLevel: textOption(asked, 'log') ?? 'error',
  });
  try {
    screen.data({
      figures: figures(end.dossiers),
      waiting: waiting(end.dossiers),
      differences: end.differences,
      unfinished: end.unfinished,
      refusedRows: end.refusedRows,
      weatherAnswers: end.weatherAnswers,
    });
    summarise(asked, end);
    if (asked.options.once === true) {
      sayDifferences(screen, end);
      return end.differences.length + end.unfinished.length === 0 ? OK : WRONG;
    }
    if (!stopped.aborted) {
      screen.say({ vi: `motlan vẫn chạy tại ${end.url}. Bấm Ctrl+C để dừng.`, en: `motlan stays up at ${end.url}. Ctrl+C stops it.` });
      await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve(), { once: true }));
    }
    return OK;
  } finally {
    await end.stop();
  }
}

function summarise({ screen, options }: Asked, end: DemoEnd): void {
  screen.table(
    [
      'hệ thống · system',
      'nhánh · legs',
      'đã có · there',
      'đã đối soát · verified',
      'khai, không đọc lại được · declared',
      'có kết quả · returned',
      'từ chối · refused',
      'chờ người · held',
      'vì sao · why',
    ],
    figures(end.dossiers).map(({ system, why, ...count }) => [
      system,
      ...[count.legs, count.sent, count.verified, count.declared, count.returned, count.refused, count.held].map(String),
      Object.entries(why)
        .map(([kind, legs]) => `${kind} ${legs}`)
        .join(', '),
    ]),
  );
  if (options.faults !== undefined)
    screen.say({
      vi: `Trục trặc để lại ${end.weatherAnswers} chỗ chưa rõ; cán bộ đã tra cứu và trả lời.`,
      en: `The faults left ${end.weatherAnswers} things unsure; an official looked them up and answered.`,
    });
  const waits = waiting(end.dossiers);
  screen.say({ vi: `Cần người quyết định: ${waits.length} việc.`, en: `A person must decide: ${waits.length}.` });
  for (const { code, desk, vi, en, remedyVi, remedyEn } of waits)
    screen.say({ vi: `  ${code} [${desk}] ${vi} → ${remedyVi}`, en: `${en} → ${remedyEn}` });
  for (const code of end.unfinished)
    screen.say({
      vi: `  ${code} chưa đi hết đường: xem \`motlan why ${code}\`.`,
      en: `${code} is still on its way: see \`motlan why ${code}\`.`,
    });
}

function sayDifferences(screen: Screen, { differences }: DemoEnd): void {
  screen.say({
    vi:
      differences.length === 0 ? 'Mọi hồ sơ đúng như mong đợi (config/demo/*/expected.yaml).' : `${differences.length} chỗ khác mong đợi:`,
    en: differences.length === 0 ? 'Every dossier is as expected (config/demo/*/expected.yaml).' : `${differences.length} differences:`,
  });
  for (const { code, what, expected, found } of differences) screen.say(plain(`  ${code}  ${what}: ${expected} ≠ ${found}`));
}
