import { createHash } from 'node:crypto';
import type { NationalStatus } from '../model/dossier.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { Block, Built, Source } from './build.ts';
import type { HubSide, LineRule, Loss, Mapping } from './contract.ts';
import { dayStart } from './crosswalk.ts';
import { deskReader } from './desk.ts';
import { equalOf, type Normalises } from './equal.ts';
import { explainLine } from './explain.ts';
import { fieldAt } from './fields.ts';
import { type Inverse, inverseLine } from './inverse.ts';
import { type Line, oursOf } from './lines.ts';
import { findListLine, type ListLine, linesOf } from './list-lines.ts';
import { losesValue } from './loss.ts';
import { json, type Path, printKey, reader, withValue } from './paths.ts';
import { findFields, phaseReader } from './stage.ts';
import { views } from './views.ts';
import { write } from './write.ts';

/** What a compiled mapping needs beside its lines. */
export interface CompileInput {
  readonly source: Source;
  readonly built: Built;
  /** Text of the mapping file and of the record schema; they count into the version. */
  readonly text: string;
  readonly recordText: string;
  readonly normalises: Readonly<Record<string, Normalises>>;
}
/** A mapping together with what checks, laws and screens need to see of it. */
export interface Compiled {
  readonly mapping: Mapping;
  readonly source: Source;
  readonly built: Built;
}

const DAY_MS = 86_400_000;
type Equal = (a: LineValue, b: LineValue) => boolean;

/** Compiles once to closures; the version is the hash of everything that decides what the mapping does. */
export function compile(input: CompileInput): Compiled {
  const { source, built } = input;
  const { node, form } = source;
  const shelf = shelve(input);
  const table = node.desk === null ? undefined : source.crosswalks.get(node.desk.in.text);
  const mapping: Mapping = {
    ...about(input),
    ...(node.desk === null || table === undefined
      ? {}
      : {
          desk: deskReader(
            node.desk.of.map(({ path }) => path),
            table,
          ),
        }),
    rules: [...shelf.rules.values()],
    rule: shelf.rule,
    ...views(built, shelf.find),
    equal: (id, a, b) => isIdentical(a, b) || shelf.equalFor(shelf.lineOf(id))(a, b),
    write: (values) => write(values, shelf.plain, shelf.find),
    inverse: (values, hub) => inverse(values, hub, shelf),
    losses: (hub) => lossesOf(built, hub),
    phase: phaseReader(node.phase),
    kept: keeper(node.ignore.drop.map((each) => each.path)),
    findFields: (hub, by) => findFields(built.plain, hub, by),
    explain: () => [
      ...built.plain.map((line) => ({ line: line.id, vi: explainLine(line, form.document, source.record) })),
      ...built.blocks.flatMap((block) => explainBlock(block, source)),
    ],
  };
  return { mapping, source, built };
}

function about(
  input: CompileInput,
): Pick<Mapping, 'id' | 'version' | 'system' | 'record' | 'form' | 'procedures' | 'start' | 'needs' | 'acts' | 'steps'> {
  const { node, form } = input.source;
  const [system = '', record = ''] = splitId(node.id.text);
  return {
    id: node.id.text,
    version: versionOf(input),
    system,
    record,
    form: form.name,
    procedures: node.for.procedures.map((each) => ({
      code: each.code,
      from: each.from === null ? null : dayStart(each.from),
      until: each.until === null ? null : dayStart(each.until) + DAY_MS,
    })),
    start: { status: node.for.status.map((each) => Number(each.text) as NationalStatus) },
    needs: node.needs.map((each) => each.path.text),
    acts: node.acts,
    steps: node.steps,
  };
}

/** Equal whatever the line: the same scalar, or nothing on both sides. */
function isIdentical(a: LineValue, b: LineValue): boolean {
  if (a.is === 'value') return b.is === 'value' && a.value === b.value && typeof a.value !== 'object';
  return a.is === b.is && (a.is === 'absent' || a.is === 'empty');
}

/** The lines of a mapping by their ids. */
interface Shelf {
  readonly plain: ReadonlyMap<string, Line>;
  readonly rules: ReadonlyMap<string, LineRule>;
  find(id: string): ListLine | null;
  /** Throws RangeError where there is no such line. */
  lineOf(id: string): Line;
  rule(id: string): LineRule;
  equalFor(line: Line): Equal;
}

function shelve(input: CompileInput): Shelf {
  const { built } = input;
  const equals = equalities(input);
  const plain = new Map(built.plain.map((line) => [line.id, line]));
  const rules = new Map(built.plain.map((line) => [line.id, ruleOf(line, line.id, line.hubPath?.text ?? '')]));
  const find = (id: string): ListLine | null => findListLine(built.blocks, id);
  const missing = (id: string): RangeError =>
    new RangeError(`mapping ${input.source.node.id.text} has no line "${id.replace(/\[.*\]/, '[…]')}"`);
  return {
    plain,
    rules,
    find,
    lineOf: (id) => {
      const line = plain.get(id) ?? find(id)?.line;
      if (line === undefined) throw missing(id);
      return line;
    },
    rule: (id) => {
      const known = rules.get(id);
      if (known !== undefined) return known;
      const found = find(id);
      if (found === null) throw missing(id);
      return ruleOf(found.line, id, listHubPath(found));
    },
    equalFor: (line) => equals.get(line) ?? equalOf(line, null),
  };
}

