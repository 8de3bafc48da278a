import { parse } from 'csv-parse/sync';
import type { At } from '../model/json.ts';
import { parsePartialDate } from '../model/partial-date.ts';
import { fold, tidy } from '../model/text.ts';
import type { Notes, Spot } from './tell.ts';

/** A table code ↔ code with days of validity (design §6). */
export interface CrosswalkRow {
  readonly ours: string;
  readonly theirs: string;
  readonly label: string;
  readonly outward: boolean;
  readonly inward: boolean;
  /** First instant valid, and first instant no longer valid. */
  readonly from: At | null;
  readonly until: At | null;
  readonly spot: Spot;
}
export interface Candidate {
  readonly code: string;
  readonly label: string;
}
export interface Crosswalk {
  readonly name: string;
  readonly text: string;
  readonly rows: readonly CrosswalkRow[];
  /** What the other side may call it on that day: none = unknown, several = a person chooses. */
  outward(ours: string, at: At): readonly Candidate[];
  inward(theirs: string, at: At): readonly Candidate[];
  /** A stated code in the table's own spelling: zeros put back, aliases led to their main code. */
  normal(theirs: string): string;
}

const HEADER = 'ours,theirs,label,direction,from,until';
const DAY_MS = 86_400_000;
const BUSINESS_OFFSET_MS = 7 * 3_600_000;
const MOST_ROWS = 200_000;

/** Matching key of a code or name: case, tone position, i/y and spaces do not count; vowel and tone marks do. */
export const matchKey = (text: string): string => fold(text, { marks: false, yi: true });
/** The same for people to read, in the cause of a hold. */
export const causeKey = (text: string): string => fold(text, { marks: false, tonePosition: false });

/** The start of a day in business time. */
export const dayStart = (day: string): At => Date.parse(`${day}T00:00:00Z`) - BUSINESS_OFFSET_MS;

/** Reads a CSV; every bad row is told and left out. */
export function readCrosswalk(name: string, text: string, file: string, notes: Notes): Crosswalk {
  const bare = text.replace(/^\ufeff/, '');
  const header = bare.slice(0, bare.search(/\r?\n|$/)).trim();
  if (header !== HEADER) {
    notes.error({ file, line: 1, column: 1 }, 'crosswalk-header', `Dòng đầu phải là: ${HEADER}.`, `The first line must be: ${HEADER}.`);
    return crosswalk(name, text, []);
  }
  return crosswalk(name, text, readRows(bare, file, notes));
}

function readRows(text: string, file: string, notes: Notes): readonly CrosswalkRow[] {
  const wrong = (line: number, vi: string, en: string) => notes.error({ file, line, column: 1 }, 'crosswalk-row', vi, en);
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      from_line: 2,
      to: MOST_ROWS,
    }) as unknown as typeof records;
  } catch {
    wrong(1, 'Tệp không đúng dạng CSV (dấu ngoặc kép chưa đóng?).', 'Not a CSV file (a quotation mark left open?).');
    return [];
  }
  const seen = new Set<string>();
  return records.flatMap(({ record, info }) => {
    const [ours = '', theirs = '', label = '', direction = '', from = '', until = ''] = record.map((cell) => tidy(cell));
    if (record.length !== 6) {
      wrong(info.lines, 'Mỗi dòng phải có đúng 6 cột.', 'Each row must have exactly 6 columns.');
      return [];
    }
    if (ours === '' || theirs === '') {
      wrong(info.lines, 'Cột ours và theirs không được để trống.', 'Columns ours and theirs must not be empty.');
      return [];
    }
    if (!['', '<>', '>', '<'].includes(direction)) {
      wrong(info.lines, 'Cột direction chỉ nhận <>, > hoặc <.', 'Column direction takes only <>, > or <.');
      return [];
    }
    const bad = [from, until].some((day) => day !== '' && !isDay(day));
    if (bad || (from !== '' && until !== '' && from > until)) {
      wrong(
        info.lines,
        'Cột from, until phải là ngày yyyy-MM-dd, from không sau until.',
        'Columns from and until are days yyyy-MM-dd, from not after until.',
      );
      return [];
    }
    const key = JSON.stringify([ours, theirs, direction, from, until]);
    if (seen.has(key)) {
      wrong(info.lines, 'Dòng này lặp lại một dòng ở trên.', 'This row repeats one above.');
      return [];
    }
    seen.add(key);
    return [
      {
        ours,
        theirs,
        label: label === '' ? theirs : label,
        outward: direction !== '<',
        inward: direction !== '>',
        from: from === '' ? null : dayStart(from),
        until: until === '' ? null : dayStart(until) + DAY_MS,
        spot: { file, line: info.lines, column: 1 },
      },
    ];
  });
}

