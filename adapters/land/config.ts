import { z } from 'zod';
import { secretText } from '../../src/kit/index.ts';

const path = z.string().startsWith('/');
const limits = z.strictObject({
  concurrent: z.int().min(1).max(64).default(4),
  perSecond: z.number().positive().nullable().default(2),
  perDay: z.int().positive().nullable().default(null),
});

/** Everything that may differ from one endpoint to the next. Times in milliseconds, sizes in bytes. */
export const config = z.strictObject({
  baseUrl: z.url(),
  /** The password grant. SOURCED TD; the path is INFERENCE. */
  tokenPath: path.default('/connect/token'),
  clientId: z.string().min(1).max(200),
  clientSecret: secretText,
  username: z.string().min(1).max(200),
  password: secretText,
  /** Names of the messages SOURCED TD, the folder before them INFERENCE. */
  receivePath: path.default('/api/motcua/TiepNhanHoSo'),
  supplementPath: path.default('/api/motcua/CapNhatTrangThaiBoSung'),
  handOverPath: path.default('/api/motcua/CapNhatKetQuaTraHoSo'),
  /** Looked at by the probe alone. */
  probePath: path.default('/'),
  /** Results are fetched from addresses that begin so, and from no other; absent: from `baseUrl`. */
  filesBelow: z.url().optional(),
  /** Key of the signatures. */
  callbackKey: secretText,
  /** The code every callback carries in its body. SOURCED TD. Absent: what stands there is not looked at. */
  securityCode: secretText.nullable().default(null),
  windowMs: z.int().min(1_000).max(3_600_000).default(300_000),
  mostMessageBytes: z.int().min(1_000).max(50_000_000).default(1_000_000),
  mostFileBytes: z.int().min(1_000).max(200_000_000).default(25_000_000),
  /** What a second TiepNhanHoSo of one SoBienNhan does. "đã tồn tại" is SOURCED TD; prove it on the test endpoint. */
  twins: z.enum(['rejected', 'accepted']).default('rejected'),
  landsWithinMs: z.int().min(1).default(900_000),
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
  mostAnswerBytes: z.int().min(10_000).max(100_000_000).default(2_000_000),
  limits: limits.default({ concurrent: 4, perSecond: 2, perDay: null }),
});
export type Config = z.output<typeof config>;
