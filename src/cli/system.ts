import type { Command } from 'commander';
import type { OpenedSystem } from '../assemble/systems.ts';
import type { ProbeHop } from '../kit/contract.ts';
import { isTrouble } from '../kit/trouble.ts';
import { PAUSED } from '../sync/switches.ts';
import { type Asked, type Cli, does, OK, unknownSystem, WRONG } from './asked.ts';
import { clock, withHouse, withStore } from './room.ts';

/** `status` and `system pause | resume | sweep`: the outside systems, hop by hop. */
export function systemCommands(cli: Cli, program: Command): void {
  does(
    cli,
    program.command('status').description('từng chặng kết nối, chỗ hỏng đầu tiên, việc đang chờ · each hop, the first failure, what waits'),
    status,
  );
  const system = program.command('system').description('hệ thống bên ngoài · outside systems');
  does(cli, system.command('pause <name>').description('tạm dừng gửi và đọc · stop all calls'), (asked, name) => pause(asked, name, true));
  does(cli, system.command('resume <name>').description('chạy lại · go on'), (asked, name) => pause(asked, name, false));
  does(cli, system.command('sweep <name>').description('rà soát toàn bộ · look at everything'), sweep);
}

const PROBE_MS = 10_000;

async function probe({ system }: OpenedSystem): Promise<readonly ProbeHop[]> {
  if (system === null) {
    return [
      {
        hop: 'simulator',
        ok: false,
        vi: 'Hệ thống mô phỏng chỉ chạy cùng `motlan demo`.',
        en: 'The simulated system runs with `motlan demo` only.',
      },
    ];
  }
  try {
    return await system.probe({ signal: AbortSignal.timeout(PROBE_MS) });
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return [{ hop: error.detail.code, ok: false, vi: error.detail.vi, en: error.detail.en }];
  }
}

async function status(asked: Asked): Promise<number> {
  const { screen } = asked;
  const seen = await withHouse(asked, async (house) => {
    const [backlog, incidents, switches] = await house.store.read(async (tx) => [
      await tx.work.backlog(),
      await tx.holds.incidents(),
      await tx.switches.all(),
    ]);
    const systems = [];
    for (const [name, opened] of house.systems) {
      const hops = await probe(opened);
      systems.push({ name, hops, firstFailure: hops.find((hop) => !hop.ok)?.hop ?? null, paused: switches.get(PAUSED(name)) === true });
    }
    return { store: house.store.dialect, systems, backlog, incidents };
  });
  const wrong = seen.systems.some(({ firstFailure }) => firstFailure !== null);
  screen.data(seen);
  for (const { name, hops, paused } of seen.systems) {
    for (const hop of hops) screen.say({ vi: `${hop.ok ? '✓' : '✗'} ${name} · ${hop.hop}: ${hop.vi}`, en: `${hop.hop}: ${hop.en}` });
    if (paused) screen.say({ vi: `‖ ${name} đang tạm dừng.`, en: `${name} is paused.` });
  }
  const now = clock.now();
  for (const { system, count, oldestDueAt } of seen.backlog) {
    const lateS = Math.max(0, Math.round((now - oldestDueAt) / 1000));
    screen.say({
      vi: `${system}: ${count} lượt đối soát đang chờ, lâu nhất đã quá hạn ${lateS} giây.`,
      en: `${system}: ${count} visits wait, the oldest is due since ${lateS} s.`,
    });
  }
  const holds = seen.incidents.reduce((sum, { count }) => sum + count, 0);
  screen.say({
    vi: `${holds} việc chờ người xử lý, ${seen.incidents.length} nguyên nhân.`,
    en: `${holds} holds wait for a person, of ${seen.incidents.length} causes.`,
  });
  return wrong ? WRONG : OK;
}

async function pause(asked: Asked, name: string | undefined, paused: boolean): Promise<number> {
  return withStore(asked, async (store, config) => {
    if (name === undefined || config.systems[name] === undefined) return unknownSystem(asked, name ?? '', Object.keys(config.systems));
    await store.write((tx) => tx.switches.set(PAUSED(name), paused, asked.cli.env.USER ?? 'command-line', clock.now()));
    asked.screen.data({ system: name, paused });
    asked.screen.say(
      paused ? { vi: `Đã tạm dừng ${name}.`, en: `${name} is paused.` } : { vi: `${name} chạy lại.`, en: `${name} goes on.` },
    );
    return OK;
  });
}

async function sweep(asked: Asked, name = ''): Promise<number> {
  return withHouse(asked, async (house) => {
    if (!house.systems.has(name)) return unknownSystem(asked, name, [...house.systems.keys()]);
    const report = await house.engine.sweep(name);
    asked.screen.data(report);
    asked.screen.say(report);
    return OK;
  });
}
