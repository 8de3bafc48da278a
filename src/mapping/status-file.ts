import type { NationalStatus } from '../model/dossier.ts';
import { nationalStatus } from '../model/status.ts';
import type { OfficialActName, Phase } from '../model/words.ts';
import { OFFICIAL_ACTS, PHASES } from '../model/words.ts';
import type { Notes } from './tell.ts';
import { asList, asMap, asText, closedKeys, entry, readTree, type Tree } from './tree.ts';

/** `status.yaml`: how the dossier's status follows from its legs and from what officials did. */
export interface StatusRules {
  readonly phases: ReadonlyMap<Phase, NationalStatus>;
  /** Of several open legs the first status here that any of them asks for. */
  readonly worst: readonly NationalStatus[];
  /** Target of a refused leg by the dossier's present status. */
  readonly refused: ReadonlyMap<NationalStatus, 3 | 8>;
  readonly mixed: 3 | 8 | 'ask';
  readonly acts: ReadonlyMap<OfficialActName, NationalStatus | 'before'>;
}

const KEYS = ['phases', 'worst', 'refused', 'mixed', 'acts'] as const;

/** Reads the rules; null when the file cannot be used. */
export function readStatusRules(text: string, file: string, notes: Notes): StatusRules | null {
  const before = notes.all.length;
  const tree = readTree(text, file, notes);
  const map = tree === null ? null : asMap(tree, notes);
  if (map === null) return null;
  closedKeys(map, KEYS, KEYS, notes);
  const at = (key: string): Tree | undefined => entry(map, key)?.value;
  const wrong = (tree: Tree, vi: string, en: string): null => {
    notes.error(tree.spot, 'argument', vi, en);
    return null;
  };
  const status = (tree: Tree, allowed: (of: NationalStatus) => boolean = () => true): NationalStatus | null => {
    const read = tree.is === 'text' ? nationalStatus(tree.text) : null;
    return read !== null && allowed(read) ? read : wrong(tree, 'Trạng thái này không dùng được ở đây.', 'This status cannot stand here.');
  };
  const pairs = <Key extends string, Value>(key: string, keys: readonly Key[], read: (tree: Tree) => Value | null): Map<Key, Value> => {
    const found = new Map<Key, Value>();
    const table = at(key);
    for (const each of table === undefined ? [] : (asMap(table, notes)?.entries ?? [])) {
      const name = keys.find((known) => known === each.key);
      if (name === undefined) notes.error(each.keySpot, 'unknown-key', `Không có "${each.key}" ở đây.`, `There is no "${each.key}" here.`);
      const value = read(each.value);
      if (name !== undefined && value !== null) found.set(name, value);
    }
    return found;
  };
  const ends = (tree: Tree): 3 | 8 | null => {
    const read = status(tree, (of) => of === 3 || of === 8);
    return read === 3 || read === 8 ? read : null;
  };
  const phases = pairs('phases', PHASES, (tree) => status(tree, (of) => of !== 10));
  const worstTree = at('worst');
  const worst = (worstTree === undefined ? [] : (asList(worstTree, notes) ?? [])).flatMap((tree) => status(tree) ?? []);
  const byStatus = pairs('refused', ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] as const, ends);
  const acts = pairs('acts', OFFICIAL_ACTS, (tree) => (tree.is === 'text' && tree.text === 'before' ? ('before' as const) : status(tree)));
  const mixedTree = at('mixed');
  const mixed = mixedTree === undefined ? 'ask' : asText(mixedTree, notes)?.text === 'ask' ? 'ask' : (ends(mixedTree) ?? 'ask');
  const refused = new Map([...byStatus].map(([key, value]) => [Number(key) as NationalStatus, value] as const));
  return notes.all.slice(before).some((each) => each.severity === 'error') ? null : { phases, worst, refused, mixed, acts };
}
