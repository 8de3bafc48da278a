import { afterEach, expect, test } from 'vitest';
import type { JsonObject } from '../../src/kit/index.ts';
import type { HubSide } from '../../src/mapping/contract.ts';
import { dice } from '../../src/mapping/generate.ts';
import { generateHub } from '../../src/mapping/laws.ts';
import type { AgreedValue } from '../../src/model/line-value.ts';
import { book } from '../mappings/book.ts';
import { call, startWorld, type World } from './world.ts';

/** Generated dossiers over the real wire: filed at the simulated portal, read back, compared line by line. */

const FILED = 60;
const MOST_TRIES = 1_000;

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

const compiledOf = (id: string) => {
  const found = book.compiled.find(({ mapping }) => mapping.id === id);
  if (found === undefined) throw new RangeError(`no mapping ${id}`);
  return found;
};

test.each([
  ['child-card', ['Hoten', 'Ngaysinh', 'cmnd']],
  ['labour-change', ['masobhxhuser', 'kyKeKhai', 'Hoten', 'pa', 'tuThang']],
])(
  `${FILED} generated dossiers come back from the portal as the %s they were filed as`,
  async (kind, mandatory) => {
    const here = await startWorld();
    world = here;
    const compiled = compiledOf(`social-insurance.${kind}`);
    const { mapping } = compiled;
    const roll = dice(20_261_124);
    let filed = 0;
    for (let tries = 0; filed < FILED && tries < MOST_TRIES; tries += 1) {
      const made = generateHub(compiled, roll);
      const personalId = `099226${String(roll.below(1_000_000)).padStart(6, '0')}`;
      const hub: HubSide = { ...made, document: { ...made.document, results: { 'civil-status': { personalId } } } };
      const sent = sentOf(mapping.ours(hub), (id) => mapping.rule(id).owner !== 'take');
      const record = mapping.write(sent);
      if (mandatory.some((name) => record[name] === undefined)) continue;
      const receipt = await here.kind(kind).create?.run({ key: String(made.document.code), record, files: [] }, call());
      if (receipt?.is !== 'done') throw new Error('the filing was not saved');
      const seen = (await here.kind(kind).read?.run([receipt.id], call()))?.get(receipt.id);
      if (seen === null || seen === undefined) throw new Error('the filing was not read');
      expect(differing(mapping, sent, seen.record)).toEqual([]);
      filed += 1;
    }
    expect(filed).toBe(FILED);
    expect(here.simulator.records(kind)).toHaveLength(FILED);
  },
  60_000,
);

type Compiled = ReturnType<typeof compiledOf>;

function sentOf(view: ReturnType<Compiled['mapping']['ours']>, goesOut: (id: string) => boolean): ReadonlyMap<string, AgreedValue> {
  return new Map([...view].flatMap(([id, value]) => (value.is === 'value' && goesOut(id) ? [[id, value] as const] : [])));
}

/** Lines that did not come back equal. Our own key is the one line that the portal does not carry. */
function differing(mapping: Compiled['mapping'], sent: ReadonlyMap<string, AgreedValue>, record: JsonObject): readonly string[] {
  const back = mapping.theirs(record, 'all');
  return [...sent.keys()].filter((id) => {
    const ours = sent.get(id);
    const theirs = back.get(id);
    return !mapping.rule(id).isKey && (ours === undefined || theirs === undefined || !mapping.equal(id, ours, theirs));
  });
}
