import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readJsonText } from '../intake/json-text.ts';
import { Refusal } from './problems.ts';

/** Bodies come in as bytes, so that signatures can be checked over exactly what was sent; then they become JSON or a refusal. */

const bytesOf = new WeakMap<FastifyRequest, Uint8Array>();

/** The exact bytes of the request's body; empty when there was none. */
export const rawBody = (request: FastifyRequest): Uint8Array => bytesOf.get(request) ?? new Uint8Array();

export function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    bytesOf.set(request, body);
    return body.length === 0 ? undefined : parseJson(body);
  });
}

/** Takes any body as bytes: callbacks speak whatever their system speaks. */
export function takeBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    bytesOf.set(request, body);
    return undefined;
  });
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Strict UTF-8, then JSON; throws Refusal. The sentence names a place, never the text around it. */
export function parseJson(body: Uint8Array): unknown {
  let text: string;
  try {
    text = strictUtf8.decode(body);
  } catch {
    throw new Refusal(400, 'broken-utf8', { vi: 'Nội dung không phải UTF-8 hợp lệ.', en: 'The body is not valid UTF-8.' });
  }
  const read = readJsonText(text);
  switch (read.is) {
    case 'json':
      return read.value;
    case 'malformed':
      throw new Refusal(400, 'malformed-json', {
        vi: `Nội dung không phải JSON hợp lệ (sai ở ký tự thứ ${read.at}).`,
        en: `The body is not valid JSON (broken at character ${read.at}).`,
      });
    case 'repeated-name':
      throw wrongName(read.path, 'repeated-name', 'Tên mục xuất hiện hai lần.', 'A name stands twice in one object.');
    case 'forbidden-name':
      throw wrongName(read.path, 'forbidden-key', 'Nội dung chứa tên mục bị cấm.', 'The body holds a forbidden key.');
  }
}

const wrongName = (path: string, code: string, vi: string, en: string): Refusal =>
  new Refusal(400, code, { vi, en }, [{ path, code, vi, en }]);
