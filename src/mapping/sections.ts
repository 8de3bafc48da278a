import type { Phase } from '../model/words.ts';
import { ACTS, OFFICIAL_ACTS, PHASES } from '../model/words.ts';
import type { CaseNode, DeskNode, ForNode, IgnoredNode, IgnoreNode, PhaseNode } from './ast.ts';
import type { MappingAct, MappingSteps } from './contract.ts';
import { readOptional, readPathAt, readPaths, readPathTree, readWord } from './nodes.ts';
import type { Notes, Spot } from './tell.ts';
import { asList, asMap, asText, closedKeys, entry, type TextTree, type Tree } from './tree.ts';

/** The sections of a mapping file beside its lines. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const BASE_CODE = /^\d\.\d{6}$/;
const STATUS_WORDS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] as const;

export function readFor(tree: Tree, notes: Notes): ForNode | null {
  const map = asMap(tree, notes);
  if (map === null) return null;
  closedKeys(map, ['form', 'procedures', 'start'], ['form'], notes);
  const form = entry(map, 'form')?.value;
  const text = form === undefined ? null : asText(form, notes);
  if (text === null) return null;
  const procedures = entry(map, 'procedures')?.value;
  const start = entry(map, 'start')?.value;
  return {
    form: text,
    procedures: procedures === undefined ? [] : (asList(procedures, notes) ?? []).flatMap((item) => readProcedure(item, notes) ?? []),
    status: start === undefined ? [] : readStart(start, notes),
  };
}

function readProcedure(tree: Tree, notes: Notes): ForNode['procedures'][number] | null {
  const map = tree.is === 'text' ? null : asMap(tree, notes);
  if (map !== null) closedKeys(map, ['code', 'from', 'until'], ['code'], notes);
  const codeTree = tree.is === 'text' ? tree : map === null ? undefined : entry(map, 'code')?.value;
  const code = codeTree === undefined ? null : asText(codeTree, notes);
  if (code === null) return null;
  if (!BASE_CODE.test(code.text)) {
    wrongArgument(code, 'Mã thủ tục viết dạng gốc, ví dụ 1.001193.', 'A procedure is given by its base code, e.g. 1.001193.', notes);
    return null;
  }
  const day = (key: string) => (map === null ? null : readDay(entry(map, key)?.value, notes));
  return { code: code.text, from: day('from'), until: day('until'), spot: code.spot };
}

function readDay(tree: Tree | undefined, notes: Notes): string | null {
  const text = tree === undefined ? null : asText(tree, notes);
  if (text === null) return null;
  if (DAY.test(text.text) && !Number.isNaN(Date.parse(`${text.text}T00:00:00Z`))) return text.text;
  wrongArgument(text, 'Ngày viết dạng yyyy-MM-dd.', 'A day is written yyyy-MM-dd.', notes);
  return null;
}

const wrongArgument = (tree: TextTree, vi: string, en: string, notes: Notes): void => notes.error(tree.spot, 'argument', vi, en);

function readStart(tree: Tree, notes: Notes): ForNode['status'] {
  const map = asMap(tree, notes);
  if (map === null) return [];
  closedKeys(map, ['status'], ['status'], notes);
  const list = entry(map, 'status')?.value;
  return (list === undefined ? [] : (asList(list, notes) ?? [])).flatMap((item) => {
    const word = readWord(item, STATUS_WORDS, notes);
    return word === null ? [] : [{ text: word, spot: item.spot }];
  });
}

export function readDesk(tree: Tree | undefined, notes: Notes): DeskNode | null {
  const map = tree === undefined ? null : asMap(tree, notes);
  if (map === null) return null;
  closedKeys(map, ['of', 'in'], ['of', 'in'], notes);
  const table = entry(map, 'in')?.value;
  const text = table === undefined ? null : asText(table, notes);
  return text === null ? null : { of: readPaths(entry(map, 'of')?.value, notes), in: text };
}

export function readPhase(tree: Tree | undefined, notes: Notes): PhaseNode | null {
  const map = tree === undefined ? null : asMap(tree, notes);
  if (map === null) return null;
  closedKeys(map, ['from', 'map', 'note'], ['from', 'map'], notes);
  const from = readPathTree(entry(map, 'from')?.value, notes);
  const table = entry(map, 'map')?.value;
  const words = table === undefined ? null : asMap(table, notes);
  if (from === null || words === null) return null;
  const codes = new Map<string, Phase>();
  for (const each of words.entries) {
    const phase = readWord(each.value, PHASES, notes);
    if (phase !== null) codes.set(each.key, phase);
  }
  return { from, map: codes, notes: readPaths(entry(map, 'note')?.value, notes) };
}

export function readActs(tree: Tree | undefined, notes: Notes): readonly MappingAct[] {
  const map = tree === undefined ? null : asMap(tree, notes);
  return (map?.entries ?? []).flatMap((each) => {
    if (!(ACTS as readonly string[]).includes(each.key)) {
      notes.error(
        each.keySpot,
        'unknown-key',
        `Không có thao tác "${each.key}"; chọn: ${ACTS.join(', ')}.`,
        `There is no act "${each.key}"; choose: ${ACTS.join(', ')}.`,
      );
      return [];
    }
    const act = asMap(each.value, notes);
    if (act === null) return [];
    closedKeys(act, ['on', 'in'], ['on', 'in'], notes);
    const on = readWord(entry(act, 'on')?.value, OFFICIAL_ACTS, notes);
    const list = entry(act, 'in')?.value;
    const phases = (list === undefined ? [] : (asList(list, notes) ?? [])).flatMap((item) => readWord(item, PHASES, notes) ?? []);
    return on === null ? [] : [{ name: each.key, on, in: phases }];
  });
}

export function readSteps(tree: Tree | undefined, notes: Notes): MappingSteps | null {
  const map = tree === undefined ? null : asMap(tree, notes);
  if (map === null) return null;
  closedKeys(map, ['of', 'map'], ['of', 'map'], notes);
  const of = readWord(entry(map, 'of')?.value, ['status', 'phase'] as const, notes);
  const table = entry(map, 'map')?.value;
  const words = table === undefined ? null : asMap(table, notes);
  if (of === null || words === null) return null;
  const known: readonly string[] = of === 'status' ? STATUS_WORDS : PHASES;
  const codes: Record<string, string> = {};
  for (const each of words.entries) {
    if (!known.includes(each.key))
      notes.error(each.keySpot, 'unknown-key', `Không có bước "${each.key}".`, `There is no step "${each.key}".`);
    const code = asText(each.value, notes);
    if (code !== null) codes[each.key] = code.text;
  }
  return { of, map: codes };
}

export function readIgnore(tree: Tree | undefined, notes: Notes): IgnoreNode {
  const map = tree === undefined ? null : asMap(tree, notes);
  if (map !== null) closedKeys(map, ['ours', 'theirs', 'drop'], [], notes);
  const side = (key: string): readonly IgnoredNode[] => (map === null ? [] : readIgnored(entry(map, key)?.value, notes));
  return { ours: side('ours'), theirs: side('theirs'), drop: side('drop') };
}

function readIgnored(tree: Tree | undefined, notes: Notes): readonly IgnoredNode[] {
  if (tree?.is !== 'map') return readPaths(tree, notes).map((each) => ({ ...each, reason: '' }));
  return tree.entries.flatMap((each) => {
    const reason = asText(each.value, notes)?.text.trim() ?? '';
    const path = readPathAt(each.key, each.keySpot, notes);
    return path === null ? [] : [{ path, spot: each.keySpot, reason }];
  });
}

const CASE_KEYS = ['name', 'at', 'choices', 'ours', 'theirs', 'given', 'out', 'in', 'holds'] as const;

export function readCases(tree: Tree | undefined, notes: Notes): readonly CaseNode[] {
  const items = tree === undefined ? [] : (asList(tree, notes) ?? []);
  return items.flatMap((item) => {
    const map = asMap(item, notes);
    if (map === null) return [];
    closedKeys(map, CASE_KEYS, ['name'], notes);
    const at = (key: string): Tree | undefined => entry(map, key)?.value;
    const pairs = (key: string) => {
      const found = at(key);
      return found === undefined ? null : (asMap(found, notes)?.entries ?? []).map((each) => ({ path: each.key, value: each.value }));
    };
    const holds = at('holds');
    const read: CaseNode = {
      name: readOptional(at('name'), notes) ?? '',
      spot: map.spot,
      at: readDay(at('at'), notes),
      choices: (pairs('choices') ?? []).map((pair) => ({ path: pair.path, value: asText(pair.value, notes)?.text ?? '' })),
      ours: at('ours') ?? null,
      theirs: at('theirs') ?? null,
      given: at('given') ?? null,
      out: at('out') ?? null,
      in: pairs('in'),
      holds: holds === undefined ? null : (asList(holds, notes) ?? []).flatMap((each) => asText(each, notes)?.text ?? []),
    };
    checkCase(read, map.spot, notes);
    return [read];
  });
}

function checkCase(read: CaseNode, spot: Spot, notes: Notes): void {
  const both = read.ours !== null && read.theirs !== null;
  const out = read.given !== null && (read.out !== null || read.holds !== null);
  const inward = read.theirs !== null && (read.in !== null || read.holds !== null);
  if (both || out || inward) return;
  notes.error(
    spot,
    'missing-key',
    'Ca thử cần ours và theirs; hoặc given và out; hoặc theirs và in; hoặc holds.',
    'A case needs ours and theirs; or given and out; or theirs and in; or holds.',
  );
}
