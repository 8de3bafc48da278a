import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { openSystems } from '../assemble/systems.ts';
import { HOUSE } from '../config.ts';
import type { RecordKind } from '../kit/contract.ts';
import { listAdapters, loadAdapter } from '../kit/load.ts';
import { isTrouble } from '../kit/trouble.ts';
import type { Sentence } from '../zod-sentence.ts';
import { type Asked, type Cli, does, MISUSED, OK, WRONG } from './asked.ts';
import { CommandRefused, chance, clock } from './room.ts';

/** `adapter list | new | check`: the folder is the registry. */
export function adapterCommands(cli: Cli, program: Command): void {
  const adapter = program.command('adapter').description('bộ kết nối · adapters');
  does(cli, adapter.command('list').description('liệt kê · list'), listAll);
  does(
    cli,
    adapter.command('check <system>').description('chỉ đọc, với hệ thống trong cấu hình · read-only, against a configured system'),
    check,
  );
  does(cli, adapter.command('new <name>').description('tạo thư mục mới từ bộ mẫu · a new folder from the reference'), create);
}

const verbsOf = (kind: RecordKind): readonly string[] =>
  (['read', 'find', 'changes', 'list', 'hear', 'create', 'update', 'putFile', 'getFile'] as const).filter(
    (verb) => kind[verb] !== undefined,
  );

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

interface Looked extends Sentence {
  readonly step: string;
  readonly ok: boolean;
}

const CALL_MS = 30_000;

/** Probe, then one page of each reading verb. Nothing is written: what writes do is proved against the simulator by the contract suite. */
async function check(asked: Asked, name = ''): Promise<number> {
  const systems = await openSystems(await asked.config(), { clock, chance });
  const system = systems.get(name)?.system;
  try {
    if (system === undefined || system === null) {
      throw new CommandRefused(
        `Cấu hình không có hệ thống "${name}" đang mở được (có: ${[...systems.keys()].join(', ')}).`,
        `The configuration names no system "${name}" that can be opened (there are: ${[...systems.keys()].join(', ')}).`,
      );
    }
    const looked: Looked[] = (await system.probe({ signal: AbortSignal.timeout(CALL_MS) })).map(({ hop, ...rest }) => ({
      step: hop,
      ...rest,
    }));
    for (const kind of Object.values(system.kinds)) looked.push(...(await lookAtKind(kind)));
    asked.screen.data({
      system: name,
      kinds: Object.values(system.kinds).map((kind) => ({ name: kind.name, verbs: verbsOf(kind) })),
      looked,
    });
    for (const kind of Object.values(system.kinds))
      asked.screen.say({ vi: `${kind.name}: ${verbsOf(kind).join(', ')}`, en: `${kind.name}: ${verbsOf(kind).join(', ')}` });
    for (const { step, ok, vi, en } of looked) asked.screen.say({ vi: `${ok ? '✓' : '✗'} ${step}: ${vi}`, en });
    return looked.every(({ ok }) => ok) ? OK : WRONG;
  } finally {
    for (const { system: opened } of systems.values()) await opened?.close();
  }
}

async function lookAtKind(kind: RecordKind): Promise<readonly Looked[]> {
  const call = { signal: AbortSignal.timeout(CALL_MS) };
  const looks: readonly (readonly [string, () => Promise<number>])[] = [
    ['list', async () => (await kind.list?.run(null, call))?.items.length ?? -1],
    ['changes', async () => (await kind.changes?.run(null, call))?.touches.length ?? -1],
    ['read', async () => (kind.read === undefined ? -1 : (await kind.read.run(['motlan-check-no-such-record'], call)).size)],
  ];
  const found: Looked[] = [];
  for (const [verb, look] of looks) {
    const step = `${kind.name}.${verb}`;
    try {
      const count = await look();
      if (count >= 0) found.push({ step, ok: true, vi: `trả lời đúng (${count})`, en: `answers as declared (${count})` });
    } catch (error) {
      if (!isTrouble(error)) throw error;
      found.push({ step, ok: false, vi: error.detail.vi, en: error.detail.en });
    }
  }
  return found;
}

const NAME = /^[a-z][a-z0-9-]{1,39}$/;

/** A copy of the reference adapter under the new name: it passes the contract suite as it is, and is then rewritten bit by bit. */
async function create(asked: Asked, name = ''): Promise<number> {
  if (!NAME.test(name)) {
    asked.screen.say({ vi: 'Tên gồm chữ thường không dấu, số và gạch nối.', en: 'A name has lower-case letters, digits and hyphens.' });
    return MISUSED;
  }
  const folder = join(HOUSE, 'adapters', name);
  const there = await stat(folder).then(
    () => true,
    () => false,
  );
  if (there) throw new CommandRefused(`Không ghi đè: ${folder} đã có.`, `Nothing is overwritten: ${folder} is there already.`);
  await cp(join(HOUSE, 'adapters/memory'), folder, { recursive: true });
  for (const file of ['index.ts', 'simulator.ts', 'README.md']) {
    const text = await readFile(join(folder, file), 'utf8');
    await writeFile(join(folder, file), text.replaceAll("'memory'", `'${name}'`).replaceAll('# memory', `# ${name}`));
  }
  await loadAdapter([join(HOUSE, 'adapters')], name);
  asked.screen.data({ folder });
  asked.screen.say({
    vi: `Đã tạo ${folder}. Chạy bộ kiểm thử: npx vitest run test/adapters`,
    en: `Wrote ${folder}. Prove it: npx vitest run test/adapters`,
  });
  return OK;
}
