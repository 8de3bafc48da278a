import { z } from 'zod';
import { type ActVerb, type Call, type CreateVerb, type Receipt, type Repeat, shaped, Trouble } from '../../src/kit/index.ts';
import { type Letter, letterText } from './document.ts';
import type { Endpoint } from './wire.ts';

const repeatOf = ({ gateway }: Endpoint): Repeat => (gateway.twins === 'rejected' ? 'rejects-twin' : 'unsafe');

/** A declaration under our key as its message code. The gateway gives no id of its own: the record is known by our key. */
export const create = (endpoint: Endpoint): CreateVerb => ({
  repeat: repeatOf(endpoint),
  landsWithinMs: endpoint.gateway.landsWithinMs,
  run: ({ key, record }, call) => send(endpoint, key, { messageId: key, refersTo: null, record }, call),
});

/** What the office asked for: another message, of the kind B, that refers to the first one. INFERENCE. */
export const supplement = (endpoint: Endpoint): ActVerb => ({
  phases: ['supplement'],
  leadsTo: 'assigned',
  repeat: repeatOf(endpoint),
  landsWithinMs: endpoint.gateway.landsWithinMs,
  run: ({ key, actKey, record }, call) => send(endpoint, key, { messageId: actKey, refersTo: key, record }, call),
});

const answered = z.object({ TDiep: z.looseObject({ TTChung: z.looseObject({ MTDTChieu: z.string().nullish() }) }) });

async function send(endpoint: Endpoint, key: string, letter: Letter, call: Call): Promise<Receipt> {
  const { http, gateway } = endpoint;
  const answer = await http.ask({
    operation: 'submit',
    effect: 'write',
    method: 'POST',
    path: gateway.submitPath,
    xml: letterText(endpoint, letter),
    answer: 'xml',
    signal: call.signal,
  });
  const { TTChung } = shaped(answered, answer.body, 'submit', 'write').TDiep;
  if (TTChung.MTDTChieu !== letter.messageId) throw another();
  return answer.is === 'already' ? { is: 'already', id: key } : { is: 'done', id: key, version: null, sequence: null };
}

const another = (): Trouble =>
  new Trouble({
    kind: 'unsure',
    scope: 'record',
    code: 'submit.other-message',
    vi: 'Trục trả lời về một thông điệp khác; chưa rõ tờ khai đã được nhận hay chưa.',
    en: 'The gateway answered another message; whether the declaration was taken is not known.',
  });
