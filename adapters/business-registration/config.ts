import { z } from 'zod';
import { gatewayLogin, secretText } from '../../src/kit/index.ts';

/** One look-up: where it is, what its question is called, where in the answer the list lies (dotted; empty = the answer itself). */
const lookUp = (path: string, parameter: string, listAt: string) =>
  z
    .strictObject({
      path: z.string().startsWith('/').default(path),
      parameter: z.string().min(1).default(parameter),
      listAt: z.string().default(listAt),
    })
    .default({ path, parameter, listAt });

const operation = (name: string, parameter: string, listAt: string) =>
  z
    .strictObject({
      operation: z.string().min(1).default(name),
      parameter: z.string().min(1).default(parameter),
      listAt: z.string().min(1).default(listAt),
    })
    .default({ operation: name, parameter, listAt });

/** The same look-ups over SOAP. Path, operations and the list around the records are INFERENCE: no WSDL of the registry is known. */
const soap = z.strictObject({
  path: z.string().startsWith('/').default('/apiDKKD/TraCuuService'),
  /** A file of this folder, or of the overrides. */
  wsdl: z.string().min(1).default('wsdl/tra-cuu.wsdl'),
  version: z.enum(['1.1', '1.2']).default('1.1'),
  /** The WSDL's port, where it has more than one. */
  port: z.string().min(1).optional(),
  /** WS-Security UsernameToken; beside, not instead of, the gateway's log-in. */
  token: z
    .strictObject({ username: z.string().min(1), password: secretText, as: z.enum(['digest', 'text']).default('digest') })
    .nullable()
    .default(null),
  enterprise: operation('chiTietDoanhNghiep', 'msdn', 'DanhSach.GetEntCert'),
  household: operation('chiTietHoKinhDoanh', 'mst', 'DanhSach.HHCert'),
});

const limits = z.strictObject({
  concurrent: z.int().min(1).max(64).default(4),
  perSecond: z.number().positive().nullable().default(2),
  perDay: z.int().positive().nullable().default(null),
});

/** Everything that may differ from one gateway to the next. Times in milliseconds, sizes in bytes. */
export const config = z.strictObject({
  baseUrl: z.url(),
  /** `soap` wants `soap`; `enterprise` and `household` below are of `rest`. */
  transport: z.enum(['rest', 'soap']).default('rest'),
  soap: soap.prefault({}),
  /** SOURCED TD; the older national gateway has it under `/apiCSDLDKDN/1.0/chiTietDoanhNghiep`. That the list lies under its message's name: INFERENCE. */
  enterprise: lookUp('/apiDKKD/DoanhNghiep/chiTietDoanhNghiep', 'msdn', 'GetEntCert'),
  household: lookUp('/apiDKKD/HoKinhDoanh/chiTietHoKinhDoanh', 'mst', 'HHCert'),
  auth: gatewayLogin.default({ kind: 'none' }),
  /** What the registry records shows up in the look-up this much later. Not known; measure it. */
  readLagMs: z.int().min(0).default(0),
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
  mostAnswerBytes: z.int().min(10_000).max(100_000_000).default(5_000_000),
  retryReads: z.int().min(0).max(5).default(1),
  limits: limits.default({ concurrent: 4, perSecond: 2, perDay: null }),
});
export type Config = z.output<typeof config>;
