import { z } from 'zod';
import { type Call, type HttpAnswer, type Json, type JsonObject, shaped } from '../../src/kit/index.ts';
import type { Endpoint } from './endpoint.ts';
import { plainText } from './text.ts';

/** The portal: one path, the operation is a code in the message. Codes SOURCED BHXH-PROXY; the inside of `data` INFERENCE. */
export const CODES = { procedures: '028', submit: '084', history: '085', detail: '090', batch: '092', trace: '019' } as const;
type Operation = keyof typeof CODES;

/** Sends one message in the name of the configured user; `data` may name another unit. */
export function askPortal(endpoint: Endpoint, operation: Operation, data: JsonObject, call: Call): Promise<HttpAnswer> {
  const { config, portal } = endpoint;
  const { masobhxhuser, macoquanuser, loaidoituonguser } = config;
  return portal.ask({
    operation,
    effect: operation === 'submit' ? 'write' : 'read',
    method: 'POST',
    path: config.portalPath,
    json: { code: CODES[operation], data: { masobhxhuser, macoquanuser, loaidoituonguser, ...data } },
    signal: call.signal,
  });
}

/** Number in one message, text in the next, a float in the third. */
const number = z.union([z.string(), z.number()]).transform(plainText);

const historyRow = z.looseObject({ id: number });
const history = z.looseObject({ DSThuTuc: z.array(z.unknown()).nullable(), TotalRecords: number });
const detail = z.looseObject({
  id: number,
  status: number,
  soHoSo: z.string().nullish(),
  kyKeKhai: number.nullish(),
  toKhai: z.record(z.string(), z.json()),
});
export type Detail = z.output<typeof detail>;
const step = z.looseObject({
  Buoc: number.nullish(),
  Tenphongban: z.string().nullish(),
  Canboxuly: z.string().nullish(),
  Tinhtrang: z.string().nullish(),
  Lichsuquitrinhxulys: z.array(z.looseObject({ Hanhdong: z.string().nullish(), Thoigianxuly: z.string().nullish() })).nullish(),
});
const trace = z.looseObject({
  info: z.looseObject({
    Tthoso: z.looseObject({
      Sohoso: z.string(),
      Tenthutuc: z.string().nullish(),
      Ngayhentra: z.string().nullish(),
      Ngayxulyxong: z.string().nullish(),
    }),
  }),
  Quatrinh: z.array(step).nullish(),
});
export type Trace = z.output<typeof trace>;

/** The saved file's own id. Saved is not accepted. */
export const savedIn = (body: Json): string => shaped(z.looseObject({ thuTucId: number }), body, 'submit', 'write').thuTucId;
export const batchIn = (body: Json): string => shaped(z.looseObject({ dot: number }), body, 'batch').dot;
/** null: the portal answered and left this one out. */
export const detailIn = (body: Json): Detail | null => shaped(z.looseObject({ data: detail.nullish() }), body, 'detail').data ?? null;
export const traceIn = (body: Json): Trace => shaped(trace, body, 'trace');

/** Ids of one page and how many rows there are over all pages. A row without an id cannot be spoken of again. */
export function pageIn(body: Json): { readonly ids: readonly string[]; readonly rows: number; readonly total: number } {
  const { DSThuTuc, TotalRecords } = shaped(history, body, 'history');
  const rows = DSThuTuc ?? [];
  const ids = rows.flatMap((row) => {
    const read = historyRow.safeParse(row);
    return read.success ? [read.data.id] : [];
  });
  return { ids, rows: rows.length, total: Number(TotalRecords) };
}
