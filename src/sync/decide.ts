import type { At } from '../model/json.ts';
import type { Attempt, Dossier, Hold, Link, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { Decision } from './contract.ts';
import { claim, emptyBase } from './draft.ts';
import { NotPossible } from './errors.ts';
import { forgetRecord } from './forget.ts';
import { hubSide, valueAt } from './hub.ts';
import { isAboutRows, metAt } from './refusals.ts';
import { windowEnd } from './settle.ts';
import { isSheet } from './sheet.ts';
import { takeBack, takeNumber } from './sheets.ts';
import { meetAgain } from './welcome.ts';

/** A person's answer to a hold: kept, audited, and carried out by the next visit. Throws NotPossible when it cannot be. */
export async function decide(context: Context, decision: Decision): Promise<void> {
  const hold = await keepDecision(context, decision);
  const met = decision.name === 'retry' ? metAt(hold) : null;
  if (met === null || (await meetAgain(context, met, hold.code))) return;
  throw new NotPossible(
    'system.unread',
    'Chưa đọc được hồ sơ ở hệ thống một cửa; hãy thử lại sau.',
    'The dossier cannot be read now; try again later.',
  );
}

async function keepDecision(context: Context, decision: Decision): Promise<Hold> {
  return context.store.write(async (tx) => {
    const hold = await tx.holds.byId(decision.hold);
    if (hold === null) throw new NotPossible('hold.unknown', 'Không có mục chờ xử lý này.', 'There is no such hold.');
    if (hold.closedAt !== null) throw new NotPossible('hold.closed', 'Mục này đã được xử lý.', 'This hold is already closed.');
    if (!hold.decisions.includes(decision.name))
      throw new NotPossible('hold.decision', 'Mục này không nhận cách xử lý đó.', 'This hold does not take that decision.');
    const now = context.clock.now();
    const answered: Hold = {
      ...hold,
      closedAt: now,
      decision: { name: decision.name, value: decision.value, by: decision.by, at: now },
      applied: APPLIED_AT_ONCE.has(decision.name) || metAt(hold) !== null || isAboutRows(hold),
    };
    await tx.holds.save(answered);
    await tx.audit.append([
      {
        code: hold.code,
        at: now,
        actor: decision.by,
        action: `decide ${decision.name}`,
        attempt: null,
        mappingVersion: null,
        detail: { hold: hold.id, kind: hold.kind, path: hold.path },
      },
    ]);
    if (decision.name === 'value') await chooseValue(tx, context, hold, decision, now);
    const isAtSheet = await decideSheet(tx, context, hold, decision);
    if (isAtSheet) await tx.holds.save({ ...answered, applied: true });
    if (!isAtSheet && (decision.name === 'link' || decision.name === 'typed')) await linkTo(tx, hold, decision, now);
    if (decision.name === 'resend' && hold.kind === 'vanished') await begin(tx, hold, now);
    // The question stands anew before anybody looks: a fall in between must not leave the dossier unasked about.
    if (decision.name === 'retry' && metAt(hold) !== null) await tx.holds.insertUnfiled({ ...hold, id: context.chance.id() });
    await wakeAll(tx, hold.code, now);
    return hold;
  });
}

/** Answers whose effect is complete with this transaction; the others are carried out by the next visit. */
const APPLIED_AT_ONCE: ReadonlySet<string> = new Set(['value', 'link', 'typed']);

async function wakeAll(tx: Tx, code: string, now: At): Promise<void> {
  for (const link of await tx.links.ofDossiers([code])) await tx.work.wake(link, { at: now, priority: 0 });
}

async function linkOf(tx: Tx, hold: Hold): Promise<Link> {
  const link = hold.link === null ? undefined : (await tx.links.load([hold.link])).get(hold.link);
  if (link === undefined) throw new NotPossible('hold.link', 'Mục này không thuộc nhánh nào.', 'This hold belongs to no leg.');
  return link;
}

/** A code chosen for this dossier alone; it dies when the value it was chosen for changes. */
async function chooseValue(tx: Tx, context: Context, hold: Hold, decision: Decision, now: At): Promise<void> {
  const dossier = (await tx.dossiers.load([hold.code])).get(hold.code);
  const path = hold.detail.hubPath;
  if (dossier === undefined || typeof path !== 'string' || decision.value === null)
    throw new NotPossible('decision.value', 'Cần nêu mã được chọn.', 'The chosen code must be given.');
  const offered = hold.detail.choices;
  if (Array.isArray(offered) && offered.length > 0 && !offered.some((choice) => (choice as { value?: string }).value === decision.value))
    throw new NotPossible('decision.choice', 'Mã này không nằm trong các mã được đề nghị.', 'That code is not among those offered.');
  const source = valueAt(hubSide(dossier).document, path) ?? null;
  const crosswalk = /^crosswalk:([^:]+):/.exec(hold.cause)?.[1] ?? '';
  const choice = { path, crosswalk, source, value: decision.value, by: decision.by, at: now };
  const choices = [...dossier.body.choices.filter((other) => other.path !== path || other.crosswalk !== crosswalk), choice];
  const chosen: Dossier = { ...dossier, body: { ...dossier.body, choices }, updatedAt: context.clock.now() };
  if (await isStillAsked(tx, context, hold, chosen))
    throw new NotPossible(
      'decision.choice',
      'Mã này không có trong bảng đối chiếu; hãy chọn mã khác hoặc nhờ cán bộ tích hợp thêm dòng.',
      'The crosswalk has no such code; choose another one, or have the integrator add the row.',
    );
  if (!(await tx.dossiers.replace(chosen, dossier.hubVersion, null)))
    throw new NotPossible('hub.moved', 'Hồ sơ vừa thay đổi; hãy thử lại.', 'The dossier just changed; try again.');
}

/** With this choice the very same question would be asked again. */
async function isStillAsked(tx: Tx, context: Context, hold: Hold, chosen: Dossier): Promise<boolean> {
  if (hold.link === null || hold.path === null) return false;
  const link = await linkOf(tx, hold);
  const value = context.mappings
    .find(({ id }) => id === link.mapping)
    ?.ours(hubSide(chosen))
    .get(hold.path);
  return value?.is === 'invalid' && value.problem.cause === hold.cause;
}

/** The question was about a sheet: its number, or "it was not typed", is what the person would have said at the sheet itself. */
async function decideSheet(tx: Tx, context: Context, hold: Hold, decision: Decision): Promise<boolean> {
  if (hold.link === null || (hold.kind !== 'unsure' && hold.kind !== 'not-visible')) return false;
  await tx.work.wake(await linkOf(tx, hold), { at: context.clock.now(), priority: 0 }); // no visit and no other desk moves beside us
  const link = await linkOf(tx, hold);
  const attempt = (await tx.attempts.unsettled([link.id])).find((open) => open.verb === 'by-hand' && open.sends > 0);
  if (attempt === undefined) return false;
  const number = decision.value?.trim() ?? '';
  if (decision.name === 'resend') await takeBack(tx, context, { attempt, link, by: decision.by, machine: false });
  else if ((decision.name === 'link' || decision.name === 'typed') && number !== '')
    await takeNumber(tx, context, { attempt, link, number: attempt.act === null ? number : (link.externalId ?? number), by: decision.by });
  else return false;
  return true;
}

/** This record is it: whatever is still unsure ends here, and nothing is sent a second time. */
async function linkTo(tx: Tx, hold: Hold, decision: Decision, now: At): Promise<void> {
  const link = await linkOf(tx, hold);
  const externalId = decision.value?.trim() ?? '';
  if (externalId === '')
    throw new NotPossible('decision.externalId', 'Cần nhập số của bản ghi.', 'The number of the record must be given.');
  const holders = await tx.links.byExternalId(link.system, link.record, [externalId]);
  if (holders.some((other) => other.id !== link.id))
    throw new NotPossible('decision.taken', 'Bản ghi này đã thuộc về hồ sơ khác.', 'This record already belongs to another dossier.');
  for (const attempt of await tx.attempts.unsettled([link.id])) await tx.attempts.save(settled(attempt, now));
  const isOwn = externalId === link.key || externalId === link.externalId;
  const isAnother = link.externalId !== null && externalId !== link.externalId;
  if (isAnother) await forgetRecord(tx, link);
  await claimRecord(tx, link);
  await tx.links.save({
    ...link,
    ...(isAnother ? { phase: null, sequence: null, statedAt: null } : {}),
    externalId,
    key: isOwn ? link.key : externalId,
    situation: 'linked',
    trust: 'declared',
    hand: 'machine',
    missing: 0,
    polls: 0,
    version: null,
    updatedAt: now,
  });
  await tx.progress.append([
    {
      code: hold.code,
      at: now,
      link: link.id,
      kind: 'notice',
      name: 'linked-by-person',
      evidence: { kind: 'person', ref: decision.by },
      note: null,
    },
  ]);
}

/** A sheet nobody opened had no effect, whatever the record is. */
const settled = (attempt: Attempt, now: At): Attempt => ({
  ...attempt,
  state: isSheet(attempt) && attempt.sends === 0 ? 'failed' : 'seen',
  endedAt: now,
});

/** The record is lost there: the leg begins anew. */
async function begin(tx: Tx, hold: Hold, now: At): Promise<void> {
  const link = await linkOf(tx, hold);
  await tx.links.save({
    ...link,
    externalId: null,
    key: link.code,
    situation: 'waiting',
    phase: null,
    trust: null,
    version: null,
    sequence: null,
    statedAt: null,
    missing: 0,
    updatedAt: now,
  });
  await forgetRecord(tx, link);
}

/** The record pointed at may be the one we sent, or a second one that the same order made. */
async function claimRecord(tx: Tx, link: Link): Promise<void> {
  const attempts = await tx.attempts.ofDossier(link.code);
  const created = attempts.findLast((attempt) => attempt.link === link.id && attempt.verb === 'create' && attempt.state !== 'failed');
  if (created === undefined) return;
  const base = (await tx.bases.load([link.id])).get(link.id) ?? emptyBase(link.id, created.mappingVersion);
  await tx.bases.save(link.code, claim(base, created.sent.lines));
}

/** "Tôi nhập tay": stops sending and hands the leg over, or says until when an answer is still unsure. */
export async function byHand(context: Context, linkId: string, by: string): Promise<{ readonly unsureUntil: At | null }> {
  return context.store.write(async (tx) => {
    const now = context.clock.now();
    const link = (await tx.links.load([linkId])).get(linkId);
    if (link === undefined) throw new NotPossible('link.unknown', 'Không có nhánh này.', 'There is no such leg.');
    if (link.externalId !== null)
      throw new NotPossible(
        'link.there',
        'Hồ sơ đã có ở hệ thống chuyên ngành; không cần nhập tay.',
        'The record is already there; nothing needs typing.',
      );
    const kind = context.spokes.get(link.system)?.kinds[link.record];
    if (kind?.onlyLookedUp === true)
      throw new NotPossible(
        'link.looked-up',
        'Các cơ quan tự trao đổi bản ghi này; chỉ tra cứu, không ai nhập.',
        'The authorities exchange this record themselves: it is looked up, and nobody types it.',
      );
    const open = (await tx.attempts.unsettled([linkId])).filter((attempt) => attempt.state === 'open' && !isSheet(attempt));
    const until = kind === undefined ? now : Math.max(0, ...open.map((attempt) => windowEnd(attempt, kind)));
    await tx.links.save({ ...link, hand: 'by-hand', updatedAt: now });
    await tx.audit.append([
      {
        code: link.code,
        at: now,
        actor: by,
        action: 'by hand',
        attempt: null,
        mappingVersion: null,
        detail: { link: linkId, unsure: until > now },
      },
    ]);
    await tx.work.wake(link, { at: now, priority: 0 });
    return { unsureUntil: until > now ? until : null };
  });
}
