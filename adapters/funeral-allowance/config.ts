import { z } from 'zod';
import { secretText } from '../../src/kit/index.ts';

const limits = z.strictObject({
  concurrent: z.int().min(1).max(64).default(2),
  perSecond: z.number().positive().nullable().default(2),
  perDay: z.int().positive().nullable().default(null),
});
const path = z.string().startsWith('/');

/** Everything that may differ from one endpoint to the next. Times in milliseconds, sizes in bytes. */
export const config = z.strictObject({
  baseUrl: z.url(),
  /** Stands in the body of every call. SOURCED TD. */
  acceptKey: secretText,
  /** SOURCED TD. */
  pushPath: path.default('/apiBTXH/DongBoDVC'),
  /** SOURCED TD. */
  stepPath: path.default('/apiBTXH/XuLyHoSo'),
  /** INFERENCE: the source pulls a window of days, its path is not known. */
  pullPath: path.default('/apiBTXH/LayDanhSachHoSo'),
  /** INFERENCE: the names under which the pull takes its window. */
  pullFrom: z.string().min(1).default('TuNgay'),
  pullTo: z.string().min(1).default('DenNgay'),
  /** What the same dossier, or the same step, sent again does there. Not known: prove `same-key` on the test endpoint first. */
  repeat: z.enum(['unsafe', 'same-key']).default('unsafe'),
  /** How far the first pull looks back; 7 days is what the source's push does. */
  lookBackDays: z.int().min(1).max(366).default(7),
  /** Each pull goes back this far behind the last one: the source pulls from yesterday 00:00. */
  overlapDays: z.int().min(1).max(31).default(1),
  /** Most days in one pull. */
  mostDays: z.int().min(2).max(366).default(7),
  landsWithinMs: z.int().min(1).default(900_000),
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
  mostAnswerBytes: z.int().min(10_000).max(200_000_000).default(20_000_000),
  retryReads: z.int().min(0).max(5).default(1),
  limits: limits.default({ concurrent: 2, perSecond: 2, perDay: null }),
});
export type Config = z.output<typeof config>;
