import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Store } from '../store/contract.ts';
import { accountOf } from './accounts.ts';
import { dossierFor, noteLook } from './dossiers.ts';
import type { HttpPorts } from './ports.ts';
import { notFound } from './problems.ts';
import { codeShape } from './shapes.ts';

/** Results and attachments, streamed chunk by chunk; each fetch leaves a trace. */
export const fileRoutes =
  (ports: HttpPorts): FastifyPluginAsyncZod =>
  async (app) => {
    const schema = { params: z.strictObject({ code: codeShape, hash: z.string().regex(/^[0-9a-f]{64}$/) }) };
    app.get('/dossiers/:code/files/:hash', { schema }, async (request, reply) => {
      const account = await accountOf(ports, request, 'personal');
      const { hash } = request.params;
      const { dossier } = await dossierFor(ports, account, request.params.code);
      const { code } = dossier.head;
      const file = await ports.store.read((tx) => tx.files.stat(code, hash));
      if (file === null) throw notFound('Không có tệp này trong hồ sơ.', 'The dossier has no such file.');
      await noteLook(ports, account, code, 'file');
      reply
        .header('content-length', file.sizeBytes)
        .header(
          'content-disposition',
          `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)}`,
        )
        .header('x-content-type-options', 'nosniff')
        .type(file.mime);
      return reply.send(Readable.from(chunksOf(ports.store, { code, hash, chunks: file.chunks })));
    });
  };

/** The file's bytes in order. Bytes that do not hash to the file's name break the stream off: the reader never takes them for whole. */
async function* chunksOf(
  store: Store,
  file: { readonly code: string; readonly hash: string; readonly chunks: number },
): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256');
  for (let index = 0; index < file.chunks; index += 1) {
    const chunk = await store.read((tx) => tx.files.chunk(file.code, file.hash, index));
    if (chunk === null) throw new Error('a chunk of a stored file is missing');
    digest.update(chunk);
    if (index === file.chunks - 1 && digest.digest('hex') !== file.hash) throw new Error('a stored file does not match its hash');
    yield chunk;
  }
}
