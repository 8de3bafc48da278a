import type { RecordKind } from '../kit/index.ts';
import type { Mapping } from '../mapping/contract.ts';
import type { At } from '../model/json.ts';
import type { Attempt, Base, Dossier, Hold, Link, ProgressEntry, Statement, Work } from '../store/contract.ts';
import type { EnginePorts, Spoke } from './contract.ts';
import { inOrder, type Waiting } from './statements.ts';
import type { Stations } from './stations.ts';

/** What the engine remembers between visits; all of it may be lost at any time without harm. */
export interface Memory {
  /** Dossier code → when its one-stop was last looked at. */
  readonly refreshedAt: Map<string, At>;
  /** System → link → when its shared lines were first seen going back to an earlier value. */
  readonly ring: Map<string, Map<string, At>>;
}

export interface Context extends EnginePorts {
  readonly memory: Memory;
  readonly stations: Stations;
}

/** Everything one visit knows before it looks outside. */
export interface Case {
  readonly work: Work;
  readonly link: Link;
  readonly dossier: Dossier;
  readonly base: Base | null;
  /** Open or parked, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Live holds of this link, of the dossier, and about all its legs. */
  readonly holds: readonly Hold[];
  /** All links of the dossier, this one included. */
  readonly links: readonly Link[];
  readonly progress: readonly ProgressEntry[];
  /** What the system stated where it cannot be read: the first is weighed by this visit, the rest after it. */
  readonly statements: readonly Waiting[];
  readonly spoke: Spoke;
  readonly kind: RecordKind;
  readonly mapping: Mapping;
}

/** The link whose visits carry what the officials type. */
export const oneStopLink = (links: readonly Link[], ports: EnginePorts): Link | null =>
  links.find((link) => ports.spokes.get(link.system)?.role === 'one-stop') ?? null;

export const legLinks = (links: readonly Link[], ports: EnginePorts): readonly Link[] =>
  links.filter((link) => ports.spokes.get(link.system)?.role === 'ministry');

/** Loads the cases of claimed work in one consistent look; work whose link or mapping is gone is left out. */
export async function loadCases(context: Context, works: readonly Work[]): Promise<readonly Case[]> {
  const ids = works.map((work) => work.link);
  const kinds = works.flatMap((work) => Object.values(context.spokes.get(work.system)?.kinds ?? {}));
  const unreadable = kinds.some((kind) => kind.read === undefined);
  return context.store.read(async (tx) => {
    const links = await tx.links.load(ids);
    const codes = [...new Set([...links.values()].map((link) => link.code))];
    const [dossiers, bases, attempts, holds, siblings, progress, stated] = [
      await tx.dossiers.load(codes),
      await tx.bases.load(ids),
      await tx.attempts.unsettled(ids),
      await tx.holds.live(codes),
      await tx.links.ofDossiers(codes),
      await tx.progress.ofDossiers(codes),
      unreadable ? await tx.statements.load(ids) : new Map<string, readonly Statement[]>(),
    ];
    return works.flatMap((work) => {
      const link = links.get(work.link);
      const dossier = link === undefined ? undefined : dossiers.get(link.code);
      const spoke = link === undefined ? undefined : context.spokes.get(link.system);
      const kind = link === undefined ? undefined : spoke?.kinds[link.record];
      const mapping = context.mappings.find((candidate) => candidate.id === link?.mapping);
      if (link === undefined || dossier === undefined || spoke === undefined || kind === undefined || mapping === undefined) return [];
      return [
        {
          work,
          link,
          dossier,
          spoke,
          kind,
          mapping,
          statements: inOrder(stated.get(link.id) ?? []),
          base: bases.get(link.id) ?? null,
          attempts: attempts.filter((attempt) => attempt.link === link.id),
          holds: holds.filter((hold) => hold.code === link.code && isAbout(hold, link)),
          links: siblings.filter((sibling) => sibling.code === link.code),
          progress: progress.filter((entry) => entry.code === link.code),
        },
      ];
    });
  });
}

const isAbout = (hold: Hold, link: Link): boolean => hold.link === link.id || hold.link === null || hold.kind === 'legs-open';
