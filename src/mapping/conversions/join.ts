import type { Json } from '../../model/json.ts';
import { EMPTY, type LineValue, value } from '../../model/line-value.ts';
import { parsePath } from '../paths.ts';
import { invalid, sentence } from '../tell.ts';
import { type Conversion, type HubPart, scalarText, typed, words, wrongArgument } from './contract.ts';
import { checkLength } from './text.ts';

const NOT_TEXT = invalid(sentence('join.type', 'Các phần phải là chữ.', 'The parts must be text.'));
const AMBIGUOUS = invalid(
  sentence(
    'join.ambiguous',
    'Một phần chứa dấu ngăn cách hoặc để trống, ghép lại sẽ không tách ra đúng được.',
    'A part holds the separator or is empty: joined, it could not be taken apart again.',
  ),
);
const UNLIKE = invalid(
  sentence('join.parts', 'Nội dung không tách được thành đúng các phần.', 'The text cannot be taken apart into these parts.'),
);
const EXAMPLE = 'join(" ", hour, minute)';

/** `join(separator, parts)`: several hub fields, one text. Trailing parts may be missing, an inner one may not. */
export const join: Conversion = {
  name: 'join',
  example: EXAMPLE,
  prepare(args, world) {
    const list = words(args);
    const [separator = '', ...names] = list ?? [];
    const hubParts = names.flatMap((name): HubPart[] => {
      const path = parsePath(name.replace(/^\//, ''));
      return path === null ? [] : [{ where: name.startsWith('/') ? 'root' : 'below', path }];
    });
    if (list === null || separator === '' || hubParts.length < 2 || hubParts.length !== names.length) return wrongArgument(EXAMPLE);
    const mark = separator.trim() === '' ? separator : separator.trim();
    const outward = (of: Json): LineValue => {
      const parts = (Array.isArray(of) ? (of as readonly Json[]) : [of]).map((part) => (part === null ? '' : scalarText(part)));
      if (parts.includes(null)) return NOT_TEXT;
      while (parts.at(-1) === '') parts.pop();
      if (parts.length === 0) return EMPTY;
      if (!world.lossy && parts.some((part) => part === '' || part?.includes(mark))) return AMBIGUOUS;
      return value(parts.filter((part) => part !== '').join(separator));
    };
    const inward = (of: Json): LineValue => {
      const text = scalarText(of);
      const parts = text?.split(mark).map((part) => part.trim()) ?? [];
      if (parts.length > hubParts.length || parts.some((part) => part === '')) return UNLIKE;
      return value([...parts, ...Array.from({ length: hubParts.length - parts.length }, () => null)]);
    };
    return {
      name: 'join',
      hubParts,
      outward,
      inward,
      normal: (of) => {
        const text = scalarText(of);
        return text === null
          ? NOT_TEXT
          : text.trim() === ''
            ? EMPTY
            : value(
                text
                  .split(mark)
                  .map((part) => part.trim())
                  .join(separator),
              );
      },
      check: (sides) => [
        ...hubParts.flatMap((part) => typed(sides.hubPart(part) ?? null, ['text', 'integer'], 'hub', 'text')),
        ...typed(sides.record, ['text'], 'record', 'text'),
        ...(sides.record?.maxLength == null ? [] : checkLength({ ...sides, hub: null }, null)),
      ],
      explain: () => `ghép ${names.join(', ')} bằng "${separator}"`,
    };
  },
};
