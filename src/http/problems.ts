import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isTrouble } from '../kit/trouble.ts';
import { StoreFault } from '../store/errors.ts';
import { IntakeRefused, NotPossible } from '../sync/errors.ts';
import { type Sentence, zodSentence } from '../zod-sentence.ts';

/** RFC 9457 problem documents: every refusal has a stable code and a sentence in both languages. */

export const issueShape = z.object({ path: z.string(), code: z.string(), vi: z.string(), en: z.string() });
export const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  vi: z.string(),
  en: z.string(),
  issues: z.array(issueShape),
});
export type ProblemDocument = z.infer<typeof problemShape>;
export type Issue = z.infer<typeof issueShape>;

/** A request that is answered with a problem document. Sentences hold no value of a record. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly sentence: Sentence;
  readonly issues: readonly Issue[];
  constructor(status: number, code: string, sentence: Sentence, issues: readonly Issue[] = []) {
    super(code);
    this.status = status;
    this.code = code;
    this.sentence = sentence;
    this.issues = issues;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  406: 'Not acceptable',
  408: 'Too slow',
  409: 'Not possible now',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  422: 'Cannot be taken',
  429: 'Too many requests',
  431: 'Headers too large',
  503: 'Not available',
};

/** A problem document of any status. */
export const document = (status: number, code: string, { vi, en }: Sentence, issues: readonly Issue[] = []): ProblemDocument => ({
  type: `urn:motlan:problem:${code}`,
  title: TITLES[status] ?? 'Internal fault',
  status,
  code,
  detail: en,
  vi,
  en,
  issues: [...issues],
});

/** Fastify's own refusals in our words; what stands nowhere keeps its status with the general sentence. */
const FRAMEWORK: Readonly<Record<string, readonly [number, string, string, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large', 'Nội dung gửi lên vượt quá kích thước cho phép.', 'The body is larger than allowed.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'media-type', 'Chỉ nhận nội dung kiểu application/json.', 'Only application/json is taken here.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'content-length',
    'Độ dài nội dung không khớp với khai báo.',
    'The body is not as long as it says.',
  ],
  FST_ERR_BAD_URL: [400, 'bad-url', 'Đường dẫn không hợp lệ.', 'The address is not valid.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'url-too-long', 'Đường dẫn quá dài.', 'The address is too long.'],
  FST_ERR_HANDLER_TIMEOUT: [
    503,
    'too-slow',
    'Máy chủ chưa xử lý kịp; vui lòng gửi lại.',
    'The server did not answer in time; please send it again.',
  ],
};

const INTAKE: Readonly<Record<IntakeRefused['code'], Sentence>> = {
  'expired-procedure': {
    vi: 'Mã thủ tục không còn hiệu lực vào ngày của hồ sơ.',
    en: "The procedure code is not valid at the dossier's date.",
  },
  'unknown-procedure': { vi: 'Chưa có bảng ánh xạ cho thủ tục này.', en: 'No mapping knows this procedure.' },
  'duplicate-code': { vi: 'Mã hồ sơ này đã được cơ quan khác sử dụng.', en: 'Another agency has used this dossier code.' },
  'unknown-form': { vi: 'Không có mẫu đơn này.', en: 'There is no such form.' },
  'invalid-dossier': { vi: 'Hồ sơ có thông tin chưa hợp lệ.', en: 'Something in the dossier is not valid.' },
  'too-many-legs': { vi: 'Hồ sơ cần nhiều nhánh hơn mức cho phép.', en: 'The dossier needs more legs than allowed.' },
};

/** The sender did not prove who it is; any other refusal is about what it said. */
const UNPROVED: readonly string[] = ['callback.headers', 'callback.signature', 'callback.clock'];

/** What the caller is told of any error; an unknown one tells nothing but that it happened. */
export function problemOf(error: unknown): ProblemDocument {
  if (error instanceof Refusal) return document(error.status, error.code, error.sentence, error.issues);
  if (error instanceof IntakeRefused) return document(422, error.code, INTAKE[error.code], error.problems.map(issueOf));
  if (error instanceof NotPossible) return document(409, error.code, error);
  if (isTrouble(error)) {
    const { kind, code, issues = [] } = error.detail;
    const status = kind !== 'refused' ? 503 : UNPROVED.includes(code) ? 401 : 422;
    return document(status, code, error.detail, issues);
  }
  if (error instanceof StoreFault) return document(503, `store-${error.code}`, error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'request';
    return document(
      400,
      'invalid-request',
      { vi: 'Yêu cầu không đúng dạng.', en: 'The request has the wrong shape.' },
      error.validation.flatMap(({ keyword, instancePath, params }) =>
        // The provider spread one zod issue over these three fields; here they are one again.
        issuesOf([{ ...params, code: keyword, path: instancePath.split('/').slice(1), message: '' } as unknown as z.core.$ZodIssue], where),
      ),
    );
  }
  return frameworkProblem(error);
}

const issueOf = ({ path, code, vi, en }: Issue): Issue => ({ path, code, vi, en });

/** Zod issues as issues of a problem document; `under` names the part of the request they stand in. */
export const issuesOf = (issues: readonly z.core.$ZodIssue[], under = ''): readonly Issue[] =>
  issues.map((issue) => ({
    path: [...(under === '' ? [] : [under]), ...issue.path.map(String).filter((step) => step !== '')].join('.'),
    code: issue.code.replaceAll('_', '-'),
    ...zodSentence(issue),
  }));

function frameworkProblem(error: unknown): ProblemDocument {
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>;
  const known = code === undefined ? undefined : FRAMEWORK[code];
  if (known !== undefined) return document(known[0], known[1], { vi: known[2], en: known[3] });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return document(statusCode, 'refused', { vi: 'Yêu cầu không được chấp nhận.', en: 'The request was refused.' });
  }
  return document(500, 'internal', {
    vi: 'Có lỗi trong hệ thống; sự việc đã được ghi lại. Vui lòng thử lại sau.',
    en: 'Something failed here; it has been recorded. Please try again later.',
  });
}

export const notFound = (vi: string, en: string): Refusal => new Refusal(404, 'not-found', { vi, en });
