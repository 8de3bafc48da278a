import { z } from 'zod';
import { chance, clock, openHouse, startHouse } from '../assemble.ts';
import { hashSecret } from '../http/accounts.ts';
import { openLog } from '../log.ts';
import { benchConfig } from './house.ts';
import type { Work } from './processes.ts';
import { beginProfile, type Cost } from './profile.ts';

/** The product as `serve` runs it, in a process of its own, so that its work alone is counted. */

const fields = z.record(z.string(), z.json());
const given = z
  .object({ data: z.string(), key: z.string(), systems: z.record(z.string(), fields) })
  .parse(JSON.parse(process.argv[2] ?? ''));
const config = benchConfig(given);
const key = new Uint8Array(Buffer.from(given.key, 'hex'));
const house = await openHouse(config, { log: openLog('error'), keys: { current: 1, keys: new Map([[1, key]]) } });
const token = `${chance.id()}${chance.id()}`;
await house.store.write((tx) =>
  tx.tokens.insert({
    ...{ id: chance.id(), name: 'bench', scopes: ['intake'], agencies: null, createdAt: clock.now(), revokedAt: null },
    hash: hashSecret(token),
    expiresAt: clock.now() + 86_400_000,
  }),
);
const running = await startHouse(house);

let endProfile: (() => Promise<readonly Cost[]>) | null = null;
const answers: Readonly<Record<'work' | 'profile' | 'costs' | 'stop', () => Promise<unknown>>> = {
  work,
  async profile() {
    endProfile = await beginProfile();
  },
  costs: async () => (await endProfile?.()) ?? [],
  stop: () => running.stop(),
};
const asked = z.object({ id: z.number(), ask: z.enum(['work', 'profile', 'costs', 'stop']) });
process.on('message', (message) => {
  const { id, ask } = asked.parse(message);
  void answers[ask]().then((answer) => {
    process.send?.({ id, answer: answer ?? null });
    if (ask === 'stop') process.disconnect();
  });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, answer: { url: running.url, token } });

/** Longer than a lease, shorter than any poll of the bench. */
const SOON_MS = 300_000;

async function work(): Promise<Work> {
  const { commits, statements } = house.store.counted();
  const { user, system } = process.cpuUsage();
  const now = clock.now();
  const found = await house.store.read(async (tx) => ({
    links: await tx.links.count(),
    holds: await tx.holds.page({ open: true }, null, 1000),
    nextDue: [await tx.work.nextDue('one-stop'), await tx.work.nextDue('civil-status')],
  }));
  const settled = found.links.filter(({ system: name, trust }) => name === 'civil-status' && trust !== null && trust !== 'sent');
  return {
    ...{ commits, statements, cpuMs: (user + system) / 1000 },
    settled: settled.reduce((sum, { count }) => sum + count, 0),
    openHolds: found.holds.length,
    busy: found.nextDue.filter((at) => at !== null && at < now + SOON_MS).length,
  };
}
