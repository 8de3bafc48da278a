import { z } from 'zod';
import { gatewayLogin, secretText } from '../../src/kit/index.ts';

/** What a declaration is called. A form whose `maTKhai` nobody has named cannot be sent: its kind then has no `create`. */
const form = (given: { readonly maTKhai: string | null; readonly tenTKhai: string; readonly moTaBMau: string }) => {
  const shape = z.strictObject({
    maTKhai: z.string().min(1).max(10).nullable().default(given.maTKhai),
    tenTKhai: z.string().max(200).default(given.tenTKhai),
    moTaBMau: z.string().max(300).default(given.moTaBMau),
    pbanTKhaiXML: z.string().max(20).nullable().default(null),
    /** Kind of message; the sources name such codes for invoices alone. */
    MLTDiep: z.string().max(10).nullable().default(null),
  });
  return shape.prefault({});
};

/** 905 is SOURCED HTKK (a file of 2022); the codes of 03 and 20 were not found. */
const forms = z
  .strictObject({
    'first-tax-code': form({ maTKhai: '905', tenTKhai: 'Tờ khai đăng ký thuế', moTaBMau: '05-ĐK-TCT' }),
    'business-tax': form({ maTKhai: null, tenTKhai: 'Tờ khai đăng ký thuế', moTaBMau: '03-ĐK-TCT' }),
    dependant: form({ maTKhai: null, tenTKhai: 'Tờ khai đăng ký người phụ thuộc', moTaBMau: '20-ĐK-TH-TCT' }),
  })
  .prefault({});

const text = (most: number) => z.string().max(most).nullable().default(null);
const named = z.strictObject({ PBan: text(10), MNGui: text(30), MNNhan: text(30) }).prefault({});
const service = z.strictObject({ maDVu: text(30), tenDVu: text(100), pbanDVu: text(20), ttinNhaCCapDVu: text(200) }).prefault({});

const limits = z.strictObject({
  concurrent: z.int().min(1).max(64).default(4),
  perSecond: z.number().positive().nullable().default(2),
  perDay: z.int().positive().nullable().default(null),
});

/** Paths and shape are INFERENCE: no write interface of the tax office is public. */
const gateway = z.strictObject({
  submitPath: z.string().startsWith('/').default('/thue/1.0/nopToKhai'),
  lookupPath: z.string().startsWith('/').default('/thue/1.0/traCuuKetQua'),
  /** Most keys in one look-up. */
  mostKeys: z.int().min(1).max(200).default(10),
  /** The value of `xmlns`; the ministry's own is not ours to publish. */
  namespace: z.string().min(1).max(300),
  sender: named,
  service,
  forms,
  auth: gatewayLogin.default({ kind: 'none' }),
  /** What a second message under one MTDiep does. INFERENCE: prove it on the test endpoint. */
  twins: z.enum(['rejected', 'accepted']).default('rejected'),
  landsWithinMs: z.int().min(0).default(900_000),
  readLagMs: z.int().min(0).default(0),
});

/** Notices, receipts and requests about land dossiers, called in to motlan. */
const land = z.strictObject({
  /** Key of the signatures. */
  callbackKey: secretText,
  windowMs: z.int().min(1_000).max(3_600_000).default(300_000),
  /** The shared key some senders put into the body. SOURCED TD. Absent: what stands there is not looked at. */
  securityKey: secretText.nullable().default(null),
  mostMessageBytes: z.int().min(1_000).max(50_000_000).default(5_000_000),
});

/** Taxpayers by their code, through a provincial gateway. SOURCED (public code of one city's gateway); that it knows households: INFERENCE. */
const taxpayers = z.strictObject({
  path: z.string().startsWith('/').default('/TraCuuThongTinDoanhNghiep'),
  parameter: z.string().min(1).max(60).default('MaSoDoanhNghiep'),
  auth: gatewayLogin.default({ kind: 'none' }),
});

/** Times in milliseconds, sizes in bytes. */
export const config = z
  .strictObject({
    baseUrl: z.url().optional(),
    /** Absent: nothing is sent and nothing read back; the declarations are typed by hand. */
    gateway: gateway.nullable().default(null),
    /** Absent: nothing is heard of land dossiers. */
    land: land.nullable().default(null),
    /** Absent: no taxpayer is looked up, and dossiers have no such leg. */
    taxpayers: taxpayers.nullable().default(null),
    timeoutMs: z.int().min(100).max(600_000).default(60_000),
    mostAnswerBytes: z.int().min(10_000).max(100_000_000).default(10_000_000),
    retryReads: z.int().min(0).max(5).default(1),
    limits: limits.default({ concurrent: 4, perSecond: 2, perDay: null }),
  })
  .refine(({ baseUrl, gateway: sends, taxpayers: looks }) => (sends === null && looks === null) || baseUrl !== undefined, {
    path: ['baseUrl'],
    message: 'baseUrl',
  });
export type Config = z.output<typeof config>;
export type Gateway = NonNullable<Config['gateway']>;
export type Land = NonNullable<Config['land']>;
export type Taxpayers = NonNullable<Config['taxpayers']>;