function inverse(values: ReadonlyMap<string, AgreedValue>, hub: HubSide, shelf: Shelf): Inverse {
  const into: Inverse = { changes: [], problems: [] };
  const scope = { root: hub.document, here: hub.document };
  for (const [id, stated] of values) {
    const line = shelf.plain.get(id);
    if (line === undefined) inverseInList(id, shelf, stated, hub, into);
    else inverseLine({ id, line, scope, side: hub, equal: shelf.equalFor(line), pathOf: (path) => path.text, into }, stated);
  }
  return into;
}

export const splitId = (id: string): readonly string[] => {
  const at = id.indexOf('.');
  return at < 0 ? [id] : [id.slice(0, at), id.slice(at + 1)];
};

function ruleOf(line: Line, id: string, hubPath: string): LineRule {
  const { node, ready } = line;
  return {
    id,
    owner: line.owner,
    hubPath,
    until: node.until,
    clear: node.clear,
    lossy: node.lossy,
    ...(node.was === null ? {} : { was: node.was }),
    isKey: ready.isKey === true,
    isFile: ready.isFile === true,
  };
}

function versionOf(input: CompileInput): string {
  const hash = createHash('sha256');
  const part = (name: string, text: string) => hash.update(`${name}\u0000${text.length}\u0000${text}\u0000`);
  part('mapping', input.text);
  part('form', input.source.form.text);
  part('record', input.recordText);
  for (const name of [...input.built.crosswalks].sort()) part(`crosswalk ${name}`, input.source.crosswalks.get(name)?.text ?? '');
  return hash.digest('hex');
}

function equalities(input: CompileInput): ReadonlyMap<Line, Equal> {
  const all = new Map<Line, Equal>();
  for (const line of input.built.plain)
    all.set(line, equalOf(line, input.normalises[line.seen[0]?.path.text ?? ''] ?? input.normalises[line.recordPath.text] ?? null));
  for (const block of input.built.blocks) {
    for (const line of linesOf(block)) all.set(line, equalOf(line, input.normalises[`${block.left.text}.${line.recordPath.text}`] ?? null));
  }
  return all;
}

/** `files[name=K].kind` of a list line, K in the hub's words. */
function listHubPath({ block, line, key }: ListLine, side?: HubSide): string {
  const found = block.key.ready.inward(key, side ?? { document: {}, choices: [], at: Number.MAX_SAFE_INTEGER }, '');
  const hubKey = found.is === 'value' ? String(found.value) : key;
  return `${block.right.text}[${block.hubKey.text}=${printKey(hubKey)}].${line.hubPath?.text ?? ''}`;
}

function inverseInList(id: string, shelf: Shelf, stated: AgreedValue, hub: HubSide, into: Inverse): void {
  const line = shelf.lineOf(id);
  const found = shelf.find(id);
  if (found === null) return;
  const { block, key } = found;
  const list = json(reader(block.right)(hub.document));
  const here = (Array.isArray(list) ? (list as readonly Json[]) : []).find((element) => {
    const own = oursOf(block.key, { root: hub.document, here: element }, hub);
    return own.is === 'value' && String(own.value) === key;
  });
  const whole = listHubPath(found, hub);
  const element = whole.slice(0, whole.length - (line.hubPath?.text.length ?? 0));
  const scope = { root: hub.document, here: here ?? {} };
  const pathOf = (path: Path, rooted: boolean): string => (rooted ? path.text : `${element}${path.text}`);
  inverseLine({ id, line, scope, side: hub, equal: shelf.equalFor(line), pathOf, into }, stated);
}

/** A record without the fields that may not be kept. */
const keeper = (dropped: readonly Path[]): ((record: JsonObject) => JsonObject) => {
  const plain = dropped.filter((path) => path.steps.every((step) => step.where === null));
  return (record) => plain.reduce((now, path) => withValue(now, path, null), record);
};

function lossesOf(built: Built, hub: HubSide): readonly Loss[] {
  const scope = { root: hub.document, here: hub.document };
  return built.plain.flatMap((line) => {
    const reason = line.node.lossy;
    return reason !== null && losesValue(line, scope, hub) ? [{ line: line.id, reason }] : [];
  });
}

function explainBlock(block: Block, source: Source): readonly { readonly line: string; readonly vi: string }[] {
  const hub = fieldAt(source.form.document, block.right)?.item ?? undefined;
  const record = fieldAt(source.record, block.left)?.item ?? undefined;
  return linesOf(block).map((line) => ({
    line: line.id,
    vi: `Mỗi mục của "${block.left.text}" ↔ "${block.right.text}": ${explainLine(line, hub, record)}`,
  }));
}
