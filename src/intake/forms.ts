import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { RESERVED_FORM_NAMES } from '../model/dossier.ts';
import { personalId, phone, taxCode } from '../model/identifiers.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { parseInstant, parsePartialDate } from '../model/partial-date.ts';
import { formIssue } from './form-issue.ts';
import { type Issue, issue } from './issue.ts';

/** The province's forms: what a dossier's data must look like. */
export interface FormBook {
  /** Names of all forms, sorted: `birth@1`. */
  readonly names: readonly string[];
  /** Everything wrong with the form's data, paths from `data`; null when no such form is known. */
  validate(form: string, data: JsonObject): readonly Issue[] | null;
  /** Everything wrong with the applicant, paths from `applicant`; null when no such form is known. */
  applicant(form: string, applicant: JsonObject): readonly Issue[] | null;
  /** What the form says of one field, by a dotted path from `data` or `applicant`; null when it has no such field. */
  field(form: string, path: string): FormField | null;
}

interface FormField {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | null;
  /** Number of digits of a fixed-width code (`^\d{5}$`), else null. */
  readonly width: number | null;
}

/** The forms in a folder cannot be used; `problems` names all of them at once, path = file name. */
export class FormsRefused extends Error {
  override readonly name = 'FormsRefused';
  readonly problems: readonly Issue[];
  constructor(problems: readonly Issue[]) {
    super(problems.map((problem) => `${problem.path}: ${problem.en}`).join('\n'));
    this.problems = problems;
  }
}

const SUFFIX = '.schema.json';
const APPLICANT = 'applicant';

/** A reader of text: true when it can be read. */
const can = (read: (text: string) => { readonly ok: boolean }) => (text: string) => read(text).ok;

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'partial-date': can(parsePartialDate),
  date: (text) => text.length === 10 && parsePartialDate(text).ok,
  'date-time': can(parseInstant),
  'personal-id': can(personalId),
  'tax-code': can(taxCode),
  phone: can(phone),
  commune: (text) => /^\d{5}$/.test(text),
};

interface Form {
  readonly schema: JsonObject;
  readonly applicantSchema: JsonObject;
  readonly data: ValidateFunction;
  readonly applicant: ValidateFunction;
}

/**
 * Reads every `<form>.schema.json` of a folder (JSON Schema 2020-12). `applicant.schema.json` describes the applicant of all
 * forms; a form's own `$defs.applicant` goes before it. Throws FormsRefused with all problems: broken JSON or schema, a root
 * field with a reserved name, an object that leaves unknown fields open. Files of `own` stand over those of the same name, and
 * may add to them; their problems have the whole path.
 */
export async function loadForms(folder: string, own: string | null = null): Promise<FormBook> {
  const problems: Issue[] = [];
  const schemas = new Map([
    ...(await readSchemas(folder, (file) => file, problems)),
    ...(own === null || !existsSync(own) ? [] : await readSchemas(own, (file) => join(own, file), problems)),
  ]);
  const shared = schemas.get(APPLICANT)?.schema ?? { type: 'object' };
  schemas.delete(APPLICANT);
  const forms = new Map<string, Form>();
  for (const [name, { schema, file }] of schemas) {
    const form = compileForm(file, schema, shared, problems);
    if (form !== null) forms.set(name, form);
  }
  if (problems.length > 0) throw new FormsRefused(problems);
  return bookOf(forms);
}

function bookOf(forms: ReadonlyMap<string, Form>): FormBook {
  return {
    names: [...forms.keys()].sort(),
    validate: (name, data) => {
      const form = forms.get(name);
      return form === undefined ? null : issuesOf(form.data, data, 'data');
    },
    applicant: (name, applicant) => {
      const form = forms.get(name);
      return form === undefined ? null : issuesOf(form.applicant, applicant, APPLICANT);
    },
    field: (name, path) => {
      const form = forms.get(name);
      const [side, ...rest] = path.split('.');
      if (form === undefined || (side !== 'data' && side !== APPLICANT)) return null;
      const root = side === 'data' ? form.schema : form.applicantSchema;
      return fieldAt(root, root, rest);
    },
  };
}

interface SchemaFile {
  readonly schema: JsonObject;
  /** As problems name it. */
  readonly file: string;
}

