import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type Account, accountOf, may } from './accounts.ts';
import type { FeedItem } from './feed.ts';
import type { HttpPorts } from './ports.ts';

/** What happens, as it happens (server-sent events). Words only; `Last-Event-ID` takes up where a watcher left. */
export const eventRoutes =
  (ports: HttpPorts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/events', { sse: 'only', schema: { hide: true } }, async (request, reply) => {
      const account = await accountOf(ports, request, 'read');
      const gone = new AbortController();
      request.raw.once('close', () => gone.abort());
      // Before the first event, so that a watcher knows it is heard and the heartbeat begins.
      reply.sse.sendHeaders();
      const last = Number(reply.sse.lastEventId ?? Number.NaN);
      await reply.sse.send(eventsFor(ports, account, ports.feed.watch(Number.isInteger(last) ? last : null, gone.signal)));
    });
  };

async function* eventsFor(ports: HttpPorts, account: Account, items: AsyncIterable<FeedItem>) {
  for await (const { id, event } of items) {
    if (!(await maySee(ports, account, event.code))) continue;
    yield { id: String(id), event: event.event, data: { ...event, at: new Date(event.at).toISOString() } };
  }
}

/** An account of few agencies sees only events of dossiers that are theirs. */
async function maySee(ports: HttpPorts, account: Account, code: string | null): Promise<boolean> {
  if (account.agencies === null) return true;
  if (code === null) return false;
  const dossier = (await ports.store.read((tx) => tx.dossiers.load([code]))).get(code);
  return dossier !== undefined && may(account, dossier.head.agency);
}
