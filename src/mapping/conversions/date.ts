import { type DateFormat, dateFormat, parseDate, printAt, printDate } from '../../model/date-format.ts';
import type { Json } from '../../model/json.ts';
import { ABSENT, type LineValue, value } from '../../model/line-value.ts';
import {
  type PartialDate,
  type Precision,
  parseInstant,
  parsePartialDate,
  partialDate,
  printInstant,
  printPartialDate,
} from '../../model/partial-date.ts';
import type { Sentence } from '../../model/reading.ts';
import { isObject, parsePath } from '../paths.ts';
import type { Argument, FieldArgument } from '../pipe.ts';
import { invalid, sentence } from '../tell.ts';
import {
  type Conversion,
  type Finding,
  finding,
  type Ready,
  type RecordPart,
  type Sides,
  scalarText,
  typed,
  type World,
  words,
  wrongArgument,
} from './contract.ts';

const FORMAT = invalid(sentence('date.format', 'Ngày tháng không đúng định dạng.', 'The date does not have the agreed format.'));
const PRECISION = sentence(
  'date.precision',
  'Chỉ biết một phần ngày tháng, hệ thống kia cần đủ ngày; đề nghị bổ sung.',
  'The date is known only in part, the other system needs all of it; please complete it.',
);
const EXAMPLE = 'date(dd.MM.yyyy, MM.yyyy, yyyy)';
const wrong = (problem: Sentence): LineValue => invalid(problem);

/** `date(formats…)`, `date(format, full)`, `date({year, month, day})`. Precision survives both ways; no day is made up. */
export const date: Conversion = {
  name: 'date',
  example: EXAMPLE,
  prepare(args, world) {
    const [first] = args;
    if (first?.is === 'fields' && args.length === 1) return inFields(first.fields);
    return inText(args, world);
  },
};

function inText(args: readonly Argument[], world: World): Ready | Finding {
  const list = words(args);
  if (list === null || list.length === 0) return wrongArgument(EXAMPLE);
  const whole = list.includes('full');
  const formats: DateFormat[] = [];
  for (const name of list.filter((each) => each !== 'full')) {
    const read = dateFormat(name);
    if (!read.ok) return finding('argument', read.problem.vi, read.problem.en);
    formats.push(read.value);
  }
  const precisions = formats.map((format) => format.precision);
  const [first] = formats;
  if (first === undefined || new Set(precisions).size !== formats.length) return wrongArgument(EXAMPLE);
  const ready = first.precision === null ? moments(first) : days(formats, world.lossy);
  return {
    ...ready,
    name: 'date',
    check: (sides) => [
      ...typed(sides.hub, ['text'], 'hub', 'date'),
      ...typed(sides.record, ['text', 'integer'], 'record', 'date'),
      ...(first.precision === null || whole ? [] : checkPrecision(sides, precisions)),
    ],
    explain: () => `ngày viết dạng ${list.filter((each) => each !== 'full').join(' hoặc ')}${whole ? ', phải đủ ngày tháng năm' : ''}`,
  };
}

type Both = Pick<Ready, 'outward' | 'inward' | 'normal'>;

function days(formats: readonly DateFormat[], lossy: boolean): Both {
  const byPrecision = new Map(formats.map((format) => [format.precision, format]));
  const day = byPrecision.get('day');
  const quick = day === undefined ? null : quickDay(day);
  const outward = (of: Json): LineValue => {
    if (typeof of !== 'string') return FORMAT;
    const fast = quick?.(of);
    if (fast !== undefined) return value(fast);
    const read = parsePartialDate(of);
    if (!read.ok) return wrong(read.problem);
    const format = byPrecision.get(read.value.precision);
    if (format === undefined) return lossy ? ABSENT : invalid(PRECISION);
    const printed = printDate(format, read.value);
    return printed.ok ? value(printed.value) : wrong(printed.problem);
  };
  const read = (of: Json): PartialDate | null => {
    const text = scalarText(of)?.trim() ?? '';
    for (const format of formats) {
      const found = parseDate(format, text);
      if (found.ok && found.value.is === 'date') return found.value.date;
    }
    return null;
  };
  return {
    outward,
    inward: (of) => {
      const found = read(of);
      return found === null ? FORMAT : value(printPartialDate(found));
    },
    normal: (of) => {
      const text = scalarText(of)?.trim() ?? '';
      return read(of) === null ? FORMAT : value(text);
    },
  };
}

