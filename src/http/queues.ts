import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { JsonObject } from '../model/json.ts';
import { DESKS, HOLD_KINDS } from '../model/words.ts';
import type { Hold, HoldFilter, Tx } from '../store/contract.ts';
import { type Account, accountOf, may, missingScope } from './accounts.ts';
import { dossierFor, noteLook } from './dossiers.ts';
import { deskOf, lookAt } from './looks.ts';
import type { HttpPorts } from './ports.ts';
import { notFound } from './problems.ts';
import {
  attemptOf,
  attemptShape,
  auditOf,
  auditShape,
  codeShape,
  holdOf,
  holdShape,
  lineShape,
  linkOf,
  linkShape,
  mostShape,
} from './shapes.ts';

/** What waits, what was tried and who looked: lists for the desks. */

const incidentShape = z.object({
  cause: z.string(),
  kind: z.enum(HOLD_KINDS),
  desk: z.enum(DESKS),
  count: z.int(),
  since: z.string(),
  vi: z.string(),
  en: z.string(),
});
type Incident = z.infer<typeof incidentShape>;

/** Most rows walked through for one page of an account that sees few of them. */
const MOST_WALKED = 5000;

/** Agencies of these dossiers. */
async function agenciesOf(tx: Tx, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const dossiers = await tx.dossiers.load([...new Set(codes)]);
  return new Map([...dossiers].map(([code, { head }]) => [code, head.agency]));
}

/** Keeps what the account may see. */
async function seen<T extends { readonly code: string; readonly detail?: JsonObject }>(
  tx: Tx,
  account: Account,
  rows: readonly T[],
): Promise<readonly T[]> {
  if (account.agencies === null) return rows;
  const agencies = await agenciesOf(
    tx,
    rows.map(({ code }) => code),
  );
  // What could not be taken in has no dossier: the agency it was met with stands in the hold.
  return rows.filter(({ code, detail }) => may(account, agencies.get(code) ?? String(detail?.agency ?? '')));
}

export interface Paged<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** A page of what the account may see, walking the store's pages as far as needed; `next` goes on where this stopped. */
export async function pageSeen<T extends { readonly id: string; readonly code: string }>(
  tx: Tx,
  account: Account,
  { after, most }: { readonly after: string | null; readonly most: number },
  page: (after: string | null, most: number) => Promise<readonly T[]>,
): Promise<Paged<T>> {
  const rows: T[] = [];
  let cursor = after;
  for (let walked = 0; walked < MOST_WALKED; ) {
    const step = await page(cursor, most);
    for (const row of await seen(tx, account, step)) {
      rows.push(row);
      if (rows.length === most) return { rows, next: row.id };
    }
    cursor = step.at(-1)?.id ?? cursor;
    walked += step.length;
    if (step.length < most) return { rows, next: null };
  }
  return { rows, next: cursor };
}

/** Open holds by cause, within the account's agencies. */
export async function incidentsFor(tx: Tx, account: Account): Promise<readonly Incident[]> {
  if (account.agencies === null) {
    const incidents = await tx.holds.incidents();
    return incidents.map(({ cause, kind, desk, count, since, vi, en }) => ({
      cause,
      kind,
      desk,
      count,
      since: new Date(since).toISOString(),
      vi,
      en,
    }));
  }
  const { rows } = await pageSeen(tx, account, { after: null, most: MOST_WALKED }, (after, most) =>
    tx.holds.page({ open: true }, after, most),
  );
  const byCause = new Map<string, Hold[]>();
  for (const hold of rows) byCause.set(hold.cause, [...(byCause.get(hold.cause) ?? []), hold]);
  return [...byCause.values()].flatMap((holds) => {
    const [first] = holds;
    if (first === undefined) return [];
    const since = Math.min(...holds.map(({ openedAt }) => openedAt));
    const { cause, kind, desk, vi, en } = first;
    return [{ cause, kind, desk, count: holds.length, since: new Date(since).toISOString(), vi, en }];
  });
}

const paging = { after: lineShape(300).optional(), most: mostShape };
const flag = z.enum(['true', 'false']);

