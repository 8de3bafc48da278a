import { describe, expect, test } from 'vitest';
import { bookOf, giving, mappingOf, object, shown, side, text } from './small-book.ts';

/** On whose desk a leg lies, as a mapping says it. */

const DESKS = '32041@2025,CA-32041,Công an xã Mẫu,>,,\n32020@old,CA-1,Công an xã Một,>,,\n32020@old,CA-2,Công an xã Hai,>,,\n';
const FORM = object({ x: text(), ward: text(), wardVersion: text() });
const saying = (line: string): string => `${giving('y: x').replace('give:', `${line}\ngive:`)}ignore: { ours: [ward, wardVersion] }\n`;
const desk = (document: Record<string, string>) =>
  mappingOf({
    form: FORM,
    record: object({ ma: text(), y: text() }),
    mapping: saying('desk: { of: [ward, wardVersion], in: desk.police }'),
    crosswalks: { 'desk.police': DESKS },
  }).desk?.(side(document));

describe('the desk of a leg', () => {
  test('is the one agency the crosswalk names for the place, with its name', () => {
    expect(desk({ ward: '32041', wardVersion: '2025' })).toEqual({ code: 'CA-32041', title: 'Công an xã Mẫu' });
  });
  test('is not known for a place without a row, a place of two agencies, or no place at all', () => {
    expect(desk({ ward: '99999', wardVersion: '2025' })).toBeNull();
    expect(desk({ ward: '32020', wardVersion: 'old' })).toBeNull();
    expect(desk({ ward: '32041' })).toBeNull();
  });
  test('is an error of the mapping where path or crosswalk are not there', () => {
    const wrong = (line: string) =>
      bookOf({
        form: FORM,
        record: object({ ma: text(), y: text() }),
        mapping: saying(line),
        crosswalks: { 'desk.police': DESKS },
      })
        .diagnostics.map(shown)
        .join(' ');
    expect(wrong('desk: { of: nobody, in: desk.police }')).toContain('unknown-path');
    expect(wrong('desk: { of: ward, in: desk.nobody }')).toContain('unknown-crosswalk');
    expect(wrong('desk: { of: ward }')).toContain('missing-key');
  });
});
