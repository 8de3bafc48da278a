import type { z } from 'zod';
import type { FileMark } from '../model/dossier.ts';
import type { At, Json, JsonObject } from '../model/json.ts';
import type { Covers } from '../model/line-value.ts';
import type { Chance, Clock } from '../model/ports.ts';
import type { Phase } from '../model/words.ts';
import type { Screens } from './screens-contract.ts';
import type { FieldIssue } from './trouble.ts';

/**
 * The socket every system plugs into (design §5). An adapter gives record kinds; a kind has a schema and verbs;
 * a verb left out is a capability that is not there; a trait stands on the verb it qualifies.
 */

/** Handed to every verb. A verb must stop when `signal` aborts. */
export interface Call {
  readonly signal: AbortSignal;
}

/** A record as its system stated it. */
export interface Sighting {
  /** The system's own id of the record. */
  readonly id: string;
  /** Our key, where the system states it back. */
  readonly key: string | null;
  /** Opaque; equal means unchanged. Goes back into `If-Match`. */
  readonly version: string | null;
  /** Grows with every change where the kind is `ordered`. */
  readonly sequence: number | null;
  readonly covers: Covers;
  readonly record: JsonObject;
  readonly statedAt: At | null;
}

/** "Something happened to this record": by the system's id or by our key; `sighting` when the message itself states it. */
export interface Touch {
  readonly kind: string;
  readonly id: string | null;
  readonly key: string | null;
  readonly sighting: Sighting | null;
}

export type Receipt =
  | { readonly is: 'done'; readonly id: string; readonly version: string | null; readonly sequence: number | null }
  /** Taken, not yet a record; `read` by our key shows it later. */
  | { readonly is: 'queued'; readonly ticket: string }
  /** The system says it has it; the record must be looked at before it is believed equal. */
  | { readonly is: 'already'; readonly id: string | null };

export interface ReadVerb {
  /** What `ids` are: the system's own id, or our key. */
  readonly by: 'id' | 'key';
  /** Most ids in one call. */
  readonly most: number;
  /** id → sighting, or null ("not there"). An id missing from the map was not answered. */
  run(ids: readonly string[], call: Call): Promise<ReadonlyMap<string, Sighting | null>>;
}

export interface FindVerb {
  /** Alternative sets of record fields that together identify one record, best first. */
  readonly by: readonly (readonly string[])[];
  readonly unique: boolean;
  /** How late a new record shows up in this search. */
  readonly indexLagMs: number;
  run(fields: JsonObject, call: Call): Promise<readonly Sighting[]>;
}

export interface ChangesVerb {
  /** Pages may repeat touches from this far back; they must not skip one. */
  readonly overlapMs: number;
  run(cursor: string | null, call: Call): Promise<ChangesPage>;
}

export interface ChangesPage {
  readonly touches: readonly Touch[];
  readonly cursor: string;
  readonly more: boolean;
  /** What of this page could not be taken in; a person must hear of it. A page that is read again tells it again. */
  readonly refused?: readonly RefusedRow[];
}

/** A row of a file, or with `line` 0 the file itself, that could not be taken. Fields and reasons, never a value. */
export interface RefusedRow {
  readonly file: string;
  /** sha256 of the file, so that what is told twice is one thing; null where it was not read. */
  readonly hash: string | null;
  /** As a person counts in that file. */
  readonly line: number;
  readonly issues: readonly FieldIssue[];
}

export type Listed =
  | { readonly id: string; readonly key: string | null; readonly version: string | null; readonly sighting?: undefined }
  | { readonly id: string; readonly key: string | null; readonly version: string | null; readonly sighting: Sighting };

export interface ListVerb {
  readonly gives: 'id' | 'id+version' | 'record';
  run(cursor: string | null, call: Call): Promise<{ readonly items: readonly Listed[]; readonly cursor: string | null }>;
}

/** A callback as it came in: the exact bytes, so that a signature over them can be checked. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly receivedAt: At;
}

export interface HearVerb {
  readonly proof: 'hmac' | 'signature' | 'mtls';
  /** Checks the proof, else throws Trouble `refused`. `nonce` is unique per message: the engine refuses to take one twice. */
  run(request: Heard, call: Call): Promise<{ readonly touches: readonly Touch[]; readonly nonce: string }>;
}

/** What repeating the same write does at the system; proved by the contract suite. */
export type Repeat = 'same-key' | 'rejects-twin' | 'unsafe';