async function readSchemas(folder: string, named: (file: string) => string, problems: Issue[]): Promise<Map<string, SchemaFile>> {
  const schemas = new Map<string, SchemaFile>();
  for (const name of (await readdir(folder)).filter((each) => each.endsWith(SUFFIX)).sort()) {
    const file = named(name);
    const schema = parseObject(await readFile(join(folder, name), 'utf8'));
    if (schema === null) problems.push(issue(file, 'form.json', 'Tệp mẫu đơn không phải JSON hợp lệ.', 'The form file is not valid JSON.'));
    else schemas.set(name.slice(0, -SUFFIX.length), { schema, file });
  }
  return schemas;
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function compileForm(file: string, schema: JsonObject, shared: JsonObject, problems: Issue[]): Form | null {
  const defs = isObject(schema.$defs) ? schema.$defs : {};
  const own = defs[APPLICANT];
  // A form's own description of the applicant may point into the form's other definitions.
  const applicantSchema = isObject(own) ? { ...own, $defs: defs } : shared;
  problems.push(...reservedNames(file, schema), ...openObjects(file, schema, ''), ...openObjects(file, applicantSchema, ''));
  try {
    // `verbose` gives the titles for the sentences; the record's values it also gives are never used.
    const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false, formats: FORMATS });
    return { schema, applicantSchema, data: ajv.compile(schema), applicant: ajv.compile(applicantSchema) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    problems.push(
      issue(file, 'form.schema', `Mẫu đơn không phải JSON Schema hợp lệ: ${reason}`, `The form is not a valid JSON Schema: ${reason}`),
    );
    return null;
  }
}

function reservedNames(file: string, schema: JsonObject): readonly Issue[] {
  const names = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  return names
    .filter((name) => (RESERVED_FORM_NAMES as readonly string[]).includes(name))
    .map((name) =>
      issue(file, 'form.reserved-name', `Mẫu đơn không được đặt tên trường "${name}".`, `A form may not name a field "${name}".`),
    );
}

/** Objects with named fields that would let a misspelt field through unseen. */
function openObjects(file: string, schema: Json | undefined, path: string): readonly Issue[] {
  if (Array.isArray(schema)) return schema.flatMap((each, index) => openObjects(file, each, `${path}/${index}`));
  if (!isObject(schema)) return [];
  const open = schema.type === 'object' && isObject(schema.properties) && schema.additionalProperties !== false;
  const here = open
    ? [
        issue(
          file,
          'form.open',
          `Đối tượng tại ${path || '/'} phải có "additionalProperties": false.`,
          `The object at ${path || '/'} needs "additionalProperties": false.`,
        ),
      ]
    : [];
  return [...here, ...Object.entries(schema).flatMap(([name, inner]) => openObjects(file, inner, `${path}/${name}`))];
}

function issuesOf(validate: ValidateFunction, value: JsonObject, root: string): readonly Issue[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).filter((error: ErrorObject) => error.keyword !== 'if').map((error) => formIssue(error, root));
}

function fieldAt(root: JsonObject, schema: JsonObject, path: readonly string[]): FormField | null {
  const seen = resolve(root, schema);
  if (seen === null) return null;
  const [name, ...rest] = path;
  if (name === undefined) return describe(seen);
  const next = /^\d+$/.test(name) ? seen.items : isObject(seen.properties) ? seen.properties[name] : undefined;
  return isObject(next) ? fieldAt(root, next, rest) : null;
}

function resolve(root: JsonObject, schema: JsonObject, hops = 0): JsonObject | null {
  const target = schema.$ref;
  if (typeof target !== 'string') return schema;
  if (!target.startsWith('#/') || hops > 10) return null;
  let at: Json | undefined = root;
  for (const part of target.slice(2).split('/')) at = isObject(at) ? at[part] : undefined;
  return isObject(at) ? resolve(root, at, hops + 1) : null;
}

const TYPES: readonly unknown[] = ['string', 'integer', 'number', 'boolean', 'object', 'array'];

function describe(schema: JsonObject): FormField {
  const type = TYPES.includes(schema.type) ? (schema.type as FormField['type']) : null;
  const digits = typeof schema.pattern === 'string' ? /^\^(?:\\d|\[0-9\])\{(\d+)\}\$$/.exec(schema.pattern)?.[1] : undefined;
  return { type, width: schema.format === 'commune' ? 5 : digits === undefined ? null : Number(digits) };
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
