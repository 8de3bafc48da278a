import type { Json, JsonObject } from '../../model/json.ts';
import type { ListVerb, Sighting } from '../contract.ts';
import { checkRecord } from '../schema.ts';
import { at, type Bench, must, proves, readName, rowsOf, seed } from './bench.ts';
import { findBy } from './capability.ts';
import type { Check } from './checks.ts';

const read = async (bench: Bench, ids: readonly string[]) => {
  must(bench.kind.read !== undefined, 'read is declared');
  return bench.kind.read.run(ids, bench.call);
};
const covered = (sighting: Sighting, path: string): boolean =>
  sighting.covers === 'all' || sighting.covers.some((prefix) => path === prefix || path.startsWith(`${prefix}.`));

/** Every leaf of a record with its path; lists count as leaves. */
function leaves(value: Json | undefined, path = ''): readonly (readonly [string, Json])[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value as Json]];
  return Object.entries(value as JsonObject).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`));
}

/** What a sighting states is what the system holds; what it does not cover it does not state. */
function mustBeTrue(bench: Bench, sighting: Sighting, row: { readonly record: JsonObject }): void {
  for (const [path] of leaves(sighting.record)) must(covered(sighting, path), `${path} is stated, but covers does not name it`);
  const held = leaves(row.record).filter(([path]) => covered(sighting, path) && at(bench.fixture.record(1), path) !== undefined);
  for (const [path, value] of held)
    must(JSON.stringify(at(sighting.record, path)) === JSON.stringify(value), `${path} is covered, but not as the system holds it`);
}

function mustBeSeen(bench: Bench, sighting: Sighting | null | undefined, row: { readonly record: JsonObject }): void {
  must(sighting !== undefined && sighting !== null, 'a record that was written is not read');
  mustBeTrue(bench, sighting, row);
}

const DAY_MS = 86_400_000;

async function allTouches(bench: Bench, from: string | null) {
  must(bench.kind.changes !== undefined, 'changes is declared');
  const ids = new Set<string>();
  let cursor = from;
  for (let page = 0; page < 200; page += 1) {
    const answer = await bench.kind.changes.run(cursor, bench.call);
    for (const touch of answer.touches) for (const name of [touch.id, touch.key]) if (name !== null) ids.add(name);
    cursor = answer.cursor;
    if (!answer.more) return { ids, cursor };
  }
  throw new Error('the pages of changes do not end');
}

/** What only the system gives is searched for once it has given it. */
async function mustBeFound(bench: Bench, id: string, names: readonly string[]): Promise<void> {
  const { find } = bench.kind;
  must(find !== undefined, 'find is declared');
  const isSampled = names.every((name) => at(bench.fixture.record(1), name) !== undefined);
  if (!isSampled) for (const { stage, fields } of bench.fixture.stages ?? []) bench.simulator.advance(bench.name, id, stage, fields);
  bench.clock.advance(find.indexLagMs);
  const held = isSampled ? bench.fixture.record(1) : rowsOf(bench).find((row) => row.id === id)?.record;
  const pick = (record: unknown): JsonObject => Object.fromEntries(names.map((name) => [name, at(record, name) as Json]));
  if (names.some((name) => at(held, name) === undefined)) return;
  const found = await find.run(pick(held), bench.call);
  must(
    found.some((sighting) => sighting.id === id),
    `find by ${names.join('+')} does not give the record`,
  );
  if (find.unique) must(found.length === 1, `find by ${names.join('+')} is declared unique and gave ${found.length}`);
  const stranger = isSampled ? pick(bench.fixture.record(977)) : Object.fromEntries(names.map((name) => [name, NOBODYS]));
  must((await find.run(stranger, bench.call)).length === 0, `find by ${names.join('+')} gives records to a stranger`);
  proves(bench, 'find', findBy(names), 'find.indexLagMs', ...(find.unique ? ['find.unique'] : []));
}

const NOBODYS = '000000000000';
const MOST_SEEDED = 60;

export const READ_CHECKS: readonly Check[] = [
  {
    name: 'the sample records fit the schema and differ',
    applies: () => true,
    run: async (bench) => {
      for (const n of [1, 2]) must(checkRecord(bench.kind.schema, bench.fixture.record(n)).length === 0, `record ${n} breaks the schema`);
      must(JSON.stringify(bench.fixture.record(1)) !== JSON.stringify(bench.fixture.record(2)), 'records 1 and 2 are the same');
    },
  },
  {
    name: 'each id is answered with its own record, whatever the order',
    applies: (bench) => bench.kind.read !== undefined,
    run: async (bench) => {
      await seed(bench, Math.min(bench.kind.read?.most ?? 1, MOST_SEEDED));
      bench.faults({ shuffle: 1 });
      const rows = rowsOf(bench).slice(0, bench.kind.read?.most);
      const seen = await read(
        bench,
        rows.map((row) => readName(bench, row)),
      );
      for (const row of rows) {
        const sighting = seen.get(readName(bench, row));
        must(sighting !== undefined && sighting !== null, 'an id that is there was not answered');
        must(sighting.id === row.id || sighting.key === row.key, 'an id was answered with another record');
        mustBeTrue(bench, sighting, row);
      }
      proves(bench, 'read', 'read.by', ...(rows.length === bench.kind.read?.most ? ['read.most'] : []));
    },
  },
  {
    name: 'one id too many is answered rightly or refused, never in silence',
    applies: (bench) => bench.kind.read !== undefined && bench.kind.read.most <= 50,
    run: async (bench) => {
      await seed(bench, (bench.kind.read?.most ?? 0) + 1);
      const names = rowsOf(bench).map((row) => readName(bench, row));
      const seen = await read(bench, names).catch(() => null);
      must(seen === null || names.every((name) => seen.get(name) !== null), 'a record that is there was called "not there"');
    },
  },
  {
    name: 'an id missing from a short answer is not answered, and never "not there"',
    applies: (bench) => bench.kind.read !== undefined,
    run: async (bench) => {
      await seed(bench, Math.min(bench.kind.read?.most ?? 1, 5));
      const names = rowsOf(bench).map((row) => readName(bench, row));
      bench.faults({ shortAnswer: 1, shuffle: 1 });
      const seen = await read(bench, names).catch(() => new Map<string, Sighting | null>());
      must(
        names.every((name) => !seen.has(name)),
        'a record the answer left out was answered all the same',
      );
    },
  },
  {
    name: 'an id that nobody has is no record',
    applies: (bench) => bench.kind.read !== undefined,
    run: async (bench) => {
      await seed(bench, 1);
      const seen = await read(bench, ['khong-co-that']);
      must((seen.get('khong-co-that') ?? null) === null, 'an unknown id was answered with a record');
    },
  },
  {
    name: 'find gives the record by each of its field sets, and nothing for a stranger',
    applies: (bench) => bench.kind.find !== undefined,
    run: async (bench) => {
      await seed(bench, 2);
      const [first] = rowsOf(bench);
      for (const names of bench.kind.find?.by ?? []) await mustBeFound(bench, first?.id ?? '', names);
    },
  },
  {
    name: 'a record typed by hand at the system is found',
    applies: (bench) => bench.kind.find !== undefined,
    run: async (bench) => {
      const id = bench.simulator.typeByHand(bench.name, bench.fixture.record(1));
      bench.clock.advance(bench.kind.find?.indexLagMs ?? 0);
      const names = (bench.kind.find?.by ?? []).find((set) => set.every((name) => at(bench.fixture.record(1), name) !== undefined));
      if (names === undefined) return;
      const fields = Object.fromEntries(names.map((name) => [name, at(bench.fixture.record(1), name) as Json]));
      const found = await bench.kind.find?.run(fields, bench.call);
      must(found?.some((sighting) => sighting.id === id) === true, 'the record typed by hand was not found');
    },
  },
  {
    name: 'a record that is only looked up has no verb that writes, and looking leaves nothing behind',
    applies: (bench) => bench.kind.onlyLookedUp === true,
    run: async (bench) => {
      const { create, update, acts = {}, putFile, find } = bench.kind;
      must(create === undefined && update === undefined && putFile === undefined, 'a verb writes what is only looked up');
      must(Object.keys(acts).length === 0, 'an act is declared on what is only looked up');
      must(find !== undefined, 'it can only be looked for by a search, and there is none');
      await seed(bench, 2);
      const [row] = rowsOf(bench);
      const held = JSON.stringify(rowsOf(bench));
      const before = bench.simulator.received().length;
      for (const names of find.by)
        await find.run(Object.fromEntries(names.map((name) => [name, at(bench.fixture.record(1), name) as Json])), bench.call);
      if (row !== undefined && bench.kind.read !== undefined) await read(bench, [readName(bench, row)]);
      must(bench.simulator.received().length === before && JSON.stringify(rowsOf(bench)) === held, 'looking wrote at the system');
    },
  },
  {
    name: 'changes skip nothing, whatever they repeat, and go on from a kept cursor',
    applies: (bench) => bench.kind.changes !== undefined,
    run: async (bench) => {
      await seed(bench, 7);
      bench.faults({ duplicate: 0.5 });
      const first = await allTouches(bench, null);
      must(
        rowsOf(bench).every((row) => first.ids.has(row.id) || first.ids.has(row.key ?? '')),
        'a record is missing from the changes',
      );
      bench.clock.advance(1_000);
      const row = rowsOf(bench)[3];
      must(row !== undefined, 'seven records stand at the system');
      bench.simulator.edit(bench.name, row.id, bench.fixture.clerkEdit ?? bench.fixture.record(4));
      const later = await allTouches(bench, first.cursor);
      must(later.ids.has(row.id) || later.ids.has(row.key ?? ''), 'a later change is missing after the kept cursor');
      proves(bench, 'changes');
    },
  },
  {
    name: 'a list stays complete while records are edited between its pages',
    applies: (bench) => bench.kind.list !== undefined,
    run: async (bench) => {
      await seed(bench, 11);
      const ids = new Set<string>();
      let cursor: string | null = null;
      for (let page = 0; page < 100; page += 1) {
        const answer: Awaited<ReturnType<ListVerb['run']>> | undefined = await bench.kind.list?.run(cursor, bench.call);
        for (const item of answer?.items ?? []) {
          ids.add(item.id);
          must((item.sighting !== undefined) === (bench.kind.list?.gives === 'record'), 'the list gives another thing than it declares');
          must(
            (item.version === null) === (bench.kind.list?.gives === 'id'),
            'the list gives versions where it declares none, or none where it does',
          );
        }
        cursor = answer?.cursor ?? null;
        if (cursor === null) break;
        const row = rowsOf(bench)[page % 11];
        if (row !== undefined && bench.fixture.clerkEdit !== undefined) bench.simulator.edit(bench.name, row.id, bench.fixture.clerkEdit);
      }
      must(
        rowsOf(bench).every(({ id }) => ids.has(id)),
        'a record is missing from the list',
      );
      proves(bench, 'list', 'list.gives');
    },
  },
  {
    name: 'what was written is read at once, or when the declared lag is over',
    applies: (bench) => bench.kind.read !== undefined,
    run: async (bench) => {
      await seed(bench, 1);
      bench.clock.advance(bench.kind.readLagMs);
      const [before] = rowsOf(bench);
      must(before !== undefined, 'a record stands at the system');
      mustBeSeen(bench, (await read(bench, [readName(bench, before)])).get(readName(bench, before)), before);
      if (bench.fixture.clerkEdit !== undefined) bench.simulator.edit(bench.name, before.id, bench.fixture.clerkEdit);
      bench.clock.advance(bench.kind.readLagMs);
      const after = rowsOf(bench)[0] ?? before;
      mustBeSeen(bench, (await read(bench, [readName(bench, after)])).get(readName(bench, after)), after);
      proves(bench, 'readLagMs');
    },
  },
  {
    name: 'changes repeat nothing from further back than the declared overlap',
    applies: (bench) => bench.kind.changes !== undefined,
    run: async (bench) => {
      await seed(bench, 3);
      const rows = rowsOf(bench);
      const first = await allTouches(bench, null);
      // Two rounds: what a cursor could not know yet when it was given, it knows now.
      bench.clock.advance((bench.kind.changes?.overlapMs ?? 0) + DAY_MS);
      const second = await allTouches(bench, first.cursor);
      bench.clock.advance((bench.kind.changes?.overlapMs ?? 0) + DAY_MS);
      const row = rows[1];
      must(row !== undefined, 'three records stand at the system');
      bench.simulator.edit(bench.name, row.id, bench.fixture.clerkEdit ?? bench.fixture.record(2));
      const { ids } = await allTouches(bench, second.cursor);
      const others = rows.filter((one) => one !== row);
      must(!others.some(({ id, key }) => ids.has(id) || ids.has(key ?? '')), 'a change from before the overlap is told again');
      proves(bench, 'changes.overlapMs');
    },
  },
  {
    name: 'what is read later never has the lower number',
    applies: (bench) => bench.kind.ordered && bench.kind.read !== undefined,
    run: async (bench) => {
      await seed(bench, 1);
      const numberNow = async () => {
        const [row] = rowsOf(bench);
        const name = row === undefined ? '' : readName(bench, row);
        return (await read(bench, [name])).get(name)?.sequence ?? null;
      };
      const first = await numberNow();
      bench.clock.advance(1_000);
      bench.simulator.edit(bench.name, rowsOf(bench)[0]?.id ?? '', bench.fixture.clerkEdit ?? {});
      const second = await numberNow();
      must(first !== null && second !== null, 'the kind is declared ordered, but what is read has no number');
      must(second > first, 'a record that was changed has no higher number');
      proves(bench, 'ordered');
    },
  },
];
