import { z } from 'zod';
import {
  type ActVerb,
  bearer,
  checkSigned,
  defineAdapter,
  type FileMark,
  type HttpClient,
  jsonIn,
  openHttp,
  type Phase,
  path,
  type Receipt,
  type RecordKind,
  readAnswers,
  type Secret,
  type Sighting,
  secretText,
  shaped,
  type Touch,
  Trouble,
} from '../../src/kit/index.ts';

/** The reference adapter: every verb in its plainest form. */

const config = z.strictObject({ baseUrl: z.url(), token: secretText, callbackKey: secretText });

const record = z.record(z.string(), z.union([z.string(), z.null()]));
const row = z.object({ id: z.string(), key: z.string().nullable(), version: z.string(), sequence: z.int(), at: z.int(), record });
const rows = z.object({ rows: z.array(row) });
const page = z.object({ rows: z.array(row), cursor: z.string().nullable() });
const changed = z.object({ rows: z.array(row), cursor: z.string(), more: z.boolean() });
const receipt = z.object({ id: z.string(), version: z.string(), sequence: z.int() });
const already = z.object({ id: z.string().nullable() });
const mark = z.object({ remoteId: z.string(), hash: z.string(), sizeBytes: z.int() });
const callback = z.object({ kind: z.literal('item'), row });

const PHASES: readonly Phase[] = ['sent', 'accepted', 'supplement'];
const SECOND = 1_000;

const sighting = (seen: z.infer<typeof row>): Sighting => ({
  id: seen.id,
  key: seen.key,
  version: seen.version,
  sequence: seen.sequence,
  covers: 'all',
  record: seen.record,
  statedAt: seen.at,
});
const touch = (seen: z.infer<typeof row>): Touch => ({ kind: 'item', id: seen.id, key: seen.key, sighting: sighting(seen) });
const done = (body: z.infer<typeof receipt>): Receipt => ({ is: 'done', ...body });

