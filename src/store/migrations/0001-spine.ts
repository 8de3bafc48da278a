import { type CreateTableBuilder, type Kysely, type Migration, SqliteAdapter, sql } from 'kysely';

/** The tables of the first version. `text` sorts by bytes on both databases, so that pages by key run alike. */
export const spine: Migration = {
  async up(db: Kysely<unknown>) {
    const make = builder(db);
    await dossiers(make, db);
    await links(make, db);
    await effects(make, db);
    await people(make, db);
    await history(make);
    await ledgers(make, db);
  },
};

type Kind = 'text' | 'number' | 'bytes';
/** A name with `!` may not be null. */
type Columns = Readonly<Record<string, Kind>>;
type Make = (table: string, key: readonly string[], columns: Columns, refers?: Readonly<Record<string, string>>) => Promise<void>;

function builder(db: Kysely<unknown>): Make {
  const onSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  const types = onSqlite
    ? { text: sql`text`, number: sql`bigint`, bytes: sql`blob` }
    : { text: sql`text collate "C"`, number: sql`bigint`, bytes: sql`bytea` };
  return async (table, key, columns, refers = {}) => {
    let create: CreateTableBuilder<string, string> = db.schema.createTable(table);
    for (const [written, kind] of Object.entries(columns)) {
      const name = written.replace('!', '');
      create = create.addColumn(name, types[kind], (column) => (written.endsWith('!') ? column.notNull() : column));
    }
    create = create.addPrimaryKeyConstraint(`${table}_pk`, [...key]);
    for (const [column, target] of Object.entries(refers)) {
      const [other = '', field = ''] = target.split('.');
      create = create.addForeignKeyConstraint(`${table}_${column}_refers`, [column], other, [field]);
    }
    await create.execute();
  };
}

async function index(db: Kysely<unknown>, table: string, columns: readonly string[], where?: string): Promise<void> {
  const create = db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns([...columns]);
  await (where === undefined ? create : create.where(sql.raw<boolean>(where))).execute();
}

async function dossiers(make: Make, db: Kysely<unknown>): Promise<void> {
  await make('dossier', ['code'], {
    'code!': 'text',
    national_code: 'text',
    'procedure!': 'text',
    'agency!': 'text',
    'head_status!': 'number',
    revision: 'number',
    'received_at!': 'number',
    due_at: 'number',
    'form!': 'text',
    supplements: 'number',
    'status!': 'number',
    'hub_version!': 'number',
    content_hash: 'text',
    'created_at!': 'number',
    'updated_at!': 'number',
    'body!': 'bytes',
    'erased!': 'number',
  });
  await index(db, 'dossier', ['national_code'], 'national_code is not null');
  await index(db, 'dossier', ['agency', 'code']);
  await make('dossier_key', ['code'], { 'code!': 'text', 'master!': 'number', 'wrapped!': 'bytes' });
  await index(db, 'dossier_key', ['master', 'code']);
  await make('store_key', ['name'], { 'name!': 'text', 'master!': 'number', 'wrapped!': 'bytes' });
  await make('lookup', ['kind', 'hash', 'code'], { 'kind!': 'text', 'hash!': 'text', 'code!': 'text' }, { code: 'dossier.code' });
  await index(db, 'lookup', ['code']);
  await make(
    'file',
    ['code', 'hash'],
    { 'code!': 'text', 'hash!': 'text', 'mark!': 'bytes', 'size_bytes!': 'number', 'chunks!': 'number' },
    { code: 'dossier.code' },
  );
  await make(
    'file_chunk',
    ['code', 'hash', 'chunk'],
    { 'code!': 'text', 'hash!': 'text', 'chunk!': 'number', 'bytes!': 'bytes' },
    { code: 'dossier.code' },
  );
}

async function links(make: Make, db: Kysely<unknown>): Promise<void> {
  const columns: Columns = {
    'id!': 'text',
    'code!': 'text',
    'system!': 'text',
    'record!': 'text',
    'mapping!': 'text',
    'key!': 'text',
    external_id: 'bytes',
    external_hash: 'text',
    'situation!': 'text',
    phase: 'text',
    trust: 'text',
    version: 'text',
    sequence: 'number',
    'settled_hub_version!': 'number',
    'act_seq!': 'number',
    'step_seq!': 'number',
    'missing!': 'number',
    'polls!': 'number',
    'hand!': 'text',
    impossible: 'text',
    'since!': 'number',
    'updated_at!': 'number',
  };
  await make('link', ['id'], columns, { code: 'dossier.code' });
  await index(db, 'link', ['code']);
  await index(db, 'link', ['system', 'record', 'id']);
  await index(db, 'link', ['system', 'record', 'key']);
  await index(db, 'link', ['system', 'record', 'external_hash'], 'external_hash is not null');
  await make(
    'base',
    ['link'],
    { 'link!': 'text', 'code!': 'text', 'content!': 'bytes', 'provisional!': 'number', 'mapping_version!': 'text' },
    { link: 'link.id' },
  );
  await make('pushed', ['link'], { 'link!': 'text', 'code!': 'text', sequence: 'number', 'content!': 'bytes' }, { link: 'link.id' });
}

