import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { HOUSE } from '../config.ts';
import { checkAdapter } from '../kit/check.ts';
import { listAdapters, loadAdapter } from '../kit/load.ts';
import { newAdapter } from '../kit/new.ts';
import { SetupFault } from '../kit/setup-fault.ts';
import type { Json } from '../model/json.ts';
import type { Sentence } from '../zod-sentence.ts';
import { type Asked, type Cli, does, misused, OK, textOption, unknownSystem, WRONG } from './asked.ts';
import { CommandRefused, chance, clock } from './room.ts';

/** `adapter list | new | check`: the folder is the registry. */
export function adapterCommands(cli: Cli, program: Command): void {
  const adapter = program.command('adapter').description('bộ kết nối · adapters');
  does(cli, adapter.command('list').description('liệt kê · list'), listAll);
  const checking = adapter
    .command('check [system]')
    .description(
      'thử một hệ thống trong cấu hình, chỉ đọc; không nêu tên: chứng minh mọi bộ kết nối với mô phỏng của nó · ' +
        'try a configured system, read-only; without a name: prove every adapter against its simulator',
    )
    .option('--simulated', 'chứng minh bộ kết nối mang tên này với mô phỏng của nó · prove the adapter of this name against its simulator')
    .option('--allow-writes', 'được tạo một bản ghi thử mỗi loại; nói trước khi tạo · may create one test record a kind; says so first')
    .option('--key <key>', 'khóa của bản ghi thử · key of the test record');
  does(cli, checking, check);
  const making = adapter
    .command('new <name>')
    .description('tạo thư mục mới từ bộ mẫu · a new folder from the reference')
    .option('--folder <dir>', 'nơi khác với adapters/ của motlan · elsewhere than in adapters/');
  does(cli, making, create);
}

async function listAll(asked: Asked): Promise<number> {
  const { folders } = await asked.config();
  const adapters = [];
  for (const { name, folder } of listAdapters(folders.adapters)) {
    const { adapter, start } = await loadAdapter(folders.adapters, name);
    adapters.push({ name, folder, title: adapter.title, evidence: adapter.evidence, simulator: start !== null });
  }
  asked.screen.data(adapters);
  asked.screen.table(
    ['tên · name', '', 'căn cứ · evidence', 'mô phỏng · simulator'],
    adapters.map(({ name, title, evidence, simulator }) => [name, title.vi, evidence, simulator ? '✓' : '–']),
  );
  return OK;
}

const WHOLE_CHECK_MS = 120_000;

/** The kit's own look at an endpoint. It reads; with `--allow-writes --key KEY` it also creates, and says before what. */
async function check(asked: Asked, name = ''): Promise<number> {
  const { screen } = asked;
  const testKey = textOption(asked, 'key');
  if ((asked.options.allowWrites === true) !== (testKey !== null) || testKey?.trim() === '')
    return misused(asked, {
      vi: 'Ghi thử cần cả hai: `--allow-writes --key KHÓA-THỬ`; không ghi thì bỏ cả hai.',
      en: 'Writing needs both, `--allow-writes --key TEST-KEY`; leave both out to read only.',
    });
  const config = await asked.config();
  const { adapters } = config.folders;
  if (name === '' || asked.options.simulated === true) return prove(asked, adapters, name, testKey);
  const settings = config.systems[name];
  if (settings === undefined) return unknownSystem(asked, name, Object.keys(config.systems));
  if (settings.simulated && settings.config.baseUrl === undefined)
    throw new CommandRefused(
      `"${name}" là hệ thống mô phỏng, chỉ mở khi \`motlan demo\` đang chạy; \`--simulated\` chứng minh bộ kết nối với mô phỏng của nó.`,
      `"${name}" is simulated; it answers while \`motlan demo\` runs; \`--simulated\` proves the adapter against its simulator.`,
    );
  const announced: Sentence[] = [];
  const loaded = await loadAdapter(config.folders.adapters, settings.adapter);
  const looked = await checkAdapter(
    loaded,
    settings.config as Json,
    { clock, chance, overrides: settings.overrides },
    {
      signal: AbortSignal.timeout(WHOLE_CHECK_MS),
      ...(testKey === null ? {} : { allowWrites: { testKey, announce: (vi, en) => announce(asked, announced, { vi, en }) } }),
    },
  );
  screen.data({ system: name, announced, looked });
  for (const { what, ok, vi, en } of looked) screen.say({ vi: `${ok ? '✓' : '✗'} ${what}: ${vi}`, en });
  return looked.every(({ ok }) => ok) ? OK : WRONG;
}

/** Nothing outside is touched, so there is nothing to be allowed. */
async function prove(asked: Asked, folders: readonly string[], name: string, testKey: string | null): Promise<number> {
  const known = listAdapters(folders).map((adapter) => adapter.name);
  if (testKey !== null)
    return misused(asked, { vi: '`--allow-writes` cần tên một hệ thống.', en: '`--allow-writes` needs the name of a system.' });
  if (name !== '' && !known.includes(name))
    return misused(asked, {
      vi: `Không có bộ kết nối "${name}" (có: ${known.join(', ')}).`,
      en: `No adapter "${name}" (there are: ${known.join(', ')}).`,
    });
  const { proveAdapters } = await import('./adapter-proof.ts');
  return proveAdapters(asked, folders, name === '' ? null : name);
}

/** Beside JSON it is said at once too, where a person can still stop it: an answer that comes at the end is too late. */
function announce(asked: Asked, announced: Sentence[], sentence: Sentence): void {
  announced.push(sentence);
  if (asked.screen.json) asked.complain(`${sentence.vi}\n  ${sentence.en}\n`);
  else asked.screen.say(sentence);
}

/** A copy of the reference adapter under the new name: it passes the contract suite as it is, and is then rewritten bit by bit. */
async function create(asked: Asked, name = ''): Promise<number> {
  const to = textOption(asked, 'folder');
  const into = to === null ? join(HOUSE, 'adapters') : resolve(asked.cli.workingFolder, to);
  let files: readonly string[];
  try {
    files = newAdapter(into, name, join(HOUSE, 'adapters/memory'), join(HOUSE, 'src/kit/index.ts'));
  } catch (error) {
    const [fault] = error instanceof SetupFault ? error.faults : [];
    if (fault?.code === 'adapters.name') return misused(asked, fault);
    throw error;
  }
  const { folder } = await loadAdapter([into], name);
  asked.screen.data({ folder, files });
  asked.screen.say({ vi: `Đã tạo ${folder} (${files.length} tệp).`, en: `Wrote ${folder} (${files.length} files).` });
  if (to === null)
    asked.screen.say({
      vi: `Chạy bộ kiểm thử chung: npx motlan adapter check ${name} --simulated`,
      en: `Prove it: npx motlan adapter check ${name} --simulated`,
    });
  else
    asked.screen.say({
      vi: `Thêm thư mục ${into} vào mục "folders.adapters" của cấu hình.`,
      en: `Name the folder ${into} under "folders.adapters" of the configuration.`,
    });
  return OK;
}