function item(http: HttpClient, callbackKey: Secret, schema: RecordKind['schema']): RecordKind {
  const read = { operation: 'read', effect: 'read', method: 'GET' } as const;
  const act = (name: string, phases: readonly Phase[], leadsTo: Phase): ActVerb => ({
    phases,
    leadsTo,
    repeat: 'same-key',
    landsWithinMs: 5 * SECOND,
    run: async (order, { signal }) => {
      const json = { actKey: order.actKey };
      const to = path`/items/${order.id}/${name}`;
      const { body } = await http.ask({ operation: 'act', effect: 'write', method: 'POST', path: to, json, signal });
      return done(shaped(receipt, body, 'act', 'write'));
    },
  });
  return {
    name: 'item',
    schema,
    normalises: { name: 'single-spaces' },
    readLagMs: 0,
    ordered: true,
    read: {
      by: 'id',
      most: 5,
      run: async (ids, { signal }) => {
        const { body } = await http.ask({ operation: 'read', effect: 'read', method: 'POST', path: '/items/read', json: { ids }, signal });
        const answer = shaped(z.object({ rows: z.array(z.object({ id: z.string(), row: row.nullable() })) }), body, 'read');
        return new Map(
          answer.rows.filter(({ id }) => ids.includes(id)).map((one) => [one.id, one.row === null ? null : sighting(one.row)]),
        );
      },
    },
    find: {
      by: [['code']],
      unique: true,
      indexLagMs: 0,
      run: async (fields, { signal }) => {
        const { body } = await http.ask({ ...read, path: '/items/find', query: { code: String(fields.code) }, signal });
        return shaped(rows, body, 'find').rows.map(sighting);
      },
    },
    changes: {
      overlapMs: 0,
      run: async (cursor, { signal }) => {
        const { body } = await http.ask({ ...read, path: '/items/changes', query: { cursor: cursor ?? '0' }, signal });
        const answer = shaped(changed, body, 'changes');
        return { touches: answer.rows.map(touch), cursor: answer.cursor, more: answer.more };
      },
    },
    list: {
      gives: 'record',
      run: async (cursor, { signal }) => {
        const { body } = await http.ask({ ...read, path: '/items', query: { cursor: cursor ?? '' }, signal });
        const answer = shaped(page, body, 'list');
        const items = answer.rows.map((one) => ({ id: one.id, key: one.key, version: one.version, sighting: sighting(one) }));
        return { items, cursor: answer.cursor };
      },
    },
    hear: {
      proof: 'hmac',
      run: async (heard) => {
        const nonce = checkSigned(callbackKey, heard, 300 * SECOND);
        const message = shaped(callback, jsonIn(heard.body), 'hear');
        return { touches: [touch(message.row)], nonce };
      },
    },
    create: {
      repeat: 'same-key',
      landsWithinMs: 5 * SECOND,
      run: async ({ key, record: fields }, { signal }) => {
        const json = { key, record: fields };
        const answer = await http.ask({ operation: 'create', effect: 'write', method: 'POST', path: '/items', json, signal });
        if (answer.is === 'already') return { is: 'already', ...shaped(already, answer.body, 'create', 'write') };
        return done(shaped(receipt, answer.body, 'create', 'write'));
      },
    },
    update: {
      phases: PHASES,
      style: 'patch',
      ifMatch: true,
      landsWithinMs: 5 * SECOND,
      run: async ({ id, version, record: fields }, { signal }) => {
        const headers = version === null ? {} : { 'if-match': version };
        const to = path`/items/${id}`;
        const { body } = await http.ask({ operation: 'update', effect: 'write', method: 'PATCH', path: to, headers, json: fields, signal });
        return done(shaped(receipt, body, 'update', 'write'));
      },
    },
    acts: { withdraw: act('withdraw', PHASES, 'withdrawn'), 'hand-over': act('hand-over', ['issued'], 'handed-over') },
    putFile: {
      when: 'after',
      mostBytes: MOST_FILE_BYTES,
      run: async ({ id, file }, { signal }) => {
        if (file.mark.sizeBytes > MOST_FILE_BYTES) throw tooLarge();
        const to = path`/items/${id}/files`;
        const { body } = await http.upload({ operation: 'file', effect: 'write', method: 'PUT', path: to, file, signal });
        return { ...file.mark, ...shaped(mark, body, 'file', 'write') } satisfies FileMark;
      },
    },
    getFile: {
      when: 'after',
      mostBytes: MOST_FILE_BYTES,
      run: ({ id, mark: wanted }, { signal }) => {
        const to = path`/items/${id}/files/${wanted.remoteId ?? ''}`;
        return http.download({ operation: 'file', effect: 'read', method: 'GET', path: to, mostBytes: MOST_FILE_BYTES, signal });
      },
    },
  };
}

const MOST_FILE_BYTES = 1_000_000;

const tooLarge = (): Trouble =>
  new Trouble({ kind: 'refused', scope: 'record', code: 'file.too-large', vi: 'Tệp quá lớn.', en: 'The file is too large.' });

export default defineAdapter({
  name: 'memory',
  title: { vi: 'Hệ thống mẫu trong bộ nhớ', en: 'In-memory reference system' },
  evidence: 'OURS',
  config,
  open: async ({ baseUrl, token, callbackKey }, ports) => {
    const answers = readAnswers(ports.data.answers());
    const limits = { concurrent: 4, perSecond: null, perDay: null };
    const http = openHttp({ system: 'memory', baseUrl, ports, answers, limits, auth: bearer(token) });
    return {
      limits,
      kinds: { item: item(http, callbackKey, ports.data.recordSchema('item')) },
      probe: async ({ signal }) => {
        await http.ask({ operation: 'read', effect: 'read', method: 'GET', path: '/items', query: { cursor: '' }, signal });
        return [{ hop: 'read', ok: true, vi: 'Đọc được danh sách.', en: 'The list can be read.' }];
      },
      close: http.close,
    };
  },
});
