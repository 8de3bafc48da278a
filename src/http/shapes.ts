import { z } from 'zod';
import type { At } from '../model/json.ts';
import { DECISIONS, DESKS, HOLD_KINDS, PHASES, SITUATIONS, TRUSTS } from '../model/words.ts';
import type { Attempt, AuditEntry, Hold, Link, ProgressEntry } from '../store/contract.ts';
import { deadlineShape } from './due.ts';
import type { DossierLook } from './looks.ts';

/** What travels over the API. Transform-free, so that the same schemas are the OpenAPI document. */

/** One line of text from outside: control characters have no place in it, and a store may not be able to hold them. */
export const lineShape = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u);

const moment = z.iso.datetime({ offset: true });
export const momentOf = (at: At): string => new Date(at).toISOString();
const momentOrNull = (at: At | null): string | null => (at === null ? null : momentOf(at));

export const sentenceShape = z.object({ vi: z.string(), en: z.string() });
export const decisionShape = z.strictObject({ decision: z.enum(DECISIONS), value: lineShape(500).nullish() });

/** An agency: its code, and its name where one is known. */
export const agencyShape = z.object({ code: z.string(), title: z.string().nullable() });
type Agency = z.infer<typeof agencyShape>;

export const holdShape = z.object({
  id: z.string(),
  code: z.string(),
  link: z.string().nullable(),
  kind: z.enum(HOLD_KINDS),
  desk: z.enum(DESKS),
  cause: z.string(),
  path: z.string().nullable(),
  vi: z.string(),
  en: z.string(),
  remedy: sentenceShape,
  decisions: z.array(z.enum(DECISIONS)),
  /** Both sides' values and choices: only with scope `personal`. */
  detail: z.unknown().optional(),
  openedAt: moment,
  closedAt: moment.nullable(),
  decision: z.object({ name: z.enum(DECISIONS), by: z.string(), at: moment }).nullable(),
  /** The agency that handles the leg; absent for a hold of the dossier as a whole, and in lists over many dossiers. */
  agency: agencyShape.optional(),
});
export function holdOf(hold: Hold, personal: boolean, agency?: Agency): z.infer<typeof holdShape> {
  const { id, code, link, kind, desk, cause, path, vi, en, decision } = hold;
  return {
    ...{ id, code, link, kind, desk, cause, path, vi, en },
    remedy: { vi: hold.remedyVi, en: hold.remedyEn },
    decisions: [...hold.decisions],
    ...(personal ? { detail: hold.detail } : {}),
    openedAt: momentOf(hold.openedAt),
    closedAt: momentOrNull(hold.closedAt),
    decision: decision === null ? null : { name: decision.name, by: decision.by, at: momentOf(decision.at) },
    ...(agency === undefined ? {} : { agency: { ...agency } }),
  };
}

export const linkShape = z.object({
  id: z.string(),
  code: z.string(),
  system: z.string(),
  record: z.string(),
  situation: z.enum(SITUATIONS),
  phase: z.enum(PHASES).nullable(),
  trust: z.enum(TRUSTS).nullable(),
  externalId: z.string().nullable(),
  byHand: z.boolean(),
  since: moment,
  updatedAt: moment,
});
export const linkOf = (link: Link): z.infer<typeof linkShape> => ({
  id: link.id,
  code: link.code,
  system: link.system,
  record: link.record,
  situation: link.situation,
  phase: link.phase,
  trust: link.trust,
  externalId: link.externalId,
  byHand: link.hand === 'by-hand',
  since: momentOf(link.since),
  updatedAt: momentOf(link.updatedAt),
});

export const legShape = linkShape.extend({
  desk: agencyShape,
  sentence: sentenceShape,
  holds: z.array(holdShape),
  deadline: deadlineShape,
});

export const progressShape = z.object({
  seq: z.int(),
  at: moment,
  link: z.string().nullable(),
  kind: z.enum(['phase', 'act', 'status', 'notice']),
  name: z.string(),
  evidence: z.object({ kind: z.enum(['sighting', 'receipt', 'person', 'document']), ref: z.string() }),
  note: z.string().nullable(),
});
export const progressOf = ({ seq, at, link, kind, name, evidence, note }: ProgressEntry): z.infer<typeof progressShape> => ({
  seq,
  at: momentOf(at),
  link,
  kind,
  name,
  evidence: { ...evidence },
  note,
});

export const headShape = z.object({
  code: z.string(),
  nationalCode: z.string().nullable(),
  procedure: z.string(),
  agency: z.string(),
  revision: z.int().nullable(),
  receivedAt: moment,
  dueAt: moment.nullable(),
  form: z.string(),
});
export const headOf = ({ head }: Pick<DossierLook['dossier'], 'head'>): z.infer<typeof headShape> => ({
  code: head.code,
  nationalCode: head.nationalCode,
  procedure: head.procedure,
  agency: head.agency,
  revision: head.revision,
  receivedAt: momentOf(head.receivedAt),
  dueAt: momentOrNull(head.dueAt),
  form: head.form,
});

const fileShape = z.object({
  name: z.string(),
  mime: z.string(),
  sizeBytes: z.int(),
  hash: z.string().nullable(),
  remoteId: z.string().nullable(),
  kind: z.string().nullable(),
});
export const dossierShape = headShape.extend({
  /** As motlan derives it from legs and official acts. */
  status: z.int(),
  /** As the one-stop last stated it. */
  statedStatus: z.int(),
  hubVersion: z.int(),
  updatedAt: moment,
  deadline: deadlineShape,
  legs: z.array(legShape),
  /** Holds of the dossier as a whole. */
  holds: z.array(holdShape),
  progress: z.array(progressShape),
  personal: z.object({ applicant: z.unknown(), data: z.unknown(), results: z.unknown(), files: z.array(fileShape) }).optional(),
});

export const attemptShape = z.object({
  id: z.string(),
  link: z.string(),
  code: z.string(),
  verb: z.enum(['create', 'update', 'act', 'put-file', 'by-hand']),
  act: z.string().nullable(),
  state: z.enum(['open', 'done', 'seen', 'parked', 'failed']),
  /** Names of the lines that were sent; no values. */
  lines: z.array(z.string()),
  mappingVersion: z.string(),
  intendedAt: moment,
  sentAt: moment,
  sends: z.int(),
  trouble: z.object({ kind: z.string(), scope: z.string(), code: z.string() }).nullable(),
  endedAt: moment.nullable(),
});
export const attemptOf = (attempt: Attempt): z.infer<typeof attemptShape> => ({
  id: attempt.id,
  link: attempt.link,
  code: attempt.code,
  verb: attempt.verb,
  act: attempt.act,
  state: attempt.state,
  lines: [...attempt.sent.lines.keys()],
  mappingVersion: attempt.mappingVersion,
  intendedAt: momentOf(attempt.intendedAt),
  sentAt: momentOf(attempt.sentAt),
  sends: attempt.sends,
  trouble: attempt.trouble,
  endedAt: momentOrNull(attempt.endedAt),
});

export const auditShape = z.object({
  seq: z.int(),
  at: moment,
  actor: z.string(),
  action: z.string(),
  attempt: z.string().nullable(),
  mappingVersion: z.string().nullable(),
  detail: z.unknown(),
  hash: z.string(),
});
export const auditOf = ({ seq, at, actor, action, attempt, mappingVersion, detail, hash }: AuditEntry): z.infer<typeof auditShape> => ({
  ...{ seq, actor, action, attempt, mappingVersion, detail, hash },
  at: momentOf(at),
});

export const mostShape = z.coerce.number().int().min(1).max(500).default(50);
export const codeShape = lineShape(60);
