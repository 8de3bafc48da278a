import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { At } from '../model/json.ts';
import { DAY_MS, dayOf, parseDay, startOfDay } from '../model/work-calendar.ts';
import { type Account, accountOf } from './accounts.ts';
import { requireAgency } from './dossiers.ts';
import { deadlineShape, deadlineTold } from './due.ts';
import { type DueItem, walkPage } from './due-walk.ts';
import { GROUPS, type Period, rateOf, type Tally, tallied, total } from './on-time.ts';
import type { HttpPorts } from './ports.ts';
import { Refusal } from './problems.ts';
import { codeShape, momentOf, mostShape, sentenceShape } from './shapes.ts';

/** What is due and what is late, dossier and leg; and how often things were done in time. */

const itemShape = z.object({
  code: z.string(),
  agency: z.string(),
  procedure: z.string(),
  status: z.int(),
  /** null: the dossier itself. */
  leg: z.object({ link: z.string(), system: z.string(), record: z.string(), title: sentenceShape }).nullable(),
  deadline: deadlineShape,
});
const listShape = z.object({
  /** By dossier code. A page may hold fewer than asked for and still not be the last. */
  items: z.array(itemShape),
  /** Give it back as `after` for the next page; null = this was the last. */
  next: z.string().nullable(),
});

const rowShape = z.object({
  key: z.string(),
  title: sentenceShape,
  /** Denominator: on time + late. */
  counted: z.int(),
  onTime: z.int(),
  late: z.int(),
  running: z.int(),
  withoutTerm: z.int(),
  /** Per cent; null where nothing was counted. */
  rate: z.number().nullable(),
});
const rateShape = z.object({
  from: z.iso.date(),
  until: z.iso.date(),
  by: z.enum(GROUPS),
  judgedAt: z.iso.datetime({ offset: true }),
  rows: z.array(rowShape),
  total: rowShape,
  explanation: sentenceShape,
});

const EXPLANATION = {
  vi: 'Tử số: xong đúng hạn hoặc còn trong hạn; mẫu số: đã tiếp nhận trong kỳ hoặc đang giải quyết trong kỳ, có hạn. Việc chưa xong được xét tại thời điểm cuối kỳ; đang chờ bổ sung thì xét tại lúc yêu cầu; hồ sơ yêu cầu bổ sung quá một lần tính là quá hạn. Không biết thời hạn thì không tính vào tỷ lệ (withoutTerm).',
  en: 'Numerator: ended in time or still having time; denominator: received or under way in the period, with a due time. What has not ended is judged at the end of the period, what awaits a supplement at the time it was asked for; a dossier with more than one supplement counts as late. What has no known term is left out (withoutTerm).',
};

const STEP = 500;
/** Most dossiers looked at for one page; the next page goes on from there. */
const MOST_FOR_PAGE = 5_000;
const MOST_FOR_RATE = 200_000;
const MOST_DAYS = 366;

const agenciesOf = (account: Account, asked: string | undefined): readonly string[] | null => {
  if (asked !== undefined) requireAgency(account, asked);
  return asked !== undefined ? [asked] : account.agencies;
};

