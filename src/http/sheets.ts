import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Attempt } from '../store/contract.ts';
import type { SheetAsked, SheetShown } from '../sync/contract.ts';
import { isSheet } from '../sync/sheet.ts';
import { type Account, accountOf, may, missingScope, type Scope } from './accounts.ts';
import type { HttpPorts } from './ports.ts';
import { notFound } from './problems.ts';
import { pageSeen } from './queues.ts';
import { codeShape, lineShape, mostShape } from './shapes.ts';
import { xlsxOf } from './sheet-file.ts';
import { PRINT_POLICY, pageOf } from './sheet-print.ts';
import { backShape, lookShape, numberShape, openingShape, sheetOf, sheetShape, waitingOf, waitingShape } from './sheet-shapes.ts';

/** Assisted entry: the sheets that wait, one sheet on the screen, as a file, on paper, and its number typed back. */

const params = z.strictObject({ id: codeShape });
const query = z.strictObject({
  agency: codeShape.optional(),
  system: codeShape.optional(),
  code: codeShape.optional(),
  after: lineShape(300).optional(),
  most: mostShape,
});
const pageShape = z.object({ sheets: z.array(waitingShape), next: z.string().nullable() });
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const sheetRoutes =
  (ports: HttpPorts): FastifyPluginAsyncZod =>
  async (app) => {
    // Personal data stays in no cache on its way.
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));

    app.get('/sheets', { schema: { querystring: query, response: { 200: pageShape } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      return waiting(ports, account, request.query);
    });

    const opening = { params, body: openingShape, response: { 200: sheetShape } };
    app.post('/sheets/:id/open', { schema: opening }, async (request) => {
      const account = await typistOf(ports, request, request.params.id, ['decide', 'personal']);
      const { purpose, revision, again } = request.body;
      return sheetOf(await ports.engine.sheets.open({ sheet: request.params.id, by: account.name, purpose, revision, again }));
    });

    const looking = { params, querystring: lookShape };
    const look = async (request: FastifyRequest, id: string, given: z.infer<typeof lookShape>, what: SheetAsked['what']) => {
      const account = await typistOf(ports, request, id, ['personal']);
      return ports.engine.sheets.look({ sheet: id, by: account.name, ...given, what });
    };
    app.get('/sheets/:id', { schema: { ...looking, response: { 200: sheetShape } } }, async (request) =>
      sheetOf(await look(request, request.params.id, request.query, 'sheet')),
    );
    app.get('/sheets/:id/xlsx', { schema: looking }, async (request, reply) =>
      sendFile(reply, await look(request, request.params.id, request.query, 'sheet-file')),
    );
    app.get('/sheets/:id/print', { schema: looking }, async (request, reply) => {
      const shown = await look(request, request.params.id, request.query, 'sheet-print');
      return reply.header('content-security-policy', PRINT_POLICY).type('text/html; charset=utf-8').send(pageOf(shown));
    });

    const closing = z.object({ state: sheetShape.shape.state, link: z.string() });
    app.post('/sheets/:id/number', { schema: { params, body: numberShape, response: { 200: closing } } }, async (request) => {
      const { id } = request.params;
      const account = await typistOf(ports, request, id, ['decide']);
      const { revision, number, typed } = request.body;
      const { state, link } = await ports.engine.sheets.type({ sheet: id, by: account.name, revision, number: number ?? null, typed });
      return { state, link };
    });

    const done = z.object({ done: z.literal(true) });
    app.post('/sheets/:id/give-back', { schema: { params, body: backShape, response: { 200: done } } }, async (request) => {
      const { id } = request.params;
      const account = await typistOf(ports, request, id, ['decide']);
      await ports.engine.sheets.giveBack({ sheet: id, by: account.name, ...request.body });
      return { done: true as const };
    });
  };

/** The account, where it has these rights and the sheet is of an agency of its own; else the sheet is not there. */
async function typistOf(ports: HttpPorts, request: FastifyRequest, id: string, scopes: readonly [Scope, ...Scope[]]): Promise<Account> {
  const account = await accountOf(ports, request, scopes[0]);
  for (const scope of scopes) if (!account.scopes.includes(scope)) throw missingScope(scope);
  const agency = await ports.store.read(async (tx) => {
    const attempt = await tx.attempts.byId(id);
    if (attempt === null || !isSheet(attempt)) return null;
    return (await tx.dossiers.load([attempt.code])).get(attempt.code)?.head.agency ?? null;
  });
  if (agency === null || !may(account, agency)) throw notFound('Không tìm thấy phiếu nhập liệu này.', 'There is no such sheet.');
  return account;
}

/** A page of the sheets that wait, as far as the account may see them. */
async function waiting(ports: HttpPorts, account: Account, given: z.infer<typeof query>): Promise<z.infer<typeof pageShape>> {
  const within: Account = given.agency === undefined ? account : { ...account, agencies: may(account, given.agency) ? [given.agency] : [] };
  const isAsked = (attempt: Attempt): boolean =>
    (given.code === undefined || attempt.code === given.code) &&
    (given.system === undefined || attempt.link.split('/')[1] === given.system);
  return ports.store.read(async (tx) => {
    const { rows, next } = await pageSeen(tx, within, { after: given.after ?? null, most: given.most }, (after, most) =>
      tx.attempts.sheets(after, most),
    );
    const asked = rows.filter(isAsked);
    const dossiers = await tx.dossiers.load([...new Set(asked.map(({ code }) => code))]);
    const sheets = asked.flatMap((attempt) => {
      const dossier = dossiers.get(attempt.code);
      const system = attempt.link.split('/')[1] ?? '';
      return dossier === undefined ? [] : [waitingOf(attempt, dossier, ports.titles.get(system) ?? { vi: system, en: system })];
    });
    return { sheets, next };
  });
}

async function sendFile(reply: FastifyReply, shown: SheetShown): Promise<FastifyReply> {
  const bytes = await xlsxOf(shown);
  return reply
    .header('content-disposition', `attachment; filename="phieu-${shown.code.replaceAll(/[^\w.-]/g, '_')}.xlsx"`)
    .header('x-content-type-options', 'nosniff')
    .type(XLSX)
    .send(bytes);
}
