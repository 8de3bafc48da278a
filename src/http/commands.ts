import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Hold } from '../store/contract.ts';
import { PAUSED } from '../sync/switches.ts';
import { type Account, accountOf } from './accounts.ts';
import type { HttpPorts } from './ports.ts';
import { notFound, Refusal } from './problems.ts';
import { holdFor, linkFor, type Paged, pageSeen } from './queues.ts';
import { codeShape, decisionShape, lineShape, momentOf } from './shapes.ts';

/** What a person may make happen: answer a hold, wake a link, type by hand, try an incident again, stop and start a system. */

const idParams = z.strictObject({ id: lineShape(300) });
const done = z.object({ done: z.literal(true) });
const DONE = { done: true } as const;

const replayShape = z.object({
  /** Holds answered with "retry". */
  retried: z.int(),
  /** Holds that need a decision of their own and were left alone. */
  left: z.int(),
});
const sweepShape = z.object({
  by: z.enum(['changes', 'list', 'list+version', 'read']),
  links: z.int(),
  woken: z.int(),
  strangers: z.int(),
  vi: z.string(),
  en: z.string(),
});

export const commandRoutes =
  (ports: HttpPorts): FastifyPluginAsyncZod =>
  async (app) => {
    app.post('/holds/:id/decision', { schema: { params: idParams, body: decisionShape, response: { 200: done } } }, async (request) => {
      const account = await accountOf(ports, request, 'decide');
      const hold = await holdFor(ports, account, request.params.id);
      const { decision, value } = request.body;
      if (!hold.decisions.includes(decision)) {
        throw new Refusal(409, 'decision-not-offered', {
          vi: `Việc này chỉ nhận các trả lời: ${hold.decisions.join(', ')}.`,
          en: `This hold takes these answers only: ${hold.decisions.join(', ')}.`,
        });
      }
      await ports.engine.decide({ hold: hold.id, name: decision, value: value ?? null, by: account.name });
      return DONE;
    });

    app.post('/links/:id/wake', { schema: { params: idParams, response: { 202: done } } }, async (request, reply) => {
      const account = await accountOf(ports, request, 'decide');
      await linkFor(ports, account, request.params.id);
      await ports.engine.wake(request.params.id, 0);
      return reply.code(202).send(DONE);
    });

    const byHand = z.object({ unsureUntil: z.iso.datetime().nullable() });
    app.post('/links/:id/by-hand', { schema: { params: idParams, response: { 200: byHand } } }, async (request) => {
      const account = await accountOf(ports, request, 'decide');
      await linkFor(ports, account, request.params.id);
      const { unsureUntil } = await ports.engine.byHand(request.params.id, account.name);
      return { unsureUntil: unsureUntil === null ? null : momentOf(unsureUntil) };
    });

    app.post('/incidents/:id/replay', { schema: { params: idParams, response: { 200: replayShape } } }, async (request) => {
      const account = await accountOf(ports, request, 'decide');
      return replay(ports, account, request.params.id);
    });

    const system = { params: z.strictObject({ name: codeShape }) };
    app.post('/systems/:name/pause', { schema: { ...system, response: { 200: done } } }, (request) =>
      pause(ports, request, request.params.name, true),
    );
    app.post('/systems/:name/resume', { schema: { ...system, response: { 200: done } } }, (request) =>
      pause(ports, request, request.params.name, false),
    );
    app.post('/systems/:name/sweep', { schema: { ...system, response: { 200: sweepShape } } }, async (request) => {
      await operatorOf(ports, request, request.params.name);
      const { by, links, woken, strangers, vi, en } = await ports.engine.sweep(request.params.name);
      return { by, links, woken, strangers, vi, en };
    });
  };

/** Systems serve all agencies, so only an account of all agencies may stop them. */
async function operatorOf(ports: HttpPorts, request: FastifyRequest, name: string): Promise<Account> {
  const account = await accountOf(ports, request, 'operate');
  if (account.agencies !== null) {
    throw new Refusal(403, 'all-agencies-needed', {
      vi: 'Việc này ảnh hưởng đến mọi cơ quan; cần mã truy cập không giới hạn cơ quan.',
      en: 'This touches every agency; it needs an access token for all agencies.',
    });
  }
  if (!ports.spokes.has(name)) throw notFound('Không có hệ thống này.', 'There is no such system.');
  return account;
}

async function pause(ports: HttpPorts, request: FastifyRequest, name: string, paused: boolean): Promise<typeof DONE> {
  const account = await operatorOf(ports, request, name);
  await ports.store.write((tx) => tx.switches.set(PAUSED(name), paused, account.name, ports.clock.now()));
  return DONE;
}

const PAGE = 200;

/** Answers "retry" on every open hold of one cause that takes this answer and that the account may see. */
export async function replay(
  ports: Pick<HttpPorts, 'store' | 'engine'>,
  account: Account,
  cause: string,
): Promise<z.infer<typeof replayShape>> {
  let after: string | null = null;
  let retried = 0;
  let left = 0;
  do {
    const from: string | null = after;
    const { rows, next }: Paged<Hold> = await ports.store.read((tx) =>
      pageSeen(tx, account, { after: from, most: PAGE }, (start, most) => tx.holds.page({ open: true, cause }, start, most)),
    );
    for (const hold of rows) {
      if (hold.decisions.includes('retry')) {
        await ports.engine.decide({ hold: hold.id, name: 'retry', value: null, by: account.name });
        retried += 1;
      } else left += 1;
    }
    after = next;
  } while (after !== null);
  if (retried + left === 0) throw notFound('Không có sự cố nào đang mở với nguyên nhân này.', 'No open incident has this cause.');
  return { retried, left };
}