export interface FileSource {
  readonly mark: FileMark;
  /** The bytes, streamed; at most `mark.sizeBytes`. */
  open(): AsyncIterable<Uint8Array>;
}

export interface CreateOrder {
  /** Ours, stable for the link: the same order sent again carries the same key. */
  readonly key: string;
  readonly record: JsonObject;
  readonly files: readonly FileSource[];
}

export interface CreateVerb {
  readonly repeat: Repeat;
  /** A create whose answer was lost has landed by then, or never will. */
  readonly landsWithinMs: number;
  run(order: CreateOrder, call: Call): Promise<Receipt>;
}

export interface UpdateOrder {
  readonly id: string;
  readonly key: string;
  /** The version we planned against. Sent as a condition only where `ifMatch`. */
  readonly version: string | null;
  /** `patch`: only changed fields; `replace`: the whole record. */
  readonly record: JsonObject;
  readonly files: readonly FileSource[];
}

export interface UpdateVerb {
  /** Phases in which a change is admitted; null = before any phase is known as well. */
  readonly phases: readonly Phase[];
  readonly style: 'patch' | 'replace';
  /** true: a write planned against an older version throws Trouble `stale`. */
  readonly ifMatch: boolean;
  readonly landsWithinMs: number;
  run(order: UpdateOrder, call: Call): Promise<Receipt>;
}

export interface ActOrder {
  readonly id: string;
  readonly key: string;
  /** Unique per act of this link; the same act sent again carries the same. */
  readonly actKey: string;
  /** Lines the act carries, e.g. the supplemented record, or `{ status, at, text, actor }` of a step. */
  readonly record: JsonObject;
  readonly files: readonly FileSource[];
}

export interface ActVerb {
  /** Phases in which it is allowed; empty = always. */
  readonly phases: readonly Phase[];
  /** Phase it leads to, where it leads to one. */
  readonly leadsTo: Phase | null;
  readonly repeat: Repeat;
  readonly landsWithinMs: number;
  run(order: ActOrder, call: Call): Promise<Receipt>;
}

export interface FileVerb {
  readonly when: 'before' | 'inside' | 'after';
  readonly mostBytes: number;
}
export interface PutFileVerb extends FileVerb {
  run(order: { readonly id: string; readonly key: string; readonly file: FileSource }, call: Call): Promise<FileMark>;
}
export interface GetFileVerb extends FileVerb {
  /** Streams; the caller counts bytes and checks the hash. */
  run(order: { readonly id: string; readonly mark: FileMark }, call: Call): Promise<AsyncIterable<Uint8Array>>;
}

export interface RecordKind {
  readonly name: string;
  /** JSON Schema of the record, fields exactly as the system writes them. */
  readonly schema: JsonObject;
  /** The system's own screens for it, from `screens/<kind>.yaml`; given by the loader. Absent: the schema's order. */
  readonly screens?: Screens;
  /** Field path → what the system does to a value it keeps; such a change is no edit. */
  readonly normalises: Readonly<Record<string, 'upper' | 'trim' | 'single-spaces'>>;
  /** After a write, reads may show the old record for this long. */
  readonly readLagMs: number;
  /** `sequence` is stated and only grows. */
  readonly ordered: boolean;
  /** How it travels, where not by calls: a file is put or lies there, and no answer can be lost. */
  readonly over?: 'files';
  /** Nobody on our side ever writes it, neither a program nor a person: the authorities exchange it, and it is looked for until it shows up. */
  readonly onlyLookedUp?: true;
  readonly read?: ReadVerb;
  readonly find?: FindVerb;
  readonly changes?: ChangesVerb;
  readonly list?: ListVerb;
  readonly hear?: HearVerb;
  readonly create?: CreateVerb;
  readonly update?: UpdateVerb;
  readonly acts?: Readonly<Record<string, ActVerb>>;
  readonly putFile?: PutFileVerb;
  readonly getFile?: GetFileVerb;
}

/** One hop of a health probe, in order; the first failing hop is where to look. */
export interface ProbeHop {
  readonly hop: string;
  readonly ok: boolean;
  readonly vi: string;
  readonly en: string;
}

/** An adapter opened against one real system. */
export interface System {
  /** What the adapter keeps to, where it says so; counted at the simulator. */
  readonly limits?: AdapterLimits;
  readonly kinds: Readonly<Record<string, RecordKind>>;
  /** Read-only look at each hop: name, reachability, log-in, one harmless read. */
  probe(call: Call): Promise<readonly ProbeHop[]>;
  close(): Promise<void>;
}

