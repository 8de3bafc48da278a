import type { Json } from '../../model/json.ts';
import { type LineValue, value } from '../../model/line-value.ts';
import { isObject } from '../paths.ts';
import { invalid, sentence } from '../tell.ts';
import { type Conversion, scalarText, tidyText, typed, wrongArgument } from './contract.ts';
import { recordPart } from './date.ts';

const NOT_NAME = invalid(sentence('name.type', 'Họ tên phải là chữ.', 'A name must be text.'));
const NO_FAMILY = invalid(
  sentence(
    'name.one-word',
    'Họ tên chỉ có một từ; đề nghị ghi rõ họ, chữ đệm, tên.',
    'The name has one word only; please state family, middle and given name.',
  ),
);
const EXAMPLE = 'split-name({Ho, ChuDem, Ten})';

/** `split-name({family, middle, given})`: the first word is the family name, the last the given name. */
export const splitName: Conversion = {
  name: 'split-name',
  example: EXAMPLE,
  prepare(args) {
    const [fields] = args;
    const recordParts = fields?.is === 'fields' ? fields.fields.flatMap((field) => recordPart(field) ?? []) : [];
    const [family, middle, given] = recordParts.map((part) => part.path.text);
    if (args.length !== 1 || recordParts.length !== 3 || family === undefined || middle === undefined || given === undefined)
      return wrongArgument(EXAMPLE);
    const outward = (of: Json): LineValue => {
      if (typeof of !== 'string') return NOT_NAME;
      const parts = tidyText(of).split(' ');
      const [first = '', ...rest] = parts;
      const last = rest.pop();
      if (last === undefined) return NO_FAMILY;
      return value({ [family]: first, ...(rest.length === 0 ? {} : { [middle]: rest.join(' ') }), [given]: last });
    };
    const partsOf = (of: Json): readonly string[] | null => {
      if (!isObject(of)) return null;
      const parts = [family, middle, given].map((name) => (of[name] === undefined || of[name] === null ? '' : scalarText(of[name])));
      return parts.some((part) => part === null) ? null : parts.map((part) => tidyText(part ?? ''));
    };
    return {
      name: 'split-name',
      recordParts,
      outward,
      inward: (of) => {
        const parts = partsOf(of);
        const name = parts?.filter((part) => part !== '').join(' ') ?? '';
        return name === '' ? NOT_NAME : value(name);
      },
      normal: (of) => {
        const parts = partsOf(of);
        if (parts === null) return NOT_NAME;
        const [first, between, last] = parts;
        return value({
          ...(first === '' ? {} : { [family]: first }),
          ...(between === '' ? {} : { [middle]: between }),
          ...(last === '' ? {} : { [given]: last }),
        });
      },
      check: (sides) => [
        ...typed(sides.hub, ['text'], 'hub', 'fullName'),
        ...recordParts.flatMap((part) => typed(sides.recordPart(part) ?? null, ['text'], 'record', 'text')),
      ],
      explain: () => `tách họ tên thành họ (${family}), chữ đệm (${middle}), tên (${given})`,
      recordSamples: [
        { [family]: 'Trần', [middle]: 'Thị Mai', [given]: 'Lan' },
        { [family]: 'Lý', [given]: 'Sơn' },
      ],
    };
  },
};
