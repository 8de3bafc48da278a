import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dossierBody } from '../intake/document.ts';
import type { NationalStatus } from '../model/dossier.ts';
import type { DossierFilter } from '../store/contract.ts';
import type { DossierDocument } from '../sync/contract.ts';
import { type Account, accountOf, may, missingScope, senderOf } from './accounts.ts';
import { rawBody } from './body.ts';
import { deadlineShape, dossierTold, expectedTold, factsOf, legTold } from './due.ts';
import { type DossierLook, legsOf, lookAt } from './looks.ts';
import type { HttpPorts } from './ports.ts';
import { issueShape, notFound, Refusal } from './problems.ts';
import { codeShape, dossierShape, headOf, headShape, holdOf, linkOf, momentOf, mostShape, progressOf, sentenceShape } from './shapes.ts';

/** Dossiers in, and dossiers as people look at them. */

const takenShape = z.object({
  code: z.string(),
  /** false: an older revision than the one held; it was answered and ignored. */
  taken: z.boolean(),
  legs: z.array(z.object({ link: z.string(), system: z.string(), record: z.string() })),
});

const checkShape = z.object({
  /** What the dossier would be due by, were it received as it says. */
  deadline: deadlineShape,
  legs: z.array(
    z.object({
      system: z.string(),
      record: z.string(),
      title: sentenceShape,
      /** To be filled in now: no leg of this dossier gives it. */
      needs: z.array(z.string()),
      /** Comes from an earlier leg. */
      waits: z.array(z.object({ path: z.string(), system: z.string(), title: sentenceShape })),
      problems: z.array(issueShape.extend({ choices: z.array(z.object({ value: z.string(), label: z.string() })) })),
      losses: z.array(z.object({ line: z.string(), reason: z.string() })),
      deadline: deadlineShape,
    }),
  ),
});

const pageShape = z.object({
  dossiers: z.array(headShape.extend({ status: z.int(), updatedAt: z.string() })),
  /** Give it back as `after` for the next page; null = this was the last. */
  next: z.string().nullable(),
});

/** Checked against head schema, form and the sender's agencies. */
async function documentOf(ports: HttpPorts, request: FastifyRequest): Promise<DossierDocument> {
  const sender = await senderOf(ports, request);
  if (rawBody(request).length === 0) throw new Refusal(400, 'empty-body', { vi: 'Thiếu nội dung hồ sơ.', en: 'The dossier is missing.' });
  const document = ports.parse(request.body);
  requireAgency(sender, document.head.agency);
  return document;
}

/** Refuses a look at an agency the account may not see. */
export function requireAgency(account: Account, agency: string): void {
  if (may(account, agency)) return;
  throw new Refusal(403, 'other-agency', {
    vi: 'Mã truy cập không được phép làm việc với hồ sơ của cơ quan này.',
    en: "The access token may not work with this agency's dossiers.",
  });
}

/** A dossier of another agency is answered like one that is not there. */
export async function dossierFor(ports: HttpPorts, account: Account, code: string): Promise<DossierLook> {
  const look = await ports.store.read((tx) => lookAt(tx, code));
  if (look === null || !may(account, look.dossier.head.agency)) throw notFound('Không tìm thấy hồ sơ.', 'There is no such dossier.');
  return look;
}

/** Every look at personal data leaves an entry in the dossier's chain before anything is shown. */
export async function noteLook(ports: HttpPorts, account: Account, code: string, what: string): Promise<void> {
  if (!account.scopes.includes('personal')) throw missingScope('personal');
  await ports.store.write((tx) =>
    tx.audit.append([
      { code, at: ports.clock.now(), actor: account.name, action: 'look', attempt: null, mappingVersion: null, detail: { what } },
    ]),
  );
}

function answerOf(ports: HttpPorts, look: DossierLook, personal: boolean): z.infer<typeof dossierShape> {
  const { dossier } = look;
  const now = ports.clock.now();
  const facts = factsOf(look);
  const legs = legsOf(ports, look, now);
  const legIds = new Set(legs.map(({ link }) => link.id));
  // What is asked at the one-stop's own link is asked about the dossier: that link is no leg.
  const own = look.holds.filter((hold) => hold.closedAt === null && (hold.link === null || !legIds.has(hold.link)));
  return {
    ...headOf(dossier),
    status: dossier.status,
    statedStatus: dossier.head.status,
    hubVersion: dossier.hubVersion,
    updatedAt: momentOf(dossier.updatedAt),
    deadline: dossierTold(ports, facts, now),
    legs: legs.map(({ link, holds, sentence, desk }) => ({
      ...linkOf(link),
      sentence,
      desk: { ...desk },
      holds: holds.filter((hold) => hold.link === link.id).map((hold) => holdOf(hold, personal, desk)),
      deadline: legTold(ports, facts, link, now),
    })),
    holds: own.map((hold) => holdOf(hold, personal)),
    progress: look.progress.map(progressOf),
    ...(personal
      ? {
          personal: {
            applicant: dossier.body.applicant,
            data: dossier.body.data,
            results: dossier.body.results,
            files: dossier.body.files.map((file) => ({ ...file })),
          },
        }
      : {}),
  };
}

