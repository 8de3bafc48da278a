import { join } from 'node:path';
import { mappingsOf } from '../assemble/mappings.ts';
import { openSystems } from '../assemble/systems.ts';
import { chance, clock } from '../assemble.ts';
import { configShape } from '../config/schema.ts';
import { type Config, HOUSE } from '../config.ts';
import type { Mapping } from '../mapping/contract.ts';
import type { Book } from '../mapping/index.ts';

/** A configuration made here instead of read from a file: the product's own adapters and mappings, an embedded store in `data`. */
export function benchConfig({ data, systems }: { readonly data: string; readonly systems: Readonly<Record<string, object>> }): Config {
  const given = configShape.parse({
    systems: {
      'one-stop': { adapter: 'one-stop', role: 'one-stop', simulated: true, ...systems['one-stop'] },
      'civil-status': { adapter: 'civil-status', role: 'ministry', simulated: true, ...systems['civil-status'] },
    },
    http: { port: 0, requestsPerMinute: 1_000_000 },
  });
  return {
    ...given,
    file: 'bench',
    data,
    folders: { adapters: [join(HOUSE, 'adapters')], mappings: join(HOUSE, 'mappings'), mappingsOverride: null },
  };
}

/** The mappings that ship, as the house reads them. */
export async function benchBook(): Promise<Book> {
  const config = benchConfig({ data: '', systems: {} });
  const systems = await openSystems(config, { clock, chance });
  return mappingsOf(config, new Map([...systems].map(([name, { spoke }]) => [name, spoke])));
}

export function birthMapping({ mappings }: Pick<Book, 'mappings'>): Mapping {
  const found = mappings.find(({ id }) => id === 'civil-status.birth');
  if (found === undefined) throw new RangeError('there is no mapping civil-status.birth');
  return found;
}
