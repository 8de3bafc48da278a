import type { JsonObject } from '../model/json.ts';
import type { Phase } from '../model/words.ts';
import type { Heard, Simulator } from './contract.ts';

/** What an adapter folder gives the contract suite (`fixtures/contract.ts`); see README.md. */
export interface ContractFixture {
  readonly kinds: Readonly<Record<string, KindFixture>>;
  /** Further ways to open the adapter against the same simulator, each proved as a whole: name → what is put over its config. */
  readonly configs?: Readonly<Record<string, JsonObject>>;
}

export interface KindFixture {
  /** The n-th valid record (n ≥ 1), as `create` takes it; natural keys distinct, fields in the form the system stores. */
  record(n: number): JsonObject;
  /** Our key of the n-th record where the record itself carries it; else the suite makes one. */
  key?(n: number): string;
  /** What an official changes later: changed fields only. */
  readonly edit?: JsonObject;
  /** What a clerk changes at the system. */
  readonly clerkEdit?: JsonObject;
  /** Stages in order; `fields` of the result as the simulator takes them. */
  readonly stages?: readonly { readonly stage: string; readonly phase: Phase; readonly fields?: JsonObject }[];
  /** Stages that only an act leads to, and the phase each is. */
  readonly phases?: Readonly<Record<string, Phase>>;
  /** Lays a paper at the system where the record as it is read holds no mark of one: its bytes, and the name it is fetched by. */
  readonly paper?: (simulator: Simulator) => { readonly bytes: Uint8Array; readonly remoteId: string };
  /** The record of each declared act. */
  readonly acts?: Readonly<Record<string, { readonly record: JsonObject }>>;
  /** A rightly signed message about a record. */
  readonly hear?: (
    about: { readonly id: string; readonly key: string | null; readonly record: JsonObject },
    at: number,
    nonce: string,
  ) => Heard;
}
