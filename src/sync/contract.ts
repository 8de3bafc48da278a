import type { Heard, RecordKind } from '../kit/contract.ts';
import type { Mapping } from '../mapping/contract.ts';
import type { DossierHead, HubBody, NationalStatus } from '../model/dossier.ts';
import type { At, JsonObject } from '../model/json.ts';
import type { Problem } from '../model/line-value.ts';
import type { Chance, Clock } from '../model/ports.ts';
import type { DecisionName, Mode, OfficialActName, Phase } from '../model/words.ts';
import type { Priority, Store } from '../store/contract.ts';
import type { DeadlineRules } from './deadlines.ts';

/** A document as an official's system pushed it: already parsed and checked against head schema and form. */
export interface DossierDocument {
  readonly head: DossierHead;
  readonly body: Pick<HubBody, 'applicant' | 'data' | 'files'>;
  /** Acts the one-stop states beside the data, e.g. `supplements: 1`. */
  readonly supplements: number;
}

/** A system as the engine sees it: kinds from the adapter, behaviour from the config. */
export interface Spoke {
  readonly name: string;
  readonly kinds: Readonly<Record<string, RecordKind>>;
  readonly title: { readonly vi: string; readonly en: string };
  readonly role: 'one-stop' | 'ministry';
  readonly pollMs: number;
  /** Polls without a result before the official is asked. */
  readonly pollsBeforeAsking: number;
  /** Most links in one visit batch, most calls in flight. */
  readonly batch: number;
  readonly concurrent: number;
  /** Most creates and updates a day; null = no cap. */
  readonly dailyCap: number | null;
  /** Dossiers received before this are adopted, never sent; null = none. */
  readonly cutOffAt: At | null;
  readonly mode: (procedure: string, agency: string) => Mode;
  /** How long a record typed by hand may stay unseen, and an opened sheet without its number, before a person is asked. */
  readonly visibleWithinMs?: number;
}

export interface EngineLimits {
  readonly leaseMs: number;
  readonly backOffFirstMs: number;
  readonly backOffMostMs: number;
  /** One-stop sightings younger than this need no refresh before an outward write. */
  readonly freshMs: number;
  /** Changes that one link may suffer inward in a visit before it is held. */
  readonly mostInwardChanges: number;
  /** Ring hits of this many links of a system within `ringWindowMs` = restored backup. */
  readonly ringHits: number;
  readonly ringWindowMs: number;
  readonly mostFileBytes: number;
}

export interface EnginePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly spokes: ReadonlyMap<string, Spoke>;
  readonly mappings: readonly Mapping[];
  readonly limits: EngineLimits;
  /** How a dossier's national status follows from its legs and the official's acts (`mappings/status.yaml`). */
  readonly status: StatusRule;
  /** By what legs and dossiers are due; absent: nothing is. */
  readonly deadlines?: DeadlineRules;
  /** The procedure catalogue at a date of receipt. */
  readonly procedure: (code: string, at: At) => ProcedureAnswer;
  /**
   * A dossier read or heard from the one-stop, held to the same rules as one pushed to the API: head, form and text. What
   * was not stated arrives as NaN or '' and is refused, not made up. Throws IntakeRefused with problems.
   */
  readonly admit: (document: DossierDocument) => DossierDocument;
  /** Called with words only, never values. */
  readonly tell: (event: EngineEvent) => void;
}

export interface StatusLeg {
  readonly system: string;
  readonly record: string;
  readonly phase: Phase | null;
  readonly ended: boolean;
  readonly impossible: boolean;
}
export interface StatusInput {
  readonly current: NationalStatus;
  /** The status before the present pause (5 or 6), where there was one. */
  readonly before: NationalStatus | null;
  readonly legs: readonly StatusLeg[];
  /** An official act the one-stop just stated; null when only a leg moved. */
  readonly act: OfficialActName | null;
}
export type StatusStep =
  | { readonly is: 'none' }
  | { readonly is: 'step'; readonly to: NationalStatus }
  /** The legal graph does not allow it, or the rules leave it to a person. */
  | { readonly is: 'hold'; readonly to: NationalStatus | null; readonly vi: string; readonly en: string };
export type StatusRule = (input: StatusInput) => StatusStep;

export type ProcedureAnswer =
  | { readonly is: 'valid' }
  | { readonly is: 'expired'; readonly replacedBy: string | null }
  | { readonly is: 'unknown' };

export type EngineEvent = {
  readonly event: 'intake' | 'visit' | 'sent' | 'hold' | 'progress' | 'trouble' | 'ended' | 'system';
  readonly at: At;
  readonly code: string | null;
  readonly link: string | null;
  readonly detail: JsonObject;
};

export type IntakeAnswer = {
  readonly is: 'new' | 'same' | 'changed' | 'older';
  readonly code: string;
  readonly legs: readonly { readonly link: string; readonly system: string; readonly record: string }[];
};

