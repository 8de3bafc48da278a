import { createHash } from 'node:crypto';
import type { Json, JsonObject, SimulatorAnswer, SimulatorDesk, SimulatorRequest, SimulatorRow } from '../../../src/kit/index.ts';
import { kindOfForm } from '../wire.ts';
import { type Codes, documentOf, kindOfRecord, merged, statusOf, text } from './documents.ts';
import { isLegal, isStatus } from './graph.ts';

/** The published interface as a one-stop serves it. */

const ok = (json: Json): SimulatorAnswer => ({ status: 200, json });
const stated = (row: SimulatorRow, status = 200): SimulatorAnswer => ({
  status,
  json: documentOf(row),
  headers: { etag: `"${row.version}"` },
});

/** A problem document (RFC 9457) with a stable code, both sentences, and issues by field. */
export const problem = (status: number, code: string, vi: string, en: string, issues: readonly JsonObject[] = []): SimulatorAnswer => ({
  status,
  json: { type: 'about:blank', title: en, status, code, vi, en, issues },
  headers: { 'content-type': 'application/problem+json' },
});

const NOT_THERE = problem(404, 'dossier-not-found', 'Không có hồ sơ này.', 'There is no such dossier.');
/** What motlan may write; everything else is the official's. */
const WRITABLE = ['nationalCode', 'dueAt', 'applicant', 'data', 'results', 'motlan'];

export function readOne(codes: Codes, code: string): SimulatorAnswer {
  const found = codes.find(code);
  return found === null ? NOT_THERE : stated(found.row);
}

/** `?codes=` several by code · `?nationalCode=` one · else the list of all, in the order of creation. */
export function readMany(desk: SimulatorDesk, codes: Codes, { query }: SimulatorRequest): SimulatorAnswer {
  const asked = query.getAll('codes').flatMap((some) => some.split(','));
  if (asked.length > 50) return problem(400, 'too-many-codes', 'Mỗi lần hỏi tối đa 50 mã.', 'At most 50 codes a call.');
  if (asked.length > 0) {
    const found = asked.map((code) => ({ code, row: codes.find(code)?.row ?? null }));
    const answered = desk.answered(found);
    const items = answered.flatMap(({ row }) => (row === null ? [] : [documentOf(row)]));
    return ok({ items, missing: answered.filter(({ row }) => row === null).map(({ code }) => code) });
  }
  const nationalCode = query.get('nationalCode');
  if (nationalCode === null) return listed(desk, codes, query);
  const row = codes.find(nationalCode)?.row;
  return ok({ items: row === undefined || row.record.nationalCode !== nationalCode ? [] : [documentOf(row)] });
}

const limitOf = (query: URLSearchParams): number => Math.min(Math.max(Number(query.get('limit') ?? 100), 1), 500);
function rowsOf(desk: SimulatorDesk, codes: Codes, query: URLSearchParams): readonly SimulatorRow[] {
  const form = query.get('form');
  const kinds = form === null ? codes.kinds : codes.kinds.filter((kind) => kind === kindOfForm(codes.kinds, form));
  return kinds.flatMap((kind) => desk.rows(kind)).filter((row) => form === null || row.record.form === form);
}

