import { z } from 'zod';
import { checkRecord, checkSigned, type FieldIssue, type HearVerb, type JsonObject, Trouble } from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import { kindOfForm, type Message, messageShape, touchOf } from './wire.ts';

/** A signed webhook with the whole dossier. Any of the forms may come in through any kind's door; each is held to its own schema. */
export const hear = (config: Config, schemas: ReadonlyMap<string, JsonObject>): HearVerb => ({
  proof: 'hmac',
  run: async (request) => {
    const nonce = checkSigned(config.webhookKey, request, config.webhookWindowMs);
    const { document } = messageOf(request.body);
    const kinds = [...schemas.keys()];
    const touch = touchOf(kinds, document);
    const kind = kindOfForm(kinds, String(document.dossier.form));
    const schema = kind === null ? undefined : schemas.get(kind);
    if (schema !== undefined) refuseRecord(schema, document.dossier);
    return { touches: touch === null ? [] : [touch], nonce };
  },
});

const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const moment = z.iso.datetime({ offset: true });
/** What a schema of fields leaves open: texts of the head that are more than text. */
const SHAPES = [
  ['code', code, 'Mã hồ sơ chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối, gạch dưới.', 'A code has plain letters, digits, . - and _.'],
  ['receivedAt', moment, 'Thời điểm phải theo ISO 8601 có múi giờ.', 'The time must be ISO 8601 with a zone.'],
  ['dueAt', moment, 'Thời điểm phải theo ISO 8601 có múi giờ.', 'The time must be ISO 8601 with a zone.'],
] as const;

/** What the one-stop states of a dossier becomes the dossier, so nothing of another shape is believed. */
function refuseRecord(schema: JsonObject, record: JsonObject): void {
  const issues = [
    ...checkRecord(schema, record).map((each) => ({ ...each, vi: `Mục này ${each.vi}.`, en: `This field ${each.en}.` })),
    ...SHAPES.filter(([path, shape]) => typeof record[path] === 'string' && !shape.safeParse(record[path]).success).map(
      ([path, , vi, en]) => ({ path, code: 'schema.format', vi, en }),
    ),
  ];
  if (issues.length === 0) return;
  const under = issues.map((each) => ({ ...each, path: ['document.dossier', each.path].filter((part) => part !== '').join('.') }));
  throw unreadable(
    'callback.record',
    'Hồ sơ trong thông báo chưa đúng cấu trúc.',
    'The dossier in the message is not of its schema.',
    under,
  );
}

/** Refused for good: sending the same message again would not mend it. */
function messageOf(body: Uint8Array): Message {
  const said = jsonOf(body);
  const read = messageShape.safeParse(said);
  if (read.success) return read.data;
  const paths = new Set(read.error.issues.map(({ path }) => path.map((part) => String(part).replace(/\W/gu, '?')).join('.')));
  const issues = [...paths].map((path) => ({
    ...{ path, code: 'callback.shape' },
    vi: 'Thiếu, hoặc sai kiểu dữ liệu.',
    en: 'Missing, or of the wrong type.',
  }));
  throw unreadable('callback.shape', 'Thông báo không đúng cấu trúc đã công bố.', 'The message is not of the published shape.', issues);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw unreadable('callback.not-json', 'Thông báo không phải là JSON hợp lệ.', 'The message is not valid JSON.');
  }
}

const unreadable = (code: string, vi: string, en: string, issues: readonly FieldIssue[] = []): Trouble =>
  new Trouble({ kind: 'refused', scope: 'record', code, vi, en, issues });
