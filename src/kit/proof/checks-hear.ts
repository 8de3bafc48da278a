import { must, proves, rowsOf, seed, troubleOf } from './bench.ts';
import type { Check } from './checks.ts';

/** What a kind must keep that is told by the system itself. */

const WINDOW_OVER_MS = 2 * 86_400_000;

export const HEAR_CHECKS: readonly Check[] = [
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
      const other = await bench.kind.hear.run(bench.fixture.hear(row, bench.clock.now(), 'nonce-0002'), bench.call);
      must(other.nonce !== nonce, 'two messages have the same nonce: the engine would take the second for a replay');
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
      proves(bench, 'hear', 'hear.proof');
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
      proves(bench, 'ordered');
    },
  },
];
