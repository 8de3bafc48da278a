import type { DossierHead, HubBody, NationalStatus } from '../model/dossier.ts';
import type { At, Json, JsonObject } from '../model/json.ts';
import type { AgreedValue } from '../model/line-value.ts';
import type { DecisionName, Desk, HoldKind, Phase, Situation, TroubleKind, TroubleScope, Trust } from '../model/words.ts';

/**
 * What must outlive a power cut. One shape on SQLite and PostgreSQL. Every personal value is sealed inside these
 * tables (AES-256-GCM, key per dossier, AAD = table, row, column); callers see it in clear and never handle a key.
 */
export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /**
   * Runs `work` in a transaction and resolves when its effects are durable. Neighbouring calls share one commit
   * (group commit); one that throws is rolled back alone and rejects alone. `work` must not wait for anything but its own `tx`
   * (not for another `write` or `read` either: that would wait for itself), and keeps no state outside it: where it
   * lost a deadlock to another node it runs again.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A consistent look; no writes. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Calls back when another connection or this one woke work of a system (LISTEN/NOTIFY or in-process). Returns a way to stop. */
  onWake(listener: (system: string) => void): () => void;
  /** Commits and statements so far, for the test of what a dossier costs. */
  counted(): { readonly commits: number; readonly statements: number };
  close(): Promise<void>;
}

export interface Tx {
  readonly dossiers: DossierTable;
  readonly links: LinkTable;
  readonly bases: BaseTable;
  readonly attempts: AttemptTable;
  readonly work: WorkTable;
  readonly inbox: InboxTable;
  readonly statements: StatementTable;
  readonly holds: HoldTable;
  readonly progress: ProgressTable;
  readonly audit: AuditTable;
  readonly cursors: CursorTable;
  readonly budgets: BudgetTable;
  readonly files: FileTable;
  readonly tokens: TokenTable;
  readonly switches: SwitchTable;
}

export interface Dossier {
  readonly head: DossierHead;
  readonly body: HubBody;
  /** Derived national status (`mappings/status.yaml`), 1–10. */
  readonly status: NationalStatus;
  /** Grows by one with each hub change; writers name the version they read. */
  readonly hubVersion: number;
  /** Hash of the last document taken from the one-stop: same again = same answer, no second effect. */
  readonly contentHash: string | null;
  readonly createdAt: At;
  readonly updatedAt: At;
}

/** Kinds of keyed look-up hashes. `name-word` once per folded word. */
export type LookupKind = 'national-code' | 'identity' | 'name-word' | 'phone' | 'tax-code' | 'external-id';
export interface Lookup {
  readonly kind: LookupKind;
  readonly value: string;
}

export interface DossierTable {
  /** Throws CodeTaken when the code exists. */
  insert(dossier: Dossier, lookups: readonly Lookup[]): Promise<void>;
  load(codes: readonly string[]): Promise<ReadonlyMap<string, Dossier>>;
  /** Compare-and-set on `hubVersion`; false when someone else changed the hub. Writes `dossier` with `hubVersion` = expected + 1. `lookups` null = unchanged. */
  replace(dossier: Dossier, expectedHubVersion: number, lookups: readonly Lookup[] | null): Promise<boolean>;
  /** Local or national code. */
  byCode(code: string): Promise<string | null>;
  find(lookup: Lookup, most: number): Promise<readonly string[]>;
  /** Keyset page by code, heads only. */
  page(
    filter: DossierFilter,
    after: string | null,
    most: number,
  ): Promise<readonly { readonly head: DossierHead; readonly status: NationalStatus; readonly updatedAt: At }[]>;
  /**
   * Destroys the dossier's key: its sealed values are gone for good. Head, links, progress and audit stay; whatever
   * carries sealed values (dossier, base, attempts, holds, files) is no longer given, its look-ups and waiting work go,
   * and its code stays taken.
   */
  erase(code: string): Promise<void>;
}
export interface DossierFilter {
  readonly agency?: string;
  readonly procedure?: string;
  readonly status?: NationalStatus;
  readonly dueBefore?: At;
  readonly receivedBefore?: At;
  /** Not ended, or one of its legs is under way. */
  readonly open?: true;
  /** Changed since then, itself or one of its links; those still open stay in. */
  readonly activeSince?: At;
}

