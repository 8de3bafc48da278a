import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { fastifySSE } from '@fastify/sse';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { strike } from '../log.ts';
import { takeJson } from './body.ts';
import { answerBroken, answerUnroutable, refuseEncodings, sendProblem } from './broken.ts';
import { callbackRoutes } from './callbacks.ts';
import { commandRoutes } from './commands.ts';
import { deadlineRoutes } from './deadlines.ts';
import { dossierRoutes } from './dossiers.ts';
import { eventRoutes } from './events.ts';
import { fileRoutes } from './files.ts';
import { healthRoutes, type Metrics } from './health.ts';
import type { HttpPorts } from './ports.ts';
import { notFound, problemOf, Refusal } from './problems.ts';
import { queueRoutes } from './queues.ts';
import { sheetRoutes } from './sheets.ts';

/** The API. Not yet listening; `listen` and `close` are the caller's. */
export async function openServer(ports: HttpPorts, metrics: Metrics): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    loggerInstance: ports.log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (log, bound, options) => log.child(strike(bound), options),
    bodyLimit: ports.limits.mostBodyBytes,
    requestTimeout: ports.limits.requestTimeoutMs,
    // Later than the request's own end, so that who was too slow is told so before the line is cut.
    connectionTimeout: 2 * ports.limits.requestTimeoutMs,
    http: { headersTimeout: ports.limits.requestTimeoutMs, connectionsCheckingInterval: Math.ceil(ports.limits.requestTimeoutMs / 4) },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerBroken,
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: 'idle',
  });
  answerProblems(app, ports);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  takeJson(app);
  app.addHook('onRequest', refuseEncodings);
  noteAnswers(app, metrics);
  await app.register(helmet, { contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } } });
  await app.register(rateLimit, {
    max: ports.limits.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => request.headers.authorization ?? request.ip,
    errorResponseBuilder: () =>
      new Refusal(429, 'too-many-requests', {
        vi: 'Gửi quá nhiều yêu cầu; vui lòng chờ ít phút.',
        en: 'Too many requests; please wait a moment.',
      }),
  });
  // Called, not registered: its types and its wrapped default export do not agree.
  await fastifySSE(app, { heartbeatInterval: Math.min(15_000, Math.floor(ports.limits.requestTimeoutMs / 2)) });
  await describe(app);
  await app.register(healthRoutes(ports, metrics));
  await app.register(callbackRoutes(ports));
  for (const routes of [dossierRoutes, deadlineRoutes, queueRoutes, commandRoutes, fileRoutes, sheetRoutes, eventRoutes]) {
    await app.register(routes(ports), { prefix: '/api/v1' });
  }
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  return app;
}

/** Must come before any route: a route keeps the handlers that stood when it was made. */
function answerProblems(app: FastifyInstance, ports: HttpPorts): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) ports.log.error({ err: error, route: request.routeOptions.url, reqId: request.id }, 'request failed');
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler(async () => {
    throw notFound('Không có địa chỉ này.', 'There is nothing at this address.');
  });
}

function noteAnswers(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.answered(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
    request.log.debug({ route, method: request.method, statusCode: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
}

/** OpenAPI 3.1 from the schemas the routes themselves check with. */
async function describe(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'motlan',
        version: '1',
        description:
          'Một lần: nhập hồ sơ một lần. Every refusal is an RFC 9457 problem document with a stable `code`, `vi`, `en` and `issues[]`.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
}
