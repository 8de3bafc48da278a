import { createHash } from 'node:crypto';
import { type FileSource, Trouble } from '../kit/index.ts';
import type { FileMark } from '../model/dossier.ts';
import type { Json } from '../model/json.ts';
import type { Attempt } from '../store/contract.ts';
import type { Case, Context } from './context.ts';

const CHUNK_BYTES = 256 * 1024;

const isMark = (value: Json | undefined): value is Json & FileMark =>
  typeof value === 'object' && value !== null && 'sizeBytes' in value && 'mime' in value;

/** The files an attempt carries, streamed from the store by hash; a mark without bytes here is passed on as a mark only. */
export async function fileSources(context: Context, given: Case, attempt: Attempt): Promise<readonly FileSource[]> {
  const marks = [...attempt.sent.lines]
    .filter(([line, value]) => value.is === 'value' && given.mapping.rule(line).isFile && isMark(value.value))
    .map(([, value]) => (value.is === 'value' ? (value.value as Json & FileMark) : null));
  const sources: FileSource[] = [];
  for (const mark of marks) {
    if (mark === null || mark.hash === null) continue;
    const { hash } = mark;
    const stored = await context.store.read((tx) => tx.files.stat(given.link.code, hash));
    if (stored !== null) sources.push({ mark, open: () => chunksOf(context, given.link.code, hash, stored.chunks) });
  }
  return sources;
}

async function* chunksOf(context: Context, code: string, hash: string, chunks: number): AsyncIterable<Uint8Array> {
  for (let index = 0; index < chunks; index += 1) {
    const bytes = await context.store.read((tx) => tx.files.chunk(code, hash, index));
    if (bytes === null) throw new Error('a stored file lacks a chunk');
    yield bytes;
  }
}

/**
 * Brings a file a record points at into the sealed store, content-addressed; gives the mark with its hash. Bytes are
 * counted while they stream; a stated hash that differs is trouble `unknown`: nothing wrong is ever marked complete.
 */
export async function fetchFile(context: Context, given: Case, externalId: string, mark: FileMark): Promise<FileMark> {
  const { getFile } = given.kind;
  const { code } = given.link;
  if (getFile === undefined) return mark;
  const known = mark.hash === null ? null : await context.store.read((tx) => tx.files.stat(code, mark.hash ?? ''));
  if (known !== null) return mark;
  const most = Math.min(getFile.mostBytes, context.limits.mostFileBytes);
  const bytes = await download(await getFile.run({ id: externalId, mark }, { signal: new AbortController().signal }), most);
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (mark.hash !== null && mark.hash !== hash)
    throw fileTrouble('files.hash', 'Tệp kết quả không khớp mã kiểm tra.', 'The file does not match its stated hash.');
  const chunks = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
  await context.store.write(async (tx) => {
    for (let index = 0; index < chunks; index += 1) {
      await tx.files.putChunk(code, hash, index, bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES));
    }
    await tx.files.complete(code, { hash, name: mark.name, mime: mark.mime, sizeBytes: bytes.length, chunks });
  });
  return { ...mark, hash, sizeBytes: bytes.length };
}

async function download(stream: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > most) throw fileTrouble('files.size', 'Tệp kết quả vượt quá dung lượng cho phép.', 'The file is larger than allowed.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const fileTrouble = (code: string, vi: string, en: string): Trouble => new Trouble({ kind: 'unknown', scope: 'record', code, vi, en });

export { isMark };
