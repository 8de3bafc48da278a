import type { LineNode } from './ast.ts';
import type { Built, Source } from './build.ts';
import { type Field, isRequired, leaves } from './fields.ts';
import type { Line } from './lines.ts';
import { isWithin, type Path, schemaPath } from './paths.ts';
import type { Notes } from './tell.ts';

/** The closed world: every field of both sides is mapped or ignored, and what the record demands has a source. */
export function checkWorld(source: Source, built: Built, notes: Notes): void {
  const ours = [...mappedOurs(built), ...statedPaths(source, 'ours')];
  const theirs = [...mappedTheirs(source, built), ...statedPaths(source, 'theirs')];
  const { node, form, record } = source;
  const ignoredOurs = node.ignore.ours.map((each) => schemaPath(each.path));
  const ignoredTheirs = [...node.ignore.theirs, ...node.ignore.drop].map((each) => schemaPath(each.path));
  const oursLeaves = [...leaves(form.data), ...(form.applicant.fields.size === 0 ? [] : leaves(form.applicant, 'applicant'))];
  const { spot } = node.id;
  for (const leaf of uncovered(oursLeaves, ours, ignoredOurs)) {
    notes.error(
      spot,
      'unmapped-ours',
      `Trường "${leaf}" của mẫu đơn chưa được ánh xạ, cũng không ở ignore.ours.`,
      `Form field "${leaf}" is neither mapped nor under ignore.ours.`,
    );
  }
  for (const leaf of uncovered(leaves(record), theirs, ignoredTheirs)) {
    notes.error(
      spot,
      'unmapped-theirs',
      `Trường "${leaf}" của bản ghi chưa được ánh xạ, cũng không ở ignore.theirs.`,
      `Record field "${leaf}" is neither mapped nor under ignore.theirs.`,
    );
  }
  const both = (
    side: readonly { readonly path: Path; readonly spot: Built['plain'][number]['node']['spot'] }[],
    mapped: readonly string[],
  ): void => {
    for (const each of side) {
      if (mapped.some((path) => isWithin(path, schemaPath(each.path)))) {
        notes.error(
          each.spot,
          'mapped-and-ignored',
          `Trường "${each.path.text}" vừa được ánh xạ vừa ở ignore.`,
          `Field "${each.path.text}" is both mapped and ignored.`,
        );
      }
    }
  };
  both(node.ignore.ours, ours);
  both(node.ignore.theirs, theirs);
  checkRequired(source, built, notes);
}

const uncovered = (all: readonly string[], mapped: readonly string[], ignored: readonly string[]): readonly string[] =>
  all.filter((leaf) => !mapped.some((path) => isWithin(leaf, path) || path === leaf) && !ignored.some((path) => isWithin(leaf, path)));

/** Conversions that speak of some fields below the line's path, not of all. */
const IN_PARTS: ReadonlySet<string> = new Set(['address', 'join', 'split-name']);

/** Paths of all lines as written: a line that could not be built was told already and still speaks of its fields. */
export function statedPaths(source: Source, side: 'ours' | 'theirs'): readonly string[] {
  const of = (line: LineNode, list: string): readonly string[] => {
    const isLeft = (side === 'ours') === (line.owner === 'take');
    const paths = isLeft ? [line.left] : [line.from.pipe.path];
    const seen = side === 'theirs' ? [line.seen?.pipe.path ?? null] : [];
    return [...paths, ...seen].flatMap((path) => (path === null ? [] : [list + schemaPath(path)]));
  };
  const { node } = source;
  const isWhole = (line: LineNode): boolean =>
    line.from.pipe.calls.every((call) => !IN_PARTS.has(call.name) && call.args.every((arg) => arg.is === 'word'));
  const plain = node.lines.filter(isWhole);
  const inLists = node.each.flatMap((each) =>
    each.lines.flatMap((line) => of(line, `${schemaPath(side === 'ours' ? each.right.path : each.left.path)}[].`)),
  );
  return [...plain.flatMap((line) => of(line, '')), ...inLists];
}

function mappedOurs(built: Built): readonly string[] {
  const of = (line: Line, list: string): readonly string[] => [
    ...line.hub.map((slot) => (slot.rooted ? '' : list) + schemaPath(slot.path)),
    ...line.node.when.map((guard) => (guard.rooted ? '' : list) + schemaPath(guard.path)),
  ];
  return [
    ...built.plain.flatMap((line) => of(line, '')),
    ...built.blocks.flatMap((block) => [block.key, ...block.lines].flatMap((line) => of(line, `${schemaPath(block.right)}[].`))),
  ];
}

/** Record paths that lines and the phase speak of. */
export function mappedTheirs(source: Source, built: Built): readonly string[] {
  const of = (line: Line, list: string): readonly string[] =>
    [...line.record, ...line.seen].map((slot) => (slot.rooted ? '' : list) + schemaPath(slot.path));
  const { phase } = source.node;
  return [
    ...built.plain.flatMap((line) => of(line, '')),
    ...built.blocks.flatMap((block) => [block.key, ...block.lines].flatMap((line) => of(line, `${schemaPath(block.left)}[].`))),
    ...(phase === null ? [] : [phase.from, ...phase.notes].map((each) => schemaPath(each.path))),
  ];
}

/** Leaves that must be there in every valid record. */
function requiredLeaves(field: Field, prefix = ''): readonly string[] {
  return [...field.required].flatMap((name) => {
    const each = field.fields.get(name);
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (each === undefined) return [];
    const inner = each.type === 'object' && each.fields.size > 0 ? requiredLeaves(each, path) : [];
    return inner.length > 0 ? inner : [path];
  });
}

function checkRequired(source: Source, built: Built, notes: Notes): void {
  const writes = built.plain.filter((line) => line.owner !== 'take');
  if (writes.length === 0) return;
  const { node, form, record } = source;
  for (const leaf of requiredLeaves(record)) {
    const lines = writes.filter((line) => line.record.some((slot) => isWithin(slot.path.text, leaf) || isWithin(leaf, slot.path.text)));
    const statedThere = built.plain.some((line) => line.owner === 'take' && line.record.some((slot) => slot.path.text === leaf));
    const [line] = lines;
    if (line === undefined) {
      if (statedThere) continue;
      notes.error(
        node.id.spot,
        'required-without-source',
        `Bản ghi bắt buộc có "${leaf}" nhưng không dòng nào ghi trường này.`,
        `The record requires "${leaf}", which no line writes.`,
      );
      continue;
    }
    if (lines.some((each) => isSure(each, source))) continue;
    notes.error(
      line.node.spot,
      'required-from-optional',
      `Bản ghi bắt buộc có "${leaf}" nhưng mẫu đơn (${form.name}) có thể để trống; thêm đường dẫn vào needs.`,
      `The record requires "${leaf}" but the form (${form.name}) may leave it empty; add its path to needs.`,
    );
  }
}

function isSure(line: Line, source: Source): boolean {
  if (line.ready.constant === true) return true;
  const { document } = source.form;
  return line.hub.some(
    (slot) =>
      isRequired(document, slot.path) ||
      source.node.needs.some((need) => isWithin(need.path.text, slot.path.text) || isWithin(slot.path.text, need.path.text)),
  );
}
