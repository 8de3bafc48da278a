import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../model/canonical-json.ts';
import { parseDossierCode } from '../model/codes.ts';
import type { DossierHead, FileMark, HubBody, NationalStatus } from '../model/dossier.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { parseInstant } from '../model/partial-date.ts';
import type { FormBook } from './forms.ts';
import { type Issue, issue, pathTo } from './issue.ts';
import { checkText, type LegacyText } from './text-check.ts';

/** A dossier as an official's system pushed it: parsed, checked against head schema and form, text in NFC. */
export interface DossierDocument {
  readonly head: DossierHead;
  readonly body: Pick<HubBody, 'applicant' | 'data' | 'files'>;
  /** How many supplements the one-stop says were handed in; 0 where it says nothing. */
  readonly supplements: number;
}

export type ParsedDocument =
  | { readonly ok: true; readonly document: DossierDocument; readonly notices: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

const MOST_ISSUES = 100;
const MOST_FILE_BYTES = 25 * 1024 * 1024;

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/;
const code = z.string().regex(CODE);
const moment = z.string().refine((text) => parseInstant(text).ok, { params: { motlan: 'instant' } });
const open = z.record(z.string(), z.unknown());

const fileMark = z
  .strictObject({
    name: z.string().min(1).max(255),
    mime: z.string().regex(/^[a-z]+\/[a-z0-9.+-]{1,100}$/),
    sizeBytes: z.int().min(0).max(MOST_FILE_BYTES),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullish(),
    remoteId: z.string().min(1).max(200).nullish(),
    kind: z.string().min(1).max(50).nullish(),
  })
  .refine((file) => typeof file.hash === 'string' || typeof file.remoteId === 'string', { params: { motlan: 'file-mark' } });

/** The body of `POST /api/v1/dossiers`. `data` and `applicant` are checked by the form. Transform-free: fit for OpenAPI. */
export const dossierBody = z.strictObject({
  code,
  nationalCode: code.nullish(),
  procedure: code,
  agency: code,
  status: z.int().min(1).max(10),
  revision: z.int().min(0).nullish(),
  receivedAt: moment,
  dueAt: moment.nullish(),
  applicant: open,
  form: z.string().regex(/^[a-z][a-z0-9-]{0,49}@\d{1,4}$/),
  data: open,
  files: z.array(fileMark).max(200).optional(),
  supplements: z.int().min(0).max(1000).optional(),
});

/**
 * A body from outside as a document, or everything that is wrong with it at once. Nothing is guessed: unknown fields, wrong
 * types, unknown forms, damaged or pre-Unicode text are issues. `notices` tell what was mended without loss.
 */
export function parseDocument(body: unknown, forms: FormBook, options: { readonly legacyText?: LegacyText } = {}): ParsedDocument {
  const text = checkText(body, options.legacyText ?? 'refuse');
  const parsed = dossierBody.safeParse(text.value);
  const issues = [...text.issues, ...(parsed.success ? [] : parsed.error.issues.flatMap((each) => headIssues(each, text.value)))];
  issues.push(...formIssues(text.value, forms));
  if (issues.length > 0 || !parsed.success) return { ok: false, issues: atMost(once(issues)) };
  return { ok: true, document: documentOf(parsed.data), notices: [...text.notices, ...oddities(parsed.data)] };
}

/** sha256 (hex) of everything the document says; the order of names does not count. */
export const contentHash = (document: DossierDocument): string =>
  createHash('sha256')
    .update(canonicalJson(document as unknown as Json))
    .digest('hex');

/** A document that did not come through the API, as the body it would have had there; numbers nobody stated are left out. */
export const bodyOf = ({ head, body, supplements }: DossierDocument): JsonObject =>
  Object.fromEntries(
    Object.entries({
      ...head,
      status: stated(head.status),
      revision: head.revision,
      receivedAt: instant(head.receivedAt),
      dueAt: head.dueAt === null ? null : instant(head.dueAt),
      applicant: body.applicant,
      data: body.data,
      files: body.files as unknown as Json,
      supplements,
    }).filter(([, value]) => value !== undefined),
  ) as JsonObject;

const stated = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);
const instant = (at: number): string | undefined => (Number.isNaN(at) ? undefined : new Date(at).toISOString());

function documentOf(body: z.infer<typeof dossierBody>): DossierDocument {
  return {
    head: {
      code: body.code,
      nationalCode: body.nationalCode ?? null,
      procedure: body.procedure,
      agency: body.agency,
      status: body.status as NationalStatus,
      revision: body.revision ?? null,
      receivedAt: at(body.receivedAt),
      dueAt: body.dueAt == null ? null : at(body.dueAt),
      form: body.form,
    },
    body: {
      applicant: body.applicant as JsonObject,
      data: body.data as JsonObject,
      files: (body.files ?? []).map(
        (file): FileMark => ({
          name: file.name,
          mime: file.mime,
          sizeBytes: file.sizeBytes,
          hash: file.hash ?? null,
          remoteId: file.remoteId ?? null,
          kind: file.kind ?? null,
        }),
      ),
    },
    supplements: body.supplements ?? 0,
  };
}

