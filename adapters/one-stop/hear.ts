import { checkSigned, type HearVerb, type Json, shaped, Trouble } from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import { messageShape, touchOf } from './wire.ts';

/** A signed webhook with the whole dossier. Any of the forms may come in through any kind's door. */
export const hear = (config: Config): HearVerb => ({
  proof: 'hmac',
  run: async (request) => {
    const nonce = checkSigned(config.webhookKey, request, config.webhookWindowMs);
    const touch = touchOf(shaped(messageShape, jsonOf(request.body), 'hear').document);
    return { touches: touch === null ? [] : [touch], nonce };
  },
});

function jsonOf(body: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Json;
  } catch {
    throw new Trouble({
      kind: 'refused',
      scope: 'record',
      code: 'callback.not-json',
      vi: 'Thông báo không phải là JSON hợp lệ.',
      en: 'The message is not valid JSON.',
    });
  }
}
