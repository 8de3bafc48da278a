import { checkSigned, type HearVerb, Trouble, type TroubleDetail } from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import { type Message, messageShape, touchOf } from './wire.ts';

/** A signed webhook with the whole dossier. Any of the forms may come in through any kind's door. */
export const hear = (config: Config): HearVerb => ({
  proof: 'hmac',
  run: async (request) => {
    const nonce = checkSigned(config.webhookKey, request, config.webhookWindowMs);
    const touch = touchOf(messageOf(request.body).document);
    return { touches: touch === null ? [] : [touch], nonce };
  },
});

/** Refused for good: sending the same message again would not mend it. */
function messageOf(body: Uint8Array): Message {
  const said = jsonOf(body);
  const read = messageShape.safeParse(said);
  if (read.success) return read.data;
  const paths = new Set(read.error.issues.map(({ path }) => path.map((part) => String(part).replace(/\W/gu, '?')).join('.')));
  throw unreadable('callback.shape', 'Thông báo không đúng cấu trúc đã công bố.', 'The message is not of the published shape.', [...paths]);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw unreadable('callback.not-json', 'Thông báo không phải là JSON hợp lệ.', 'The message is not valid JSON.');
  }
}

function unreadable(code: string, vi: string, en: string, paths: readonly string[] = []): Trouble {
  const issues: NonNullable<TroubleDetail['issues']> = paths.map((path) => ({
    ...{ path, code },
    vi: 'Thiếu, hoặc sai kiểu dữ liệu.',
    en: 'Missing, or of the wrong type.',
  }));
  return new Trouble({ kind: 'refused', scope: 'record', code, vi, en, issues });
}