export const deadlineRoutes =
  (ports: HttpPorts): FastifyPluginAsyncZod =>
  async (app) => {
    const list = z.strictObject({
      is: z.enum(['due-today', 'overdue']),
      agency: codeShape.optional(),
      procedure: codeShape.optional(),
      system: codeShape.optional(),
      after: codeShape.optional(),
      most: mostShape,
    });
    app.get('/deadlines', { schema: { querystring: list, response: { 200: listShape } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      return dueList(ports, agenciesOf(account, request.query.agency), request.query);
    });

    const period = z.strictObject({
      from: z.iso.date(),
      until: z.iso.date(),
      by: z.enum(GROUPS).default('system'),
      agency: codeShape.optional(),
      procedure: codeShape.optional(),
    });
    app.get('/on-time', { schema: { querystring: period, response: { 200: rateShape } } }, async (request) => {
      const account = await accountOf(ports, request, 'read');
      return onTimeRate(ports, agenciesOf(account, request.query.agency), request.query);
    });
  };

interface ListQuery {
  readonly is: 'due-today' | 'overdue';
  readonly procedure?: string | undefined;
  readonly system?: string | undefined;
  readonly after?: string | undefined;
  readonly most: number;
}

async function dueList(ports: HttpPorts, agencies: readonly string[] | null, query: ListQuery): Promise<z.infer<typeof listShape>> {
  const now = ports.clock.now();
  const filter = { open: true as const, ...(query.procedure === undefined ? {} : { procedure: query.procedure }) };
  const items: z.infer<typeof itemShape>[] = [];
  let after = query.after ?? null;
  for (let walked = 0; walked < MOST_FOR_PAGE; walked += STEP) {
    const from = after;
    const page = await ports.store.read((tx) => walkPage(tx, ports, { filter, agencies, at: now }, from, STEP));
    for (const dossier of page.dossiers) {
      items.push(...dossier.items.filter((item) => fits(item, query, now)).map((item) => told(ports, item)));
      if (items.length >= query.most) return { items, next: dossier.code };
    }
    if (page.last === null) return { items, next: null };
    after = page.last;
  }
  return { items, next: after };
}

function fits({ deadline, link }: DueItem, { is, system }: ListQuery, now: At): boolean {
  if (system !== undefined && link?.system !== system) return false;
  if (deadline.state !== 'running' && deadline.state !== 'paused') return false;
  if (is === 'overdue') return deadline.verdict === 'late';
  const { dueAt, verdict, state } = deadline;
  return state === 'running' && verdict === 'on-time' && dueAt !== null && dayOf(dueAt) === dayOf(now);
}

function told(ports: HttpPorts, { head, status, link, deadline }: DueItem): z.infer<typeof itemShape> {
  const leg = link === null ? null : { link: link.id, system: link.system, record: link.record, title: titleOf(ports, link.system) };
  const { code, agency, procedure } = head;
  return { ...{ code, agency, procedure, status, leg }, deadline: deadlineTold(ports.deadlines.calendar, deadline) };
}

const titleOf = (ports: HttpPorts, system: string) => ports.titles.get(system) ?? { vi: system, en: system };

interface RateQuery {
  readonly from: string;
  readonly until: string;
  readonly by: Period['by'];
  readonly procedure?: string | undefined;
}

async function onTimeRate(ports: HttpPorts, agencies: readonly string[] | null, query: RateQuery): Promise<z.infer<typeof rateShape>> {
  const { from, until, by, procedure } = query;
  const [first, last] = [parseDay(from) ?? 0, parseDay(until) ?? 0];
  if (last < first || last - first >= MOST_DAYS) {
    throw new Refusal(400, 'invalid-period', {
      vi: `Kỳ báo cáo phải theo thứ tự và không dài quá ${MOST_DAYS} ngày.`,
      en: `The period must run forward and be no longer than ${MOST_DAYS} days.`,
    });
  }
  const untilAt = Math.min(startOfDay(last) + DAY_MS - 1, ports.clock.now());
  const fromAt = startOfDay(first);
  const filter = { receivedBefore: untilAt + 1, activeSince: fromAt, ...(procedure === undefined ? {} : { procedure }) };
  const tallies = new Map<string, Tally>();
  let after: string | null = null;
  for (let walked = 0; ; walked += STEP) {
    if (walked >= MOST_FOR_RATE) throw tooMany();
    const at: string | null = after;
    const page: Awaited<ReturnType<typeof walkPage>> = await ports.store.read((tx) =>
      walkPage(tx, ports, { filter, agencies, at: untilAt }, at, STEP),
    );
    for (const { items } of page.dossiers) for (const item of items) tallied(tallies, item, { by, fromAt, untilAt });
    if (page.last === null) break;
    after = page.last;
  }
  const rows = [...tallies.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    ...{ from, until, by, explanation: EXPLANATION },
    judgedAt: momentOf(untilAt),
    rows: rows.map((tally) =>
      rowOf(tally, by === 'procedure' ? { vi: tally.key, en: tally.key } : titleOf(ports, tally.key.split('/')[0] ?? '')),
    ),
    total: rowOf(total(rows), { vi: 'Tất cả', en: 'All' }),
  };
}

const rowOf = (tally: Tally, title: z.infer<typeof sentenceShape>): z.infer<typeof rowShape> => ({
  ...tally,
  title,
  counted: tally.onTime + tally.late,
  rate: rateOf(tally),
});

const tooMany = (): Refusal =>
  new Refusal(422, 'too-many-dossiers', {
    vi: `Kỳ này có quá ${MOST_FOR_RATE} hồ sơ; hãy chọn kỳ ngắn hơn hoặc một cơ quan.`,
    en: `The period holds more than ${MOST_FOR_RATE} dossiers; choose a shorter one, or one agency.`,
  });
