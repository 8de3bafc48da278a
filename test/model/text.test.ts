import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import { fold, foldWords, padCode, tidy, upper } from '../../src/model/text.ts';

const padded = (raw: string | number, width: 2 | 3 | 5) => {
  const read = padCode(raw, width);
  return read.ok ? read.value : read.problem.code;
};

describe('text', () => {
  it('T14: the two tone positions of one name match, and NFD matches NFC', () => {
    const keep = { marks: false } as const;
    expect(fold('Huyện Hòa Bình', keep)).toBe(fold('Huyện Hoà Bình', keep));
    expect(fold('HÒA BÌNH', keep)).toBe(fold('hoà  bình '.normalize('NFD'), keep));
    expect(fold('Thúy', keep)).toBe(fold('Thuý', keep));
    expect(fold('Hòa', keep)).not.toBe(fold('Hóa', keep));
    expect(fold('Hòa', keep)).not.toBe(fold('Hoa', keep));
    expect(fold('Hòa', { marks: false, tonePosition: false })).not.toBe(fold('Hoà', { marks: false, tonePosition: false }));
  });

  it('T14: stored text is NFC with its own tone position', () => {
    expect(tidy('  Hoà   Bình\u00a0'.normalize('NFD'))).toBe('Hoà Bình');
  });

  it('y and i are one only where asked, and only where they are one sound', () => {
    expect(fold('Mỹ Lý quý', { yi: true })).toBe(fold('Mĩ Lí quí', { yi: true }));
    expect(fold('Mỹ', { yi: true, marks: false })).toBe(fold('Mĩ', { yi: true, marks: false }));
    expect(fold('Mỹ')).not.toBe(fold('Mĩ'));
    expect(fold('Thúy', { yi: true })).not.toBe(fold('Thúi', { yi: true }));
    expect(fold('tay', { yi: true })).not.toBe(fold('tai', { yi: true }));
  });

  it('đ folds to d, and case is kept where asked', () => {
    expect(fold('Đặng Đức')).toBe('dang duc');
    expect(fold('Đặng', { case: false })).toBe('Dang');
    expect(fold('Đặng', { marks: false })).not.toBe(fold('Dặng', { marks: false }));
  });

  it('folding again changes nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)));
  });

  it('upper case knows Vietnamese letters', () => {
    expect(upper('nguyễn thị đào')).toBe('NGUYỄN THỊ ĐÀO');
  });

  it('the words of a name are folded and each is there once', () => {
    expect(foldWords('Nguyễn Văn  Văn-Đước')).toEqual(['nguyen', 'van', 'duoc']);
  });

  it('T12: a code that lost its zeros or became a float is text of its width again', () => {
    expect(padded('31813.0', 5)).toBe('31813');
    expect(padded(31813, 5)).toBe('31813');
    expect(padded(4, 2)).toBe('04');
    expect(padded('01', 2)).toBe('01');
    expect(padded('7', 3)).toBe('007');
  });

  it('T12: what is no code of that width is an error and is never cut', () => {
    expect(padded('318130', 5)).toBe('code.too-long');
    expect(padded(31813.5, 5)).toBe('code.not-digits');
    expect(padded(-4, 2)).toBe('code.not-digits');
    expect(padded('', 2)).toBe('code.not-digits');
  });

  it('canonical JSON does not depend on the order of names', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        return canonicalJson(object as never) === canonicalJson(turned as never);
      }),
    );
  });
});
