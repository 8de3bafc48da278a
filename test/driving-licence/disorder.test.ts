import { afterEach, expect, test } from 'vitest';
import type { JsonObject, RecordKind, Sighting } from '../../src/kit/index.ts';
import type { Clock } from '../../src/model/ports.ts';
import { call, sample, startWorld, type World } from './world.ts';

/** A feed that tells of dossiers in any order and more than once says what a feed in good order says. */

const DOSSIERS = 12;
const NOW = Date.UTC(2026, 10, 24, 3);
const DISORDER = { seed: 7, shuffle: 1, duplicate: 0.6 };

type ChangesPage = Awaited<ReturnType<NonNullable<RecordKind['changes']>['run']>>;

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

interface Told {
  /** Every code told of, as often and in the order it was told. */
  readonly codes: readonly string[];
  readonly stated: ReadonlyMap<string, Sighting | null>;
}

/** What the feed tells of the same dossiers, a day's worth of them each day, and after a clerk changed one. */
async function toldBy(kind: string, faults: object): Promise<Told> {
  let now = NOW;
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
  const world = await startWorld({ faults, clock });
  worlds.push(world);
  for (let n = 1; n <= DOSSIERS; n += 1) {
    world.simulator.typeByHand(kind, await sample(kind, n));
    if (n % 4 === 0) now += 86_400_000;
  }
  const [first] = world.simulator.records(kind);
  world.simulator.edit(kind, first?.id ?? '', edited(kind));
  const { changes, read } = world.kind(kind);
  const codes: string[] = [];
  const stated = new Map<string, Sighting | null>();
  for (let cursor: string | null = null, more = true, pages = 0; more; pages += 1) {
    const page: ChangesPage | undefined = await changes?.run(cursor, call());
    if (page === undefined || pages > 50) throw new Error('the feed has no end');
    for (const { id, sighting } of page.touches) {
      codes.push(String(id));
      if (sighting === null) continue;
      expect(sighting, 'told twice, the same').toEqual(stated.get(String(id)) ?? sighting);
      stated.set(String(id), sighting);
    }
    ({ cursor, more } = page);
  }
  const asked = [...new Set(codes)].reverse();
  for (let from = 0; read !== undefined && from < asked.length; from += read.most)
    for (const [id, sighting] of await read.run(asked.slice(from, from + read.most), call())) stated.set(id, sighting);
  return { codes, stated };
}

const edited = (kind: string): JsonObject =>
  kind === 'licence-copy' ? { ChiTiet: { TrangThaiHoSo: 'Đang xử lý' } } : { TrichYeuHoSo: 'Đổi giấy phép lái xe (bổ sung)' };

test.each(['licence-copy', 'licence-notice'])('a %s is told right in shuffled and duplicated answers', async (kind) => {
  const [calm, wild] = [await toldBy(kind, {}), await toldBy(kind, DISORDER)];
  expect(calm.codes).toEqual([...new Set(calm.codes)]);
  expect(calm.codes).toHaveLength(DOSSIERS);
  expect(wild.codes.length, 'told more than once').toBeGreaterThan(DOSSIERS);
  expect([...new Set(wild.codes)], 'told in another order').not.toEqual(calm.codes);
  expect([...wild.stated.keys()].sort()).toEqual([...calm.codes].sort());
  for (const code of calm.codes) {
    expect(wild.stated.get(code)?.id).toBe(code);
    expect(wild.stated.get(code)).toEqual(calm.stated.get(code));
  }
});
