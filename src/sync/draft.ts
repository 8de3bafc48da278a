import type { Mapping } from '../mapping/contract.ts';
import type { At, JsonObject } from '../model/json.ts';
import type { AgreedValue } from '../model/line-value.ts';
import type { Attempt, AuditEntry, Base, Dossier, Link, ProgressEntry } from '../store/contract.ts';
import type { Case } from './context.ts';
import type { HoldWish } from './holds.ts';
import { keepsRing } from './plan.ts';

export type NewProgress = Omit<ProgressEntry, 'seq'>;
export type NewAudit = Omit<AuditEntry, 'seq' | 'hash'>;

/** All that one transaction will write for one visit, gathered while the visit thinks and committed at once. */
export interface Draft {
  dossier: Dossier;
  hubChanged: boolean;
  link: Link;
  base: Base | null;
  readonly attempts: Attempt[];
  readonly wishes: HoldWish[];
  /** Holds whose answer this visit carried out. */
  readonly answered: Set<string>;
  readonly progress: NewProgress[];
  readonly audit: NewAudit[];
  /** Look at the other links of the dossier. */
  wakeOthers: boolean;
  /** Judge live holds afresh: only a visit that really looked may let them lapse. */
  judged: boolean;
  /** What was seen is not believed yet, or could not be taken in: a statement stays for the next visit. */
  unbelieved: boolean;
  /** Lines this visit could not see; null while none were weighed. */
  unseen: readonly string[] | null;
  /** One record was seen: reasons that only a sighting can take away may go. */
  saw: boolean;
  /** The system was asked and answered: trouble of an earlier look is over, whatever this visit may judge. */
  answeredLook: boolean;
}

export const draftOf = (given: Case): Draft => ({
  dossier: given.dossier,
  hubChanged: false,
  link: given.link,
  base: given.base,
  attempts: [],
  wishes: [],
  answered: new Set(),
  progress: [],
  audit: [],
  wakeOthers: false,
  judged: false,
  saw: false,
  answeredLook: false,
  unseen: null,
  unbelieved: false,
});

export const emptyBase = (link: string, mappingVersion: string): Base => ({
  link,
  lines: new Map(),
  provisional: false,
  ring: new Map(),
  snapshot: null,
  mappingVersion,
});

/** Earlier values remembered of one line. */
export const RING = 8;

/** Base with these lines agreed; the replaced value of a line that keeps a ring goes to its head. */
export function agree(base: Base, lines: ReadonlyMap<string, AgreedValue>, mapping: Pick<Mapping, 'rule'>): Base {
  if (lines.size === 0) return base;
  const merged = new Map(base.lines);
  const ring = new Map(base.ring);
  for (const [line, value] of lines) {
    const before = merged.get(line);
    merged.set(line, value);
    if (before === undefined || !keepsRing(mapping.rule(line)) || JSON.stringify(before) === JSON.stringify(value)) continue;
    ring.set(line, [before, ...(ring.get(line) ?? [])].slice(0, RING));
  }
  return { ...base, lines: merged, ring };
}

/**
 * A record that may be the one we sent, or one typed by hand: what was sent is remembered as said before, and counts as agreed
 * line by line where the record holds it too.
 */
export const claim = (base: Base, sent: ReadonlyMap<string, AgreedValue>): Base =>
  base.lines.size > 0 ? base : { ...base, provisional: true, ring: new Map([...sent].map(([line, value]) => [line, [value]])) };

/** It states our key: what we claimed is what was sent, and so what it began with. */
export const owned = (base: Base): Base =>
  base.lines.size > 0
    ? base
    : { ...base, lines: new Map([...base.ring].flatMap(([line, [last]]) => (last === undefined ? [] : [[line, last] as const]))) };

/** A word for the audit chain: field names and words, never a value. */
export const audit = (
  draft: Draft,
  at: At,
  action: string,
  detail: JsonObject,
  attempt: string | null,
  mappingVersion: string | null,
): void => {
  draft.audit.push({
    code: draft.link.code,
    at,
    actor: 'engine',
    action,
    attempt,
    mappingVersion,
    detail: { link: draft.link.id, ...detail },
  });
};
