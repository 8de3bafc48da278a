import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sighting } from '../../src/kit/index.ts';
import type { Mapping } from '../../src/mapping/contract.ts';
import { dice } from '../../src/mapping/generate.ts';
import { generateHub } from '../../src/mapping/laws.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { AgreedValue } from '../../src/model/line-value.ts';
import type { Dossier } from '../../src/store/contract.ts';
import { changeHub, hubSide } from '../../src/sync/hub.ts';
import { book } from '../mappings/book.ts';
import { call, startWorld, type World } from './world.ts';

/** Generated dossiers are put into the portal in its own words, pulled over HTTP, taken into an empty hub, and said again: equal. */

const ROUNDS = Number(process.env.MOTLAN_ROUND_TRIPS ?? 100);

let world: World;
beforeAll(async () => {
  world = await startWorld({ faults: { seed: 3, shuffle: 0.5, duplicate: 0.3 }, config: { windowDays: 30 } });
});
afterAll(() => world.close());

const compiledOf = (kind: string) => {
  const found = book.compiled.find(({ mapping }) => mapping.id === `driving-licence.${kind}`);
  if (found === undefined) throw new RangeError(`no mapping of ${kind}`);
  return found;
};

/** Entries of a list under one key cannot be told apart; a portal has each once. */
const KEYS: Readonly<Record<string, string>> = { licences: 'number', papers: 'code' };
function distinct(document: JsonObject): JsonObject {
  const lists = Object.entries(KEYS).flatMap(([name, key]): [string, Json][] => {
    const list = document[name];
    if (!Array.isArray(list)) return [];
    return [
      [
        name,
        [...new Map((list as readonly JsonObject[]).map((each) => [each[key], each])).values()].filter((each) => each[key] !== undefined),
      ],
    ];
  });
  return { ...document, ...Object.fromEntries(lists) };
}

/** The record that says all of this hub: lines of both owners, as the portal would write them. */
function recordOf(of: Mapping, document: JsonObject): JsonObject {
  const values = new Map<string, AgreedValue>();
  for (const [line, value] of of.ours({ document, choices: [], at: Date.parse('2025-01-10T02:00:00Z') }))
    if (value.is === 'value') values.set(line, value);
  return of.write(values);
}

const blank = (kind: string): Dossier => ({
  head: {
    ...{ code: '', nationalCode: null, procedure: '', agency: '', status: 2, revision: null, receivedAt: 0, dueAt: null },
    form: `${kind}@1`,
  },
  body: { applicant: {}, data: {}, results: {}, files: [], choices: [] },
  ...{ status: 2, hubVersion: 0, contentHash: null, createdAt: 0, updatedAt: 0 },
});

async function pulled(kind: string, ids: readonly string[]): Promise<ReadonlyMap<string, Sighting>> {
  const { read, changes } = world.kind(kind);
  const found = new Map<string, Sighting>();
  if (read !== undefined) {
    for (let from = 0; from < ids.length; from += 10)
      for (const [id, seen] of await read.run(ids.slice(from, from + 10), call())) if (seen !== null) found.set(id, seen);
    return found;
  }
  const page = await changes?.run(null, call());
  for (const { id, sighting } of page?.touches ?? []) if (id !== null && sighting !== null) found.set(id, sighting);
  return found;
}

test.each(['licence-copy', 'licence-notice'])('what the portal holds as %s is taken in, and the hub then says the same', async (kind) => {
  const { mapping: of } = compiledOf(kind);
  const roll = dice(20_250_110);
  const typed = new Map<string, JsonObject>();
  const day = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10).split('-').reverse().join('/');
  for (let n = 0; n < ROUNDS; n += 1) {
    const { BoKetNoi: _ours, ...record } = recordOf(of, distinct(generateHub(compiledOf(kind), roll).document));
    const code = `G17.MAU-${String(n).padStart(6, '0')}`;
    const stamp = `${day} ${String(n % 24).padStart(2, '0')}:15:00`;
    const whole =
      kind === 'licence-copy'
        ? { ...record, ChiTiet: { ...(record.ChiTiet as JsonObject | undefined), MaHoSo: code, NgayTiepNhan: stamp } }
        : { ...record, MaHoSo: code, NgayTiepNhan: stamp };
    typed.set(world.simulator.typeByHand(kind, whole), whole);
  }
  const found = await pulled(kind, [...typed.keys()]);
  expect(found.size).toBe(ROUNDS);
  let compared = 0;
  for (const [id, sighting] of found) {
    const stated = new Map<string, AgreedValue>();
    const theirs = of.theirs(sighting.record, sighting.covers);
    for (const [line, value] of theirs) if (value.is === 'value') stated.set(line, value);
    const { changes, problems } = of.inverse(stated, hubSide(blank(kind)));
    expect(problems).toEqual([]);
    const ours = of.ours(hubSide(changeHub(blank(kind), changes)));
    const asTyped = of.theirs(typed.get(id) ?? {}, Object.keys(typed.get(id) ?? {}));
    for (const [line, value] of stated) {
      const own = ours.get(line);
      if (own === undefined || !of.equal(line, own, value)) throw new Error(`${line} is not said again as it was stated`);
      const put = asTyped.get(line);
      if (put?.is === 'value' && !of.equal(line, put, value)) throw new Error(`${line} came over the wire as another`);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(5 * ROUNDS);
});
