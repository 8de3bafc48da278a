import type { Command } from 'commander';
import { clock, keysOf, openHouse, startHouse } from '../assemble.ts';
import { failpointsOf } from '../failpoints.ts';
import { openLog } from '../log.ts';
import { type Asked, type Cli, does, misused, OK, textOption } from './asked.ts';

/** `serve`: the same product against real systems. */
export function serveCommand(cli: Cli, program: Command): void {
  does(
    cli,
    program.command('serve').description('vận hành với hệ thống thật (cần --config) · work with real systems (needs --config)'),
    serve,
  );
}

/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once. */
export function askedToStop(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}

async function serve(asked: Asked): Promise<number> {
  if (textOption(asked, 'config') === null)
    return misused(asked, {
      vi: '`serve` cần `--config FILE`; tạo tệp mẫu bằng `motlan init`.',
      en: '`serve` needs `--config FILE`; `motlan init` writes one to begin with.',
    });
  const config = await asked.config({ running: false });
  const simulated = Object.entries(config.systems)
    .filter(([, system]) => system.simulated)
    .map(([name]) => name);
  if (simulated.length > 0)
    return misused(asked, {
      vi: `Hệ thống mô phỏng chỉ chạy trong \`motlan demo\`: ${simulated.join(', ')}.`,
      en: `Simulated systems run in \`motlan demo\` only: ${simulated.join(', ')}.`,
    });
  const keys = keysOf(config);
  if (keys === null)
    return misused(asked, {
      vi: 'Không khởi động khi chưa có khóa niêm phong: thêm mục "keys" vào cấu hình (tạo khóa: `motlan init` hoặc `openssl rand -hex 32`).',
      en: 'Without a sealing key nothing starts: add "keys" to the configuration (`motlan init` or `openssl rand -hex 32` makes one).',
    });
  const failpoints = failpointsOf({ env: asked.cli.env, clock, die: () => process.kill(process.pid, 'SIGKILL') });
  const stopped = askedToStop();
  const running = await startHouse(await openHouse(config, { log: openLog(config.log.level), keys, failpoints }));
  asked.screen.data({ url: running.url });
  asked.screen.say({ vi: `motlan đang chạy tại ${running.url}.`, en: `motlan is up at ${running.url}.` });
  if (!stopped.aborted) await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve(), { once: true }));
  asked.screen.say({ vi: 'Đang kết thúc các lượt dở rồi dừng…', en: 'Finishing what has begun, then stopping…' });
  await running.stop();
  return OK;
}
