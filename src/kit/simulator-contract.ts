import type { At, Json, JsonObject } from '../model/json.ts';
import type { SimulatorFaults } from './contract.ts';

/** What a simulator author writes, and what stands ready for it. The base itself is `simulator.ts`. */

/** A record as the simulated system holds it. */
export interface SimulatorRow {
  readonly id: string;
  readonly key: string | null;
  readonly record: JsonObject;
  readonly stage: string;
  readonly version: number;
  /** Grows over all rows of the simulator. */
  readonly sequence: number;
  readonly at: At;
  readonly byHand: boolean;
  /** Keys of acts taken, so that the same act is taken once. */
  readonly acts: readonly string[];
  /** What the system knows beside the record. */
  readonly extra: JsonObject;
}

export interface SimulatorRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body as JSON; broken JSON is answered with 400 by the base. */
  json(): Json;
}

export interface SimulatorAnswer {
  readonly status: number;
  readonly json?: Json;
  readonly bytes?: Uint8Array;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Faults of writes (lost answer, late landing) hit `write` routes only. `log-in` routes have no faults but `down`. */
export type RouteEffect = 'read' | 'write' | 'log-in';

export interface SimulatorRoute {
  readonly method: string;
  /** `/records/:id`; `:name` takes one segment. */
  readonly path: string;
  /** A function where one path carries many operations and the message says which. */
  readonly effect: RouteEffect | ((request: SimulatorRequest) => RouteEffect);
  run(request: SimulatorRequest): SimulatorAnswer | Promise<SimulatorAnswer>;
}

export interface SimulatorKind {
  naturalKey(record: JsonObject): string;
  readonly firstStage: string;
  /** The n-th id, n from 1. */
  id(n: number): string;
  /** How the system keeps what it is given. */
  keeps?(record: JsonObject): JsonObject;
  /** Stages each stage may go to; none given = any. */
  readonly stages?: Readonly<Record<string, readonly string[]>>;
}

export interface SimulatorDesk {
  rows(kind: string): readonly SimulatorRow[];
  get(kind: string, id: string): SimulatorRow | null;
  byKey(kind: string, key: string): SimulatorRow | null;
  /** A row with the same natural key. */
  twin(kind: string, record: JsonObject): SimulatorRow | null;
  add(
    kind: string,
    entry: { readonly key: string | null; readonly record: JsonObject; readonly extra?: JsonObject; readonly byHand?: boolean },
    verb?: string,
  ): SimulatorRow;
  change(kind: string, id: string, change: SimulatorChange, verb: string | null): SimulatorRow;
  /** Keeps bytes by their sha256 and gives it. */
  keepFile(bytes: Uint8Array): string;
  file(hash: string): Uint8Array | null;
  faults(): SimulatorFaults;
  random(): number;
  now(): At;
  /** What a batch read answers with: shortened and shuffled by the faults. */
  answered<T>(list: readonly T[]): readonly T[];
  shuffled<T>(list: readonly T[]): readonly T[];
  /** A page of changes: some entries twice, by the faults. */
  repeated<T>(list: readonly T[]): readonly T[];
  /** Posts a message out; its status, or null when nobody answered. Sent twice by the faults. */
  send(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number | null>;
}

export interface SimulatorChange {
  readonly record?: JsonObject;
  readonly stage?: string;
  readonly act?: string;
  readonly extra?: JsonObject;
  /** true: `record` is the whole record, not what changed. */
  readonly whole?: boolean;
}

/** What a system does that exchanges files: our out-folder is `ra`, our in-folder `vao`, below the exchange's root. */
export interface SimulatorFolder {
  /** A whole file from our out-folder. May come again after a fall. */
  takes(desk: SimulatorDesk, name: string, bytes: Uint8Array): void;
  /** The file that tells of a row, after every change and every new row; null = none. */
  tells(desk: SimulatorDesk, kind: string, row: SimulatorRow): { readonly name: string; readonly bytes: Uint8Array } | null;
  /** The same file with one row more, which nobody can take. */
  spoils?(bytes: Uint8Array): Uint8Array;
}

export interface SimulatorPlan {
  readonly kinds: Readonly<Record<string, SimulatorKind>>;
  /** `exchange`: root of the folders, where the plan has `folder`; else empty. */
  config(baseUrl: string, exchange: string): JsonObject;
  readonly folder?: SimulatorFolder;
  routes(desk: SimulatorDesk): readonly SimulatorRoute[];
  /** After every change and every new row. */
  changed?(desk: SimulatorDesk, kind: string, row: SimulatorRow): void;
  readonly mostBodyBytes?: number;
}
