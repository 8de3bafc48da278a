import type { Json } from '../model/json.ts';
import { EMPTY, value } from '../model/line-value.ts';
import type { HubSide } from './contract.ts';
import { tidyText } from './conversions/contract.ts';
import { matchKey } from './crosswalk.ts';
import { sameJson } from './equal.ts';
import { type Line, oursOf, type Scope } from './lines.ts';
import { TWO_HITS } from './paths.ts';

/** Whether this hub value does not come back whole from the record: cut, merged, or left away. */
export function losesValue(line: Line, scope: Scope, hub: HubSide): boolean {
  const [first] = line.hub;
  if (first === undefined || line.hub.length !== 1 || !line.holds(scope)) return false;
  const raw = first.read(first.rooted ? scope.root : scope.here);
  if (raw === undefined || raw === TWO_HITS || raw === null || raw === '') return false;
  const out = oursOf(line, scope, hub);
  if (out.is === 'invalid') return false;
  const back = out.is === 'value' ? line.ready.inward(out.value, hub, line.hubPath?.text ?? '') : EMPTY;
  if (back.is !== 'value') return true;
  return line.ready.ignoresCase === true
    ? matchKey(String(back.value)) !== matchKey(String(raw))
    : !sameJson(plainText(back.value), plainText(value(raw).value));
}

const plainText = (of: Json): Json => (typeof of === 'string' ? tidyText(of) : of);
