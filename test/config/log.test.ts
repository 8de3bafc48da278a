import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/config.ts';
import { readAnswers } from '../../src/kit/answers-file.ts';
import { lostTrouble, statusTrouble } from '../../src/kit/http-trouble.ts';
import { adapterData, listAdapters } from '../../src/kit/load.ts';
import { Trouble } from '../../src/kit/trouble.ts';
import { openLog } from '../../src/log.ts';

function listen() {
  const lines: string[] = [];
  return { lines, log: openLog('debug', { write: (line: string) => void lines.push(line) }) };
}

const names = fc.constantFrom('Nguyễn Thị Thử', 'Trần Văn Mẫu', 'Lê Hoàng Ví Dụ', 'Phạm Thử Nghiệm');
const numbers = fc.constantFrom('099000000001', '0900000123', '9900000012', 'DL 4 99 000 0001');
const dates = fc.constantFrom('ngày 01/02/1990', 'sinh năm 1990 tại Cà Mau');
const personal = fc.oneof(names, numbers, dates);
const words = fc.constantFrom(
  'code2',
  'data',
  'applicant',
  'record',
  'body',
  'detail',
  'err2',
  'name',
  'status',
  'cause',
  'hoTen',
  'soCCCD',
  'system',
  'sent',
  'lines',
  'kind',
  'answer',
);
const values = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    personal,
    fc.dictionary(fc.oneof(words, personal), tie('any'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('any'), { maxLength: 3 }),
    personal.map((text) => Buffer.from(text)),
    personal.map((text) => new Error(`record says ${text}`)),
    personal.map((text) => new Map([[text, text]])),
  ),
})).any;

const CANARIES = ['Nguyễn', 'Thử', 'Mẫu', 'Hoàng', 'Phạm', '09900', '09000', '99000', 'DL 4', '1990', 'Cà Mau'];

describe('a log line (T25)', () => {
  it('never holds a value of a dossier, whatever object, error or nesting it comes in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(words, personal), values, { maxKeys: 6, noNullPrototype: true }), values, (said, loose) => {
        const { lines, log } = listen();
        log.info(said, 'dossier taken');
        log.child(said).warn(said, 'dossier taken');
        log.error(Object.assign(new Error(JSON.stringify(said)), { code: 'x', cause: loose, body: loose }), 'visit failed');
        log.error(Object.assign(new Error(JSON.stringify(loose)), said));
        log.error({ err: new Error(String(loose), { cause: new Error(JSON.stringify(loose)) }) });
        log.info({ event: 'visit', detail: { said, loose } }, 'visited %s %o', loose, said);
        for (const line of lines) for (const canary of CANARIES) expect(line).not.toContain(canary);
        expect(lines).toHaveLength(6);
      }),
      { numRuns: 500 },
    );
  });

  it('still says which dossier, link, system, step and field names', () => {
    const { lines, log } = listen();
    log.info(
      { code: 'H12.15-261124-0007', link: 'H12.15-261124-0007/civil-status/birth', system: 'civil-status', ms: 12, lines: ['nksHoTen'] },
      'sent',
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      message: 'sent',
      code: 'H12.15-261124-0007',
      link: 'H12.15-261124-0007/civil-status/birth',
      system: 'civil-status',
      ms: 12,
      lines: ['nksHoTen'],
    });
  });

  it('says what trouble says, with the place in the code, but no message of a stranger', () => {
    const { lines, log } = listen();
    log.error(
      new Trouble({ kind: 'unavailable', scope: 'system', code: 'http.503', vi: 'Hệ thống đang gián đoạn.', en: 'The system is down.' }),
      'visit failed',
    );
    log.error(new SyntaxError('Unexpected token N in "Nguyen Van A"'), 'visit failed');
    expect(JSON.parse(lines[0] ?? '').err).toMatchObject({ type: 'Trouble', message: 'unavailable/system http.503: The system is down.' });
    expect(JSON.parse(lines[0] ?? '').err.at[0]).toContain('log.test.ts');
    expect(lines[1]).not.toContain('Nguyen');
  });

  const said = (answer: unknown): unknown => {
    const { lines, log } = listen();
    log.warn({ event: 'trouble', code: 'H12.15-261124-0007', detail: { verb: 'create', answer } }, 'engine');
    return JSON.parse(lines[0] ?? '').detail.answer;
  };

  it('says how a sending was answered: every receipt, every code of HTTP and of the answers tables that ship', () => {
    const ofTables = listAdapters([`${HOUSE}adapters`]).flatMap((place) =>
      Object.entries(readAnswers(adapterData(place, null).answers())).flatMap(([operation, rows]) =>
        rows.map(({ code }) => `answers.${operation}.${code}`),
      ),
    );
    const ofHttp = [lostTrouble('write', true, 'timeout'), statusTrouble(503, 'write', 'record', null)].map((one) => one?.detail.code);
    expect(ofTables.length).toBeGreaterThan(20);
    for (const code of ['done', 'queued', 'already', 'engine.interrupted', 'answers.send.unknown', ...ofHttp, ...ofTables])
      expect(said(code)).toBe(code);
  });

  it('strikes out an answer that is no such mark, whatever it looks like', () => {
    const values = [
      ...['Nguyễn Thị Thử', 'nguyen', 'tran-vi-du', 'Tran.Vi.Du', 'vi.du@example.invalid', '099000000001', '0900000123', 'so.0900000123'],
      ...['01.02.1990', 'sinh.1990', '1990-02-01', 'da nhan ho so', 'http.timeout Nguyen Van A', 'http.', '.timeout', 'KQ-1', ''],
      ...[`answers.send.${'a'.repeat(100)}`, 12, ['nguyen'], { answer: 'nguyen' }],
    ];
    for (const value of values) expect(JSON.stringify(said(value))).not.toMatch(/nguyen|du|09|19|nhan|timeout|KQ|aaa|12/i);
  });
});
