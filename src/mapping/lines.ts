import type { Json, JsonObject } from '../model/json.ts';
import { ABSENT, EMPTY, type LineValue, UNSEEN, value } from '../model/line-value.ts';
import type { Owner } from '../model/words.ts';
import type { GuardNode, LineNode } from './ast.ts';
import type { HubSide } from './contract.ts';
import type { HubPart, Ready, RecordPart } from './conversions/contract.ts';
import type { Field } from './fields.ts';
import { below, type Draft, type Found, isObject, type Path, reader, TWO_HITS, writer } from './paths.ts';
import { invalid, sentence } from './tell.ts';

/** A line ready to run: where it reads and writes on both sides, and how the value changes on its way. */
export interface Line {
  readonly id: string;
  readonly owner: Owner;
  readonly node: LineNode;
  readonly ready: Ready;
  /** Reading conversions of their own, where the record is read elsewhere in other words. */
  readonly seenReady: Ready | null;
  readonly hubPath: Path | null;
  readonly recordPath: Path;
  readonly hub: readonly Slot[];
  readonly record: readonly Slot[];
  readonly seen: readonly Slot[];
  readonly holds: (scope: Scope) => boolean;
  /** Cause prefix of problems. */
  readonly cause: string;
}

/** A document and the element of it a list line speaks of; for a plain line both are the document. */
export interface Scope {
  readonly root: JsonObject;
  readonly here: Json | undefined;
}

export interface Slot {
  readonly name: string;
  readonly rooted: boolean;
  readonly path: Path;
  readonly read: (from: Json | undefined) => Found;
  readonly write: (into: Draft, of: Json) => void;
  readonly cast: (of: Json) => Json;
}

const TWICE = sentence('two-hits', 'Có hơn một mục cùng khớp; cần người xem lại.', 'More than one entry matches; a person must look.');

const asIs = (of: Json): Json => of;

/** A value as the record's field is typed: codes and numbers travel as text or as numbers, as the schema says. */
export function caster(field: Field | undefined): (of: Json) => Json {
  if (field?.type === 'text') return (of) => (typeof of === 'number' ? String(of) : of);
  if (field?.type === 'integer' || field?.type === 'number') {
    return (of) => (typeof of === 'string' && of.trim() !== '' && Number.isFinite(Number(of)) ? Number(of) : of);
  }
  return asIs;
}

export const slot = (path: Path, rooted: boolean, name: string, field?: Field): Slot => ({
  name,
  rooted,
  path,
  read: reader(path),
  write: writer(path),
  cast: caster(field),
});

/** Where the hub parts of a conversion lie. */
export function hubSlots(ready: Ready, path: Path | null, rooted: boolean): readonly Slot[] {
  if (path === null) return [];
  return (ready.hubParts ?? [{ where: 'self', path: null }]).map((part) => {
    const at = hubPartPath(part, path);
    return slot(at, rooted || part.where === 'root', at.text);
  });
}

export function hubPartPath(part: HubPart, path: Path): Path {
  if (part.path === null || part.where === 'self') return path;
  if (part.where === 'root') return part.path;
  if (part.where === 'below') return below(path, part.path);
  const steps = path.steps.slice(0, -1);
  if (steps.length === 0) return part.path;
  const base: Path = { text: path.text.slice(0, path.text.length - lastLength(path) - 1), steps };
  return below(base, part.path);
}

const lastLength = (path: Path): number => {
  const last = path.steps.at(-1);
  return last === undefined ? 0 : path.text.length - path.text.lastIndexOf(last.name);
};

export function recordSlots(ready: Ready, path: Path, fieldOf: (path: Path, rooted: boolean) => Field | undefined): readonly Slot[] {
  if (ready.recordParts === undefined) return [slot(path, false, '', fieldOf(path, false))];
  return ready.recordParts.map((part: RecordPart) => {
    const rooted = part.where === 'root';
    const at = rooted ? part.path : below(path, part.path);
    return slot(at, rooted, part.path.text, fieldOf(at, rooted));
  });
}

const from = (each: Slot, scope: Scope): Found => each.read(each.rooted ? scope.root : scope.here);

/** What counts as empty: null, no text, an empty list or object. */
export const isEmpty = (of: Json): boolean =>
  of === null ||
  of === '' ||
  (typeof of === 'object' && (Array.isArray(of) ? of.length === 0 : isObject(of) && Object.keys(of).length === 0));

