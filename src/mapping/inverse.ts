import type { Json } from '../model/json.ts';
import type { AgreedValue, LineValue, Problem } from '../model/line-value.ts';
import type { HubChange, HubSide } from './contract.ts';
import { sameJson } from './equal.ts';
import { blame, type Line, oursOf, type Scope } from './lines.ts';
import { isObject, type Path } from './paths.ts';
import { invalid, sentence } from './tell.ts';

export interface Inverse {
  readonly changes: HubChange[];
  readonly problems: Problem[];
}

type Members = NonNullable<Line['ready']['spans']>;

const AT_ODDS = sentence(
  'address.at-odds',
  'Các mã trong địa chỉ không cùng một danh mục.',
  'The codes of the address are not of one list.',
);

/** Where a changed hub field is written: the slot's path, inside a list that of the element. */
export type HubPathOf = (path: Path, rooted: boolean) => string;

/**
 * What the hub must change so that it holds this record-space value. Reverse rule: where the outward view of ours already
 * equals it, nothing; of a value with several fields only those that differ.
 */
export function inverseLine(
  id: string,
  line: Line,
  stated: AgreedValue,
  scope: Scope,
  side: HubSide,
  equal: (a: LineValue, b: LineValue) => boolean,
  pathOf: HubPathOf,
  into: Inverse,
): void {
  if (line.hub.length === 0 || line.ready.constant === true) return;
  const ours = oursOf(line, scope, side);
  if (ours.is === 'unseen' || (ours.is !== 'invalid' && equal(ours, stated)) || !line.holds(scope)) return;
  if (stated.is !== 'value') {
    for (const slot of line.hub) put(slot.path, slot.rooted, null);
    return;
  }
  const { spans } = line.ready;
  if (spans !== undefined) inverseMembers(spans, stated.value, ours);
  else inverseWhole(stated.value);

  function put(path: Path, rooted: boolean, of: Json): void {
    into.changes.push({ line: id, path: pathOf(path, rooted), value: of });
  }

  function inverseWhole(of: Json): void {
    const found = invert(of);
    if (found === undefined) return;
    const values = line.hub.length === 1 ? [found] : (found as readonly Json[]);
    line.hub.forEach((slot, i) => {
      put(slot.path, slot.rooted, values[i] ?? null);
    });
  }

  function inverseMembers(members: Members, of: Json, current: LineValue): void {
    const now = current.is === 'value' && isObject(current.value) ? current.value : {};
    const next = isObject(of) ? of : {};
    const written = new Map<number, Json>();
    const todo = members.filter(({ name }) => !sameJson(now[name], next[name]));
    for (const [i, member] of members.entries()) if (!todo.includes(member) && sharesChanged(i)) todo.push(member);
    for (const { name, at, count } of todo) {
      const stated = next[name];
      const found = stated === undefined ? null : invert({ [name]: stated });
      if (found === undefined) return;
      const parts = found === null ? [] : (found as readonly Json[]).slice(at, at + count);
      for (let i = 0; i < count; i += 1) written.set(at + i, parts[i] ?? null);
    }
    const byPath = new Map<string, Json>();
    for (const [i, each] of written) {
      const slot = line.hub[i];
      if (slot === undefined) continue;
      const other = byPath.get(slot.path.text);
      if (other !== undefined && other !== null && each !== null && !sameJson(other, each)) {
        into.problems.push(blame(invalid(AT_ODDS), line, line.record[0]?.path.text ?? '').problem);
        return;
      }
      if (other === undefined || other === null) byPath.set(slot.path.text, each);
    }
    for (const slot of line.hub) {
      const each = byPath.get(slot.path.text);
      if (each === undefined) continue;
      byPath.delete(slot.path.text);
      put(slot.path, slot.rooted, each);
    }

    /** A field this member shares with a changed one gets another value, so this one must be read anew. */
    function sharesChanged(index: number): boolean {
      const own = members[index];
      if (own === undefined) return false;
      const paths = line.hub.slice(own.at, own.at + own.count).map((slot) => slot.path.text);
      return todo.some(({ name, at, count }) => {
        const shared = line.hub.slice(at, at + count).findIndex((slot) => paths.includes(slot.path.text));
        const slot = line.hub[at + shared];
        if (shared < 0 || slot === undefined || next[name] === undefined) return false;
        const found = line.ready.inward({ [name]: next[name] }, side, line.hubPath?.text ?? '');
        const value = found.is === 'value' ? (found.value as readonly Json[])[at + shared] : undefined;
        return value !== undefined && value !== slot.read(slot.rooted ? scope.root : scope.here);
      });
    }
  }

  function invert(of: Json): Json | undefined {
    const found = line.ready.inward(of, side, line.hubPath?.text ?? '');
    if (found.is === 'value') return found.value;
    if (found.is === 'invalid') into.problems.push(blame(found, line, line.record[0]?.path.text ?? '').problem);
    return undefined;
  }
}