export interface Link {
  /** `${code}/${system}/${record}` */
  readonly id: string;
  readonly code: string;
  readonly system: string;
  readonly record: string;
  readonly mapping: string;
  /** Our key at that system. */
  readonly key: string;
  readonly externalId: string | null;
  readonly situation: Situation;
  readonly phase: Phase | null;
  readonly trust: Trust | null;
  /** Version and sequence of the last sighting. */
  readonly version: string | null;
  readonly sequence: number | null;
  /** When that sequence was stated; of one that came with a receipt, when the receipt came. */
  readonly statedAt: At | null;
  /** Hub version at which the last visit found nothing left to write. */
  readonly settledHubVersion: number;
  /** Progress seq up to which acts and steps were acknowledged. */
  readonly actSeq: number;
  readonly stepSeq: number;
  /** How often in a row the record was confirmed not there. */
  readonly missing: number;
  /** Reads since the last change while a result is awaited. */
  readonly polls: number;
  /** Set while a person types: `by-hand` stops sending. */
  readonly hand: 'machine' | 'by-hand';
  /** Reason in plain words when a leg is not possible, else null. */
  readonly impossible: string | null;
  readonly since: At;
  readonly updatedAt: At;
}

export interface LinkTable {
  insert(link: Link): Promise<void>;
  load(ids: readonly string[]): Promise<ReadonlyMap<string, Link>>;
  ofDossiers(codes: readonly string[]): Promise<readonly Link[]>;
  byExternalId(system: string, record: string, externalIds: readonly string[]): Promise<readonly Link[]>;
  /** Of `byExternalId` only what a sweep compares, by external id. */
  versions(
    system: string,
    record: string,
    externalIds: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly id: string; readonly version: string | null }>>;
  byKey(system: string, record: string, keys: readonly string[]): Promise<readonly Link[]>;
  save(link: Link): Promise<void>;
  /** Keyset page over one system's links, for sweeps. */
  page(system: string, record: string, after: string | null, most: number): Promise<readonly Link[]>;
  count(): Promise<
    readonly {
      readonly system: string;
      readonly situation: Situation;
      readonly phase: Phase | null;
      readonly trust: Trust | null;
      readonly count: number;
    }[]
  >;
}

/** What hub and record last agreed on. `lines` in comparison space. `provisional` = adopted from what we sent, not yet confirmed by a sighting. */
export interface Base {
  readonly link: string;
  readonly lines: ReadonlyMap<string, AgreedValue>;
  readonly provisional: boolean;
  /** Last agreed values of shared lines, newest first, at most 8 a line. */
  readonly ring: ReadonlyMap<string, readonly AgreedValue[]>;
  /** Raw record it came from, without fields under `ignore … drop`; null before the first sighting. */
  readonly snapshot: JsonObject | null;
  readonly mappingVersion: string;
}
export interface BaseTable {
  load(links: readonly string[]): Promise<ReadonlyMap<string, Base>>;
  /** The same one by one, in no order: never more than one of many is held open. */
  each(links: readonly string[], visit: (base: Base) => void): Promise<void>;
  save(code: string, base: Base): Promise<void>;
}

/** `by-hand`: a sheet that a person types from; see `sync/sheet.ts` for how its columns read. */
export type AttemptVerb = 'create' | 'update' | 'act' | 'put-file' | 'by-hand';
/** open: intended, perhaps sent. done: receipt. seen: settled by looking. parked: a person decides. failed: certainly without effect. */
export type AttemptState = 'open' | 'done' | 'seen' | 'parked' | 'failed';
export interface Attempt {
  readonly id: string;
  readonly link: string;
  readonly code: string;
  readonly verb: AttemptVerb;
  /** Act name for verb act. */
  readonly act: string | null;
  /** Progress seq an act or step stands for. */
  readonly actSeq: number | null;
  readonly state: AttemptState;
  /** What was sent: line values in comparison space, and the record. Sealed. */
  readonly sent: { readonly lines: ReadonlyMap<string, AgreedValue>; readonly record: JsonObject };
  readonly hubVersion: number;
  /** Record version planned against. */
  readonly againstVersion: string | null;
  readonly mappingVersion: string;
  readonly intendedAt: At;
  /** Last time bytes may have left. */
  readonly sentAt: At;
  readonly sends: number;
  readonly ticket: string | null;
  readonly trouble: { readonly kind: TroubleKind; readonly scope: TroubleScope; readonly code: string } | null;
  readonly endedAt: At | null;
}
export interface AttemptTable {
  insert(attempt: Attempt): Promise<void>;
  /** Keeps what became of it; what it is and what it sends stays as inserted. */
  save(attempt: Attempt): Promise<void>;
  /** Open and parked attempts of these links. */
  unsettled(links: readonly string[]): Promise<readonly Attempt[]>;
  ofDossier(code: string): Promise<readonly Attempt[]>;
  byId(id: string): Promise<Attempt | null>;
  /** Keyset page over the sheets that wait for a person, by id. */
  sheets(after: string | null, most: number): Promise<readonly Attempt[]>;
}

