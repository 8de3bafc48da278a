import type { Json, JsonObject } from '../model/json.ts';
import type { AgreedValue, LineValue, Problem } from '../model/line-value.ts';
import type { HubChange, HubSide } from './contract.ts';
import { sameJson } from './equal.ts';
import { blame, type Line, oursOf, type Scope, type Slot } from './lines.ts';
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

/** One line on its way in. */
export interface WayIn {
  readonly id: string;
  readonly line: Line;
  readonly scope: Scope;
  readonly side: HubSide;
  readonly equal: (a: LineValue, b: LineValue) => boolean;
  readonly pathOf: HubPathOf;
  readonly into: Inverse;
}

/**
 * What the hub must change so that it holds this record-space value. Reverse rule: where the outward view of ours already
 * equals it, nothing; of a value with several fields only those that differ.
 */
export function inverseLine(way: WayIn, stated: AgreedValue): void {
  const { line, scope, side } = way;
  if (line.hub.length === 0 || line.ready.constant === true) return;
  const ours = oursOf(line, scope, side);
  if (ours.is === 'unseen' || (ours.is !== 'invalid' && way.equal(ours, stated)) || !line.holds(scope)) return;
  if (stated.is !== 'value') for (const slot of line.hub) put(way, slot, null);
  else if (line.ready.spans !== undefined) inverseMembers(way, line.ready.spans, stated.value, ours);
  else inverseWhole(way, stated.value);
}

const put = (way: WayIn, slot: Slot, of: Json): void => {
  way.into.changes.push({ line: way.id, path: way.pathOf(slot.path, slot.rooted), value: of });
};

/** undefined where there is no inverse; why was told then. */
function invert(way: WayIn, of: Json): Json | undefined {
  const found = way.line.ready.inward(of, way.side, way.line.hubPath?.text ?? '');
  if (found.is === 'value') return found.value;
  if (found.is === 'invalid') tell(way, found);
  return undefined;
}

const tell = (way: WayIn, found: LineValue & { is: 'invalid' }): void => {
  way.into.problems.push(blame(found, way.line, way.line.record[0]?.path.text ?? '').problem);
};

function inverseWhole(way: WayIn, of: Json): void {
  const found = invert(way, of);
  if (found === undefined) return;
  const values = way.line.hub.length === 1 ? [found] : (found as readonly Json[]);
  for (const [i, slot] of way.line.hub.entries()) put(way, slot, values[i] ?? null);
}

function inverseMembers(way: WayIn, members: Members, of: Json, current: LineValue): void {
  const { line } = way;
  const now = current.is === 'value' && isObject(current.value) ? current.value : {};
  const next = isObject(of) ? of : {};
  const changed = members.filter(({ name }) => !sameJson(now[name], next[name]));
  const touched = members.filter((member) => !changed.includes(member) && changed.some((other) => movesShared(way, other, member, next)));
  const written = new Map<string, { readonly slot: Slot; readonly value: Json }>();
  for (const { name, at, count } of [...changed, ...touched]) {
    const stated = next[name];
    const found = stated === undefined ? null : invert(way, { [name]: stated });
    if (found === undefined) return;
    for (const [i, slot] of line.hub.slice(at, at + count).entries()) {
      const value = found === null ? null : ((found as readonly Json[])[at + i] ?? null);
      const other = written.get(slot.path.text)?.value ?? null;
      if (other !== null && value !== null && !sameJson(other, value)) {
        tell(way, invalid(AT_ODDS));
        return;
      }
      written.set(slot.path.text, { slot, value: other ?? value });
    }
  }
  for (const { slot, value } of written.values()) put(way, slot, value);
}

/** A hub field that both members stand on gets another value by the first, so the second must be read anew. */
function movesShared(way: WayIn, first: Members[number], second: Members[number], next: JsonObject): boolean {
  const { line, scope } = way;
  const stated = next[first.name];
  const paths = line.hub.slice(second.at, second.at + second.count).map((slot) => slot.path.text);
  const shared = line.hub.findIndex((slot, i) => i >= first.at && i < first.at + first.count && paths.includes(slot.path.text));
  const slot = line.hub[shared];
  if (slot === undefined || stated === undefined) return false;
  const found = line.ready.inward({ [first.name]: stated }, way.side, line.hubPath?.text ?? '');
  const value = found.is === 'value' ? (found.value as readonly Json[])[shared] : undefined;
  return value !== undefined && value !== slot.read(slot.rooted ? scope.root : scope.here);
}
