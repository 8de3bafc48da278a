import type { FastifyInstance, FastifyRequest } from 'fastify';
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
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new Refusal(400, 'malformed-json', {
      vi: at === undefined ? 'Nội dung không phải JSON hợp lệ.' : `Nội dung không phải JSON hợp lệ (sai ở ký tự thứ ${at}).`,
      en: at === undefined ? 'The body is not valid JSON.' : `The body is not valid JSON (broken at character ${at}).`,
    });
  }
  if (/"(?:__proto__|[^"]*\\u00[57])/.test(text) && hasForbiddenKey(parsed)) {
    throw new Refusal(400, 'forbidden-key', { vi: 'Nội dung chứa tên mục bị cấm.', en: 'The body holds a forbidden key.' });
  }
  return parsed;
}

/** A key `__proto__` would change the object it stands in once it is copied. */
function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasForbiddenKey);
}