const isDay = (text: string): boolean => {
  const read = parsePartialDate(text);
  return read.ok && read.value.precision === 'day';
};

interface Period {
  readonly from: At;
  readonly until: At;
  readonly outward: Index;
  readonly inward: Index;
}
interface Index {
  readonly exact: ReadonlyMap<string, readonly Candidate[]>;
  readonly folded: ReadonlyMap<string, readonly Candidate[]>;
}
const NONE: readonly Candidate[] = [];

/** A crosswalk from its rows; indexed by span of days, so that a look-up is one map access. */
export function crosswalk(name: string, text: string, rows: readonly CrosswalkRow[]): Crosswalk {
  const edges = [...new Set(rows.flatMap((row) => [row.from, row.until]).filter((at) => at !== null))].sort((a, b) => a - b);
  const starts = [Number.NEGATIVE_INFINITY, ...edges];
  const periods = starts.map((from, i) => period(rows, from, starts[i + 1] ?? Number.POSITIVE_INFINITY));
  let last = periods[0];
  const periodAt = (at: At): Period | undefined => {
    if (last === undefined || at < last.from || at >= last.until) last = periods.find((each) => at >= each.from && at < each.until);
    return last;
  };
  const find = (index: Index | undefined, code: string): readonly Candidate[] =>
    index?.exact.get(code) ?? (index === undefined ? NONE : (index.folded.get(matchKey(code)) ?? NONE));
  return {
    name,
    text,
    rows,
    outward: (ours, at) => find(periodAt(at)?.outward, ours),
    inward: (theirs, at) => find(periodAt(at)?.inward, theirs),
    normal: normaliser(rows),
  };
}

function period(rows: readonly CrosswalkRow[], from: At, until: At): Period {
  const valid = rows.filter((row) => (row.from ?? Number.NEGATIVE_INFINITY) <= from && (row.until ?? Number.POSITIVE_INFINITY) > from);
  const outward = valid
    .filter((row) => row.outward)
    .map((row) => ({ key: row.ours, code: row.theirs, label: row.label, main: row.inward }));
  const inward = valid.filter((row) => row.inward).map((row) => ({ key: row.theirs, code: row.ours, label: row.label, main: row.outward }));
  return { from, until, outward: index(outward, false), inward: index(inward, true) };
}

interface Way extends Candidate {
  readonly key: string;
  readonly main: boolean;
}

function index(ways: readonly Way[], mainWins: boolean): Index {
  return { exact: group(ways, (way) => way.key, mainWins), folded: group(ways, (way) => matchKey(way.key), mainWins) };
}

/** Inward, of several codes for one key the one that goes both ways wins if it is alone; outward a person chooses. */
function group(ways: readonly Way[], keyOf: (way: Way) => string, mainWins: boolean): ReadonlyMap<string, readonly Candidate[]> {
  const found = new Map<string, Way[]>();
  for (const way of ways) {
    const list = found.get(keyOf(way)) ?? [];
    if (!list.some((each) => each.code === way.code)) list.push(way);
    found.set(keyOf(way), list);
  }
  return new Map(
    [...found].map(([key, list]) => {
      const main = mainWins ? list.filter((way) => way.main) : [];
      return [key, (main.length === 1 ? main : list).map(({ code, label }) => ({ code, label }))];
    }),
  );
}

function normaliser(rows: readonly CrosswalkRow[]): (theirs: string) => string {
  const known = new Set(rows.filter((row) => row.outward).map((row) => row.theirs));
  const widths = new Set(rows.map((row) => (/^\d+$/.test(row.theirs) ? row.theirs.length : 0)));
  const width = widths.size === 1 ? ([...widths][0] ?? 0) : 0;
  const aliases = new Map<string, Set<string>>();
  const lead = (alias: string, main: string) => aliases.set(alias, (aliases.get(alias) ?? new Set()).add(main));
  for (const row of rows) {
    if (row.outward) lead(matchKey(row.theirs), row.theirs);
    else for (const main of rows) if (main.ours === row.ours && main.outward && main.inward) lead(matchKey(row.theirs), main.theirs);
  }
  return (theirs) => {
    if (known.has(theirs)) return theirs;
    const digits = width === 0 ? undefined : /^(\d+)(?:\.0+)?$/.exec(theirs)?.[1];
    if (digits !== undefined) return digits.padStart(width, '0');
    const mains = aliases.get(matchKey(theirs));
    return mains?.size === 1 ? ([...mains][0] ?? theirs) : theirs;
  };
}
