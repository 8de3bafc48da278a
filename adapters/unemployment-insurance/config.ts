import { z } from 'zod';
import { placeSetting, wholeSetting } from '../../src/kit/index.ts';

const folder = z.string().min(1).max(200);

const files = z.strictObject({
  place: placeSetting,
  /** null: claims are typed by hand, only decisions come as files. */
  out: folder.nullable().default('ra'),
  sent: folder.default('da-gui'),
  in: folder.default('vao'),
  archive: folder.default('luu'),
  format: z.enum(['csv', 'xlsx']).default('xlsx'),
  whole: wholeSetting.default({ by: 'rename' }),
  landsWithinMs: z.int().min(1).default(60_000),
  rowsACall: z.int().min(1).max(10_000).default(200),
  mostBytes: z.int().min(1_000).max(200_000_000).default(20_000_000),
  mostRows: z.int().min(1).max(1_000_000).default(20_000),
});

const period = z.strictObject({
  /** First and last day of receipt to which it applies (+07:00). */
  from: z.iso.date(),
  until: z.iso.date().nullable(),
  law: z.string().min(1),
  /** A claim received later than so many months after the end of work must give its reason. */
  fileWithinMonths: z.int().min(1).max(60),
});

/** 3 months: SOURCED DX for the old law. The text of the new one was not read: the number is carried over until it is. */
const PERIODS: readonly z.output<typeof period>[] = [
  { from: '2015-01-01', until: '2025-12-31', law: 'Luật Việc làm 38/2013/QH13', fileWithinMonths: 3 },
  { from: '2026-01-01', until: null, law: 'Luật Việc làm 74/2025/QH15 (chưa đọc điều khoản)', fileWithinMonths: 3 },
];

/** Times in milliseconds, sizes in bytes. */
export const config = z.strictObject({
  /** The page of the centre's software that officials open, for the sheet and the probe. null: no page is known. */
  baseUrl: z.url().nullable().default(null),
  timeoutMs: z.int().min(100).max(600_000).default(20_000),
  /** null: everything is typed by hand. */
  files: files.nullable().default(null),
  periods: z
    .array(period)
    .min(1)
    .default([...PERIODS]),
});
export type Config = z.output<typeof config>;
export type Period = z.output<typeof period>;
