import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import {
  checkRecord,
  checkSigned,
  type FieldIssue,
  type HearVerb,
  type Json,
  type JsonObject,
  jsonIn,
  type Touch,
  Trouble,
} from '../../src/kit/index.ts';
import { placeOf } from './calls.ts';
import { type Endpoint, KIND, MESSAGES, type MessageName, stateOf } from './wire.ts';

/**
 * Signed messages about land dossiers. Nothing can be read again, so each is the sighting of what it states. The parts around the
 * message (ThongDiep, ThoiDiem, the signature) are what the gateway must add: INFERENCE.
 */
const envelope = z.looseObject({
  SecurityCode: z.unknown(),
  ThongDiep: z.enum(MESSAGES),
  ThoiDiem: z.iso.datetime({ offset: true }),
  SoBienNhan: z.string().min(1).max(60),
  MaHoSoMotCua: z.string().max(60).nullish(),
});

export const hear = (endpoint: Endpoint): HearVerb => ({
  proof: 'hmac',
  run: async (heard) => {
    const { config } = endpoint;
    if (heard.body.byteLength > config.mostMessageBytes) throw refusal('callback.too-large');
    const nonce = checkSigned(config.callbackKey, heard, config.windowMs);
    const read = envelope.safeParse(jsonIn(heard.body));
    if (!read.success) throw refusal('callback.shape', read.error.issues.map(shapeIssue));
    const { SecurityCode, ThongDiep, ThoiDiem, SoBienNhan, MaHoSoMotCua, ...said } = read.data;
    compareCodes(endpoint, SecurityCode);
    const message = stated(endpoint.schema, ThongDiep, said as JsonObject);
    const record = {
      ...{ SoBienNhan, trangThai: stateOf(ThongDiep, message), [ThongDiep]: message },
      ...(MaHoSoMotCua == null ? {} : { MaHoSoMotCua }),
      ...(ThongDiep === 'KetThuc' ? onlyPaper(endpoint, message) : {}),
    };
    const issues = checkRecord(endpoint.schema, record);
    if (issues.length > 0) throw refusal('callback.shape', issues);
    return { touches: [touchOf(record, Date.parse(ThoiDiem))], nonce };
  },
});

/** The message's own fields as its schema names them: numbers that stand for text are text (T12), null is absent. */
function stated(schema: JsonObject, name: MessageName, said: JsonObject): JsonObject {
  const own = (schema.properties as JsonObject)[name] as JsonObject;
  return conform(own, said) as JsonObject;
}

function conform(schema: JsonObject, value: Json): Json {
  if (typeof value === 'number' && schema.type === 'string') return String(value);
  if (Array.isArray(value)) return value.map((each: Json) => conform((schema.items ?? {}) as JsonObject, each));
  if (typeof value !== 'object' || value === null) return value;
  const known = (schema.properties ?? {}) as JsonObject;
  return Object.fromEntries(
    Object.entries(value as JsonObject).flatMap(([name, each]) =>
      known[name] === undefined || each === null || each === undefined ? [] : [[name, conform(known[name] as JsonObject, each)] as const],
    ),
  );
}

/** A single paper at an address of the land system is the dossier's result; of several, which one it is cannot be known. */
function onlyPaper({ config }: Endpoint, { DanhSachGiayToKetQua: list }: JsonObject): JsonObject {
  const [paper, ...others] = (Array.isArray(list) ? list : []) as readonly JsonObject[];
  const address = typeof paper?.DuongDan === 'string' ? paper.DuongDan : '';
  if (others.length > 0 || placeOf(address, config.filesBelow ?? config.baseUrl) === null) return {};
  const name = String(paper?.TenGiayTo ?? '');
  return { tepKetQua: { name, mime: 'application/pdf', sizeBytes: 0, hash: null, remoteId: address, kind: null } };
}

/** Numbered by when the land system said it, not by when it came. */
function touchOf(record: JsonObject, statedAt: number): Touch {
  const id = String(record.SoBienNhan);
  const version = createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 32);
  return {
    ...{ kind: KIND, id, key: id },
    sighting: { id, key: id, version, sequence: statedAt, covers: Object.keys(record), record, statedAt },
  };
}

const hashOf = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();

function compareCodes({ config: { securityCode } }: Endpoint, given: unknown): void {
  if (securityCode === null) return;
  const same = typeof given === 'string' && timingSafeEqual(hashOf(given), hashOf(securityCode.reveal()));
  if (!same) throw refusal('callback.security-code');
}

const shapeIssue = ({ path }: { readonly path: readonly PropertyKey[] }): FieldIssue => ({
  path: path.map(String).join('.'),
  code: 'callback.shape',
  vi: 'thiếu, hoặc sai kiểu dữ liệu',
  en: 'is missing, or of the wrong type',
});

const WORDS = {
  'callback.too-large': ['Thông báo lớn quá mức cho phép.', 'The message is larger than allowed.'],
  'callback.security-code': ['Mã dùng chung trong thông báo không đúng.', 'The shared code in the message is wrong.'],
  'callback.shape': ['Thông báo không đúng cấu trúc đã biết.', 'The message is not of the known shape.'],
} as const;

/** Refused for good: sending the same message again would not mend it. */
const refusal = (code: keyof typeof WORDS, issues: readonly FieldIssue[] = []): Trouble =>
  new Trouble({ kind: 'refused', scope: 'record', code, vi: WORDS[code][0], en: WORDS[code][1], issues });