/** The line seen from the hub, in the record's own words. */
export function oursOf(line: Line, scope: Scope, side: HubSide): LineValue {
  const { hub, ready } = line;
  if (!line.holds(scope)) return line.owner === 'take' || line.owner === 'share' ? UNSEEN : ABSENT;
  if (ready.constant === true) return ready.outward(null, side, '');
  const [first] = hub;
  if (first === undefined) return ABSENT;
  const found = hub.length === 1 ? readOne(from(first, scope)) : gatherList(hub, scope);
  if (found.is !== 'value') return found.is === 'invalid' ? blame(found, line, first.path.text) : found;
  const written = ready.outward(found.value, side, line.hubPath?.text ?? '');
  return written.is === 'invalid' ? blame(written, line, first.path.text) : written;
}

/** The line as the record states it. */
export function theirsOf(line: Line, scope: Scope): LineValue {
  const slots = line.seen;
  const [first] = slots;
  if (first === undefined) return ABSENT;
  const reading = line.seenReady ?? line.ready;
  const found = reading.recordParts === undefined ? readOne(from(first, scope)) : gatherObject(slots, scope);
  if (found.is !== 'value') return found.is === 'invalid' ? blame(found, line, first.path.text) : found;
  const stated = line.seenReady === null ? line.ready.normal(found.value) : throughHub(line, line.seenReady, found.value);
  return stated.is === 'invalid' ? blame(stated, line, first.path.text) : stated;
}

/** Rows of crosswalks that are valid last: a record states today's codes. */
const TODAY: HubSide = { document: {}, choices: [], at: Number.MAX_SAFE_INTEGER };

function throughHub(line: Line, reading: Ready, of: Json): LineValue {
  const canonical = reading.inward(of, TODAY, '');
  return canonical.is === 'value' ? line.ready.outward(canonical.value, TODAY, '') : canonical;
}

function readOne(found: Found): LineValue {
  if (found === undefined) return ABSENT;
  if (found === TWO_HITS) return invalid(TWICE);
  return isEmpty(found) ? EMPTY : value(found);
}

/** Several hub fields as a list; absent when none of them holds anything. */
function gatherList(slots: readonly Slot[], scope: Scope): LineValue {
  const values: Json[] = [];
  let any = false;
  for (const each of slots) {
    const found = from(each, scope);
    if (found === TWO_HITS) return invalid(TWICE);
    const held = found === undefined || isEmpty(found) ? null : found;
    any ||= held !== null;
    values.push(held);
  }
  return any ? value(values) : ABSENT;
}

function gatherObject(slots: readonly Slot[], scope: Scope): LineValue {
  const values: { [name: string]: Json } = {};
  let any = false;
  for (const each of slots) {
    const found = from(each, scope);
    if (found === TWO_HITS) return invalid(TWICE);
    if (found === undefined || isEmpty(found)) continue;
    values[each.name] = found;
    any = true;
  }
  return any ? value(values) : ABSENT;
}

/** Says where a problem stands; conversions do not know. */
export function blame(found: LineValue & { is: 'invalid' }, line: Pick<Line, 'cause'>, path: string): LineValue & { is: 'invalid' } {
  const { problem } = found;
  return {
    is: 'invalid',
    problem: {
      ...problem,
      path: problem.path === '' ? path : problem.path,
      cause: problem.cause === '' ? `${line.cause}:${problem.code}` : problem.cause,
    },
  };
}

/** Writes an agreed value; shapes go to their several fields. */
export function writeLine(line: Line, of: Json, root: Draft, here: Draft): void {
  const { record, ready } = line;
  if (ready.recordParts === undefined) {
    for (const each of record) each.write(here, each.cast(of));
    return;
  }
  if (!isObject(of)) return;
  for (const each of record) {
    const part = of[each.name];
    if (part !== undefined) each.write(each.rooted ? root : here, each.cast(part));
  }
}

/** All guards of a line as one question to the hub. */
export function guardOf(nodes: readonly GuardNode[]): (scope: Scope) => boolean {
  if (nodes.length === 0) return () => true;
  const tests = nodes.map((node) => {
    const read = reader(node.path);
    const { test, rooted } = node;
    return (scope: Scope): boolean => {
      const found = read(rooted ? scope.root : scope.here);
      const there = found !== undefined && found !== TWO_HITS && !isEmpty(found);
      if (test === 'present') return there;
      if (test === 'absent') return !there;
      return there && typeof found !== 'object' && test.includes(String(found));
    };
  });
  return (scope) => tests.every((test) => test(scope));
}
