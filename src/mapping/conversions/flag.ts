import type { Json } from '../../model/json.ts';
import { type LineValue, value } from '../../model/line-value.ts';
import { matchKey } from '../crosswalk.ts';
import { invalid, sentence } from '../tell.ts';
import { type Conversion, scalarText, typed, words, wrongArgument } from './contract.ts';

const NOT_FLAG = invalid(
  sentence('flag.unknown', 'Giá trị không phải là có hoặc không theo quy ước.', 'The value is neither of the two agreed ones.'),
);
const EXAMPLE = 'flag(1, 0)';

/** `flag`, `flag(true text, false text)`. Anything else than the two is a problem, never "no". */
export const flag: Conversion = {
  name: 'flag',
  example: EXAMPLE,
  prepare(args) {
    const list = words(args);
    if (list === null || (list.length !== 0 && list.length !== 2) || (list.length === 2 && list[0] === list[1]))
      return wrongArgument(EXAMPLE);
    const [yes, no] = list;
    const plain = yes === undefined || no === undefined;
    const outward = (of: Json): LineValue => (typeof of !== 'boolean' ? NOT_FLAG : value(plain ? of : of ? yes : no));
    const read = (of: Json): boolean | null => {
      if (typeof of === 'boolean') return of;
      const text = plain ? null : scalarText(of);
      if (text === null || plain) return null;
      return text === yes || matchKey(text) === matchKey(yes) ? true : text === no || matchKey(text) === matchKey(no) ? false : null;
    };
    const inward = (of: Json): LineValue => {
      const found = read(of);
      return found === null ? NOT_FLAG : value(found);
    };
    return {
      name: 'flag',
      outward,
      inward,
      normal: (of) => {
        const found = read(of);
        return found === null ? NOT_FLAG : outward(found);
      },
      check: (sides) => [
        ...typed(sides.hub, ['boolean'], 'hub', 'boolean'),
        ...typed(sides.record, plain ? ['boolean'] : ['text', 'integer', 'number'], 'record', 'boolean'),
      ],
      explain: () => (plain ? 'có hoặc không' : `có ghi là "${yes}", không ghi là "${no}"`),
      ...(plain ? {} : { recordSamples: [yes, no] }),
    };
  },
};