async function effects(make: Make, db: Kysely<unknown>): Promise<void> {
  const attempt: Columns = {
    'id!': 'text',
    'link!': 'text',
    'code!': 'text',
    'verb!': 'text',
    act: 'text',
    act_seq: 'number',
    'state!': 'text',
    'sent!': 'bytes',
    'hub_version!': 'number',
    against_version: 'text',
    'mapping_version!': 'text',
    'intended_at!': 'number',
    'sent_at!': 'number',
    'sends!': 'number',
    ticket: 'text',
    trouble_kind: 'text',
    trouble_scope: 'text',
    trouble_code: 'text',
    ended_at: 'number',
  };
  await make('attempt', ['id'], attempt, { link: 'link.id' });
  await index(db, 'attempt', ['link'], `state in ('open', 'parked')`);
  await index(db, 'attempt', ['code']);
  await make('work', ['link'], {
    'link!': 'text',
    'system!': 'text',
    due_at: 'number',
    'priority!': 'number',
    'dirty!': 'number',
    'fence!': 'number',
    lease_until: 'number',
    'failures!': 'number',
  });
  await index(db, 'work', ['system', 'priority', 'due_at', 'link'], 'due_at is not null');
}

async function people(make: Make, db: Kysely<unknown>): Promise<void> {
  const hold: Columns = {
    'id!': 'text',
    'code!': 'text',
    link: 'text',
    'kind!': 'text',
    'desk!': 'text',
    'cause!': 'text',
    path: 'text',
    'subject!': 'text',
    'vi!': 'text',
    'en!': 'text',
    'remedy_vi!': 'text',
    'remedy_en!': 'text',
    'decisions!': 'text',
    'detail!': 'bytes',
    'opened_at!': 'number',
    closed_at: 'number',
    decision: 'text',
    decision_value: 'bytes',
    decided_by: 'text',
    decided_at: 'number',
    'applied!': 'number',
  };
  await make('hold', ['id'], hold);
  await db.schema
    .createIndex('hold_open_once')
    .unique()
    .on('hold')
    .column('subject')
    .where(sql.raw<boolean>('closed_at is null'))
    .execute();
  await index(db, 'hold', ['code'], 'closed_at is null or applied = 0');
  await index(db, 'hold', ['cause'], 'closed_at is null');
  await make('token', ['id'], {
    'id!': 'text',
    'hash!': 'text',
    'name!': 'text',
    'scopes!': 'text',
    agencies: 'text',
    'created_at!': 'number',
    expires_at: 'number',
    revoked_at: 'number',
  });
  await db.schema.createIndex('token_by_hash').unique().on('token').column('hash').execute();
  await make('switch', ['name'], { 'name!': 'text', 'value!': 'text', 'set_by!': 'text', 'set_at!': 'number' });
}

async function history(make: Make): Promise<void> {
  await make('progress', ['code', 'seq'], {
    'code!': 'text',
    'seq!': 'number',
    'at!': 'number',
    link: 'text',
    'kind!': 'text',
    'name!': 'text',
    'evidence_kind!': 'text',
    'evidence_ref!': 'text',
    note: 'text',
  });
  await make('audit', ['code', 'seq'], {
    'code!': 'text',
    'seq!': 'number',
    'at!': 'number',
    'actor!': 'text',
    'action!': 'text',
    attempt: 'text',
    mapping_version: 'text',
    'detail!': 'text',
    'hash!': 'text',
  });
  await make('chain', ['code'], {
    'code!': 'text',
    'audit_seq!': 'number',
    'audit_hash!': 'text',
    'progress_seq!': 'number',
    'anchored_seq!': 'number',
  });
  await make('anchor', ['id'], { 'id!': 'number', 'at!': 'number', 'chains!': 'number', 'digest!': 'text' });
}

async function ledgers(make: Make, db: Kysely<unknown>): Promise<void> {
  await make('inbox', ['system', 'nonce'], { 'system!': 'text', 'nonce!': 'text', 'id!': 'text', 'received_at!': 'number' });
  await index(db, 'inbox', ['received_at']);
  await make('cursor', ['system', 'name'], { 'system!': 'text', 'name!': 'text', 'value!': 'text' });
  await make('budget', ['system', 'name', 'day'], { 'system!': 'text', 'name!': 'text', 'day!': 'text', 'spent!': 'number' });
}
