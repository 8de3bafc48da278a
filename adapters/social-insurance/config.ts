import { z } from 'zod';
import { placeSetting, secretText, wholeSetting } from '../../src/kit/index.ts';

const path = z.string().startsWith('/');
const limits = z.strictObject({
  concurrent: z.int().min(1).max(64).default(4),
  perSecond: z.number().positive().nullable().default(5),
  perDay: z.int().positive().nullable().default(null),
});

/** How the portal knows who is calling is not known: a log-in that gives a bearer token is INFERENCE. */
const login = z.strictObject({
  path,
  userName: z.string().min(1),
  password: secretText,
  tokenField: z.string().min(1).default('access_token'),
  livesMs: z.int().min(60_000).default(1_800_000),
});

/** The card gateway (SOURCED BHYT-GW); its headers for the token are INFERENCE. */
const card = z.strictObject({
  /** Absent: the host of the portal. */
  baseUrl: z.url().optional(),
  tokenPath: path.default('/api/token/take'),
  /** `/api/egw/KQNhanLichSuKCB2024` since CV 1923/2024. */
  lookUpPath: path.default('/api/egw/NhanLichSuKCB2018'),
  username: z.string().min(1),
  password: secretText,
  /** The official in whose name cards are looked up. */
  hoTenCb: z.string().min(1),
  cccdCb: z.string().min(1),
  tokenLivesMs: z.int().min(60_000).default(900_000),
  limits: limits.default({ concurrent: 2, perSecond: 2, perDay: null }),
});

const folder = z.string().min(1).max(200);

const files = z.strictObject({
  place: placeSetting,
  out: folder.default('ra'),
  sent: folder.default('da-gui'),
  in: folder.default('vao'),
  archive: folder.default('luu'),
  whole: wholeSetting.default({ by: 'rename' }),
  landsWithinMs: z.int().min(1).default(900_000),
  rowsACall: z.int().min(1).max(10_000).default(200),
  mostBytes: z.int().min(1_000).max(200_000_000).default(20_000_000),
  mostRows: z.int().min(1).max(1_000_000).default(20_000),
});

/** Everything that may differ from one endpoint to the next. Times in milliseconds, sizes in bytes. */
const settings = z.strictObject({
  baseUrl: z.url(),
  /** `xml`, `xlsx`: both forms go as files of that kind, results are taken as either, the portal is never called; cards are looked up all the same. */
  transport: z.enum(['portal', 'xml', 'xlsx']).default('portal'),
  /** Wanted by `xml` and `xlsx`. */
  files: files.nullable().default(null),
  portalPath: path.default('/CallApiWithCurrentUser'),
  login: login.nullable().default(null),
  /** Unit code of who files; a D02-TS carries its employer's own. */
  masobhxhuser: z.string().min(1).max(20),
  macoquanuser: z.string().min(1).max(20),
  loaidoituonguser: z.string().min(1).max(20),
  /** 600 and 604 are SOURCED; that a card under 6 goes by 604, and a new unit by 600, is INFERENCE. */
  maThuTuc: z
    .strictObject({
      'child-card': z.string().default('604'),
      'labour-change': z.string().default('600'),
      'enterprise-unit': z.string().default('600'),
      'household-unit': z.string().default('600'),
    })
    .prefault({}),
  /** Absent: no card is looked up, and a processed file counts as issued. */
  card: card.nullable().default(null),
  pageSize: z.int().min(1).max(500).default(50),
  firstPage: z.int().min(0).max(1).default(1),
  /** Most filings of one period looked through for one that was lost or typed by hand. */
  mostFilings: z.int().min(1).max(10_000).default(200),
  landsWithinMs: z.int().min(1).default(900_000),
  readLagMs: z.int().min(0).default(0),
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
  mostAnswerBytes: z.int().min(10_000).max(200_000_000).default(10_000_000),
  retryReads: z.int().min(0).max(5).default(1),
  limits: limits.default({ concurrent: 4, perSecond: 5, perDay: null }),
});
export const config = settings.refine(({ transport, files }) => transport === 'portal' || files !== null, {
  path: ['files'],
  message: 'is wanted where forms travel as files',
});
export type Config = z.output<typeof config>;
