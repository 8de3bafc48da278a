import {
  type JsonObject,
  runSimulator,
  type SimulatorAnswer,
  type SimulatorDesk,
  type SimulatorRequest,
  type SimulatorRow,
  type StartSimulator,
} from '../../src/kit/index.ts';

/** The reference system in miniature: one kind, every verb. */

const OPEN = ['sent', 'accepted', 'supplement'];
const PAGE = 4;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const stated = (desk: SimulatorDesk, row: SimulatorRow): JsonObject => ({
  id: row.id,
  key: desk.faults().unsafe ? null : row.key,
  version: String(row.version),
  sequence: row.sequence,
  at: row.at,
  record: { ...row.record, stage: row.stage },
});
const receipt = (row: SimulatorRow): JsonObject => ({ id: row.id, version: String(row.version), sequence: row.sequence });
const answer = (status: number, json: JsonObject): SimulatorAnswer => ({ status, json });
const NOT_THERE = answer(404, { answer: 'unknown-record' });
const CLOSED = answer(409, { answer: 'phase' });

function create(desk: SimulatorDesk, body: JsonObject): SimulatorAnswer {
  const key = text(body.key);
  const record = body.record as JsonObject;
  const known = desk.byKey('item', key) ?? desk.twin('item', record);
  if (known !== null && !desk.faults().unsafe) return answer(200, { answer: 'already', id: known.id });
  return answer(201, receipt(desk.add('item', { key, record })));
}

function update(desk: SimulatorDesk, request: SimulatorRequest): SimulatorAnswer {
  const row = desk.get('item', text(request.params.id));
  if (row === null) return NOT_THERE;
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== String(row.version)) return answer(412, { answer: 'version' });
  if (!OPEN.includes(row.stage)) return CLOSED;
  return answer(200, receipt(desk.change('item', row.id, { record: request.json() as JsonObject }, 'update')));
}

function act(desk: SimulatorDesk, request: SimulatorRequest, from: readonly string[], stage: string): SimulatorAnswer {
  const row = desk.get('item', text(request.params.id));
  const actKey = text((request.json() as JsonObject).actKey);
  if (row === null) return NOT_THERE;
  if (row.acts.includes(actKey)) return answer(200, receipt(row));
  if (!from.includes(row.stage)) return CLOSED;
  return answer(200, receipt(desk.change('item', row.id, { stage, act: actKey }, stage)));
}

function changes(desk: SimulatorDesk, cursor: number): SimulatorAnswer {
  const rows = [...desk.rows('item')].filter((row) => row.sequence > cursor).sort((a, b) => a.sequence - b.sequence);
  const some = rows.slice(0, PAGE);
  const next = some.at(-1)?.sequence ?? cursor;
  return answer(200, { rows: desk.repeated(some).map((row) => stated(desk, row)), cursor: String(next), more: rows.length > PAGE });
}

function list(desk: SimulatorDesk, after: string): SimulatorAnswer {
  const rows = [...desk.rows('item')].filter((row) => row.id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
  const some = rows.slice(0, PAGE);
  return answer(200, { rows: some.map((row) => stated(desk, row)), cursor: rows.length > PAGE ? (some.at(-1)?.id ?? null) : null });
}

function read(desk: SimulatorDesk, ids: readonly string[]): SimulatorAnswer {
  if (ids.length > 5) return answer(400, { answer: 'too-many-ids' });
  const rows = ids.map((id) => {
    const row = desk.get('item', id);
    return { id, row: row === null ? null : stated(desk, row) };
  });
  return answer(200, { rows: desk.answered(rows) });
}

function fetchFile(desk: SimulatorDesk, hash: string): SimulatorAnswer {
  const bytes = desk.file(hash);
  return bytes === null ? NOT_THERE : { status: 200, bytes };
}

function keepFile(desk: SimulatorDesk, request: SimulatorRequest): SimulatorAnswer {
  if (desk.get('item', text(request.params.id)) === null) return NOT_THERE;
  const hash = desk.keepFile(request.body);
  return answer(200, { remoteId: hash, hash, sizeBytes: request.body.byteLength });
}

const start: StartSimulator = (options) =>
  runSimulator(options, {
    kinds: {
      item: {
        naturalKey: (record) => text(record.code),
        firstStage: 'sent',
        id: (n) => `M-${String(n).padStart(8, '0')}`,
        keeps: (record) => (typeof record.name === 'string' ? { ...record, name: record.name.replace(/\s+/gu, ' ').trim() } : record),
        stages: { sent: ['accepted', 'supplement'], accepted: ['issued', 'supplement'], supplement: ['accepted'], issued: ['handed-over'] },
      },
    },
    config: (baseUrl) => ({ baseUrl, token: 'memory-token', callbackKey: 'memory-callback-key' }),
    routes: (desk) => [
      { method: 'POST', path: '/items/read', effect: 'read', run: (request) => read(desk, (request.json() as { ids: string[] }).ids) },
      {
        method: 'GET',
        path: '/items/find',
        effect: 'read',
        run: ({ query }) =>
          answer(200, {
            rows: desk.shuffled(desk.rows('item').filter((row) => row.record.code === query.get('code'))).map((row) => stated(desk, row)),
          }),
      },
      { method: 'GET', path: '/items/changes', effect: 'read', run: ({ query }) => changes(desk, Number(query.get('cursor'))) },
      { method: 'GET', path: '/items', effect: 'read', run: ({ query }) => list(desk, query.get('cursor') ?? '') },
      { method: 'POST', path: '/items', effect: 'write', run: (request) => create(desk, request.json() as JsonObject) },
      { method: 'PATCH', path: '/items/:id', effect: 'write', run: (request) => update(desk, request) },
      { method: 'POST', path: '/items/:id/withdraw', effect: 'write', run: (request) => act(desk, request, OPEN, 'withdrawn') },
      { method: 'POST', path: '/items/:id/hand-over', effect: 'write', run: (request) => act(desk, request, ['issued'], 'handed-over') },
      { method: 'PUT', path: '/items/:id/files', effect: 'write', run: (request) => keepFile(desk, request) },
      { method: 'GET', path: '/items/:id/files/:hash', effect: 'read', run: ({ params }) => fetchFile(desk, text(params.hash)) },
    ],
  });

export default start;
