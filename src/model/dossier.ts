import type { At, Json, JsonObject } from './json.ts';

/** National statuses 1–10 (domain: TD, DVC26; meanings in `status.ts`). */
export type NationalStatus = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** What the dossier is apart from personal data: may stand in clear columns. */
export interface DossierHead {
  readonly code: string;
  readonly nationalCode: string | null;
  /** Full procedure code as given, e.g. `1.001193.000.00.00.H12`; compare on the base code. */
  readonly procedure: string;
  readonly agency: string;
  /** As the one-stop last stated it. */
  readonly status: NationalStatus;
  /** The one-stop's own document revision; null where it has none. */
  readonly revision: number | null;
  readonly receivedAt: At;
  readonly dueAt: At | null;
  /** e.g. `birth@1` */
  readonly form: string;
  /** How often the official has supplied a supplement, where the one-stop counts it. */
  readonly supplements?: number;
}

/** A file by mark; the bytes live in the store by hash, or at the system by remote id. */
export interface FileMark {
  readonly name: string;
  readonly mime: string;
  readonly sizeBytes: number;
  /** sha256, hex; null while only the remote id is known. */
  readonly hash: string | null;
  readonly remoteId: string | null;
  readonly kind: string | null;
}

/** A person's choice for this dossier; dies when `source` changes. `at` ms, `by` the account. */
export interface Choice {
  readonly path: string;
  readonly crosswalk: string;
  readonly source: Json;
  readonly value: string;
  readonly by: string;
  readonly at: At;
}

/** The sealed part of the hub: the canonical form and what came back. */
export interface HubBody {
  readonly applicant: JsonObject;
  readonly data: JsonObject;
  /** By leg: `results['civil-status'].personalId`. */
  readonly results: JsonObject;
  readonly files: readonly FileMark[];
  readonly choices: readonly Choice[];
}

/**
 * The document that mapping paths walk: head fields, applicant, results and files beside the form's own fields.
 * A form may not name a field like one of these.
 */
export function hubDocument(head: DossierHead, body: HubBody): JsonObject {
  return {
    ...body.data,
    code: head.code,
    nationalCode: head.nationalCode,
    procedure: head.procedure,
    agency: head.agency,
    status: head.status,
    revision: head.revision,
    receivedAt: new Date(head.receivedAt).toISOString(),
    dueAt: head.dueAt === null ? null : new Date(head.dueAt).toISOString(),
    form: head.form,
    supplements: head.supplements ?? 0,
    applicant: body.applicant,
    results: body.results,
    files: body.files as unknown as Json,
  };
}

export const RESERVED_FORM_NAMES = [
  'code',
  'nationalCode',
  'procedure',
  'agency',
  'status',
  'revision',
  'receivedAt',
  'dueAt',
  'form',
  'supplements',
  'applicant',
  'results',
  'files',
  'choices',
] as const;
