import { isDeepStrictEqual } from 'node:util';
import type { HubSide, Mapping } from '../mapping/contract.ts';
import { parsePath, readPath } from '../mapping/paths.ts';
import type { JsonObject } from '../model/json.ts';
import type { AgreedValue } from '../model/line-value.ts';
import { birthByHand } from './birth-by-hand.ts';
import { birthTables } from './birth-tables.ts';
import { demoBirths } from './births.ts';
import { type BenchReport, reportOf, shown } from './contract.ts';
import { benchBook, birthMapping } from './house.ts';
import { inTurns, machineLine, median } from './rounds.ts';

/** `bench mapping`: the birth form outward through the mapping language, against a function written by hand for it alone. */

export interface MappingOptions {
  readonly rounds?: number;
  /** Dossiers in one round. */
  readonly dossiers?: number;
}
export interface MappingFigures {
  /** Time through the mapping ÷ time by hand, median of the rounds. */
  readonly ratio: number;
  readonly mappingPerSecond: number;
  readonly byHandPerSecond: number;
  readonly rounds: number;
  readonly dossiersPerRound: number;
  readonly lines: number;
  /** Demo births on which both gave deep-equal records, or refused the same paths. */
  readonly equalRecords: number;
  readonly equalRefusals: number;
}

const MOST_RATIO = 8;
const AIM_RATIO = 5;

/** Throws when the two ways differ on any demo birth: then there is nothing to compare. */
export async function benchMapping({ rounds = 21, dossiers = 2000 }: MappingOptions = {}): Promise<BenchReport<MappingFigures>> {
  const { mapping, outward, byHand } = await bothWays();
  const hubs = (await demoBirths()).map(({ hub }) => hub);
  const { carried, refused } = compared(hubs, outward, byHand);
  const work = Array.from({ length: dossiers }, (_, i) => carried[i % carried.length]).filter((hub) => hub !== undefined);
  let fields = 0;
  const over = (way: (hub: HubSide) => Outward) => () => {
    // Counted, so that no compiler can leave the work out.
    for (const hub of work) fields += way(hub).problems.length;
  };
  const timed = inTurns(over(outward), over(byHand), { rounds, warmUp: Math.min(5, rounds) });
  if (fields !== 0) throw new RangeError('a dossier that was carried before was refused');
  const perSecond = (ms: number): number => (work.length * 1000) / ms;
  return told({
    ratio: median(timed.map((round) => round.oursMs / round.theirsMs)),
    mappingPerSecond: perSecond(median(timed.map((round) => round.oursMs))),
    byHandPerSecond: perSecond(median(timed.map((round) => round.theirsMs))),
    rounds,
    dossiersPerRound: work.length,
    lines: mapping.rules.length,
    equalRecords: carried.length,
    equalRefusals: refused,
  });
}

export interface Outward {
  readonly record: JsonObject;
  readonly problems: readonly string[];
}

/** The two ways to be compared: each takes a dossier, gives the record and the hub paths that stop it. */
export async function bothWays() {
  const book = await benchBook();
  const tables = birthTables(book.crosswalks);
  const mapping = birthMapping(book);
  return { mapping, outward: outwardOf(mapping), byHand: (hub: HubSide): Outward => birthByHand(tables, hub) };
}

/** What the engine does for a create, without plan and store: required paths, every line, the record. */
function outwardOf(mapping: Mapping): (hub: HubSide) => Outward {
  const needs = mapping.needs.flatMap((need) => parsePath(need) ?? []);
  return (hub) => {
    const problems: string[] = [];
    for (const need of needs) {
      const found = readPath(hub.document, need);
      if (found === undefined || found === null || found === '') problems.push(need.text);
    }
    const values = new Map<string, AgreedValue>();
    for (const [line, found] of mapping.ours(hub)) {
      if (found.is === 'invalid') problems.push(found.problem.path);
      else if (found.is !== 'unseen' && mapping.rule(line).owner !== 'take') values.set(line, found);
    }
    return { record: mapping.write(values), problems };
  };
}

function compared(hubs: readonly HubSide[], outward: (hub: HubSide) => Outward, byHand: (hub: HubSide) => Outward) {
  const carried: HubSide[] = [];
  let refused = 0;
  for (const hub of hubs) {
    const [ours, theirs] = [outward(hub), byHand(hub)];
    const paths = (of: Outward): readonly string[] => [...new Set(of.problems)].sort();
    if (!isDeepStrictEqual(ours.record, theirs.record) || !isDeepStrictEqual(paths(ours), paths(theirs)))
      throw new RangeError(`the mapping and the function by hand differ on ${String(hub.document.code)}: ${difference(ours, theirs)}`);
    if (ours.problems.length === 0) carried.push(hub);
    else refused += 1;
  }
  if (carried.length === 0) throw new RangeError('no demo birth can be carried');
  return { carried, refused };
}

/** Names of the fields that differ; never a value. */
function difference(ours: Outward, theirs: Outward): string {
  const names = [...new Set([...Object.keys(ours.record), ...Object.keys(theirs.record)])];
  const fields = names.filter((name) => !isDeepStrictEqual(ours.record[name], theirs.record[name]));
  return [...fields, ...ours.problems, ...theirs.problems].join(', ');
}

function told(figures: MappingFigures): BenchReport<MappingFigures> {
  const ratio = shown(figures.ratio, 2);
  return reportOf(
    'mapping',
    figures,
    [
      {
        met: figures.ratio <= MOST_RATIO,
        vi: `Qua bảng ánh xạ tốn ${ratio} lần thời gian của hàm viết tay (cho phép ${MOST_RATIO}, mong ${AIM_RATIO}).`,
        en: `Through the mapping it takes ${ratio} times as long as by hand (allowed ${MOST_RATIO}, aimed at ${AIM_RATIO}).`,
      },
    ],
    [
      {
        vi: `Cùng lượt đo: ${shown(figures.mappingPerSecond)} hồ sơ/giây qua bảng ánh xạ (${figures.lines} dòng), ${shown(figures.byHandPerSecond)} hồ sơ/giây viết tay; ${figures.rounds} vòng xen kẽ, mỗi vòng ${shown(figures.dossiersPerRound)} hồ sơ, lấy trung vị.`,
        en: `In the same run: ${shown(figures.mappingPerSecond)} dossiers/s through the mapping (${figures.lines} lines), ${shown(figures.byHandPerSecond)} dossiers/s by hand; ${figures.rounds} rounds in turns of ${shown(figures.dossiersPerRound)} dossiers, median.`,
      },
      {
        vi: `Kết quả giống hệt nhau trên ${figures.equalRecords} tờ khai sinh mẫu, cùng từ chối ${figures.equalRefusals} tờ ở đúng những chỗ ấy.`,
        en: `Equal records on ${figures.equalRecords} sample births, the same refusals at the same paths on ${figures.equalRefusals}.`,
      },
      machineLine(),
    ],
  );
}
