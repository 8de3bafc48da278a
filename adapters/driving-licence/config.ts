import { z } from 'zod';
import { secretText } from '../../src/kit/index.ts';

/** Feed A: log in, then one address for every service. SOURCED TD; that the session stands in the body: SOURCED TD. */
const feedA = z.strictObject({
  loginPath: z.string().startsWith('/').default('/apiDVC-GPLX/tcdbdvcdata/mapi/login'),
  callPath: z.string().startsWith('/').default('/apiDVC-GPLX/tcdbdvcdata/mapi/g'),
  username: z.string().min(1),
  password: secretText,
  /** How long a session is used before a new one is asked for. Not known; measure it. */
  sessionLivesMs: z.int().min(60_000).max(86_400_000).default(1_200_000),
  /** `donViXuLy`: the agency whose dossiers are asked for. */
  unit: z.string().min(1),
});

/** Feed B: everything received between two days, -1 to -1 meaning no paging. SOURCED TD; where the list lies: INFERENCE. */
const feedB = z.strictObject({
  path: z.string().startsWith('/').default('/apiGTVT/danhsachhoso'),
  govAgencyCode: z.string().min(1),
  apiKey: secretText,
  listAt: z.string().default('data'),
});

const limits = z.strictObject({
  concurrent: z.int().min(1).max(16).default(2),
  perSecond: z.number().positive().nullable().default(1),
  perDay: z.int().positive().nullable().default(null),
});

/** Times in milliseconds, sizes in bytes. A feed that is null has no record kind. */
export const config = z.strictObject({
  baseUrl: z.url(),
  feedA: feedA.nullable().default(null),
  feedB: feedB.nullable().default(null),
  /** First day of receipt that is asked for. */
  since: z.iso.date(),
  /** Days in one question. */
  windowDays: z.int().min(1).max(60).default(3),
  /** Days before today that are asked for again each time: dossiers may be entered late. 3 is what one province did, SOURCED TD. */
  overlapDays: z.int().min(0).max(60).default(3),
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
  mostAnswerBytes: z.int().min(10_000).max(200_000_000).default(40_000_000),
  retryReads: z.int().min(0).max(5).default(1),
  limits: limits.default({ concurrent: 2, perSecond: 1, perDay: null }),
});
export type Config = z.output<typeof config>;
export type FeedA = z.output<typeof feedA>;
export type FeedB = z.output<typeof feedB>;
