import type { HttpClient, JsonObject } from '../../src/kit/index.ts';
import type { Config } from './config.ts';

export const KIND = 'registration';

/** What every verb works with. */
export interface Endpoint {
  readonly schema: JsonObject;
  readonly config: Config;
  readonly http: HttpClient;
  /** Serves the results; the same system, perhaps at another address. */
  readonly files: HttpClient;
}

/** What the land system calls in. SOURCED TD. Their fields are in the record's schema, under the message's name. */
export const MESSAGES = [
  'LuanChuyenHoSo',
  'ChoBoSung',
  'DaBoSung',
  'KetThuc',
  'DongBoKetQuaThue',
  'ThueChuyenTraHoSoDoSai',
  'NhapSaiThuTuc',
  'YeuCauCapNhatHoSo',
  'CungCapSoBienNhan',
] as const;
export type MessageName = (typeof MESSAGES)[number];

/** The state that a message stands for; an end is told apart by its own code. */
export const stateOf = (name: MessageName, said: JsonObject): string =>
  name === 'KetThuc' ? `KetThuc/${String(said.TrangThaiKetThuc ?? '')}` : name;

const ZONE_MS = 7 * 3_600_000;

/** `dd/MM/yyyy HH:mm:ss`, Vietnamese time. INFERENCE. */
export function writeStamp(at: number): string {
  const [day = '', time = ''] = new Date(at + ZONE_MS).toISOString().slice(0, 19).split('T');
  return `${day.split('-').reverse().join('/')} ${time}`;
}
