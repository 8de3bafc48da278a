import { z } from 'zod';
import { gatewayLogin, secretText } from '../../src/kit/index.ts';

/** The national linked service takes the status steps; its log-in is its own. SOURCED TD. */
const dvclt = z.strictObject({
  /** Absent: the same host as the civil-status calls. */
  baseUrl: z.url().optional(),
  statusPath: z.string().startsWith('/').default('/api/lienthongdvclt/capNhatTrangThai'),
  /** 5 is the civil-status leg. SOURCED TD; other values are not known. */
  coQuanXuLy: z.int().default(5),
  login: z
    .strictObject({
      path: z.string().startsWith('/'),
      userName: z.string().min(1),
      password: secretText,
      livesMs: z.int().min(60_000).default(1_800_000),
    })
    .optional(),
});

const limits = z.strictObject({
  concurrent: z.int().min(1).max(64).default(4),
  perSecond: z.number().positive().nullable().default(5),
  perDay: z.int().positive().nullable().default(null),
});

/** Everything that may differ from one province or gateway to the next. Times in milliseconds, sizes in bytes. */
export const config = z.strictObject({
  baseUrl: z.url(),
  /** Province code in polls; 96 is Cà Mau. */
  maTinh: z
    .string()
    .regex(/^\d{2}$/)
    .default('96'),
  /** SOURCED TD. The other path seen is `/hotich/1.0/dangKyHoTich`. */
  pushPath: z.string().startsWith('/').default('/apiLienThongKSKT/1.0/nhanHoSoDKHT'),
  /** INFERENCE: the sources name the operation LayKetQua, not its path. */
  pollPath: z.string().startsWith('/').default('/apiLienThongKSKT/1.0/layKetQua'),
  /** INFERENCE: no search is known. Absent: records typed by hand can only be found by a person. */
  searchPath: z.string().startsWith('/').nullable().default(null),
  /** How late a record shows up in that search. */
  searchLagMs: z.int().min(0).default(0),
  auth: gatewayLogin.default({ kind: 'none' }),
  /** Absent: steps and hand-over are not reported. */
  dvclt: dvclt.nullable().default(null),
  /** `2025` knows no district; `huyen` is the shape before 07/2025. */
  addressShape: z.enum(['2025', 'huyen']).default('2025'),
  /** What a second push of one maHoSoMCDT does. `rejected` is SOURCED TD by its sentence: prove it on the test endpoint. */
  twins: z.enum(['rejected', 'accepted']).default('rejected'),
  landsWithinMs: z.int().min(0).default(900_000),
  readLagMs: z.int().min(0).default(0),
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
  mostAnswerBytes: z.int().min(10_000).max(200_000_000).default(40_000_000),
  mostFileBytes: z.int().min(1_000).max(100_000_000).default(25_000_000),
  retryReads: z.int().min(0).max(5).default(1),
  limits: limits.default({ concurrent: 4, perSecond: 5, perDay: null }),
});
export type Config = z.output<typeof config>;
