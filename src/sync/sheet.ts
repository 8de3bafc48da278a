import type { LineId, Mapping } from '../mapping/contract.ts';
import type { JsonObject } from '../model/json.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { Attempt, Link } from '../store/contract.ts';
import { sentText } from './after.ts';
import type { Case } from './context.ts';
import type { Plan } from './plan.ts';

/**
 * A sheet is an attempt by hand (design §7). Its columns read: `act` null = the whole record, `supplement` = what changed
 * since; `sends` 0 = prepared, n = opened n times, which is its revision; `sentAt` when it was prepared, last opened, or its
 * number was typed; `ticket` TYPED = the number is known and the record not seen yet.
 */
export const TYPED = 'typed';

export type SheetState = 'prepared' | 'opened' | 'entered' | 'closed' | 'dropped';

export const isSheet = (attempt: Attempt): boolean => attempt.verb === 'by-hand';

export function sheetState(attempt: Attempt): SheetState {
  if (attempt.state === 'failed') return 'dropped';
  if (attempt.state === 'done' || attempt.state === 'seen') return 'closed';
  if (attempt.ticket === TYPED) return 'entered';
  return attempt.sends > 0 ? 'opened' : 'prepared';
}

/** What a person is to type. */
export interface Sheet {
  readonly act: 'supplement' | null;
  readonly lines: ReadonlyMap<LineId, AgreedValue>;
  readonly record: JsonObject;
}

/** True where a person types this record: there is no way in for a program, or an official took the leg over. */
export const isTypedByHand = ({ spoke, kind }: Pick<Case, 'spoke' | 'kind'>, link: Link, isThere: boolean): boolean => {
  if (spoke.role !== 'ministry' || kind.onlyLookedUp === true) return false;
  if (isThere) return kind.create === undefined && kind.update === undefined;
  return kind.create === undefined || link.hand === 'by-hand';
};

/** Our own key stands on no screen, and a file is attached, not typed: neither is compared with what was typed. */
const isTyped = (mapping: Mapping, line: LineId): boolean => {
  const rule = mapping.rule(line);
  return rule.owner !== 'take' && !rule.isKey && !rule.isFile;
};

export interface SheetInput {
  readonly mapping: Mapping;
  readonly plan: Plan;
  readonly ours: ReadonlyMap<LineId, LineValue>;
  readonly isThere: boolean;
}

/**
 * Pure. The sheet that is to be typed now; null: nothing is. A code no row knows is the person's to pick on the screen and
 * does not keep the rest back; any other value that cannot be carried is to be mended in the one-stop first.
 */
export function sheetOf({ mapping, plan, ours, isThere }: SheetInput): Sheet | null {
  if (!isThere && plan.holds.some((held) => held.ours.is === 'invalid' && held.kind !== 'unknown-code')) return null;
  const source = isThere ? plan.outward : ours;
  const lines = new Map<LineId, AgreedValue>();
  const files = new Map<LineId, AgreedValue>();
  for (const [line, value] of source) {
    const isSaid = value.is === 'value' || (isThere && (value.is === 'empty' || value.is === 'absent'));
    if (!isSaid) continue;
    if (isTyped(mapping, line)) lines.set(line, value);
    else if (!isThere && mapping.rule(line).isFile && mapping.rule(line).owner !== 'take') files.set(line, value);
  }
  if (lines.size === 0) return null;
  const all = new Map([...lines, ...files]);
  return { act: isThere ? 'supplement' : null, lines: all, record: mapping.write(all) };
}

/** Without the lines no person types: what a program alone could write is no difference here. */
export const withoutUntyped = (mapping: Mapping, plan: Plan): Plan => ({
  ...plan,
  outward: new Map([...plan.outward].filter(([line]) => isTyped(mapping, line))),
});

export const isSameSheet = (attempt: Attempt, sheet: Sheet): boolean =>
  attempt.act === sheet.act && sentText(attempt.sent.lines) === sentText(sheet.lines);