export const queueRoutes =
  (ports: HttpPorts): FastifyPluginAsyncZod =>
  async (app) => {
    const holdQuery = z.strictObject({
      ...paging,
      open: flag.default('true'),
      desk: z.enum(DESKS).optional(),
      kind: z.enum(HOLD_KINDS).optional(),
      system: codeShape.optional(),
      code: codeShape.optional(),
      cause: lineShape(300).optional(),
    });
    const holdPage = z.object({ holds: z.array(holdShape), next: z.string().nullable() });
    app.get('/holds', { schema: { querystring: holdQuery, response: { 200: holdPage } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      const { after, most, open, ...given } = request.query;
      const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const filter: HoldFilter = { ...named, ...(open === 'true' ? { open: true } : {}) };
      const { rows, next } = await ports.store.read((tx) =>
        pageSeen(tx, account, { after: after ?? null, most }, (from, count) => tx.holds.page(filter, from, count)),
      );
      return { holds: rows.map((hold) => holdOf(hold, false)), next };
    });

    const oneHold = {
      params: z.strictObject({ id: codeShape }),
      querystring: z.strictObject({ include: z.literal('personal').optional() }),
    };
    app.get('/holds/:id', { schema: { ...oneHold, response: { 200: holdShape } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      const hold = await holdFor(ports, account, request.params.id);
      const personal = request.query.include === 'personal';
      if (personal) await noteLook(ports, account, hold.code, 'hold');
      const { dossier, links } = await dossierFor(ports, account, hold.code);
      const link = links.find(({ id, system }) => id === hold.link && ports.spokes.get(system)?.role !== 'one-stop');
      return holdOf(hold, personal, link === undefined ? undefined : deskOf(ports, dossier, link));
    });

    const linkQuery = z.strictObject({ ...paging, system: codeShape.optional(), record: codeShape.optional(), code: codeShape.optional() });
    const linkPage = z.object({ links: z.array(linkShape), next: z.string().nullable() });
    app.get('/links', { schema: { querystring: linkQuery, response: { 200: linkPage } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      const { code, system, record, after, most } = request.query;
      if (code !== undefined) return { links: (await dossierFor(ports, account, code)).links.map(linkOf), next: null };
      const { rows, next } = await ports.store.read((tx) =>
        pageSeen(tx, account, { after: after ?? null, most }, async (from, count) => {
          const pages = [];
          for (const [name, kind] of kindsOf(ports, system, record)) pages.push(...(await tx.links.page(name, kind, from, count)));
          return pages.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, count);
        }),
      );
      return { links: rows.map(linkOf), next };
    });

    app.get('/incidents', { schema: { response: { 200: z.object({ incidents: z.array(incidentShape) }) } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      return { incidents: [...(await ports.store.read((tx) => incidentsFor(tx, account)))] };
    });

    const ofDossier = { querystring: z.strictObject({ code: codeShape }) };
    app.get(
      '/attempts',
      { schema: { ...ofDossier, response: { 200: z.object({ attempts: z.array(attemptShape) }) } } },
      async (request) => {
        const account = await accountOf(ports, request, 'read');
        return { attempts: (await dossierFor(ports, account, request.query.code)).attempts.map(attemptOf) };
      },
    );

    app.get('/audit', { schema: { ...ofDossier, response: { 200: z.object({ entries: z.array(auditShape) }) } } }, async (request) => {
      const account = await accountOf(ports, request, 'audit');
      const { dossier } = await dossierFor(ports, account, request.query.code);
      const entries = await ports.store.read((tx) => tx.audit.ofDossier(dossier.head.code));
      return { entries: entries.map(auditOf) };
    });
  };

function kindsOf(ports: HttpPorts, system: string | undefined, record: string | undefined): readonly (readonly [string, string])[] {
  return [...ports.spokes.values()]
    .filter(({ name }) => system === undefined || name === system)
    .flatMap(({ name, kinds }) => Object.keys(kinds).map((kind) => [name, kind] as const))
    .filter(([, kind]) => record === undefined || kind === record);
}

/** A hold of a dossier the account may see; 404 else. */
export async function holdFor(ports: HttpPorts, account: Account, id: string): Promise<Hold> {
  const hold = await ports.store.read(async (tx) => {
    const found = await tx.holds.byId(id);
    return found === null ? null : ((await seen(tx, account, [found]))[0] ?? null);
  });
  if (hold === null) throw notFound('Không tìm thấy việc chờ xử lý này.', 'There is no such hold.');
  return hold;
}

/** The dossier code of a link the account may see; 404 else. */
export async function linkFor(ports: HttpPorts, account: Account, id: string): Promise<string> {
  if (!account.scopes.includes('decide')) throw missingScope('decide');
  const look = await ports.store.read(async (tx) => {
    const link = (await tx.links.load([id])).get(id);
    return link === undefined ? null : lookAt(tx, link.code);
  });
  if (look === null || !may(account, look.dossier.head.agency)) throw notFound('Không tìm thấy nhánh hồ sơ này.', 'There is no such link.');
  return look.dossier.head.code;
}
