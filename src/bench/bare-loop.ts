import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject } from '../model/json.ts';
import { atMost, type Caller } from './wire.ts';

/**
 * What the product is measured against: a loop that makes the very same calls to the very same systems and nothing else.
 * It takes its dossiers from memory, knows no state, and makes one commit a batch: everything said and answered, on disk.
 */
export interface Carried {
  readonly code: string;
  /** The record as it is pushed. */
  readonly record: JsonObject;
}

export interface BareLoop {
  readonly caller: Caller;
  readonly oneStop: { readonly baseUrl: string; readonly token: string };
  readonly ministry: { readonly baseUrl: string };
  readonly folder: string;
  readonly batch: number;
  readonly concurrent: number;
}

type Call = (loop: BareLoop, dossiers: readonly Carried[]) => Promise<Json>;

const MINISTRY = '/apiLienThongKSKT/1.0';
const ask =
  (path: string, body: (dossiers: readonly Carried[]) => JsonObject): Call =>
  (loop, dossiers) =>
    loop.caller.call('POST', `${loop.ministry.baseUrl}${path}`, { body: body(dossiers) });
const first = (dossiers: readonly Carried[]): Carried => {
  const [one] = dossiers;
  if (one === undefined) throw new RangeError('a call about no dossier');
  return one;
};
const bearer = ({ oneStop }: BareLoop): Readonly<Record<string, string>> => ({ authorization: `Bearer ${oneStop.token}` });

/** Every call the product makes for a birth until it rests, in the order of the journey, by the name the simulators count it under. */
const CALLS: Readonly<Record<string, Call>> = {
  [`POST ${MINISTRY}/timHoSo`]: ask(`${MINISTRY}/timHoSo`, (dossiers) => {
    const { nksHoTen, nksNgaySinh, noiDangKy } = first(dossiers).record;
    return { maTinh: '96', module: 'LTKS', nksHoTen, nksNgaySinh, noiDangKy };
  }),
  [`POST ${MINISTRY}/nhanHoSoDKHT`]: ask(`${MINISTRY}/nhanHoSoDKHT`, (dossiers) => {
    const { code, record } = first(dossiers);
    const { maDonVi, maHoSoLT, ngayTiepNhan, ...data } = record;
    return { maDonVi, maHoSoLT, ngayTiepNhan, module: 'LTKS', maHoSoMCDT: code, data: JSON.stringify(data), fileDinhKem: [] };
  }),
  [`POST ${MINISTRY}/layKetQua`]: ask(`${MINISTRY}/layKetQua`, (dossiers) => ({
    maDinhDanhHoSo: dossiers.slice(0, 3).map(({ code }) => code),
    maTinh: '96',
    module: 'LTKS',
  })),
  'POST /api/lienthongdvclt/capNhatTrangThai': ask('/api/lienthongdvclt/capNhatTrangThai', (dossiers) => ({
    maHoSo: first(dossiers).code,
    coQuanXuLy: 5,
    trangThai: 1,
    nguoiXuLy: 'motlan',
  })),
  'GET /dossiers': (loop, dossiers) => {
    const codes = dossiers.map(({ code }) => code).join(',');
    return loop.caller.call('GET', `${loop.oneStop.baseUrl}/dossiers?codes=${codes}`, { headers: bearer(loop) });
  },
  'POST /dossiers/:code/progress': (loop, dossiers) => {
    const { code } = first(dossiers);
    return loop.caller.call('POST', `${loop.oneStop.baseUrl}/dossiers/${code}/progress`, {
      headers: { ...bearer(loop), 'idempotency-key': `${code}/step` },
      body: { key: `${code}/step`, status: 4, actor: 'motlan' },
    });
  },
};

/** Carries all dossiers with exactly these calls; throws on a call that it does not know how to make. */
export async function runBareLoop(loop: BareLoop, dossiers: readonly Carried[], calls: Readonly<Record<string, number>>): Promise<void> {
  const unknown = Object.keys(calls).filter((name) => CALLS[name] === undefined);
  if (unknown.length > 0) throw new RangeError(`the bare loop does not know: ${unknown.join(', ')}`);
  const batches = Math.ceil(dossiers.length / loop.batch);
  const log = await open(join(loop.folder, 'bare.log'), 'a');
  try {
    for (let batch = 0; batch < batches; batch += 1) {
      const some = dossiers.slice(batch * loop.batch, (batch + 1) * loop.batch);
      const answers: Json[] = [];
      for (const [name, call] of Object.entries(CALLS)) {
        const share = part(calls[name] ?? 0, batch, batches);
        const groups = Array.from({ length: share }, (_, i) => groupOf(some, i, share));
        await atMost(loop.concurrent, groups, async (group) => void answers.push(await call(loop, group)));
      }
      await log.write(`${JSON.stringify({ sent: some.map(({ record }) => record), answers })}\n`);
      await log.datasync();
    }
  } finally {
    await log.close();
  }
}

/** The share of `count` that falls to one batch; the shares of all add up to it. */
const part = (count: number, batch: number, batches: number): number =>
  Math.floor(((batch + 1) * count) / batches) - Math.floor((batch * count) / batches);

/** The dossiers one of `count` calls speaks of: all of them get their turn, and no call speaks of none. */
function groupOf(some: readonly Carried[], call: number, count: number): readonly Carried[] {
  const from = Math.floor((call * some.length) / count);
  return some.slice(from, Math.max(from + 1, Math.floor(((call + 1) * some.length) / count)));
}
