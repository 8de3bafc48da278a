import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type CompiledQuery, Kysely, type QueryResult, SqliteAdapter, SqliteDialect } from 'kysely';
import { type DatabaseEngine, listeners } from './engine.ts';
import { StoreFault } from './errors.ts';
import { type Migrations, migrate } from './migrations/index.ts';
import { runHere } from './prepared.ts';
import type { Schema } from './schema.ts';

type Raw = Database.Database;

const MOST_STATEMENTS = 512;

// SQLite does roll back DDL; without this a crash inside a migration would leave half of it.
const adapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true });

// Simulations open stores by the thousand: the first migrates, the others start from its bytes.
let template: Promise<Buffer> | null = null;

/** One connection, WAL, every commit on disk before it is acknowledged. `:memory:` starts from a migrated template. */
export async function sqliteEngine(file: string, migrations: Migrations | null): Promise<DatabaseEngine> {
  const fresh = file === ':memory:' && migrations === null;
  const raw = new Database(fresh ? await migratedOnce() : file);
  const { db, prepared, run } = kyselyOver(raw);
  try {
    raw.pragma('busy_timeout = 10000');
    if (file !== ':memory:') {
      raw.pragma('journal_mode = WAL');
      raw.pragma('synchronous = FULL');
    }
    raw.pragma('foreign_keys = ON');
    // Deleted and replaced values must not stay readable in free pages.
    raw.pragma('secure_delete = ON');
    if (!fresh) await migrate(db, migrations);
  } catch (error) {
    raw.close();
    throw error;
  }
  const wake = listeners();
  return {
    dialect: 'sqlite',
    db,
    here: (connection) => runHere(connection, run),
    begin: { write: 'begin immediate', read: 'begin' },
    statements: prepared,
    announce: async () => undefined,
    committed: (systems) => systems.forEach(wake.tell),
    // The write-ahead log still holds the pages as they were; folding it in and cutting it off ends that.
    forget: async () => void raw.pragma('wal_checkpoint(TRUNCATE)'),
    onWake: wake.add,
    lostRace: () => false,
    backup: (to) => backUp(raw, to),
    close: () => db.destroy(),
  };
}

const migratedOnce = (): Promise<Buffer> => {
  template ??= migratedTemplate();
  return template;
};

async function migratedTemplate(): Promise<Buffer> {
  const raw = new Database(':memory:');
  const { db } = kyselyOver(raw);
  await migrate(db, null);
  const bytes = raw.serialize();
  await db.destroy();
  return bytes;
}

interface Opened {
  readonly db: Kysely<Schema>;
  readonly prepared: () => number;
  readonly run: (query: CompiledQuery) => QueryResult<unknown>;
}

function kyselyOver(raw: Raw): Opened {
  const statements = new Map<string, Database.Statement>();
  let count = 0;
  // kysely prepares every time; most of what it asks was asked before.
  const prepare = (text: string): Database.Statement => {
    count += 1;
    const known = statements.get(text);
    if (known !== undefined) return known;
    const statement = raw.prepare(text);
    for (const oldest of statements.keys()) {
      if (statements.size < MOST_STATEMENTS) break;
      statements.delete(oldest);
    }
    statements.set(text, statement);
    return statement;
  };
  const dialect = new SqliteDialect({ database: { prepare, close: () => void raw.close() } as unknown as Raw });
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => adapter,
      createDriver: () => dialect.createDriver(),
      createIntrospector: (of) => dialect.createIntrospector(of),
      createQueryCompiler: () => dialect.createQueryCompiler(),
    },
  });
  const run = ({ sql, parameters }: CompiledQuery): QueryResult<unknown> => {
    const statement = prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) };
    return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) };
  };
  return { db, prepared: () => count, run };
}

/** Copies page by page while others write; then opens the copy and checks it. Refuses to overwrite. */
async function backUp(raw: Raw, to: string): Promise<void> {
  if (existsSync(to)) throw badBackup(`tệp ${to} đã có`, `${to} exists already`);
  await raw.backup(to);
  const copy = new Database(to, { readonly: true });
  try {
    if (copy.pragma('integrity_check', { simple: true }) !== 'ok') throw badBackup('bản sao bị lỗi', 'the copy is damaged');
  } finally {
    copy.close();
  }
}

const badBackup = (vi: string, en: string): StoreFault =>
  new StoreFault(
    'backup',
    `Không sao lưu được: ${vi}. Hãy chọn tệp khác hoặc kiểm tra ổ đĩa.`,
    `Not backed up: ${en}. Choose another file, or check the disk.`,
  );
