import type { Json } from '../../model/json.ts';
import { type LineValue, value } from '../../model/line-value.ts';
import { invalid, sentence } from '../tell.ts';
import { type Conversion, type Finding, type Sides, typed, typeMismatch, words, wrongArgument } from './contract.ts';
import { numberOf } from './numbers.ts';

const NOT_NUMBER = invalid(sentence('number.type', 'Giá trị không phải là số.', 'The value is not a number.'));
const RANGE = invalid(sentence('number.range', 'Số nằm ngoài khoảng cho phép.', 'The number is outside the allowed range.'));
const EXAMPLE = 'number(0, 999)';

/** `number`, `number(least, most)`. */
export const number: Conversion = {
  name: 'number',
  example: EXAMPLE,
  prepare(args) {
    const list = words(args);
    const [least, most] = (list ?? []).map(numberOf);
    if (list === null || (list.length !== 0 && list.length !== 2) || least === null || most === null) return wrongArgument(EXAMPLE);
    const read = (of: Json): LineValue => {
      const found = numberOf(of);
      return found === null ? NOT_NUMBER : value(found);
    };
    const outward = (of: Json): LineValue => {
      const found = numberOf(of);
      if (found === null) return NOT_NUMBER;
      return (least !== undefined && found < least) || (most !== undefined && found > most) ? RANGE : value(found);
    };
    return {
      name: 'number',
      outward,
      inward: read,
      normal: read,
      check: (sides) => [...checkTypes(sides)],
      explain: () => (least === undefined ? 'số' : `số từ ${least} đến ${most}`),
    };
  },
};

function checkTypes(sides: Sides): readonly Finding[] {
  const wrong = [
    ...typed(sides.hub, ['integer', 'number'], 'hub', 'number'),
    ...typed(sides.record, ['integer', 'number', 'text'], 'record', 'number'),
  ];
  if (wrong.length === 0 && sides.hub?.type === 'number' && sides.record?.type === 'integer') return [typeMismatch('number', 'integer')];
  return wrong;
}