/** What a leg would say to this document; nothing is stored. */
export interface LegCheck {
  readonly system: string;
  readonly record: string;
  /** Hub paths to be filled in now: no leg of this dossier will give them. */
  readonly needs: readonly string[];
  /** Hub paths that an earlier leg gives, and whose. */
  readonly waits: readonly { readonly path: string; readonly system: string }[];
  readonly problems: readonly Problem[];
  readonly losses: readonly { readonly line: string; readonly reason: string }[];
}

export interface Decision {
  readonly hold: string;
  readonly name: DecisionName;
  readonly value: string | null;
  readonly by: string;
}

/** Looking at a sheet; the purpose is a word of a closed list, kept in the audit chain. */
export interface SheetAsked {
  readonly sheet: string;
  readonly by: string;
  readonly purpose: string;
  /** What the caller saw: an older one is refused. */
  readonly revision: number;
  /** Shown on the screen, as a file, on paper. */
  readonly what: 'sheet' | 'sheet-file' | 'sheet-print';
}
export interface SheetOpening extends Omit<SheetAsked, 'what'> {
  /** The person says that it was not typed by whoever opened it before. */
  readonly again: boolean;
}
export interface NumberTyped {
  readonly sheet: string;
  readonly by: string;
  readonly revision: number;
  /** null: a supplement, whose number is known. */
  readonly number: string | null;
  /** Keys of the asked fields that were filled in there: their values stay there. */
  readonly typed: readonly string[];
}
export interface GivenBack {
  readonly sheet: string;
  readonly by: string;
  readonly revision: number;
  /** The leg goes back to the machine, where there is a way in for one. */
  readonly machine: boolean;
}

export interface SheetField {
  /** Path in the record, or the label of a field the record does not state. */
  readonly key: string;
  readonly label: string;
  readonly note: string | null;
  /** `asked`: filled in from the papers; `cleared`: to be emptied there. */
  readonly is: 'value' | 'asked' | 'cleared';
  /** Ready to paste. */
  readonly text: string;
  /** What the screen shows for it, where that is another word. */
  readonly shown: string | null;
  readonly required: boolean;
}

export interface SheetShown {
  readonly id: string;
  readonly link: string;
  readonly code: string;
  readonly system: string;
  readonly record: string;
  readonly title: { readonly vi: string; readonly en: string };
  readonly what: 'whole' | 'supplement';
  readonly state: 'prepared' | 'opened' | 'entered' | 'closed' | 'dropped';
  readonly revision: number;
  readonly number: { readonly label: string; readonly known: string | null };
  readonly preparedAt: At;
  readonly openedAt: At | null;
  readonly screens: readonly { readonly title: string; readonly fields: readonly SheetField[] }[];
  /** What the dossier says otherwise since. */
  readonly changed: readonly { readonly key: string; readonly label: string; readonly before: string; readonly now: string }[];
}

/** Sheets that a person types from (assisted entry). Each call throws NotPossible when it cannot be, and then nothing changed. */
export interface SheetDesk {
  open(asked: SheetOpening): Promise<SheetShown>;
  look(asked: SheetAsked): Promise<SheetShown>;
  type(typed: NumberTyped): Promise<SheetShown>;
  giveBack(given: GivenBack): Promise<void>;
}

export interface Engine {
  /** Resolves when durable. Throws IntakeRefused with problems when the document cannot be taken. */
  intake(document: DossierDocument, priority?: Priority): Promise<IntakeAnswer>;
  check(document: DossierDocument): Promise<readonly LegCheck[]>;
  /** One claim-and-visit round for a system; how many links were visited. */
  visitDue(system: string): Promise<number>;
  /** Reads `changes` of a system once and wakes what it touched; true while more is there. */
  pollChanges(system: string): Promise<boolean>;
  /** A callback: proof checked, replay refused, touches woken, statements kept. */
  hear(system: string, kind: string, request: Heard): Promise<HeardAnswer>;
  /** Visits to everything of one system, to find what no event told. */
  sweep(system: string): Promise<SweepReport>;
  decide(decision: Decision): Promise<void>;
  /** "Tôi nhập tay": stops sending; says until when an answer is unsure, else null. */
  byHand(link: string, by: string): Promise<{ readonly unsureUntil: At | null }>;
  readonly sheets: SheetDesk;
  wake(link: string, priority: Priority): Promise<void>;
  /** Runs all systems until `signal` aborts: claims, visits, polls, sleeps. */
  run(signal: AbortSignal): Promise<void>;
}

export interface HeardAnswer {
  readonly touches: number;
  readonly replayed: boolean;
  /** Statements about records no dossier has yet: not kept, and so not acknowledged; the sender is to send them again. */
  readonly unknown: number;
}

export interface SweepReport {
  readonly system: string;
  readonly by: 'changes' | 'list' | 'list+version' | 'read';
  readonly links: number;
  readonly woken: number;
  /** Records there that no link knows. */
  readonly strangers: number;
  readonly vi: string;
  readonly en: string;
}
