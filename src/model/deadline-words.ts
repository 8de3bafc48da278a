import type { Deadline } from './deadline.ts';
import type { At } from './json.ts';
import { type Day, dayOf, startOfDay, type ToldDay, type Words, type WorkCalendar, workDayMs } from './work-calendar.ts';

/** A deadline in sentences: each number with the days it skipped and why. Nothing personal stands in them. */

const two = (number: number): string => String(number).padStart(2, '0');
const dayWord = (day: Day): string => {
  const date = new Date(day * 86_400_000);
  return `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`;
};
const hourWord = (at: At): string => {
  const minutes = Math.floor((at - startOfDay(dayOf(at))) / 60_000);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};
const vi = (at: At): string => `${hourWord(at)} ngày ${dayWord(dayOf(at))}`;
const en = (at: At): string => `${hourWord(at)} on ${dayWord(dayOf(at))}`;

/** Working time in days and hours of work: `2 ngày 3 giờ làm việc`. */
export function spanWords(calendar: WorkCalendar, ms: number): Words {
  const whole = workDayMs(calendar);
  const days = Math.floor(Math.abs(ms) / whole);
  const minutes = Math.floor((Math.abs(ms) % whole) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = (unit: readonly [string, string, string]) =>
    [days > 0 ? `${days} ${unit[0]}` : '', hours > 0 ? `${hours} ${unit[1]}` : '', rest > 0 ? `${rest} ${unit[2]}` : '']
      .filter((part) => part !== '')
      .join(' ');
  return {
    vi: `${parts(['ngày', 'giờ', 'phút']) || '0 phút'} làm việc`,
    en: `${parts(['d', 'h', 'min']) || '0 min'} of working time`,
  };
}

/** The one sentence of a deadline; null where there is none. */
export function deadlineSentence(calendar: WorkCalendar, of: Deadline): Words | null {
  if (of.secondSupplement) return SECOND;
  const { dueAt } = of;
  if (dueAt === null) return null;
  if (of.state === 'ended') {
    return of.verdict === 'late'
      ? { vi: `Xong quá hạn (hạn ${vi(dueAt)}).`, en: `Done late (due ${en(dueAt)}).` }
      : { vi: `Xong đúng hạn (hạn ${vi(dueAt)}).`, en: `Done on time (due ${en(dueAt)}).` };
  }
  const left = spanWords(calendar, of.remainingMs ?? 0);
  if (of.verdict === 'late') return { vi: `Quá hạn ${left.vi} (hạn ${vi(dueAt)}).`, en: `Overdue by ${left.en} (due ${en(dueAt)}).` };
  if (of.state === 'paused') {
    return { vi: `Tạm dừng tính thời hạn chờ bổ sung; còn ${left.vi}.`, en: `The clock stands until the supplement; ${left.en} left.` };
  }
  return { vi: `Hạn ${vi(dueAt)}; còn ${left.vi}.`, en: `Due ${en(dueAt)}; ${left.en} left.` };
}

const SECOND: Words = {
  vi: 'Tính là quá hạn vì đã yêu cầu bổ sung quá một lần.',
  en: 'Counts as overdue: a supplement was asked for more than once.',
};

/** What a person should know before asking for another supplement; null while none was asked for yet, or it is too late. */
export function supplementWarning(of: Deadline): Words | null {
  if (of.supplements !== 1 || of.state === 'ended' || of.state === 'waiting') return null;
  return {
    vi: 'Đã yêu cầu bổ sung một lần; yêu cầu thêm lần nữa thì hồ sơ bị tính là quá hạn. Đề nghị nêu đủ nội dung trong một lần.',
    en: 'A supplement was asked for once; asking again makes the dossier count as overdue. Please ask for everything at once.',
  };
}

/** Every step from the start to the verdict, in order. */
export function explainDeadline(calendar: WorkCalendar, of: Deadline): readonly Words[] {
  if (of.startedAt === null) return [];
  const lines: Words[] = [{ vi: `Tính từ ${vi(of.startedAt)}.`, en: `Counted from ${en(of.startedAt)}.` }];
  if (of.movedTo !== null) lines.push(movedWords(calendar, of.movedTo));
  if (of.source === null) lines.push(NO_TERM);
  if (of.source === 'stated')
    lines.push({ vi: 'Ngày hẹn trả do hệ thống một cửa ghi.', en: 'The day of return as the one-stop stated it.' });
  if (of.source === 'term' && of.term !== null) lines.push(termWords(of.term));
  lines.push(...of.days.map(dayLine));
  for (const pause of of.pauses) lines.push(pauseWords(calendar, of, pause));
  if (of.dueAt !== null) lines.push({ vi: `Hạn: ${vi(of.dueAt)}.`, en: `Due: ${en(of.dueAt)}.` });
  if (of.undecided.length > 0) {
    const years = of.undecided.join(', ');
    lines.push({
      vi: `Lịch nghỉ năm ${years} là mặc định, chưa có quyết định: hạn này có thể thay đổi.`,
      en: `The days off of ${years} are the default, not yet decided: this due time may change.`,
    });
  }
  if (of.endedAt !== null) lines.push({ vi: `Kết thúc lúc ${vi(of.endedAt)}.`, en: `Ended at ${en(of.endedAt)}.` });
  if (of.secondSupplement) lines.push(SECOND);
  return lines;
}

const NO_TERM: Words = { vi: 'Chưa biết thời hạn giải quyết: không tính hạn.', en: 'No term is known: nothing is due.' };

function movedWords(calendar: WorkCalendar, { day, because }: NonNullable<Deadline['movedTo']>): Words {
  const cut = hourWord(startOfDay(0) + calendar.cutOffMs);
  return because === 'cut-off'
    ? {
        vi: `Sau ${cut} nên tính từ ngày làm việc kế tiếp, ${dayWord(day)}.`,
        en: `After ${cut}: counts from the next working day, ${dayWord(day)}.`,
      }
    : {
        vi: `Vào ngày nghỉ nên tính từ ngày làm việc kế tiếp, ${dayWord(day)}.`,
        en: `On a day off: counts from the next working day, ${dayWord(day)}.`,
      };
}

function termWords({ unit, count }: NonNullable<Deadline['term']>): Words {
  if (unit === 'hour') return { vi: `Thời hạn ${count} giờ làm việc.`, en: `Term: ${count} working hours.` };
  if (count === 0) return { vi: 'Thời hạn: ngay trong ngày tính.', en: 'Term: the same working day.' };
  return { vi: `Thời hạn ${count} ngày làm việc.`, en: `Term: ${count} working days.` };
}

const BASIS: Readonly<Record<ToldDay['basis'], Words>> = {
  rule: { vi: '', en: '' },
  decided: { vi: '', en: '' },
  default: { vi: ', mặc định, chưa có quyết định', en: ', by default, not yet decided' },
};

function dayLine({ day, works, basis, ...words }: ToldDay): Words {
  const note = BASIS[basis];
  return works
    ? { vi: `Có tính ${dayWord(day)}: ${words.vi}${note.vi}.`, en: `Counted ${dayWord(day)}: ${words.en}${note.en}.` }
    : { vi: `Không tính ${dayWord(day)}: ${words.vi}${note.vi}.`, en: `Not counted ${dayWord(day)}: ${words.en}${note.en}.` };
}

function pauseWords(calendar: WorkCalendar, of: Deadline, { from, until, off }: Deadline['pauses'][number]): Words {
  if (until === null)
    return { vi: `Chờ bổ sung từ ${vi(from)}: thời hạn tạm dừng.`, en: `Supplement awaited since ${en(from)}: the clock stands.` };
  const inHours = of.source === 'term' && of.term?.unit === 'hour';
  const span = inHours ? spanWords(calendar, off) : { vi: `${off} ngày làm việc`, en: `${off} working days` };
  return {
    vi: `Trừ thời gian bổ sung từ ${vi(from)} đến ${vi(until)}: ${span.vi}.`,
    en: `Less the supplement from ${en(from)} to ${en(until)}: ${span.en}.`,
  };
}
