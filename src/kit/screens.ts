import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { JsonObject } from '../model/json.ts';
import { schemaLeaves } from './schema-leaves.ts';
import type { NumberForm, ScreenField, Screens } from './screens-contract.ts';
import type { Fault } from './setup-fault.ts';

/** `screens/<kind>.yaml`: the ministry's screens as data, checked against the record schema. */

const label = z.string().min(1).max(200);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const pattern = z
  .string()
  .max(200)
  .transform((source, context) => {
    try {
      return new RegExp(source, 'u');
    } catch {
      context.addIssue({ code: 'custom', message: 'pattern' });
      return z.NEVER;
    }
  });

const fieldShape = z
  .strictObject({
    field: z.string().min(1).max(200).optional(),
    label,
    note: z.string().min(1).max(400).optional(),
    shown: z.record(z.string(), label).optional(),
    required: flag.optional(),
    ask: flag.optional(),
  })
  .refine(({ field, ask }) => field !== undefined || ask === true, { message: 'no-field' });

const screensShape = z.strictObject({
  number: z
    .strictObject({ label, pattern: pattern.optional(), vi: z.string().max(200).optional(), en: z.string().max(200).optional() })
    .optional(),
  screens: z
    .array(z.strictObject({ title: label, fields: z.array(fieldShape).min(1).max(300) }))
    .min(1)
    .max(50),
});

const NUMBER: NumberForm = { label: 'Số bản ghi', pattern: null, vi: '', en: '' };

const SENTENCES: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  'no-field': [
    'mỗi ô cần "field", hoặc "ask: true" nếu bản ghi không có trường đó',
    'an entry needs "field", or "ask: true" where the record has no such field',
  ],
  pattern: ['biểu thức chính quy không hợp lệ', 'not a valid regular expression'],
  unknown: ['bản ghi không có trường này', 'the record has no such field'],
  twice: ['trường này đã có ở trên', 'this field stands above already'],
};

const NO_SCREENS: Screens = { number: NUMBER, screens: [] };

/** Reads the file's text. Every fault has its line and column; a field the schema does not know, or named twice, is one. */
export function parseScreens(
  source: string,
  file: string,
  schema: JsonObject,
): { readonly screens: Screens; readonly faults: readonly Fault[] } {
  const lines = new LineCounter();
  const document = parseDocument(source, { schema: 'failsafe', lineCounter: lines, uniqueKeys: true });
  const at = (path: readonly PropertyKey[]): { line: number; column: number } => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    return { line, column: col };
  };
  const fault = (path: readonly PropertyKey[], code: string, more = ''): Fault => {
    const [vi, en] = SENTENCES[code] ?? ['không đúng dạng', 'not of the right shape'];
    const where = path.map(String).join('.') || 'screens';
    return { file, ...at(path), code: `screens.${code}`, vi: `${where}: ${vi}${more}`, en: `${where}: ${en}${more}` };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return {
      screens: NO_SCREENS,
      faults: [{ file, line, column: col, code: 'screens.yaml', vi: 'tệp YAML không hợp lệ', en: `not valid YAML (${error.code})` }],
    };
  }
  const read = screensShape.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!read.success) {
    const faults = read.error.issues.map((issue) => {
      const extra = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : '';
      return fault(issue.path, SENTENCES[issue.message] === undefined ? issue.code : issue.message, extra);
    });
    return { screens: NO_SCREENS, faults };
  }
  return {
    screens: screensOf(read.data),
    faults: fieldFaults(read.data, schema).map(({ path, code, field }) => fault(path, code, ` (${field})`)),
  };
}

function fieldFaults(read: z.infer<typeof screensShape>, schema: JsonObject) {
  const known = new Set(schemaLeaves(schema).map(({ path }) => path));
  const seen = new Set<string>();
  return read.screens.flatMap(({ fields }, screen) =>
    fields.flatMap(({ field }, index) => {
      if (field === undefined) return [];
      const code = seen.has(field) ? 'twice' : known.has(field) ? null : 'unknown';
      seen.add(field);
      return code === null ? [] : [{ path: ['screens', screen, 'fields', index, 'field'], code, field }];
    }),
  );
}

function screensOf(read: z.infer<typeof screensShape>): Screens {
  const fieldOf = (given: z.infer<typeof fieldShape>): ScreenField => ({
    field: given.field ?? null,
    label: given.label,
    note: given.note ?? null,
    shown: given.shown ?? {},
    required: given.required ?? false,
    ask: given.ask ?? false,
  });
  const { number } = read;
  return {
    number:
      number === undefined ? NUMBER : { label: number.label, pattern: number.pattern ?? null, vi: number.vi ?? '', en: number.en ?? '' },
    screens: read.screens.map(({ title, fields }) => ({ title, fields: fields.map(fieldOf) })),
  };
}

/** Where the deepest node on the path begins. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(
      path.slice(0, length).map((step) => (typeof step === 'number' ? step : String(step))),
      true,
    );
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return 0;
}

/** Where nobody has written the screens down: the schema's own order, its titles or else its field names. */
export function screensOfSchema(schema: JsonObject): Screens {
  const fields = schemaLeaves(schema).map(
    ({ path, title, required }): ScreenField => ({
      ...{ field: path, label: title ?? path, note: null, shown: {}, required, ask: false },
    }),
  );
  return { number: NUMBER, screens: [{ title: typeof schema.title === 'string' ? schema.title : 'Bản ghi', fields }] };
}
