import { z } from 'zod';

/** Times in milliseconds. */
export const config = z.strictObject({
  /** The page of the centre's software that officials open, for the sheet and the probe. null: no page is known. */
  baseUrl: z.url().nullable().default(null),
  timeoutMs: z.int().min(100).max(600_000).default(20_000),
});
export type Config = z.output<typeof config>;
