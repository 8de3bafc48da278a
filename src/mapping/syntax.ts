import type { Owner } from '../model/words.ts';
import { OWNERS, PHASES } from '../model/words.ts';
import { CLEARS, EACH_KEYS, type EachNode, type GuardNode, LINE_KEYS, type LineNode, type MappingNode, TOP_KEYS } from './ast.ts';
import { readOptional, readPathAt, readPaths, readPathTree, readPipe, readPipeTree, readWord } from './nodes.ts';
import { readActs, readCases, readDesk, readFor, readIgnore, readPhase, readSteps } from './sections.ts';
import type { Notes, Spot } from './tell.ts';
import { asList, asMap, asText, closedKeys, entry, type MapTree, readTree, type Tree } from './tree.ts';

/** Reads a mapping file. Every problem goes to `notes`; null when there is no mapping in it at all. */
export function readMapping(text: string, file: string, notes: Notes): MappingNode | null {
  const tree = readTree(text, file, notes);
  const top = tree === null ? null : asMap(tree, notes);
  if (top === null) return null;
  closedKeys(top, TOP_KEYS, ['mapping', 'for'], notes);
  const idTree = entry(top, 'mapping')?.value;
  const id = idTree === undefined ? null : asText(idTree, notes);
  const forTree = entry(top, 'for')?.value;
  const about = forTree === undefined ? null : readFor(forTree, notes);
  if (id === null || about === null) return null;
  const at = (key: string): Tree | undefined => entry(top, key)?.value;
  return {
    id,
    for: about,
    needs: readPaths(at('needs'), notes),
    desk: readDesk(at('desk'), notes),
    lines: readOwners(top, notes),
    each: readEach(at('each'), notes),
    phase: readPhase(at('phase'), notes),
    acts: readActs(at('acts'), notes),
    steps: readSteps(at('steps'), notes),
    ignore: readIgnore(at('ignore'), notes),
    cases: readCases(at('cases'), notes),
    spot: top.spot,
  };
}

function readOwners(map: MapTree, notes: Notes): readonly LineNode[] {
  return OWNERS.flatMap((owner) => {
    const block = entry(map, owner)?.value;
    const lines = block === undefined ? null : asMap(block, notes);
    return (lines?.entries ?? []).flatMap((each) => readLine(owner, each.key, each.keySpot, each.value, notes) ?? []);
  });
}

function readLine(owner: Owner, key: string, spot: Spot, tree: Tree, notes: Notes): LineNode | null {
  const left = readPathAt(key, spot, notes);
  if (left === null) return null;
  const plain = { owner, left, spot, seen: null, until: null, when: [], clear: null, lossy: null, was: null };
  if (tree.is === 'text') {
    const from = readPipe(tree, notes);
    return from === null ? null : { ...plain, from };
  }
  const map = asMap(tree, notes);
  if (map === null) return null;
  closedKeys(map, LINE_KEYS, ['from'], notes);
  const at = (name: string): Tree | undefined => entry(map, name)?.value;
  const fromTree = at('from');
  const from = fromTree === undefined ? null : readPipeTree(fromTree, notes);
  if (from === null) return null;
  const seen = at('seen');
  return {
    ...plain,
    from,
    seen: seen === undefined ? null : readPipeTree(seen, notes),
    until: readWord(at('until'), PHASES, notes),
    when: readGuards(at('when'), notes),
    clear: readWord(at('clear'), CLEARS, notes),
    lossy: readOptional(at('lossy'), notes),
    was: readOptional(at('was'), notes),
  };
}

function readEach(tree: Tree | undefined, notes: Notes): readonly EachNode[] {
  const items = tree === undefined ? [] : tree.is === 'map' ? [tree] : (asList(tree, notes) ?? []);
  return items.flatMap((item) => {
    const map = asMap(item, notes);
    if (map === null) return [];
    closedKeys(map, EACH_KEYS, ['left', 'right', 'key'], notes);
    const key = entry(map, 'key')?.value;
    const keys = key === undefined ? null : asMap(key, notes);
    if (keys === null) return [];
    closedKeys(keys, ['theirs', 'ours'], ['theirs', 'ours'], notes);
    const left = readPathTree(entry(map, 'left')?.value, notes);
    const right = readPathTree(entry(map, 'right')?.value, notes);
    const theirs = readPathTree(entry(keys, 'theirs')?.value, notes);
    const oursTree = entry(keys, 'ours')?.value;
    const ours = oursTree === undefined ? null : readPipeTree(oursTree, notes);
    if (left === null || right === null || theirs === null || ours === null) return [];
    const clear = readWord(entry(map, 'clear')?.value, CLEARS, notes);
    return [{ left, right, theirs, ours, clear, lines: readOwners(map, notes), spot: map.spot }];
  });
}

function readGuards(tree: Tree | undefined, notes: Notes): readonly GuardNode[] {
  const map = tree === undefined ? null : asMap(tree, notes);
  return (map?.entries ?? []).flatMap((each) => {
    const rooted = each.key.startsWith('/');
    const path = readPathAt(rooted ? each.key.slice(1) : each.key, each.keySpot, notes);
    if (path === null) return [];
    if (each.value.is === 'text') {
      const { text } = each.value;
      return [{ path, rooted, test: text === 'present' || text === 'absent' ? text : [text], spot: each.keySpot } satisfies GuardNode];
    }
    const values = (asList(each.value, notes) ?? []).flatMap((value) => asText(value, notes)?.text ?? []);
    return [{ path, rooted, test: values, spot: each.keySpot }];
  });
}
