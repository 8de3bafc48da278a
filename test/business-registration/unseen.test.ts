import { expect, test } from 'vitest';
import { book } from '../mappings/book.ts';
import { arrivals, departure, openRoad, seeded, send, tallied } from '../round-trips/trip.ts';

/** What the registry's look-up does not repeat is unseen: neither equal nor absent. What it repeats is never hidden behind that. */

const DOSSIERS = 60;

const registry = book.compiled.filter(({ mapping }) => mapping.system === 'business-registration');

test.each(registry.map((compiled) => [compiled.mapping.record, compiled] as const))(
  'of a %s that was typed and read back, exactly the lines of ToKhai are unseen',
  async (_record, compiled) => {
    const { mapping } = compiled;
    const road = await openRoad(compiled);
    try {
      const roll = seeded(mapping.id);
      const seen = { unseen: new Set<string>(), stated: new Set<string>() };
      for (let n = 0, sent = 0; sent < DOSSIERS; n += 1) {
        expect(n, 'dossiers that were thrown').toBeLessThan(60 * DOSSIERS);
        const trip = departure(road, roll, n);
        const there = trip === null ? null : await send(road, trip, tallied());
        if (trip === null || there === null) continue;
        sent += 1;
        const back = (await arrivals(road, [there])).get(there);
        if (back === undefined) throw new Error('what was typed is not there');
        const theirs = mapping.theirs(back.record, back.covers);
        for (const line of trip.sent.keys())
          seen[(theirs.get(line) ?? mapping.unlisted(line, back.covers)).is === 'unseen' ? 'unseen' : 'stated'].add(line);
      }
      const isTyped = (line: string): boolean => line.startsWith('ToKhai.');
      expect([...seen.unseen].filter((line) => !isTyped(line))).toEqual([]);
      expect([...seen.stated].filter(isTyped)).toEqual([]);
      const typed = mapping.rules.filter(({ id }) => isTyped(id)).map(({ id }) => id);
      const left = typed.filter((id) => !seen.unseen.has(id));
      expect(left, 'lines that no dossier had').toEqual([]);
      expect(seen.stated.size).toBeGreaterThan(0);
    } finally {
      await road.close();
    }
  },
);
