import type { ExpressionBuilder, Insertable, Selectable } from 'kysely';
import type { HubBody, NationalStatus } from '../../model/dossier.ts';
import type { Json } from '../../model/json.ts';
import type { Dossier, DossierTable, Lookup } from '../contract.ts';
import { CodeTaken } from '../errors.ts';
import { inParts, pageSize } from '../lists.ts';
import { prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import type { Place } from '../sealing.ts';
import type { Unit } from './unit.ts';

type Row = Selectable<Schema['dossier']>;
type HeadRow = Omit<Row, 'body' | 'erased' | 'hub_version' | 'content_hash' | 'created_at'>;

const HEAD_COLUMNS = [
  'code',
  'national_code',
  'procedure',
  'agency',
  'head_status',
  'revision',
  'received_at',
  'due_at',
  'form',
  'supplements',
  'status',
  'updated_at',
] as const;

export function dossierTable({ db, vault, hash, erased }: Unit): DossierTable {
  const columns = (dossier: Dossier): Insertable<Schema['dossier']> => ({
    code: dossier.head.code,
    national_code: dossier.head.nationalCode,
    procedure: dossier.head.procedure,
    agency: dossier.head.agency,
    head_status: dossier.head.status,
    revision: dossier.head.revision,
    received_at: dossier.head.receivedAt,
    due_at: dossier.head.dueAt,
    form: dossier.head.form,
    supplements: dossier.head.supplements ?? null,
    status: dossier.status,
    hub_version: dossier.hubVersion,
    content_hash: dossier.contentHash,
    created_at: dossier.createdAt,
    updated_at: dossier.updatedAt,
    body: vault.seal(dossier.head.code, place(dossier.head.code), dossier.body as unknown as Json),
    erased: 0,
  });

  async function addLookups(code: string, lookups: readonly Lookup[]): Promise<void> {
    if (lookups.length === 0) return;
    const rows = lookups.map(({ kind, value }) => ({ kind, hash: hash(kind, value), code }));
    await insertLookups(db, { rows });
  }

  async function isUnfiled(code: string): Promise<boolean> {
    await vault.fetch([code]);
    return (await byCodes(db, { codes: [code] })).rows.length === 0;
  }

  return {
    async insert(dossier, lookups) {
      const { code } = dossier.head;
      // A key without a dossier: something had to be kept under the code before the dossier could be taken in.
      if (!(await vault.create(code)) && !(await isUnfiled(code))) throw new CodeTaken(code);
      const done = await insertOnce(db, { row: columns(dossier) });
      if (done.numAffectedRows !== 1n) {
        // Erased: the code stays taken, and must not come by a key again even when the caller goes on.
        await vault.destroy(code);
        throw new CodeTaken(code);
      }
      await addLookups(code, lookups);
    },

    async load(codes) {
      const rows = await inParts(codes, async (some) => (await byCodes(db, { codes: some })).rows);
      const readable = await vault.fetch(rows.map((row) => row.code));
      const open = (row: Row): Dossier => ({
        head: headOf(row),
        body: vault.open(row.code, place(row.code), row.body) as unknown as HubBody,
        status: row.status as NationalStatus,
        hubVersion: row.hub_version,
        contentHash: row.content_hash,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      });
      return new Map(rows.filter((row) => readable.has(row.code)).map((row) => [row.code, open(row)]));
    },

    async replace(dossier, expectedHubVersion, lookups) {
      const { code } = dossier.head;
      if (!(await vault.fetch([code])).has(code)) return false;
      const row = columns({ ...dossier, hubVersion: expectedHubVersion + 1 });
      const done = await replaceAt(db, { code, expected: expectedHubVersion, row });
      if (done.numAffectedRows !== 1n) return false;
      if (lookups !== null) {
        await db.deleteFrom('lookup').where('code', '=', code).execute();
        await addLookups(code, lookups);
      }
      return true;
    },

    async byCode(code) {
      const row = await db
        .selectFrom('dossier')
        .select('code')
        .where((where) => where.or([where('code', '=', code), where('national_code', '=', code)]))
        .orderBy((order) => order.case().when('code', '=', code).then(0).else(1).end())
        .limit(1)
        .executeTakeFirst();
      return row?.code ?? null;
    },

    async find({ kind, value }, most) {
      const rows = await db
        .selectFrom('lookup')
        .select('code')
        .where('kind', '=', kind)
        .where('hash', '=', hash(kind, value))
        .orderBy('code')
        .limit(pageSize(most))
        .execute();
      return rows.map((row) => row.code);
    },

    async page(filter, after, most) {
      let query = db.selectFrom('dossier').select(HEAD_COLUMNS).orderBy('code').limit(pageSize(most));
      if (after !== null) query = query.where('code', '>', after);
      if (filter.agency !== undefined) query = query.where('agency', '=', filter.agency);
      if (filter.procedure !== undefined) query = query.where('procedure', '=', filter.procedure);
      if (filter.status !== undefined) query = query.where('status', '=', filter.status);
      if (filter.dueBefore !== undefined) query = query.where('due_at', '<', filter.dueBefore);
      if (filter.receivedBefore !== undefined) query = query.where('received_at', '<', filter.receivedBefore);
      if (filter.open !== undefined) query = query.where(isOpen);
      const { activeSince } = filter;
      if (activeSince !== undefined)
        query = query.where((row) => row.or([row('updated_at', '>=', activeSince), isOpen(row), movedSince(row, activeSince)]));
      const rows = await query.execute();
      return rows.map((row) => ({ head: headOf(row), status: row.status as NationalStatus, updatedAt: row.updated_at }));
    },

    async erase(code) {
      erased.add(code);
      await vault.destroy(code);
      const nothing = new Uint8Array();
      await db.updateTable('dossier').set({ erased: 1, body: nothing, content_hash: null }).where('code', '=', code).execute();
      await db.deleteFrom('lookup').where('code', '=', code).execute();
      await db.deleteFrom('file_chunk').where('code', '=', code).execute();
      await db.deleteFrom('statement').where('code', '=', code).execute();
      await db.updateTable('link').set({ external_id: null, external_hash: null }).where('code', '=', code).execute();
      const links = db.selectFrom('link').select('id').where('code', '=', code);
      await db
        .updateTable('work')
        .set((row) => ({ due_at: null, lease_until: null, fence: row('fence', '+', 1) }))
        .where('link', 'in', links)
        .execute();
    },
  };
}

type RowExpression = ExpressionBuilder<Schema, 'dossier'>;

/** National statuses in which the dossier itself is under way. */
const OPEN_STATUSES = [1, 2, 4, 5, 6];
const OPEN_SITUATIONS = ['waiting', 'intended', 'unknown', 'disputed'];
const OPEN_PHASES = ['sent', 'accepted', 'assigned', 'supplement', 'payment'];

const linksOf = (row: RowExpression) => row.selectFrom('link').select('link.id').whereRef('link.code', '=', 'dossier.code');
const isOpen = (row: RowExpression) =>
  row.or([
    row('status', 'in', OPEN_STATUSES),
    row.exists(
      linksOf(row)
        .where('link.impossible', 'is', null)
        .where((leg) => leg.or([leg('link.situation', 'in', OPEN_SITUATIONS), leg('link.phase', 'in', OPEN_PHASES)])),
    ),
  ]);
const movedSince = (row: RowExpression, at: number) => row.exists(linksOf(row).where('link.updated_at', '>=', at));

const insertOnce = prepared((db, { row }: { readonly row: Insertable<Schema['dossier']> }) =>
  db
    .insertInto('dossier')
    .values(row)
    .onConflict((on) => on.column('code').doNothing()),
);
const byCodes = prepared((db, { codes }: { readonly codes: readonly string[] }) =>
  db.selectFrom('dossier').selectAll().where('code', 'in', codes),
);
type Replacement = {
  readonly code: string;
  readonly expected: number;
  readonly row: Insertable<Schema['dossier']>;
};
const replaceAt = prepared((db, { code, expected, row }: Replacement) =>
  db.updateTable('dossier').set(row).where('code', '=', code).where('hub_version', '=', expected),
);
const insertLookups = prepared((db, { rows }: { readonly rows: readonly Insertable<Schema['lookup']>[] }) =>
  db
    .insertInto('lookup')
    .values(rows)
    .onConflict((on) => on.columns(['kind', 'hash', 'code']).doNothing()),
);

const place = (code: string): Place => ({ table: 'dossier', row: code, column: 'body' });

const headOf = (row: HeadRow): Dossier['head'] => ({
  code: row.code,
  nationalCode: row.national_code,
  procedure: row.procedure,
  agency: row.agency,
  status: row.head_status as NationalStatus,
  revision: row.revision,
  receivedAt: row.received_at,
  dueAt: row.due_at,
  form: row.form,
  ...(row.supplements === null ? {} : { supplements: row.supplements }),
});
