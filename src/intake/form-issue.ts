import type { ErrorObject } from 'ajv/dist/2020.js';
import { type Issue, issue, pathTo } from './issue.ts';

/** Turns one schema error into a sentence about the field by its title. Only words of the schema appear, never what was sent. */
export function formIssue(error: ErrorObject, root: string): Issue {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(pathTo, root);
  const { limit, missingProperty, additionalProperty, unevaluatedProperty, format, type, allowedValues } = error.params as Params;
  const title = titleOf(error.parentSchema) ?? 'Trường này';
  const name = titleOf(error.parentSchema) ?? 'This field';
  const about = (code: string, vi: string, en: string) => issue(path, code, `${title} ${vi}`, `${name} ${en}`);
  switch (error.keyword) {
    case 'required':
    case 'dependentRequired': {
      const missing = missingProperty ?? '';
      const shown = titleOf(propertiesOf(error.parentSchema)[missing]) ?? missing;
      return issue(pathTo(path, missing), 'form.required', `Thiếu thông tin bắt buộc: ${shown}.`, `Required and missing: ${shown}.`);
    }
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return issue(
        pathTo(path, additionalProperty ?? unevaluatedProperty ?? ''),
        'form.unknown-field',
        'Mẫu đơn không có trường này.',
        'The form has no such field.',
      );
    case 'type':
      return about('form.type', `phải thuộc kiểu ${typeVi(type)}.`, `must be of type ${type ?? 'as in the form'}.`);
    case 'enum': {
      const allowed = (allowedValues ?? []).slice(0, 20).join(', ');
      return about('form.choice', `phải là một trong: ${allowed}.`, `must be one of: ${allowed}.`);
    }
    case 'minLength':
      return about('form.too-short', `phải có ít nhất ${limit} ký tự.`, `needs at least ${limit} characters.`);
    case 'maxLength':
      return about('form.too-long', `dài quá ${limit} ký tự.`, `has more than ${limit} characters.`);
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
    case 'exclusiveMaximum':
      return about('form.range', 'nằm ngoài khoảng cho phép.', 'is outside the allowed range.');
    case 'minItems':
    case 'maxItems':
      return about('form.count', 'có số lượng mục không đúng quy định.', 'has too few or too many entries.');
    case 'pattern':
      return about('form.pattern', 'không đúng định dạng quy định.', 'does not have the required shape.');
    case 'format':
      return about(
        `form.${format ?? 'format'}`,
        FORMAT_WORDS[format ?? '']?.vi ?? 'không đúng định dạng.',
        FORMAT_WORDS[format ?? '']?.en ?? 'has a wrong format.',
      );
    default:
      return about('form.invalid', 'chưa đúng quy định của mẫu đơn.', 'does not follow the form.');
  }
}

interface Params {
  readonly limit?: number;
  readonly missingProperty?: string;
  readonly additionalProperty?: string;
  readonly unevaluatedProperty?: string;
  readonly format?: string;
  readonly type?: string;
  readonly allowedValues?: readonly unknown[];
}

const FORMAT_WORDS: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  'partial-date': {
    vi: 'phải là ngày có thật, viết yyyy-MM-dd, hoặc yyyy-MM, yyyy khi chỉ biết tháng hoặc năm.',
    en: 'must be a real date: yyyy-MM-dd, or yyyy-MM, yyyy where only month or year is known.',
  },
  date: { vi: 'phải là ngày có thật, viết yyyy-MM-dd.', en: 'must be a real day, written yyyy-MM-dd.' },
  'date-time': {
    vi: 'phải là thời điểm ISO 8601 có múi giờ, ví dụ 2026-09-01T08:07:00+07:00.',
    en: 'must be an ISO 8601 time with a zone, e.g. 2026-09-01T08:07:00+07:00.',
  },
  'personal-id': { vi: 'phải gồm đúng 12 chữ số.', en: 'must have exactly 12 digits.' },
  'tax-code': {
    vi: 'không phải mã số thuế hợp lệ (10, 12 hoặc 13 chữ số, đúng chữ số kiểm tra).',
    en: 'is no valid tax code (10, 12 or 13 digits with a right check digit).',
  },
  phone: { vi: 'phải gồm 10 chữ số, bắt đầu bằng 0 hoặc +84.', en: 'must be 0 or +84 and 9 digits.' },
  commune: { vi: 'phải là mã xã gồm đúng 5 chữ số.', en: 'must be a commune code of exactly 5 digits.' },
};

const typeVi = (type: string | undefined): string =>
  ({ string: 'chữ', integer: 'số nguyên', number: 'số', boolean: 'đúng/sai', object: 'nhóm thông tin', array: 'danh sách' })[type ?? ''] ??
  'như mẫu đơn';

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const propertiesOf = (schema: unknown) => asRecord(asRecord(schema).properties);
const titleOf = (schema: unknown): string | null => {
  const title = asRecord(schema).title;
  return typeof title === 'string' ? title : null;
};
