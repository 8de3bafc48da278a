import type { Insertable, Selectable } from 'kysely';
import type { Phase, Situation, Trust } from '../../model/words.ts';
import type { Link, LinkTable } from '../contract.ts';
import { inParts, pageSize } from '../lists.ts';
import { prepared } from '../prepared.ts';
import type { Db, Schema } from '../schema.ts';
import type { Place } from '../sealing.ts';
import type { Unit } from './unit.ts';

type Row = Selectable<Schema['link']>;

/** The external id may be a personal number: sealed in its column, found by a keyed hash. */
export function linkTable({ db, vault, hash }: Unit): LinkTable {
  const externalHash = (link: Pick<Link, 'system' | 'record'>, externalId: string): string =>
    hash('external-id', `${link.system}/${link.record}/${externalId}`);

  async function columns(link: Link): Promise<Insertable<Schema['link']>> {
    if (link.externalId !== null) await vault.fetch([link.code]);
    return {
      id: link.id,
      code: link.code,
      system: link.system,
      record: link.record,
      mapping: link.mapping,
      key: link.key,
      external_id: link.externalId === null ? null : vault.seal(link.code, place(link.id), link.externalId),
      external_hash: link.externalId === null ? null : externalHash(link, link.externalId),
      situation: link.situation,
      phase: link.phase,
      trust: link.trust,
      version: link.version,
      sequence: link.sequence,
      stated_at: link.statedAt,
      settled_hub_version: link.settledHubVersion,
      act_seq: link.actSeq,
      step_seq: link.stepSeq,
      missing: link.missing,
      polls: link.polls,
      hand: link.hand,
      impossible: link.impossible,
      since: link.since,
      updated_at: link.updatedAt,
    };
  }

  async function opened(rows: readonly Row[]): Promise<readonly Link[]> {
    const sealed = rows.flatMap((row) => (row.external_id === null ? [] : [row.code]));
    const readable = await vault.fetch(sealed);
    return rows.map((row) => {
      const known = row.external_id !== null && readable.has(row.code);
      return linkOf(row, known ? String(vault.open(row.code, place(row.id), row.external_id ?? new Uint8Array())) : null);
    });
  }

  return {
    async insert(link) {
      await insert(db, { row: await columns(link) });
    },

    async load(ids) {
      const rows = await inParts(ids, async (some) => (await byIds(db, { ids: some })).rows);
      return new Map((await opened(rows)).map((link) => [link.id, link]));
    },

    async ofDossiers(codes) {
      const rows = await inParts(codes, async (some) => (await byCodes(db, { codes: some })).rows);
      return opened(rows);
    },

    async byExternalId(system, record, externalIds) {
      // What was asked for is what the column holds: no need to open it.
      const asked = new Map(externalIds.map((externalId) => [externalHash({ system, record }, externalId), externalId]));
      const rows = await inParts([...asked.keys()], async (some) => (await byHashes(db, { system, record, hashes: some })).rows);
      return rows.map((row) => linkOf(row, asked.get(row.external_hash ?? '') ?? null)).sort(byId);
    },

    async versions(system, record, externalIds) {
      const asked = new Map(externalIds.map((externalId) => [externalHash({ system, record }, externalId), externalId]));
      const rows = await inParts([...asked.keys()], async (some) => (await versionsByHashes(db, { system, record, hashes: some })).rows);
      return new Map(rows.map((row) => [asked.get(row.external_hash ?? '') ?? '', row]));
    },

    async byKey(system, record, keys) {
      const rows = await inParts(keys, async (some) => (await byKeys(db, { system, record, keys: some })).rows);
      return (await opened(rows)).toSorted(byId);
    },

    async save(link) {
      const { id, ...rest } = await columns(link);
      await update(db, { id, rest });
    },

    async page(system, record, after, most) {
      const { rows } = await pageAfter(db, { system, record, after: after ?? '', most: pageSize(most) });
      return opened(rows);
    },

    async count() {
      const rows = await db
        .selectFrom('link')
        .select((row) => ['system', 'situation', 'phase', 'trust', row.fn.countAll<number>().as('count')])
        .groupBy(['system', 'situation', 'phase', 'trust'])
        .orderBy('system')
        .execute();
      return rows.map((row) => ({
        system: row.system,
        situation: row.situation as Situation,
        phase: row.phase as Phase | null,
        trust: row.trust as Trust | null,
        count: row.count,
      }));
    },
  };
}

const insert = prepared((db, { row }: { readonly row: Insertable<Schema['link']> }) => db.insertInto('link').values(row));
const update = prepared((db, { id, rest }: { readonly id: string; readonly rest: Omit<Insertable<Schema['link']>, 'id'> }) =>
  db.updateTable('link').set(rest).where('id', '=', id),
);
const byIds = prepared((db, { ids }: { readonly ids: readonly string[] }) => db.selectFrom('link').selectAll().where('id', 'in', ids));
const byCodes = prepared((db, { codes }: { readonly codes: readonly string[] }) =>
  db.selectFrom('link').selectAll().where('code', 'in', codes).orderBy('id'),
);

type Of = {
  readonly system: string;
  readonly record: string;
};
const ofRecord = (db: Db, { system, record }: Of) =>
  db.selectFrom('link').selectAll().where('system', '=', system).where('record', '=', record);
const byHashes = prepared((db, { hashes, ...of }: Of & { readonly hashes: readonly string[] }) =>
  ofRecord(db, of).where('external_hash', 'in', hashes),
);
const versionsByHashes = prepared((db, { system, record, hashes }: Of & { readonly hashes: readonly string[] }) =>
  db
    .selectFrom('link')
    .select(['id', 'version', 'external_hash'])
    .where('system', '=', system)
    .where('record', '=', record)
    .where('external_hash', 'in', hashes),
);
const byKeys = prepared((db, { keys, ...of }: Of & { readonly keys: readonly string[] }) => ofRecord(db, of).where('key', 'in', keys));
const pageAfter = prepared((db, { after, most, ...of }: Of & { readonly after: string; readonly most: number }) =>
  ofRecord(db, of).where('id', '>', after).orderBy('id').limit(most),
);

/** Sorting many rows costs the database more than it costs here. */
const byId = (a: Link, b: Link): number => (a.id < b.id ? -1 : 1);

const place = (id: string): Place => ({ table: 'link', row: id, column: 'external_id' });

const linkOf = (row: Row, externalId: string | null): Link => ({
  id: row.id,
  code: row.code,
  system: row.system,
  record: row.record,
  mapping: row.mapping,
  key: row.key,
  externalId,
  situation: row.situation as Situation,
  phase: row.phase as Phase | null,
  trust: row.trust as Trust | null,
  version: row.version,
  sequence: row.sequence,
  statedAt: row.stated_at,
  settledHubVersion: row.settled_hub_version,
  actSeq: row.act_seq,
  stepSeq: row.step_seq,
  missing: row.missing,
  polls: row.polls,
  hand: row.hand as Link['hand'],
  impossible: row.impossible,
  since: row.since,
  updatedAt: row.updated_at,
});
