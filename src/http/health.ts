import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EngineEvent } from '../sync/contract.ts';
import type { HttpPorts } from './ports.ts';

/** Is it alive, can it work, and how much: numbers and words, never a dossier. */

export interface Metrics {
  readonly registry: Registry;
  seen(event: EngineEvent): void;
  answered(route: string, method: string, status: number, seconds: number): void;
}

export function openMetrics(ports: Pick<HttpPorts, 'store' | 'clock'>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const events = new Counter({ name: 'motlan_events_total', help: 'What the engine did', labelNames: ['event', 'system'], registers });
  const requests = new Histogram({
    name: 'motlan_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const links = new Gauge({ name: 'motlan_links', help: 'Links', labelNames: ['system', 'situation', 'phase', 'trust'], registers });
  const waiting = new Gauge({ name: 'motlan_work_waiting', help: 'Links that wait for a visit', labelNames: ['system'], registers });
  const oldest = new Gauge({
    name: 'motlan_work_oldest_seconds',
    help: 'How long the oldest due visit waits',
    labelNames: ['system'],
    registers,
  });
  const holds = new Gauge({
    name: 'motlan_holds_open',
    help: 'Holds that wait for a person',
    labelNames: ['kind', 'desk'],
    registers,
    collect: () => gather(),
  });
  async function gather(): Promise<void> {
    const [counts, backlog, incidents] = await ports.store.read(async (tx) => [
      await tx.links.count(),
      await tx.work.backlog(),
      await tx.holds.incidents(),
    ]);
    for (const gauge of [links, waiting, oldest, holds]) gauge.reset();
    for (const { system, situation, phase, trust, count } of counts) {
      links.inc({ system, situation, phase: phase ?? 'none', trust: trust ?? 'none' }, count);
    }
    for (const { system, count, oldestDueAt } of backlog) {
      waiting.set({ system }, count);
      oldest.set({ system }, Math.max(0, ports.clock.now() - oldestDueAt) / 1000);
    }
    for (const { kind, desk, count } of incidents) holds.inc({ kind, desk }, count);
  }
  return {
    registry,
    seen: ({ event, link }) => events.inc({ event, system: link?.split('/')[1] ?? 'none' }),
    answered: (route, method, status, seconds) => requests.observe({ route, method, status: String(status) }, seconds),
  };
}

export const healthRoutes =
  (ports: HttpPorts, metrics: Metrics): FastifyPluginAsyncZod =>
  async (app) => {
    const schema = { hide: true };
    app.get('/healthz', { schema }, async () => ({ alive: true }));
    app.get('/readyz', { schema }, async (_request, reply) => {
      const store = await ports.store
        .read((tx) => tx.switches.all())
        .then(
          () => true,
          () => false,
        );
      const engine = ports.beats();
      return reply.code(store && engine ? 200 : 503).send({ ready: store && engine, store, engine });
    });
    app.get('/metrics', { schema }, async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
  };