export type Priority = 0 | 1 | 2 | 3; // 0 a citizen waits, 1 new, 2 ordinary, 3 sweep
export interface Work {
  readonly link: string;
  readonly system: string;
  readonly dueAt: At;
  readonly priority: Priority;
  /** Wakes since the row began; the row goes only if this did not grow during the visit. */
  readonly dirty: number;
  /** Grows with every claim: an older holder is fenced off. */
  readonly fence: number;
  readonly leaseUntil: At | null;
  readonly failures: number;
}
export interface WorkTable {
  /** Many wakes fold into one row: due = earliest, priority = most urgent, dirty + 1. Does not disturb a lease. */
  wake(link: { readonly id: string; readonly system: string }, wake: { readonly at: At; readonly priority: Priority }): Promise<void>;
  /** Takes up to `most` due, unleased rows of a system: most urgent first, then earliest due. */
  claim(system: string, take: { readonly now: At; readonly leaseMs: number; readonly most: number }): Promise<readonly Work[]>;
  /** True while `fence` still holds the row. Must be called inside the transaction whose effects it guards. */
  holds(link: string, fence: number): Promise<boolean>;
  /**
   * Ends a visit. Not dirty meanwhile and `nextDueAt` null: the row goes. Else it stays, unleased, due at `nextDueAt`
   * (at once when dirty). False when fenced off: nothing was changed.
   */
  finish(work: Work, end: { readonly nextDueAt: At | null; readonly failures: number; readonly priority: Priority }): Promise<boolean>;
  /** Earliest due or lease end over all rows of a system; null = no work. */
  nextDue(system: string): Promise<At | null>;
  backlog(): Promise<readonly { readonly system: string; readonly count: number; readonly oldestDueAt: At }[]>;
  /** Waiting rows of these links, without taking them. */
  ofLinks(links: readonly string[]): Promise<readonly Work[]>;
}

/** What a system told about a record nobody can read; `seq` counts the statements of one link as they came. */
export interface Statement {
  readonly seq: number;
  readonly content: Json;
}
/** Each stays until a visit took it in. */
export interface StatementTable {
  append(code: string, link: string, content: Json): Promise<void>;
  /** What waits, as it came; links without a statement are left out. */
  load(links: readonly string[]): Promise<ReadonlyMap<string, readonly Statement[]>>;
  drop(link: string, seqs: readonly number[]): Promise<void>;
}

export interface InboxItem {
  readonly id: string;
  readonly system: string;
  /** Nonce of the message: unique per system. */
  readonly nonce: string;
  readonly receivedAt: At;
}
export interface InboxTable {
  /** False when this nonce was taken before. */
  take(item: InboxItem): Promise<boolean>;
  forgetBefore(at: At): Promise<void>;
}

export interface Hold {
  readonly id: string;
  readonly code: string;
  readonly link: string | null;
  readonly kind: HoldKind;
  readonly desk: Desk;
  /** Holds with one cause share it: the incident. */
  readonly cause: string;
  /** Line or path it speaks of. */
  readonly path: string | null;
  /** Sentences without personal data. */
  readonly vi: string;
  readonly en: string;
  readonly remedyVi: string;
  readonly remedyEn: string;
  readonly decisions: readonly DecisionName[];
  /** Both sides' values, choices …: sealed. */
  readonly detail: JsonObject;
  readonly openedAt: At;
  readonly closedAt: At | null;
  readonly decision: { readonly name: DecisionName; readonly value: string | null; readonly by: string; readonly at: At } | null;
  /** An answered hold that the next visit still has to carry out. */
  readonly applied: boolean;
}
export interface HoldFilter {
  readonly open?: boolean;
  readonly desk?: Desk;
  readonly system?: string;
  readonly code?: string;
  readonly cause?: string;
  readonly kind?: HoldKind;
}
export interface HoldTable {
  insert(hold: Hold): Promise<void>;
  /** The same under a code that has no dossier (yet): the code is given a key. An erased dossier's code is refused. */
  insertUnfiled(hold: Hold): Promise<void>;
  save(hold: Hold): Promise<void>;
  byId(id: string): Promise<Hold | null>;
  /** Open ones, and answered ones not yet applied. */
  live(codes: readonly string[]): Promise<readonly Hold[]>;
  page(filter: HoldFilter, after: string | null, most: number): Promise<readonly Hold[]>;
  /** Open holds by cause, with reach. */
  incidents(): Promise<
    readonly {
      readonly cause: string;
      readonly kind: HoldKind;
      readonly desk: Desk;
      readonly count: number;
      readonly since: At;
      readonly vi: string;
      readonly en: string;
      readonly nextDueAt: At | null;
    }[]
  >;
}