export const dossierRoutes =
  (ports: HttpPorts): FastifyPluginAsyncZod =>
  async (app) => {
    // The body is checked by `parse`, which knows the forms; the schema here only describes it.
    const described = { body: dossierBody };
    const unchecked = { validatorCompiler: () => (value: unknown) => ({ value }) };

    app.post('/dossiers', { schema: { ...described, response: { 202: takenShape } }, ...unchecked }, async (request, reply) => {
      const answer = await ports.engine.intake(await documentOf(ports, request));
      reply.header('motlan-intake', answer.is);
      return reply.code(202).send({ code: answer.code, taken: answer.is !== 'older', legs: answer.legs.map((leg) => ({ ...leg })) });
    });

    app.post('/dossiers/check', { schema: { ...described, response: { 200: checkShape } }, ...unchecked }, async (request) => {
      const document = await documentOf(ports, request);
      const legs = await ports.engine.check(document);
      return {
        deadline: expectedTold(ports, document.head, null, false, ports.clock.now()),
        legs: legs.map(({ system, record, needs, waits, problems, losses }) => ({
          system,
          record,
          title: ports.titles.get(system) ?? { vi: system, en: system },
          needs: [...needs],
          waits: waits.map((wait) => ({ ...wait, title: ports.titles.get(wait.system) ?? { vi: wait.system, en: wait.system } })),
          problems: problems.map(({ path, code, vi, en, choices }) => ({
            path,
            code,
            vi,
            en,
            choices: (choices ?? []).map((one) => ({ ...one })),
          })),
          losses: losses.map((loss) => ({ ...loss })),
          deadline: expectedTold(ports, document.head, { system, record }, waits.length > 0, ports.clock.now()),
        })),
      };
    });

    const query = z.strictObject({
      agency: codeShape.optional(),
      procedure: codeShape.optional(),
      status: z.coerce.number().int().min(1).max(10).optional(),
      dueBefore: z.iso.datetime({ offset: true }).optional(),
      after: codeShape.optional(),
      most: mostShape,
    });
    app.get('/dossiers', { schema: { querystring: query, response: { 200: pageShape } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      return pageOf(ports, account, request.query);
    });

    const one = { params: z.strictObject({ code: codeShape }), querystring: z.strictObject({ include: z.literal('personal').optional() }) };
    app.get('/dossiers/:code', { schema: { ...one, response: { 200: dossierShape } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      const personal = request.query.include === 'personal';
      const look = await dossierFor(ports, account, request.params.code);
      if (personal) await noteLook(ports, account, look.dossier.head.code, 'dossier');
      return answerOf(ports, look, personal);
    });
  };

interface PageQuery {
  readonly agency?: string | undefined;
  readonly procedure?: string | undefined;
  readonly status?: number | undefined;
  readonly dueBefore?: string | undefined;
  readonly after?: string | undefined;
  readonly most: number;
}

/** A page over one agency, or over all agencies of the account merged by code. */
async function pageOf(ports: HttpPorts, account: Account, query: PageQuery): Promise<z.infer<typeof pageShape>> {
  if (query.agency !== undefined) requireAgency(account, query.agency);
  const agencies = query.agency !== undefined ? [query.agency] : (account.agencies ?? [undefined]);
  const rows = await ports.store.read(async (tx) => {
    const pages = [];
    for (const agency of agencies) pages.push(...(await tx.dossiers.page(filterOf(query, agency), query.after ?? null, query.most + 1)));
    return pages.sort((a, b) => (a.head.code < b.head.code ? -1 : 1));
  });
  const shown = rows.slice(0, query.most);
  return {
    dossiers: shown.map((row) => ({ ...headOf(row), status: row.status, updatedAt: momentOf(row.updatedAt) })),
    next: rows.length > query.most ? (shown.at(-1)?.head.code ?? null) : null,
  };
}

const filterOf = (query: PageQuery, agency: string | undefined): DossierFilter => ({
  ...(agency === undefined ? {} : { agency }),
  ...(query.procedure === undefined ? {} : { procedure: query.procedure }),
  // The query schema admits 1–10 only.
  ...(query.status === undefined ? {} : { status: query.status as NationalStatus }),
  ...(query.dueBefore === undefined ? {} : { dueBefore: Date.parse(query.dueBefore) }),
});
