import { createHash } from 'node:crypto';
import type { FileMark } from '../../model/dossier.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { RecordKind } from '../contract.ts';
import { checkRecord } from '../schema.ts';
import { at, type Bench, fileOf, must, proves, readName, rowsOf, seed, troubleOf } from './bench.ts';
import type { Check } from './checks.ts';

/** How a system keeps what it is given: texts as `normalises` says, files byte by byte. */

type How = RecordKind['normalises'][string];

const NOISE: Readonly<Record<How, { readonly spoil: (text: string) => string; readonly keep: (text: string) => string }>> = {
  upper: { spoil: (text) => text.toLocaleLowerCase('vi'), keep: (text) => text.toLocaleUpperCase('vi') },
  trim: { spoil: (text) => ` ${text} `, keep: (text) => text.trim() },
  'single-spaces': { spoil: (text) => ` ${text.replaceAll(' ', '  ')} `, keep: (text) => text.replace(/\s+/gu, ' ').trim() },
};

const SOME_TEXT = 'Lê Thị Ví Dụ';

/** Where `create` writes what `field` keeps: there itself, or, for a field of the result, under the same name. */
const sourceOf = ({ kind: { schema } }: Bench, field: string): string => {
  const name = field.split('.').at(-1) ?? field;
  return name in ((schema.properties ?? {}) as JsonObject) ? name : field;
};

/** The record with the value at a dotted path. */
function put(record: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject {
  if (rest.length === 0) return { ...record, [name]: value };
  return { ...record, [name]: put((record[name] as JsonObject | undefined) ?? {}, rest, value) };
}

async function created(bench: Bench, n: number, record: JsonObject) {
  const known = new Set(rowsOf(bench).map(({ id }) => id));
  await bench.kind.create?.run({ key: bench.key(n), record, files: [] }, bench.call);
  return rowsOf(bench).find(({ id }) => !known.has(id));
}

/**
 * One record with every value spoiled, walked to its end, for results repeat what was sent. What no sample fills is filled here,
 * and excused where the system writes another value there itself.
 */
async function keptOf(bench: Bench, n: number): Promise<void> {
  const sample = bench.fixture.record(n);
  let spoiled = sample;
  const expected: { readonly field: string; readonly value: string; readonly isSampled: boolean }[] = [];
  for (const [field, how] of Object.entries(bench.kind.normalises)) {
    const source = sourceOf(bench, field);
    const given = at(sample, source);
    const value = NOISE[how].spoil(typeof given === 'string' ? given : SOME_TEXT);
    const record = put(spoiled, source.split('.'), value);
    if ((given !== undefined && typeof given !== 'string') || checkRecord(bench.kind.schema, record).length > 0) {
      bench.excused.set(`normalises.${field}`, NOT_SAMPLED);
      continue;
    }
    spoiled = record;
    expected.push({ field, value: NOISE[how].keep(value), isSampled: given !== undefined });
  }
  const row = await created(bench, n, spoiled);
  must(row !== undefined, 'a record whose texts are written otherwise was not taken');
  for (const { stage, fields } of bench.fixture.stages ?? []) bench.simulator.advance(bench.name, row.id, stage, fields);
  const kept = rowsOf(bench).find(({ id }) => id === row.id)?.record;
  for (const { field, value, isSampled } of expected) {
    if (at(kept, field) === value) proves(bench, `normalises.${field}`);
    else if (isSampled) must(false, `${field} is not kept as "${bench.kind.normalises[field]}" says`);
    else bench.excused.set(`normalises.${field}`, NOT_SAMPLED);
  }
}

const NOT_SAMPLED = { vi: 'Bản ghi mẫu không điền được ô này.', en: 'No sample record can fill this field.' };

/** A field that declares nothing keeps what it is given. */
async function leftAlone(bench: Bench, from: number): Promise<void> {
  let n = from;
  for (const [field, value] of Object.entries(bench.fixture.record(n))) {
    if (field in bench.kind.normalises || typeof value !== 'string' || !/\p{L} \p{L}/u.test(value)) continue;
    const spoiled = ` ${value.replaceAll(' ', '  ')}`;
    const record = { ...bench.fixture.record(n), [field]: spoiled };
    if (checkRecord(bench.kind.schema, record).length > 0) continue;
    const row = await created(bench, n, record).catch(() => undefined);
    must(row === undefined || row.record[field] === spoiled, `${field} is changed by the system, but \`normalises\` does not say so`);
    n += 1;
  }
}

const PAPER = Buffer.from('%PDF-1.4 giấy tờ mẫu '.repeat(500), 'utf8');
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function fetched(bench: Bench, id: string, mark: FileMark): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await bench.kind.getFile?.run({ id, mark }, bench.call)) ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const isMark = (value: unknown): value is FileMark =>
  typeof value === 'object' && value !== null && ['remoteId', 'sizeBytes', 'mime'].every((name) => name in value);

