import {
  type Call,
  type FileMark,
  type FileSource,
  type GetFileVerb,
  type PutFileVerb,
  path,
  shaped,
  Trouble,
} from '../../src/kit/index.ts';
import { type Endpoint, markShape } from './wire.ts';

/** `POST /dossiers/{code}/files`: streamed; the same bytes again are the same file. Comes before the record that names it. */
export const putFile = (endpoint: Endpoint): PutFileVerb => ({
  when: 'before',
  mostBytes: endpoint.config.mostFileBytes,
  run: ({ id, file }, call) => keepFile(endpoint, id, file, call),
});

export async function keepFile(endpoint: Endpoint, code: string, file: FileSource, call: Call): Promise<FileMark> {
  const { name, kind, hash, sizeBytes } = file.mark;
  if (sizeBytes > endpoint.config.mostFileBytes) throw tooLarge();
  const answer = await endpoint.http.upload({
    operation: 'put-file',
    effect: 'write',
    method: 'POST',
    path: path`/dossiers/${code}/files`,
    headers: {
      'x-file-name': encodeURIComponent(name),
      ...(kind === null ? {} : { 'x-file-kind': encodeURIComponent(kind) }),
      ...(hash === null ? {} : { 'x-content-sha256': hash }),
    },
    file,
    signal: call.signal,
  });
  return shaped(markShape, answer.body, 'put-file', 'write');
}

/** `GET /dossiers/{code}/files/{remoteId}`: the bytes, streamed. */
export const getFile = (endpoint: Endpoint): GetFileVerb => ({
  when: 'after',
  mostBytes: endpoint.config.mostFileBytes,
  run: ({ id, mark }, call) => {
    if (mark.remoteId === null) throw nameless();
    return endpoint.http.download({
      operation: 'get-file',
      effect: 'read',
      method: 'GET',
      path: path`/dossiers/${id}/files/${mark.remoteId}`,
      mostBytes: endpoint.config.mostFileBytes,
      signal: call.signal,
    });
  },
});

const tooLarge = (): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'file.too-large',
    vi: 'Tệp vượt quá kích thước hệ thống một cửa nhận.',
    en: 'The file is larger than the one-stop takes.',
  });

const nameless = (): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'file.no-id',
    vi: 'Tệp không có mã ở hệ thống một cửa nên không tải được.',
    en: 'The file has no id at the one-stop and cannot be fetched.',
  });
