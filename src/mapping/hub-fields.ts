import type { JsonObject } from '../model/json.ts';
import { ANY, type Field, MARK_FIELDS, readField } from './fields.ts';

/** The hub document as fields: the form's own beside head, applicant, results and files. */
const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({ ...ANY, type, nullable: false, ...more });

const MARK: Field = field('object', {
  fields: new Map(MARK_FIELDS.map((name) => [name, field(name === 'sizeBytes' ? 'integer' : 'text')])),
});

export const HEAD_FIELDS: ReadonlyMap<string, Field> = new Map([
  ['code', field('text')],
  ['nationalCode', field('text', { nullable: true })],
  ['procedure', field('text')],
  ['agency', field('text')],
  ['status', field('integer', { minimum: 1, maximum: 10 })],
  ['revision', field('integer', { nullable: true })],
  ['supplements', field('integer')],
  ['receivedAt', field('text', { format: 'date-time' })],
  ['dueAt', field('text', { format: 'date-time', nullable: true })],
  ['form', field('text')],
]);
const ALWAYS = ['code', 'procedure', 'agency', 'status', 'receivedAt', 'form', 'applicant'] as const;

/** A form as published: its text counts into the version of every mapping that uses it. */
export interface Form {
  readonly name: string;
  readonly text: string;
  /** The form's own fields. */
  readonly data: Field;
  readonly applicant: Field;
  /** The whole hub document. */
  readonly document: Field;
}

export function readForm(name: string, text: string, schema: JsonObject, applicantSchema: JsonObject): Form {
  const data = readField(schema);
  const applicant = readField(applicantSchema);
  const beside: readonly (readonly [string, Field])[] = [
    ...HEAD_FIELDS,
    ['applicant', applicant],
    ['results', ANY],
    ['files', field('list', { item: MARK })],
  ];
  const document = field('object', { fields: new Map([...data.fields, ...beside]), required: new Set([...data.required, ...ALWAYS]) });
  return { name, text, data, applicant, document };
}
