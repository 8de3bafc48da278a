import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Clock, type Deadline, deadlineOf } from '../../src/model/deadline.ts';
import { deadlineSentence, explainDeadline, supplementWarning } from '../../src/model/deadline-words.ts';
import { dayOf, isWorkDay } from '../../src/model/work-calendar.ts';
import { at, calendarOf, plain, said, shipped } from './calendars.ts';

const days = (count: number) => ({ unit: 'day' as const, count });
const hours = (count: number) => ({ unit: 'hour' as const, count });
const clock = (more: Partial<Clock> = {}): Clock => ({
  startedAt: at('2026-11-23 09:00'),
  term: days(3),
  statedDueAt: null,
  pauses: [],
  endedAt: null,
  secondIsLate: true,
  ...more,
});
const pause = (from: string, until: string | null) => ({ from: at(from), until: until === null ? null : at(until) });
const on = (more: Partial<Clock>, now = '2026-11-24 09:00', calendar = plain): Deadline => deadlineOf(calendar, clock(more), at(now));
const due = (more: Partial<Clock>, now?: string) => said(on(more, now).dueAt);
const lines = (of: Deadline, calendar = plain) => explainDeadline(calendar, of).map(({ vi }) => vi);

describe('T20: receipt after 15:00 counts from the next working day', () => {
  test.each([
    ['2026-11-23 15:00', 0, '2026-11-23 17:00'],
    ['2026-11-23 15:01', 0, '2026-11-24 17:00'],
    ['2026-11-23 14:00', 3, '2026-11-26 17:00'],
    ['2026-11-23 16:00', 3, '2026-11-27 17:00'],
    ['2026-11-27 15:30', 1, '2026-12-01 17:00'],
    ['2026-11-28 10:00', 1, '2026-12-01 17:00'],
  ])('received %s, %s working days: due %s', (received, count, expected) => {
    expect(due({ startedAt: at(received), term: days(count) })).toBe(expected);
  });
  test('and says so, with the days it skipped and why', () => {
    expect(lines(on({ startedAt: at('2026-11-26 16:10'), term: days(1) }))).toEqual([
      'Tính từ 16:10 ngày 26/11/2026.',
      'Sau 15:00 nên tính từ ngày làm việc kế tiếp, 27/11/2026.',
      'Thời hạn 1 ngày làm việc.',
      'Không tính 28/11/2026: thứ Bảy.',
      'Không tính 29/11/2026: Chủ nhật.',
      'Hạn: 17:00 ngày 30/11/2026.',
      'Lịch nghỉ năm 2026 là mặc định, chưa có quyết định: hạn này có thể thay đổi.',
    ]);
  });
  test('a receipt on a day off says that it was a day off, not the hour', () => {
    expect(on({ startedAt: at('2026-11-28 16:00') }).movedTo?.because).toBe('day-off');
  });
});

describe('T20: holidays and swaps move what is due, each told with its reason', () => {
  test('over Tết and a swap of the decided table', () => {
    const tet = on({ startedAt: at('2026-02-13 09:00'), term: days(2) }, '2026-02-13 10:00', shipped);
    expect(said(tet.dueAt)).toBe('2026-02-24 17:00');
    expect(tet.undecided).toEqual([]);
    const year = on({ startedAt: at('2025-12-31 09:00'), term: days(7) }, '2026-01-05 09:00', shipped);
    expect(said(year.dueAt)).toBe('2026-01-12 17:00');
    expect(lines(year, shipped)).toContain('Có tính 10/01/2026: làm bù cho ngày 02/01/2026.');
    expect(lines(year, shipped)).toContain('Không tính 02/01/2026: nghỉ hoán đổi, làm bù ngày 10/01/2026.');
  });
  test('a year nobody has decided yet is named, and each of its days too', () => {
    const tet = on({ startedAt: at('2027-02-04 09:00'), term: days(2) }, '2027-02-04 10:00', shipped);
    expect(said(tet.dueAt)).toBe('2027-02-15 17:00');
    expect(tet.undecided).toEqual([2027]);
    expect(lines(tet, shipped)).toContain('Không tính 06/02/2027: Tết Nguyên đán (mùng 1), mặc định, chưa có quyết định.');
    expect(lines(tet, shipped)).toContain('Lịch nghỉ năm 2027 là mặc định, chưa có quyết định: hạn này có thể thay đổi.');
  });
});

