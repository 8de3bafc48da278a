import { z } from 'zod';
import { MODES } from '../model/words.ts';

/** The shape of the one configuration file. Durations in ms unless the name says else; sizes in bytes. */

const text = z.string().min(1);
const count = (least: number, most: number) => z.int().min(least).max(most);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const KEY_BYTES = 32;
/** 32 bytes as base64, or as 64 hexadecimal digits. */
const sealingKey = z.string().transform((given, context) => {
  const bytes = Buffer.from(given, /^[0-9a-f]{64}$/i.test(given) ? 'hex' : 'base64');
  if (bytes.length === KEY_BYTES) return new Uint8Array(bytes);
  context.addIssue({
    code: 'custom',
    params: {
      vi: 'khóa niêm phong phải dài 32 byte (base64 hoặc 64 chữ số hex)',
      en: 'a sealing key must be 32 bytes (base64 or 64 hex digits)',
    },
  });
  return z.NEVER;
});

const keys = z
  .strictObject({ current: count(1, 1_000_000), ring: z.record(z.string().regex(/^[1-9]\d{0,6}$/), sealingKey) })
  .superRefine((given, context) => {
    if (given.ring[String(given.current)] === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['current'],
        params: { vi: 'không có khóa nào mang số này trong ring', en: 'no key of this number stands in ring' },
      });
    }
  });

const webhook = z.strictObject({
  /** Shared with the sender; HMAC-SHA-256 over time, nonce and body. */
  secret: z.string().min(16),
  agencies: z.array(text).min(1).nullable().default(null),
});

const http = z.strictObject({
  host: text.default('127.0.0.1'),
  port: count(0, 65_535).default(8080),
  mostBodyBytes: count(1024, 32 * 1024 * 1024).default(1024 * 1024),
  requestTimeoutMs: count(SECOND, 10 * MINUTE).default(30 * SECOND),
  requestsPerMinute: count(1, 1_000_000).default(3000),
  /** How far a webhook's stated time may lie from ours. */
  webhookWindowMs: count(SECOND, DAY).default(5 * MINUTE),
  webhooks: z.record(text, webhook).default({}),
});

const modeRule = z.strictObject({ procedure: text.optional(), agency: text.optional(), mode: z.enum(MODES) });

const system = z.strictObject({
  adapter: text,
  role: z.enum(['one-stop', 'ministry']),
  config: z.record(z.string(), z.unknown()).default({}),
  /** The demo starts the adapter's simulator and adds its address to `config`; `serve` refuses it. */
  simulated: z.boolean().default(false),
  /** Folder whose record schemas and answers stand over those that ship. */
  overrides: text.nullable().default(null),
  pollMs: count(100, DAY).default(MINUTE),
  pollsBeforeAsking: count(1, 100_000).default(500),
  /** How long a record typed by hand may stay unseen, and an opened sheet without its number, before a person is asked. */
  visibleWithinMs: count(SECOND, 30 * DAY).default(30 * MINUTE),
  /** How long the system is left alone after it failed five times in a row; then one call tries it. */
  restMs: count(100, DAY).default(30 * SECOND),
  batch: count(1, 1000).default(50),
  concurrent: count(1, 256).default(4),
  /** Most creates and updates a day. */
  dailyCap: count(1, 10_000_000).nullable().default(null),
  sweepEveryMs: count(MINUTE, 30 * DAY).default(DAY),
  /** Dossiers received before this day are adopted, never sent. */
  cutOff: z.iso.date().nullable().default(null),
  /** First rule that fits wins; `mode` where none does. */
  mode: z.enum(MODES).default('auto'),
  modes: z.array(modeRule).max(1000).default([]),
});

const engine = z.strictObject({
  leaseMs: count(SECOND, 60 * MINUTE).default(2 * MINUTE),
  backOffFirstMs: count(10, 60 * MINUTE).default(2 * SECOND),
  backOffMostMs: count(SECOND, DAY).default(15 * MINUTE),
  freshMs: count(0, DAY).default(MINUTE),
  mostInwardChanges: count(1, 10_000).default(20),
  ringHits: count(1, 10_000).default(5),
  ringWindowMs: count(SECOND, DAY).default(10 * MINUTE),
});

const MEBIBYTE = 1024 * 1024;

export const configShape = z.strictObject({
  /** Where the embedded store and what belongs to it lie. */
  data: text.optional(),
  store: z.union([z.literal('embedded'), z.strictObject({ postgres: z.string().regex(/^postgres(ql)?:\/\//) })]).default('embedded'),
  keys: keys.optional(),
  http: http.prefault({}),
  /** `mappingsOverride`: the province's own files, each in the place of the one of the same path in `mappings`, or beside them. */
  folders: z
    .strictObject({ adapters: z.array(text).default([]), mappings: text.optional(), mappingsOverride: text.optional() })
    .prefault({}),
  /** The province's own working calendar, over `config/holidays.yaml`. */
  calendar: text.optional(),
  systems: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/), system).default({}),
  engine: engine.prefault({}),
  files: z.strictObject({ mostBytes: count(1024, 1024 * MEBIBYTE).default(25 * MEBIBYTE) }).prefault({}),
  anchor: z.strictObject({ everyHours: count(1, 720).default(24), file: text.optional() }).prefault({}),
  /** How long nonces of callbacks and webhooks are remembered. */
  inboxDays: count(1, 366).default(30),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
});

export type ConfigFile = z.output<typeof configShape>;
export type SystemConfig = ConfigFile['systems'][string];
