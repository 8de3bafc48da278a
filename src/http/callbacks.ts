import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isTrouble } from '../kit/trouble.ts';
import { heard } from './accounts.ts';
import { takeBytes } from './body.ts';
import type { HttpPorts } from './ports.ts';
import { notFound, Refusal } from './problems.ts';
import { codeShape } from './shapes.ts';

/** What systems call back with. The proof is the adapter's to check; what was heard is durable before it is answered. */
export const callbackRoutes =
  (ports: HttpPorts): FastifyPluginAsyncZod =>
  async (app) => {
    takeBytes(app);
    const schema = {
      params: z.strictObject({ system: codeShape }),
      querystring: z.looseObject({ kind: codeShape.optional() }),
      response: { 200: z.object({ touches: z.int(), replayed: z.boolean() }) },
    };
    app.post('/callbacks/:system', { schema }, async (request) => {
      const { system } = request.params;
      const answer = await ports.engine
        .hear(system, kindOf(ports, system, request.query.kind), heard(ports, request))
        .catch((error: unknown) => Promise.reject(understood(error)));
      if (answer.unknown > 0) throw unknownRecord();
      return { touches: answer.touches, replayed: answer.replayed };
    });
  };

/** A proved message nobody can read is the sender's to mend: the same again would fare no better. */
function understood(error: unknown): unknown {
  if (!isTrouble(error) || error.detail.kind !== 'unknown' || error.detail.scope !== 'record') return error;
  return new Refusal(422, error.detail.code, {
    vi: 'Thông báo không đúng cấu trúc đã biết.',
    en: 'The message is not of the known shape.',
  });
}

/** Other statements of the message were taken; taking them once more does no harm. */
const unknownRecord = (): Refusal =>
  new Refusal(409, 'record-unknown', {
    vi: 'Chưa có hồ sơ nào ứng với bản ghi này; đề nghị gửi lại thông báo sau.',
    en: 'No dossier belongs to this record yet; please send the message again later.',
  });

function kindOf(ports: HttpPorts, system: string, asked: string | undefined): string {
  const kinds = Object.values(ports.spokes.get(system)?.kinds ?? {}).filter((kind) => kind.hear !== undefined);
  const found = asked === undefined ? kinds : kinds.filter(({ name }) => name === asked);
  const [first] = found;
  // Kinds that listen with one ear share one door.
  const ears = new Set(found.map(({ hear }) => hear));
  if (first === undefined) throw notFound('Không có hệ thống nào gọi lại ở địa chỉ này.', 'No system calls back at this address.');
  if (ears.size > 1) {
    throw new Refusal(400, 'kind-needed', {
      vi: `Hệ thống này có nhiều loại bản ghi; hãy nêu ?kind= là một trong: ${found.map(({ name }) => name).join(', ')}.`,
      en: `This system has several record kinds; name ?kind= as one of: ${found.map(({ name }) => name).join(', ')}.`,
    });
  }
  return first.name;
}
