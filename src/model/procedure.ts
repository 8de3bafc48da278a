import { sameProcedure } from './codes.ts';
import type { At } from './json.ts';
import { businessDate, parsePartialDate, printPartialDate } from './partial-date.ts';
import { fails, type Reading, reads } from './reading.ts';

/** The procedures of the province as data: codes expire, merge and carry suffixes; the base code at the dossier's date decides. */

export interface ProcedureRow {
  /** Base code (`1.001193`), or a local invention without national shape. */
  readonly code: string;
  readonly name: string;
  /** The form its dossiers use: `birth@1`. */
  readonly form: string;
  /** First and last valid day in +07:00, `yyyy-MM-dd`; null = open. */
  readonly from: string | null;
  readonly until: string | null;
  /** Base code that took its place. */
  readonly replacedBy: string | null;
  readonly level: string | null;
}

export type ProcedureMatch =
  | { readonly is: 'found'; readonly row: ProcedureRow }
  | { readonly is: 'expired'; readonly row: ProcedureRow; readonly replacedBy: string | null }
  | { readonly is: 'not-yet'; readonly row: ProcedureRow }
  | { readonly is: 'unknown' };

/** What the catalogue says of a procedure code on the day the dossier was received (`receivedAt`). An expired code is reported, never replaced. */
export function matchProcedure(catalogue: readonly ProcedureRow[], code: string, receivedAt: At): ProcedureMatch {
  const day = printPartialDate(businessDate(receivedAt));
  const rows = catalogue.filter((row) => sameProcedure(row.code, code));
  const found = rows.find((row) => (row.from ?? day) <= day && day <= (row.until ?? day));
  if (found !== undefined) return { is: 'found', row: found };
  const ended = rows.filter((row) => row.until !== null && row.until < day).sort((a, b) => ((a.until ?? '') < (b.until ?? '') ? 1 : -1))[0];
  if (ended !== undefined) return { is: 'expired', row: ended, replacedBy: ended.replacedBy };
  const coming = rows[0];
  return coming === undefined ? { is: 'unknown' } : { is: 'not-yet', row: coming };
}

const NAMES: readonly string[] = ['code', 'name', 'form', 'from', 'until', 'replacedBy', 'level'];

/** The catalogue from parsed YAML or JSON, every scalar text. Days must be real; two rows of one code may not overlap. */
export function readCatalogue(raw: unknown): Reading<readonly ProcedureRow[]> {
  if (!Array.isArray(raw)) return broken(0);
  const rows: ProcedureRow[] = [];
  for (const [index, each] of raw.entries()) {
    const row = readRow(each);
    if (row === null || rows.some((other) => sameProcedure(other.code, row.code) && overlap(other, row))) return broken(index + 1);
    rows.push(row);
  }
  return reads(rows);
}

function readRow(raw: unknown): ProcedureRow | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const members = Object.entries(raw);
  if (members.some(([name, value]) => !NAMES.includes(name) || typeof value !== 'string' || value === '')) return null;
  const {
    code,
    name,
    form,
    from = null,
    until = null,
    replacedBy = null,
    level = null,
  } = Object.fromEntries(members) as Partial<ProcedureRow>;
  if (code === undefined || name === undefined || form === undefined) return null;
  const days = [from, until].filter((day) => day !== null);
  if (days.some((day) => day.length !== 10 || !parsePartialDate(day).ok)) return null;
  return { code, name, form, from, until, replacedBy, level };
}

const overlap = (a: ProcedureRow, b: ProcedureRow): boolean => (a.from ?? '') <= (b.until ?? '9') && (b.from ?? '') <= (a.until ?? '9');

const broken = (row: number) =>
  fails(
    'catalogue.row',
    `Danh mục thủ tục sai ở dòng thứ ${row}: thiếu mã, tên hoặc mẫu đơn, ngày không đúng, hoặc trùng thời gian với dòng trước.`,
    `The catalogue of procedures is wrong in row ${row}: code, name or form is missing, a day is wrong, or it overlaps an earlier row.`,
  );