/** Marks of files that a stated record holds. */
const marksIn = (value: unknown): readonly FileMark[] => {
  if (isMark(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(marksIn) : [];
};

async function paperOf(bench: Bench, id: string): Promise<{ readonly mark: FileMark; readonly hash: string } | null> {
  const laid = bench.fixture.paper?.(bench.simulator);
  if (laid !== undefined) return { mark: { ...fileOf(laid.bytes).mark, remoteId: laid.remoteId }, hash: hashOf(laid.bytes) };
  for (const { stage, fields } of bench.fixture.stages ?? []) bench.simulator.advance(bench.name, id, stage, fields);
  const [row] = rowsOf(bench);
  const name = row === undefined ? '' : readName(bench, row);
  const [mark] = marksIn((await bench.kind.read?.run([name], bench.call))?.get(name)?.record);
  return mark?.hash === undefined || mark.hash === null ? null : { mark, hash: mark.hash };
}

export const KEEP_CHECKS: readonly Check[] = [
  {
    name: 'the system does to a value what `normalises` says, and to no other field anything',
    applies: (bench) => bench.kind.create !== undefined,
    run: async (bench) => {
      if (Object.keys(bench.kind.normalises).length > 0) await keptOf(bench, 20);
      await leftAlone(bench, 21);
    },
  },
  {
    name: 'a file comes back with its size and hash, and one of another length is not taken',
    applies: (bench) => bench.kind.putFile !== undefined && bench.kind.getFile !== undefined,
    run: async (bench) => {
      await seed(bench, 1);
      const [row] = rowsOf(bench);
      const { putFile } = bench.kind;
      must(row !== undefined && putFile !== undefined, 'a record with files');
      const mark = await putFile.run({ id: row.id, key: row.key ?? '', file: fileOf(PAPER) }, bench.call);
      const came = await fetched(bench, row.id, mark);
      must(hashOf(came) === hashOf(PAPER) && mark.sizeBytes === PAPER.byteLength, 'the file came back as another');
      await troubleOf(
        putFile.run({ id: row.id, key: row.key ?? '', file: fileOf(PAPER, { sizeBytes: PAPER.byteLength + 7 }) }, bench.call),
      );
      proves(bench, 'putFile', 'getFile');
    },
  },
  {
    name: 'a file is taken before its record or only after it, as declared, and no larger than declared',
    applies: (bench) => bench.kind.putFile !== undefined,
    run: async (bench) => {
      const { putFile } = bench.kind;
      must(putFile !== undefined, 'putFile is declared');
      const nobodys = { id: bench.key(1), key: bench.key(1) };
      const early = await putFile.run({ ...nobodys, file: fileOf(PAPER) }, bench.call).then(
        () => true,
        () => false,
      );
      must(
        early === (putFile.when === 'before'),
        `files come ${putFile.when} the record, but one without a record was ${early ? 'taken' : 'refused'}`,
      );
      await seed(bench, 1);
      const [row] = rowsOf(bench);
      must(row !== undefined, 'a record with files');
      const place = { id: row.id, key: row.key ?? '' };
      const large = Buffer.alloc(putFile.mostBytes + 1, '%');
      must(
        (await troubleOf(putFile.run({ ...place, file: fileOf(large) }, bench.call))).detail.kind === 'refused',
        'a file too large is refused',
      );
      const most = await putFile.run({ ...place, file: fileOf(large.subarray(1)) }, bench.call);
      must(most.sizeBytes === putFile.mostBytes, 'a file of just the declared size is not taken whole');
      proves(bench, 'putFile.when', 'putFile.mostBytes');
    },
  },
  {
    name: 'a paper the system issues comes with the bytes it has there',
    applies: (bench) => bench.kind.getFile !== undefined && bench.kind.putFile === undefined,
    run: async (bench) => {
      await seed(bench, 1);
      const [row] = rowsOf(bench);
      must(row !== undefined, 'a record with a paper');
      const paper = await paperOf(bench, row.id);
      if (paper === null) return;
      must(hashOf(await fetched(bench, row.id, paper.mark)) === paper.hash, 'the paper came as another');
      await troubleOf(fetched(bench, row.id, { ...paper.mark, remoteId: null }));
      proves(bench, 'getFile');
    },
  },
];
