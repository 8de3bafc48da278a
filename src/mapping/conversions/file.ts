import type { Json, JsonObject } from '../../model/json.ts';
import { type LineValue, value } from '../../model/line-value.ts';
import { MARK_FIELDS } from '../fields.ts';
import { isObject } from '../paths.ts';
import { invalid, sentence } from '../tell.ts';
import { type Conversion, typed, words, wrongArgument } from './contract.ts';

const NOT_MARK = invalid(sentence('file.mark', 'Ở đây phải là một tệp.', 'A file is needed here.'));
const WRONG_TYPE = invalid(sentence('file.type', 'Loại tệp không đúng (ví dụ cần PDF).', 'The file is not of the agreed type (e.g. PDF).'));
const TYPES: Readonly<Record<string, RegExp>> = { pdf: /^application\/pdf$/i, image: /^image\//i, any: /./ };
const EXAMPLE = 'file(pdf, birth-certificate)';

/** `file(type)`, `file(type, kind in the hub)`: a mark, never the bytes. */
export const file: Conversion = {
  name: 'file',
  example: EXAMPLE,
  prepare(args) {
    const list = words(args);
    const [type = '', kind] = list ?? [];
    const allowed = TYPES[type];
    if (list === null || list.length > 2 || allowed === undefined) return wrongArgument(EXAMPLE);
    const read = (of: Json): LineValue => {
      const mark = markOf(of);
      return mark === null ? NOT_MARK : allowed.test(String(mark.mime)) ? value(mark) : WRONG_TYPE;
    };
    return {
      name: 'file',
      isFile: true,
      outward: read,
      normal: read,
      inward: (of) => {
        const found = read(of);
        return found.is === 'value' && kind !== undefined && isObject(found.value) ? value({ ...found.value, kind }) : found;
      },
      check: (sides) => [...typed(sides.hub, ['object'], 'hub', 'file'), ...typed(sides.record, ['object'], 'record', 'file')],
      explain: () => (type === 'any' ? 'tệp' : `tệp ${type.toUpperCase()}`),
      recordSamples: [sample(type, 'a'), sample(type, 'b')],
      hubSamples: [sample(type, 'c'), sample(type, 'd')],
    };
  },
};

const sample = (type: string, seed: string): JsonObject => ({
  name: `giay-to-${seed}`,
  mime: type === 'image' ? 'image/png' : 'application/pdf',
  sizeBytes: 1000,
  hash: seed.repeat(64),
  remoteId: `tep-${seed}`,
  kind: null,
});

function markOf(of: Json): JsonObject | null {
  if (!isObject(of) || typeof of.name !== 'string' || typeof of.mime !== 'string' || typeof of.sizeBytes !== 'number') return null;
  return Object.fromEntries(MARK_FIELDS.map((name) => [name, of[name] ?? null]));
}

/** Same file: by remote id where both know one, else by hash. A regenerated PDF under the same id is no drift. */
export function sameFile(a: Json, b: Json): boolean {
  if (!isObject(a) || !isObject(b)) return false;
  const known = (name: 'remoteId' | 'hash') => typeof a[name] === 'string' && typeof b[name] === 'string';
  if (known('remoteId') && a.remoteId === b.remoteId) return true;
  return known('hash') && a.hash === b.hash;
}
