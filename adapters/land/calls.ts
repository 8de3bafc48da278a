import { type ActVerb, type Call, type CreateVerb, type GetFileVerb, type JsonObject, Trouble } from '../../src/kit/index.ts';
import { type Endpoint, writeStamp } from './wire.ts';

/** `TiepNhanHoSo`. The system states no id of its own: a dossier is known there by our key, SoBienNhan. */
export const create = ({ http, config }: Endpoint): CreateVerb => ({
  repeat: config.twins === 'rejected' ? 'rejects-twin' : 'unsafe',
  landsWithinMs: config.landsWithinMs,
  run: async ({ key, record }, { signal }) => {
    const json = { ...record, SoBienNhan: key };
    const answer = await http.ask({ operation: 'receive', effect: 'write', method: 'POST', path: config.receivePath, json, signal });
    return answer.is === 'already' ? { is: 'already', id: key } : { is: 'done', id: key, version: null, sequence: null };
  },
});

/** `CapNhatTrangThaiBoSung`: what was missing has come in. A new promised day is told where there is one. */
export const supplement = (endpoint: Endpoint): ActVerb => ({
  phases: ['supplement'],
  leadsTo: 'assigned',
  ...told(endpoint),
  run: ({ id, record }, call) =>
    tell(
      endpoint,
      'supplement',
      { SoBienNhan: id, ...(record.NgayHenTra === undefined ? {} : { NgayHenTraMoi: record.NgayHenTra }) },
      call,
    ),
});

/** `CapNhatKetQuaTraHoSo`: the citizen has the result. */
export const handOver = (endpoint: Endpoint): ActVerb => ({
  phases: ['issued'],
  leadsTo: 'handed-over',
  ...told(endpoint),
  run: ({ id, record }, call) => tell(endpoint, 'hand-over', { SoBienNhan: id, ...returned(record.at) }, call),
});

/** Without a moment there is no NgayTra: none is made up. */
function returned(at: unknown): JsonObject {
  const moment = Date.parse(String(at));
  return Number.isFinite(moment) ? { NgayTra: writeStamp(moment) } : {};
}

/** Neither message carries a key: the second of a pair cannot be known, so it is never sent blindly. */
const told = ({ config }: Endpoint) => ({ repeat: 'unsafe' as const, landsWithinMs: config.landsWithinMs });

async function tell({ http, config }: Endpoint, operation: 'supplement' | 'hand-over', json: JsonObject, { signal }: Call) {
  const path = operation === 'supplement' ? config.supplementPath : config.handOverPath;
  await http.ask({ operation, effect: 'write', method: 'POST', path, json, signal });
  return { is: 'done', id: String(json.SoBienNhan), version: null, sequence: null } as const;
}

/** The result lies at an address of the land system: nothing is fetched from anywhere else, nor with another's log-in. */
export const getFile = ({ files, config }: Endpoint): GetFileVerb => ({
  when: 'after',
  mostBytes: config.mostFileBytes,
  run: async ({ mark }, { signal }) => {
    const place = placeOf(mark.remoteId ?? '', config.filesBelow ?? config.baseUrl);
    if (place === null) throw elsewhere();
    const mostBytes = config.mostFileBytes;
    return files.download({ operation: 'file', effect: 'read', method: 'GET', ...place, mostBytes, signal });
  },
});

/** Path and query below `base`; null for an address of another place, or none at all. */
export function placeOf(address: string, base: string): { readonly path: string; readonly query: Readonly<Record<string, string>> } | null {
  if (!URL.canParse(address)) return null;
  const [url, root] = [new URL(address), new URL(base)];
  const folder = root.pathname.replace(/\/*$/u, '/');
  const isBelow = url.origin === root.origin && url.pathname.startsWith(folder) && url.username === '' && url.password === '';
  return isBelow ? { path: url.pathname.slice(folder.length - 1), query: Object.fromEntries(url.searchParams) } : null;
}

const elsewhere = (): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'file.elsewhere',
    vi: 'Tệp kết quả nằm ở một địa chỉ không thuộc phần mềm đất đai.',
    en: 'The result lies at an address that is not the land system.',
  });
