import { z } from 'zod';

/** What the processes of `bench dossiers` tell of themselves. */

export const countsShape = z.object({
  /** By `METHOD path`, codes in paths written `:code`. */
  calls: z.record(z.string(), z.number()),
  /** When the last call came, on the clock that all processes of the machine share. */
  lastCallAtMs: z.number(),
  cpuMs: z.number(),
});
export type Counts = z.output<typeof countsShape>;

export const workShape = z.object({
  commits: z.number(),
  statements: z.number(),
  cpuMs: z.number(),
  /** Civil-status legs whose record was sent and read back. */
  settled: z.number(),
  openHolds: z.number(),
  /** Systems that still have visits to make, or being made. */
  busy: z.number(),
});
export type Work = z.output<typeof workShape>;

export const costsShape = z.array(z.object({ place: z.string(), share: z.number() }));

export const addressShape = z.object({ url: z.string(), token: z.string() });
export const systemsShape = z.object({
  'one-stop': z.looseObject({ baseUrl: z.string(), token: z.string() }),
  'civil-status': z.looseObject({ baseUrl: z.string() }),
});
