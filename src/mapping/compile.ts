import { createHash } from 'node:crypto';
import type { NationalStatus } from '../model/dossier.ts';
import type { Json } from '../model/json.ts';
import { ABSENT, type AgreedValue, type Covers, type LineValue, UNSEEN } from '../model/line-value.ts';
import type { Block, Built, Source } from './build.ts';
import type { HubSide, LineRule, Loss, Mapping } from './contract.ts';
import { dayStart } from './crosswalk.ts';
import { equalOf, type Normalises } from './equal.ts';
import { explainLine } from './explain.ts';
import { fieldAt } from './fields.ts';
import { type Inverse, inverseLine } from './inverse.ts';
import { type Line, oursOf, theirsOf } from './lines.ts';
import { findListLine, type ListLine, linesOf, listOurs, listTheirs } from './list-lines.ts';
import { losesValue } from './loss.ts';
import { isWithin, json, printKey, reader } from './paths.ts';
import { findFields, phaseReader } from './stage.ts';
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
  const [system = '', record = ''] = splitId(node.id.text);
  const equals = equalities(input);
  const plain = new Map(built.plain.map((line) => [line.id, line]));
  const rules = new Map(built.plain.map((line) => [line.id, ruleOf(line, line.id, line.hubPath?.text ?? '')]));
  const blocks = built.blocks.map((block) => ({ block, ours: reader(block.right), theirs: reader(block.left) }));
  const visible = visibility(built);
  const find = (id: string): ListLine | null => findListLine(built.blocks, id);
  const lineOf = (id: string): Line => {
    const line = plain.get(id) ?? find(id)?.line;
    if (line === undefined) throw new RangeError(`mapping ${node.id.text} has no line "${id.replace(/\[.*\]/, '[…]')}"`);
    return line;
  };
  const equalFor = (line: Line): Equal => equals.get(line) ?? equalOf(line, null);
  const ours = (hub: HubSide): Map<string, LineValue> => {
    const view = new Map<string, LineValue>();
    const scope = { root: hub.document, here: hub.document };
    for (const line of built.plain) view.set(line.id, oursOf(line, scope, hub));
    for (const each of blocks) listOurs(each.block, hub, json(each.ours(hub.document)), view);
    return view;
  };
  const mapping: Mapping = {
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
    rules: [...rules.values()],
    rule: (id) => {
      const known = rules.get(id);
      if (known !== undefined) return known;
      const found = find(id);
      if (found === null) throw new RangeError(`mapping ${node.id.text} has no line "${id.replace(/\[.*\]/, '[…]')}"`);
      return ruleOf(found.line, id, listHubPath(found));
    },
    ours,
    theirs: (stated, covers) => {
      const view = new Map<string, LineValue>();
      const scope = { root: stated, here: stated };
      const seen = visible(covers);
      built.plain.forEach((line, i) => {
        view.set(line.id, seen.plain[i] === true ? theirsOf(line, scope) : UNSEEN);
      });
      blocks.forEach((each, i) => {
        if (seen.blocks[i] === true) listTheirs(each.block, stated, json(each.theirs(stated)), view);
      });
      return view;
    },
    unlisted: (id, covers) => {
      const found = find(id);
      const seen = visible(covers);
      return found === null || seen.blocks[built.blocks.indexOf(found.block)] === true ? ABSENT : UNSEEN;
    },
    equal: (id, a, b) => equalFor(lineOf(id))(a, b),
    write: (values) => write(values, plain, find),
    inverse: (values, hub) => {
      const into: Inverse = { changes: [], problems: [] };
      const scope = { root: hub.document, here: hub.document };
      for (const [id, stated] of values) {
        const line = plain.get(id);
        if (line !== undefined) inverseLine(id, line, stated, scope, hub, equalFor(line), (path) => path.text, into);
        else inverseInList(id, find(id), stated, hub, equalFor, into);
      }
      return into;
    },
    losses: (hub) => lossesOf(built, hub),
    phase: phaseReader(node.phase),
    findFields: (hub, by) => findFields(built.plain, hub, by),
    explain: () => [
      ...built.plain.map((line) => ({ line: line.id, vi: explainLine(line, form.document, source.record) })),
      ...built.blocks.flatMap((block) => explainBlock(block, source)),
    ],
  };
  return { mapping, source, built };
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

interface Visible {
  readonly plain: readonly boolean[];
  readonly blocks: readonly boolean[];
}

/** Which lines a sighting speaks of; the last answer is kept, since a system covers the same again and again. */
function visibility(built: Built): (covers: Covers) => Visible {
  const whole: Visible = { plain: built.plain.map(() => true), blocks: built.blocks.map(() => true) };
  let last: { readonly key: string; readonly visible: Visible } | null = null;
  return (covers) => {
    if (covers === 'all') return whole;
    const key = covers.join('\n');
    if (last?.key === key) return last.visible;
    const covered = (path: string): boolean => covers.some((prefix) => isWithin(path, prefix));
    const visible = {
      plain: built.plain.map((line) => line.seen.every((each) => covered(each.path.text))),
      blocks: built.blocks.map((block) => covered(block.left.text)),
    };
    last = { key, visible };
    return visible;
  };
}

/** `files[name=K].kind` of a list line, K in the hub's words. */
function listHubPath({ block, line, key }: ListLine, side?: HubSide): string {
  const found = block.key.ready.inward(key, side ?? { document: {}, choices: [], at: Number.MAX_SAFE_INTEGER }, '');
  const hubKey = found.is === 'value' ? String(found.value) : key;
  return `${block.right.text}[${block.hubKey.text}=${printKey(hubKey)}].${line.hubPath?.text ?? ''}`;
}

function inverseInList(
  id: string,
  found: ListLine | null,
  stated: AgreedValue,
  hub: HubSide,
  equalFor: (line: Line) => Equal,
  into: Inverse,
): void {
  if (found === null) throw new RangeError(`no line "${id.replace(/\[.*\]/, '[…]')}"`);
  const { block, line, key } = found;
  const list = json(reader(block.right)(hub.document));
  const here = (Array.isArray(list) ? (list as readonly Json[]) : []).find((element) => {
    const own = oursOf(block.key, { root: hub.document, here: element }, hub);
    return own.is === 'value' && String(own.value) === key;
  });
  const whole = listHubPath(found, hub);
  const element = whole.slice(0, whole.length - (line.hubPath?.text.length ?? 0));
  const scope = { root: hub.document, here: here ?? {} };
  inverseLine(id, line, stated, scope, hub, equalFor(line), (path, rooted) => (rooted ? path.text : `${element}${path.text}`), into);
}

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
