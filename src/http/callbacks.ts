import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
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
      return ports.engine.hear(system, kindOf(ports, system, request.query.kind), heard(ports, request));
    });
  };

function kindOf(ports: HttpPorts, system: string, asked: string | undefined): string {
  const kinds = Object.values(ports.spokes.get(system)?.kinds ?? {}).filter((kind) => kind.hear !== undefined);
  const found = asked === undefined ? kinds : kinds.filter(({ name }) => name === asked);
  const [first, second] = found;
  if (first === undefined) throw notFound('Không có hệ thống nào gọi lại ở địa chỉ này.', 'No system calls back at this address.');
  if (second !== undefined) {
    throw new Refusal(400, 'kind-needed', {
      vi: `Hệ thống này có nhiều loại bản ghi; hãy nêu ?kind= là một trong: ${found.map(({ name }) => name).join(', ')}.`,
      en: `This system has several record kinds; name ?kind= as one of: ${found.map(({ name }) => name).join(', ')}.`,
    });
  }
  return first.name;
}
