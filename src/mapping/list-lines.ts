import type { Json, JsonObject } from '../model/json.ts';
import { ABSENT, type LineValue } from '../model/line-value.ts';
import type { Block } from './build.ts';
import type { HubSide } from './contract.ts';
import { blame, type Line, oursOf, theirsOf } from './lines.ts';
import { isObject, printKey } from './paths.ts';
import { invalid, sentence } from './tell.ts';

/** Lines inside lists: one view entry per element and line, elements matched by key. */

const NO_KEY = sentence(
  'key-missing',
  'Một mục trong danh sách không có khóa để đối chiếu.',
  'An entry of the list has no key to match it by.',
);
const SAME_KEY = sentence('two-hits', 'Hai mục trong danh sách có cùng khóa.', 'Two entries of the list have the same key.');

/** The list's name on the left side of a line. */
const listOf = (block: Block, line: Line): string => (line.owner === 'take' ? block.right.text : block.left.text);
/** The line's own path inside an element, on its left side. */
export const subOf = (block: Block, line: Line): string => {
  if (line !== block.key) return line.node.left.text;
  return line.owner === 'take' ? block.hubKey.text : block.key.recordPath.text;
};
export const listLineId = (block: Block, line: Line, key: string): string =>
  `${listOf(block, line)}[${printKey(key)}].${subOf(block, line)}`;

export const linesOf = (block: Block): readonly Line[] => [block.key, ...block.lines];

export interface ListLine {
  readonly block: Block;
  readonly line: Line;
  readonly key: string;
}

/** The line and element an id `list[KEY].sub` speaks of. */
export function findListLine(blocks: readonly Block[], id: string): ListLine | null {
  for (const block of blocks) {
    for (const list of [block.left.text, block.right.text]) {
      const split = id.startsWith(`${list}[`) ? splitKey(id, list.length + 1) : null;
      if (split === null) continue;
      const line = linesOf(block).find((each) => listOf(block, each) === list && subOf(block, each) === split.sub);
      if (line !== undefined) return { block, line, key: split.key };
    }
  }
  return null;
}

function splitKey(id: string, at: number): { readonly key: string; readonly sub: string } | null {
  const quoted = id[at] === '"' ? /"(?:[^"\\]|\\.)*"/y : null;
  if (quoted !== null) quoted.lastIndex = at;
  const raw = quoted === null ? id.slice(at, Math.max(id.indexOf(']', at), at)) : (quoted.exec(id)?.[0] ?? '');
  const end = at + raw.length;
  if (!id.startsWith('].', end)) return null;
  return { key: quoted === null ? raw : String(JSON.parse(raw)), sub: id.slice(end + 2) };
}

export function listOurs(block: Block, hub: HubSide, list: Json | undefined, into: Map<string, LineValue>): void {
  walk(
    block,
    list,
    into,
    (element) => oursOf(block.key, { root: hub.document, here: element }, hub),
    (line, element) => oursOf(line, { root: hub.document, here: element }, hub),
  );
}

export function listTheirs(block: Block, record: JsonObject, list: Json | undefined, into: Map<string, LineValue>): void {
  walk(
    block,
    list,
    into,
    (element) => theirsOf(block.key, { root: record, here: element }),
    (line, element) => theirsOf(line, { root: record, here: element }),
  );
}

function walk(
  block: Block,
  list: Json | undefined,
  into: Map<string, LineValue>,
  keyOf: (element: Json) => LineValue,
  read: (line: Line, element: Json) => LineValue,
): void {
  if (!Array.isArray(list)) return;
  for (const element of list as readonly Json[]) {
    const key = isObject(element) ? keyOf(element) : ABSENT;
    if (key.is !== 'value') {
      const why = key.is === 'invalid' ? key : blame(invalid(NO_KEY), block.key, block.key.node.left.text);
      into.set(`${listOf(block, block.key)}[].${subOf(block, block.key)}`, why);
      continue;
    }
    const text = String(key.value);
    const id = listLineId(block, block.key, text);
    if (into.has(id)) {
      for (const line of linesOf(block)) into.set(listLineId(block, line, text), blame(invalid(SAME_KEY), line, line.node.left.text));
      continue;
    }
    into.set(id, key);
    for (const line of block.lines) into.set(listLineId(block, line, text), read(line, element));
  }
}
