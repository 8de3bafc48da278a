import type { FileTable } from '../contract.ts';
import { StoreFault } from '../errors.ts';
import type { Place } from '../sealing.ts';
import type { Unit } from './unit.ts';

const MOST_CHUNK_BYTES = 256 * 1024;

export function fileTable({ db, vault }: Unit): FileTable {
  return {
    async putChunk(code, hash, index, bytes) {
      if (bytes.length > MOST_CHUNK_BYTES) throw tooLarge();
      const there = await db
        .selectFrom('file_chunk')
        .select('chunk')
        .where('code', '=', code)
        .where('hash', '=', hash)
        .where('chunk', '=', index)
        .executeTakeFirst();
      if (there !== undefined) return false;
      await vault.fetch([code]);
      const done = await db
        .insertInto('file_chunk')
        .values({ code, hash, chunk: index, bytes: vault.sealBytes(code, chunkPlace(code, hash, index), bytes) })
        .onConflict((on) => on.columns(['code', 'hash', 'chunk']).doNothing())
        .executeTakeFirst();
      return done.numInsertedOrUpdatedRows === 1n;
    },

    async complete(code, { hash, name, mime, sizeBytes, chunks }) {
      await vault.fetch([code]);
      const row = { mark: vault.seal(code, markPlace(code, hash), { name, mime }), size_bytes: sizeBytes, chunks };
      await db
        .insertInto('file')
        .values({ code, hash, ...row })
        .onConflict((on) => on.columns(['code', 'hash']).doUpdateSet(row))
        .execute();
    },

    async stat(code, hash) {
      const row = await db.selectFrom('file').selectAll().where('code', '=', code).where('hash', '=', hash).executeTakeFirst();
      if (row === undefined || !(await vault.fetch([code])).has(code)) return null;
      const mark = vault.open(code, markPlace(code, hash), row.mark) as { readonly name: string; readonly mime: string };
      return { name: mark.name, mime: mark.mime, sizeBytes: row.size_bytes, chunks: row.chunks };
    },

    async chunk(code, hash, index) {
      const row = await db
        .selectFrom('file_chunk')
        .innerJoin('file', (join) => join.onRef('file.code', '=', 'file_chunk.code').onRef('file.hash', '=', 'file_chunk.hash'))
        .select('file_chunk.bytes')
        .where('file_chunk.code', '=', code)
        .where('file_chunk.hash', '=', hash)
        .where('file_chunk.chunk', '=', index)
        .executeTakeFirst();
      if (row === undefined || !(await vault.fetch([code])).has(code)) return null;
      return vault.openBytes(code, chunkPlace(code, hash, index), row.bytes);
    },
  };
}

const markPlace = (code: string, hash: string): Place => ({ table: 'file', row: `${code}/${hash}`, column: 'mark' });
const chunkPlace = (code: string, hash: string, index: number): Place => ({
  table: 'file_chunk',
  row: `${code}/${hash}/${index}`,
  column: 'bytes',
});

const tooLarge = (): StoreFault =>
  new StoreFault(
    'too-large',
    `Mỗi phần tệp tối đa ${MOST_CHUNK_BYTES} byte.`,
    `A chunk of a file holds at most ${MOST_CHUNK_BYTES} bytes.`,
  );
