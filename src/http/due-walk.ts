import type { Deadline } from '../model/deadline.ts';
import type { DossierHead, NationalStatus } from '../model/dossier.ts';
import type { At } from '../model/json.ts';
import type { DossierFilter, Link, ProgressEntry, Tx } from '../store/contract.ts';
import type { Spoke } from '../sync/contract.ts';
import { type DeadlineFacts, dossierDeadline, legDeadline } from '../sync/deadlines.ts';
import { type DuePorts, needsOf } from './due.ts';

/** Dossiers page by page with what their deadlines are derived from; only bodies that are needed are opened. */

export interface WalkPorts extends DuePorts {
  readonly spokes: ReadonlyMap<string, Spoke>;
}

/** A dossier or one of its legs with its deadline. `link` null: the dossier itself. */
export interface DueItem {
  readonly head: DossierHead;
  readonly status: NationalStatus;
  readonly link: Link | null;
  readonly deadline: Deadline;
}

export interface Walk {
  readonly filter: DossierFilter;
  /** null = every agency. */
  readonly agencies: readonly string[] | null;
  /** The moment everything is judged at; what happened later is left out. */
  readonly at: At;
}

/** One page of dossiers by code; `items` of whole dossiers only. */
export interface WalkPage {
  readonly dossiers: readonly { readonly code: string; readonly items: readonly DueItem[] }[];
  readonly last: string | null;
}

export async function walkPage(tx: Tx, ports: WalkPorts, walk: Walk, after: string | null, most: number): Promise<WalkPage> {
  const rows = await headsOf(tx, walk, after, most);
  const codes = rows.map(({ head }) => head.code);
  const links = byCode(await tx.links.ofDossiers(codes));
  const progress = byCode(await tx.progress.ofDossiers(codes));
  const chained = codes.filter((code) =>
    (links.get(code) ?? []).some((link) => needsOf(ports, link).some((path) => path.startsWith('results.'))),
  );
  const bodies = chained.length === 0 ? new Map() : await tx.dossiers.load(chained);
  const dossiers = rows.map(({ head, status }) => {
    const facts: DeadlineFacts = {
      ...{ head, status },
      results: bodies.get(head.code)?.body.results ?? null,
      links: links.get(head.code) ?? [],
      progress: until(progress.get(head.code) ?? [], walk.at),
    };
    return { code: head.code, items: itemsOf(ports, facts, walk.at) };
  });
  return { dossiers, last: rows.length < most ? null : (codes.at(-1) ?? null) };
}

function itemsOf(ports: WalkPorts, facts: DeadlineFacts, at: At): readonly DueItem[] {
  const { head, status } = facts;
  const legs = facts.links.filter((link) => ports.spokes.get(link.system)?.role === 'ministry');
  return [
    { head, status, link: null, deadline: dossierDeadline(ports.deadlines, facts, at) },
    ...legs.map((link) => ({ head, status, link, deadline: legDeadline(ports.deadlines, facts, link, needsOf(ports, link), at) })),
  ];
}

async function headsOf(tx: Tx, { filter, agencies }: Walk, after: string | null, most: number) {
  if (agencies === null) return tx.dossiers.page(filter, after, most);
  const pages = [];
  for (const agency of agencies) pages.push(...(await tx.dossiers.page({ ...filter, agency }, after, most)));
  return pages.sort((a, b) => (a.head.code < b.head.code ? -1 : 1)).slice(0, most);
}

function byCode<T extends { readonly code: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const own = found.get(row.code);
    if (own === undefined) found.set(row.code, [row]);
    else own.push(row);
  }
  return found;
}

/** Progress as it stood at a moment. */
const until = (progress: readonly ProgressEntry[], at: At): readonly ProgressEntry[] => progress.filter((entry) => entry.at <= at);
