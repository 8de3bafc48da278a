import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerTable, classify } from '../../src/kit/answers.ts';
import { parseAnswers, readAnswers } from '../../src/kit/answers-file.ts';

const SOURCE = `
send:
  - { field: { status: ["1", "0000"] }, is: done }
  - { says: { errorDescription: đã được tiếp nhận }, is: already }
  - says: { detail: [độ dài vượt quá, không tồn tại] }
    is: refused
    code: fields
    vi: Không nhận một số trường.
    en: Some fields are refused.
    split:
      path: detail
      fields: { nksHoTen: [họ tên], meHoTen: [họ tên mẹ] }
      reasons:
        - { says: độ dài vượt quá, code: too-long, vi: dài quá mức cho phép, en: is too long }
        - { says: không tồn tại, code: not-listed, vi: không có trong danh mục, en: is not in the list }
status:
  - { says: { errorDescription: thành công }, is: done }
  - { says: { errorDescription: "đã có kết quả xử lý. Không thể cập nhật trạng thái" }, is: already }
  - { says: { errorDescription: không tồn tại }, is: unknown, code: not-there, vi: Không có hồ sơ này., en: There is no such dossier. }
`;

function tableOf(source: string): AnswerTable {
  const { data, faults } = parseAnswers(source, 'answers.yaml');
  expect(faults).toEqual([]);
  return readAnswers(data);
}
const table = tableOf(SOURCE);
const said = (operation: string, body: Parameters<typeof classify>[2]['body']) => classify(table, operation, { status: 200, body });

describe('T7: success is read from text', () => {
  it('lets no capital letter prevent a match, on either side', () => {
    const sentence = 'Hồ sơ ĐÃ CÓ KẾT QUẢ XỬ LÝ. Không thể cập nhật trạng thái';
    for (const text of [
      sentence,
      sentence.toUpperCase(),
      sentence.toLowerCase(),
      sentence.normalize('NFD'),
      sentence.replaceAll(' ', '  '),
    ])
      expect(said('status', { errorDescription: text })).toEqual({ is: 'already' });
  });
  it('does not take "không tồn tại" for success', () => {
    expect(said('status', { errorDescription: 'Hồ sơ không tồn tại' })).toMatchObject({ is: 'trouble', detail: { kind: 'unknown' } });
  });
  it('keeps the sentences of one operation from another', () => {
    expect(said('send', { errorDescription: 'Cập nhật thành công' })).toMatchObject({ is: 'trouble', detail: { kind: 'unknown' } });
  });
  it('hands any unknown text to a person', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/thành công|không tồn tại|đã có kết quả/iu.test(text));
        expect(said('status', { errorDescription: text })).toMatchObject({ is: 'trouble', detail: { kind: 'unknown' } });
      }),
    );
  });
  it('splits one sentence into issues by field, longest name first, without the values it quotes', () => {
    const outcome = said('send', {
      detail: 'Họ tên mẹ "NGUYỄN THỊ MẪU" có độ dài vượt quá 50; Mã xã không tồn tại trong danh mục; nksHoTen có độ dài vượt quá',
    });
    expect(outcome).toMatchObject({
      is: 'trouble',
      detail: {
        kind: 'refused',
        issues: [
          { path: 'meHoTen', code: 'too-long' },
          { path: '', code: 'not-listed' },
          { path: 'nksHoTen', code: 'too-long' },
        ],
      },
    });
    expect(JSON.stringify(outcome)).not.toContain('NGUYỄN');
  });
});

describe('T9: HTTP 200 with an error code', () => {
  it('compares numbers and texts as text: 1 is "1", and 0, "0", "00" are not', () => {
    expect(said('send', { status: 1 })).toEqual({ is: 'done' });
    expect(said('send', { status: '1' })).toEqual({ is: 'done' });
    expect(said('send', { status: '0000' })).toEqual({ is: 'done' });
    for (const status of [0, '0', '00', -3, '-3', true, null, {}, [1]]) expect(said('send', { status }).is).toBe('trouble');
  });
  it('takes no page, no broken text, no list and no bare value for success', () => {
    const shapes = [
      { status: 200, body: null, shape: 'html' as const, text: '<soap>thành công</soap>' },
      { status: 200, body: null, shape: 'text' as const, text: 'thành công' },
      { status: 200, body: null, shape: 'empty' as const },
      { status: 200, body: [{ status: 1 }] },
      { status: 200, body: 'thành công' },
    ];
    for (const operation of ['send', 'status', 'never-heard-of'])
      for (const answer of shapes) expect(classify(table, operation, answer).is).toBe('trouble');
  });
  it('lets no row about the status alone swallow a page', () => {
    const loose = tableOf('read:\n  - { http: 2xx, is: done }\n');
    expect(classify(loose, 'read', { status: 200, body: {} }).is).toBe('done');
    expect(classify(loose, 'read', { status: 200, body: null, shape: 'html', text: '<html>' }).is).toBe('trouble');
  });
});

describe('the file itself', () => {
  const places = (source: string) => parseAnswers(source, 'answers.yaml').faults.map(({ line, code }) => [line, code]);
  it('names the line of each fault, all at once', () => {
    const source =
      'send:\n  - { is: done }\n  - { http: 200, is: refused }\n  - { http: 2000, is: done }\n  - { matches: { a: "(" }, is: done }\n  - { http: 200, is: perhaps }\n';
    expect(places(source)).toEqual([
      [2, 'answers.no-condition'],
      [3, 'answers.no-sentence'],
      [3, 'answers.no-sentence'],
      [3, 'answers.no-sentence'],
      [4, 'answers.http'],
      [5, 'answers.pattern'],
      [6, 'answers.invalid_value'],
    ]);
  });
  it('refuses broken YAML and doubled operations', () => {
    expect(places('send: [')).toHaveLength(1);
    expect(places('send:\n  - { http: 200, is: done }\nsend:\n  - { http: 200, is: done }\n')[0]?.[0]).toBe(3);
  });
});
