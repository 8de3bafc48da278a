import type { CreateVerb, JsonObject } from '../../src/kit/index.ts';
import { type Endpoint, FORM } from './endpoint.ts';
import { askPortal, batchIn, savedIn } from './portal.ts';
import { periodOf } from './text.ts';

/** Fields the system states, the message carries beside the form, or only motlan knows; they are not part of the form itself. */
const BESIDE: ReadonlySet<string> = new Set([
  'maHoSoMCDT',
  'masobhxhuser',
  'kyKeKhai',
  'status',
  'trangThai',
  'soHoSo',
  'Tenthutuc',
  'Ngayhentra',
  'Ngayxulyxong',
  'Quatrinh',
  'MaDonVi',
]);

/**
 * 084: files a form, after 092 gave the next batch of its unit, procedure and period. No key of ours is taken and a twin
 * is a second filing: `unsafe`. What 092 meets is trouble of a read, since nothing was sent yet.
 */
export const create = (endpoint: Endpoint): CreateVerb => ({
  repeat: 'unsafe',
  landsWithinMs: endpoint.config.landsWithinMs,
  run: async ({ record }, call) => {
    const about = filingOf(endpoint, record);
    const dot = batchIn((await askPortal(endpoint, 'batch', about, call)).body);
    const toKhai = Object.fromEntries(Object.entries(record).filter(([name]) => !BESIDE.has(name)));
    const { body } = await askPortal(endpoint, 'submit', { ...about, dot, maToKhai: FORM[endpoint.kind], toKhai }, call);
    return { is: 'done', id: savedIn(body), version: null, sequence: null };
  },
});

/** Unit, procedure and period of a filing; the period is the record's own, else the month of filing (INFERENCE). */
function filingOf({ kind, config, clock }: Endpoint, record: JsonObject): JsonObject {
  const { masobhxhuser, kyKeKhai } = record;
  return {
    ...(masobhxhuser === undefined ? {} : { masobhxhuser }),
    maThuTuc: config.maThuTuc[kind],
    kyKeKhai: kyKeKhai ?? periodOf(clock.now()),
  };
}
