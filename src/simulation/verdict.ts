import type { At } from '../model/json.ts';
import type { Hold, Link } from '../store/contract.ts';
import type { Risk } from '../sync/risks.ts';
import type { Edit } from './history.ts';
import { fromField, isShared, LINES, type Ministry, type SimLine, type SimPath, type SimSystem, sameValue } from './lines.ts';
import type { Rows } from './rows.ts';
import { now, textOf, type World, type WorldRecord } from './world.ts';

/** A promise that was broken; `what` is in words. */
export interface Violation {
  readonly rule:
    | 'not-converged'
    | 'lost-edit'
    | 'duplicate-record'
    | 'against-owner'
    | 'spurious-conflict'
    | 'not-at-rest'
    | 'invented-step'
    | 'step-order'
    | 'unexplained'
    | 'acknowledged-lost'
    | 'engine-error';
  readonly code: string;
  readonly what: string;
}

/** What a capability made unavoidable. The engine told of the risk when it took it; one untold is a violation. */
export interface Unavoidable {
  readonly what: 'twin' | 'blind-overwrite';
  readonly code: string;
  readonly system: SimSystem;
}

/** When the engine told of a risk at a system for a dossier. */
export const risksTold = (evidence: Evidence, code: string, system: SimSystem, risk: Risk): readonly At[] =>
  evidence.rows.audit.flatMap(({ code: of, at, detail }) =>
    of === code && String(detail.link).includes(`/${system}/`) && Array.isArray(detail.risks) && detail.risks.includes(risk) ? [at] : [],
  );

/** What the oracle looks at. */
export interface Evidence {
  readonly world: World;
  readonly rows: Rows;
  /** Records no link knows, by system, as the last sweeps counted them. */
  readonly strangers: ReadonlyMap<SimSystem, number>;
  /** Where the audit no longer fits its own hashes. */
  readonly brokenChains: readonly { readonly code: string; readonly seq: number }[];
}

export const isOpen = (hold: Hold): boolean => hold.closedAt === null || (hold.decision?.name === 'leave' && hold.decision !== null);

/** That a result is long in coming, or a step is not allowed, tells nobody that two sides differ. */
const SAYS_NOTHING_OF_LINES: ReadonlySet<Hold['kind']> = new Set(['no-result', 'status-step', 'cap']);

/** True when an open hold, or one a person left as it is, names this path of the dossier or the whole link. */
export const isHeld = (rows: Rows, code: string, link: Link | null, path: SimPath | null): boolean =>
  rows.holds.some((hold) => {
    if (hold.code !== code || !isOpen(hold)) return false;
    if (link !== null && hold.link !== null && hold.link !== link.id) return false;
    if (path === null) return true;
    if (hold.path === null) return !SAYS_NOTHING_OF_LINES.has(hold.kind);
    return namesPath(hold, path);
  });

export const namesPath = (hold: Hold, path: SimPath): boolean => {
  if (hold.path === path) return true;
  const system = hold.link === null ? null : hold.link.split('/')[1];
  return LINES.some((line) => line.path === path && line.field === hold.path && (system === null || line.system === system));
};

/** The hub's value on a path. */
export const hubValue = (rows: Rows, code: string, path: SimPath): string | null => {
  const dossier = rows.dossiers.get(code);
  if (dossier === undefined) return null;
  if (!path.startsWith('results.')) return textOf(dossier.body.data[path]);
  const [, leg, name] = path.split('.');
  const results = dossier.body.results[leg ?? ''];
  return typeof results === 'object' && results !== null && !Array.isArray(results)
    ? textOf((results as Record<string, never>)[name ?? ''])
    : null;
};

export const recordValue = (line: SimLine, record: WorldRecord): string | null => {
  const raw = textOf(now(record).record[line.field]);
  return raw === null ? null : fromField(line, raw);
};

export const agree = (a: string | null, b: string | null): boolean => (a === null || b === null ? a === b : sameValue(a, b));

/** The record a link speaks of, in truth. */
export const recordOf = (world: World, link: Link): WorldRecord | null =>
  world.records.find((record) => record.system === link.system && (link.externalId === null ? false : record.id === link.externalId)) ??
  null;

export const hubEdit = (evidence: Evidence, code: string, path: SimPath): Edit | null => {
  const held = hubValue(evidence.rows, code, path);
  return held === null ? null : evidence.world.history.of(code, path, held);
};

export const sharedPaths = (): readonly SimPath[] => [...new Set(LINES.map((line) => line.path))].filter(isShared);

export const wasRestored = (world: World, system: SimSystem, record?: string): boolean =>
  world.restored.some((restore) => restore.system === system && (record === undefined || restore.records.has(record)));

export const isMinistry = (system: string): system is Ministry => system === 'registry' || system === 'insurer';
