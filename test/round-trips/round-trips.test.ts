import { afterAll, describe, expect, test } from 'vitest';
import { book } from '../mappings/book.ts';
import { arrivals, compare, departure, openRoad, seeded, send, type Tally, type Trip, tallied } from './trip.ts';

/** Every mapping over the real wire of its system. `npm run round-trips` takes 1,000 dossiers each. */
const TRIPS = Number(process.env.MOTLAN_ROUND_TRIPS ?? 40);
const MOST_TRIES = 60 * TRIPS;
const MOST_MS = 600_000;

const report: string[] = [];
afterAll(() => console.info(report.join('\n')));

describe('a generated dossier goes out over the wire and comes back equal, or with the loss it declares', () => {
  test.each(book.compiled.map((compiled) => [compiled.mapping.id, compiled] as const))(
    `%s, ${TRIPS} times`,
    async (id, compiled) => {
      const road = await openRoad(compiled);
      const tally = tallied();
      try {
        const roll = seeded(id);
        const data = road.manner.data?.(TRIPS) ?? [];
        const under = new Map<string, Trip>();
        for (; under.size < TRIPS && tally.tries < MOST_TRIES; tally.tries += 1) {
          const trip = departure(road, roll, tally.tries, data[under.size]);
          const there = trip === null ? null : await send(road, trip, tally);
          if (trip !== null && there !== null) under.set(there, trip);
        }
        expect(under.size, `refused: ${JSON.stringify([...tally.refused])}`).toBe(TRIPS);
        for (const there of under.keys()) finish(road, there);
        const back = await arrivals(road, [...under.keys()]);
        for (const [there, trip] of under) {
          const sighting = back.get(there);
          if (sighting === undefined) throw new Error('what was sent is not there');
          compare(road, trip, sighting, tally);
          tally.trips += 1;
        }
        expect(tally.equal, 'values that were compared').toBeGreaterThan(TRIPS);
        report.push(told(id, tally));
      } finally {
        await road.close();
      }
    },
    MOST_MS,
  );
});

test('a value that comes back as another is caught, and one that never went', async () => {
  const compiled = book.compiled.find(({ mapping }) => mapping.id === 'residence.removal');
  if (compiled === undefined) throw new Error('the mapping is there');
  const road = await openRoad(compiled);
  try {
    const trips = Array.from({ length: 50 }, (_, n) => departure(road, seeded(`trip ${n}`), n));
    const trip = trips.find((one) => one !== null && 'HoTen' in one.record && !('SoGiayTo' in one.record));
    if (trip === null || trip === undefined) throw new Error('one of them has a name and no old number');
    const judged = (change: object) => () => compare(road, trip, { record: { ...trip.record, ...change }, covers: 'all' }, tallied());
    expect(judged({})).not.toThrow();
    expect(judged({ HoTen: 'Người Khác' })).toThrow('HoTen');
    expect(judged({ SoGiayTo: '099000001' })).toThrow('SoGiayTo was never sent');
  } finally {
    await road.close();
  }
});

/** The life of a record there up to its result, where the system restates what it was sent. */
function finish({ fixture, simulator, compiled, kind, beginsThere, manner }: Awaited<ReturnType<typeof openRoad>>, id: string): void {
  if (kind.create === undefined || beginsThere || manner.sendBack !== undefined) return;
  for (const { stage, phase, fields } of fixture?.stages ?? []) {
    simulator.advance(compiled.mapping.record, id, stage, fields);
    if (phase === 'issued') return;
  }
}

const told = (id: string, { trips, tries, equal, lossy, unseen }: Tally): string =>
  `${id}: ${trips} trips of ${tries} thrown, ${equal} values equal, ${lossy} with a declared loss, ${unseen.size} lines the system never states`;
