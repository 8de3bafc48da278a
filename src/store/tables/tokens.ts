import type { Selectable } from 'kysely';
import type { Json } from '../../model/json.ts';
import type { SwitchTable, Token, TokenTable } from '../contract.ts';
import type { Schema } from '../schema.ts';
import type { Unit } from './unit.ts';

/** Who may call, and what people switched while the product runs. */

export function tokenTable({ db }: Unit): TokenTable {
  return {
    async insert(token) {
      await db
        .insertInto('token')
        .values({
          id: token.id,
          hash: token.hash,
          name: token.name,
          scopes: JSON.stringify(token.scopes),
          agencies: token.agencies === null ? null : JSON.stringify(token.agencies),
          created_at: token.createdAt,
          expires_at: token.expiresAt,
          revoked_at: token.revokedAt,
        })
        .execute();
    },
    async byHash(hash) {
      const row = await db.selectFrom('token').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row === undefined ? null : tokenOf(row);
    },
    async all() {
      return (await db.selectFrom('token').selectAll().orderBy('id').execute()).map(tokenOf);
    },
    async revoke(id, at) {
      await db.updateTable('token').set({ revoked_at: at }).where('id', '=', id).where('revoked_at', 'is', null).execute();
    },
  };
}

const tokenOf = (row: Selectable<Schema['token']>): Token => ({
  id: row.id,
  hash: row.hash,
  name: row.name,
  scopes: JSON.parse(row.scopes) as readonly string[],
  agencies: row.agencies === null ? null : (JSON.parse(row.agencies) as readonly string[]),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
});

export function switchTable({ db }: Unit): SwitchTable {
  return {
    async get(name) {
      const row = await db.selectFrom('switch').select('value').where('name', '=', name).executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.value) as Json);
    },
    async set(name, value, by, at) {
      const row = { value: JSON.stringify(value), set_by: by, set_at: at };
      await db
        .insertInto('switch')
        .values({ name, ...row })
        .onConflict((on) => on.column('name').doUpdateSet(row))
        .execute();
    },
    async all() {
      const rows = await db.selectFrom('switch').select(['name', 'value']).orderBy('name').execute();
      return new Map(rows.map((row) => [row.name, JSON.parse(row.value) as Json]));
    },
  };
}
