import type { Kysely, Transaction } from 'kysely';

/** The tables as SQL sees them: times in ms, flags 0/1, `Bytes` columns sealed. */

type Bytes = Uint8Array;

export interface Schema {
  dossier: {
    code: string;
    national_code: string | null;
    procedure: string;
    agency: string;
    head_status: number;
    revision: number | null;
    received_at: number;
    due_at: number | null;
    form: string;
    supplements: number | null;
    status: number;
    hub_version: number;
    content_hash: string | null;
    created_at: number;
    updated_at: number;
    body: Bytes;
    erased: number;
  };
  dossier_key: { code: string; master: number; wrapped: Bytes };
  store_key: { name: string; master: number; wrapped: Bytes };
  lookup: { kind: string; hash: string; code: string };
  link: {
    id: string;
    code: string;
    system: string;
    record: string;
    mapping: string;
    key: string;
    external_id: Bytes | null;
    external_hash: string | null;
    situation: string;
    phase: string | null;
    trust: string | null;
    version: string | null;
    sequence: number | null;
    stated_at: number | null;
    settled_hub_version: number;
    act_seq: number;
    step_seq: number;
    missing: number;
    polls: number;
    hand: string;
    impossible: string | null;
    since: number;
    updated_at: number;
  };
  base: { link: string; code: string; content: Bytes; provisional: number; mapping_version: string };
  statement: { link: string; seq: number; code: string; content: Bytes };
  attempt: {
    id: string;
    link: string;
    code: string;
    verb: string;
    act: string | null;
    act_seq: number | null;
    state: string;
    sent: Bytes;
    hub_version: number;
    against_version: string | null;
    mapping_version: string;
    intended_at: number;
    sent_at: number;
    sends: number;
    ticket: string | null;
    trouble_kind: string | null;
    trouble_scope: string | null;
    trouble_code: string | null;
    ended_at: number | null;
  };
  work: {
    link: string;
    system: string;
    /** null = idle: nothing to do. The row stays so that its fence never starts anew. */
    due_at: number | null;
    priority: number;
    dirty: number;
    fence: number;
    lease_until: number | null;
    failures: number;
  };
  inbox: { system: string; nonce: string; id: string; received_at: number };
  hold: {
    id: string;
    code: string;
    link: string | null;
    kind: string;
    desk: string;
    cause: string;
    path: string | null;
    /** Names code, link, kind, path and cause: one open hold for each. */
    subject: string;
    vi: string;
    en: string;
    remedy_vi: string;
    remedy_en: string;
    decisions: string;
    detail: Bytes;
    opened_at: number;
    closed_at: number | null;
    decision: string | null;
    decision_value: Bytes | null;
    decided_by: string | null;
    decided_at: number | null;
    applied: number;
  };
  progress: {
    code: string;
    seq: number;
    at: number;
    link: string | null;
    kind: string;
    name: string;
    evidence_kind: string;
    evidence_ref: string;
    note: string | null;
  };
  audit: {
    code: string;
    seq: number;
    at: number;
    actor: string;
    action: string;
    attempt: string | null;
    mapping_version: string | null;
    detail: string;
    hash: string;
  };
  /** One row a dossier: where its two append-only lists end. Updating it locks both on PostgreSQL. */
  chain: { code: string; audit_seq: number; audit_hash: string; progress_seq: number; anchored_seq: number };
  anchor: { id: number; at: number; chains: number; digest: string };
  cursor: { system: string; name: string; value: string };
  budget: { system: string; name: string; day: string; spent: number };
  file: { code: string; hash: string; mark: Bytes; size_bytes: number; chunks: number };
  file_chunk: { code: string; hash: string; chunk: number; bytes: Bytes };
  token: {
    id: string;
    hash: string;
    name: string;
    scopes: string;
    agencies: string | null;
    created_at: number;
    expires_at: number | null;
    revoked_at: number | null;
  };
  switch: { name: string; value: string; set_by: string; set_at: number };
}

/** A connection inside a transaction. */
export type Db = Kysely<Schema> | Transaction<Schema>;