/** What the kit lends an adapter. */
export interface AdapterPorts {
  readonly clock: Clock;
  readonly chance: Chance;
  /** How long a system that failed several times in a row is left alone, where the configuration says it. */
  readonly restMs?: number | undefined;
  /** Folder data after overrides from the configured directory. */
  readonly data: {
    /** Names of `records/<kind>.schema.json`, sorted, those that only the overrides have included. */
    recordKinds(): readonly string[];
    /** `records/<kind>.schema.json`. */
    recordSchema(kind: string): JsonObject;
    /** `answers.yaml`. */
    answers(): Json;
    /** Any other data file of the folder (XSD, WSDL), named by its path inside. */
    text(file: string): string;
  };
}

/** Evidence labels of `shared/domain`: how well the wire shape is known. */
export type Evidence = 'OURS' | 'SOURCED' | 'WEAK' | 'MEMORY' | 'INFERENCE';

export interface AdapterLimits {
  readonly concurrent: number;
  readonly perSecond: number | null;
  readonly perDay: number | null;
}

export interface Adapter<Config = unknown> {
  /** The folder's name. */
  readonly name: string;
  readonly title: { readonly vi: string; readonly en: string };
  readonly evidence: Evidence;
  readonly config: z.ZodType<Config>;
  open(config: Config, ports: AdapterPorts): Promise<System>;
}

/** Gives an adapter its types; the folder's `index.ts` exports the result as default. */
export const defineAdapter = <Config>(adapter: Adapter<Config>): Adapter<Config> => adapter;

/** Fault names every simulator understands, each a probability 0..1 or a duration; all default to none. */
export interface SimulatorFaults {
  readonly seed: number;
  readonly delayMs: number;
  readonly loseAnswer: number;
  /** Share of writes that are answered with nothing and land after `lateMs`. */
  readonly landLate: number;
  readonly lateMs: number;
  readonly duplicate: number;
  readonly tooMany: number; // 429 with Retry-After
  readonly serverError: number;
  readonly htmlPage: number;
  readonly wrongJson: number;
  readonly shortAnswer: number;
  readonly shuffle: number;
  /** Files: left half-written, with a row nobody can take, put down only after `lateMs`. `duplicate` puts them twice. */
  readonly halfFile: number;
  readonly badRow: number;
  readonly lateFile: number;
  readonly down: boolean;
  /** Accepts twins and states no key back. */
  readonly unsafe: boolean;
}

/** The system in miniature: a real HTTP server on loopback with its own persistent data. */
export interface Simulator {
  /** Config that opens the adapter against this simulator. */
  readonly config: JsonObject;
  readonly baseUrl: string;
  setFaults(faults: Partial<SimulatorFaults>): void;
  /** All records as the system holds them, for the comparer and the oracle. Bypasses faults. */
  records(kind: string): readonly {
    readonly id: string;
    readonly key: string | null;
    readonly record: JsonObject;
    /** Where its life cycle stands, in the system's own word. */
    readonly stage?: string;
  }[];
  /** Every write the system took, in order, with its natural key. */
  received(): readonly {
    readonly verb: string;
    readonly kind: string;
    readonly key: string | null;
    readonly naturalKey: string;
    readonly at: At;
  }[];
  /** A clerk at the system: types a new record by hand, edits fields, moves the phase on. Returns the record's id. */
  typeByHand(kind: string, record: JsonObject): string;
  edit(kind: string, id: string, changes: JsonObject): void;
  /** Advances the record's own life cycle: a code in the system's words, plus fields of the result. */
  advance(kind: string, id: string, stage: string, fields?: JsonObject): void;
  /** Keeps a copy of all data; `restore` puts the last copy back (restored backup). */
  backup(): void;
  restore(): void;
  /** Most calls a minute seen, calls in flight at most: limits are counted here. */
  counted(): { readonly calls: number; readonly mostInFlight: number };
  close(): Promise<void>;
}

/** `simulator.ts` exports this as default. `folder` null = in memory. */
export type StartSimulator = (options: {
  readonly folder: string | null;
  readonly port?: number;
  readonly clock: Clock;
  /** The same directory the adapter gets: what it adds or changes, the simulated system has too. */
  readonly overrides?: string | null;
  readonly faults?: Partial<SimulatorFaults>;
}) => Promise<Simulator>;
