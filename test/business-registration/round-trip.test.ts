import { afterAll, beforeAll, expect, test } from 'vitest';
import { KIND_NAMES, type KindName } from '../../adapters/business-registration/wire.ts';
import type { HubSide } from '../../src/mapping/contract.ts';
import { dice } from '../../src/mapping/generate.ts';
import { generateHub } from '../../src/mapping/laws.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { AgreedValue } from '../../src/model/line-value.ts';
import { book } from '../mappings/book.ts';
import { startWorld, type World } from './world.ts';

/** Generated dossiers are typed at the registry, read back over HTTP in its own shape, and compared line by line. */

const ROUNDS = Number(process.env.MOTLAN_ROUND_TRIPS ?? 100);
const BATCH = 10;

let world: World;
beforeAll(async () => {
  world = await startWorld({ faults: { seed: 3, shuffle: 0.5 } });
});
afterAll(() => world.close());

const compiledOf = (kind: KindName) => {
  const found = book.compiled.find(({ mapping }) => mapping.id === `business-registration.${kind}`);
  if (found === undefined) throw new RangeError(`no mapping of ${kind}`);
  return found;
};

/** Entries of a list under one key cannot be told apart; a form that is filled in has each once. */
const KEYS: Readonly<Record<string, string>> = { lines: 'code', representatives: 'paperNumber' };
function distinct(value: Json, name = ''): Json {
  if (Array.isArray(value)) {
    const key = KEYS[name];
    const seen = new Map((value as readonly JsonObject[]).map((each, index) => [key === undefined ? index : each[key], each]));
    return [...seen.values()];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([inner, below]) => [inner, distinct(below as Json, inner)]));
}

test.each(KIND_NAMES)('what is typed of a %s comes back equal in every line the registry states', async (kind) => {
  const compiled = compiledOf(kind);
  const { mapping } = compiled;
  const roll = dice(20_261_124);
  const typed = new Map<string, HubSide>();
  for (let n = 0; n < ROUNDS; n += 1) {
    const made = generateHub(compiled, roll);
    const hub = { ...made, document: distinct(made.document) as JsonObject };
    const values = new Map<string, AgreedValue>();
    for (const [line, value] of mapping.ours(hub)) if (value.is === 'value' && mapping.rule(line).owner !== 'take') values.set(line, value);
    typed.set(world.simulator.typeByHand(kind, mapping.write(values)), hub);
  }
  expect(typed.size).toBe(ROUNDS);
  const ids = [...typed.keys()];
  let compared = 0;
  for (let from = 0; from < ids.length; from += BATCH) {
    for (const [id, sighting] of await world.read(kind, ids.slice(from, from + BATCH))) {
      const hub = typed.get(id);
      if (hub === undefined || sighting === null) throw new Error('a record that was typed is not there');
      const theirs = mapping.theirs(sighting.record, sighting.covers);
      for (const [line, ours] of mapping.ours(hub)) {
        const back = theirs.get(line) ?? mapping.unlisted(line, sighting.covers);
        if (ours.is !== 'value' || mapping.rule(line).owner === 'take') continue;
        if (line.startsWith('ToKhai.')) {
          expect(back.is, line).toBe('unseen');
          continue;
        }
        if (!mapping.equal(line, ours, back)) throw new Error(`${line} came back as another`);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(ROUNDS);
});
