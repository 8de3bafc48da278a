import type { Json } from '../model/json.ts';
import { padCode } from '../model/text.ts';
import type { FormBook } from './forms.ts';
import { type Issue, issue, issueAt } from './issue.ts';

/** A row of a table as a document body: column titles are dotted paths (`data.child.birthDate`), an empty cell is absent. */

const COLUMN = /^[A-Za-z][A-Za-z0-9_-]*(\.([A-Za-z][A-Za-z0-9_-]*|\d{1,3}))*$/;
const NUMBERS = /^(status|revision|supplements|files\.\d+\.sizeBytes)$/;

/** What is wrong with the titles of the columns; a file with such titles is not read at all. */
export function columnIssues(columns: readonly string[]): readonly Issue[] {
  const issues: Issue[] = [];
  for (const [index, column] of columns.entries()) {
    const at = `cột ${index + 1}`;
    if (!COLUMN.test(column)) {
      issues.push(
        issue('', 'file.column', `Tên ${at} không đúng; ví dụ đúng: data.child.fullName.`, `Column ${index + 1} has no proper title.`),
      );
    } else if (columns.indexOf(column) !== index) {
      issues.push(issue(column, 'file.column-twice', 'Tên cột này có hai lần.', 'This column is there twice.'));
    } else if (columns.some((other) => other.startsWith(`${column}.`))) {
      issues.push(issue(column, 'file.column-clash', 'Cột này vừa là giá trị vừa là nhóm.', 'This column is both a value and a group.'));
    }
  }
  return issues;
}

export interface FlatRow {
  readonly body: Json;
  readonly issues: readonly Issue[];
  /** Codes that got their zeros back. */
  readonly notices: readonly Issue[];
}

/** Cells become typed by the form: numbers and flags where it says so, codes of fixed width get lost zeros back, all else stays text. */
export function flatRow(columns: readonly string[], cells: readonly string[], forms: FormBook): FlatRow {
  const issues: Issue[] = [];
  const notices: Issue[] = [];
  const form = cells[columns.indexOf('form')] ?? '';
  const tree: Branch = new Map();
  for (const [index, raw] of cells.entries()) {
    const column = columns[index];
    if (raw === '') continue;
    if (column === undefined)
      issues.push(issue('', 'file.too-many-cells', 'Dòng có nhiều ô hơn số cột.', 'The row has more cells than columns.'));
    else plant(tree, column.split('.'), typed(column, raw, form, forms, issues, notices));
  }
  return { body: grown(tree), issues, notices };
}

function typed(column: string, raw: string, form: string, forms: FormBook, issues: Issue[], notices: Issue[]): Json {
  const field = forms.field(form, column);
  const type = NUMBERS.test(column) ? 'integer' : (field?.type ?? 'string');
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(\.\d{1,6})?$/.test(raw)) return Number(raw);
  if (type === 'boolean' && /^(true|false)$/i.test(raw)) return raw.toLowerCase() === 'true';
  const width = field?.width;
  if (width !== 2 && width !== 3 && width !== 5) return raw;
  if (!/^\d+(\.0+)?$/.test(raw)) return raw;
  const code = padCode(raw, width);
  if (!code.ok) {
    issues.push(issueAt(column, code.problem));
    return raw;
  }
  if (code.value !== raw) {
    const vi = `Mã bị mất số 0 ở đầu hoặc thành số; đã viết lại đủ ${width} chữ số.`;
    notices.push(issue(column, 'code.padded', vi, `The code had lost zeros or become a number; written with ${width} digits again.`));
  }
  return code.value;
}

type Branch = Map<string, Branch | Json>;

function plant(tree: Branch, path: readonly string[], value: Json): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(name, value);
    return;
  }
  const known = tree.get(name);
  const branch: Branch = known instanceof Map ? known : new Map();
  tree.set(name, branch);
  plant(branch, rest, value);
}

/** Names 0, 1, 2 … without a gap make a list. */
function grown(tree: Branch): Json {
  const members = [...tree].map(([name, part]): [string, Json] => [name, part instanceof Map ? grown(part) : part]);
  const numbered = members.every(([name]) => /^\d+$/.test(name));
  if (members.length === 0 || !numbered) return Object.fromEntries(members);
  const list = members.sort(([a], [b]) => Number(a) - Number(b));
  return list.every(([name], index) => Number(name) === index) ? list.map(([, part]) => part) : Object.fromEntries(members);
}
