import { createHash } from 'node:crypto';
import type { ListVerb, Sighting } from '../../src/kit/contract.ts';
import { checkRecord } from '../../src/kit/schema.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { at, type Bench, fileOf, must, readName, rowsOf, seed, troubleOf } from './bench.ts';
import type { Check } from './checks.ts';

const WINDOW_OVER_MS = 2 * 86_400_000;

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

const NOISE: Readonly<
  Record<'upper' | 'trim' | 'single-spaces', { readonly spoil: (text: string) => string; readonly keep: (text: string) => string }>
> = {
  upper: { spoil: (text) => text.toLocaleLowerCase('vi'), keep: (text) => text.toLocaleUpperCase('vi') },
  trim: { spoil: (text) => ` ${text} `, keep: (text) => text.trim() },
  'single-spaces': { spoil: (text) => ` ${text.replaceAll(' ', '  ')} `, keep: (text) => text.replace(/\s+/gu, ' ').trim() },
};

async function storedOf(bench: Bench, n: number, field: string, value: string): Promise<unknown> {
  const record = { ...bench.fixture.record(n), [field]: value };
  const known = new Set(rowsOf(bench).map(({ id }) => id));
  await bench.kind.create?.run({ key: bench.key(n), record, files: [] }, bench.call);
  return rowsOf(bench).find(({ id }) => !known.has(id))?.record[field];
}

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
      await seed(bench, bench.kind.read?.most === undefined ? 1 : Math.min(bench.kind.read.most, 20));
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
      bench.clock.advance(bench.kind.find?.indexLagMs ?? 0);
      const [row] = rowsOf(bench);
      for (const names of bench.kind.find?.by ?? []) {
        const pick = (n: number): JsonObject => Object.fromEntries(names.map((name) => [name, at(bench.fixture.record(n), name) as Json]));
        if (names.some((name) => at(bench.fixture.record(1), name) === undefined)) continue;
        const found = await bench.kind.find?.run(pick(1), bench.call);
        must(found?.some((sighting) => sighting.id === row?.id) === true, `find by ${names.join('+')} does not give the record`);
        if (bench.kind.find?.unique === true)
          must(found.length === 1, `find by ${names.join('+')} is declared unique and gave ${found.length}`);
        must((await bench.kind.find?.run(pick(977), bench.call))?.length === 0, `find by ${names.join('+')} gives records to a stranger`);
      }
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
          must(bench.kind.list?.gives === 'id' || item.version !== null, 'the list declares versions and states none');
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
    },
  },
  {
    name: 'a callback is believed only when rightly signed and fresh',
    applies: (bench) => bench.kind.hear !== undefined && bench.fixture.hear !== undefined,
    run: async (bench) => {
      await seed(bench, 1);
      const [row] = rowsOf(bench);
      must(row !== undefined && bench.kind.hear !== undefined && bench.fixture.hear !== undefined, 'a record to speak of');
      const heard = bench.fixture.hear(row, bench.clock.now(), 'nonce-0001');
      const { touches, nonce } = await bench.kind.hear.run(heard, bench.call);
      must(
        touches.some((touch) => touch.id === row.id || (row.key !== null && touch.key === row.key)),
        'the touch names another record',
      );
      const again = await bench.kind.hear.run(heard, bench.call).then(
        (answer) => answer.nonce,
        () => null,
      );
      must(again === null || again === nonce, 'a replayed message has another nonce');
      const spoiled = Buffer.from(heard.body);
      spoiled[spoiled.length - 2] = (spoiled[spoiled.length - 2] ?? 0) ^ 1;
      const forged = await troubleOf(bench.kind.hear.run({ ...heard, body: spoiled }, bench.call));
      must(forged.detail.kind === 'refused', 'a forged message is refused');
      must(
        (await troubleOf(bench.kind.hear.run({ ...heard, headers: {} }, bench.call))).detail.kind === 'refused',
        'an unsigned message is refused',
      );
      const old = { ...heard, receivedAt: heard.receivedAt + WINDOW_OVER_MS };
      if (bench.kind.hear.proof === 'hmac')
        must((await troubleOf(bench.kind.hear.run(old, bench.call))).detail.kind === 'refused', 'an old message is refused');
    },
  },
  {
    name: 'messages are numbered by what they state, not by the order in which they come',
    applies: (bench) => bench.kind.ordered && bench.kind.hear !== undefined && bench.fixture.hear !== undefined,
    run: async (bench) => {
      await seed(bench, 1);
      const { hear } = bench.fixture;
      const message = (nonce: string) => {
        const [row] = rowsOf(bench);
        must(row !== undefined && hear !== undefined, 'a record to speak of');
        return hear(row, bench.clock.now(), nonce);
      };
      const numberOf = async (heard: ReturnType<typeof message>) => {
        const touches = (await bench.kind.hear?.run(heard, bench.call))?.touches ?? [];
        return touches.find((touch) => touch.kind === bench.name)?.sighting?.sequence ?? null;
      };
      const earlier = message('nonce-0001');
      bench.clock.advance(1_000);
      bench.simulator.edit(bench.name, rowsOf(bench)[0]?.id ?? '', bench.fixture.clerkEdit ?? {});
      const later = message('nonce-0002');
      const [first, second] = [await numberOf(earlier), await numberOf(later)];
      must(first !== null && second !== null, 'the kind is declared ordered, but a message has no number');
      must(second >= first, 'a later statement has the lower number');
      must((await numberOf(later)) === second && (await numberOf(earlier)) === first, 'a message is numbered by when it came');
    },
  },
  {
    name: 'the system does to a value what `normalises` says, and to no other field anything',
    applies: (bench) => bench.kind.create !== undefined,
    run: async (bench) => {
      let n = 20;
      for (const [field, how] of Object.entries(bench.kind.normalises)) {
        const value = at(bench.fixture.record(n), field);
        if (typeof value !== 'string' || field.includes('.')) continue;
        const spoiled = NOISE[how].spoil(value);
        must((await storedOf(bench, n, field, spoiled)) === NOISE[how].keep(spoiled), `${field} is not kept as "${how}" says`);
        n += 1;
      }
      for (const [field, value] of Object.entries(bench.fixture.record(n))) {
        if (field in bench.kind.normalises || typeof value !== 'string' || !/\p{L} \p{L}/u.test(value)) continue;
        const spoiled = ` ${value.replaceAll(' ', '  ')}`;
        if (checkRecord(bench.kind.schema, { ...bench.fixture.record(n), [field]: spoiled }).length > 0) continue;
        const stored = await storedOf(bench, n, field, spoiled).catch(() => spoiled);
        must(stored === spoiled, `${field} is changed by the system, but \`normalises\` does not say so`);
        n += 1;
      }
    },
  },
  {
    name: 'a file comes back with its size and hash, and one of another length is not taken',
    applies: (bench) => bench.kind.putFile !== undefined && bench.kind.getFile !== undefined,
    run: async (bench) => {
      await seed(bench, 1);
      const [row] = rowsOf(bench);
      const { putFile, getFile } = bench.kind;
      must(row !== undefined && putFile !== undefined && getFile !== undefined, 'a record with files');
      const bytes = Buffer.from('%PDF-1.4 giấy tờ mẫu '.repeat(500), 'utf8');
      const mark = await putFile.run({ id: row.id, key: row.key ?? '', file: fileOf(bytes) }, bench.call);
      const chunks: Uint8Array[] = [];
      for await (const chunk of await getFile.run({ id: row.id, mark }, bench.call)) chunks.push(chunk);
      const hash = createHash('sha256').update(Buffer.concat(chunks)).digest('hex');
      must(
        hash === createHash('sha256').update(bytes).digest('hex') && mark.sizeBytes === bytes.byteLength,
        'the file came back as another',
      );
      await troubleOf(
        putFile.run({ id: row.id, key: row.key ?? '', file: fileOf(bytes, { sizeBytes: bytes.byteLength + 7 }) }, bench.call),
      );
    },
  },
];
