import type { Mapping } from '../mapping/contract.ts';
import { sameProcedure } from '../model/codes.ts';
import { type DossierHead, hubDocument } from '../model/dossier.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Hold, Link } from '../store/contract.ts';
import { type Case, legLinks } from './context.ts';
import type { DossierDocument, EnginePorts } from './contract.ts';
import { valueAt } from './hub.ts';
import { hasResult, isFinal } from './phases.ts';

export type Readiness =
  | { readonly is: 'ready' }
  | { readonly is: 'waiting'; readonly for: readonly string[] }
  | { readonly is: 'impossible'; readonly reason: string };

/** The one-stop's word that nothing more is to be done: a leg not begun is then not begun. */
const CLOSED_STATUSES: ReadonlySet<number> = new Set([3, 7, 8]);

/** May this leg be sent now? Its start status is there and each needed path holds a value from its owner. */
export function readiness(given: Case): Readiness {
  const { mapping, dossier, links } = given;
  if (given.spoke.role === 'one-stop') return { is: 'ready' };
  if (CLOSED_STATUSES.has(dossier.head.status)) return { is: 'impossible', reason: `status:${dossier.head.status}` };
  const missing = missingOf(mapping, mapping.needs.length === 0 ? {} : hubDocument(dossier.head, dossier.body));
  const dead = missing.find((path) => sourceEnded(path, links, given.link));
  if (dead !== undefined) return { is: 'impossible', reason: `source:${dead}` };
  if (missing.length > 0) return { is: 'waiting', for: missing };
  const starts = mapping.start.status;
  if (starts.length > 0 && !starts.includes(dossier.status) && !starts.includes(dossier.head.status))
    return { is: 'waiting', for: ['status'] };
  return { is: 'ready' };
}

/** What a leg needs and the dossier does not hold yet. */
export const missingOf = (mapping: Mapping, document: JsonObject): readonly string[] =>
  mapping.needs.filter((path) => isNothing(valueAt(document, path)));

const isNothing = (value: Json | undefined): boolean => value === undefined || value === null || value === '';

/** The system whose leg gives a hub path; null where the path is the dossier's own. */
export const giverOf = (path: string): string | null => /^results\.([^.]+)\./.exec(path)?.[1] ?? null;

/** A needed result whose legs all ended without it will never come. */
function sourceEnded(path: string, links: readonly Link[], self: Link): boolean {
  const giver = giverOf(path);
  const sources = links.filter((link) => link.system === giver && link.id !== self.id);
  return sources.length > 0 && sources.every((link) => link.impossible !== null || (isFinal(link.phase) && link.phase !== 'handed-over'));
}

/** Legs whose ministry still owes a result, or its refusal. A leg that nothing is sent for owes none. */
export const openLegs = (ports: EnginePorts, links: readonly Link[], head: DossierHead): readonly Link[] =>
  legLinks(links, ports).filter((link) => {
    if (link.impossible !== null || link.situation === 'ended' || hasResult(link.phase)) return false;
    const mode = ports.spokes.get(link.system)?.mode(head.procedure, head.agency);
    return link.externalId !== null || mode === 'auto' || mode === 'confirm';
  });

/** "Trả kết quả" of the dossier is not told on while a leg is open, unless an official has confirmed it. */
export const isHandOverBarred = (ports: EnginePorts, links: readonly Link[], head: DossierHead, holds: readonly Hold[]): boolean =>
  !holds.some(isConfirmed) && openLegs(ports, links, head).length > 0;

export const isConfirmed = (hold: Hold): boolean => hold.kind === 'legs-open' && hold.decision?.name === 'confirm';

/** The mappings whose legs a document needs: its form, its procedure at its date of receipt, a mode that looks at all. */
export function mappingsFor(ports: EnginePorts, document: Pick<DossierDocument, 'head'>): readonly Mapping[] {
  const { form, procedure, receivedAt, agency } = document.head;
  return ports.mappings.filter((mapping) => {
    const spoke = ports.spokes.get(mapping.system);
    if (spoke === undefined || mapping.form !== form || spoke.kinds[mapping.record] === undefined) return false;
    if (spoke.role === 'one-stop') return true;
    if (spoke.mode(procedure, agency) === 'off') return false;
    if (mapping.procedures.length === 0) return true;
    return mapping.procedures.some(
      (row) =>
        sameProcedure(row.code, procedure) &&
        (row.from === null || row.from <= receivedAt) &&
        (row.until === null || receivedAt <= row.until),
    );
  });
}
