import type { At } from '../model/json.ts';
import type { Attempt, Dossier, Link, Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { GivenBack, NumberTyped, SheetAsked, SheetOpening, SheetShown } from './contract.ts';
import { emptyBase } from './draft.ts';
import { NotPossible } from './errors.ts';
import { forgetRecord } from './forget.ts';
import { agreeSent } from './overwrite.ts';
import { isSheet, sheetState, TYPED } from './sheet.ts';
import { askedOn, viewOf } from './sheet-view.ts';

/** What a person does with a sheet: open it, look at it again, type the number back, give it back. Each is durable before it is answered. */

interface Desk {
  readonly attempt: Attempt;
  readonly link: Link;
  readonly dossier: Dossier;
}

/** Opening is sending: from now on the record may be there. An opened one is shown again only to who says it was not typed. */
export async function openSheet(context: Context, asked: SheetOpening): Promise<SheetShown> {
  return context.store.write(async (tx) => {
    const desk = await deskOf(tx, context, asked.sheet);
    const { attempt, link } = desk;
    const state = sheetState(attempt);
    if (state !== 'prepared' && state !== 'opened') throw notOpen(state);
    await sameRevision(tx, attempt, asked.revision);
    if (state === 'opened' && !asked.again) throw await alreadyOpened(tx, attempt);
    const now = context.clock.now();
    const opened: Attempt = { ...attempt, state: 'open', sends: attempt.sends + 1, sentAt: now };
    await tx.attempts.save(opened);
    await saveLink(tx, { ...link, ...(attempt.act === null ? { situation: 'unknown' as const } : {}) }, now);
    await tell(tx, desk, asked.by, now, 'open sheet', { revision: opened.sends, again: asked.again });
    await tell(tx, desk, asked.by, now, 'look', { what: 'sheet', purpose: asked.purpose });
    return viewOf(context, { ...desk, attempt: opened });
  });
}

/** The sheet once more, for who opened it last: on the screen, as a file, on paper. The look stands in the chain first. */
export async function lookAtSheet(context: Context, asked: SheetAsked): Promise<SheetShown> {
  return context.store.write(async (tx) => {
    const desk = await deskOf(tx, context, asked.sheet);
    const state = sheetState(desk.attempt);
    if (state === 'prepared') throw notOpen(state);
    await sameRevision(tx, desk.attempt, asked.revision);
    await tell(tx, desk, asked.by, context.clock.now(), 'look', { what: asked.what, purpose: asked.purpose });
    return viewOf(context, desk);
  });
}

/** The number the ministry gave is the receipt. Two officials cannot both give one: the second names an old revision. */
export async function typeNumber(context: Context, typed: NumberTyped): Promise<SheetShown> {
  return context.store.write(async (tx) => {
    const desk = await deskOf(tx, context, typed.sheet);
    const { attempt, link } = desk;
    const state = sheetState(attempt);
    if (state !== 'opened') throw notOpen(state);
    await sameRevision(tx, attempt, typed.revision);
    const number = numberOf(context, desk, typed.number);
    const lacking = askedOn(viewOf(context, desk)).filter((field) => field.required && !typed.typed.includes(field.key));
    if (lacking.length > 0) {
      const labels = lacking.map(({ label }) => `"${label}"`).join(', ');
      throw new NotPossible('sheet.asked', `Cần xác nhận đã nhập: ${labels}.`, `Confirm that these were typed: ${labels}.`);
    }
    const closed = await takeNumber(tx, context, { attempt, link, number, by: typed.by });
    await tell(tx, desk, typed.by, context.clock.now(), 'number typed', { asked: [...typed.typed] });
    return viewOf(context, { ...desk, attempt: closed.attempt, link: closed.link });
  });
}

/** "It was not typed after all": the sheet is without effect, and a fresh one, or the machine, follows. */
export async function giveBack(context: Context, given: GivenBack): Promise<void> {
  await context.store.write(async (tx) => {
    const desk = await deskOf(tx, context, given.sheet);
    const { attempt, link } = desk;
    const state = sheetState(attempt);
    // A number nobody can check may be taken back for ever; what was read back speaks for itself.
    const isDeclared = attempt.state === 'done' && attempt.act === null && link.trust === 'declared';
    if (state === 'dropped' || (state === 'closed' && !isDeclared)) throw notOpen(state);
    await sameRevision(tx, attempt, given.revision);
    if (isDeclared) await dropLater(tx, context, attempt);
    const kind = context.spokes.get(link.system)?.kinds[link.record];
    if (given.machine && kind?.create === undefined)
      throw new NotPossible('sheet.no-machine', 'Hệ thống này chỉ nhập tay được.', 'This system can only be typed into by hand.');
    await takeBack(tx, context, { attempt, link, by: given.by, machine: given.machine });
  });
}

/** Sheets about a record that was never there go with it; one that was opened is settled first. */
async function dropLater(tx: Tx, context: Context, attempt: Attempt): Promise<void> {
  const later = (await tx.attempts.unsettled([attempt.link])).filter(isSheet);
  if (later.some((other) => other.sends > 0))
    throw new NotPossible(
      'sheet.later',
      'Có phiếu bổ sung đang mở; hãy khép phiếu đó trước.',
      'A supplement sheet is open; close that one first.',
    );
  for (const other of later) await tx.attempts.save({ ...other, state: 'failed', endedAt: context.clock.now() });
}

/** Loads a sheet with what it hangs on. The work row is touched first: from here on no visit and no other desk moves beside us. */
async function deskOf(tx: Tx, context: Context, id: string): Promise<Desk> {
  const found = await tx.attempts.byId(id);
  if (found === null || !isSheet(found)) throw new NotPossible('sheet.unknown', 'Không có phiếu nhập liệu này.', 'There is no such sheet.');
  const system = found.link.split('/')[1] ?? '';
  await tx.work.wake({ id: found.link, system }, { at: context.clock.now(), priority: 0 });
  const attempt = (await tx.attempts.byId(id)) ?? found;
  const link = (await tx.links.load([found.link])).get(found.link);
  const dossier = (await tx.dossiers.load([found.code])).get(found.code);
  if (link === undefined || dossier === undefined)
    throw new NotPossible('sheet.unknown', 'Không có phiếu nhập liệu này.', 'There is no such sheet.');
  return { attempt, link, dossier };
}

/** A link that anybody touched is another link: a visit that began before drops its plan. */
const saveLink = (tx: Tx, link: Link, now: At): Promise<void> => tx.links.save({ ...link, updatedAt: Math.max(now, link.updatedAt + 1) });

interface Receipt {
  readonly attempt: Attempt;
  readonly link: Link;
  readonly number: string;
  readonly by: string;
}

/** Number and link in one: what can be read back stays open until it was seen, what cannot is declared and no more. */
export async function takeNumber(
  tx: Tx,
  context: Context,
  { attempt, link, number, by }: Receipt,
): Promise<{ readonly attempt: Attempt; readonly link: Link }> {
  const now = context.clock.now();
  const isFirst = attempt.act === null;
  const holders = await tx.links.byExternalId(link.system, link.record, [number]);
  if (holders.some((other) => other.id !== link.id))
    throw new NotPossible('sheet.taken', 'Số này đã thuộc về hồ sơ khác.', 'This number already belongs to another dossier.');
  const isRead = context.spokes.get(link.system)?.kinds[link.record]?.read !== undefined;
  const closed: Attempt = isRead ? { ...attempt, state: 'open', ticket: TYPED, sentAt: now } : { ...attempt, state: 'done', endedAt: now };
  await tx.attempts.save(closed);
  if (!isRead) await agreeOn(tx, context, attempt, link);
  const linked: Link = isFirst
    ? {
        ...link,
        ...{ externalId: number, key: number, situation: 'linked', trust: 'declared', hand: 'machine' },
        ...{ phase: link.phase ?? 'sent', version: null, sequence: null, statedAt: null, missing: 0, polls: 0 },
      }
    : { ...link, trust: 'declared' };
  await saveLink(tx, linked, now);
  await tx.progress.append([
    ...(isFirst && link.phase === null ? [entryOf(link, 'phase', 'sent', by, now)] : []),
    entryOf(link, 'notice', isFirst ? 'typed-by-hand' : 'supplement-typed', by, now),
  ]);
  await closeQuestions(tx, link, now);
  for (const other of await tx.links.ofDossiers([link.code])) await tx.work.wake(other, { at: now, priority: 0 });
  return { attempt: closed, link: linked };
}

/** Where nothing can be read back, what was typed is all that is known: later changes are told against it. */
async function agreeOn(tx: Tx, context: Context, attempt: Attempt, link: Link): Promise<void> {
  const base = (await tx.bases.load([link.id])).get(link.id) ?? emptyBase(link.id, attempt.mappingVersion);
  const mapping = context.mappings.find((candidate) => candidate.id === link.mapping);
  if (mapping === undefined)
    throw new NotPossible('sheet.mapping', 'Chưa cấu hình bảng ánh xạ của nhánh này.', 'The mapping of this leg is not configured.');
  await tx.bases.save(link.code, { ...agreeSent(base, attempt.sent.lines, mapping), provisional: true });
}

/** The sheet had no effect; a number that was typed for it is taken back too, and said to be. */
export async function takeBack(
  tx: Tx,
  context: Context,
  { attempt, link, by, machine }: Pick<Receipt, 'attempt' | 'link' | 'by'> & { readonly machine: boolean },
): Promise<void> {
  const now = context.clock.now();
  const wasTyped = attempt.act === null && (attempt.ticket === TYPED || attempt.state === 'done');
  await tx.attempts.save({ ...attempt, state: 'failed', endedAt: now });
  const blank = {
    externalId: null,
    key: link.code,
    phase: null,
    trust: null,
    version: null,
    sequence: null,
    statedAt: null,
    missing: 0,
    polls: 0,
  };
  const stands = attempt.act === null ? { ...link, ...(wasTyped ? blank : {}), situation: 'waiting' as const } : link;
  const hand = attempt.act !== null ? link.hand : machine ? 'machine' : handAfter(context, link);
  await saveLink(tx, { ...stands, hand }, now);
  if (wasTyped) await forgetRecord(tx, link);
  if (wasTyped) await tx.progress.append([entryOf(link, 'notice', 'not-typed-after-all', by, now)]);
  await closeQuestions(tx, link, now);
  const detail = { link: link.id, machine };
  await tx.audit.append([
    {
      code: link.code,
      at: now,
      actor: by,
      action: 'sheet given back',
      attempt: attempt.id,
      mappingVersion: attempt.mappingVersion,
      detail,
    },
  ]);
}

/** Who had taken the leg over keeps it; where a program cannot write the word says nothing. */
const handAfter = (context: Context, link: Link): Link['hand'] =>
  context.spokes.get(link.system)?.kinds[link.record]?.create === undefined ? link.hand : 'by-hand';

const entryOf = (link: Link, kind: 'phase' | 'notice', name: string, by: string, at: At) => ({
  ...{ code: link.code, at, link: link.id, kind, name, note: null },
  evidence: { kind: 'person' as const, ref: by },
});

/** What was asked about the sheet is answered by what the person did with it. */
async function closeQuestions(tx: Tx, link: Link, now: At): Promise<void> {
  const live = await tx.holds.live([link.code]);
  for (const hold of live) {
    const isAsked = hold.link === link.id && (hold.kind === 'unsure' || hold.kind === 'not-visible');
    if (isAsked) await tx.holds.save({ ...hold, closedAt: hold.closedAt ?? now, applied: true });
  }
}

function numberOf(context: Context, { attempt, link }: Desk, given: string | null): string {
  const number = given?.normalize('NFC').trim() ?? '';
  if (attempt.act !== null) {
    const known = link.externalId ?? '';
    if (number !== '' && number !== known)
      throw new NotPossible('sheet.other-number', 'Số này khác số đã ghi của hồ sơ.', 'This is not the number of this record.');
    return known;
  }
  const form = context.spokes.get(link.system)?.kinds[link.record]?.screens?.number ?? null;
  if (number === '') throw new NotPossible('sheet.number', 'Cần nhập số của bản ghi.', 'The number of the record must be given.');
  if (form?.pattern != null && !form.pattern.test(number))
    throw new NotPossible(
      'sheet.number',
      `Số không đúng dạng: ${form.label} ${form.vi}`.trim(),
      `The number has the wrong form. ${form.en}`.trim(),
    );
  return number;
}

async function sameRevision(tx: Tx, attempt: Attempt, revision: number): Promise<void> {
  if (attempt.sends === revision) return;
  const last = await lastOpening(tx, attempt);
  throw new NotPossible(
    'sheet.moved',
    `Phiếu đã được ${last.by} mở lúc ${last.vi}; hãy xem lại trước khi làm tiếp.`,
    `The sheet was opened by ${last.by} at ${last.vi}; look at it again before going on.`,
  );
}

async function alreadyOpened(tx: Tx, attempt: Attempt): Promise<NotPossible> {
  const last = await lastOpening(tx, attempt);
  return new NotPossible(
    'sheet.opened',
    `Phiếu đã được ${last.by} mở lúc ${last.vi} mà chưa có số. Nếu đã nhập, hãy ghi số; nếu chắc chắn chưa nhập, mở lại và nói rõ như vậy.`,
    `The sheet was opened by ${last.by} at ${last.vi} and has no number. If it was typed, give the number; if it surely was not, open it again and say so.`,
  );
}

const CLOCK = new Intl.DateTimeFormat('vi-VN', {
  ...{ timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  ...{ day: '2-digit', month: '2-digit', year: 'numeric' },
});

async function lastOpening(tx: Tx, attempt: Attempt): Promise<{ readonly by: string; readonly vi: string }> {
  const entries = (await tx.audit.ofDossier(attempt.code)).filter((entry) => entry.attempt === attempt.id && entry.action === 'open sheet');
  return { by: entries.at(-1)?.actor ?? '?', vi: CLOCK.format(attempt.sentAt) };
}

function notOpen(state: ReturnType<typeof sheetState>): NotPossible {
  if (state === 'prepared') return new NotPossible('sheet.not-open', 'Hãy mở phiếu trước.', 'Open the sheet first.');
  if (state === 'entered')
    return new NotPossible('sheet.entered', 'Phiếu đã có số, đang chờ đối chiếu.', 'The sheet has its number and waits to be compared.');
  return new NotPossible('sheet.closed', 'Phiếu này đã khép lại.', 'This sheet is closed.');
}

const tell = (
  tx: Tx,
  { attempt, link }: Desk,
  actor: string,
  at: At,
  action: string,
  detail: Readonly<Record<string, string | number | boolean | string[]>>,
): Promise<void> =>
  tx.audit.append([
    {
      code: link.code,
      at,
      actor,
      action,
      attempt: attempt.id,
      mappingVersion: attempt.mappingVersion,
      detail: { link: link.id, ...detail },
    },
  ]);