export interface ProgressEntry {
  readonly code: string;
  /** 1, 2, 3 … within the dossier. */
  readonly seq: number;
  readonly at: At;
  readonly link: string | null;
  readonly kind: 'phase' | 'act' | 'status' | 'notice';
  /** The phase, official act, national status or notice code. */
  readonly name: string;
  readonly evidence: { readonly kind: 'sighting' | 'receipt' | 'person' | 'document'; readonly ref: string };
  /** No personal data. */
  readonly note: string | null;
}
export interface ProgressTable {
  /** Appends; `seq` is given by the store. */
  append(entries: readonly Omit<ProgressEntry, 'seq'>[]): Promise<void>;
  ofDossiers(codes: readonly string[]): Promise<readonly ProgressEntry[]>;
}

export interface AuditEntry {
  readonly code: string;
  readonly seq: number;
  readonly at: At;
  /** Account, `engine`, or system name. */
  readonly actor: string;
  readonly action: string;
  readonly attempt: string | null;
  readonly mappingVersion: string | null;
  /** Field names and words; never a value. */
  readonly detail: JsonObject;
  readonly hash: string;
}
export interface AuditTable {
  /** Appends to the dossier's chain: hash = sha256 over the previous hash and this entry. */
  append(entries: readonly Omit<AuditEntry, 'seq' | 'hash'>[]): Promise<void>;
  ofDossier(code: string): Promise<readonly AuditEntry[]>;
  /** Checks one chain, or all: first broken link named. */
  verify(code: string | null): Promise<{
    readonly chains: number;
    readonly entries: number;
    readonly broken: readonly { readonly code: string; readonly seq: number }[];
  }>;
  /** One digest over all chain heads, kept, and returned so that it can be stored outside. */
  anchor(at: At): Promise<{ readonly at: At; readonly chains: number; readonly digest: string }>;
}

export interface CursorTable {
  load(system: string, name: string): Promise<string | null>;
  save(system: string, name: string, value: string): Promise<void>;
}

export interface BudgetTable {
  /** Adds `count` to the day's use (day = local yyyy-mm-dd) and returns the new total. */
  spend(system: string, name: string, day: string, count: number): Promise<number>;
}

export interface FileTable {
  /** Sealed chunks of at most 256 KiB, content-addressed within the dossier. Returns false when it was there. */
  putChunk(code: string, hash: string, index: number, bytes: Uint8Array): Promise<boolean>;
  /** Marks a file complete: readable only from then on. */
  complete(
    code: string,
    file: { readonly hash: string; readonly name: string; readonly mime: string; readonly sizeBytes: number; readonly chunks: number },
  ): Promise<void>;
  stat(
    code: string,
    hash: string,
  ): Promise<{ readonly name: string; readonly mime: string; readonly sizeBytes: number; readonly chunks: number } | null>;
  chunk(code: string, hash: string, index: number): Promise<Uint8Array | null>;
}

export interface Token {
  readonly id: string;
  /** sha256 of the secret, hex. */
  readonly hash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly agencies: readonly string[] | null;
  readonly createdAt: At;
  readonly expiresAt: At | null;
  readonly revokedAt: At | null;
}
export interface TokenTable {
  insert(token: Token): Promise<void>;
  byHash(hash: string): Promise<Token | null>;
  all(): Promise<readonly Token[]>;
  revoke(id: string, at: At): Promise<void>;
}

/** Switches set while running: paused systems, modes. Value is JSON text without personal data. */
export interface SwitchTable {
  get(name: string): Promise<Json | null>;
  set(name: string, value: Json, by: string, at: At): Promise<void>;
  all(): Promise<ReadonlyMap<string, Json>>;
}
