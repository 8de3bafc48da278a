import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import {
  charsetOfAll,
  encodeLegacy,
  fromTcvn3,
  fromVni,
  hasLostCase,
  legacyCharset,
  TCVN3_TABLE,
  VNI_TABLE,
} from '../../src/model/charset.ts';
import { isSyllable } from '../../src/model/syllable.ts';

/** All 134 marked letters. */
const LOWER = 'áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ';
const LETTERS = [...LOWER, ...LOWER.toUpperCase()];
const WRITING = new Map([...VNI_TABLE].map(([vni, letter]) => [letter, vni]));
const toVni = (text: string) => [...text].map((letter) => WRITING.get(letter) ?? letter).join('');
const toTcvn3 = (text: string) => iconv.decode(iconv.encode(text, 'tcvn'), 'latin1');
const NAMES = [
  'Nguyễn Thị Đào',
  'Trần Văn Đước',
  'Phạm Quốc Việt',
  'Lê Thị Thuý',
  'Huỳnh Ngọc Ẩn',
  'Đặng Hữu Nghĩa',
  'Võ Thị Ngoan',
  'Phường Bạc Liêu',
  'Xã Trí Phải',
];

describe('old charsets', () => {
  it('T13: VNI knows all 134 letters and each comes back from its writing', () => {
    expect(VNI_TABLE.size).toBe(134);
    expect(new Set(VNI_TABLE.values())).toEqual(new Set(LETTERS));
    for (const letter of LETTERS) expect([letter, fromVni(toVni(letter))]).toEqual([letter, letter]);
  });

  it('T13: every pair of VNI letters comes back, so no writing swallows its neighbour', () => {
    const wrong = LETTERS.flatMap((left) =>
      LETTERS.filter((right) => fromVni(toVni(left + right)) !== left + right).map((right) => left + right),
    );
    expect(wrong).toEqual([]);
  });

  it('T13: the words that a known library converts wrongly are right', () => {
    expect([fromVni('Ñöùc'), fromVni('Phöôøng'), fromVni('Aùnh'), fromVni('AÙNH')]).toEqual(['Đức', 'Phường', 'Ánh', 'ÁNH']);
  });

  it('T13: our TCVN3 table is the one a known library has, and every letter of both cases comes back from its code', () => {
    for (const letter of LETTERS) expect([letter, fromTcvn3(toTcvn3(letter))]).toEqual([letter, letter]);
    for (const [sign, letter] of TCVN3_TABLE) expect([sign, letter]).toEqual([sign, iconv.decode(Buffer.from(sign, 'latin1'), 'tcvn')]);
    for (let code = 0; code < 256; code += 1) {
      const sign = String.fromCharCode(code);
      expect([code, fromTcvn3(sign)]).toEqual([code, iconv.decode(Buffer.from([code]), 'tcvn').normalize('NFC')]);
    }
  });

  it('T13: every letter of both cases goes out in either charset and comes back', () => {
    for (const letter of LETTERS) {
      expect([letter, fromTcvn3(encodeLegacy('tcvn3', letter) ?? '')]).toEqual([letter, letter]);
      expect([letter, fromVni(encodeLegacy('vni', letter) ?? '')]).toEqual([letter, letter]);
    }
    expect(encodeLegacy('tcvn3', 'Nguyễn Thị Đào'.normalize('NFD'))).toBe('NguyÔn ThÞ §µo');
    expect(encodeLegacy('vni', 'Đức Œ')).toBeNull();
  });

  it('T13: TCVN3 becomes Unicode', () => {
    expect(fromTcvn3('NguyÔn ThÞ §µo')).toBe('Nguyễn Thị Đào');
    for (const letter of [...LOWER, ...'ĂÂÊÔƠƯĐ']) expect(fromTcvn3(toTcvn3(letter))).toBe(letter);
  });

  it('T13: names in either charset are recognised and come back whole', () => {
    for (const name of NAMES) expect([name, charsetOfAll([toVni(name), toVni(NAMES[0] ?? '')])]).toEqual([name, 'vni']);
    for (const name of NAMES.filter((each) => !/[Ẩ]/.test(each))) {
      expect([name, charsetOfAll([toTcvn3(name), toTcvn3(NAMES[0] ?? '')])]).toEqual([name, 'tcvn3']);
      expect(fromTcvn3(toTcvn3(name))).toBe(name);
    }
  });

  it('T13: a name all in a TCVN3 capital font has lost its case', () => {
    expect(hasLostCase(fromTcvn3('NGUYÔN THÞ §µO'))).toBe(true);
    for (const name of NAMES)
      expect([name, hasLostCase(name), hasLostCase(name.toUpperCase()), hasLostCase(name.toLowerCase())]).toEqual([
        name,
        false,
        false,
        false,
      ]);
  });

  it('Unicode text is never taken for an old charset', () => {
    for (const name of [...NAMES, ...NAMES.map((each) => each.toUpperCase()), ...NAMES.map((each) => each.normalize('NFD'))]) {
      expect([name, legacyCharset(name)]).toEqual([name, null]);
    }
    for (const text of [
      'Müller',
      'François',
      'Núñez',
      'Søren',
      'Noël',
      '§ 5',
      '3 × 4',
      '«Hoa»',
      '© 2026',
      'hoà',
      'Phan Hà',
      '25 m²',
      'µg',
      '',
    ]) {
      expect([text, legacyCharset(text)]).toEqual([text, null]);
    }
    fc.assert(fc.property(fc.stringMatching(/^[ -~]*$/), (text) => legacyCharset(text) === null));
  });

  it('syllables are told from what only looks like them', () => {
    for (const word of ['nguyễn', 'Đước', 'gì', 'quý', 'giếng', 'khuya', 'ý', 'Ẩn', 'hoà', 'hòa', 'thuý', 'yên', 'quốc'])
      expect([word, isSyllable(word)]).toEqual([word, true]);
    for (const word of ['müller', 'bjwrn', 'noởl', 'hóá', 'zoộ', 'ngx', '', 'nguyơn'])
      expect([word, isSyllable(word)]).toEqual([word, false]);
  });
});
