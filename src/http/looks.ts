import type { Desk, Mapping } from '../mapping/contract.ts';
import type { At } from '../model/json.ts';
import type { Attempt, Dossier, Hold, Link, ProgressEntry, Tx } from '../store/contract.ts';
import type { Spoke } from '../sync/contract.ts';
import { hubSide } from '../sync/hub.ts';
import { giverOf } from '../sync/legs.ts';
import type { Sentence } from '../zod-sentence.ts';
import { type LegLook, legSentence } from './sentences.ts';

/** A dossier as people look at it: what the store holds, gathered once, and the sentence of each leg. */

export interface LookPorts {
  readonly spokes: ReadonlyMap<string, Spoke>;
  readonly titles: ReadonlyMap<string, Sentence>;
  /** Mapping id → hub paths its leg needs first. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Mapping id → the agency that handles its leg of a dossier; a leg without one stays with the agency that received it. */
  readonly desks?: ReadonlyMap<string, NonNullable<Mapping['desk']>> | undefined;
}

export interface DossierLook {
  readonly dossier: Dossier;
  readonly links: readonly Link[];
  readonly holds: readonly Hold[];
  readonly attempts: readonly Attempt[];
  readonly progress: readonly ProgressEntry[];
}

/** One dossier by local or national code, with all that hangs on it; null when there is none. */
export async function lookAt(tx: Tx, code: string): Promise<DossierLook | null> {
  const local = await tx.dossiers.byCode(code);
  if (local === null) return null;
  const dossier = (await tx.dossiers.load([local])).get(local);
  if (dossier === undefined) return null;
  return {
    dossier,
    links: await tx.links.ofDossiers([local]),
    holds: await tx.holds.live([local]),
    attempts: await tx.attempts.ofDossier(local),
    progress: await tx.progress.ofDossiers([local]),
  };
}

/** How long an effect of this attempt may still land after it was sent. */
export function unsureUntil(attempt: Attempt, link: Link, spokes: ReadonlyMap<string, Spoke>): At {
  const kind = spokes.get(link.system)?.kinds[link.record];
  const verb = attempt.verb === 'create' ? kind?.create : attempt.verb === 'update' ? kind?.update : kind?.acts?.[attempt.act ?? ''];
  return attempt.sentAt + (verb?.landsWithinMs ?? 0);
}

const isOpen = (attempt: Attempt): boolean => attempt.state === 'open' || attempt.state === 'parked';

/** A system's title as it stands inside a sentence: "Phần mềm hộ tịch" loses its capital, an abbreviation keeps its own. */
function titleOf(titles: ReadonlyMap<string, Sentence>, system: string): Sentence {
  const { vi, en } = titles.get(system) ?? { vi: system, en: system };
  return { vi: inline(vi), en: /^the /i.test(en) ? inline(en) : `the ${inline(en)}` };
}

const inline = (title: string): string => (/^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLocaleLowerCase('vi') + title.slice(1) : title);

export function legLook(ports: LookPorts, look: DossierLook, link: Link): LegLook {
  const attempt = look.attempts.filter((one) => one.link === link.id && isOpen(one)).at(-1);
  const needs = link.situation === 'waiting' ? (ports.needs.get(link.mapping) ?? []) : [];
  const missing = needs.filter((path) => path.startsWith('results.') && !hasValue(look.dossier, path));
  const giver = giverOf(missing[0] ?? link.impossible?.replace(/^source:/u, '') ?? '');
  return {
    link,
    holds: look.holds.filter((hold) => hold.closedAt === null && (hold.link === link.id || hold.link === null)),
    attempt: attempt === undefined ? null : { attempt, unsureUntil: unsureUntil(attempt, link, ports.spokes) },
    title: titleOf(ports.titles, link.system),
    missing,
    isOnlyLookedUp: ports.spokes.get(link.system)?.kinds[link.record]?.onlyLookedUp === true,
    giver: giver !== null && ports.titles.has(giver) ? titleOf(ports.titles, giver) : null,
  };
}

function hasValue(dossier: Dossier, path: string): boolean {
  let value: unknown = { results: dossier.body.results };
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = Reflect.get(value, step);
  }
  return value !== null && value !== undefined && value !== '';
}

/** On whose desk a leg lies; the title is null where only the code of the receiving agency is known. */
export function deskOf(ports: LookPorts, dossier: Dossier, link: Link): Pick<Desk, 'code'> & { readonly title: string | null } {
  return ports.desks?.get(link.mapping)?.(hubSide(dossier)) ?? { code: dossier.head.agency, title: null };
}

/** Legs in the order they began, each with its sentence; the one-stop's own link is not a leg. */
export function legsOf(ports: LookPorts, look: DossierLook, now: At) {
  return look.links
    .filter((link) => ports.spokes.get(link.system)?.role !== 'one-stop')
    .map((link) => {
      const leg = legLook(ports, look, link);
      return { link, holds: leg.holds, attempt: leg.attempt, sentence: legSentence(leg, now), desk: deskOf(ports, look.dossier, link) };
    });
}
