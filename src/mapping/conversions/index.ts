import type { Json } from '../../model/json.ts';
import type { LineValue } from '../../model/line-value.ts';
import type { HubSide } from '../contract.ts';
import type { Call } from '../pipe.ts';
import { addressWith } from './address.ts';
import { code } from './code.ts';
import { constant } from './constant.ts';
import { type Conversion, type Finding, finding, isFinding, type Ready, type World } from './contract.ts';
import { date } from './date.ts';
import { file } from './file.ts';
import { flag } from './flag.ts';
import { join } from './join.ts';
import { money } from './money.ts';
import { number } from './number.ts';
import { foldOnly, key, plain } from './plain.ts';
import { splitName } from './split-name.ts';
import { text } from './text.ts';

/** The closed set of conversions (design §6); one file each. */
export const CONVERSIONS: readonly Conversion[] = [
  text,
  number,
  money,
  date,
  code,
  flag,
  join,
  splitName,
  addressWith((calls, world) => prepareChain(calls, world)),
  file,
  key,
  foldOnly,
  constant,
];
const BY_NAME = new Map(CONVERSIONS.map((conversion) => [conversion.name, conversion]));

/**
 * The conversions of one line as one. `calls` in the order hub → record. The first may read several hub fields, the last
 * may write several record fields; `fold` and `key` may stand anywhere.
 */
export function prepareChain(calls: readonly Call[], world: World): Ready | Finding {
  const readies: Ready[] = [];
  for (const [i, call] of calls.entries()) {
    const conversion = BY_NAME.get(call.name);
    if (conversion === undefined) {
      const known = [...BY_NAME.keys()].join(', ');
      return finding(
        'unknown-conversion',
        `Không có chuyển đổi "${call.name}"; chọn: ${known}.`,
        `There is no conversion "${call.name}"; choose: ${known}.`,
      );
    }
    const ready = conversion.prepare(call.args, {
      ...world,
      hub: i === 0 ? world.hub : null,
      record: i === calls.length - 1 ? world.record : null,
    });
    if (isFinding(ready)) return ready;
    readies.push(ready);
  }
  return compose(readies, world);
}

function compose(readies: readonly Ready[], world: World): Ready | Finding {
  const marks = readies.filter((ready) => ready.folds === true || ready.isKey === true);
  const carrying = readies.filter((ready) => !marks.includes(ready));
  const chain = carrying.length === 0 ? [plain(world.hub, world.record)] : carrying;
  if (chain.some((ready, i) => (ready.hubParts !== undefined && i > 0) || (ready.recordParts !== undefined && i < chain.length - 1))) {
    return finding(
      'argument',
      'Các chuyển đổi này không nối với nhau theo thứ tự đó.',
      'These conversions cannot follow one another in this order.',
    );
  }
  const whole = chain.reduce(then);
  const isKey = marks.some((mark) => mark.isKey === true);
  return {
    ...whole,
    ...(marks.some((mark) => mark.folds === true) ? { folds: true } : {}),
    ...(isKey ? { isKey: true } : {}),
    explain: () => [...new Set([...carrying, ...marks].map((ready) => ready.explain()))].join('; ') || 'giữ nguyên',
  };
}

/** One conversion after another. */
function then(first: Ready, second: Ready): Ready {
  const on = (found: LineValue, next: (of: Json) => LineValue): LineValue => (found.is === 'value' ? next(found.value) : found);
  const outward = (of: Json, side: HubSide, path: string) =>
    on(first.outward(of, side, path), (middle) => second.outward(middle, side, path));
  const samples = second.recordSamples ?? first.recordSamples;
  return {
    ...first,
    ...second,
    name: second.name,
    outward,
    inward: (of, side, path) => on(second.inward(of, side, path), (middle) => first.inward(middle, side, path)),
    normal: (of) => {
      const shaped = second.normal(of);
      return second.recordParts !== undefined
        ? shaped
        : on(shaped, first.recordParts === undefined ? settle(first, second) : second.normal);
    },
    check: (sides) => [...first.check({ ...sides, record: null }), ...second.check({ ...sides, hub: null })],
    ...(first.hubParts === undefined ? {} : { hubParts: first.hubParts }),
    ...(samples === undefined ? {} : { recordSamples: samples }),
    ...(first.hubSamples === undefined ? {} : { hubSamples: first.hubSamples }),
    ignoresCase: first.ignoresCase === true || second.ignoresCase === true,
  };
}

/** What both conversions make of a stated value: codes led to their main code, then shaped as text again. */
const settle =
  (first: Ready, second: Ready) =>
  (of: Json): LineValue => {
    const found = first.normal(of);
    return found.is === 'value' ? second.normal(found.value) : second.normal(of);
  };
