import { type Kysely, type Migration, Migrator } from 'kysely';
import { StoreFault } from '../errors.ts';
import type { Schema } from '../schema.ts';
import { spine } from './0001-spine.ts';
import { sheets } from './0002-sheets.ts';
import { statements } from './0003-statements.ts';
import { statedAt } from './0004-stated-at.ts';

/** By name, in order. Migrations only add; one that has shipped is never changed, renamed or removed. */
export type Migrations = Readonly<Record<string, Migration>>;

export const MIGRATIONS: Migrations = {
  '0001-spine': spine,
  '0002-sheets': sheets,
  '0003-statements': statements,
  '0004-stated-at': statedAt,
};

/**
 * Brings the database up to date; nodes starting together wait for one another (advisory lock on PostgreSQL). Throws
 * StoreFault `migrations` when the database was written by a newer version, or a migration fails; then nothing changed.
 */
export async function migrate(db: Kysely<Schema>, migrations: Migrations | null): Promise<void> {
  const all = migrations ?? MIGRATIONS;
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...all }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw failed === undefined ? strange(error) : broke(failed, error);
}

const strange = (cause: unknown): StoreFault =>
  new StoreFault(
    'migrations',
    'Cơ sở dữ liệu do phiên bản khác của motlan tạo ra (các bước nâng cấp không khớp). Hãy chạy đúng phiên bản đã dùng gần nhất hoặc mới hơn, hoặc phục hồi bản sao lưu của phiên bản này.',
    'The database was made by another version of motlan (its migrations differ). Run the version used last or a newer one, or restore a backup made by this version.',
    { cause },
  );

const broke = (name: string, cause: unknown): StoreFault =>
  new StoreFault(
    'migrations',
    `Bước nâng cấp ${name} không chạy được; cơ sở dữ liệu giữ nguyên như trước. Hãy kiểm tra quyền và dung lượng rồi khởi động lại.`,
    `Migration ${name} failed; the database is as it was before. Check permissions and disk space, then start again.`,
    { cause },
  );
