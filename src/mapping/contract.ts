import type { Choice, NationalStatus } from '../model/dossier.ts';
import type { At, Json, JsonObject } from '../model/json.ts';
import type { AgreedValue, Covers, LineValue, Problem } from '../model/line-value.ts';
import type { OfficialActName, Owner, Phase } from '../model/words.ts';

/** What the engine sees of a compiled mapping. All of it is pure: no clock, no store, no network. */

/** A line's left path; inside a list `left[KEY].sub`, KEY the element's key. */
export type LineId = string;

/** Hub side of a visit. `at` is the dossier's date (receivedAt): crosswalk rows valid then are used. */
export interface HubSide {
  readonly document: JsonObject;
  readonly choices: readonly Choice[];
  readonly at: At;
}

export interface LineRule {
  readonly id: LineId;
  readonly owner: Owner;
  /** Path in the hub document this line yields to or feeds, with list keys filled in. */
  readonly hubPath: string;
  /** From this phase on (as seen in this visit) the line is theirs. */
  readonly until: Phase | null;
  /** How an emptied value is written; null = not said, so it holds. */
  readonly clear: 'null' | 'empty' | 'omit' | null;
  /** Set when the loss is declared. */
  readonly lossy: string | null;
  /** The line's former id, under which a base may still know it. */
  readonly was?: LineId;
  readonly isKey: boolean;
  /** Value is a FileMark. */
  readonly isFile: boolean;
}

export interface HubChange {
  readonly line: LineId;
  readonly path: string;
  /** null removes the value. */
  readonly value: Json;
}

export interface Loss {
  readonly line: LineId;
  readonly reason: string;
}

/** What a record says of its stage. */
export type PhaseReading =
  | { readonly is: 'phase'; readonly phase: Phase; readonly code: string; readonly note: string | null }
  | { readonly is: 'unknown'; readonly code: string }
  | { readonly is: 'unseen' };

export interface MappingAct {
  readonly name: string;
  /** The official's act that triggers it. */
  readonly on: OfficialActName;
  /** Phases in which it is sent. */
  readonly in: readonly Phase[];
}

/** Steps a system wants reported: which progress words, and its code for each. In order, one unacknowledged at a time. */
export interface MappingSteps {
  readonly of: 'status' | 'phase';
  readonly map: Readonly<Record<string, string>>;
}

export interface Mapping {
  /** e.g. `civil-status.birth` */
  readonly id: string;
  /** Content hash of text, form, schema and crosswalks used. */
  readonly version: string;
  readonly system: string;
  readonly record: string;
  readonly form: string;
  /** Base codes with validity; empty = every procedure with this form. */
  readonly procedures: readonly { readonly code: string; readonly from: At | null; readonly until: At | null }[];
  /** Statuses of the one-stop at which a leg starts; empty = at once. */
  readonly start: { readonly status: readonly NationalStatus[] };
  /** Hub paths that must hold a value before the leg is ready. */
  readonly needs: readonly string[];
  /** The agency that handles this leg, where the mapping says how it is known; null where the dossier does not tell. */
  desk?(hub: HubSide): Desk | null;
  readonly acts: readonly MappingAct[];
  readonly steps: MappingSteps | null;

  rule(line: LineId): LineRule;
  /** Rules of all plain lines; list lines appear only through views. */
  readonly rules: readonly LineRule[];

  /** Every line seen from the hub, in comparison space (= the record's own words). Take lines included. */
  ours(hub: HubSide): ReadonlyMap<LineId, LineValue>;
  /** Every line as the record states it, in comparison space; not covered = unseen. */
  theirs(record: JsonObject, covers: Covers): ReadonlyMap<LineId, LineValue>;
  /** What a line is in a record's view that does not hold its id: a list element that is not there, or not covered. */
  unlisted(line: LineId, covers: Covers): LineValue;
  /** Equal in comparison space, with the line's fold and the kind's normalisation; empty equals absent. */
  equal(line: LineId, a: LineValue, b: LineValue): boolean;
  /** The record (create, replace) or the part of it (patch) that says these values. Absent is omitted. */
  write(values: ReadonlyMap<LineId, AgreedValue>): JsonObject;
  /** What the hub must change to hold these record-space values. A value with no inverse is a problem. */
  inverse(
    values: ReadonlyMap<LineId, AgreedValue>,
    hub: HubSide,
  ): { readonly changes: readonly HubChange[]; readonly problems: readonly Problem[] };
  /** Loss these values suffer on their way out, for the report. */
  losses(hub: HubSide): readonly Loss[];
  phase(record: JsonObject, covers: Covers): PhaseReading;
  /** The record as it may be kept in a snapshot: without the fields under `ignore.drop`. */
  kept?(record: JsonObject): JsonObject;
  /** Fields for `find`, in record words, from the hub: first set of `by` that is complete. */
  findFields(hub: HubSide, by: readonly (readonly string[])[]): JsonObject | null;
  /** One sentence a line in Vietnamese, for the studio and `mapping preview`. */
  explain(): readonly { readonly line: LineId; readonly vi: string }[];
}

/** An agency on whose desk a leg lies. */
export interface Desk {
  readonly code: string;
  readonly title: string;
}

/** A message at a place in a mapping, form, crosswalk or config file. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly vi: string;
  readonly en: string;
}

export interface MappingBook {
  readonly mappings: readonly Mapping[];
  readonly diagnostics: readonly Diagnostic[];
}