function at(text: string): number {
  const read = parseInstant(text);
  if (!read.ok) throw new TypeError('an instant was believed before it was checked');
  return read.value;
}

function formIssues(body: Json, forms: FormBook): readonly Issue[] {
  if (!isObject(body) || typeof body.form !== 'string') return [];
  const { form, data, applicant } = body;
  if (!forms.names.includes(form)) {
    const known = forms.names.join(', ');
    return [
      issue('form', 'form.unknown', `Chưa có mẫu đơn này. Các mẫu hiện có: ${known}.`, `There is no such form. Known forms: ${known}.`),
    ];
  }
  const dataIssues = isObject(data) ? (forms.validate(form, data) ?? []) : [];
  const applicantIssues = isObject(applicant) ? (forms.applicant(form, applicant) ?? []) : [];
  return [...dataIssues, ...applicantIssues];
}

/** What is unusual but no ground for refusal. */
function oddities(body: z.infer<typeof dossierBody>): readonly Issue[] {
  const notices: Issue[] = [];
  if (parseDossierCode(body.code) === null) {
    const vi = 'Mã hồ sơ không theo dạng nào đã biết; đề nghị kiểm tra lại.';
    notices.push(issue('code', 'code.unusual', vi, 'The dossier code has no known shape; please check it.'));
  }
  if (body.dueAt != null && at(body.dueAt) < at(body.receivedAt)) {
    notices.push(
      issue('dueAt', 'due.before-receipt', 'Ngày hẹn trả trước ngày tiếp nhận.', 'The due date lies before the date of receipt.'),
    );
  }
  return notices;
}

function headIssues(found: z.core.$ZodIssue, body: Json): readonly Issue[] {
  const path = found.path.map((part) => (typeof part === 'number' ? part : String(part))).reduce<string>(pathTo, '');
  if (found.code === 'unrecognized_keys') {
    return found.keys.map((key) =>
      issue(pathTo(path, key), 'field.unknown', 'Không có trường này trong gói tin.', 'There is no such field.'),
    );
  }
  if (valueAt(body, found.path) === undefined) return [issue(path, 'field.missing', 'Thiếu thông tin bắt buộc.', 'Required and missing.')];
  const [code, vi, en] = sentenceOf(found, String(found.path.at(-1) ?? ''));
  return [issue(path, code, vi, en)];
}

const SHAPES: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  form: ['Tên mẫu đơn có dạng tên@phiên-bản, ví dụ birth@1.', 'A form is named name@version, e.g. birth@1.'],
  mime: ['Kiểu tệp không đúng, ví dụ đúng: application/pdf.', 'Not a media type; a good example: application/pdf.'],
  hash: ['Mã băm phải là sha256 gồm 64 ký tự hex.', 'The hash is sha256 in 64 hex characters.'],
};

function sentenceOf(found: z.core.$ZodIssue, field: string): readonly [code: string, vi: string, en: string] {
  switch (found.code) {
    case 'invalid_type':
      return ['field.type', `Sai kiểu dữ liệu, cần: ${found.expected}.`, `Wrong type, expected: ${found.expected}.`];
    case 'too_small':
      return ['field.range', `Giá trị hoặc độ dài nhỏ hơn ${found.minimum}.`, `Smaller or shorter than ${found.minimum}.`];
    case 'too_big':
      return ['field.range', `Giá trị hoặc độ dài vượt quá ${found.maximum}.`, `Larger or longer than ${found.maximum}.`];
    case 'invalid_format': {
      const [vi, en] = SHAPES[field] ?? [
        'Mã chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối, gạch dưới; dài tối đa 50 ký tự.',
        'A code has plain letters, digits, dots, hyphens, underscores; at most 50 characters.',
      ];
      return ['field.shape', vi, en];
    }
    case 'custom':
      return found.params?.motlan === 'instant'
        ? [
            'field.instant',
            'Thời điểm phải theo ISO 8601 có múi giờ, ví dụ 2026-09-01T08:07:00+07:00.',
            'The time must be ISO 8601 with a zone, e.g. 2026-09-01T08:07:00+07:00.',
          ]
        : ['file.mark', 'Tệp phải có mã băm hoặc mã tệp ở hệ thống gửi.', 'A file needs its hash or its id at the sender.'];
    default:
      return ['field.invalid', 'Giá trị không hợp lệ.', 'The value is not valid.'];
  }
}

function valueAt(body: Json, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Readonly<Record<PropertyKey, unknown>>)[part] : at),
    body,
  );
}

const once = (issues: readonly Issue[]): readonly Issue[] => [
  ...new Map(issues.map((each) => [`${each.path} ${each.code}`, each])).values(),
];

function atMost(issues: readonly Issue[]): readonly Issue[] {
  if (issues.length <= MOST_ISSUES) return issues;
  const more = issues.length - MOST_ISSUES;
  return [
    ...issues.slice(0, MOST_ISSUES),
    issue('', 'issues.more', `Còn ${more} lỗi khác chưa liệt kê.`, `${more} further issues are not listed.`),
  ];
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
