import type { Owner, Phase } from '../model/words.ts';
import { OWNERS } from '../model/words.ts';
import type { MappingAct, MappingSteps } from './contract.ts';
import type { Path } from './paths.ts';
import type { Pipe } from './pipe.ts';
import type { Spot } from './tell.ts';
import type { TextTree, Tree } from './tree.ts';

/** A mapping file as typed data, each node with its place. What could not be read was told and is left out. */
export interface PathNode {
  readonly path: Path;
  readonly spot: Spot;
}
export interface PipeNode {
  readonly pipe: Pipe;
  readonly spot: Spot;
}
export interface GuardNode {
  readonly path: Path;
  readonly rooted: boolean;
  readonly test: 'present' | 'absent' | readonly string[];
  readonly spot: Spot;
}
export interface LineNode {
  readonly owner: Owner;
  readonly left: Path;
  readonly from: PipeNode;
  readonly seen: PipeNode | null;
  readonly until: Phase | null;
  readonly when: readonly GuardNode[];
  readonly clear: 'null' | 'empty' | 'omit' | null;
  readonly lossy: string | null;
  readonly was: string | null;
  readonly spot: Spot;
}
export interface EachNode {
  readonly left: PathNode;
  readonly right: PathNode;
  readonly theirs: PathNode;
  readonly ours: PipeNode;
  readonly clear: LineNode['clear'];
  readonly lines: readonly LineNode[];
  readonly spot: Spot;
}
export interface IgnoredNode extends PathNode {
  /** Why it is not carried; empty in a plain list of paths. */
  readonly reason: string;
}
export interface IgnoreNode {
  readonly ours: readonly IgnoredNode[];
  readonly theirs: readonly IgnoredNode[];
  readonly drop: readonly IgnoredNode[];
}
export interface PhaseNode {
  readonly from: PathNode;
  readonly map: ReadonlyMap<string, Phase>;
  readonly notes: readonly PathNode[];
}
export interface CaseNode {
  readonly name: string;
  readonly spot: Spot;
  readonly at: string | null;
  readonly choices: readonly { readonly path: string; readonly value: string }[];
  readonly ours: Tree | null;
  readonly theirs: Tree | null;
  readonly given: Tree | null;
  readonly out: Tree | null;
  readonly in: readonly { readonly path: string; readonly value: Tree }[] | null;
  readonly holds: readonly string[] | null;
}
export interface ForNode {
  readonly form: TextTree;
  readonly procedures: readonly {
    readonly code: string;
    readonly from: string | null;
    readonly until: string | null;
    readonly spot: Spot;
  }[];
  readonly status: readonly { readonly text: string; readonly spot: Spot }[];
}
/** The paths whose values name the agency, and the crosswalk that knows it. */
export interface DeskNode {
  readonly of: readonly PathNode[];
  readonly in: TextTree;
}
export interface MappingNode {
  readonly id: TextTree;
  readonly for: ForNode;
  readonly needs: readonly PathNode[];
  readonly desk: DeskNode | null;
  readonly lines: readonly LineNode[];
  readonly each: readonly EachNode[];
  readonly phase: PhaseNode | null;
  readonly acts: readonly MappingAct[];
  readonly steps: MappingSteps | null;
  readonly ignore: IgnoreNode;
  readonly cases: readonly CaseNode[];
  readonly spot: Spot;
}

export const TOP_KEYS = ['mapping', 'for', 'needs', 'desk', ...OWNERS, 'each', 'phase', 'acts', 'steps', 'ignore', 'cases'] as const;
export const LINE_KEYS = ['from', 'seen', 'until', 'when', 'clear', 'lossy', 'was'] as const;
export const EACH_KEYS = ['left', 'right', 'key', 'clear', ...OWNERS] as const;
export const CLEARS = ['null', 'empty', 'omit'] as const;
