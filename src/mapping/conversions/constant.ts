import type { Json } from '../../model/json.ts';
import { type LineValue, value } from '../../model/line-value.ts';
import type { Field } from '../fields.ts';
import { type Conversion, finding, scalarText, tidyText, words, wrongArgument } from './contract.ts';
import { numberOf } from './numbers.ts';

const EXAMPLE = 'constant(LTKS)';

/** `constant(text)`: always this; typed as the record's field is. */
export const constant: Conversion = {
  name: 'constant',
  example: EXAMPLE,
  prepare(args, world) {
    const list = words(args);
    const [text] = list ?? [];
    if (text === undefined || list?.length !== 1) return wrongArgument(EXAMPLE);
    const type = world.record?.type ?? 'text';
    const typed = typedConstant(text, type);
    const always = value(typed ?? text);
    return {
      name: 'constant',
      constant: true,
      outward: () => always,
      inward: () => always,
      normal: (of) => normalConstant(of, type),
      check: (sides) => {
        if (typed === null)
          return [finding('type-mismatch', `Giá trị cố định không hợp kiểu ${type}.`, `The constant does not fit the type ${type}.`)];
        const { record } = sides;
        const outside = record?.enum != null && !record.enum.includes(text);
        const long = record?.maxLength != null && text.length > record.maxLength;
        return outside || long
          ? [finding('type-mismatch', 'Bản ghi không nhận giá trị cố định này.', 'The record does not take this constant.')]
          : [];
      },
      explain: () => `luôn là "${text}"`,
      recordSamples: [typed ?? text],
    };
  },
};

function typedConstant(text: string, type: Field['type']): Json {
  if (type === 'integer' || type === 'number') return numberOf(text);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : null;
  return type === 'text' || type === 'any' ? text : null;
}

function normalConstant(of: Json, type: Field['type']): LineValue {
  if (type === 'integer' || type === 'number') return value(numberOf(of) ?? of);
  const text = type === 'boolean' ? null : scalarText(of);
  return value(text === null ? of : tidyText(text));
}
