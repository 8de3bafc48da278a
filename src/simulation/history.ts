import type { At } from '../model/json.ts';
import type { SimPath, SimSystem } from './lines.ts';

/**
 * Every value a person ever gave, as an edit that knows what its author had before their eyes. Each edit's value is
 * unique on its path, so wherever the value shows up the edit is known. This is the truth the oracle judges by.
 */
export interface Edit {
  readonly id: number;
  readonly code: string;
  readonly path: SimPath;
  readonly value: string;
  readonly at: At;
  readonly side: SimSystem;
  readonly why: 'first' | 'edit' | 'hand-typed' | 'result' | 'drift';
  /** Edits this one was made in the sight of. */
  readonly seen: ReadonlySet<number>;
  /** The same, and the edits it was later chosen against. */
  readonly parents: Set<number>;
}

/** An edit whose value was replaced at `system` by a write of ours that did not know it. */
export interface Overwrite {
  readonly edit: number;
  readonly system: SimSystem;
  readonly at: At;
  /** False where the system's capabilities left no way to know. */
  readonly avoidable: boolean;
}

export interface History {
  readonly edits: readonly Edit[];
  readonly overwrites: readonly Overwrite[];
  add(edit: Omit<Edit, 'id' | 'seen' | 'parents'>, parents: readonly (Edit | null)[]): Edit;
  of(code: string, path: SimPath, value: string): Edit | null;
  /** A person chose `winner` in the sight of `loser`. */
  decided(winner: Edit, loser: Edit): void;
  /** A person chose to have none of it. */
  dropped(edit: Edit): void;
  /** True when a person set this edit, or a later one made in sight of it, aside. */
  wasDropped(edit: Edit): boolean;
  overwritten(overwrite: Overwrite): void;
  /** True when `later` is `earlier` or was made with it in sight, directly or through others. */
  knows(later: Edit, earlier: Edit): boolean;
  /** True when `later` is `earlier` or was made with it in sight; decisions made since count for nothing. */
  madeInSight(later: Edit, earlier: Edit): boolean;
  /** Made without sight of one another, decisions aside. */
  concurrent(a: Edit, b: Edit): boolean;
  onPath(code: string, path: SimPath): readonly Edit[];
}

const slot = (code: string, path: string, value: string): string => `${code}|${path}|${value.toUpperCase()}`;

export const createHistory = (): History => {
  const edits: Edit[] = [];
  const overwrites: Overwrite[] = [];
  const setAside: Edit[] = [];
  const bySlot = new Map<string, Edit>();
  const reaches = (later: Edit, earlier: Edit, by: 'seen' | 'parents'): boolean => {
    const open = [later.id];
    const visited = new Set<number>();
    while (open.length > 0) {
      const id = open.pop();
      if (id === undefined || visited.has(id)) continue;
      if (id === earlier.id) return true;
      visited.add(id);
      open.push(...(edits[id]?.[by] ?? []));
    }
    return false;
  };
  return {
    edits,
    overwrites,
    add: (edit, parents) => {
      const known = parents.flatMap((parent) => (parent === null ? [] : [parent.id]));
      const added: Edit = { ...edit, id: edits.length, seen: new Set(known), parents: new Set(known) };
      edits.push(added);
      bySlot.set(slot(edit.code, edit.path, edit.value), added);
      return added;
    },
    of: (code, path, value) => bySlot.get(slot(code, path, value)) ?? null,
    decided: (winner, loser) => {
      if (winner.id !== loser.id) winner.parents.add(loser.id);
    },
    dropped: (edit) => {
      setAside.push(edit);
    },
    wasDropped: (edit) => setAside.some((dropped) => reaches(dropped, edit, 'parents')),
    overwritten: (overwrite) => {
      overwrites.push(overwrite);
    },
    knows: (later, earlier) => reaches(later, earlier, 'parents'),
    madeInSight: (later, earlier) => reaches(later, earlier, 'seen'),
    concurrent: (a, b) => !reaches(a, b, 'seen') && !reaches(b, a, 'seen'),
    onPath: (code, path) => edits.filter((edit) => edit.code === code && edit.path === path),
  };
};
