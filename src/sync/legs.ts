import type { Mapping } from '../mapping/contract.ts';
import { sameProcedure } from '../model/codes.ts';
import { hubDocument } from '../model/dossier.ts';
import type { Link } from '../store/contract.ts';
import type { Case } from './context.ts';
import type { DossierDocument, EnginePorts } from './contract.ts';
import { valueAt } from './hub.ts';
import { isFinal } from './phases.ts';

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
  const document = mapping.needs.length === 0 ? {} : hubDocument(dossier.head, dossier.body);
  const missing = mapping.needs.filter((path) => isNothing(valueAt(document, path)));
  const dead = missing.find((path) => sourceEnded(path, links, given.link));
  if (dead !== undefined) return { is: 'impossible', reason: `source:${dead}` };
  if (missing.length > 0) return { is: 'waiting', for: missing };
  const starts = mapping.start.status;
  if (starts.length > 0 && !starts.includes(dossier.status) && !starts.includes(dossier.head.status))
    return { is: 'waiting', for: ['status'] };
  return { is: 'ready' };
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** A needed result whose leg ended without it will never come. */
function sourceEnded(path: string, links: readonly Link[], self: Link): boolean {
  const match = /^results\.([^.]+)\./.exec(path);
  const source = match === null ? undefined : links.find((link) => link.system === match[1] && link.id !== self.id);
  return source !== undefined && ((isFinal(source.phase) && source.phase !== 'handed-over') || source.impossible !== null);
}

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
