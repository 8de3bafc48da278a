import type { Json } from '../model/json.ts';
import type { LineValue } from '../model/line-value.ts';
import { upper } from '../model/text.ts';
import { sameFile } from './conversions/file.ts';
import { matchKey } from './crosswalk.ts';
import type { Line } from './lines.ts';
import { isObject } from './paths.ts';

/** What a system does to a field it keeps; such a change is no edit. */
export type Normalises = 'upper' | 'trim' | 'single-spaces';

/** Same JSON; members that are missing and members that are undefined are the same. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, i) => sameJson(each, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => sameJson(a[name], b[name]));
}

/** Compares two values of a line in comparison space; empty equals absent. Unseen and invalid equal nothing. */
export function equalOf(line: Pick<Line, 'ready'>, normalises: Normalises | null): (a: LineValue, b: LineValue) => boolean {
  const sameText =
    line.ready.folds === true
      ? (a: string, b: string) => a === b || matchKey(a).replaceAll(' ', '') === matchKey(b).replaceAll(' ', '')
      : looseText(normalises);
  const same = (a: Json | undefined, b: Json | undefined): boolean => {
    if (typeof a === 'string' && typeof b === 'string') return sameText(a, b);
    if (typeof a === 'number' && typeof b === 'string') return String(a) === b;
    if (typeof a === 'string' && typeof b === 'number') return a === String(b);
    if (!isObject(a) || !isObject(b)) return sameJson(a, b);
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => same(a[name], b[name]));
  };
  const isFile = line.ready.isFile === true;
  return (a, b) => {
    if (a.is === 'value' && b.is === 'value') return isFile ? sameFile(a.value, b.value) : a.value === b.value || same(a.value, b.value);
    return isNothing(a) && isNothing(b);
  };
}

const isNothing = (of: LineValue): boolean => of.is === 'absent' || of.is === 'empty';

function looseText(normalises: Normalises | null): (a: string, b: string) => boolean {
  if (normalises === null) return (a, b) => a === b;
  const loose = (text: string): string => {
    const trimmed = text.trim();
    return normalises === 'upper' ? upper(trimmed) : normalises === 'single-spaces' ? trimmed.replace(/\s+/g, ' ') : trimmed;
  };
  return (a, b) => a === b || loose(a) === loose(b);
}
