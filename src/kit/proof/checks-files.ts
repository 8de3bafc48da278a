import { setTimeout as wait } from 'node:timers/promises';
import type { RefusedRow } from '../contract.ts';
import { answers, type Bench, must, proves, rowsOf } from './bench.ts';
import type { Check } from './checks.ts';

/** What a kind that travels in files must keep. */

interface Seen {
  readonly names: readonly string[];
  readonly refused: readonly RefusedRow[];
  readonly cursor: string;
}

/** Pages until nothing more comes; the last cursor is handed in once more, so that what was kept is archived. */
async function take(bench: Bench, from: string | null): Promise<Seen> {
  must(bench.kind.changes !== undefined, 'changes is declared');
  const [names, refused]: [string[], RefusedRow[]] = [[], []];
  let cursor = from;
  for (let turn = 0; turn < 200; turn += 1) {
    const page = await bench.kind.changes.run(cursor, bench.call);
    for (const { id, key } of page.touches) names.push(id ?? key ?? '');
    refused.push(...(page.refused ?? []));
    const isStill = page.cursor === cursor && !page.more;
    cursor = page.cursor;
    if (isStill) return { names, refused, cursor };
  }
  throw new Error('the pages of changes do not end');
}

const type = (bench: Bench, n: number): string => bench.simulator.typeByHand(bench.name, bench.fixture.record(n));
const telling = (bench: Bench) => !answers(bench) && bench.kind.changes !== undefined;

export const FILE_CHECKS: readonly Check[] = [
  {
    name: 'a half-written file is not read, and is once it is whole',
    applies: telling,
    run: async (bench) => {
      bench.faults({ halfFile: 1 });
      const id = type(bench, 1);
      const before = await take(bench, null);
      must(before.names.length === 0 && before.refused.length === 0, 'a file was read before it was whole');
      bench.faults({ halfFile: 0 });
      must((await take(bench, before.cursor)).names.includes(id), 'the file was not read when it was whole');
      proves(bench, 'over');
    },
  },
  {
    name: 'a file that comes twice is taken once',
    applies: telling,
    run: async (bench) => {
      bench.faults({ duplicate: 1 });
      const ids = [type(bench, 1), type(bench, 2)];
      const { names, cursor } = await take(bench, null);
      must(names.length === 2 && ids.every((id) => names.includes(id)), `two records came twice and ${names.length} touches were taken`);
      must((await take(bench, cursor)).names.length === 0, 'what was taken is taken again');
    },
  },
  {
    name: 'a bad row is told with file, line and reason, without values, and the good ones are taken',
    applies: telling,
    run: async (bench) => {
      bench.faults({ badRow: 1 });
      const id = type(bench, 1);
      const { names, refused } = await take(bench, null);
      must(names.includes(id), 'a good row was lost beside a bad one');
      must(refused.length > 0, 'a bad row was passed over in silence');
      for (const { file, line, issues } of refused)
        must(
          file !== '' && line > 0 && issues.length > 0 && issues.every(({ code, vi, en }) => code !== '' && vi !== '' && en !== ''),
          'a bad row is not told in full',
        );
    },
  },
  {
    name: 'a file that comes late is taken when it comes',
    applies: telling,
    run: async (bench) => {
      bench.faults({ lateFile: 1, lateMs: 60_000 });
      const late = type(bench, 1);
      bench.faults({ lateFile: 0 });
      const prompt = type(bench, 2);
      const before = await take(bench, null);
      must(before.names.includes(prompt) && !before.names.includes(late), 'only what had come was due');
      bench.clock.advance(60_000);
      await wait(20);
      must((await take(bench, before.cursor)).names.includes(late), 'the late file was never taken');
    },
  },
  {
    name: 'a create is taken once, though it is sent again after the system cleared its file away',
    applies: (bench) => !answers(bench) && bench.kind.create !== undefined,
    run: async (bench) => {
      const order = { key: bench.key(1), record: bench.fixture.record(1), files: [] };
      for (let turn = 0; turn < 3; turn += 1) {
        await bench.kind.create?.run(order, bench.call);
        bench.clock.advance(bench.kind.create?.landsWithinMs ?? 0);
        must(rowsOf(bench).length === 1, `after ${turn + 1} sendings ${rowsOf(bench).length} records stand at the system`);
      }
      must(bench.simulator.counted().calls === 1, 'the file was put again');
      proves(bench, 'create.repeat', 'create.landsWithinMs', 'over');
    },
  },
];