function listed(desk: SimulatorDesk, codes: Codes, query: URLSearchParams): SimulatorAnswer {
  const after = query.get('cursor') ?? '';
  const rows = rowsOf(desk, codes, query)
    .filter((row) => row.id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = rows.slice(0, limitOf(query));
  const items = page.map((row) => ({ code: text(row.record.code), key: row.key, revision: row.version }));
  return ok({ items, cursor: rows.length > page.length ? (page.at(-1)?.id ?? null) : null });
}

export function changed(desk: SimulatorDesk, codes: Codes, { query }: SimulatorRequest): SimulatorAnswer {
  const cursor = Number(query.get('cursor') ?? 0);
  const rows = rowsOf(desk, codes, query)
    .filter((row) => row.sequence > cursor)
    .sort((a, b) => a.sequence - b.sequence);
  const page = rows.slice(0, limitOf(query));
  const next = String(page.at(-1)?.sequence ?? cursor);
  return ok({ items: desk.repeated(page).map(documentOf), cursor: next, more: rows.length > page.length });
}

export function create(desk: SimulatorDesk, codes: Codes, request: SimulatorRequest): SimulatorAnswer {
  const key = request.headers['idempotency-key'] ?? '';
  const record = ((request.json() as JsonObject).dossier ?? {}) as JsonObject;
  const kind = kindOfRecord(codes, record);
  if (key === '') return problem(400, 'no-key', 'Thiếu khóa chống gửi trùng.', 'The Idempotency-Key header is missing.');
  if (kind === null || !isStatus(Number(record.status)) || text(record.code) === '')
    return problem(422, 'invalid', 'Hồ sơ thiếu mẫu, mã hoặc trạng thái.', 'Form, code or status of the dossier is missing.');
  const known = desk.byKey(kind, key);
  if (known !== null) return stated(known);
  if (codes.find(text(record.code)) !== null) return problem(409, 'code-taken', 'Mã hồ sơ đã có.', 'This dossier code is taken.');
  return stated(desk.add(kind, { key, record: withoutRevision(record) }, 'create'), 201);
}

export const withoutRevision = ({ revision: _theirs, ...record }: JsonObject): JsonObject => record;

export function patch(desk: SimulatorDesk, codes: Codes, request: SimulatorRequest): SimulatorAnswer {
  const found = codes.find(request.params.code ?? '');
  const condition = request.headers['if-match'];
  const body = request.json() as JsonObject;
  if (found === null) return NOT_THERE;
  if (condition === undefined) return problem(428, 'no-condition', 'Thiếu If-Match.', 'If-Match is required.');
  if (condition !== `"${found.row.version}"`)
    return problem(412, 'revision-differs', 'Hồ sơ đã thay đổi.', 'The dossier has changed meanwhile.');
  const foreign = Object.keys(body).filter((name) => !WRITABLE.includes(name));
  if (foreign.length > 0) {
    const issues = foreign.map((path) => ({
      path,
      code: 'read-only',
      vi: 'không được ghi từ ngoài',
      en: 'may not be written from outside',
    }));
    return problem(422, 'read-only', 'Có trường không được ghi.', 'Some fields may not be written.', issues);
  }
  const record = merged(found.row.record, body) as JsonObject;
  return stated(desk.change(found.kind, found.row.id, { record, whole: true }, 'update'));
}

const SHOWN = ['key', 'status', 'at', 'text', 'actor'];

/** A step known by its key changes nothing. One that the graph forbids is refused; nothing of it is kept. */
export function progress(desk: SimulatorDesk, codes: Codes, request: SimulatorRequest): SimulatorAnswer {
  const found = codes.find(request.params.code ?? '');
  if (found === null) return NOT_THERE;
  const { kind, row } = found;
  const given = request.json() as JsonObject;
  const key = text(given.key) || (request.headers['idempotency-key'] ?? '');
  if (row.acts.includes(key)) return stated(row);
  const status = Number(given.status);
  if (key === '' || !isLegal(statusOf(row), status))
    return problem(422, 'illegal-step', 'Trạng thái hiện tại không cho phép bước này.', 'The present status does not allow this step.');
  const whole: JsonObject = { ...given, key, status };
  const shown = Object.fromEntries(SHOWN.filter((name) => whole[name] !== undefined).map((name) => [name, whole[name]]));
  const record = { status, progress: [...listOf(row.record.progress), shown as JsonObject] };
  const extra = {
    steps: [...listOf(row.extra.steps), whole],
    ...(status === 5 && statusOf(row) !== 5 ? { beforeSupplement: statusOf(row) } : {}),
  };
  return stated(desk.change(kind, row.id, { record, extra, act: key }, 'step'));
}

export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** A file may come before its dossier: the dossier then names it. */
export function keepFile(desk: SimulatorDesk, request: SimulatorRequest): SimulatorAnswer {
  const { headers, body } = request;
  const said = headers['x-content-sha256'];
  if (said !== undefined && said !== sha256(body))
    return problem(422, 'hash-differs', 'Tệp không nguyên vẹn.', 'The file is not what its hash says.');
  const hash = desk.keepFile(body);
  const kind = headers['x-file-kind'];
  return {
    status: 201,
    json: {
      name: decodeURIComponent(headers['x-file-name'] ?? 'tep'),
      mime: headers['content-type'] ?? 'application/octet-stream',
      sizeBytes: body.byteLength,
      hash,
      remoteId: hash,
      kind: kind === undefined ? null : decodeURIComponent(kind),
    },
  };
}

export function fetchFile(desk: SimulatorDesk, id: string): SimulatorAnswer {
  const bytes = desk.file(id);
  if (bytes === null) return problem(404, 'file-not-found', 'Không có tệp này.', 'There is no such file.');
  return { status: 200, bytes, headers: { 'x-content-sha256': id } };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