/** Whole days between 1800 and 2200 with a day up to 28 go by slices; all else takes the checked way. */
function quickDay(format: DateFormat): (iso: string) => string | undefined {
  const parts = format.parts.map((part) => (typeof part === 'string' ? { yyyy: 0, MM: 1, dd: 2 }[part as string] : part.literal));
  return (iso) => {
    if (iso.length !== 10 || iso[4] !== '-' || iso[7] !== '-') return undefined;
    for (let i = 0; i < 10; i += 1) {
      const code = iso.charCodeAt(i);
      if (i !== 4 && i !== 7 && (code < 48 || code > 57)) return undefined;
    }
    const month = (iso.charCodeAt(5) - 48) * 10 + iso.charCodeAt(6) - 48;
    const day = (iso.charCodeAt(8) - 48) * 10 + iso.charCodeAt(9) - 48;
    const century = iso.slice(0, 2);
    if (month < 1 || month > 12 || day < 1 || day > 28 || century < '18' || century > '21') return undefined;
    let text = '';
    for (const part of parts) text += part === 0 ? iso.slice(0, 4) : part === 1 ? iso.slice(5, 7) : part === 2 ? iso.slice(8, 10) : part;
    return text;
  };
}

function moments(format: DateFormat): Both {
  const read = (of: Json): LineValue => {
    const found = parseDate(format, scalarText(of)?.trim() ?? '');
    return found.ok && found.value.is === 'instant' ? value(printInstant(found.value.at)) : FORMAT;
  };
  const seconds = !format.parts.includes('SSS');
  const outward = (of: Json): LineValue => {
    const at = typeof of === 'string' ? parseInstant(of) : null;
    if (at?.ok !== true) return FORMAT;
    const unit = format.parts.includes('ss') ? 1000 : 60_000;
    const printed = printAt(format, seconds ? Math.floor(at.value / unit) * unit : at.value);
    return printed.ok ? value(printed.value) : wrong(printed.problem);
  };
  const normal = (of: Json): LineValue => {
    const found = read(of);
    return found.is === 'value' ? outward(found.value) : found;
  };
  return { outward, inward: read, normal };
}

function checkPrecision(sides: Sides, precisions: readonly (Precision | null)[]): readonly Finding[] {
  const partly = sides.hub?.format === 'partial-date';
  if (!partly || sides.lossy || (['day', 'month', 'year'] as const).every((each) => precisions.includes(each))) return [];
  return [
    finding(
      'narrowing-precision',
      'Ngày trong hồ sơ có thể chỉ biết năm hoặc tháng và năm; ghi thêm định dạng cho tháng, năm, hoặc full, hoặc lossy.',
      'The date may be known only by year or month; add formats for them, or full, or lossy.',
    ),
  ];
}

function inFields(fields: readonly FieldArgument[]): Ready | Finding {
  const recordParts = fields.flatMap((field) => recordPart(field) ?? []);
  const [year, month, day] = recordParts.map((part) => part.path.text);
  if (recordParts.length !== 3 || year === undefined || month === undefined || day === undefined)
    return wrongArgument('date({namSinh, thangSinh, ngaySinh})');
  const print = (found: PartialDate): LineValue => {
    const numbers: Record<string, Json> = { [year]: found.year };
    if ('month' in found) numbers[month] = found.month;
    if ('day' in found) numbers[day] = found.day;
    return value(numbers);
  };
  const read = (of: Json): PartialDate | null => {
    if (!isObject(of)) return null;
    const numbers = [year, month, day].map((name) => (of[name] === undefined ? undefined : Number(of[name])));
    if (numbers.some((number) => Number.isNaN(number))) return null;
    const found = partialDate(numbers[0] ?? Number.NaN, numbers[1], numbers[2]);
    return found.ok ? found.value : null;
  };
  return {
    name: 'date',
    recordParts,
    outward: (of) => {
      const found = typeof of === 'string' ? parsePartialDate(of) : null;
      return found === null ? FORMAT : found.ok ? print(found.value) : wrong(found.problem);
    },
    inward: (of) => {
      const found = read(of);
      return found === null ? FORMAT : value(printPartialDate(found));
    },
    normal: (of) => {
      const found = read(of);
      return found === null ? FORMAT : print(found);
    },
    check: (sides) => [...typed(sides.hub, ['text'], 'hub', 'date'), ...recordParts.flatMap((part) => checkNumber(sides, part))],
    explain: () => `ngày ghi thành ba trường ${[year, month, day].join(', ')}`,
    recordSamples: [{ [year]: 1957 }, { [year]: 1957, [month]: 4 }, { [year]: 1957, [month]: 4, [day]: 30 }],
  };
}

const checkNumber = (sides: Sides, part: RecordPart): readonly Finding[] =>
  typed(sides.recordPart(part) ?? null, ['integer', 'number', 'text'], 'record', 'datePart');

/** A name inside `{…}` as a field of the record. */
export function recordPart(field: FieldArgument): RecordPart | null {
  const rooted = field.name.startsWith('/');
  const path = parsePath(rooted ? field.name.slice(1) : field.name);
  return path === null || field.pipe !== null ? null : { where: rooted ? 'root' : 'below', path };
}
