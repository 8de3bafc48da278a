import type { JsonObject } from '../model/json.ts';
import { ACTS, OFFICIAL_ACTS, type OWNERS, PHASES } from '../model/words.ts';
import { CLEARS, EACH_KEYS, LINE_KEYS, TOP_KEYS } from './ast.ts';
import { CONVERSIONS } from './conversions/index.ts';

/** JSON Schema of a mapping file, for editors; the check itself is `loadBook`. Generated, never edited by hand. */
export function mappingSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'motlan: bảng ánh xạ',
    description: 'Bên trái nhận từ bên phải. Xem src/mapping/README.md.',
    ...closed(properties(TOP_KEYS, TOP), ['mapping', 'for']),
    definitions: {
      path: { type: 'string', description: 'a.b hoặc parents[role=mother].x' },
      scalar: { type: ['string', 'number', 'boolean'] },
      pipe: { type: 'string', description: `đường dẫn | chuyển đổi; ví dụ: ${CONVERSIONS.map((each) => each.example).join(' · ')}` },
      line: { anyOf: [ref('pipe'), closed(properties(LINE_KEYS, LINE), ['from'])] },
      lines: { type: 'object', additionalProperties: ref('line') },
      guards: { type: 'object', additionalProperties: { anyOf: [ref('scalar'), { type: 'array', items: ref('scalar') }] } },
      phase: { enum: [...PHASES] },
      ignored: {
        anyOf: [
          { type: 'array', items: ref('path') },
          { type: 'object', additionalProperties: { type: 'string' } },
        ],
      },
      each: closed(properties(EACH_KEYS, EACH), ['left', 'right', 'key']),
    },
  };
}

const ref = (name: string): JsonObject => ({ $ref: `#/definitions/${name}` });
const closed = (fields: JsonObject, required: readonly string[]): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  properties: fields,
  required: [...required],
});
const described = (schema: JsonObject, description: string): JsonObject => ({ allOf: [schema], description });

/** Every key of the closed set, described; a key without a description is a mistake here. */
function properties<Key extends string>(keys: readonly Key[], known: Readonly<Record<Key, JsonObject>>): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, known[key]]));
}

const OWNER_LINES: Readonly<Record<(typeof OWNERS)[number], JsonObject>> = {
  give: described(ref('lines'), 'Trường của bản ghi ← hồ sơ gốc; bên ta làm chủ.'),
  take: described(ref('lines'), 'Trường của hồ sơ gốc ← bản ghi; hệ thống kia làm chủ.'),
  share: described(ref('lines'), 'Hai bên cùng sửa được; khác nhau thì hỏi.'),
  start: described(ref('lines'), 'Chỉ ghi khi tạo mới.'),
};
const DAY: JsonObject = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const CLEAR: JsonObject = { enum: [...CLEARS], description: 'Khi giá trị bị xóa ở bên ta thì ghi gì; không khai thì chờ xử lý.' };
const CODE: JsonObject = { type: 'string', pattern: '^\\d\\.\\d{6}$', description: 'Mã gốc của thủ tục.' };

const TOP: Readonly<Record<(typeof TOP_KEYS)[number], JsonObject>> = {
  mapping: { type: 'string', description: '<hệ thống>.<loại bản ghi>' },
  for: closed(
    {
      form: { type: 'string' },
      procedures: { type: 'array', items: { anyOf: [CODE, closed({ code: CODE, from: DAY, until: DAY }, ['code'])] } },
      start: closed({ status: { type: 'array', items: ref('scalar') } }, ['status']),
    },
    ['form'],
  ),
  needs: { type: 'array', items: ref('path'), description: 'Phải có giá trị thì nhánh mới bắt đầu.' },
  desk: closed({ of: { anyOf: [ref('path'), { type: 'array', items: ref('path') }] }, in: { type: 'string' } }, ['of', 'in']),
  ...OWNER_LINES,
  each: { anyOf: [ref('each'), { type: 'array', items: ref('each') }] },
  phase: closed(
    {
      from: ref('path'),
      map: { type: 'object', additionalProperties: ref('phase') },
      note: { anyOf: [ref('path'), { type: 'array', items: ref('path') }] },
    },
    ['from', 'map'],
  ),
  acts: {
    type: 'object',
    propertyNames: { enum: [...ACTS] },
    additionalProperties: closed({ on: { enum: [...OFFICIAL_ACTS] }, in: { type: 'array', items: ref('phase') } }, ['on', 'in']),
  },
  steps: closed({ of: { enum: ['status', 'phase'] }, map: { type: 'object', additionalProperties: ref('scalar') } }, ['of', 'map']),
  ignore: closed({ ours: ref('ignored'), theirs: ref('ignored'), drop: ref('ignored') }, []),
  cases: {
    type: 'array',
    items: closed(
      {
        name: { type: 'string' },
        at: DAY,
        choices: { type: 'object', additionalProperties: ref('scalar') },
        ours: { type: 'object' },
        theirs: { type: 'object' },
        given: { type: 'object' },
        out: { type: 'object' },
        in: { type: 'object' },
        holds: { type: 'array', items: { type: 'string' } },
      },
      ['name'],
    ),
  },
};

const LINE: Readonly<Record<(typeof LINE_KEYS)[number], JsonObject>> = {
  from: ref('pipe'),
  seen: described(ref('pipe'), 'Nơi đọc lại, khi khác nơi ghi.'),
  until: described(ref('phase'), 'Từ giai đoạn này hệ thống kia làm chủ.'),
  when: ref('guards'),
  clear: CLEAR,
  lossy: { type: 'string', description: 'Vì sao chấp nhận mất thông tin.' },
  was: { type: 'string', description: 'Tên cũ của dòng.' },
};

const EACH: Readonly<Record<(typeof EACH_KEYS)[number], JsonObject>> = {
  left: described(ref('path'), 'Danh sách trong bản ghi.'),
  right: described(ref('path'), 'Danh sách trong hồ sơ gốc.'),
  key: closed({ theirs: ref('path'), ours: ref('pipe') }, ['theirs', 'ours']),
  clear: CLEAR,
  ...OWNER_LINES,
};
