import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { Notes, Spot } from './tell.ts';

/** YAML as the language reads it: text, lists, maps, each with its place. */
export type Tree = TextTree | ListTree | MapTree;
export interface TextTree {
  readonly is: 'text';
  readonly text: string;
  readonly spot: Spot;
  /** How far the first character stands behind the spot (a quotation mark). */
  readonly inset: number;
}
export interface ListTree {
  readonly is: 'list';
  readonly items: readonly Tree[];
  readonly spot: Spot;
}
export interface MapTree {
  readonly is: 'map';
  readonly entries: readonly Entry[];
  readonly spot: Spot;
}
export interface Entry {
  readonly key: string;
  readonly keySpot: Spot;
  readonly value: Tree;
}

const NO_TAGS = ['Không dùng thẻ (!) trong bảng ánh xạ.', 'No tags (!) in a mapping.'] as const;
const MOST_CHARACTERS = 1_000_000;

/** Reads YAML under the failsafe schema; anchors, aliases, tags and duplicate keys are told. null when it is no YAML at all. */
export function readTree(text: string, file: string, notes: Notes): Tree | null {
  const start: Spot = { file, line: 1, column: 1 };
  if (text.length > MOST_CHARACTERS) {
    notes.error(start, 'yaml', 'Tệp quá lớn (hơn 1.000.000 ký tự).', 'The file is too large (over 1,000,000 characters).');
    return null;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  const spotAt = (offset: number): Spot => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  for (const problem of [...document.errors, ...document.warnings]) {
    const spot = spotAt(problem.pos[0]);
    if (problem.code === 'TAG_RESOLVE_FAILED') notes.error(spot, 'tag', ...NO_TAGS);
    else notes.error(spot, 'yaml', 'Tệp không đúng cú pháp YAML ở chỗ này.', `Not valid YAML here (${problem.code}).`);
  }
  if (document.errors.length > 0) return null;
  if (document.contents === null) {
    notes.error(start, 'yaml', 'Tệp không có nội dung.', 'The file is empty.');
    return null;
  }
  return convert(document.contents as Node, { notes, spotAt });
}

interface Way {
  readonly notes: Notes;
  readonly spotAt: (offset: number) => Spot;
}

function convert(node: Node, way: Way): Tree {
  const spot = way.spotAt(node.range?.[0] ?? 0);
  refuse(node, spot, way.notes);
  if (isMap(node)) return { is: 'map', entries: entriesOf(node.items as Pair<Node, Node | null>[], way), spot };
  if (isSeq(node)) return { is: 'list', items: (node.items as Node[]).map((item) => convert(item, way)), spot };
  if (isScalar(node)) {
    const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
    return { is: 'text', text: node.value === null ? '' : String(node.value), spot, inset: quoted ? 1 : 0 };
  }
  return { is: 'text', text: '', spot, inset: 0 };
}

function entriesOf(pairs: readonly Pair<Node, Node | null>[], way: Way): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const pair of pairs) {
    const key = convert(pair.key, way);
    const name = key.is === 'text' ? key.text : '';
    if (key.is !== 'text') way.notes.error(key.spot, 'wrong-shape', 'Khóa phải là chữ.', 'A key must be text.');
    if (entries.has(name)) {
      way.notes.error(key.spot, 'duplicate-key', `Khóa "${name}" viết hai lần.`, `Key "${name}" is written twice.`);
      continue;
    }
    const value: Tree = pair.value === null ? { is: 'text', text: '', spot: key.spot, inset: 0 } : convert(pair.value, way);
    entries.set(name, { key: name, keySpot: key.spot, value });
  }
  return [...entries.values()];
}

function refuse(node: Node, spot: Spot, notes: Notes): void {
  if (isAlias(node) || ('anchor' in node && node.anchor !== undefined)) {
    notes.error(spot, 'anchor', 'Không dùng neo (&) và bí danh (*) trong bảng ánh xạ.', 'No anchors (&) and aliases (*) in a mapping.');
  }
  if (node.tag !== undefined && !isAlias(node) && node.tag.startsWith('!') && !/^!!?(str|map|seq)?$/.test(node.tag)) {
    notes.error(spot, 'tag', ...NO_TAGS);
  }
}

/** The value under a key, where there is one. */
export const entry = (map: MapTree, key: string): Entry | undefined => map.entries.find((each) => each.key === key);

/** Readers that tell what is wrong and give null. */
export function asMap(tree: Tree, notes: Notes): MapTree | null {
  if (tree.is === 'map') return tree;
  if (tree.is === 'text' && tree.text === '') return { is: 'map', entries: [], spot: tree.spot };
  notes.error(tree.spot, 'wrong-shape', 'Ở đây phải là các cặp khóa: giá trị.', 'Here key: value pairs are needed.');
  return null;
}
export function asList(tree: Tree, notes: Notes): readonly Tree[] | null {
  if (tree.is === 'list') return tree.items;
  if (tree.is === 'text' && tree.text === '') return [];
  notes.error(tree.spot, 'wrong-shape', 'Ở đây phải là một danh sách.', 'Here a list is needed.');
  return null;
}
export function asText(tree: Tree, notes: Notes): TextTree | null {
  if (tree.is === 'text') return tree;
  notes.error(tree.spot, 'wrong-shape', 'Ở đây phải là một dòng chữ.', 'Here a text is needed.');
  return null;
}

/** Tells keys that are not in the closed set, and those that are missing. */
export function closedKeys(map: MapTree, allowed: readonly string[], required: readonly string[], notes: Notes): void {
  for (const each of map.entries) {
    if (allowed.includes(each.key)) continue;
    notes.error(
      each.keySpot,
      'unknown-key',
      `Không có khóa "${each.key}" ở đây; chỉ dùng: ${allowed.join(', ')}.`,
      `There is no key "${each.key}" here; known are: ${allowed.join(', ')}.`,
    );
  }
  for (const key of required) {
    if (entry(map, key) === undefined) notes.error(map.spot, 'missing-key', `Thiếu khóa "${key}".`, `Key "${key}" is missing.`);
  }
}
