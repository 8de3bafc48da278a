import { copyFile, rename, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { openStoreOf } from '../assemble.ts';
import { hashSecret, SCOPES } from '../http/accounts.ts';
import { type Asked, type Cli, does, misused, OK, textOption, WRONG } from './asked.ts';
import { CommandRefused, chance, clock, keysFor, withStore } from './room.ts';
import { plain } from './screen.ts';

/** What keeps the house in order: audit chains, copies, access tokens, sealing keys. */
export function keepingCommands(cli: Cli, program: Command): void {
  const audit = program.command('audit').description('nhật ký · audit chains');
  does(cli, audit.command('verify [code]').description('kiểm tra chuỗi nhật ký · check the chains'), verifyAudit);
  does(cli, program.command('backup <file>').description('sao lưu khi đang chạy · copy while running'), backup);
  does(
    cli,
    program.command('restore <file>').description('khôi phục từ bản sao; dừng motlan trước · restore a copy; stop motlan first'),
    restore,
  );
  const token = program.command('token').description('mã truy cập · access tokens');
  const create = token
    .command('create <name>')
    .description('tạo mã; chỉ hiện một lần · make one; shown once')
    .option('--scopes <list>', SCOPES.join(','), 'intake,read')
    .option('--agencies <list>', 'mã cơ quan, cách nhau bằng dấu phẩy; bỏ trống = mọi cơ quan · agency codes; none = all')
    .option('--days <days>', 'hết hạn sau số ngày · ends after so many days');
  does(cli, create, createToken);
  const key = program.command('key').description('khóa niêm phong · sealing keys');
  does(cli, key.command('rotate').description('bọc lại mọi khóa bằng khóa hiện hành · wrap every key anew'), rotate);
  does(cli, key.command('verify').description('mở thử mọi khóa · open every key once'), verifyKeys);
}

async function verifyAudit(asked: Asked, code?: string): Promise<number> {
  const seen = await withStore(asked, (store) => store.read((tx) => tx.audit.verify(code ?? null)));
  asked.screen.data(seen);
  asked.screen.say({
    vi: `Đã kiểm tra ${seen.chains} chuỗi, ${seen.entries} mục; ${seen.broken.length} chỗ không khớp.`,
    en: `${seen.chains} chains, ${seen.entries} entries checked; ${seen.broken.length} broken.`,
  });
  for (const { code: where, seq } of seen.broken) asked.screen.say(plain(`  ${where} #${seq}`));
  return seen.broken.length === 0 ? OK : WRONG;
}

async function backup(asked: Asked, file = ''): Promise<number> {
  const to = resolve(asked.cli.workingFolder, file);
  await withStore(asked, (store) => store.backup(to));
  asked.screen.data({ file: to });
  asked.screen.say({
    vi: `Đã sao lưu vào ${to}. Khóa niêm phong không nằm trong bản sao.`,
    en: `Copied to ${to}. The sealing keys are not in the copy.`,
  });
  return OK;
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** The present database is put aside, never deleted; the copy must open with the keys at hand and pass its audit check. */
async function restore(asked: Asked, file = ''): Promise<number> {
  const config = await asked.config();
  if (config.store !== 'embedded')
    throw new CommandRefused(
      'Với PostgreSQL, khôi phục bằng công cụ của PostgreSQL.',
      "With PostgreSQL, restore with PostgreSQL's own tools.",
    );
  const from = resolve(asked.cli.workingFolder, file);
  if (!(await exists(from))) throw new CommandRefused('Không có tệp sao lưu này.', 'There is no such copy.');
  const keys = await keysFor(config);
  const place = join(config.data, 'motlan.db');
  const aside = `${place}.before-restore-${clock.now()}`;
  for (const end of ['', '-wal', '-shm']) if (await exists(place + end)) await rename(place + end, aside + end);
  await copyFile(from, place);
  const store = await openStoreOf(config, keys);
  const checked = await store.read((tx) => tx.audit.verify(null)).finally(() => store.close());
  asked.screen.data({ restored: place, aside, ...checked });
  asked.screen.say({
    vi: `Đã khôi phục ${checked.chains} chuỗi nhật ký; bản trước đó ở ${aside}.`,
    en: `Restored, ${checked.chains} audit chains; what was there lies at ${aside}.`,
  });
  asked.screen.say({
    vi: 'Những gì gửi đi sau thời điểm sao lưu sẽ được tìm lại khi rà soát: chạy `motlan system sweep` cho từng hệ thống trước khi gửi tiếp.',
    en: 'What was sent after the copy is found by sweeps: run `motlan system sweep` for each system before sending goes on.',
  });
  return checked.broken.length === 0 ? OK : WRONG;
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
const DAY_MS = 86_400_000;

async function createToken(asked: Asked, name = ''): Promise<number> {
  const scopes = listOf(textOption(asked, 'scopes') ?? '');
  const unknown = scopes.filter((scope) => !SCOPES.some((known) => known === scope));
  const days = Number(textOption(asked, 'days') ?? Number.NaN);
  if (unknown.length > 0 || scopes.length === 0) {
    return misused(asked, { vi: `Quyền phải nằm trong: ${SCOPES.join(', ')}.`, en: `Scopes must be among: ${SCOPES.join(', ')}.` });
  }
  if (textOption(asked, 'days') !== null && !(days > 0))
    return misused(asked, { vi: '--days phải là số lớn hơn 0.', en: '--days must be a number above 0.' });
  const agencies = textOption(asked, 'agencies');
  const secret = `motlan_${chance.id()}${chance.id()}`;
  const now = clock.now();
  const id = chance.id();
  await withStore(asked, (store) =>
    store.write((tx) =>
      tx.tokens.insert({
        ...{ id, name, scopes, createdAt: now, revokedAt: null },
        hash: hashSecret(secret),
        agencies: agencies === null ? null : listOf(agencies),
        expiresAt: Number.isFinite(days) ? now + days * DAY_MS : null,
      }),
    ),
  );
  asked.screen.data({ id, name, scopes, token: secret });
  asked.screen.say({
    vi: `Mã truy cập của "${name}" (chỉ hiện lần này): ${secret}`,
    en: `Access token of "${name}" (shown this once): ${secret}`,
  });
  return OK;
}

async function rotate(asked: Asked): Promise<number> {
  const done = await withStore(asked, (store) => store.rotateKeys());
  asked.screen.data(done);
  asked.screen.say({
    vi: `Đã bọc lại ${done.rewrapped} khóa bằng khóa số ${done.master}.`,
    en: `${done.rewrapped} keys are wrapped by key ${done.master} now.`,
  });
  return OK;
}

async function verifyKeys(asked: Asked): Promise<number> {
  const seen = await withStore(asked, (store) => store.verifyKeys());
  asked.screen.data(seen);
  for (const { master, count, known } of seen.byMaster) {
    asked.screen.say({
      vi: `Khóa số ${master}: ${count} hồ sơ${known ? '' : ' – KHÔNG CÓ khóa này'}.`,
      en: `Key ${master}: ${count} dossiers${known ? '' : ' – this key is MISSING'}.`,
    });
  }
  asked.screen.say({ vi: `${seen.broken.length} hồ sơ không mở được.`, en: `${seen.broken.length} dossiers do not open.` });
  return seen.broken.length === 0 && seen.byMaster.every(({ known }) => known) ? OK : WRONG;
}