describe('T20: the time of a supplement is subtracted', () => {
  test.each([
    ['within a morning', pause('2026-11-24 09:00', '2026-11-24 11:00'), '2026-11-26 17:00'],
    ['supplied after 15:00 counts from the next day', pause('2026-11-24 09:00', '2026-11-24 16:00'), '2026-11-27 17:00'],
    ['two working days', pause('2026-11-24 09:00', '2026-11-26 09:00'), '2026-11-30 17:00'],
    ['over a weekend', pause('2026-11-26 16:00', '2026-11-30 08:00'), '2026-11-30 17:00'],
    ['asked for before the clock ran', pause('2026-11-20 09:00', '2026-11-24 09:00'), '2026-11-27 17:00'],
    ['asked for after it was due: helps no more', pause('2026-11-27 09:00', '2026-12-01 09:00'), '2026-11-26 17:00'],
  ])('%s', (_what, one, expected) => {
    expect(due({ pauses: [one] }, '2026-12-02 09:00')).toBe(expected);
  });
  test('a leg may be paused twice, and both spans count', () => {
    const twice = on({
      secondIsLate: false,
      pauses: [pause('2026-11-24 09:00', '2026-11-25 09:00'), pause('2026-11-26 09:00', '2026-11-30 09:00')],
    });
    expect([said(twice.dueAt), twice.verdict, twice.pauses.map(({ off }) => off)]).toEqual(['2026-12-01 17:00', 'on-time', [1, 2]]);
  });
  test('a stated day of return moves too, and keeps its hour', () => {
    const stated = { statedDueAt: at('2026-11-27 11:00'), term: null };
    expect(due(stated)).toBe('2026-11-27 11:00');
    expect(due({ ...stated, pauses: [pause('2026-11-24 09:00', '2026-11-25 09:00')] })).toBe('2026-11-30 11:00');
    expect(due({ ...stated, term: days(100) })).toBe('2026-11-27 11:00');
  });
  test('hours are subtracted as hours', () => {
    const start = { startedAt: at('2026-11-24 08:00'), term: hours(8) };
    expect(due(start)).toBe('2026-11-25 08:00');
    expect(due({ ...start, pauses: [pause('2026-11-24 10:00', '2026-11-24 14:00')] })).toBe('2026-11-25 10:00');
  });
  test('while it is awaited the clock stands: what was left stays left, however long it takes', () => {
    const asked = (now: string) => on({ pauses: [pause('2026-11-24 09:00', null)] }, now);
    expect(asked('2026-11-24 10:00')).toMatchObject({ state: 'paused', verdict: 'on-time' });
    expect(asked('2027-03-01 10:00').remainingMs).toBe(asked('2026-11-24 10:00').remainingMs);
    expect(asked('2027-03-01 10:00').verdict).toBe('on-time');
    expect(deadlineSentence(plain, asked('2026-12-30 10:00'))?.vi).toBe('Tạm dừng tính thời hạn chờ bổ sung; còn 2 ngày 6 giờ làm việc.');
  });
  test('asked for when it was late already: late it stays', () => {
    expect(on({ pauses: [pause('2026-11-30 09:00', null)] }, '2026-12-20 09:00').verdict).toBe('late');
  });
  test('the explanation tells what was taken off', () => {
    const told = lines(on({ pauses: [pause('2026-11-24 09:00', '2026-11-26 09:00')] }));
    expect(told).toContain('Trừ thời gian bổ sung từ 09:00 ngày 24/11/2026 đến 09:00 ngày 26/11/2026: 2 ngày làm việc.');
  });
});

describe('T20: a second supplement is overdue, and the warning comes before it', () => {
  const first = pause('2026-11-24 09:00', '2026-11-24 10:00');
  test('after the first, asked for or supplied, a person is warned', () => {
    expect(supplementWarning(on({}))).toBeNull();
    expect(supplementWarning(on({ pauses: [pause('2026-11-24 09:00', null)] }))?.vi).toContain(
      'yêu cầu thêm lần nữa thì hồ sơ bị tính là quá hạn',
    );
    expect(supplementWarning(on({ pauses: [first] }))).not.toBeNull();
  });
  test('with the second the dossier counts as overdue at once, though days are left, and nothing warns any more', () => {
    const second = on({ pauses: [first, pause('2026-11-24 14:00', null)] }, '2026-11-24 14:01');
    expect([second.verdict, second.secondSupplement, supplementWarning(second)]).toEqual(['late', true, null]);
    expect(deadlineSentence(plain, second)?.vi).toBe('Tính là quá hạn vì đã yêu cầu bổ sung quá một lần.');
  });
  test('a dossier that ended in time is late for it all the same', () => {
    expect(on({ pauses: [first, first], endedAt: at('2026-11-24 16:00') }).verdict).toBe('late');
  });
  test('nobody is warned of a dossier that has ended', () => {
    expect(supplementWarning(on({ pauses: [first], endedAt: at('2026-11-25 09:00') }))).toBeNull();
  });
});

