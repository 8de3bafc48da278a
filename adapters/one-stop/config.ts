import { z } from 'zod';
import { secretText } from '../../src/kit/index.ts';

const limits = z.strictObject({
  concurrent: z.int().min(1).max(64).default(8),
  perSecond: z.number().positive().nullable().default(null),
  perDay: z.int().positive().nullable().default(null),
});

/** Times in milliseconds, sizes in bytes. */
export const config = z.strictObject({
  /** Where the one-stop serves this interface, e.g. `https://one-stop.example.invalid/motlan/v1`. */
  baseUrl: z.url(),
  /** Bearer token motlan shows to the one-stop. */
  token: secretText,
  /** Key of the webhook signatures the one-stop sends to motlan. */
  webhookKey: secretText,
  /** How far the clock of a webhook may be off. */
  webhookWindowMs: z.int().min(1_000).max(3_600_000).default(300_000),
  pageSize: z.int().min(1).max(500).default(200),
  landsWithinMs: z.int().min(0).default(60_000),
  readLagMs: z.int().min(0).default(0),
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
  mostAnswerBytes: z.int().min(10_000).max(100_000_000).default(20_000_000),
  mostFileBytes: z.int().min(1_000).max(100_000_000).default(25_000_000),
  retryReads: z.int().min(0).max(5).default(1),
  limits: limits.default({ concurrent: 8, perSecond: null, perDay: null }),
});
export type Config = z.output<typeof config>;
