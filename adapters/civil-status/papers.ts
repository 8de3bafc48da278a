import { type Call, type FileMark, type GetFileVerb, Trouble } from '../../src/kit/index.ts';
import type { Endpoint } from './endpoint.ts';
import { poll, REGISTER_ID } from './poll.ts';
import { paperBytes } from './stated.ts';
import { elementsIn, type PollElement } from './wire.ts';

const CHUNK_BYTES = 64 * 1024;

/** The paper lies inside the answer of a poll: the dossier is polled again and its base64 given out in chunks. */
export const getFile = (endpoint: Endpoint): GetFileVerb => ({
  when: 'inside',
  mostBytes: endpoint.config.mostFileBytes,
  run: async ({ mark }, call) => {
    const [id = '', name = ''] = splitRemoteId(mark);
    const text = (await elementOf(endpoint, id, call))?.ketQuaXuLy?.[name];
    if (typeof text !== 'string' || text === '') throw gone();
    const bytes = paperBytes(text);
    if (bytes.byteLength > endpoint.config.mostFileBytes) throw tooLarge();
    return chunksOf(bytes, call);
  },
});

function splitRemoteId(mark: FileMark): readonly string[] {
  const at = (mark.remoteId ?? '').lastIndexOf('#');
  return at < 0 ? [] : [mark.remoteId?.slice(0, at) ?? '', mark.remoteId?.slice(at + 1) ?? ''];
}

async function elementOf(endpoint: Endpoint, id: string, call: Call): Promise<PollElement | null> {
  const register = endpoint.config.searchPath === null ? null : REGISTER_ID.exec(id);
  if (register === null) {
    const elements = await poll(endpoint, [id], call);
    return elements === 'not-there' ? null : (elements.find((element) => element.maHoSoMCDT === id) ?? null);
  }
  const { http, config, kind } = endpoint;
  const [, noiDangKy = '', quyenSo = '', soDangKy = ''] = register;
  const json = { maTinh: config.maTinh, module: kind.module, noiDangKy, quyenSo, soDangKy };
  const asked = { operation: 'search', effect: 'read', method: 'POST', path: config.searchPath ?? '' } as const;
  const answer = await http.ask({ ...asked, json, signal: call.signal });
  return elementsIn(answer.body, 'search')[0] ?? null;
}

async function* chunksOf(bytes: Uint8Array, call: Call): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += CHUNK_BYTES) {
    call.signal.throwIfAborted();
    yield bytes.subarray(from, from + CHUNK_BYTES);
  }
}

const gone = (): Trouble =>
  new Trouble({
    kind: 'stale',
    scope: 'record',
    code: 'paper.gone',
    vi: 'Phần mềm hộ tịch không còn nêu tệp kết quả này.',
    en: 'The civil-status system no longer states this result paper.',
  });

const tooLarge = (): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'paper.too-large',
    vi: 'Tệp kết quả lớn quá mức cho phép.',
    en: 'The result paper is larger than allowed.',
  });