describe('what is judged', () => {
  test.each([
    ['2026-11-26 17:00', 'on-time', 'Xong đúng hạn (hạn 17:00 ngày 26/11/2026).'],
    ['2026-11-26 17:01', 'late', 'Xong quá hạn (hạn 17:00 ngày 26/11/2026).'],
  ])('ended at %s: %s', (ended, verdict, sentence) => {
    const found = on({ endedAt: at(ended) }, '2027-01-01 09:00');
    expect([found.verdict, found.remainingMs, deadlineSentence(plain, found)?.vi]).toEqual([verdict, null, sentence]);
  });
  test('still running: what is left in working time, then what it is over by', () => {
    expect(deadlineSentence(plain, on({}, '2026-11-25 15:30'))?.vi).toBe('Hạn 17:00 ngày 26/11/2026; còn 1 ngày 1 giờ 30 phút làm việc.');
    expect(on({}, '2026-11-26 17:00').verdict).toBe('on-time');
    expect(deadlineSentence(plain, on({}, '2026-11-30 08:00'))?.vi).toBe('Quá hạn 1 ngày 1 giờ làm việc (hạn 17:00 ngày 26/11/2026).');
  });
  test('without a term nothing is due and nothing is late, ever', () => {
    const none = on({ term: null }, '2030-01-01 09:00');
    expect([none.dueAt, none.verdict, none.remainingMs, deadlineSentence(plain, none)]).toEqual([null, null, null, null]);
    expect(lines(none)).toContain('Chưa biết thời hạn giải quyết: không tính hạn.');
  });
  test('what has not begun is not late and explains nothing', () => {
    const waits = on({ startedAt: null }, '2030-01-01 09:00');
    expect([waits.state, waits.dueAt, waits.verdict, lines(waits)]).toEqual(['waiting', null, null, []]);
  });
  test('a mistyped day of return in the year 9999 is carried without counting to it day by day', () => {
    expect(on({ statedDueAt: Date.parse('9999-12-31T00:00:00Z') }).verdict).toBe('on-time');
  });
});

describe('the laws of deadlines', () => {
  const moment = fc.integer({ min: at('2025-01-01 00:00'), max: at('2030-12-31 23:59') });
  const term = fc.oneof(fc.integer({ min: 0, max: 40 }).map(days), fc.integer({ min: 1, max: 320 }).map(hours));
  const span = fc.integer({ min: 0, max: 40 * 86_400_000 });

  test('nothing falls on a day off, paused or not', () => {
    fc.assert(
      fc.property(moment, term, span, span, (startedAt, of, before, length) => {
        const pauses = [{ from: startedAt + before, until: startedAt + before + length }];
        const { dueAt } = deadlineOf(shipped, clock({ startedAt, term: of, pauses }), startedAt);
        expect(isWorkDay(shipped, dayOf(dueAt ?? 0))).toBe(true);
      }),
    );
  });
  test('a supplement never makes a thing due earlier, and a longer one never earlier than a shorter', () => {
    fc.assert(
      fc.property(moment, term, span, span, span, (startedAt, of, before, length, more) => {
        const dueWith = (pauses: Clock['pauses']) => deadlineOf(shipped, clock({ startedAt, term: of, pauses }), startedAt).dueAt ?? 0;
        const from = startedAt + before;
        const short = dueWith([{ from, until: from + length }]);
        expect(short).toBeGreaterThanOrEqual(dueWith([]));
        expect(dueWith([{ from, until: from + length + more }])).toBeGreaterThanOrEqual(short);
      }),
    );
  });
  test('a supplement from the first moment is as if it had been received when it was supplied', () => {
    fc.assert(
      fc.property(moment, term, span, (startedAt, of, length) => {
        const until = startedAt + length;
        const paused = deadlineOf(shipped, clock({ startedAt, term: of, pauses: [{ from: startedAt, until }] }), startedAt).dueAt;
        const afresh = deadlineOf(shipped, clock({ startedAt: until, term: of }), startedAt).dueAt;
        expect(said(paused)).toBe(said(afresh));
      }),
    );
  });
  test('late is late for good: once late, no later moment finds it on time', () => {
    fc.assert(
      fc.property(moment, term, span, span, (startedAt, of, after, more) => {
        const verdictAt = (now: number) => deadlineOf(shipped, clock({ startedAt, term: of }), now).verdict;
        if (verdictAt(startedAt + after) === 'late') expect(verdictAt(startedAt + after + more)).toBe('late');
      }),
    );
  });
  test('the days it tells are all the days between start and due that are not plain working days', () => {
    fc.assert(
      fc.property(moment, term, (startedAt, of) => {
        const found = deadlineOf(calendarOf(), clock({ startedAt, term: of }), startedAt);
        const [first, last] = [dayOf(startedAt), dayOf(found.dueAt ?? 0)];
        const off = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((day) => !isWorkDay(plain, day));
        expect(found.days.map(({ day }) => day)).toEqual(off);
      }),
    );
  });
});
