import type { Json } from '../../model/json.ts';
import { type LineValue, value } from '../../model/line-value.ts';
import { invalid, sentence } from '../tell.ts';
import { type Conversion, typed, wrongArgument } from './contract.ts';
import { numberOf } from './numbers.ts';

const NOT_MONEY = invalid(sentence('money.type', 'Số tiền phải là số nguyên đồng.', 'An amount must be whole đồng.'));
const GROUPED = /^-?\d{1,3}(?:\.\d{3})+$/;

/** `money`: whole đồng; `1.500.000` is read as well. */
export const money: Conversion = {
  name: 'money',
  example: 'money',
  prepare(args) {
    if (args.length > 0) return wrongArgument('money');
    const read = (of: Json): LineValue => {
      const found = numberOf(typeof of === 'string' && GROUPED.test(of.trim()) ? of.replaceAll('.', '') : of);
      return found === null || !Number.isInteger(found) ? NOT_MONEY : value(found);
    };
    return {
      name: 'money',
      outward: read,
      inward: read,
      normal: read,
      check: (sides) => [
        ...typed(sides.hub, ['integer'], 'hub', 'integer'),
        ...typed(sides.record, ['integer', 'number', 'text'], 'record', 'amount'),
      ],
      explain: () => 'số tiền nguyên đồng',
    };
  },
};
