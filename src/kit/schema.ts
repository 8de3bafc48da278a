import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { JsonObject } from '../model/json.ts';
import type { FieldIssue } from './trouble.ts';

/** Records against their JSON Schema. Issues name the field and the rule, never the value. */

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, messages: false });
const compiled = new WeakMap<object, ValidateFunction>();
const MOST_ISSUES = 50;

const SENTENCES: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  required: ['còn thiếu', 'is missing'],
  type: ['không đúng kiểu dữ liệu', 'is of another type'],
  enum: ['không thuộc danh mục', 'is not in the list'],
  const: ['không đúng giá trị quy định', 'is not the fixed value'],
  pattern: ['không đúng khuôn dạng', 'is not of the required form'],
  maxLength: ['dài quá mức cho phép', 'is too long'],
  minLength: ['ngắn hơn mức quy định', 'is too short'],
  maximum: ['lớn hơn mức cho phép', 'is too large'],
  minimum: ['nhỏ hơn mức cho phép', 'is too small'],
  additionalProperties: ['không có trong cấu trúc bản ghi', 'is not a field of the record'],
};

/** Empty when the record is right; at most 50 issues. Throws when the schema itself is not valid JSON Schema. */
export function checkRecord(schema: JsonObject, record: JsonObject): readonly FieldIssue[] {
  const validate = compiled.get(schema) ?? compile(schema);
  return validate(record) ? [] : (validate.errors ?? []).slice(0, MOST_ISSUES).map(issueOf);
}

function compile(schema: JsonObject): ValidateFunction {
  const { $id: _id, $schema: _dialect, ...rest } = schema;
  const validate = ajv.compile(rest);
  compiled.set(schema, validate);
  return validate;
}

function issueOf(error: ErrorObject): FieldIssue {
  const inside = error.instancePath.split('/').slice(1).map(unescapePointer);
  const missing = error.keyword === 'required' ? [String(error.params.missingProperty)] : [];
  const [vi, en] = SENTENCES[error.keyword] ?? ['không đúng quy định', 'breaks a rule of the schema'];
  return { path: [...inside, ...missing].join('.'), code: `schema.${error.keyword}`, vi, en };
}

const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
