import type { Json } from '../../model/json.ts';
import { ABSENT, type LineValue, value } from '../../model/line-value.ts';
import type { HubSide } from '../contract.ts';
import { type Candidate, type Crosswalk, causeKey } from '../crosswalk.ts';
import { parsePath } from '../paths.ts';
import { invalid, sentence } from '../tell.ts';
import {
  type Conversion,
  type Finding,
  finding,
  type HubPart,
  type Sides,
  scalarText,
  tidyText,
  typed,
  words,
  wrongArgument,
} from './contract.ts';

const NOT_CODE = invalid(sentence('code.type', 'Mã phải là chữ hoặc số.', 'A code must be text or a number.'));
const UNKNOWN = sentence(
  'unknown-code',
  'Mã chưa có trong bảng đối chiếu; đã báo bộ phận kỹ thuật.',
  'The code is not in the crosswalk yet; the integrators were told.',
);
const SPLIT = sentence(
  'split-code',
  'Mã này ứng với nhiều mã mới; đề nghị chọn cho hồ sơ này.',
  'This code stands for several; please choose for this dossier.',
);
const EXAMPLE = 'code(gender.btp)';

/** `code(crosswalk)`, `code(crosswalk, field beside)`. No code passes without a row. */
export const code: Conversion = {
  name: 'code',
  example: EXAMPLE,
  prepare(args, world) {
    const list = words(args);
    const [name, beside] = list ?? [];
    const second = beside === undefined ? null : parsePath(beside.replace(/^\//, ''));
    if (name === undefined || (list?.length ?? 0) > 2 || (beside !== undefined && second === null)) return wrongArgument(EXAMPLE);
    const table = world.crosswalk(name);
    if (table === null) {
      return finding(
        'unknown-crosswalk',
        `Không có bảng đối chiếu "${name}" (crosswalks/${name}.csv).`,
        `There is no crosswalk "${name}" (crosswalks/${name}.csv).`,
      );
    }
    const hubParts: readonly HubPart[] = [
      { where: 'self', path: null },
      { where: beside?.startsWith('/') === true ? 'root' : 'beside', path: second },
    ];
    return {
      name: 'code',
      outward: (of, side, path) => outward(table, of, side, path),
      inward: (of, side, path) => inward(table, of, side, path, second !== null),
      normal: (of) => {
        const text = scalarText(of);
        return text === null ? NOT_CODE : value(table.normal(tidyText(text)));
      },
      check: (sides) => check(table, sides, second === null ? [] : hubParts),
      explain: () => `đổi mã theo bảng đối chiếu "${name}"`,
      recordSamples: [...new Set(table.rows.filter((row) => row.inward).map((row) => row.theirs))],
      hubSamples: [...new Set(table.rows.filter((row) => row.outward).map((row) => row.ours))].map((ours) =>
        second === null ? ours : splitPair(ours),
      ),
      ...(second === null ? {} : { hubParts }),
    };
  },
};

const splitPair = (ours: string): readonly [string, string | null] => {
  const at = ours.lastIndexOf('@');
  return at < 0 ? [ours, null] : [ours.slice(0, at), ours.slice(at + 1)];
};

function outward(table: Crosswalk, of: Json, side: HubSide, path: string): LineValue {
  const [raw, second] = Array.isArray(of) ? (of as readonly Json[]) : [of, undefined];
  if (raw === undefined || raw === null) return ABSENT;
  const text = scalarText(raw);
  if (text === null) return NOT_CODE;
  const key = second === undefined || second === null ? text : `${text}@${scalarText(second) ?? ''}`;
  return decide(table, table.outward(key, side.at), key, raw, side, path);
}

function inward(table: Crosswalk, of: Json, side: HubSide, path: string, isPair: boolean): LineValue {
  const text = scalarText(of);
  if (text === null) return NOT_CODE;
  const found = decide(table, table.inward(text, side.at), text, of, side, path);
  return isPair && found.is === 'value' ? value(splitPair(String(found.value))) : found;
}

function decide(table: Crosswalk, candidates: readonly Candidate[], key: string, source: Json, side: HubSide, path: string): LineValue {
  const [only] = candidates;
  const chosen = side.choices.find(
    (choice) => choice.path === path && choice.crosswalk === table.name && (choice.source === key || choice.source === source),
  );
  // A code without a row may be chosen for one dossier too, from the codes the list knows.
  if (only === undefined && chosen !== undefined && table.rows.some((row) => row.outward && row.theirs === chosen.value))
    return value(chosen.value);
  if (only === undefined) return invalid(UNKNOWN, { hold: 'unknown-code', cause: `crosswalk:${table.name}:${causeKey(key)}` });
  if (candidates.length === 1) return value(only.code);
  if (chosen !== undefined && candidates.some((candidate) => candidate.code === chosen.value)) return value(chosen.value);
  const choices = candidates.map((candidate) => ({ value: candidate.code, label: candidate.label }));
  return invalid(SPLIT, { hold: 'split-code', cause: `crosswalk:${table.name}:${causeKey(key)}`, choices });
}

function check(table: Crosswalk, sides: Sides, parts: readonly HubPart[]): readonly Finding[] {
  const found = [
    ...typed(parts.length > 0 ? null : sides.hub, ['text', 'integer'], 'hub', 'code'),
    ...typed(sides.record, ['text', 'integer', 'number'], 'record', 'code'),
  ];
  const values = sides.hub?.enum ?? [];
  const known = new Set(table.rows.filter((row) => row.outward).map((row) => row.ours));
  const missing = parts.length > 0 ? [] : values.filter((each) => !known.has(each));
  if (missing.length > 0) {
    found.push(
      finding(
        'enum-without-row',
        `Bảng đối chiếu "${table.name}" thiếu dòng cho: ${missing.join(', ')}.`,
        `Crosswalk "${table.name}" has no row for: ${missing.join(', ')}.`,
      ),
    );
  }
  const there = sides.record?.enum ?? null;
  const outside =
    there === null ? [] : [...new Set(table.rows.filter((row) => row.outward && !there.includes(row.theirs)).map((row) => row.theirs))];
  if (outside.length > 0) {
    found.push(
      finding(
        'row-outside-enum',
        `Bảng đối chiếu "${table.name}" có mã mà bản ghi không nhận: ${outside.join(', ')}.`,
        `Crosswalk "${table.name}" has codes that the record does not take: ${outside.join(', ')}.`,
      ),
    );
  }
  const longest = sides.record?.maxLength ?? null;
  if (longest !== null && table.rows.some((row) => row.outward && row.theirs.length > longest)) {
    found.push(
      finding(
        'narrowing-length',
        `Bảng đối chiếu "${table.name}" có mã dài hơn ${longest} ký tự.`,
        `Crosswalk "${table.name}" has codes longer than ${longest} characters.`,
      ),
    );
  }
  const merged = sides.comesIn && !sides.lossy ? mergedCodes(table) : [];
  if (merged.length > 0) {
    found.push(
      finding(
        'code-merges',
        `Bảng đối chiếu "${table.name}": khi đọc về, một mã ứng với nhiều mã của ta: ${merged.join(', ')}; đánh dấu ">" cho dòng chỉ dùng chiều đi.`,
        `Crosswalk "${table.name}": inward one code stands for several of ours: ${merged.join(', ')}; mark rows that only go outward ">".`,
      ),
    );
  }
  return found;
}

/** Codes that on some day stand for several of ours. */
function mergedCodes(table: Crosswalk): readonly string[] {
  const merged = table.rows.filter(
    (row) => row.inward && table.inward(row.theirs, row.from ?? (row.until === null ? 0 : row.until - 1)).length > 1,
  );
  return [...new Set(merged.map((row) => row.theirs))].slice(0, 20);
}
