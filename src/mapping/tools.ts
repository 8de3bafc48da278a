import type { JsonObject } from '../model/json.ts';
import type { AgreedValue, LineValue, Problem } from '../model/line-value.ts';
import type { Book } from './book.ts';
import type { Compiled } from './compile.ts';
import type { Diagnostic, HubSide, LineId, Loss, Mapping } from './contract.ts';
import { type Crosswalk, readCrosswalk } from './crosswalk.ts';
import { sameJson } from './equal.ts';
import { notes } from './tell.ts';

/** What the command line and the studio ask of mappings. */

export interface Preview {
  /** What would be written for a new record. */
  readonly record: JsonObject;
  readonly problems: readonly Problem[];
  readonly losses: readonly Loss[];
  readonly lines: readonly { readonly line: LineId; readonly state: LineValue['is']; readonly vi: string }[];
}

/** What this dossier would look like there, and why. */
export function preview(mapping: Mapping, hub: HubSide): Preview {
  const view = mapping.ours(hub);
  const words = new Map(mapping.explain().map((each) => [each.line, each.vi]));
  const goesOut = (id: LineId): boolean => mapping.rule(id).owner !== 'take';
  const problems = [...view].flatMap(([id, each]) => (each.is === 'invalid' && goesOut(id) ? [each.problem] : []));
  return {
    record: mapping.write(outwardValues(mapping, view)),
    problems,
    losses: mapping.losses(hub),
    lines: [...view].map(([line, each]) => ({ line, state: each.is, vi: words.get(line) ?? '' })),
  };
}

function outwardValues(mapping: Mapping, view: ReadonlyMap<LineId, LineValue>): ReadonlyMap<LineId, AgreedValue> {
  const values = new Map<LineId, AgreedValue>();
  for (const [id, each] of view) if (each.is === 'value' && mapping.rule(id).owner !== 'take') values.set(id, each);
  return values;
}

export interface LineDiff {
  readonly line: LineId;
  readonly change: 'added' | 'removed' | 'changed';
  /** Dossiers of the sample that would be written otherwise. */
  readonly dossiers: number;
  readonly before: string | null;
  readonly after: string | null;
}

/** How two versions of a mapping differ: in words, and in what they would write for these dossiers. */
export function diffMappings(before: Mapping, after: Mapping, hubs: readonly HubSide[]): readonly LineDiff[] {
  const old = new Map(before.explain().map((each) => [each.line, each.vi]));
  const now = new Map(after.explain().map((each) => [each.line, each.vi]));
  const counts = new Map<LineId, number>();
  for (const hub of hubs) {
    const [a, b] = [before.ours(hub), after.ours(hub)];
    for (const id of new Set([...a.keys(), ...b.keys()])) if (!sameValue(a.get(id), b.get(id))) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...new Set([...old.keys(), ...now.keys(), ...counts.keys()])].flatMap((line): LineDiff[] => {
    const [was, is] = [old.get(line) ?? null, now.get(line) ?? null];
    const dossiers = counts.get(line) ?? 0;
    if (was === is && dossiers === 0) return [];
    return [
      {
        line,
        change: was === null && is !== null ? 'added' : is === null && was !== null ? 'removed' : 'changed',
        dossiers,
        before: was,
        after: is,
      },
    ];
  });
}

function sameValue(a: LineValue | undefined, b: LineValue | undefined): boolean {
  if (a?.is === 'value' && b?.is === 'value') return sameJson(a.value, b.value);
  if (a?.is === 'invalid' && b?.is === 'invalid') return a.problem.code === b.problem.code;
  return a?.is === b?.is;
}

/** How many of these dossiers suffer each declared loss. */
export function lossReport(mapping: Mapping, hubs: readonly HubSide[]): readonly (Loss & { readonly dossiers: number })[] {
  const found = new Map<LineId, Loss & { dossiers: number }>();
  for (const hub of hubs) {
    for (const loss of mapping.losses(hub)) found.set(loss.line, { ...loss, dossiers: (found.get(loss.line)?.dossiers ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.dossiers - a.dossiers);
}

export interface CrosswalkReport {
  readonly crosswalk: Crosswalk;
  readonly diagnostics: readonly Diagnostic[];
  /** Codes of ours that stand for several of theirs: each asks a person. */
  readonly split: readonly string[];
}

/** A crosswalk by itself: bad rows, and what will have to be asked on that day (ms). */
export function checkCrosswalk(name: string, text: string, file: string, at: number): CrosswalkReport {
  const told = notes();
  const crosswalk = readCrosswalk(name, text, file, told);
  const ours = new Set(crosswalk.rows.filter((row) => row.outward).map((row) => row.ours));
  return { crosswalk, diagnostics: told.all, split: [...ours].filter((code) => crosswalk.outward(code, at).length > 1) };
}

/** Crosswalks that no mapping of the book uses. */
export function unusedCrosswalks(book: Book): readonly string[] {
  const used = new Set(
    book.compiled.flatMap(({ built, source }: Compiled) => [
      ...built.crosswalks,
      ...(source.node.desk === null ? [] : [source.node.desk.in.text]),
    ]),
  );
  return [...book.crosswalks.keys()].filter((name) => !used.has(name));
}
